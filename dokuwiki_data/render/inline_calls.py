"""The calls of text, formatting, links, media and other markup within a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.render.call_writer import CallWriter
from dokuwiki_data.render.collected import joined

#: The state with which DokuWiki's lexer passes a closing tag to a plugin.
_EXIT = 4
#: Calls with their source as an argument.
_WITH_SOURCE = frozenset({"list_item", "quote_newline", "rowspan", "table_align"})


def _text(writer: CallWriter, node: inline.Text) -> None:
    writer.text(node.text, node._start)


def _formatting(writer: CallWriter, node: inline.Formatting) -> None:
    opening, closing = node.opening, node.closing
    if writer.reads_markdown:
        if node.is_joined:
            _bold_emphasis(writer, node)
            return
        opening, closing = node.delimiters
    calls, name, start = writer.calls, node.name, node._start
    stop = start + node._to_end - len(closing)
    calls.append([name + "_open", [], writer.place(start)])
    writer.trims = False
    writer.in_formatting += 1
    if closing.startswith("`"):
        _code(writer, node)
    elif inline.has_content(node):
        writer.nodes(node.content)
    else:  # most formatting; nodes are not made for the list
        inside = start + len(opening)
        writer.text(node._source.normalized[inside:stop], inside)
    writer.in_formatting -= 1
    if node.closed:
        calls.append([name + "_close", [], writer.place(stop)])
        writer.trims = False


def _code(writer: CallWriter, node: inline.Formatting) -> None:
    """Write the text between backticks, which are the delimiters of the monospaced text."""
    for part in node.content:
        writer.call("unformatted", [part.plain_text()], part.starts_at)


def _bold_emphasis(writer: CallWriter, node: inline.Formatting) -> None:
    """Write emphasis and the bold text in it, which have one delimiter."""
    kinds, stop = [node, *node.content], node.ends_at - len("***")
    for kind in kinds:
        writer.call(f"{kind.name}_open", [], node._start)  # type: ignore[attr-defined]  # both are formatting
    writer.in_formatting += len(kinds)
    writer.nodes(kinds[-1].children)
    writer.in_formatting -= len(kinds)
    if node.closed:
        for kind in reversed(kinds):
            writer.call(f"{kind.name}_close", [], stop)  # type: ignore[attr-defined]


def _footnote(writer: CallWriter, node: inline.Footnote) -> None:
    inner = writer.of_text(writer.source, 0)
    inner.in_footnote, inner.apart = True, node.is_taken_apart
    inner.call("footnote_open", [], node.starts_at)
    inner.nodes(node.content)
    if not node.is_unfinished:
        inner.call("footnote_close", [], node.closes_at)
    writer.call("nest", [joined(inner.calls) if inner.apart else inner.calls], node._start)


def _lone_closer(writer: CallWriter, node: inline.LoneCloser) -> None:
    writer.call(f"{node.formatting}_close", [], node._start)


def _loose(writer: CallWriter, node: inline.LooseMarkup) -> None:
    if node.instruction == "eol" and writer.in_paragraph:  # an empty line in formatting
        writer.end_paragraph(node.instruction_at)
        writer.begin_paragraph(node.instruction_at)
        return
    source = writer.source.normalized[node.starts_at : node.ends_at]
    arguments: list[Any] = []
    if node.instruction == "plugin":
        arguments = [node.component, None, _EXIT, source]
    elif node.instruction == "table_end":
        arguments = [writer.place(node.instruction_at)]
    elif node.instruction in _WITH_SOURCE:
        arguments = [source]
    writer.call(node.instruction, arguments, node.instruction_at)


def _unformatted(writer: CallWriter, node: inline.Unformatted) -> None:
    opening = 2 if writer.source.normalized[node.starts_at] == "%" else len("<nowiki>")
    writer.call("unformatted", [node.text], node.starts_at + opening)


def _line_break(writer: CallWriter, node: inline.LineBreak) -> None:
    writer.call("linebreak", [], node._start)


def _media(writer: CallWriter, node: inline.Media) -> None:
    arguments = [node.target, node.title, node.align, node.width, node.height, node.cache, node.linking]
    writer.call(node.name, arguments, node._start)


def _link(writer: CallWriter, node: inline.Link) -> None:
    writer.call(node.name, [node.target, _label(node.label)], node._start)


def _external_link(writer: CallWriter, node: inline.Link) -> None:
    _link(writer, node)
    read = writer.source.normalized
    if writer.flavour.prefers_markdown and read[node.ends_at] in ")&" and read[node.starts_at] not in "[<":
        # The end of a bare address that is text is at the place of the address; the text follows.
        writer.call("cdata", [""], node._start)


def _interwiki_link(writer: CallWriter, node: inline.InterwikiLink) -> None:
    writer.call(node.name, [node.target, _label(node.label), node.wiki, node.reference], node._start)


def _label(label: str | inline.Media | None) -> Any:
    return _media_label(label) if isinstance(label, inline.Media) else label


def _media_label(label: inline.Media) -> dict[str, Any]:
    return {
        "type": label.name, "src": label.target, "title": label.title, "align": label.align,
        "width": label.width, "height": label.height, "cache": label.cache, "linking": label.linking,
    }  # fmt: skip


def _word(writer: CallWriter, node: inline.Replaced | inline.CamelCaseLink) -> None:
    writer.call(node.name, [node.target if isinstance(node, inline.Link) else node.text], node._start)


def _quotation_mark(writer: CallWriter, node: inline.QuotationMark) -> None:
    writer.call(node.kind, [], node._start)


def _multiply(writer: CallWriter, node: inline.MultiplyEntity) -> None:
    writer.call("multiplyentity", [node.left, node.right], node._start)


def _macro(writer: CallWriter, node: inline.Macro) -> None:
    writer.call(node.name, [], node._start)


RENDERERS: dict[type[Node], Callable[[CallWriter, Any], None]] = {
    inline.Text: _text,
    **dict.fromkeys(
        (inline.Strong, inline.Emphasis, inline.Underline, inline.Monospace,
         inline.Subscript, inline.Superscript, inline.Deleted),
        _formatting,
    ),
    inline.Footnote: _footnote,
    inline.LoneCloser: _lone_closer,
    inline.LooseMarkup: _loose,
    inline.Unformatted: _unformatted,
    inline.LineBreak: _line_break,
    **dict.fromkeys((inline.InternalMedia, inline.ExternalMedia), _media),
    **dict.fromkeys(
        (inline.InternalLink, inline.LocalLink, inline.EmailLink, inline.WindowsShareLink),
        _link,
    ),
    inline.ExternalLink: _external_link,
    inline.InterwikiLink: _interwiki_link,
    **dict.fromkeys((inline.CamelCaseLink, inline.Smiley, inline.Acronym, inline.Entity), _word),
    inline.QuotationMark: _quotation_mark,
    inline.MultiplyEntity: _multiply,
    **dict.fromkeys((inline.NoToc, inline.NoCache), _macro),
}  # fmt: skip
