"""The title of a page is the same wherever it is asked for: that of DokuWiki's first header call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import dokuwiki_data as dw
from dokuwiki_data.conversion import convert
from dokuwiki_data.wiki.sources.opening import open_source

BLOCKS = "\n---- dataentry ----\nname: x\n----\n---- datatable ----\ncols: %title%\nfilter: name=x\n----\n"
QUERY = dw.Query.parse("cols: %title%\nfilter: name=x")
SYNTAX = dw.Syntax(plugins=("data", "wrap"))

#: The text of a page, and its title; None stands for the page's id.
TITLES: list[tuple[str, str | None]] = [
    ("no heading", None),
    ("== Small ==\n\n====== Large ======", "Small"),
    ("<WRAP>\n===== In a container =====\n</WRAP>\n\n====== Section ======", "In a container"),
    ("<WRAP>\n<WRAP box>\n===== Deep =====\n</WRAP>\n</WRAP>\n\n====== Section ======", "Deep"),
    ("text <WRAP>\n===== Behind text =====\n</WRAP>", "Behind text"),
    ("((<WRAP>\n===== In a footnote =====\n</WRAP>))\n\n====== Section ======", "In a footnote"),
    ("====== Section ======\n<WRAP>\n===== In it =====\n</WRAP>", "Section"),
    ("====== 0 ======\n\n===== Second =====", None),
    ("======  ======\n\n===== Second =====", None),
    ("<WRAP>\n===== 0 =====\n</WRAP>\n\n====== Section ======", None),
]


@pytest.mark.parametrize(("text", "title"), TITLES)
def test_every_way_gives_the_same_title(tmp_path: Path, text: str, title: str | None) -> None:
    pytest.importorskip("duckdb")
    pages = tmp_path / "wiki" / "pages"
    pages.mkdir(parents=True)
    (pages / "page.txt").write_text(text + BLOCKS)
    source = open_source(tmp_path / "wiki", pytest.fail)
    source = replace(source, settings=replace(source.settings, syntax=SYNTAX))
    wiki = dw.Wiki(source)
    (record,) = convert(source, parts=("text", "tables"))
    dw.add_wiki(tmp_path / "wikis", source, "a")
    dataset = dw.Dataset(tmp_path / "wikis")
    assert {
        "page": wiki["page"].title,
        "record": record["title"],
        "stored": next(wiki.stored()).title,
        "answer": wiki.evaluate(QUERY).rows[0].cells[0][0],
        "answer in the record": record["tables"][0]["rows"][0]["Page"],
        "answer of the dataset": dataset.evaluate(QUERY).rows[0].cells[0][0],
        "dataset": dataset.connect().execute("SELECT title FROM pages").fetchall()[0][0],
    } == dict.fromkeys(
        ["page", "record", "stored", "answer", "answer in the record", "answer of the dataset", "dataset"],
        title or "page",
    )
