"""What tables are turned into: nothing is lost, and nothing in a cell is more than text where it goes."""

import csv
import html.parser
import io
import json
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import dokuwiki_data as dw
from dokuwiki_data.engine.context import ColumnType, Context, TypeAlias
from dokuwiki_data.engine.formats import FORMATS
from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.engine.values import Address, Image, PageId
from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.query.columns import Column

WIKI = dw.Wiki.from_pages(
    dw.parse(text, page_id=page_id, modified=modified)
    for page_id, modified, text in [
        (
            "tool:kettle", 1795292810,
            "====== Kettle ======\n---- dataentry tool ----\nname: Kettle\nprice: 19,5\nbought_dt: 2026-1-9\n"
            "users_pages: Role:Steward, role:analyst\nmaker_mail: Info@Example.org The makers\nphoto_img40: a.png|Red\n"
            "----\n",
        ),
        (
            "tool:lamp", 86399,
            "---- dataentry tool ----\nname: Lamp\nprice: 3\nbought_dt: 2026-02-31\nusers_pages:\n----\n",
        ),
    ]
)  # fmt: skip
OPTIONS = """
cols: name, price, bought_dt, users_pages, maker_mail, photo_img40, %lastmod%, %pageid%
headers: Name, Price, Bought, Users, Maker, Photo, Changed, Name
sort: name
"""


def asked(options=""):
    return WIKI.evaluate(dw.Query.parse(OPTIONS + options))


def table(rows, *, labels=None, many=True):
    """A table of the given cells, which are lists of texts."""
    width = len(rows[0])
    columns = tuple(Column.parse(f"column{at}_{'s' * many}") for at in range(width))
    made = tuple(
        ResultRow("page", tuple(map(tuple, row)), number, None, (ColumnType(""),) * width)
        for number, row in enumerate(rows, start=1)
    )
    return Result("table", columns, tuple(labels or (column.title for column in columns)), made)


# ------------------------------------------------------------------------------------- Python and JSON


def test_dictionaries_hold_typed_values():
    kettle, lamp = asked().to_dicts()
    assert kettle == {
        "Name": "Kettle",
        "Price": "19,5",
        "Bought": date(2026, 1, 9),
        "Users": ["role:steward", "role:analyst"],
        "Maker": Address("info@example.org", "The makers"),
        "Photo": Image("a.png", "Red", 40),
        "Changed": datetime(2026, 11, 21, 20, 26, 50, tzinfo=UTC),
        "Name (2)": "tool:kettle",
    }
    assert isinstance(kettle["Users"][0], PageId)
    # A day that does not exist stays the text that the plugin stores.
    assert (lamp["Bought"], lamp["Users"], lamp["Maker"]) == ("2026-02-31", [], None)


def test_json_holds_texts_as_stored_and_times_as_iso_8601():
    rows = json.loads(asked().to_json())
    assert rows[0] == {
        "Name": "Kettle",
        "Price": "19,5",
        "Bought": "2026-01-09",
        "Users": ["role:steward", "role:analyst"],
        "Maker": "info@example.org The makers",
        "Photo": "a.png|Red",
        "Changed": "2026-11-21T20:26:50Z",
        "Name (2)": "tool:kettle",
    }
    assert [json.loads(line) for line in asked().to_jsonl().splitlines()] == rows


def test_counts_are_numbers():
    cloud = WIKI.evaluate(dw.Query.parse("cols: users_pages", kind="cloud"))
    assert cloud.to_dicts() == [{"users": "role:analyst", "Count": 1}, {"users": "role:steward", "Count": 1}]
    assert json.loads(cloud.to_json()) == cloud.to_dicts()


def test_a_cell_with_several_values_makes_its_column_a_list_whatever_its_name_says():
    rows = WIKI.evaluate(dw.Query.parse("cols: users_page; sort: name")).to_dicts()
    assert rows == [{"users": ["role:steward", "role:analyst"]}, {"users": []}]


