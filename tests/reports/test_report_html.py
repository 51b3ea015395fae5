"""A report as HTML: well-formed pages, every row and place in them, links that lead somewhere, no text as markup."""

from __future__ import annotations

import csv
import io
import posixpath
import re
import sys
from importlib.util import find_spec
from urllib.parse import unquote

import pytest
from made_report import HIDDEN, HOSTILE, made_report, source_of

from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.portable_names import folded
from dokuwiki_data.reports.content import ReportPlace, WikiReport
from dokuwiki_data.reports.shown_values import shown, visible
from dokuwiki_data.reports.source_views import SourcePart, anchor, source_lines

html5lib = pytest.importorskip("html5lib")
pytest.importorskip("jinja2")
if find_spec("pygal") is None:
    pytest.skip("needs pygal", allow_module_level=True)

from dokuwiki_data.reports.html import html_files  # noqa: E402

REPORT = made_report()
MOST_ROWS = 200
FORBIDDEN = {"style", "iframe", "object", "embed", "form", "base", "img", "b", "math"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", autouse=True)
def few_rows():
    """Let pages show fewer rows of a table, so that a table with more is soon made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dokuwiki_data.reports.html.MOST_ROWS", MOST_ROWS)
        yield


@pytest.fixture(scope="module")
def files(few_rows):
    return dict(html_files(REPORT, source_of))


@pytest.fixture(scope="module")
def trees(files):
    """The pages by their path; html5lib raises an error for what is not well-formed."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return {path: parser.parse(content.decode()) for path, content in files.items() if path.endswith(".html")}


def text_of(element):
    return "".join(element.itertext())


def test_the_pages_of_a_report_are_there(files):
    own = {path for path in files if not path.startswith("sources/")}
    assert own == {
        "index.html", "size.html", "found.html", "tables/values.csv", "tables/many.csv",
        "_site/site.css", "_site/site.js", "_site/report.css",
    }  # fmt: skip
    assert len(files) - len(own) == len({f"ns:{text}" for text in HOSTILE})


def test_names_of_files_are_safe_everywhere(files):
    assert len({folded(path) for path in files}) == len(files)
    for path in files:
        assert re.fullmatch(r"(?:[\w%~.-]*[\w%~-]/)*[\w%~.-]+\.(?:html|csv|css|js)", path)
        assert not re.search(r"(?:^|/)(?:\.|con[./])", path)


def test_links_lead_to_files_and_anchors_that_exist(files, trees):
    anchors = {path: {element.get("id") for element in tree.iter()} for path, tree in trees.items()}
    places = 0
    for path, tree in trees.items():
        for element in tree.iter():
            for address in filter(None, (element.get("href"), element.get("src"))):
                if address == "data:,":
                    continue
                target, _, fragment = address.partition("#")
                file = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target))) if target else path
                assert file in files, address
                assert not fragment or unquote(fragment) in anchors[file], address
                places += fragment.startswith("L")
    assert places >= 2 * len(HOSTILE)  # from the table to the source, and in the source


def test_every_row_is_shown_up_to_a_number_that_is_told(trees):
    page = trees["found.html"]
    for table in REPORT.chapters[1].tables:
        (section,) = (element for element in page.iter("section") if element.get("id") == table.name)
        rows = list(section.iterfind(".//tbody/tr"))
        assert len(rows) == min(len(table.rows), MOST_ROWS)
        for row, values in zip(rows, table.rows, strict=False):
            for cell, value, column in zip(row, values, table.columns, strict=True):
                if isinstance(value, ReportPlace):
                    wanted = f"{visible(value.page_id)} line {value.line}, column {value.column}"
                else:
                    wanted = visible(shown(value, column.type))
                assert text_of(cell).startswith(wanted[:500])
        assert ("The first 200 of 250 rows" in text_of(section)) == (len(table.rows) > MOST_ROWS)
    assert "Nothing was found" in text_of(page.find(".//section[@id='none']"))
    assert "It is not known" in text_of(page.find(".//section[@id='unseen']"))


def test_the_index_counts_the_findings_of_each_kind(trees):
    index = trees["index.html"]
    rows = [[text_of(cell).strip() for cell in row] for row in index.iterfind(".//tbody/tr")]
    assert rows == [
        ["Values", str(len(HOSTILE) + 1), "Found <things>", "values"],
        ["Many", "250", "Found <things>", "many"],
    ]
    assert [text_of(item) for item in index.iterfind(".//ul[@class='clean']/li")] == ["None"]
    assert [text_of(item) for item in index.iterfind(".//ul[@class='unknown']/li")] == ["Unseen"]
    assert REPORT.findings() == {"values": len(HOSTILE) + 1, "many": 250, "none": 0, "unseen": 0}
    figures = {text_of(figure[0]): text_of(figure[1]) for figure in index.iterfind(".//dl[@class='figures']/div")}
    assert figures == {"Pages": "1,234", "Size </dd>": "1.23 MB", "First edit": "1970-01-01"}

    known = text_of(trees["size.html"].find(".//dl[@class='figures']/div[4]"))
    assert known == "Not known–"


def test_csv_has_every_row_with_raw_values(files):
    for table in (REPORT.table("many"), REPORT.table("values")):
        header, *rows = csv.reader(io.StringIO(files[f"tables/{table.name}.csv"].decode(), newline=""))
        assert len(rows) == len(table.rows)
    assert header[:4] == ["where_page", "where_line", "where_column", "text"]
    assert rows[-1][:3] == [HIDDEN, "1000000", "1000000"]


