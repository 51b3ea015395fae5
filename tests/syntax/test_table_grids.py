"""Tables as rectangles of cells, and as CSV."""

import csv
import io
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data import strategies as wiki
from dokuwiki_data.nodes import Table

CASES = yaml.safe_load(Path(__file__).with_name("grids.yaml").read_text("utf-8"))


def shown(table):
    """A grid as the cases write it."""
    rows = ((cell.plain_text().strip().replace(" ", "·") if cell else "." for cell in row) for row in table.grid())
    return "".join(f"{' '.join(row)}\n" for row in rows)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_grid(case):
    assert shown(dw.parse(case["input"]).find(Table)) == case["grid"]


@given(wiki.pages())
def test_every_cell_stands_in_a_rectangle(page):
    for table in page.find_all(Table):
        rows = table.grid()
        assert {len(row) for row in rows} <= {table.columns}
        places = [id(cell) for row in rows for cell in row if cell is not None]
        for row in table.rows:
            for cell in row.cells:
                assert places.count(id(cell)) == cell.colspan * cell.rowspan
        read = list(csv.reader(io.StringIO(table.to_csv(formulas=True), newline="")))
        assert [len(row) for row in read] == [table.columns] * len(rows)


def test_pandas_reads_the_same_from_the_html():
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("lxml")
    for case in CASES:
        page = dw.parse(case["input"].replace("^", "|"))
        (frame,) = pandas.read_html(io.StringIO(dw.render.html(page)), flavor="lxml", keep_default_na=False)
        ours = list(csv.reader(io.StringIO(page.find(Table).to_csv(), newline="")))
        assert frame.astype(str).values.tolist() == ours


def test_csv_is_text_for_spreadsheets():
    table = dw.parse('| =1+1 | a, "b" |\n').find(Table)
    assert table.to_csv() == '\'=1+1,"a, ""b"""\r\n'
    assert table.to_csv(formulas=True) == '=1+1,"a, ""b"""\r\n'


CELLS = st.lists(st.sampled_from(["a", " b", "  right", "left  ", "  both  ", " ", "  "]), min_size=1, max_size=4)


@given(st.lists(CELLS.map(lambda cells: "".join(f"{'^' if cell == 'a' else '|'}{cell}" for cell in cells)), min_size=3))
def test_rows_of_text_are_as_each_of_them_is_alone(rows):
    page = dw.parse("".join(f"{row}|\n" for row in rows))
    for row, text in zip(page.find(Table).rows, rows, strict=True):
        alone = dw.parse(f"{text}|").find(Table).rows[0]
        assert row == alone
        assert [cell.source for cell in row.cells] == [cell.source for cell in alone.cells]
