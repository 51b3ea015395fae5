"""Clouds, lists of tags and related pages: each choice of semantics, and counts beside a count one by one."""

import operator
import sqlite3
from collections import Counter
from functools import reduce
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_semantics import BODIES, FILTERS, SEMANTIC, made, wiki

from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.query.conditions import col
from dokuwiki_data.query.queries import Query

TAGGED = wiki(
    "tags: x, y; type: process; n: 10",
    "tags: x; type: tool; n: 9",
    "tags: y, z; type: process; n: 9; also: 1",
    "tags: z",
)


def counted(pages, query, kind="cloud", **choices):
    """The values or pages in the order shown, with their counts."""
    table = pages.evaluate(Query.parse(query, kind), semantics=Semantics(**choices), page_id="p0")
    return " ".join(f"{row.page_id or row.cells[0][0]}:{row.cells[1][0]}" for row in table)


def test_behind_an_or_every_value_counts_only_in_the_plugins_brackets():
    query = "cols: tags; filter: n = 9; filter: type = tool; filteror: also = 1"
    assert counted(TAGGED, query) == "1:1 9:1 process:1 x:1 y:1 z:1"
    assert counted(TAGGED, query, brackets="or") == "x:1 y:1 z:1"


def test_steps_narrow_down_and_an_or_widens_a_step():
    query = "cols: tags; filter: type = process; filter: n = 10; filteror: also = 1"
    assert counted(TAGGED, query, brackets="or") == "x:1 y:2 z:1"
    assert counted(TAGGED, "cols: tags; filteror: type = tool", brackets="or") == "x:1"


def test_unequal_asks_whether_no_value_is_equal():
    pages = wiki("tags: x; as: 1, 2, 3", "tags: x", "tags: x; as: 1", "tags: x; as: 2")
    for unequal in ("!=", "!~"):
        query = f"cols: tags; filter: a {unequal} 1"
        assert counted(pages, query) == "x:3"  # twice for the first page, once for the last
        assert counted(pages, query, missing="unequal") == "x:2"  # the page without one, and the last
    query = "cols: tags; filter: a != 1; filter: a > 1"
    assert counted(pages, query, missing="unequal") == "x:1"


def test_numbers_and_dates_compare_as_such():
    query = "cols: tags; filter: n > 9"
    assert counted(TAGGED, query) == ""
    assert counted(TAGGED, query, compare="typed") == "x:1 y:1"
    # The plugin's clouds know no time of change.
    query = "cols: tags; filter: %lastmod% < 2030-01-01"
    assert counted(TAGGED, query) == ""
    assert counted(TAGGED, query, compare="typed") == "x:2 y:2 z:2"


@pytest.mark.parametrize(
    ("kind", "order", "shown"),
    [
        ("cloud", "text", "A2:1 a1:2 a10:1 a9:1"),
        ("cloud", "natural", "a1:2 A2:1 a9:1 a10:1"),
        ("taglist", "text", "a1:2 a9:1 a10:1 A2:1"),
        ("taglist", "natural", "a1:2 a10:1 a9:1 A2:1"),
    ],
)
def test_values_are_in_text_or_natural_order(kind, order, shown):
    assert counted(wiki("tags: a1, a10, a9, A2", "tags: a1"), "cols: tags", kind, order=order) == shown


def test_related_pages_follow_each_choice():
    pages = wiki("tags: x", "tags: x; n: 10", "tags: x; n: 9; as: 1, 2", "tags: x; as: 2")
    assert counted(pages, "cols: tags; sort: n", "related") == "p3:1 p1:1 p2:1"
    assert counted(pages, "cols: tags; sort: n", "related", order="natural") == "p3:1 p2:1 p1:1"
    assert counted(pages, "cols: tags; filter: n < 9.5", "related") == "p1:1 p2:1"
    assert counted(pages, "cols: tags; filter: n < 9.5", "related", compare="typed") == "p2:1"
    assert counted(pages, "cols: tags; filter: a != 1", "related") == "p2:1 p3:1"
    assert counted(pages, "cols: tags; filter: a != 1", "related", missing="unequal") == "p1:1 p3:1"
    query = "cols: tags; filter: a = 2; filter: n = 9; or: n = 10"
    assert counted(pages, query, "related") == "p1:1 p2:1"
    assert counted(pages, query, "related", brackets="or") == "p2:1"


LIKE = sqlite3.connect(":memory:", check_same_thread=False)
ORDERS = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "~~": operator.eq,
}  # fmt: skip


def fits(comparison, text, semantics):
    """Whether a value fits a filter; a missing one fits none."""
    if text is None:
        return False
    if "~" in comparison.operator and comparison.operator != "~~":
        pattern = f"%{comparison.value}%" if comparison.operator == "*~" else comparison.value
        (like,) = LIKE.execute("SELECT ? LIKE ?", (text, pattern)).fetchone()
        return bool(like) != (comparison.operator == "!~")
    one, other = text, comparison.value
    if semantics.compare == "typed" and one.isdigit() and other.isdigit():
        one, other = int(one), int(other)
    return ORDERS[comparison.operator](one, other)


def bracketed(held, filters, brackets):
    """What a row of yes and no comes to."""
    inner, outer, splits = (all, any, "OR") if brackets == "and" else (any, all, "AND")
    groups = [[]]
    for yes, comparison in zip(held, filters, strict=True):
        if comparison.logic == splits:
            groups.append([])
        groups[-1].append(yes)
    return outer(inner(group) for group in groups if group or brackets == "and")


def one_by_one(pages, query, semantics):
    """The counts of a cloud without filters that let other columns count: every combination of values is made."""
    counts = Counter()
    for record in pages.stored():

        def of_page(comparison):
            return semantics.missing == "unequal" and comparison.operator in ("!=", "!~")

        keys = dict.fromkeys(comparison.column.key for comparison in query.filters if not of_page(comparison))
        for combination in product(*(record.values.get(key) or [None] for key in keys)):
            values = dict(zip(keys, combination, strict=True))
            held = []
            for comparison in query.filters:
                key = comparison.column.key
                if of_page(comparison):
                    held.append(all(fits(comparison, text, semantics) for text in record.values.get(key, ())))
                else:
                    held.append(fits(comparison, values[key], semantics))
            if bracketed(held, query.filters, semantics.brackets):
                counts.update(record.values.get("c", ()))
    return counts


@given(BODIES, FILTERS, SEMANTIC, st.sampled_from(["cloud", "taglist"]))
def test_counts_are_those_of_counting_one_by_one(bodies, filters, semantics, kind):
    pages = made(bodies)
    lines = [f"{'filter' if both else 'filteror'}: {key} {sign} {value}" for both, key, sign, value in filters]
    query = Query.parse("\n".join(["cols: cs", *lines]), kind)
    if semantics.brackets == "and" and any(comparison.logic == "OR" for comparison in query.filters):
        return  # other columns count as well there, as SQL shows
    table = pages.evaluate(query, semantics=semantics)
    assert {row.cells[0][0]: row.cells[1][0] for row in table} == one_by_one(pages, query, semantics)


def test_many_alternatives_of_many_columns_take_no_exponential_time():
    body = "; ".join(f"c{number}_s: 1, 2, 3" for number in range(40))
    condition = reduce(operator.or_, (col(f"c{number}") == 2 for number in range(40)))
    query = Query.select("tags", where=condition, kind="cloud")
    (row,) = wiki(f"{body}; tags: x").evaluate(query, semantics=Semantics(brackets="or"))
    assert row.cells == (("x",), (3**40 - 2**40,))