def test_labels_that_are_equal_get_a_number():
    equal = table([["a"] * 4], labels=["X", "X", "X (2)", "X"])
    assert list(equal.to_dicts()[0]) == ["X", "X (2)", "X (2) (2)", "X (3)"]
    assert len(equal.to_pandas().columns) == equal.to_arrow().num_columns == 4


# ------------------------------------------------------------------------------------- pandas and Arrow


def test_a_data_frame_has_the_typed_values():
    frame = asked().to_pandas()
    assert list(frame.columns) == list(asked().to_dicts()[0])
    assert frame["Bought"][0] == date(2026, 1, 9)
    assert frame["Users"][0] == ["role:steward", "role:analyst"]
    assert frame["Changed"].max().year == 2026


def test_arrow_has_a_type_where_all_values_have_it(tmp_path):
    import pyarrow.parquet

    made = asked().to_arrow()
    types = {field.name: str(field.type) for field in made.schema}
    assert types == {
        "Name": "string", "Price": "string", "Bought": "string", "Users": "list<item: string>", "Maker": "string",
        "Photo": "string", "Changed": "timestamp[s, tz=UTC]", "Name (2)": "string",
    }  # fmt: skip
    only_kettle = asked("filter: name = Kettle").to_arrow()
    assert str(only_kettle.schema.field("Bought").type) == "date32[day]"
    pyarrow.parquet.write_table(made, tmp_path / "tools.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "tools.parquet").to_pylist()[0]["Photo"] == "a.png|Red"


@pytest.mark.parametrize(
    ("library", "extra", "method"), [("pandas", "pandas", "to_pandas"), ("pyarrow", "parquet", "to_arrow")]
)
def test_a_missing_library_is_said_with_the_extra_that_brings_it(monkeypatch, library, extra, method):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        MissingExtraError, match=rf"^this needs {library}: pip install 'dokuwiki-data\[{extra}\]'$"
    ) as error:
        getattr(asked(), method)()
    assert isinstance(error.value, dw.DokuWikiDataError)


# ---------------------------------------------------------------------------- what each text looks like


def test_texts_for_people_have_numbers_and_sums():
    numbered = WIKI.evaluate(
        dw.Query.parse("cols: name, price, users_pages; sort: name; rownumbers: 1; summarize: 1; headers: Name")
    )
    assert numbered.to_markdown() == (
        "| # | Name | price | users |\n"
        "| --- | --- | --- | --- |\n"
        "| 1 | Kettle | 19,5 | role:steward, role:analyst |\n"
        "| 2 | Lamp | 3 |  |\n"
        "|  |  | 22.5 |  |\n"
    )
    assert numbered.to_wiki() == (
        "^ %%#%% ^ Name ^ price ^ users ^\n"
        "| 1 | Kettle | 19,5 | role:steward, role:analyst |\n"
        "| 2 | Lamp | 3 | |\n"
        "| | | 22.5 | |\n"
    )
    assert numbered.to_html() == (
        "<table>\n<thead>\n<tr><th>#</th><th>Name</th><th>price</th><th>users</th></tr>\n</thead>\n<tbody>\n"
        "<tr><td>1</td><td>Kettle</td><td>19,5</td><td>role:steward, role:analyst</td></tr>\n"
        "<tr><td>2</td><td>Lamp</td><td>3</td><td></td></tr>\n"
        "</tbody>\n<tfoot>\n<tr><td></td><td></td><td>22.5</td><td></td></tr>\n</tfoot>\n</table>\n"
    )
    assert numbered.to_html() == numbered._repr_html_()
    assert numbered._repr_mimebundle_() == {
        "text/html": numbered.to_html(),
        "text/plain": numbered.to_text().rstrip("\n"),
    }
    assert numbered.to_text() == (
        "#   Name     price   users\n"
        "───────────────────────────────────────────────\n"
        "1   Kettle   19,5    role:steward, role:analyst\n"
        "2   Lamp     3\n"
        "───────────────────────────────────────────────\n"
        "             22.5\n"
    )
    # Others have the rows and nothing else.
    assert numbered.to_csv().splitlines() == [
        "Name,price,users",
        'Kettle,"19,5","role:steward, role:analyst"',
        "Lamp,3,",
    ]
    assert list(numbered.to_dicts()[0]) == ["Name", "price", "users"]


