"""Queries: the plugin's reading of blocks, recorded case by case; queries built in Python; laws of printing."""

import enum
import json
import pickle
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plugin_view import parsed

import dokuwiki_data as dw
from dokuwiki_data import strategies as dws
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.values import PageId
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.conditions import col
from dokuwiki_data.query.queries import KINDS, Query

RECORDED = json.loads((Path(__file__).parent / "queries.json").read_text("utf-8"))


def block(body, kind="table"):
    return dw.parse(f"---- data{kind} ----\n{body}\n----\n").queries[0]


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: ascii(case["body"]))
def test_a_block_reads_as_the_plugin_reads_it(case):
    node = block(case["body"])
    if case["parsed"] is None:
        assert [problem.kind for problem in node.problems][-1:] == ["no-columns"]
        return
    expected = dict(case["parsed"])
    assert node.query.title == expected.pop("title", "")
    expected.pop("page", None)
    ours = parsed(node.query, Context())
    # The plugin keeps what is too large for PHP; we keep the largest number.
    assert ours == expected


def test_a_node_holds_its_query_and_its_lines():
    page = dw.parse('x\n---- datalist a b ----\ncols : a, %title% # shown\nhead: "x, y"\nor: n ~* \\#z\n----\n')
    (node,) = page.queries
    assert (node.kind, node.classes) == ("list", ("a", "b"))
    assert [(line.option, line.name, line.value, line.comment) for line in node.options] == [
        ("columns", "cols", "a, %title%", "shown"),
        ("headers", "head", '"x, y"', None),
        ("filter_or", "or", "n ~* #z", None),
    ]
    text = str(page)
    assert [text[slice(*line.value_span)] for line in node.options] == ["a, %title%", '"x, y"', "n ~* \\#z"]
    assert node.options[0].source == "cols : a, %title% # shown"
    assert text[slice(*node.query.filters[0].span)] == "n ~* \\#z"
    assert node.source == text[2:-1]


def test_problems_have_a_place():
    page = dw.parse("---- datatable ----\nfilter: y\nbogus: 1\nfilter: a =< 3\nwhere: a ** 3\n----\n")
    text = str(page)
    assert [(problem.kind, text[slice(*problem.span)]) for problem in page.queries[0].problems] == [
        ("broken-filter", "y"),
        ("unknown-option", "bogus"),
        ("broken-filter", "a ** 3"),
        ("no-columns", "filter: y\nbogus: 1\nfilter: a =< 3\nwhere: a ** 3"),
        ("no-comparison", "a =< 3"),
    ]


def test_parse_takes_a_line_lines_or_a_block():
    query = Query.parse("cols: Name; filter: type=process; sort: name")
    assert query == Query.parse("cols: Name\nfilter: type=process\nsort: name")
    assert query == Query.parse("---- datatable ----\ncols: Name\nfilter: type=process\nsort: name\n----")
    assert Query.parse("cols: a; filter: b = 1; 2; sort: a").filters[0].value == "1; 2"
    assert Query.parse("cols: a", "cloud").kind == Query.parse("---- datacloud ----\ncols: a\n----").kind == "cloud"


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("cols: a; bogus: 1", "unknown option 'bogus'", "bogus"),
        ("cols: a; filter: b", "no comparison", "b"),
        ("cols: a; filter: b =< 1", "unknown operator", "b =< 1"),
        ("filter: b = 1", "no columns", None),
        ("", "no columns", None),
    ],
)
def test_parse_says_what_is_wrong(text, message, place):
    with pytest.raises(QueryError, match=message) as caught:
        Query.parse(text)
    if place:
        assert text[slice(*caught.value.span)] == place


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cols: a\nbogus: 1\n", ["(line 2, column 1)", "    bogus: 1", "    ^^^^^"]),
        ("cols: 日本; bogus: 1", ["(line 1, column 11)", "    cols: 日本; bogus: 1", "                ^^^^^"]),
        ("cols:\ta; filter: b\x1b", ["(line 1, column 18)", "    cols: a; filter: b", "                     ^"]),
        ("filter: a = b", ["(line 1, column 1)", "    filter: a = b", "    ^^^^^^^^^^^^^"]),
        ("cols: " + "a, " * 80 + "b; bogus: 1" + "2" * 99, [
            "(line 1, column 250)",
            f"    …{'a, ' * 19}b; bogus: 1{'2' * 32}…",
            f"    {' ' * 61}^^^^^",
        ]),
    ],
)  # fmt: skip
def test_an_error_shows_the_line_and_its_place(text, shown):
    with pytest.raises(QueryError) as caught:
        Query.parse(text)
    first, *lines = str(caught.value).split("\n")
    assert [first.removeprefix(caught.value.message).strip(), *lines] == shown
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.span, copy.position) == (str(caught.value), caught.value.span, caught.value.position)


