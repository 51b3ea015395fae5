"""Print nodes within a line as DokuWiki's Markdown: formatting, code, links, images and line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from dokuwiki_data.nodes import inline as nodes
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.php import BLANKS
from dokuwiki_data.render.printers import inline_markup  # noqa: F401  # adds its printers first
from dokuwiki_data.render.printers.markdown_text import NO_WORD, code_span, escaped, shown_text
from dokuwiki_data.render.printers.printers import (
    PRINTERS,
    Printer,
    PrintOptions,
    inline,
)

_REPLACED = (nodes.Text, nodes.Unformatted, nodes.Replaced, nodes.QuotationMark, nodes.MultiplyEntity)
#: An underscore that could end emphasis; within a word, none does.
_ENDING_UNDERSCORE = re.compile(r"_(?=[\s!-/:-@\[-^`{|}~]|\Z)", re.ASCII)
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~]|\Z)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BRACKETS = re.compile(r"[\[\]]")
#: Addresses that are links without brackets, and what would continue one.
_BARE = re.compile(r"(?:https?|ftp)://[^\s<>()&\"'|\\`*^{}]*[\w/]", re.ASCII)
_SHORT = re.compile(r"(?:www|ftp)\.[\w.-]+\.[\w./-]*[\w/]\Z", re.ASCII)
_GOES_ON = re.compile(r"[(/#~=&%@!\[\]+\\\w]|\)(?!\s)|[.:?;,-][()\w/#~=&%@!\[\]+]", re.ASCII)
#: What is no file, but probably markup of a plugin that is not known.
_OF_PLUGIN = re.compile(r"\w+>")
_WHITE = " \t\n\r\f\v"
_BLANK = re.compile(r"[ \t\n]")


def _or_dokuwiki(node: Node, options: PrintOptions, kind: str, reason: str) -> str | None:
    """Return a node as DokuWiki's own markup where that counts; else tell the loss, and return None."""
    if options.flavour.reads_own:
        return as_dokuwiki(node, options)
    options.lost(node, kind, reason)
    return None


def as_dokuwiki(node: Node, options: PrintOptions) -> str:
    """Return a node as DokuWiki's own markup, with Markdown inside of it."""
    for kind in type(node).__mro__:
        if printer := PRINTERS.get(kind):
            return printer(node, options)
    raise AssertionError(node)


def _text(node: nodes.Text, options: PrintOptions) -> str:
    return escaped(node.text, options)


def _barred(written: str, options: PrintOptions) -> str:
    """Return markup as it stands in a cell of Markdown's tables."""
    return written.replace("|", r"\|") if options.bars == "all" else written


def without_blanks(content: Iterable[Node]) -> list[Node]:
    """Return nodes without blanks at the end."""
    shown = list(content)
    while shown and isinstance(shown[-1], nodes.Text) and not shown[-1].text.strip(BLANKS):
        shown.pop()
    return shown


# ------------------------------------------------------------------------------------------------------ formatting


def _inside(node: nodes.Formatting, options: PrintOptions) -> str:
    return inline(node.content, replace(options, before=",", after=",", in_strong=isinstance(node, nodes.Strong)))


def _holds(text: str) -> bool:
    """Return whether text may stand between delimiters."""
    return bool(text) and text[0] not in _WHITE and text[-1] not in _WHITE


def _unformatted_content(node: nodes.Formatting, options: PrintOptions) -> str:
    options.lost(node, "formatting", f"{options.syntax.flavour} has no markup for this {node.name} text")
    return inline(node.content, options)


def _strong(node: nodes.Strong, options: PrintOptions) -> str:
    text = _inside(node, options)
    return f"**{text}**" if node.closed and _holds(text) else _unformatted_content(node, options)


def _emphasis(node: nodes.Emphasis, options: PrintOptions) -> str:
    text = _inside(node, options)
    only = node.content[0] if len(node.content) == 1 else None
    if node.closed and _holds(text):
        if isinstance(only, nodes.Strong) and text.startswith("**") and "*" not in text[2:-2]:
            return f"*{text}*"
        is_apart = _is_apart(options)
        if "*" not in text and not (is_apart and options.in_strong):
            return f"*{text}*"
        if options.flavour.prefers_markdown and is_apart and not _ENDING_UNDERSCORE.search(text):
            return f"_{text}_"
        if "*" not in text:
            return f"*{text}*"
    written = _or_dokuwiki(node, options, "formatting", "no delimiter counts here")
    return inline(node.content, options) if written is None else written


