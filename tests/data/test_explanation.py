"""Explanations: brackets, words, and every trap with its place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_semantics import BODIES, FILTERS, SEMANTIC, asked, made, wiki

import dokuwiki_data as dw
from dokuwiki_data.query.conditions import col
from dokuwiki_data.query.queries import Query

PAGES = wiki(
    "type: process; n: 10; d_dt: 2026-01-01; name: x", "status_: new; name: y; type: tools; as: 1, 2",
    "name: Smith, John; type: a", "name: 50%; type: b; n: 1", "name: user",
)  # fmt: skip


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
        ("cols: name\nfilter: name = *mit*", "star", "name = *mit*"),
        ("cols: name\nfilter: type != tool*", "star", "type != tool*"),
        ('cols: name\nfilter: type = "tools"', "quotes", 'type = "tools"'),
        ("cols: name\nfilter: type = “tools”", "quotes", "type = “tools”"),
        ("cols: name\nfilter: type = a, b", "one-value", "type = a, b"),
        ("cols: name\nfilter: as ~ 1, 2", "one-value", "as ~ 1, 2"),
        ("cols: name\nlimit: many", "no-number", "many"),
        ("cols: name\nmax: 10 rows", "no-number", "10 rows"),
        ("cols: name\nmin: -1", "no-number", "-1"),
        ("cols: name\nsummarize: no", "switched-on", "no"),
        ("cols: name\nfilter: type = tool", "unknown-value", "type = tool"),
        ("cols: name\nfilter: type != tool", "unknown-value", "type != tool"),
        ("cols: name\nfilter: type ~~ a, tool", "unknown-value", "type ~~ a, tool"),
        ("cols: name\nfilter: name ~ Smyth*", "unknown-value", "name ~ Smyth*"),
        ("cols: name\nfilter: %class% = tool", "unknown-value", "%class% = tool"),
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
        "cols: name\nfilter: name = 50%\nfilter: name = user\nlimit: 10\nmin: 0\nsummarize: 0\nrownumbers: 1",
        "cols: name\nfilter: name = Smith, John\nfilter: type ~~ a, b\nfilter: a = 2",
        "cols: name\nfilter: name ~ s*\nfilter: name !~ *user\nfilter: d_dt = %now%",
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
    assert explanation.expression == '(type = "a" AND n = "1") OR n = "2"'
    assert explanation.words == (
        "Shows name, type, of pages where type is “a” and n is “1”, or n is “2”; sorted by name, descending; at most 5."
    )
    assert str(explanation).startswith(explanation.words)
    assert MIXED.explain(semantics="intuitive").expression == 'type = "a" AND (n = "1" OR n = "2")'
    assert MIXED.explain(semantics="intuitive").traps == ()


def test_expressions_of_short_conditions():
    assert Query.parse("cols: a").explain().expression == "true"
    assert Query.parse("cols: a; or: b = 1").explain().expression == 'true OR b = "1"'
    assert Query.parse('cols: a; and: b = x" OR c = "').explain().expression == 'b = "x"" OR c = """'
    built = Query.select("a", where=(col("b") == 1) & (col("c") == 2) | (col("d") == 3))
    for semantics in ("plugin", "intuitive"):
        assert built.explain(semantics=semantics).expression == '(b = "1" AND c = "2") OR d = "3"'
        assert built.explain(semantics=semantics).other is None
    assert built.explain().traps == ()


def hint(line):
    traps = Query.parse(f"cols: name; {line}").explain(PAGES).traps
    return [trap.message.partition("did you mean ")[2] for trap in traps]


def test_a_value_that_no_page_has_and_what_was_meant():
    assert hint("filter: type = tool") == ["'tools'?"]
    assert hint("filter: type = Process") == ["'process'?"]
    assert hint("filter: type ~~ prozess, a, tool") == ["'process'?", "'tools'?"]
    assert hint("filter: name *~ smiht, john") == ["", "'Smith, John'?"]
    assert hint("filter: type = nothing like it") == [""]
    (trap,) = Query.parse("cols: name; filter: n = 9").explain(PAGES).traps
    assert trap.message == "no page has the value '9' in 'n'"
    assert Query.parse("cols: name; filter: n = 1.0").explain(PAGES, semantics="intuitive").traps == ()


def test_the_other_reading_has_its_rows_and_its_block():
    query = "cols: name; filter: type = a; filteror: type = b; filter: n = 1; limit: 1"
    other = Query.parse(query).explain(PAGES).other
    assert other.expression == '(type = "a" OR type = "b") AND n = "1"'
    assert (other.rows, other.other_rows) == (2, 1)
    assert other.block.splitlines() == [
        "---- datatable ----", "cols    : name", "filter  : type = a", "filter  : n = 1", "filteror: type = b",
        "filter  : n = 1", "limit   : 1", "----",
    ]  # fmt: skip
    assert str(Query.parse(query).explain(PAGES)).endswith(
        f"The other way to read it: {other.expression}\nRows as it is read: 2, the other way: 1\n"
        f"This block means the other:\n{other.block}"
    )
    back = Query.parse(query).explain(PAGES, semantics="intuitive").other
    assert back.expression == 'type = "a" OR (type = "b" AND n = "1")'
    assert (back.rows, back.other_rows) == (1, 2)
    assert Query.parse(query).explain().other.rows is None
    assert Query.parse("cols: a; and: b = 1; and: c = 2").explain().other is None
    assert Query.parse("cols: a; and: b = 1; or: c = 2").explain().other is None


def test_no_block_is_printed_that_says_something_else_or_is_endless():
    cloud = Query.parse("cols: name; filter: type = a; filteror: type = b; filter: n = 1", "cloud")
    assert cloud.explain(PAGES).other.block == ""
    many = Query.parse("cols: name" + "; filter: a = 1; filteror: b = 2" * 9)
    assert many.explain().other.block == ""


@given(BODIES, FILTERS.filter(lambda filters: len(filters) > 1), st.sampled_from(["table", "cloud"]), SEMANTIC)
def test_the_block_of_the_other_reading_means_it(bodies, filters, kind, semantics):
    query = replace(asked(filters), kind=kind)
    pages = made(bodies)
    other = query.explain(pages, semantics=semantics).other
    if other is None:
        return
    turned = replace(semantics, brackets="or" if semantics.brackets == "and" else "and")
    assert other.rows == len(pages.evaluate(query, semantics=semantics))
    assert other.other_rows == len(pages.evaluate(query, semantics=turned))
    if other.block and (kind == "table" or semantics.brackets == "and"):
        said = pages.evaluate(Query.parse(other.block), semantics=semantics)
        assert [row.cells for row in said] == [row.cells for row in pages.evaluate(query, semantics=turned)]