def test_the_source_of_a_page_is_its_text(trees):
    sources = {text_of(tree.find(".//h1")): tree for path, tree in trees.items() if path.startswith("sources/")}
    assert HIDDEN not in sources
    for text in HOSTILE:
        page_id = f"ns:{text}"
        source = sources[visible(page_id)].find(".//pre[@class='source']")
        assert text_of(source) == visible(source_of(page_id).removesuffix("\n") + "\n")


def test_a_place_of_a_page_without_a_view_of_its_source_is_no_link(trees):
    row = trees["found.html"].findall(".//section[@id='values']//tbody/tr")[-1]
    assert row.findall(".//a") == []
    assert text_of(row[0]) == f"{HIDDEN} line 1000000, column 1000000"


def test_no_text_of_a_wiki_becomes_markup(trees):
    for tree in trees.values():
        assert {script.get("src", "")[-7:] for script in tree.iter("script")} == {"site.js"}
        for element in tree.iter():
            assert element.tag.rpartition("}")[2] not in FORBIDDEN
            assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
            assert "src" not in element.attrib or element.tag == "script"


@pytest.mark.parametrize("hidden", ["\u202e", "\0", "\ufffe", "\udc80"])
def test_no_hidden_character_is_in_a_page(files, hidden):
    written = hidden.encode("utf-8", "surrogatepass")
    assert not [path for path, content in files.items() if path.endswith(".html") and written in content]


def test_nothing_is_loaded_from_elsewhere(files):
    namespaces = {b"http://www.w3.org/2000/svg", b"http://www.w3.org/1999/xlink"}
    for path, content in files.items():
        if path.endswith((".html", ".css")):
            addresses = re.findall(rb"(?:=\"|@import|url\()\s*['\"]?(https?:[^\s\"]*)", content)
            assert set(addresses) <= namespaces


def test_a_plot_has_a_title_a_description_and_its_numbers(trees):
    page = trees["size.html"]
    plots = {plot.name: plot for plot in REPORT.chapters[0].plots}
    for name in ("edits", "kinds", "spaces"):
        section = page.find(f".//section[@id='{name}']")
        svg = section.find(f".//{SVG}svg")
        about = " ".join(text_of(page.find(f".//*[@id='{part}']")) for part in svg.get("aria-labelledby").split())
        assert (svg.get("role"), about) == ("img", f"{plots[name].title} {plots[name].about}")
        rows = [[text_of(cell) for cell in row] for row in section.iterfind(".//tbody/tr")]
        assert rows == [
            [visible(label), *(shown(number, plots[name].type) for number in numbers)]
            for label, *numbers in zip(plots[name].labels, *plots[name].series.values(), strict=True)
        ]
    assert len(page.findall(f".//section[@id='kinds']//{SVG}svg//{SVG}title")) > len(HOSTILE)  # a tooltip for each bar
    assert page.find(f".//section[@id='nothing']//{SVG}svg") is None


def test_two_reports_of_the_same_are_the_same_to_the_byte(files):
    assert dict(html_files(made_report(), source_of)) == files


def test_imports_are_found_as_before(files):
    assert not [finder for finder in sys.meta_path if type(finder).__module__.startswith("pygal")]


def test_the_extra_is_named_if_it_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygal", None)
    with pytest.raises(MissingExtraError, match=r"needs pygal: pip install 'dokuwiki-data\[report\]'"):
        next(html_files(REPORT, source_of))


@pytest.mark.parametrize(
    ("value", "of", "text"),
    [
        (0, "bytes", "0 bytes"), (1, "bytes", "1 byte"), (999, "bytes", "999 bytes"), (1000, "bytes", "1.00 kB"),
        (9999, "bytes", "10.0 kB"), (99_960, "bytes", "100 kB"), (999_499, "bytes", "999 kB"),
        (999_500, "bytes", "1.00 MB"), (10**18, "bytes", "1000 PB"), (0.834, "share", "83.4 %"),
        (1, "share", "100.0 %"),
        (1234.5, "number", "1,234.5"), (2.0, "number", "2"), (None, "number", ""),
        (10**20, "time", f"{10**20} seconds"),
    ],
)  # fmt: skip
def test_values_are_shown_for_people(value, of, text):
    assert shown(value, of) == text


@pytest.mark.parametrize(
    ("text", "places", "parts"),
    [
        ("abc", [(1, 1)], [[("abc", "L1C1")]]),
        ("abc", [(1, 3), (1, 2)], [[("a", ""), ("b", "L1C2"), ("c", "L1C3")]]),
        ("a\r\nb\n", [(2, 9)], [[("a", "")], [("b", ""), ("", "L2C9")]]),
        ("", [(1, 1)], [[("", "L1C1")]]),
        ("a", [(5, 1), (0, 0)], [[("", "L0C0"), ("a", "L5C1")]]),
    ],
)
def test_lines_are_parted_at_places(text, places, parts):
    found = source_lines(text, {ReportPlace("p", *place): None for place in places})
    assert found == [tuple(SourcePart(*part) for part in line) for line in parts]
    assert {part.anchor for line in found for part in line if part.anchor} == {
        anchor(ReportPlace("p", *place)) for place in places
    }


def test_a_long_title_is_cut_since_every_page_has_it():
    files = dict(html_files(WikiReport("x" * 5000, 0, ()), lambda page_id: None))
    assert b"x" * 200 in files["index.html"]
    assert b"x" * 201 not in files["index.html"]
