"""What a query means: the plugin's way and the intuitive one, choice by choice; laws of both."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.semantics import SEMANTICS, Semantics
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.conditions import col
from dokuwiki_data.query.queries import Query
from dokuwiki_data.wiki.collection import Wiki


def wiki(*bodies, modified=1_700_000_000):
    """Pages p0, p1, … with an entry each; fields are separated by semicolons."""
    return Wiki.from_pages(
        dw.parse(f"---- dataentry ----\n{body.replace('; ', chr(10))}\n----\n", page_id=f"p{number}", modified=modified)
        for number, body in enumerate(bodies)
    )


def found(pages, query, **choices):
    semantics = Semantics(**choices) if choices else "plugin"
    return " ".join(row.page_id for row in pages.evaluate(Query.parse(query), semantics=semantics))


PROCESSES = wiki("type: process; who: x", "type: process; helps: x", "type: tool; helps: x", "type: process")


def test_and_binds_tighter_than_or():
    query = "cols: type; filter: type = process; filter: who = x; filteror: helps = x; sort: %pageid%"
    assert found(PROCESSES, query) == "p0 p1 p2"
    assert found(PROCESSES, query, brackets="or") == "p0 p1"


def test_a_leading_or_selects_everything():
    query = "cols: type; filteror: who = x; sort: %pageid%"
    assert found(PROCESSES, query) == "p0 p1 p2 p3"
    assert found(PROCESSES, query, brackets="or") == "p0"


def test_conditions_built_in_python_mean_the_same_under_any_semantics():
    condition = (col("type") == "tool") | (col("type") == "process") & (col("who") == "x")
    query = Query.select("type", where=condition, sort="%pageid%")
    for name in SEMANTICS:
        assert [row.page_id for row in PROCESSES.evaluate(query, semantics=name)] == ["p0", "p2"]


def test_missing_values_and_unequal():
    pages = wiki("a: 1", "b: 1", "as: 1, 2", "a: 2")
    assert found(pages, "cols: %pageid%; filter: a != 1") == "p2 p3"
    assert found(pages, "cols: %pageid%; filter: a != 1", missing="unequal") == "p1 p3"
    assert found(pages, "cols: %pageid%; filter: a !~ 1") == "p1 p2 p3"
    assert found(pages, "cols: %pageid%; filter: a !~ 1", missing="unequal") == "p1 p3"
    assert found(pages, "cols: %pageid%; filter: a !~ *") == ""
    assert found(pages, "cols: %pageid%; filter: a ~ *") == "p0 p1 p2 p3"


def test_a_page_without_the_column_has_no_value():
    pages = wiki("n: 1; volume: 5", "n: 2; volume:", "n: 3", "volumes: 5, 6", "volumes:")
    for condition, plugin, intuitive in [
        ("volume =", "p1", "p1 p2 p4"),
        ("volume !=", "p0 p3", "p0 p3"),
        ("volume ~~ 6, ", "p1 p3", "p1 p2 p3 p4"),
        ("volume ~", "p1 p2 p4", "p1 p2 p4"),
        ("volume !~", "p0 p3", "p0 p3"),
        ("volume ~ *", "p0 p1 p2 p3 p4", "p0 p1 p3"),
        ("none =", "", "p0 p1 p2 p3 p4"),
        ("none !=", "", ""),
    ]:
        query = f"cols: %pageid%; filter: {condition}; sort: %pageid%"
        assert (found(pages, query), found(pages, query, missing="unequal")) == (plugin, intuitive), condition


@pytest.mark.parametrize("kind", ["cloud", "related"])
def test_what_counts_asks_for_no_value_in_the_same_way(kind):
    pages = wiki("tags: x, y; volume: 5", "tags: x", "tags: x; volume: ", "tags: y")

    def counted(condition):
        table = pages.evaluate(
            f"---- data{kind} ----\ncols: tags\n{condition}\n----", page_id="p0", semantics="intuitive"
        )
        return " ".join(f"{row.cells[0][0]}{row.cells[1][0]}" for row in table)

    equal, unequal = {"cloud": ("x2 y1", "x1 y1"), "related": ("p11 p21 p31", "")}[kind]
    assert counted("filter: volume =") == equal
    assert counted("filter: volume !=") == unequal
    assert counted("filter: volume =\nfilter: none =\nfilteror: none = 1") == equal
    assert counted("filter: none !=") == ""


def test_none_asks_for_no_value():
    pages = wiki("n: 1; volume: 5", "n: 2; volume:", "n: 3; volume: None", "n: 4")

    def ids(condition, semantics):
        query = Query.select("%pageid%", where=condition, sort="%pageid%")
        return " ".join(row.page_id for row in pages.evaluate(query, semantics=semantics))

    volume = col("volume")
    assert ids(volume == None, "intuitive") == "p1 p3"  # noqa: E711
    assert ids(volume != None, "intuitive") == "p0 p2"  # noqa: E711
    assert ids(volume.is_in([None, 5]), "intuitive") == "p0 p1 p3"
    assert ids(volume == None, "plugin") == "p1"  # noqa: E711
    assert ids(volume != None, "plugin") == "p0 p2"  # noqa: E711


def test_a_blank_behind_the_sign_of_descending_order_belongs_to_the_name():
    pages = wiki("n: 2", "n: 1", "n: 3")
    assert found(pages, "cols: n; sort: ^n") == "p2 p0 p1"
    assert found(pages, "cols: n; sort: ^ n") == found(pages, "cols: n; sort: ^") == "p2 p1 p0"
    assert found(pages, "cols: n; sort: ^ %pageid%") == "p2 p1 p0"


def test_numbers_compare_as_text_or_as_numbers():
    pages = wiki("n: 10", "n: 9", "n: 1e1", "n: x", "n: 09")
    assert found(pages, "cols: n; filter: n < 9; sort: %pageid%") == "p0 p2 p4"
    assert found(pages, "cols: n; filter: n < 9; sort: %pageid%", compare="typed") == ""
    assert found(pages, "cols: n; filter: n = 10; sort: %pageid%", compare="typed") == "p0 p2"
    assert found(pages, "cols: n; filter: n ~~ 9, x; sort: %pageid%", compare="typed") == "p1 p3 p4"


def test_text_and_natural_order():
    pages = wiki("n: a10", "n: A9", "n: b", "m: 1", "n: a9b")
    assert found(pages, "cols: m; sort: n") == "p3 p1 p0 p4 p2"
    assert found(pages, "cols: m; sort: n", order="natural") == "p3 p1 p4 p0 p2"
    assert found(pages, "cols: n", order="natural") == "p3 p1 p4 p0 p2"
    assert found(pages, "cols: m; sort: ^n", order="natural") == "p2 p0 p4 p1 p3"


def test_the_time_of_change_compares_as_a_date_if_typed():
    pages = wiki("a: 1", modified=1_700_000_000)  # 2023-11-14
    assert found(pages, "cols: a; filter: %lastmod% > 2030-01-01") == "p0"
    assert found(pages, "cols: a; filter: %lastmod% < 2030-01-01") == ""
    assert found(pages, "cols: a; filter: %lastmod% > 2030-01-01", compare="typed") == ""
    assert found(pages, "cols: a; filter: %lastmod% = 2023-11-14", compare="typed") == "p0"


@pytest.mark.parametrize("seconds", [-(10**12), 10**18, -(2**70), 10**300])
def test_times_beyond_the_calendar_are_before_or_after_all_days(seconds):
    pages = wiki("at_timestamp: -99999999999", modified=seconds)
    sign = ">" if seconds > 0 else "<"
    assert found(pages, f"cols: at; filter: %lastmod% {sign} 2026-01-01; sort: %lastmod%", compare="typed") == "p0"
    (row,) = pages.evaluate(Query.parse("cols: %lastmod%, at_timestamp"))
    assert row.values == row.cells == ((str(seconds),), ("-99999999999",))


def test_a_page_that_comes_again_is_as_it_came_last():
    first, other, last = (dw.parse(text, page_id=page_id) for text, page_id in (
        ("===== Old =====\n---- dataentry ----\na: 1\n----\n", "p"),
        ("---- dataentry ----\na: 2\nto_title: p\n----\n", "q"),
        ("---- dataentry ----\na: 3\n----\n", "p"),
    ))  # fmt: skip
    pages = Wiki.from_pages([first, other, last])
    rows = pages.evaluate(Query.parse("cols: a; sort: nothing"))
    assert [(row.page_id, row.cells) for row in rows] == [("p", (("3",),)), ("q", (("2",),))]
    assert found(pages, "cols: a; filter: to_title ~ *Old") == ""
    assert found(Wiki.from_pages([first, other, dw.parse("gone", page_id="p")]), "cols: a") == "q"


def test_an_offset_below_zero_is_refused():
    with pytest.raises(ValueError, match="offset"):
        PROCESSES.evaluate(Query.parse("cols: a"), offset=-1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"query": None}, "query must be a Query"),
        ({"query": ["cols: a"]}, "query must be a Query"),
        ({"query": col("a") == "b"}, "query must be a Query"),
        ({"context": "joe"}, "context must be a Context"),
        ({"offset": "1"}, "offset must be an integer"),
    ],
)
def test_what_is_no_query_is_refused(wrong, message):
    with pytest.raises(TypeError, match=f"^{message}"):
        PROCESSES.evaluate(**{"query": "cols: type", **wrong})


def test_a_query_may_be_given_as_text():
    text = "cols: type; filter: who = x"
    assert PROCESSES.evaluate(text) == PROCESSES.evaluate(Query.parse(text))
    assert PROCESSES.evaluate("---- datacloud ----\ncols: type\n----").kind == "cloud"
    with pytest.raises(QueryError, match="unknown option"):
        PROCESSES.evaluate("cols: type; bogus: 1")


def test_unknown_semantics_are_refused():
    with pytest.raises(ValueError, match="plugin, intuitive"):
        PROCESSES.evaluate(Query.parse("cols: a"), semantics="sql")


def test_limit_offset_numbers_and_sums():
    pages = wiki("n: 1,5", "n: 2", "ns: 3, 4", "n: x", "m: 7")
    query = Query.parse("cols: n, m; sort: %pageid%; limit: 3; summarize: 1")
    first, rest = pages.evaluate(query), pages.evaluate(query, offset=3)
    assert [row.number for row in first] == [1, 2, 3]
    assert [row.number for row in rest] == [4, 5]
    assert (first.more, rest.more) == (True, False)
    assert (first.sums, rest.sums) == ((3.5, None), (None, 7))


def test_values_have_python_types():
    pages = wiki("due_dt: 2026-1-5; who_page: Joe X; by_mail: Joe a@b.de; pic_img50: a.png|A; odd_dt: 2026-02-31")
    (row,) = pages.evaluate(Query.parse("cols: due_dt, who_page, by_mail, pic_img50, odd_dt, none, %lastmod%"))
    due, who, by, pic, odd, none, time = row.values
    assert due == (date(2026, 1, 5),)
    assert who == ("joe_x",)
    assert (by[0].address, by[0].name) == ("a@b.de", "Joe")
    assert (pic[0].id, pic[0].title, pic[0].width) == ("a.png", "A", 50)
    assert (odd, none) == (("2026-02-31",), ())
    assert time[0].isoformat() == "2023-11-14T22:13:20+00:00"


def test_placeholders():
    pages = wiki("who: %user%; day: %now%", "who: joe; day: 2026-11-21")
    context = Context(user="joe", today=date(2026, 11, 21))
    query = Query.parse("cols: %pageid%; filter: who = %user%; filter: day = %now%")
    assert len(pages.evaluate(query, context=context)) == 2
    undated = pages.evaluate(query, context=Context(user="joe"))
    assert [row.page_id for row in undated] == ["p0"]
    # Of the filter, and of the entry.
    assert [(problem.kind, problem.span == (0, 0)) for problem in undated.diagnostics] == [
        ("no-today", False), ("no-today", True),
    ]  # fmt: skip


def test_an_index_serves_others_only_where_no_placeholder_was_met():
    pages, query = wiki("day: %now%; who: %user%"), Query.parse("cols: day, who")
    for context in (Context(), Context(user="a"), Context(user="b", today=date(2026, 1, 2)), Context(user="a")):
        (row,) = pages.evaluate(query, context=context)
        day = context.today.isoformat() if context.today else "%now%"
        assert row.cells == ((day,), (context.user,))
    plain = wiki("a: 1")
    assert plain.index(Context(user="a")) is plain.index(Context(user="b", today=date(2026, 1, 2)))


def test_several_groups_are_a_list():
    pages = wiki("for: admin", "for: user", "for: guest")
    context = Context(groups=("admin", "user"))
    query = "cols: %pageid%; filter: for {} %groups%"
    assert len(pages.evaluate(Query.parse(query.format("~~")), context=context)) == 2
    with pytest.raises(QueryError, match="several groups"):
        pages.evaluate(Query.parse(query.format("=")), context=context)


def test_what_compares_nothing_is_an_error_with_a_place():
    text = "---- datatable ----\ncols: a\nfilter: a =< 3\n----\n"
    (node,) = dw.parse(text).queries
    with pytest.raises(QueryError) as caught:
        wiki("a: 1").evaluate(node)
    assert text[slice(*caught.value.span)] == "a =< 3"


@pytest.mark.parametrize("kind", ["table", "list", "cloud", "taglist", "related"])
@pytest.mark.parametrize(
    "body",
    [
        "filter: a = ' OR 1=1 --", "filter: a ~ %_%_%*\\", "limit: 99999999999999999999", "min: -1", "sort: nowhere",
        "filter: nowhere > 5", "\n".join(["filteror: a = 1", "filter: b != 2", "and: c ~ x*"] * 3000),
    ],
)  # fmt: skip
def test_odd_queries_are_answered(kind, body):
    pages = wiki("as: 1, 2; bs: 2, 3", "a: '; b: %", "cs: x1, x2; a: 1")
    query = dw.parse(f"---- data{kind} ----\ncols: a\n{body}\n----\n").queries[0]
    table = pages.evaluate(query, page_id="p0")
    assert all(row.page_id in ("", "p0", "p1", "p2") for row in table)


def test_a_long_pattern_takes_no_exponential_time():
    pages = wiki("a: " + "a" * 3000)
    assert found(pages, "cols: a; filter: a ~ " + "*a" * 1000 + "b") == ""


TEXTS = st.sampled_from(["1", "2", "10", "9", "x", "X", "é", "a b", "50%", "2026-01-05"])
BODIES = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "cs"]), st.lists(TEXTS, min_size=1, max_size=3), max_size=3), max_size=6
)
OPERATORS = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "~", "!~", "*~", "~~"])
FILTERS = st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), OPERATORS, TEXTS), max_size=5)


def made(bodies):
    return wiki(*("; ".join(f"{key}: {', '.join(values)}" for key, values in body.items()) for body in bodies))


def asked(filters, rest=""):
    lines = [f"{'filter' if both else 'filteror'}: {key} {operator} {value}" for both, key, operator, value in filters]
    return Query.parse("\n".join(["cols: a, c", *lines, rest]))


SEMANTIC = st.builds(
    Semantics, st.sampled_from(["and", "or"]), st.sampled_from(["drop", "unequal"]),
    st.sampled_from(["text", "typed"]), st.sampled_from(["text", "natural"]),
)  # fmt: skip


def pages_of(pages, query, semantics):
    return [row.page_id for row in pages.evaluate(query, semantics=semantics)]


@given(BODIES, FILTERS, FILTERS.filter(bool), SEMANTIC)
def test_a_last_or_loses_nothing_and_a_last_and_adds_nothing(bodies, filters, more, semantics):
    pages = made(bodies)
    if semantics.brackets == "or":
        # A step that is widened is not the whole; but the last one may be joined to all.
        filters = []
    before = set(pages_of(pages, asked(filters), semantics))
    (_, *last), *_ = more
    if filters:
        assert before <= set(pages_of(pages, asked([*filters, (False, *last)]), semantics))
    if all(both for both, *_ in filters):
        assert before >= set(pages_of(pages, asked([*filters, (True, *last)]), semantics))


@given(BODIES, TEXTS)
def test_equal_and_unequal_cover_the_pages_with_the_column(bodies, value):
    pages = made(bodies)
    equal = set(pages_of(pages, asked([(True, "c", "=", value)]), "plugin"))
    unequal = set(pages_of(pages, asked([(True, "c", "!=", value)]), "plugin"))
    have = {f"p{number}": body["cs"] for number, body in enumerate(bodies) if "cs" in body}
    assert equal | unequal == set(have)
    assert not [page for page in equal & unequal if len(set(have[page])) == 1]


@given(BODIES, FILTERS, st.integers(1, 5), st.sampled_from(["sort: a", "sort: ^c", ""]), SEMANTIC)
def test_a_limit_is_a_prefix_and_offsets_make_up_the_whole(bodies, filters, limit, sort, semantics):
    pages = made(bodies)
    whole = pages.evaluate(asked(filters, sort), semantics=semantics).rows
    query = asked(filters, f"{sort}\nlimit: {limit}")
    parts = [pages.evaluate(query, semantics=semantics, offset=offset).rows for offset in range(0, 7, limit)]
    assert parts[0] == whole[:limit]
    assert tuple(row for part in parts for row in part) == whole


@given(BODIES, FILTERS, SEMANTIC)
def test_a_page_without_an_entry_changes_nothing(bodies, filters, semantics):
    pages = [dw.parse("---- dataentry ----\n" + "\n".join(f"{key}: {', '.join(values)}" for key, values in body.items())
                      + "\n----\n", page_id=f"p{number}") for number, body in enumerate(bodies)]  # fmt: skip
    other = dw.parse("====== Other ======\nno entry\n", page_id="other")
    query = asked(filters)
    assert Wiki.from_pages([other, *pages]).evaluate(query, semantics=semantics) == Wiki.from_pages(pages).evaluate(
        query, semantics=semantics
    )
