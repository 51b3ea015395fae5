"""What is true of every page, whatever stands in it."""

import re

from helpers import check_page
from hypothesis import given
from hypothesis import strategies as st
from markup import MARKDOWN_PAGES, MARKDOWN_SYNTAXES, PAGES, SYNTAXES, TEXTS, examples

import dokuwiki_data as dw
from dokuwiki_data.nodes import blocks, inline

WORDS = st.lists(st.text("abcdefghijkäöü日本", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)
FORMATTINGS = [
    inline.Strong, inline.Emphasis, inline.Underline, inline.Monospace,
    inline.Subscript, inline.Superscript, inline.Deleted,
]  # fmt: skip


@examples(3)
@given(PAGES, SYNTAXES)
def test_every_page_fulfils_everything(text, syntax):
    check_page(dw.parse(text, syntax=syntax), syntax=syntax)


@examples(3)
@given(MARKDOWN_PAGES, MARKDOWN_SYNTAXES)
def test_laws_of_markdown(text, syntax):
    check_page(dw.parse(text, syntax=syntax), syntax=syntax)


@given(TEXTS)
def test_every_text_is_a_page(text):
    page = dw.parse(text)
    assert str(page) == text
    check_page(page)


@given(PAGES)
def test_windows_line_ends_change_nothing(text):
    text = text.replace("\r", "")
    page, windows = dw.parse(text), dw.parse(text.replace("\n", "\r\n"))
    assert windows == page
    assert dw.render.instructions(windows) == dw.render.instructions(page)
    assert [node.source.replace("\r\n", "\n") for node in windows.walk()] == [node.source for node in page.walk()]


@given(PAGES, WORDS, st.integers(1, 5))
def test_a_heading_behind_a_page_of_words_begins_a_section(text, title, level):
    marks = "=" * (7 - level)
    words = re.sub(r"[^a-zA-Z0-9 \n]", "", text)
    page = dw.parse(f"{words}\n{marks} {title} {marks}\n{words}")
    (section,) = page.sections
    assert section.heading == blocks.Heading(title, level)
    assert page.title == title


@given(WORDS)
def test_words_are_a_paragraph(words):
    assert dw.parse(words).content == (blocks.Paragraph((inline.Text(words),)),)


@given(WORDS, st.sampled_from(FORMATTINGS))
def test_words_between_delimiters_are_formatted(words, kind):
    (paragraph,) = dw.parse(f"a {kind.opening}{words}{kind.closing} b").content
    assert paragraph.content == (inline.Text("a "), kind((inline.Text(words),)), inline.Text(" b"))


@given(st.lists(WORDS, min_size=1, max_size=6), st.booleans())
def test_lines_with_a_marker_are_a_list(lines, ordered):
    page = dw.parse("".join(f"  {'-' if ordered else '*'} {line}\n" for line in lines))
    (found,) = page.content
    assert found == blocks.List(ordered, tuple(blocks.ListItem(1, (inline.Text(f" {line}"),)) for line in lines))


@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_lines_between_bars_are_a_table(rows):
    (table,) = dw.parse("".join(f"|{'|'.join(row)}|\n" for row in rows)).tables
    assert [[cell.plain_text() for cell in row.cells] for row in table.rows] == rows
    assert (table.columns, table.head_rows) == (2, 0)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1))
def test_text_between_nowiki_tags_stays_as_it_is(text):
    page = dw.parse(f"a<nowiki>{text}</nowiki>b")
    first, *_ = page.find_all(inline.Unformatted)
    assert first.text == text.partition("</nowiki>")[0]
