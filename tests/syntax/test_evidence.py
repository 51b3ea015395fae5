"""The instruction lists of real pages, odd cases and random markup, as recorded from both releases."""

import json
import lzma
from operator import itemgetter

import pytest
from helpers import check_page, normalised
from hypothesis import settings

import dokuwiki_data as dw


def records(path):
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


pytestmark = pytest.mark.slow

RELEASES = ("2026-07-14", "2025-05-14")
#: Every page is compared with what is recorded of it. What holds of any page at all takes ten times as long to assert,
#: so it is asserted of one in so many here, of others in each release, besides every case and the random pages of
#: `test_laws`. ``explore`` asks all.
SAMPLE = 1 if settings().max_examples > 100 else 24
of_each_release = pytest.mark.parametrize("release", RELEASES)


def differing(records, name_of, calls_of, release):
    """The names of the pages that do not read as recorded."""
    syntax = dw.Syntax(release=release, plugins=("data",))
    for number, record in enumerate(records):
        page = dw.parse(record["text"], syntax=syntax)
        if (number + RELEASES.index(release)) % SAMPLE == 0:
            check_page(page, syntax=syntax)
        if dw.render.instructions(page) != normalised(calls_of(record)):
            yield name_of(record)


@of_each_release
def test_real_pages(shared, release):
    corpus = shared / "corpus"
    recorded = {record["id"]: record for record in records(corpus / f"instructions-{release}.jsonl.xz")}
    pages = [page for page in records(corpus / "pages.jsonl.xz") if "error" not in recorded[page["id"]]]
    assert len(pages) >= 1500
    calls_of = lambda page: recorded[page["id"]]["calls"]  # noqa: E731
    assert list(differing(pages, itemgetter("id"), calls_of, release)) == []


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
    assert list(differing(cases, itemgetter("what"), itemgetter(release), release)) == []


@of_each_release
@pytest.mark.parametrize("name", ["fuzz-short", "fuzz-long"])
def test_random_markup(shared, name, release):
    cases = [case for case in records(shared / "corpus" / f"{name}.jsonl.xz") if case[release] is not None]
    assert len(cases) >= 1900
    assert list(differing(cases, itemgetter("text"), itemgetter(release), release)) == []


FLAVOURS = ("md", "dw+md", "md+dw")
#: Each text is read in one of the flavours, Markdown files and, by ``explore``, all texts in all of them.
ONE_FLAVOUR = {"pages-md": 1, "pages-dw-as-md": 3, "fuzz-md": 3}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", ONE_FLAVOUR)
def test_flavours(shared, name, flavour):
    syntax = dw.Syntax(flavour=flavour, plugins=("data",))
    every = 1 if SAMPLE == 1 else ONE_FLAVOUR[name]
    read, differing = 0, []
    for number, record in enumerate(records(shared / "corpus" / f"{name}.jsonl.xz"), start=FLAVOURS.index(flavour)):
        if number % every or not record[flavour]:  # it is empty where the reference stopped
            continue
        read += 1
        page = dw.parse(record["text"], syntax=syntax)
        if read % (4 * SAMPLE) == 0 or SAMPLE == 1:
            check_page(page, syntax=syntax)
        if dw.render.instructions(page) != normalised(record[flavour]):
            differing.append(record["text"])
    assert read >= 130
    assert differing == []