def test_people_see_prefixes_and_postfixes_where_the_plugin_puts_them():
    types = [
        ColumnType("", "≈", " €"), ColumnType("page", "role:", "_x"), ColumnType("mail", "<", ">"),
        ColumnType("title", "ns:", ""), ColumnType("tag", "tags:", "!"), ColumnType("nspage", "a", "b"),
    ]  # fmt: skip
    cells = (("5", "", "6"), ("steward",), ("a@b.org Joe X",), ("page|A page",), ("red",), ("c",))
    columns = tuple(Column.parse(f"{name}_{name}s") for name in "abcdef")
    made = Result("table", columns, tuple("abcdef"), (ResultRow("p", cells, 1, None, tuple(types)),))
    seen = ["≈5 €, ≈6 €", "role:steward_x", "<a@b.org> Joe X", "ns:page|A page", "red", "c"]
    assert Cells(made.to_html()).rows == [list("abcdef"), seen]
    assert read_wiki(made.to_wiki())[1] == seen
    assert "| ≈5 €, ≈6 € | role:steward_x |" in made.to_markdown()
    assert "≈5 €, ≈6 €" in made.to_text()
    # Programs get values as they are stored.
    assert made.to_csv().splitlines()[1] == '"5, , 6",steward,a@b.org Joe X,page|A page,red,c'
    assert json.loads(made.to_json())[0] | {"c": None} == {
        "a": ["5", "", "6"], "b": ["steward"], "c": None, "d": ["page|A page"], "e": ["red"], "f": ["c"],
    }  # fmt: skip
    assert made.rows[0].values[1] == (PageId("steward"),)


def test_aliases_of_a_wiki_show_and_clouds_count_what_is_stored():
    euro = Context(aliases=(TypeAlias("eur", prefix="%lang%:", postfix="€"), TypeAlias("title", "title", "ns:")))
    pages = dw.Wiki.from_pages([dw.parse("---- dataentry ----\nprice_eur: 5\n----\n", page_id="a")])
    shown = pages.evaluate("cols: price_eur, %title%", context=euro)
    assert shown.rows[0].shown == (("en:5€",), ("a",))
    assert shown.rows[0].cells == (("5",), ("a",))
    assert pages.evaluate(dw.Query.parse("cols: price_eur", "cloud"), context=euro).rows[0].shown == (("5",), ("1",))


@pytest.mark.parametrize(
    ("numbers", "sum_"),
    [
        (["1,5", "7.5"], "9"), (["3", "-3"], ""), (["0.0"], ""), (["0.1", "0.2"], "0.3"), (["x"], ""),
        (["1e15"], "1.0E+15"), (["1.5e20"], "1.5E+20"), (["1e-7"], "1.0E-7"), (["0.0001"], "0.0001"),
        (["1e400"], "INF"), (["-1e400"], "-INF"), (["1e400", "-1e400"], "NAN"),
        (["9223372036854775807"], "9223372036854775807"), (["9223372036854775807", "1"], "9.2233720368548E+18"),
    ],
)  # fmt: skip
def test_sums_are_shown_as_php_shows_numbers(numbers, sum_):
    pages = dw.Wiki.from_pages(
        dw.parse(f"---- dataentry ----\nn: {number}\n----\n", page_id=f"p{at}") for at, number in enumerate(numbers)
    )
    summed = pages.evaluate("cols: n; sort: %pageid%; summarize: 1")
    assert summed.to_markdown().splitlines()[-1] == f"| {sum_} |"