def test_an_error_of_an_evaluation_shows_the_line_of_the_page():
    page = dw.parse("words\r\n\r\n---- datatable ----\r\ncols: a\r\nfilter: b =< 1\r\n----\r\n")
    for evaluate in (dw.Wiki.from_pages([page]).evaluate, lambda node: node.query.to_sql()):
        with pytest.raises(QueryError) as caught:
            evaluate(page.queries[0])
        assert str(caught.value) == ("unknown operator '=<' (line 5, column 9)\n    filter: b =< 1\n            ^^^^^^")


def test_an_error_of_a_query_that_was_built_has_no_place():
    query = dw.Query.select("a", where=col("b") == "%groups%")
    with pytest.raises(QueryError) as caught:
        dw.Wiki.from_pages([]).evaluate(query, context=Context(groups=("one", "two")))
    assert str(caught.value) == caught.value.message
    assert caught.value.position is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (col("a_dt"), "col('a_dt')"),
        (col("a") == 1, "col('a') == '1'"),
        ((col("a") >= 1) & col("b").not_like("x*"), "(col('a') >= '1') & col('b').not_like('x*')"),
        ((col("a") != None) | col("b").is_in([1, "x"]), "(col('a') != '') | col('b').is_in(['1', 'x'])"),  # noqa: E711
        (Query.parse("cols: a, b\nfilter: c=d").filters[0], "Comparison('AND c = d')"),
        (Query.parse("cols: a, b; filteror: c=d; sort: ^a"), "Query('cols: a, b; filteror: c = d; sort: ^a')"),
        (Query.select('"a, b"', kind="cloud", limit=3), "Query('cols: a, b; limit: 3', kind='cloud')"),
        (dw.parse("---- datalist wide ----\ncols: a\n----").queries[0].query,
         "Query('cols: a', kind='list', classes=('wide',))"),
    ],
)  # fmt: skip
def test_values_are_shown_on_one_line(value, text):
    assert repr(value) == text


@given(dws.filters(), dws.filters())
def test_a_condition_is_shown_as_python_makes_it(one, other):
    for condition in (one, one | other, one & other):
        assert eval(repr(condition), {"col": col}) == condition


def test_conditions_are_built_with_operators():
    condition = (col("type") == "process") & (col("n") >= 5) | col("name").like("a*")
    query = Query.select("%title%", "due_dt", where=condition, sort="^due", limit=3, headers=("A, B", 'say "hi"'))
    assert str(query) == "\n".join(
        [
            "---- datatable ----",
            "cols    : %title%, due_dt",
            'headers : "A, B", "say ""hi"""',
            "filter  : type = process",
            "filter  : n >= 5",
            "filteror: name ~ a*",
            "sort    : ^due",
            "limit   : 3",
            "----",
        ]
    )
    assert block("\n".join(str(query).split("\n")[1:-1])).query == query


