"""Renderers of what stands in a line of text, but links and media."""

from __future__ import annotations

from dokuwiki_data.nodes import inline
from dokuwiki_data.php import BLANKS
from dokuwiki_data.writers import shown_texts
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
    text = shown_texts.text_within(writer, node)
    if text is None or TEXT.escaped(text) == text or not text.strip(BLANKS):
        _formatting(writer, node)
    else:
        writer.raw(f"<code>{nowiki(folded(text))}</code>")


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


RENDERERS: dict[type, MediaWikiRenderer] = {
    **shown_texts.RENDERERS,
    inline.Text: _text,
    inline.Unformatted: _unformatted,
    inline.Formatting: _formatting,
    inline.Monospace: _monospace,
    inline.Footnote: _footnote,
    inline.LineBreak: _line_break,
    inline.NoToc: _no_contents,
}
