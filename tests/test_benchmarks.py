"""What the benchmarks call a loss, and which pages they take from where; how fast anything is is not tested."""

from __future__ import annotations

import json
import runpy
import tarfile
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
HISTORY = runpy.run_path(str(BENCHMARKS / "history.py"))
SOURCES = runpy.run_path(str(BENCHMARKS / "sources.py"))


@pytest.mark.parametrize(
    ("earlier", "latest", "lost"),
    [
        ([], 5.0, ""),
        ([5.0], 4.6, ""),
        ([5.0], 4.4, "parse: 4.40 instead of 5.00, the median of 1"),
        ([5.0, 5.2, 9.0], 4.6, "parse: 4.60 instead of 5.20, the median of 3"),
        ([5.0, 1.0, 5.0], 4.9, ""),
        ([9.0] * 20 + [5.0] * 8, 4.9, ""),
        ([5.0], 50.0, ""),
    ],
)
def test_a_tenth_less_than_the_median_of_the_last_runs_is_a_loss(earlier, latest, lost):
    runs = [{"parse": ratio} for ratio in earlier]
    assert HISTORY["lost"](runs, {"parse": latest}) == ([lost] if lost else [])


def test_what_was_not_measured_before_or_is_not_measured_now_is_no_loss():
    assert HISTORY["lost"]([{"parse": 5.0}], {"html": 1.0}) == []


@pytest.mark.parametrize(("latest", "status"), [(4.6, 0), (4.4, 1)])
def test_the_last_line_is_compared(tmp_path, capsys, latest, status):
    history = tmp_path / "history.jsonl"
    history.write_text("".join(json.dumps({"ratios": {"parse": ratio}}) + "\n" for ratio in (5.0, 5.1, latest)))
    assert HISTORY["main"](history) == status
    assert ("instead of" in capsys.readouterr().out) == bool(status)


def test_pages_come_from_a_folder_an_archive_and_lines_of_json(tmp_path):
    folder = tmp_path / "wiki"
    (folder / "data" / "pages" / "tool").mkdir(parents=True)
    (folder / "data" / "pages" / "tool" / "saw.txt").write_text("a **saw**")
    (folder / "data" / "meta.txt").write_text("no page")
    with tarfile.open(tmp_path / "wiki.tar.gz", "w:gz") as archive:
        archive.add(folder, "wiki")
    (tmp_path / "pages.jsonl").write_text('{"text": "a **saw**"}\n')
    for source, page_id in (
        (folder, "tool:saw"),
        (folder / "data" / "pages" / "tool", "tool:saw"),
        (tmp_path / "wiki.tar.gz", "tool:saw"),
        (tmp_path / "pages.jsonl", ""),
    ):
        assert [(page.page_id, page.text) for page in SOURCES["texts_of"](source)] == [(page_id, "a **saw**")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Text.\n\nMore text.", "prose"),
        ("  * a\n  * b\nText.", "lists"),
        ("^ a ^\n| b |\nText.", "tables"),
        ("  code\n  more\nText.", "code"),
        ("<code>\na\n\nb\n</code>\nText.", "code"),
        ("---- dataentry ----\na: b\n----\nText.", "data"),
    ],
)
def test_the_class_of_a_page_is_what_most_of_its_lines_are(text, kind):
    assert SOURCES["class_of"](text) == kind


def test_a_wiki_is_written_again_up_to_a_size(tmp_path):
    SOURCES["write"](list(SOURCES["generated"](20)), tmp_path, 0.01)
    pages = SOURCES["texts_of"](tmp_path)
    assert 10_000 <= sum(len(page.text) for page in pages) < 20_000
    assert len({page.page_id for page in pages}) == len(pages)
