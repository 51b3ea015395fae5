"""Renderers of what stands in a line of text, but links and media."""

from __future__ import annotations

from collections.abc import Callable

from dokuwiki_data.nodes import inline
from dokuwiki_data.writers import shown_texts
from dokuwiki_data.writers.pandoc.writer import STRONG, InlineElement, PandocRenderer, PandocWriter, formatting, span


def _text(writer: PandocWriter, node: inline.Text | inline.Unformatted | inline.Smiley) -> None:
    writer.text(node.text)


def _formatting(element: InlineElement) -> Callable[[PandocWriter, inline.Formatting], None]:
    def render(writer: PandocWriter, node: inline.Formatting) -> None:
        writer.formatted(element, node.content)

    return render


def _monospace(writer: PandocWriter, node: inline.Monospace) -> None:
    """Write text as code. Pandoc knows no formatting in code, so code stands in the formatting instead."""
    around, writer.in_code = writer.in_code, True
    writer.nodes(node.content)
    writer.in_code = around


def _footnote(writer: PandocWriter, node: inline.Footnote) -> None:
    """Write a note where it is referred to; equal notes are not one, since pandoc has no second reference."""
    writer.note(node.content)


def _line_break(writer: PandocWriter, node: inline.LineBreak) -> None:
    writer.line_break()


def _acronym(writer: PandocWriter, node: inline.Acronym) -> None:
    meaning = writer.page.site.typography.acronyms.get(node.text)
    if meaning and not writer.in_code:
        writer.begin_formatting(span(("abbr",), (("title", meaning),)))
        writer.text(node.text)
        writer.end_formatting()
    else:
        writer.text(node.text)


RENDERERS: dict[type, PandocRenderer] = {
    **shown_texts.RENDERERS,
    inline.Text: _text,
    inline.Strong: _formatting(STRONG),
    inline.Emphasis: _formatting(formatting("Emph")),
    inline.Underline: _formatting(formatting("Underline")),
    inline.Monospace: _monospace,
    inline.Subscript: _formatting(formatting("Subscript")),
    inline.Superscript: _formatting(formatting("Superscript")),
    inline.Deleted: _formatting(formatting("Strikeout")),
    inline.Footnote: _footnote,
    inline.LineBreak: _line_break,
    inline.Acronym: _acronym,
}
