"""Blocks made to take long: they are read to the end, with nothing lost. (A quadratic step would take minutes here.)"""

import pytest

import dokuwiki_data as dw

LONG = 100_000


@pytest.mark.parametrize(
    "line",
    [
        "cols: a," + " " * LONG + ",b",
        "cols: a," + "0 ," * LONG,
        "cols: a\nheaders: " + '"' * LONG,
        "cols: a\nheaders: " + ", " * LONG + '"',
        "cols: a\nheaders: " + 'x"' * LONG,
        "cols: a\nfilter: " + "a" * LONG + "\nfilter: " + "*!" * LONG,
        "cols: a\nfilter: a ~ " + "*a" * LONG,
        "cols: a\nlimit: " + "9" * LONG + "\nmin: " + "1e" * LONG,
        "cols: a\nsort: " + "^" * LONG,
        "cols: a\n" + ":" * LONG + "\n" + " " * LONG + "#" * LONG,
        "cols: a\n" + "\\#" * LONG + "&#" * LONG,
    ],
    ids=lambda line: ascii(line[:20]),
)
@pytest.mark.parametrize("kind", ["entry", "table"])
def test_long_lines_are_read(kind, line):
    page = dw.parse(f"---- data{kind} ----\n{line}\n----\n")
    (block,) = page.entries if kind == "entry" else page.queries
    assert block.source.endswith("\n----")
    for child in block.walk():
        assert child.span.start >= 0
    if kind == "table":
        assert block.query.columns[0].name == "a"
        assert dw.parse(str(block.query)).queries


def test_many_lines_are_read():
    page = dw.parse("---- dataentry ----\n" + "as: 1, 2 # x\n\\\n0\n" * 20_000 + "----\n")
    assert len(page.entries[0].fields) == 20_000
    assert len(page.entries[0].problems) == 20_000
    page = dw.parse("---- datatable ----\n" + "cols: a\nfilter: a = 1\n" * 20_000 + "----\n")
    assert len(page.queries[0].query.filters) == 20_000
