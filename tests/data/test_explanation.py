"""Explanations: brackets, words, and every trap with its place."""

import pytest
from test_semantics import wiki

import dokuwiki_data as dw
from dokuwiki_data.query.conditions import Filter
from dokuwiki_data.query.queries import Query

PAGES = wiki("type: process; n: 10; d_dt: 2026-01-01; name: x", "status_: new; name: y")


def traps(body, kind="table"):
    text = f"---- data{kind} ----\n{body}\n----\n"
    explanation = dw.parse(text).queries[0].query.explain(PAGES)
    return [(trap.kind, text[slice(*trap.span)]) for trap in explanation.traps]


@pytest.mark.parametrize(
    ("body", "kind", "place"),
    [
        ("cols: name\nfilteror: type = process", "leading-or", "type = process"),
        ("cols: name\nfilter: type = a\nfilter: n = 1\nfilteror: n = 2", "mixed-logic", "n = 2"),
        ("cols: name\nfilter: type != process", "unequal", "type != process"),
        ("cols: name\nfilter: n < 9", "text-comparison", "n < 9"),
        ("cols: name\nfilter: %lastmod% > 2026-01-01", "lastmod", "%lastmod% > 2026-01-01"),
        ("cols: name\nfilter: name~*ar*", "lost-star", "name~*ar*"),
        ("cols: name\nfilter: name ~ 50%", "wildcards", "name ~ 50%"),
        ("cols: name\nfilter: name ~ a_b", "wildcards", "name ~ a_b"),
        ("cols: name\nfilter: name ~ *user*", "placeholder", "name ~ *user*"),
        ("cols: name\nfilter: d_dt = 3.4.2026", "cleaned-to-empty", "d_dt = 3.4.2026"),
        ("cols: name\nfilter: name =< x", "no-comparison", "name =< x"),
        ("cols: name, n, Name_page", "collapsed-columns", "Name_page"),
        ("cols: name, names", "collapsed-columns", "names"),
        ("cols: name, AMageid%", "unknown-column", "AMageid%"),
        ("cols: name\nsort: ^typ", "unknown-column", "typ"),
        ("cols: name\nsort: ^ name", "sorts-by-nothing", "name"),
    ],
)
def test_a_trap_has_its_place(body, kind, place):
    assert (kind, place) in traps(body)


@pytest.mark.parametrize(
    "body",
    [
        "cols: name, type, %title%",
        "cols: name\nfilter: type = process\nfilter: name ~ x*\nsort: name",
        "cols: name\nfilter: type = a\nfilteror: type = b",
        "cols: name\nfilter: name = 50%\nfilter: name = *user*",
        "cols: name\nfilter: name ~ %user%",
        "cols: status_\nfilter: d_dt = 2026-1-1",
    ],
)
def test_no_trap_where_there_is_none(body):
    assert traps(body) == []


def test_a_plural_and_what_was_meant():
    text = "---- datatable ----\ncols: status\n----\n"
    explanation = dw.parse(text).queries[0].query.explain(PAGES)
    assert [trap.kind for trap in explanation.traps] == ["plural", "unknown-column"]
    assert "write 'status_'" in explanation.traps[0].message
    assert "did you mean 'status'?" in explanation.traps[1].message
    assert "'%pageid%'" in Query.parse("cols: AMageid%").explain(PAGES).traps[0].message


def test_clouds_count_everything_behind_an_or():
    assert ("counts-everything", "type = x") in traps("cols: name\nor: type = x", "cloud")


MIXED = Query.parse("cols: name, type; filter: type = a; filter: n = 1; filteror: n = 2; sort: ^name; limit: 5")


def test_the_condition_has_its_brackets_and_words():
    explanation = MIXED.explain()
    assert explanation.expression == "(type = a AND n = 1) OR n = 2"
    assert explanation.words == (
        "Shows name, type, of pages where type is “a” and n is “1”, or n is “2”; sorted by name, descending; at most 5."
    )
    assert str(explanation).startswith(explanation.words)
    assert MIXED.explain(semantics="intuitive").expression == "type = a AND (n = 1 OR n = 2)"
    assert MIXED.explain(semantics="intuitive").traps == ()


def test_expressions_of_short_conditions():
    assert Query.parse("cols: a").explain().expression == "true"
    assert Query.parse("cols: a; or: b = 1").explain().expression == "true OR b = 1"
    built = Query.select("a", where=(Filter("b") == 1) & (Filter("c") == 2) | (Filter("d") == 3))
    for semantics in ("plugin", "intuitive"):
        assert built.explain(semantics=semantics).expression == "(b = 1 AND c = 2) OR d = 3"
    assert built.explain().traps == ()
