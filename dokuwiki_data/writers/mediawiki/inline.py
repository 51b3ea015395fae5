"""Renderers of what stands in a line of text, but links and media."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.php import BLANKS
from dokuwiki_data.writers.mediawiki.escaping import TEXT, folded, nowiki
from dokuwiki_data.writers.mediawiki.pieces import MARKS
from dokuwiki_data.writers.mediawiki.writer import MediaWikiRenderer, MediaWikiWriter, one_line, stands_on_line


def _text(writer: MediaWikiWriter, node: inline.Text) -> None:
    writer.text(node.text)


def _unformatted(writer: MediaWikiWriter, node: inline.Unformatted) -> None:
    """Write text that stays as it is, between tags if there is markup in it."""
    lines = " ".join(node.text.split("\n"))
    if TEXT.escaped(lines) == lines:
        writer.text(node.text)
    else:
        writer.raw(nowiki(lines))


def _formatting(writer: MediaWikiWriter, node: inline.Formatting) -> None:
    writer.formatted(MARKS[node.name], node.content)


def _monospace(writer: MediaWikiWriter, node: inline.Monospace) -> None:
    """Write text as code; between tags if there is markup in it, unless it is more than text."""
    text = _plain(writer, node)
    if text is None or TEXT.escaped(text) == text or not text.strip(BLANKS):
        _formatting(writer, node)
    else:
        writer.raw(f"<code>{nowiki(folded(text))}</code>")


def _plain(writer: MediaWikiWriter, node: Node) -> str | None:
    """Return the text in a node; None if there is more than text."""
    parts = []
    for child in node.children:
        show = _SHOWN.get(child.__class__)
        if show is None:
            return None
        parts.append(show(writer, child))
    return "".join(parts)


def _footnote(writer: MediaWikiWriter, node: inline.Footnote) -> None:
    note = writer.page.note(node)
    first = note.numbers[0]
    if writer.in_note:  # MediaWiki knows no notes in notes
        writer.lose("note", str(writer.page.number(node)), node)
        writer.raw("&#91;")
        writer.nodes(node.content)
        writer.raw("&#93;")
        return
    is_shared = len(note.numbers) > 1
    name = f' name="note-{first}"' if is_shared else ""
    if first in writer.repeated:
        writer.raw(f"<ref{name} />")
        return
    if is_shared:
        writer.repeated.add(first)
    writer.has_notes = writer.in_note = True
    found = writer.within(note.content, apart=True)
    writer.in_note = False
    # A line of text alone needs none of what is escaped at the beginning of lines.
    content = one_line(found) if stands_on_line(found) else f"\n{one_line(found).strip()}\n"
    writer.raw(f"<ref{name}>{content or '<nowiki/>'}</ref>")  # a note without anything in it would be an error


def _line_break(writer: MediaWikiWriter, node: inline.LineBreak) -> None:
    writer.line_break()


def _no_contents(writer: MediaWikiWriter, node: inline.NoToc) -> None:
    writer.switches["__NOTOC__"] = None


def _shown_text(writer: MediaWikiWriter, node: inline.Text | inline.Unformatted | inline.Replaced) -> str:
    return node.text


def _shown_entity(writer: MediaWikiWriter, node: inline.Entity) -> str:
    return writer.page.site.typography.entity(node.text)


def _shown_mark(writer: MediaWikiWriter, node: inline.QuotationMark) -> str:
    return writer.page.site.typography.mark(node.kind)


def _shown_product(writer: MediaWikiWriter, node: inline.MultiplyEntity) -> str:
    return f"{node.left}×{node.right}"


_SHOWN: dict[type, Callable[[MediaWikiWriter, Any], str]] = {
    inline.Text: _shown_text,
    inline.Unformatted: _shown_text,
    inline.Smiley: _shown_text,
    inline.Acronym: _shown_text,
    inline.Entity: _shown_entity,
    inline.QuotationMark: _shown_mark,
    inline.MultiplyEntity: _shown_product,
}


def _as_text(show: Callable[[MediaWikiWriter, Any], str]) -> MediaWikiRenderer:
    def render(writer: MediaWikiWriter, node: Node) -> None:
        writer.text(show(writer, node))

    return render


RENDERERS: dict[type, MediaWikiRenderer] = {
    **{kind: _as_text(show) for kind, show in _SHOWN.items()},
    inline.Text: _text,
    inline.Unformatted: _unformatted,
    inline.Formatting: _formatting,
    inline.Monospace: _monospace,
    inline.Footnote: _footnote,
    inline.LineBreak: _line_break,
    inline.NoToc: _no_contents,
}
