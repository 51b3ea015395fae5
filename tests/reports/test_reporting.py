"""Reports as a whole: the file report.json, the folder, the findings, and what the command says of them."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from program import run_text

import dokuwiki_data as dw
from dokuwiki_data.errors import DokuWikiDataError, OutputError
from dokuwiki_data.reports.chapters import CHAPTERS
from dokuwiki_data.reports.content import ReportPlace
from dokuwiki_data.reports.record import report_json, report_schema
from dokuwiki_data.reports.reporting import FINDINGS, check_findings

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "wiki"


@pytest.fixture(scope="module")
def example():
    return dw.Wiki.open(EXAMPLE).report(targets=["gfm"])


def test_everything_is_in_the_file(example):
    record = json.loads("".join(report_json(example)))
    jsonschema.validate(record, report_schema())
    assert record["findings"] == example.findings()
    for chapter, told in zip(example.chapters, record["chapters"], strict=True):
        assert [told[key] for key in ("name", "title", "about")] == [chapter.name, chapter.title, chapter.about]
        assert [one["value"] for one in told["figures"]] == [one.value for one in chapter.figures]
        assert [one["series"] for one in told["plots"]] == [
            {name: list(numbers) for name, numbers in one.series.items()} for one in chapter.plots
        ]
        for table, shown in zip(chapter.tables, told["tables"], strict=True):
            places = [[one._asdict() if isinstance(one, ReportPlace) else one for one in row] for row in table.rows]
            assert [list(row.values()) for row in shown["rows"]] == places


def test_names_tell_everything_apart(example):
    tables = [table.name for table in example.tables()]
    assert len(set(tables)) == len(tables)
    for chapter in example.chapters:
        assert len({one.name for one in (*chapter.figures, *chapter.plots)}) == len(chapter.figures + chapter.plots)


def test_findings_are_declared_and_documented(example):
    assert [chapter.name for chapter in example.chapters] == [maker.name for maker in CHAPTERS]
    assert tuple(example.findings()) == FINDINGS
    guide = (ROOT / "docs/guides/report.md").read_text("utf-8").partition("\n## Findings\n")[2]
    assert tuple(re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE)) == FINDINGS


def test_rows_have_a_value_for_each_column(example):
    for table in example.tables():
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert len({column.name for column in table.columns}) == len(table.columns)


def test_a_report_is_the_same_whatever_the_number_of_workers(example):
    again = dw.Wiki.open(EXAMPLE).report(targets=["gfm"], jobs=2)
    assert again.chapters == example.chapters


def test_unknown_findings_are_refused():
    with pytest.raises(DokuWikiDataError, match=r"no findings are called 'broken_link'; known: .*broken_links"):
        check_findings(["broken_links", "broken_link"])


def test_the_command_fails_on_what_it_is_asked_to(tmp_path):
    arguments = ("report", EXAMPLE, tmp_path / "report", "--targets", "gfm", "--fail-on")
    done = run_text(*arguments, "empty_pages")
    assert done.returncode == 0
    assert "broken_links 2" in done.stderr
    done = run_text(*arguments, "empty_pages,broken_links")
    assert done.returncode == 1
    assert done.stderr.endswith("dokuwiki-data: 2 findings of the kind broken_links\n")
    done = run_text(*arguments, "typos")
    assert done.returncode == 2
    assert "no findings are called 'typos'" in done.stderr


def test_a_folder_of_others_is_left_alone(tmp_path):
    (tmp_path / "report.json").write_text("{}")
    done = run_text("report", EXAMPLE, tmp_path, "--targets", "gfm")
    assert done.returncode == 2
    assert "report.json: was not written by a report, and is not overwritten" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    inside = run_text("report", EXAMPLE, EXAMPLE / "report")
    assert inside.returncode == 2
    assert not (EXAMPLE / "report").exists()


def test_a_second_report_replaces_the_first(tmp_path):
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "start.txt").write_text("[[missing]]")
    for text, found in (("[[missing]]", 1), ("", 0)):
        (tmp_path / "wiki" / "start.txt").write_text(text)
        assert run_text("report", tmp_path / "wiki", tmp_path / "report", "--targets", "gfm").returncode == 0
        record = json.loads((tmp_path / "report" / "report.json").read_text("utf-8"))
        assert record["findings"]["broken_links"] == found


def test_pages_in_memory_have_a_report():
    wiki = dw.Wiki.from_pages([dw.parse("[[glossary]]", page_id="start", modified=1_700_000_000)])
    report = wiki.report(targets=["gfm"])
    assert report.table("broken_links").rows == ((ReportPlace("start", 1, 1), "glossary", None),)
    assert report.table("oldest_pages").rows[0][:2] == ("start", 1_700_000_000)


def test_a_report_is_written_from_python(tmp_path):
    wiki = dw.Wiki.from_pages([dw.parse("[[glossary]] <b>", page_id="start")])
    wiki.write_report(wiki.report(targets=["gfm"]), tmp_path / "record", format="json")
    assert json.loads((tmp_path / "record" / "report.json").read_text("utf-8"))["findings"]["broken_links"] == 1
    assert not (tmp_path / "record" / "index.html").exists()
    pytest.importorskip("jinja2")
    pytest.importorskip("pygal")
    wiki.write_report(wiki.report(targets=["gfm"]), tmp_path / "report")
    assert "&lt;b&gt;" in (tmp_path / "report" / "sources" / "start.html").read_text("utf-8")
    with pytest.raises(OutputError, match="nothing is written between the files of a wiki"):
        dw.Wiki.open(EXAMPLE).write_report(wiki.report(targets=["gfm"]), EXAMPLE / "report")