def _is_apart(options: PrintOptions) -> bool:
    """Return whether an underscore counts at the place, as it does not within a word."""
    return all(NO_WORD.match(beside) for beside in (options.before[-1:], options.after[:1]) if beside)


def _deleted(node: nodes.Deleted, options: PrintOptions) -> str:
    text = _inside(node, options)
    is_macro = re.match(r"[A-Z]+[~:]", f"{text}~~") is not None
    beside = f"{options.before[-1:]}{options.after[:1]}"
    if node.closed and _holds(text) and not is_macro and "~" not in f"{beside}{text}":
        return f"~~{text}~~"
    written = _or_dokuwiki(node, options, "formatting", "no tildes count here")
    return inline(node.content, options) if written is None else written


def _underline(node: nodes.Underline, options: PrintOptions) -> str:
    if not options.flavour.prefers_markdown:
        return as_dokuwiki(node, options)
    return _unformatted_content(node, options)


def _footnote(node: nodes.Footnote, options: PrintOptions) -> str:
    return f"(({inline(node.content, options.at(',', '))'))}{'))' if node.closed else ''}"


def _always(node: nodes.Formatting, options: PrintOptions) -> str:
    return f"{node.opening}{_inside(node, options)}{node.closing if node.closed else ''}"


def _monospace(node: nodes.Monospace, options: PrintOptions) -> str:
    text = shown_text(node.content)
    span = code_span(text) if text is not None and node.closed else None
    if span is not None:
        return _barred(span, options)
    if options.flavour.reads_own:
        return as_dokuwiki(node, options)
    if all(isinstance(part, _REPLACED) for part in node.content):
        text = "".join(part.text if isinstance(part, nodes.Unformatted) else part.plain_text() for part in node.content)
        span = code_span(text)
        if span is not None:
            options.lost(node, "typography", "nothing is replaced in code")
            return _barred(span, options)
    return _unformatted_content(node, options)


def _unparsed(node: nodes.Unformatted, options: PrintOptions) -> str:
    if options.flavour.reads_own:
        return as_dokuwiki(node, options)
    return escaped(node.text, options, unparsed=True)


def _line_break(node: nodes.LineBreak, options: PrintOptions) -> str:
    if (options.bars or not options.after) and options.flavour.reads_own:
        return as_dokuwiki(node, options)
    if options.bars == "all":
        if not options.after:
            return ""  # at the end of a cell, it shows nothing
        if options.in_head:
            options.lost(node, "line-break", "Markdown has no line breaks in the head of a table")
            return " "
    # No line break counts before an empty line, so a blank that counts as none follows.
    return "\\" if options.after[:1] == "\n" else "\\\n" if options.after else "\\\n&#32;"


# ---------------------------------------------------------------------------------------------------------- links


def _label(label: str) -> str:
    """Return text as the label of a link, in which only backslashes and brackets count."""
    return _BRACKETS.sub(r"\\\g<0>", _BACKSLASH.sub(r"\\\\", label))


def _destination(target: str, *, is_share: bool = False) -> str | None:
    """Return a target as the destination of a link; None if no destination is read as it."""
    if not target:
        return " "  # the page itself
    target = _ENTITY.sub("&amp;", target)
    if not is_share:
        target = _BACKSLASH.sub(r"\\\\", target)
    if is_share and ")" in target:
        return None
    written = target.replace(")", r"\)")
    return _BLANK.sub(lambda found: f"&#{ord(found[0])};", written)


def _link(node: nodes.Link, options: PrintOptions) -> str:
    return _to(node, node.target, options)


def _local_link(node: nodes.LocalLink, options: PrintOptions) -> str:
    return _to(node, f"#{node.target}", options)


