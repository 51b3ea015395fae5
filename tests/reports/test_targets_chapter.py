"""The chapter about targets: its numbers are those of exports, and the result of a verified export is told."""

import json
from pathlib import Path

import pytest
from program import run_text

import dokuwiki_data as dw
from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.exports.exporting import export
from dokuwiki_data.exports.manifest import read_verification
from dokuwiki_data.reports.chapters.targets import TARGETS_TOLD
from dokuwiki_data.writers.losses import KINDS

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "wiki"


@pytest.fixture(scope="module")
def accounts(tmp_path_factory):
    """The accounts of two exports of the example."""
    folder = tmp_path_factory.mktemp("exports")
    export(EXAMPLE, folder / "html", "html", search=False, verify=True)
    export(EXAMPLE, folder / "gfm", "gfm")
    return {name: json.loads((folder / name / "export.json").read_text("utf-8")) for name in ("html", "gfm")}


@pytest.fixture(scope="module")
def report():
    return dw.Wiki.open(EXAMPLE).report(targets=["html", "git", "gfm"])


def test_numbers_are_those_of_exports(accounts, report):
    rows = {row[0]: row[2:] for row in report.table("targets").rows}
    for name, account in accounts.items():
        losses = [page["losses"] for page in account["pages"].values()]
        whole = losses.count([])
        assert rows[name] == (whole, len(losses) - whole, sum(map(len, losses)), whole / len(losses))
    assert list(rows) == ["html", "git", "gfm"]
    assert rows["git"] == (33, 0, 0, 1.0)


def test_kinds_are_those_of_exports(accounts, report):
    rows = {row[:2]: row[2:] for row in report.table("losses").rows}
    wanted = {}
    for name, account in accounts.items():
        for kind in KINDS:
            pages = [[one["kind"] for one in page["losses"]].count(kind) for page in account["pages"].values()]
            if any(pages):
                wanted[name, kind] = sum(pages), len(pages) - pages.count(0), KINDS[kind]
    assert rows == wanted


def test_places_are_those_of_exports(accounts, report):
    wanted = {}
    for name, account in accounts.items():
        for page_id, page in account["pages"].items():
            for one in page["losses"]:
                wanted.setdefault((page_id, one["line"], one["column"], one["kind"], one["what"]), set()).add(name)
    rows = report.table("loss_places").rows
    assert {(*place, kind, what): targets for place, kind, what, targets in rows} == {
        place: "all but git" if len(names) == 2 else names.pop() for place, names in wanted.items()
    }


def test_every_target_is_told_of_by_default():
    report = dw.Wiki.from_pages([dw.parse("[[gone]]", page_id="start")]).report()
    assert [row[0] for row in report.table("targets").rows] == list(TARGETS_TOLD)
    assert report.table("loss_places").rows == (((("start", 1, 1)), "missing-page", "gone", "all but git"),)


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_verified_export_is_told_of(accounts, tmp_path, is_folder):
    account = accounts["html"]
    assert account["differences"] == []
    assert "differences" not in accounts["gfm"]
    account = account | {
        "differences": [{"file": "start/index.html", "what": "x"}, {"file": "index.html", "what": "y"}] * 2
    }
    file = tmp_path / "export.json"
    file.write_text(json.dumps(account), "utf-8")
    path = tmp_path if is_folder else file
    table = dw.Wiki.open(EXAMPLE).report(targets=["gfm", "html"], verified=path).table("targets")
    assert [column.name for column in table.columns[-2:]] == ["identical", "different"]
    assert [row[-2:] for row in table.rows] == [(None, None), (32, 1)]


def test_the_target_of_a_verified_export_has_a_row(accounts, tmp_path):
    (tmp_path / "export.json").write_text(json.dumps(accounts["html"]), "utf-8")
    table = dw.Wiki.open(EXAMPLE).report(targets=["gfm"], verified=tmp_path).table("targets")
    assert [(row[0], *row[-2:]) for row in table.rows] == [("gfm", None, None), ("html", 33, 0)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file or directory"),
        ("[", "is not the export.json of an export"),
        ("[]", "is not the export.json of an export"),
        ("{}", "is not the export.json of an export"),
        ('{"format": "x"}', "is not the export.json of an export"),
        ('{"format": "dokuwiki-data/export"}', r"the export was not verified \(export --verify\)"),
        ('{"format": "dokuwiki-data/export", "differences": [1]}', "is not the export.json of an export"),
    ],
)
def test_what_is_no_verified_export_is_refused(tmp_path, content, message):
    if content is not None:
        (tmp_path / "export.json").write_text(content)
    with pytest.raises(DokuWikiDataError, match=f"export.json: {message}$"):
        read_verification(tmp_path)


def test_the_command_says_what_it_cannot_tell_of(tmp_path):
    done = run_text("report", EXAMPLE, tmp_path / "report", "--targets", "gfm,word")
    assert done.returncode == 2
    assert done.stderr.endswith(", git, mediawiki, and the formats of pandoc\n")
    done = run_text("report", EXAMPLE, tmp_path / "report", "--targets", "gfm", "--verified", tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("export.json: no such file or directory\n")