def test_brackets_are_multiplied_out():
    a, b, c = (col(name) == "1" for name in "abc")
    assert [(line.logic, str(line)) for line in (a & (b | c)).lines] == [
        ("AND", "a = 1"), ("AND", "b = 1"), ("OR", "a = 1"), ("AND", "c = 1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "join", [lambda a, b: a and b, lambda a, b: a or b, lambda a, b: not a, lambda a, b: 1 < col("c") < 3]
)
def test_words_that_would_drop_a_condition_are_refused(join):
    with pytest.raises(TypeError, match=r"join conditions with & and \|"):
        join(col("a") == 1, col("b") == 2)


@pytest.mark.parametrize(
    "build",
    [
        lambda: col("a=b"),
        lambda: col(" a"),
        lambda: col("a") == "x\ny",
        lambda: col("a") == " x",
        lambda: col("a").is_in(["x,y"]),
        lambda: Query.select(),
        lambda: Query.select("a,b"),
        lambda: Query.select("0"),
        lambda: Query.select("a", limit=0),
        lambda: Query.select("a", kind="pie"),
        lambda: Query.select("a", title="x\ny"),
        lambda: Query.select("a", headers=["x\ny"]),
        lambda: Query.select("a", minimum=-1),
        lambda: Query.select("a", sort=""),
        lambda: Query.select("a", sort="^"),
        lambda: Query.select("a", sort="^ a"),
        lambda: Query.select('"a", "b"x'),
        lambda: Query.parse("cols: a", "pie"),
        lambda: col(""),
        lambda: col("a").is_in([]),
        lambda: col("a") == float("nan"),
        lambda: col("a").like(" x"),
    ],
)
def test_what_no_block_could_say_is_refused(build):
    with pytest.raises(ValueError, match=r"\w"):
        build()


@pytest.mark.parametrize(
    ("build", "wanted"),
    [
        (lambda: Query.select("a", where="a=3"), r'where must be a condition such as col\("type"\) == "process"'),
        (lambda: Query.select("a", where=col("a")), "where must be a condition"),
        (lambda: Query.select("a", where=True), "where must be a condition"),
        (lambda: Query.select(["a", "b"]), "the name of a column must be a string"),
        (lambda: Query.select("a", sort=col("a")), "sort must be the name of a column"),
        (lambda: Query.select("a", limit="3"), "limit must be an integer"),
        (lambda: Query.select("a", limit=True), "limit must be an integer"),
        (lambda: Query.select("a", minimum=1.5), "minimum must be an integer"),
        (lambda: Query.select("a", headers="Name"), "headers must be a list of strings"),
        (lambda: Query.select("a", headers=[1]), "the header must be a string"),
        (lambda: Query.select("a", title=None), "the title must be a string"),
        (lambda: Query.select("a", summarize="no"), "summarize must be True or False"),
        (lambda: Query.select("a", rownumbers=0), "rownumbers must be True or False"),
        (lambda: Query.parse(None), "text must be a string"),
        (lambda: col(3), "the name of a column must be a string"),
        (lambda: col("a") == ["x"], "a value to compare with must be a string, a number or a date"),
        (lambda: col("a") == True, "a value to compare with must be a string"),  # noqa: E712
        (lambda: col("a") == col("b"), "a value to compare with must be a string"),
        (lambda: col("a") < datetime(2026, 1, 1), "a value to compare with must be a string"),
        (lambda: col("a") < None, "a value to compare with must be a string"),
        (lambda: col("a").like(None), "the pattern must be a string"),
        (lambda: col("a").contains(3), "the text must be a string"),
        (lambda: col("a").is_in("abc"), r"is_in\(\) takes a list of values"),
        (lambda: (col("a") == "x") & "b = y", "unsupported operand"),
        (lambda: (col("a") == "x") | col("b"), "unsupported operand"),
    ],
)
def test_wrong_types_are_refused_with_what_is_wanted(build, wanted):
    with pytest.raises(TypeError, match=f"^{wanted}"):
        build()


class Grade(str, enum.Enum):  # noqa: UP042 - str() of its members is not their text
    HIGH = "high"


@pytest.mark.parametrize(
    ("value", "text"),
    [("x", "x"), (3, "3"), (1.5, "1.5"), (Decimal("2.50"), "2.50"), (date(2026, 1, 5), "2026-01-05"),
     (Grade.HIGH, "high"), (PageId("a:b"), "a:b"), (None, "")],
)  # fmt: skip
def test_values_that_have_a_meaning(value, text):
    (line,) = (col("a") == value).lines
    assert (line.operator, line.value, type(line.value)) == ("=", text, str)
    assert Query.parse(str(Query.select("a", where=col("a").is_in([value, "y"])))).filters[0].value == f"{text}, y"


def test_a_name_with_a_comma_stands_in_quotes():
    pages = dw.Wiki.from_pages([dw.parse("---- dataentry ----\nprice, net: 5\n----\n", page_id="a")])
    query = Query.select("%pageid%", '"price, net"', where=col("price, net") == 5, sort="^price, net")
    assert [row.cells for row in pages.evaluate(query)] == [(("a",), ("5",))]
    assert query.labels == ("Title", "price, net")
    with pytest.raises(ValueError, match="no block can select the column 'price, net'"):
        str(query)


TEXT = st.text(alphabet="ab_s %#&'\"é日-.\xa0", max_size=6).map(lambda text: text.strip(" "))
NAMES = TEXT.filter(lambda name: name not in ("", "0") and name[-1:] not in "&\\")
CONDITIONS = st.recursive(
    st.builds(
        lambda name, operator, value: getattr(col(name), operator)(value),
        NAMES, st.sampled_from(["__eq__", "__ne__", "__lt__", "__ge__", "like", "not_like", "contains"]), TEXT,
    ),
    lambda inner: st.builds(lambda one, other, both: one & other if both else one | other, inner, inner, st.booleans()),
    max_leaves=5,
)  # fmt: skip
QUERIES = st.builds(
    Query.select, NAMES, NAMES,
    where=st.none() | CONDITIONS, sort=st.none() | NAMES | NAMES.map("^{}".format),
    limit=st.none() | st.integers(1, 10**6),
    minimum=st.integers(0, 50), headers=st.lists(st.text(alphabet='a, "é#', max_size=5), max_size=3).map(tuple),
    kind=st.sampled_from(KINDS), title=TEXT, summarize=st.booleans(), rownumbers=st.sampled_from([None, True, False]),
)  # fmt: skip


@given(QUERIES)
def test_a_printed_query_reads_as_the_same_query(query):
    (node,) = dw.parse(str(query)).queries
    assert node.query == query
    assert node.problems == ()
    assert Query.parse(str(query)) == query


BODIES = st.text(alphabet='cols:filter\n =~<>!*,"#\\&^;0a', max_size=60)


@given(BODIES, st.sampled_from(KINDS))
def test_reading_is_total_and_a_fixed_point(body, kind):
    for node in dw.parse(f"---- data{kind} ----\n{body}\n----\n").queries:
        again = dw.parse(str(node.query)).queries[0].query
        assert [str(line) for line in again.filters] == [str(line) for line in node.query.filters]