def _to(node: nodes.Link, target: str, options: PrintOptions) -> str:
    if isinstance(node.label, nodes.Media):
        label = _image(node.label, options, in_link=True)
    elif node.label:
        label = None if "\n\n" in node.label else _label(node.label)
    elif options.flavour.reads_own:
        label = None
    else:
        label = _label(_default_label(node)) or " "
        if options.shows_titles and isinstance(node, nodes.InternalLink):
            options.lost(node, "link", "a link with a label does not show the title of its page")
    if options.indent and "\n" in target:
        options.lost(node, "link", "a line end in its target would end the line of the item")
        shown = node.plain_text() if node.label else _default_label(node)
        return escaped(" ".join(shown.split("\n")), options)
    destination = _destination(target, is_share=isinstance(node, nodes.WindowsShareLink))
    if label and destination:
        return _barred(f"[{label}]({destination})", options)
    written = _or_dokuwiki(node, options, "link", "its label or its target cannot be written")
    if written is not None:
        return written
    return escaped(node.label if isinstance(node.label, str) else _default_label(node), options)


def _default_label(node: nodes.Link) -> str:
    """Return what DokuWiki shows of a link that has no label."""
    if isinstance(node, nodes.InternalLink):
        name, _, anchor = node.target.lstrip("~").partition("#")
        return anchor or name.replace(";", ":").rstrip(":").rpartition(":")[2]
    return node.reference if isinstance(node, nodes.InterwikiLink) else node.target


def _address(node: nodes.ExternalLink, options: PrintOptions) -> str:
    host = node.target.partition("://")[2]
    is_apart = not options.before[-1:].isalnum() and not _GOES_ON.match(options.after)
    if node.label == host and _SHORT.match(host) and is_apart:
        return host
    if node.label in (None, node.target) and _BARE.fullmatch(node.target):
        return node.target if is_apart and node.label is None else f"<{node.target}>"
    return _to(node, node.target, options)


def _email(node: nodes.EmailLink, options: PrintOptions) -> str:
    if node.label is None and re.fullmatch(r"[^\s@<>|\[\]]+@[^\s@<>|\[\]]+", node.target):
        return f"<{node.target}>"
    return _to(node, node.target, options)


def _media(node: nodes.Media, options: PrintOptions) -> str:
    written = _image(node, options)
    if written is not None:
        return written
    if options.flavour.reads_own:
        return as_dokuwiki(node, options)
    options.lost(node, "media", "its title or its target cannot be written")
    return escaped(node.title or node.target, options)


def _image(node: nodes.Media, options: PrintOptions, *, in_link: bool = False) -> str | None:
    """Return an image or file as Markdown; None if none is read as it."""
    title = node.title or ""
    target = node.target
    if options.flavour.reads_own and _OF_PLUGIN.match(target):
        return None
    if "://" not in target and not options.flavour.reads_own:
        target = re.sub(r"\s+", "_", target)  # as the names of files are cleaned
    if not target or re.search(r"[\s)]", target) or re.search(r"[\[\]\n]", title) or "\\" in f"{title}{target}":
        return None
    if (in_link and ("&" in target or "(" in target)) or _ENTITY.search(target):
        return None
    size = (node.width or "0") + (f"x{node.height}" if node.height else "") if node.width or node.height else ""
    words = [
        size,
        node.align or "",
        node.linking if node.linking != "details" else "",
        node.cache if node.cache != "cache" else "",
    ]
    parameters = "&".join(word for word in words if word)
    mark = "?" if parameters or "?" in target else ""
    return f"![{title}]({target}{mark}{parameters})"


#: What is written in both flavours that prefer Markdown.
MARKDOWN: dict[type[Node], Printer] = {
    nodes.Text: _text,
    nodes.Formatting: _always,
    nodes.Footnote: _footnote,
    nodes.Strong: _strong,
    nodes.Emphasis: _emphasis,
    nodes.Deleted: _deleted,
    nodes.Underline: _underline,
    nodes.Monospace: _monospace,
    nodes.Unformatted: _unparsed,
    nodes.LineBreak: _line_break,
    nodes.Media: _media,
    nodes.Link: _link,
    nodes.LocalLink: _local_link,
    nodes.ExternalLink: _address,
    nodes.WindowsShareLink: _link,
    nodes.EmailLink: _email,
    nodes.CamelCaseLink: PRINTERS[nodes.CamelCaseLink],
}
