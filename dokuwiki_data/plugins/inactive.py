"""Find text in a page that looks like the syntax of a plugin that is not active."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from dokuwiki_data.nodes import blocks, data, inline, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins import macros
from dokuwiki_data.plugins.known_syntaxes import (
    BARE_NAMES,
    HTML,
    MACROS,
    MEDIA_NAMES,
    NOT_ALONE,
    TAGS,
    TAGS_WITHOUT_END,
    VERBATIM,
)
from dokuwiki_data.text import Position, Span

Kind = Literal["tag", "braces", "macro", "block", "fold", "comment"]


class InactiveSyntax(NamedTuple):
    """Text in a page that looks like the syntax of a plugin.

    Attributes:
        kind: The kind of syntax.
        syntax: The syntax in short: ``<note>``, ``{{tag>}}``, ``[{{}}]``, ``~~ODT~~``, ``---- dbquery ----``, ``++++``
            or ``/* */``.
        plugin: The plugin that probably reads it, or None if the name is not known.
        span: Its place in the page's source.
        position: The line and the column at which it starts.
    """

    kind: Kind
    syntax: str
    plugin: str | None
    span: Span
    position: Position


def inactive_syntax(page: Page, shortcuts: Iterable[str] = ()) -> tuple[InactiveSyntax, ...]:
    """Return what looks like the syntax of a plugin but was read as text or media.

    A single ``<word>`` does not count, since people write placeholders like this, and neither does code.

    Args:
        page: The page.
        shortcuts: The shortcuts of the wiki's interwiki links, as in `Syntax.addresses`, by which ``{{wp>logo.png}}``
            is an image.
    """
    nodes = list(page.walk())
    text = _without(str(page), _taken(nodes)).replace("\r\n", " \n")
    found = [*_braces(nodes, frozenset(shortcuts)), *_boxes(nodes, text), *_tags(text)]
    hidden = {one.span for one in found if one.kind == "tag" and one.syntax[1:-1].lower() in VERBATIM}
    # Most pages have none of these. Searching for all of them took a third of the time.
    for sign, find in (("~~", _macros), ("----", _blocks), ("++", _folds), ("/*", _comments)):
        if sign in text:
            found += find(text)
    outside = sorted((one.span, one) for one in found)
    ends = -1
    kept = []
    for span, one in outside:
        if span.start < ends:
            continue
        if span in hidden:
            ends = span.end
        kept.append(InactiveSyntax(one.kind, one.syntax, one.plugin, span, page.source_text.position(span.start)))
    return tuple(kept)


class _Found(NamedTuple):
    span: Span
    kind: Kind
    syntax: str
    plugin: str | None


# ----------------------------------------------------------------------------------- text without nodes

#: Nodes in which plugins' markup does not count, and those that have been recognised.
_TAKEN = (
    blocks.Heading, blocks.Code, blocks.Preformatted, blocks.Rss, blocks.Info, data.DataEntry, data.DataQuery,
    inline.Unformatted, inline.Media, inline.InternalLink, inline.InterwikiLink, inline.EmailLink, inline.Macro,
)  # fmt: skip


def _taken(nodes: Iterable[Node]) -> Iterator[Span]:
    for node in nodes:
        if isinstance(node, blocks.Section):
            yield node.heading.span
        elif isinstance(node, plugins.PluginContainer):
            source = node.source_text
            yield Span(node.span.start, source.offset(node.content_starts_at))
            yield Span(source.offset(node.content_ends_at), node.span.end)
        elif isinstance(node, (*_TAKEN, plugins.PluginMarkup)):
            yield node.span


def _without(text: str, spans: Iterable[Span]) -> str:
    """Return a text with blanks in some places, except for line ends."""
    pieces = []
    at = 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            blank = "\n".join([" " * len(line) for line in text[start:end].split("\n")])
            pieces += [text[at:start], blank]
            at = end
    return "".join([*pieces, text[at:]])


# ------------------------------------------------------------------------------------- kinds of syntax

_IN_BRACES = re.compile(
    r"\s*(?:(?P<name>[A-Za-z][\w-]*)>|(?P<bare>\w+)(?:$|[&|?])|(?P<struct>\$)[\w.\"]|(?P<anchor>anchor):)", re.ASCII
)


def _braces(nodes: Iterable[Node], shortcuts: frozenset[str]) -> Iterator[_Found]:
    """Find ``{{name>…}}``, which DokuWiki takes for media of another site."""
    for node in nodes:
        match = _IN_BRACES.match(node.target) if isinstance(node, inline.Media) else None
        if match is None:
            continue
        if name := match["name"]:
            if name.lower() not in shortcuts:
                yield _Found(node.span, "braces", f"{{{{{name}>}}}}", MEDIA_NAMES.get(name.lower()))
        elif match["struct"]:
            yield _Found(node.span, "braces", "{{$}}", "struct")
        elif match["anchor"]:
            yield _Found(node.span, "braces", "{{anchor:}}", "anchor")
        elif match["bare"] in BARE_NAMES:
            yield _Found(node.span, "braces", f"{{{{{match['bare']}}}}}", BARE_NAMES[match["bare"]])


def _boxes(nodes: Iterable[Node], text: str) -> Iterator[_Found]:
    """Find ``[{{image|caption}}]``."""
    for node in nodes:
        if isinstance(node, inline.Media) and "|" in node.source:
            start, end = node.span
            if text[max(start - 1, 0)] == "[" and text[end : end + 1] == "]":
                yield _Found(Span(start - 1, end + 1), "braces", "[{{}}]", "imagebox")


_TAG = re.compile(
    r"<(?:/(?P<closing>[A-Za-z][\w:.-]*)|(?P<name>[A-Za-z][\w:.-]*)(?P<rest>(?:[ \t][^<>\n]*)?))>", re.ASCII
)


def _tags(text: str) -> Iterator[_Found]:
    """Find ``<name …>…</name>``, and known tags without a closing tag."""
    opened: dict[str, list[re.Match[str]]] = {}
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name is None:
            if waiting := opened.get(tag["closing"]):
                first = waiting.pop()
                if found := _pair(first, tag.end()):
                    yield found
        elif tag["rest"].endswith("/") or name.lower() in TAGS_WITHOUT_END:
            if plugin := TAGS.get(name) or TAGS_WITHOUT_END.get(name.lower()):
                yield _Found(Span(*tag.span()), "tag", f"<{name}>", plugin)
        else:
            opened.setdefault(name, []).append(tag)


def _pair(opening: re.Match[str], end: int) -> _Found | None:
    name = opening["name"]
    plugin = TAGS.get(name) or TAGS.get(name.lower())
    if name.lower() in HTML and (plugin is None or "=" in opening["rest"]):
        return None
    if name.lower() in NOT_ALONE and not opening["rest"].strip():
        return None
    return _Found(Span(opening.start(), end), "tag", f"<{name}>", plugin)


#: ``~~#~~`` numbers items.
_MACRO = re.compile(rf"~~(?P<name>{macros.NAME}|\#(?=[\w@.]*~~))[^\n~]*(?:~[^\n~]+)*~~", re.ASCII)


def _macros(text: str) -> Iterator[_Found]:
    """Find ``~~NAME~~``, with or without an argument."""
    for match in _MACRO.finditer(text):
        yield _Found(Span(*match.span()), "macro", f"~~{match['name']}~~", MACROS.get(match["name"].upper()))


#: A block of lines ``name: value``, as in the data plugin.
_BLOCK = re.compile(
    r"""^-{4,}+\ *(?P<name>[a-z]+)(?:\ \w+)*\ *-{4,}+[ \t]*\n
        (?> (?: [ \t]* | [ \t]*\w[\w ]*:[^\n]* | [ \t]*\#[^\n]* ) \n )*+
        -{4,}+[ \t]*$""",
    re.ASCII | re.MULTILINE | re.VERBOSE,
)


def _blocks(text: str) -> Iterator[_Found]:
    """Find ``---- name ----`` with lines up to the next line of dashes."""
    for match in _BLOCK.finditer(text):
        name = match["name"]
        named = ("struct", "datatemplate", "data")
        plugin = next((plugin for plugin in named if name.startswith(plugin)), None)
        yield _Found(Span(*match.span()), "block", f"---- {name} ----", plugin)


_FOLD = re.compile(
    r"""(?P<marks>\+{4}) [^\n|+]* \| .*? \+{4}
      | (?<![\w+]) \+\+(?!\+) (?=[^\n|+]*[^\n|+\s]) [^\n|+]* \| [^\n]*? \+\+""",
    re.DOTALL | re.VERBOSE,
)


def _folds(text: str) -> Iterator[_Found]:
    """Find ``++++ title | … ++++`` and ``++ title | … ++``."""
    for match in _FOLD.finditer(text):
        yield _Found(Span(*match.span()), "fold", match["marks"] or "++", "folded")


_COMMENT = re.compile(r"(?:^|(?<=\s))/\*", re.MULTILINE)


def _comments(text: str) -> Iterator[_Found]:
    """Find ``/* … */``."""
    end = 0
    for match in _COMMENT.finditer(text):
        if match.start() < end:
            continue
        end = text.find("*/", match.end()) + 2
        if end < 2:
            return
        yield _Found(Span(match.start(), end), "comment", "/* */", "comment")
