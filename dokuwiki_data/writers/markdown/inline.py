"""Renderers of what stands in a line of text, but links and media."""

from __future__ import annotations

from dokuwiki_data.nodes import inline
from dokuwiki_data.php import BLANKS
from dokuwiki_data.writers import shown_texts
from dokuwiki_data.writers.markdown.writer import MarkdownRenderer, MarkdownWriter, indented
from dokuwiki_data.writers.pieces import Raw


def plain_text(writer: MarkdownWriter, node: inline.Text) -> None:
    """Write text."""
    if writer.in_quotation:
        writer.text(node.text)
    else:
        writer.pieces.append(node.text)


def _formatting(writer: MarkdownWriter, node: inline.Formatting) -> None:
    writer.formatted(writer.dialect.marks[node.name], node.content)


def _monospace(writer: MarkdownWriter, node: inline.Monospace) -> None:
    """Write text as code; text with other formatting, links or line breaks in it as HTML."""
    text = shown_texts.text_within(writer, node)
    if text is None:
        _formatting(writer, node)
        return
    inside = text.strip(BLANKS)
    if inside:
        begin = text.index(inside)
        last = writer.pieces[-1] if writer.pieces else ""
        if (isinstance(last, Raw) and last.endswith("`")) or writer.dialect.counts_in_code(inside):
            _formatting(writer, node)
            return
        writer.pieces += (text[:begin], Raw(code_span(inside)), text[begin + len(inside) :])
    else:
        writer.text(text)


def code_span(text: str) -> str:
    """Return text as code within a line."""
    text = " ".join(text.split("\n"))
    if "`" not in text:
        return f"`{text}`"
    longest, run = 0, 0
    for letter in text:
        run = run + 1 if letter == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    blank = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def _footnote(writer: MarkdownWriter, node: inline.Footnote) -> None:
    writer.raw(f"[^{writer.page.note(node).numbers[0]}]")


def notes(writer: MarkdownWriter) -> None:
    """Write the notes below the page."""
    for content, numbers in writer.page.notes:
        inside = writer.joined(writer.within(content, apart=True))
        writer.block(indented(inside, "    ", f"[^{numbers[0]}]: ") if inside else f"[^{numbers[0]}]:")


def _line_break(writer: MarkdownWriter, node: inline.LineBreak) -> None:
    writer.line_break()


RENDERERS: dict[type, MarkdownRenderer] = {
    **shown_texts.RENDERERS,
    inline.Text: plain_text,
    inline.Formatting: _formatting,
    inline.Monospace: _monospace,
    inline.Footnote: _footnote,
    inline.LineBreak: _line_break,
}
