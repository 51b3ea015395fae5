"""What the plugin stored and answered: in small wikis of ours, in other random ones, and in a real one."""

import json
import lzma
from contextlib import suppress
from datetime import date
from itertools import compress
from pathlib import Path

import pytest
from plugin_view import cells_of, context_of, parsed, rows, shared_counts, stored, wiki_of

import dokuwiki_data as dw
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.formats.cells import grid
from dokuwiki_data.errors import QueryError
from dokuwiki_data.wiki.collection import Wiki

HERE = Path(__file__).parent
OURS = [json.loads(line) for line in (HERE / "wikis.jsonl").read_text("utf-8").splitlines()]
SHOWN = [json.loads(line) for line in (HERE / "shown.jsonl").read_text("utf-8").splitlines()]

#: Types whose values are shown as plain text.
PLAIN = ("", "dt", "hidden", "pageid", "tag", "url")


def as_text(recorded):
    """Recorded rows; a number of the store counts as its text."""
    return [[None if cell is None else str(cell) for cell in row] for row in recorded]


def limited(recorded, query):
    """The evidence holds one row more than shown."""
    return recorded[: query.limit] if query.limit else recorded


@pytest.mark.parametrize("recorded", OURS, ids=range(len(OURS)))
def test_our_wikis(recorded):
    # The day shows in what is stored; these wikis were recorded on one day.
    context = context_of(recorded, today=date(2026, 11, 21))
    wiki = wiki_of(recorded, recorded["unreadable"])
    assert stored(wiki, context) == [tuple(row) for row in recorded["stored"]]
    for question, expected in zip(recorded["queries"], recorded["results"], strict=True):
        (node,) = dw.parse(question["text"]).queries
        if expected is None:
            # The reference stops; we have no rows, or say why, or answer where its reason is not ours.
            with suppress(QueryError):
                wiki.evaluate(node, page_id=question["page"], context=context)
            continue
        table = wiki.evaluate(node, page_id=question["page"], context=context)
        if node.kind == "related":
            assert shared_counts(table) == expected
        elif node.kind in ("cloud", "taglist"):
            counts = [(row.cells[0][0], row.cells[1][0]) for row in table]
            assert sorted(counts) == sorted(expected["counts"].items())
            if expected["shown"] is not None:
                assert [value for value, _ in counts] == expected["shown"]
            assert not expected["weights"] or [row.weight for row in table] == expected["weights"]
        else:
            assert rows(table, context) == limited(as_text(expected), node.query), question["text"]


@pytest.mark.parametrize("recorded", SHOWN, ids=range(len(SHOWN)))
def test_what_people_see(recorded):
    """Prefixes and postfixes of values, and sums, are those of the plugin's own tables."""
    wiki, context = wiki_of(recorded), context_of(recorded)
    for text, expected in zip(recorded["queries"], recorded["shown"], strict=True):
        (node,) = dw.parse(text).queries
        _, rows, sums = grid(wiki.evaluate(node, context=context))
        assert [*map(list, rows), *([list(sums)] if sums else [])] == expected, text


@pytest.mark.slow
def test_random_wikis(shared):
    problems = {"refused": 0, "empty": 0, "no comparison": 0}
    with lzma.open(shared / "wikis" / "random.jsonl.xz", "rt", encoding="utf-8") as lines:
        for recorded in map(json.loads, lines):
            context = context_of(recorded, today=date.fromisoformat(recorded["now"]))
            wiki = wiki_of(recorded, recorded["unreadable_entries"])
            assert stored(wiki, context) == [tuple(row.values()) for row in recorded["stored"]]
            for question, result in zip(recorded["queries"], recorded["results"], strict=True):
                problem = check_result(wiki, context, question, result)
                if problem:
                    problems[problem] += 1
    assert problems == {"refused": 71, "empty": 148, "no comparison": 321}


def check_result(wiki, context, question, result):
    """Compare one answer; returns what kind of problem the reference had with it, if it had one."""
    (node,) = dw.parse(question["text"]).queries
    if "refused" in result:
        with suppress(QueryError):
            wiki.evaluate(node, page_id=question["page"], context=context)
        return "refused"
    expected = dict(result["parsed"])
    for name in ("title", "page"):
        expected.pop(name, None)
    expected["cols"] = [
        [column["key"], column["colname"], column["type"], column["multi"]] for column in expected["cols"].values()
    ]
    expected["filter"] = [
        [part["logic"], part["colname"], part["compare"], part["value"]] for part in expected["filter"]
    ]
    # What says nothing is left out.
    assert parsed(node.query, context) == {
        name: value for name, value in expected.items() if value or name in ("cols", "filter")
    }
    if "no comparison" in result.get("failed", ""):
        with pytest.raises(QueryError, match="unknown operator"):
            wiki.evaluate(node, page_id=question["page"], context=context)
        return "no comparison"
    table = wiki.evaluate(node, page_id=question["page"], context=context)
    if "failed" in result:
        assert not table.rows
        return "empty"
    if node.kind == "related":
        assert shared_counts(table) == [[row["page"], row["rel"]] for row in result["rows"]]
    elif node.kind in ("cloud", "taglist"):
        counts = [(row.cells[0][0], row.cells[1][0]) for row in table]
        assert sorted(counts) == sorted((str(row["value"]), row["cnt"]) for row in result["rows"])
    else:
        assert rows(table, context) == limited(as_text(result["rows"]), node.query)
        if node.kind == "table":
            check_shown(table, context, cells_of(result["xhtml"]))
    return None


def check_shown(table, context, expected):
    """Compare what people see, but for the cells that are links or pictures there."""
    _, rows, sums = grid(table)
    assert len(rows) + bool(sums) == len(expected)
    assert not sums or list(sums) == expected[-1]
    bases = [""] * table.rownumbers + [context.type_of(column).base for column in table.columns]
    for row, shown in zip(rows, expected, strict=False):
        plain = [base in PLAIN for base in bases]
        assert list(compress(row, plain)) == list(compress(shown, plain))


@pytest.mark.slow
def test_a_real_wiki(shared):
    opened, context = Wiki.open(shared / "wikis" / "lede-dump.tar.xz"), Context()
    # A template has an entry, too. It was given to the plugin when the answers were recorded; DokuWiki never lists it.
    wiki = Wiki.from_pages(sorted(opened.readable_pages(), key=lambda page: page.page_id.replace(":", "/") + ".txt"))
    index = wiki.index(context)
    assert (len(index), sum(len(column.pages) for column in index.columns.values())) == (5672, 292_412)
    answered = 0
    with lzma.open(shared / "wikis" / "lede-expected.jsonl.xz", "rt", encoding="utf-8") as lines:
        for expected in map(json.loads, lines):
            (node,) = dw.parse(expected["block"] + "\n").queries
            table = wiki.evaluate(node, page_id=expected["page"], context=context)
            if node.kind == "cloud":
                assert sorted([row.cells[0][0], row.cells[1][0]] for row in table) == sorted(
                    [value, int(count)] for value, count in expected["rows"]
                )
            else:
                assert rows(table, context) == limited(as_text(expected["rows"]), node.query)
            answered += 1
    assert answered == 424
