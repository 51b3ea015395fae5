"""Conditions of many comparisons: they mean what each comparison means alone, joined; and the sets they are made of."""

import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_counting import ORDERS, bracketed, one_by_one
from test_semantics import OPERATORS, SEMANTIC, asked, made, pages_of
from test_sql import check

from dokuwiki_data.engine.bits import Prefixes, bits_of, flags, full, members
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.matching import ColumnPages
from dokuwiki_data.engine.selection import NumericValues, SearchIndex, like
from dokuwiki_data.engine.semantics import SEMANTICS, Semantics
from dokuwiki_data.errors import QueryError
from dokuwiki_data.php import numeric
from dokuwiki_data.query.queries import Query

TEXTS = st.sampled_from(
    ["1", "2", "10", "9", "9.0", "x", "X", "xy", "yx", "x1y", "é", "a b", "%", "x%", "%x%", "%y", "2026-01-05", "z z"]
)
BODIES = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "cs"]), st.lists(TEXTS, min_size=1, max_size=3), max_size=3),
    min_size=1, max_size=12,
)  # fmt: skip
FILTERS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["a", "b", "c", "%title%", "%pageid%"]), OPERATORS, TEXTS),
    min_size=8, max_size=24,
)  # fmt: skip


@given(BODIES, FILTERS, SEMANTIC)
def test_a_condition_finds_what_its_comparisons_find_alone(bodies, filters, semantics):
    wiki = made(bodies)
    alone = [set(pages_of(wiki, asked([(True, *rest)]), semantics)) for _, *rest in filters]
    query = asked(filters)
    expected = [
        page_id
        for page_id in wiki.index().page_ids
        if bracketed([page_id in found for found in alone], query.filters, semantics.brackets)
    ]
    assert sorted(pages_of(wiki, query, semantics)) == sorted(expected)


@pytest.mark.parametrize("semantics", SEMANTICS)
@pytest.mark.parametrize("seed", range(4))
def test_so_it_does_in_larger_wikis(seed, semantics):
    chance = random.Random(seed)
    wiki = made([{"a": [f"x{n % 60}"], "cs": [f"y{n % 7}", f"z{chance.randrange(40)}"]} for n in range(150)])
    filters = [
        (
            chance.random() < 0.5, chance.choice("ac"), chance.choice(["=", "!=", "<", ">=", "~", "!~", "*~"]),
            chance.choice("xyz") + str(chance.randrange(60)),
        )
        for _ in range(120)
    ]  # fmt: skip
    alone = [set(pages_of(wiki, asked([(True, *rest)]), semantics)) for _, *rest in filters]
    query = asked(filters)
    assert set(pages_of(wiki, query, semantics)) == {
        page_id
        for page_id in wiki
        if bracketed([page_id in found for found in alone], query.filters, Semantics.of(semantics).brackets)
    }


#: Alternatives that a cloud joins: so many of two columns, some of which differ in one of them only.
ALTERNATIVES = st.lists(st.tuples(st.tuples(OPERATORS, TEXTS), st.tuples(OPERATORS, TEXTS)), min_size=2, max_size=8)


@given(BODIES, ALTERNATIVES, st.sampled_from(["cloud", "taglist"]))
def test_a_cloud_counts_many_alternatives_as_sql_does(bodies, alternatives, kind):
    lines = [
        line
        for (first, one), (second, other) in alternatives
        for line in (f"filteror: a {first} {one}", f"filter: c {second} {other}")
    ]
    check(made(bodies), Query.parse("\n".join(["cols: cs", *lines]), kind), Context(), "p0")


@given(BODIES, ALTERNATIVES, SEMANTIC)
def test_a_cloud_counts_many_steps_one_by_one(bodies, alternatives, semantics):
    if semantics.brackets == "and":
        return  # which SQL shows
    lines = [
        line
        for (first, one), (second, other) in alternatives
        for line in (f"filter: a {first} {one}", f"filteror: c {second} {other}")
    ]
    wiki, query = made(bodies), Query.parse("\n".join(["cols: cs", *lines]), "cloud")
    table = wiki.evaluate(query, semantics=semantics)
    assert {row.cells[0][0]: row.cells[1][0] for row in table} == one_by_one(wiki, query, semantics)


def test_what_combines_in_too_many_ways_is_refused():
    chance = random.Random(0)
    wiki = made([{**{f"c{n}s": ["1", "2"] for n in range(60)}, "ts": ["x"]}])
    lines = [
        f"filteror: c{chance.randrange(60)} = {chance.choice('12')}\n"
        f"filter: c{chance.randrange(60)} = 1\nfilter: c{chance.randrange(60)} = 2"
        for _ in range(150)
    ]
    with pytest.raises(QueryError, match="'p0' combine in too many ways"):
        wiki.evaluate(Query.parse("\n".join(["cols: ts", "filter: ts = x", *lines]), "cloud"))


NUMBERS = st.sets(st.integers(0, 700), max_size=200)


@given(NUMBERS)
def test_sets_hold_what_they_were_made_of(numbers):
    bits = bits_of(list(numbers))
    assert members(bits) == sorted(numbers)
    assert [number for number, is_in in enumerate(flags(bits)) if is_in] == sorted(numbers)
    assert members(full(701) & ~bits) == sorted(set(range(701)) - numbers)


@given(st.integers(), st.integers(0, 600))
def test_the_first_of_some_numbers(seed, count):
    numbers = random.Random(seed).sample(range(600), 600)
    assert members(Prefixes(array("I", numbers)).first(count)) == sorted(numbers[:count])


@given(BODIES, st.sets(st.integers(0, 20)))
def test_pages_of_values(bodies, ranks):
    wiki = made([*bodies, {"cs": ["x"]}])
    column, total = wiki.index().columns["c"], len(wiki)
    ranks = {rank for rank in ranks if rank < len(column.values)}
    found = members(ColumnPages(column, total).pages(bits_of(list(ranks))))
    assert found == [page for page in range(total) if ranks.intersection(column.ranks_of(page))]


@given(st.lists(st.text("ab%_xé", max_size=5), max_size=40), st.lists(st.text("abx%_é", max_size=4), min_size=6))
def test_a_search_finds_what_patterns_fit(texts, patterns):
    searched = SearchIndex(texts)
    for pattern in patterns:
        fits = like(pattern)
        assert members(searched.select(pattern)) == [rank for rank, text in enumerate(texts) if fits(text)]


@given(st.sets(TEXTS), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), TEXTS)
def test_numbers_compare_as_numbers_and_others_as_texts(values, operator, wanted):
    values = sorted(values)

    def holds(text):
        one, other = numeric(text), numeric(wanted)
        return ORDERS[operator](text, wanted) if one is None or other is None else ORDERS[operator](one, other)

    expected = [rank for rank, text in enumerate(values) if holds(text)]
    assert members(NumericValues(values).select(operator, [wanted])) == expected
