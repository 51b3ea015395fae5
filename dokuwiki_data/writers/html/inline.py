"""Renderers of inline nodes other than links and media."""

from __future__ import annotations

from collections.abc import Callable

from dokuwiki_data.nodes import inline
from dokuwiki_data.writers.html.writer import HtmlWriter, Renderer, escaped


def _text(writer: HtmlWriter, node: inline.Text) -> None:
    if writer.in_quotation:
        writer.text(node.text)
    else:
        writer.out.append(escaped(node.text))  # half of all nodes are text, so this is worth a line


def _formatting(opening: str, closing: str) -> Callable[[HtmlWriter, inline.Formatting], None]:
    def render(writer: HtmlWriter, node: inline.Formatting) -> None:
        writer.begin_formatting(opening, closing)
        writer.nodes(node.content)
        writer.end_formatting()

    return render


def _footnote(writer: HtmlWriter, node: inline.Footnote) -> str:
    number = writer.page.number(node)
    return f'<sup><a href="#fn__{number}" id="fnt__{number}" class="fn_top">{number})</a></sup>'


def notes(writer: HtmlWriter) -> None:
    """Write the notes below the page."""
    if not writer.page.notes:
        return
    writer.raw('<div class="footnotes">\n')
    for content, numbers in writer.page.notes:
        back = ", ".join(
            f'<sup><a href="#fnt__{number}" id="fn__{number}" class="fn_bot">{number})</a></sup> ' for number in numbers
        )
        inside = "".join(writer.apart(content, footnote=True))
        writer.raw(f'<div class="fn">{back}\n<div class="content">{inside}</div></div>\n')
    writer.raw("</div>\n")


def _unformatted(writer: HtmlWriter, node: inline.Unformatted) -> None:
    writer.raw(escaped(node.text))


def _line_break(writer: HtmlWriter, node: inline.LineBreak) -> str:
    return "<br/>\n"


def _smiley(writer: HtmlWriter, node: inline.Smiley) -> str:
    return f'<span class="smiley">{escaped(node.text)}</span>'


def _acronym(writer: HtmlWriter, node: inline.Acronym) -> str:
    meaning = writer.page.site.typography.acronyms.get(node.text)
    title = f' title="{escaped(meaning)}"' if meaning else ""
    return f"<abbr{title}>{escaped(node.text)}</abbr>"


def _entity(writer: HtmlWriter, node: inline.Entity) -> None:
    writer.text(writer.page.site.typography.entity(node.text))


def _quotation_mark(writer: HtmlWriter, node: inline.QuotationMark) -> None:
    writer.text(writer.page.site.typography.mark(node.kind))


def _multiply(writer: HtmlWriter, node: inline.MultiplyEntity) -> None:
    writer.text(f"{node.left}×{node.right}")


RENDERERS: dict[type, Renderer] = {
    inline.Text: _text,
    inline.Strong: _formatting("<strong>", "</strong>"),
    inline.Emphasis: _formatting("<em>", "</em>"),
    inline.Underline: _formatting('<em class="u">', "</em>"),
    inline.Monospace: _formatting("<code>", "</code>"),
    inline.Subscript: _formatting("<sub>", "</sub>"),
    inline.Superscript: _formatting("<sup>", "</sup>"),
    inline.Deleted: _formatting("<del>", "</del>"),
    inline.Footnote: _footnote,
    inline.Unformatted: _unformatted,
    inline.LineBreak: _line_break,
    inline.Smiley: _smiley,
    inline.Acronym: _acronym,
    inline.Entity: _entity,
    inline.QuotationMark: _quotation_mark,
    inline.MultiplyEntity: _multiply,
}