def test_a_list_and_a_table_without_rows_show_no_sums():
    for query in ("---- datalist ----\ncols: price\nsummarize: 1\n----", "cols: price; summarize: 1; filter: name = x"):
        assert "tfoot" not in WIKI.evaluate(query).to_html()


def test_a_table_for_a_terminal_is_folded_and_loses_nothing():
    text = table([[["a word and another"], ["x" * 30]]]).to_text(width=20)
    assert max(map(len, text.splitlines())) <= 20
    assert text.count("x") == 30


@pytest.mark.parametrize("format_", FORMATS)
def test_a_query_without_columns_is_an_empty_table(format_):
    empty = WIKI.evaluate(dw.Query())
    assert len(FORMATS[format_].write(empty)) < 70
    assert empty.to_dicts() == []


@pytest.mark.parametrize("format_", FORMATS)
def test_bytes_that_are_not_utf_8_are_replacement_characters(format_):
    odd = table([[["caf\udce9"], ["\ud800"]]], labels=["\udcff", "b"])
    written = FORMATS[format_].write(odd)
    assert "caf\ufffd" in written.encode().decode()
    assert odd.to_dicts() == [{"\ufffd": ["caf\ufffd"], "b": ["\ufffd"]}]
    assert odd.to_arrow().to_pylist() == odd.to_dicts()


def test_text_and_json_send_nothing_to_the_terminal():
    odd = table([[["\x1b[2J\x07\x9b\u202e"]]])
    for written in (odd.to_text(), odd.to_json(), odd.to_jsonl()):
        assert not [character for character in written if not character.isprintable() and character != "\n"]
    assert "\\u001b" in odd.to_text()


# -------------------------------------------------------------------------------------------------- CSV


SIGNS = ["=", "+", "-", "@", "\t", "\r", "\0", "\ufeff=", "＝", "＋", "－", "＠", "﹦", "\N{MINUS SIGN}"]


@pytest.mark.parametrize("start", SIGNS)
def test_a_spreadsheet_computes_nothing(start):
    attack = f"{start}1+cmd|' /C calc'!A0"
    hostile = table([[[attack], ["harmless", attack]]], labels=[attack, "b"])
    header, row = csv.reader(io.StringIO(hostile.to_csv(), newline=""))
    assert (header, row) == ([f"'{attack}", "b"], [f"'{attack}", f"harmless, {attack}"])
    header, row = csv.reader(io.StringIO(hostile.to_csv(formulas=True), newline=""))
    assert (header, row) == ([attack, "b"], [attack, f"harmless, {attack}"])


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("=1;=2;b", "'=1;'=2;b"),
        ('a;"=1+1"', 'a;\'"=1+1"'),
        ("a\t=1", "a\t'=1"),
        ("a\n@b", "a\n'@b"),
        ("a;＝1", "a;'＝1"),
        ("a; b; c", "a; b; c"),
        ("1-2=3", "1-2=3"),
        ("a, -1", "a, -1"),
        ("'=1", "'=1"),
    ],
)
def test_a_spreadsheet_that_divides_at_semicolons_computes_nothing(text, safe):
    hostile = table([[["x"], [text]]], labels=["a", text])
    header, row = csv.reader(io.StringIO(hostile.to_csv(), newline=""))
    assert (header, row) == (["a", safe], ["x", safe])
    for cell in (cell for line in hostile.to_csv().split("\r\n") for cell in line.split(";")):
        assert not cell.strip('"').startswith(tuple(SIGNS))


