"""Print nodes within a line: text, formatting, links and media."""

from __future__ import annotations

import re

from dokuwiki_data.nodes import inline as nodes
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.render.printers.plain_text import plain
from dokuwiki_data.render.printers.printers import BROKEN_UP, PRINTERS, PrintOptions, inline, refuse, write

_QUOTATION_MARKS = {
    "doublequoteopening": '"', "doublequoteclosing": '"',
    "singlequoteopening": "'", "singlequoteclosing": "'", "apostrophe": "'",
}  # fmt: skip

#: The closing delimiters, by DokuWiki's names of formatting.
_CLOSERS = {kind.name: kind.closing for kind in nodes.Formatting.__subclasses__()}

#: Brackets that close a link, followed by something else.
_CLOSING = re.compile(r"\]\](?=[^\]])")


def _text(node: nodes.Text, options: PrintOptions) -> str:
    return plain(node.text, options.syntax, options.care)


def _formatting(node: nodes.Formatting, options: PrintOptions) -> str:
    return node.opening + inline(node.content, options) + (node.closing if node.closed else "")


def _unformatted(node: nodes.Unformatted, options: PrintOptions) -> str:
    if "%%" not in f"{node.text}%" and (options.care < BROKEN_UP or "</nowiki>" in node.text):
        return f"%%{node.text}%%"
    refuse(node, ("</nowiki>" in node.text, "it has both %% and </nowiki> in it, which end it"))
    return f"<nowiki>{node.text}</nowiki>"


def _media(node: nodes.Media, options: PrintOptions) -> str:
    written = node.target + (node.title or "")
    refuse(
        node,
        ("|" in node.target, "a | in the target begins the title"),
        ("}}" in written or written.endswith("}"), "}} ends it"),
    )
    size = (node.width or "0") + (f"x{node.height}" if node.height else "") if node.width or node.height else ""
    words = [size, node.linking if node.linking != "details" else "", node.cache if node.cache != "cache" else ""]
    parameters = "&".join(word for word in words if word)
    # Without parameters, a question mark in the target would begin some.
    mark = "?" if parameters or "?" in node.target or not (node.target or node.title is not None) else ""
    left = " " if node.align in ("right", "center") else ""
    right = " " if node.align in ("left", "center") else ""
    title = "" if node.title is None else f"|{node.title}"
    return f"{{{{{left}{node.target}{mark}{parameters}{right}{title}}}}}"


def _link(node: nodes.Link, options: PrintOptions) -> str:
    return _bracketed(node, node.target, options)


def _local_link(node: nodes.LocalLink, options: PrintOptions) -> str:
    return _bracketed(node, f"#{node.target}", options)


def _address(node: nodes.ExternalLink, options: PrintOptions) -> str:
    """Print an address in brackets, or without them if it cannot be in brackets."""
    host = node.target.partition("://")[2]
    if (options.care == BROKEN_UP or "]]" in node.target) and node.label in (None, host):
        return host if node.label else node.target
    return _bracketed(node, node.target, options)


def _share(node: nodes.WindowsShareLink, options: PrintOptions) -> str:
    return node.target if options.care == BROKEN_UP and node.label is None else _bracketed(node, node.target, options)


def _email(node: nodes.EmailLink, options: PrintOptions) -> str:
    if node.label is None and re.fullmatch(r"[^\s@<>|\[\]]+@[^\s@<>|\[\]]+", node.target):
        return f"<{node.target}>"
    return _bracketed(node, node.target, options)


def _bracketed(node: nodes.Link, target: str, options: PrintOptions) -> str:
    label = write(node.label, options) if isinstance(node.label, Node) else node.label
    refuse(
        node,
        ("|" in target, "a | in the target begins the label"),
        (_CLOSING.search(target if label is None else f"{target}|{label}") is not None, "]] ends it"),
    )
    return f"[[{target}]]" if label is None else f"[[{target}|{label}]]"


PRINTERS |= {
    nodes.Text: _text,
    nodes.Formatting: _formatting,
    nodes.Unformatted: _unformatted,
    nodes.LineBreak: lambda node, options: "\\\\ ",
    nodes.Media: _media,
    nodes.Link: _link,
    nodes.LocalLink: _local_link,
    nodes.ExternalLink: _address,
    nodes.WindowsShareLink: _share,
    nodes.EmailLink: _email,
    nodes.LoneCloser: lambda node, options: _CLOSERS[node.formatting],
    nodes.LooseMarkup: lambda node, options: node.source,
    nodes.CamelCaseLink: lambda node, options: node.target,
    nodes.Replaced: lambda node, options: node.text,
    nodes.QuotationMark: lambda node, options: _QUOTATION_MARKS[node.kind],
    nodes.MultiplyEntity: lambda node, options: f"{node.left}x{node.right}",
    nodes.Macro: lambda node, options: f"~~{node.name.upper()}~~",
}
