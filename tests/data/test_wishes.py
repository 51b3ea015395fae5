"""What queries may say beyond the plugin, if they are read intuitively; the plugin reads the same lines otherwise."""

from datetime import date

import pytest
from test_semantics import wiki

import dokuwiki_data as dw
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import QueryError

SHELF = wiki("type: b; n: 9", "type: a; n: 10; tags: x, y", "type: b; n: 10; day_dt: 2026-12-01", "type: a; n: 9")


def ids(query, **how):
    return "".join(row.page_id.removeprefix("p") for row in SHELF.evaluate(query, **how))


def test_a_star_is_all_other_columns_of_the_answer():
    result = SHELF.evaluate("cols: n, *, %pageid%; headers: N, all, Page; filter: type = a", semantics="intuitive")
    assert result.labels == ("N", "type", "tag", "Page")
    assert result.to_dicts() == [
        {"N": "9", "type": "a", "tag": [], "Page": "p3"},
        {"N": "10", "type": "a", "tag": ["x", "y"], "Page": "p1"},
    ]
    everything = SHELF.evaluate("cols: *", semantics="intuitive")
    assert everything.labels == ("type", "n", "tag", "day")
    assert {row["day"] for row in everything.to_dicts()} == {None, date(2026, 12, 1)}
    assert SHELF.evaluate("cols: *").labels == ("*",)
    assert SHELF.evaluate("cols: *, *; filter: n = 0", semantics="intuitive").to_dicts() == []
    own = wiki("*: 1; a: 2")
    assert own.evaluate("cols: *").to_dicts() == [{"*": "1"}]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("type, n", "3102"), ("type, ^n", "1320"), ("^type, n", "0231"), ("n, type", "3012"), ("type,", "1302"),
        ("^none, ^n, %pageid%", "1203"),
    ],
)  # fmt: skip
def test_a_sort_line_may_name_several_columns(sort, order):
    assert ids(f"cols: type; sort: {sort}", semantics="intuitive") == order
    assert ids(f"cols: type; sort: {sort}") == ("3210" if sort[0] == "^" else "0123")


@pytest.mark.parametrize(
    ("days", "day"),
    [
        ("%now% + 30 days", "2026-12-31"), ("%now%-1day", "2026-11-30"), ("%now% + 2 weeks", "2026-12-15"),
        ("%now% + 3 months", "2027-03-01"), ("%now% - 12 Months", "2025-12-01"), ("%now% + 1 year", "2027-12-01"),
        ("%now%", "2026-12-01"), ("%now% + 3 moons", "2026-12-01 + 3 moons"),
    ],
)  # fmt: skip
def test_days_are_relative_to_today(days, day):
    pages = wiki(f"day: {day}", "day: other")
    context = Context(today=date(2026, 12, 1))
    assert [row.page_id for row in pages.evaluate(
        f"cols: day; filter: day = {days}", context=context, semantics="intuitive"
    )] == ["p0"]  # fmt: skip


def test_a_month_without_the_day_ends_earlier():
    pages = wiki("day: 2027-02-28")
    query = "cols: day; filter: day = %now% + 3 months"
    for today, found in ((date(2026, 11, 30), 1), (date(2026, 11, 27), 0)):
        assert len(pages.evaluate(query, context=Context(today=today), semantics="intuitive")) == found
        assert len(pages.evaluate(query, context=Context(today=today))) == 0


def test_a_day_beyond_the_calendar_is_an_error():
    query = dw.Query.parse("cols: day; filter: day = %now% + 9000 years")
    with pytest.raises(QueryError, match=r"no such day: %now% \+ 9000 years"):
        SHELF.evaluate(query, context=Context(today=date(2026, 12, 1)), semantics="intuitive")