MARKUP = (
    "a", "b", "é", "7", "x", " ", "|", "^", "%", "%%", "*", "**", "_", "__", "/", "//", "\\", "\\\\", "'", '"', "''",
    "<", ">", "&", "&amp;", "<nowiki>", "</nowiki>", "[[", "]]", "{{", "}}", "((", "))", "~~", "~", ":::", ":", "-",
    "`", "[", "]", "(", ")", "#", "!", "=", "==", "$", ";", ",", ".", "...", "+", "@", "\t", "<br>", "<del>",
    "http://a.b", "www.a.b", "a@b.org", "<a@b.org>", "640x480", "FIXME", ":-)", "->", "(c)", "<code>", "<file>",
    "NOCACHE~~", "----", "> ", "  * ", "{{rss>", "LOL", "HTML", "doku>a", "\\\\a\\b",
)  # fmt: skip
texts = st.lists(st.sampled_from(MARKUP), max_size=8).map("".join).map(str.strip)
cells = st.lists(texts.filter(bool), max_size=2)
tables = st.integers(1, 3).flatmap(
    lambda width: st.builds(
        lambda labels, rows: table(rows, labels=labels),
        st.lists(texts.filter(bool), min_size=width, max_size=width),
        st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=3),
    )
)


def shown(made):
    return [list(made.labels)] + [[", ".join(cell) for cell in row.cells] for row in made.rows]


@given(tables)
def test_csv_reads_back(made):
    written = list(csv.reader(io.StringIO(made.to_csv(formulas=True), newline="")))
    assert written[0] == list(made.to_dicts()[0])
    assert written[1:] == shown(made)[1:]
    safe = list(csv.reader(io.StringIO(made.to_csv(), newline="")))
    assert not [cell for row in safe for cell in row if cell[:1] in tuple("=+-@\t\r")]
    # It adds apostrophes and nothing else.
    assert [[cell.replace("'", "") for cell in row] for row in safe] == [
        [cell.replace("'", "") for cell in row] for row in written
    ]


@given(tables)
def test_json_reads_back(made):
    assert [list(row.values()) for row in json.loads(made.to_json())] == [list(map(list, row.cells)) for row in made]


# ------------------------------------------------------------------------------------------------ markup


class Cells(html.parser.HTMLParser):
    """The texts of the cells of a table, and the tags in them."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.tags = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1] and data != "\n":
            self.rows[-1][-1] += data


@given(tables)
def test_html_reads_back(made):
    read = Cells(made.to_html())
    assert read.rows == shown(made)
    assert set(read.tags) <= {"table", "thead", "tbody", "tr", "th", "td"}


@given(tables)
def test_markdown_reads_back(made):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(made.to_markdown())
    assert tokens[0].type == "table_open"
    read = [[]]
    for token in tokens:
        if token.type == "tr_close":
            read.append([])
        elif token.type == "inline":
            assert {part.type for part in token.children} <= {"text", "text_special"}
            read[-1].append("".join(part.content for part in token.children))
    assert read[:-1] == [[cell.strip() for cell in row] for row in shown(made)]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a|b", r"a\|b"),
        ("a\nb\r\nc", "a<br>b<br>c"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("a_b _c_", r"a_b \_c\_"),
        ("2026-11-21", "2026-11-21"),
    ],
)
def test_markdown_is_escaped(text, markdown):
    assert table([[[text]]]).to_markdown().splitlines()[-1] == f"| {markdown} |"


def read_wiki(text):
    page = dw.parse(text)
    (found,) = page.tables
    assert page.children == (found,)
    assert all(cell.colspan == cell.rowspan == 1 for row in found.rows for cell in row.cells)
    assert all(cell.header == (number == 0) for number, row in enumerate(found.rows) for cell in row.cells)
    return [[cell.plain_text()[1:-1] for cell in row.cells] for row in found.rows]


@given(tables)
def test_wiki_markup_reads_back(made):
    assert read_wiki(made.to_wiki()) == shown(made)


def test_wiki_markup_reads_back_over_lines():
    made = table([[["a\nb | c\n| d"], ["%%\n</nowiki>"]]])
    assert read_wiki(made.to_wiki()) == shown(made)


@given(tables)
def test_text_shows_every_character(made):
    written = "".join(made.to_text().split())
    for row in made.rows:
        for cell in row.cells:
            for text in cell:
                assert "".join(text.split()) in written
