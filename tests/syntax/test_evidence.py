"""The instruction lists of real pages, odd cases and random markup, as recorded from both releases."""

import json
import lzma

import pytest
from helpers import check_page, normalised

import dokuwiki_data as dw


def records(path):
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


pytestmark = pytest.mark.slow

RELEASES = ("2026-07-14", "2025-05-14")
of_each_release = pytest.mark.parametrize("release", RELEASES)


def differs(text, calls, release):
    """Whether a page does not read as recorded; everything else has to hold in any case."""
    syntax = dw.Syntax(release=release, plugins=("data",))
    page = dw.parse(text, syntax=syntax)
    check_page(page, syntax=syntax)
    return json.loads(json.dumps(dw.render.instructions(page))) != normalised(calls)


@of_each_release
def test_real_pages(shared, release):
    corpus = shared / "corpus"
    recorded = {record["id"]: record for record in records(corpus / f"instructions-{release}.jsonl.xz")}
    pages = [page for page in records(corpus / "pages.jsonl.xz") if "error" not in recorded[page["id"]]]
    assert len(pages) >= 1500
    assert [page["id"] for page in pages if differs(page["text"], recorded[page["id"]]["calls"], release)] == []


@of_each_release
def test_pages_that_the_reference_could_not_read(shared, release):
    corpus = shared / "corpus"
    unread = {record["id"] for record in records(corpus / f"instructions-{release}.jsonl.xz") if "error" in record}
    for page in records(corpus / "pages.jsonl.xz"):
        if page["id"] in unread:
            syntax = dw.Syntax(release=release)
            check_page(dw.parse(page["text"], syntax=syntax), syntax=syntax)


@of_each_release
def test_odd_cases(shared, release):
    cases = list(records(shared / "corpus" / "quirks.jsonl"))
    assert len(cases) >= 70
    assert [case["what"] for case in cases if differs(case["text"], case[release], release)] == []


@of_each_release
@pytest.mark.parametrize("name", ["fuzz-short", "fuzz-long"])
def test_random_markup(shared, name, release):
    cases = [case for case in records(shared / "corpus" / f"{name}.jsonl.xz") if case[release] is not None]
    assert len(cases) >= 1900
    assert [case["text"] for case in cases if differs(case["text"], case[release], release)] == []
