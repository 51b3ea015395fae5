"""Print blocks as DokuWiki's Markdown: headings, lists, quotations, code, rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from dokuwiki_data.nodes import blocks
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.php import BLANKS
from dokuwiki_data.render.printers.markdown_inline import as_dokuwiki, without_blanks
from dokuwiki_data.render.printers.markdown_text import code_span, escaped
from dokuwiki_data.render.printers.printers import AS_IT_IS, Printer, PrintOptions, flow, inline, write

#: Lines that begin an item wherever they stand in a list, even in code.
_MARKER = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)", re.MULTILINE)
_CLOSING_FENCE = {"`": re.compile(r"^`{3,}[ \t]*$", re.MULTILINE), "~": re.compile(r"^~{3,}[ \t]*$", re.MULTILINE)}
#: What counts in what stands behind the signs of a fence, or ends it.
_NO_INFORMATION = re.compile(r"[`\\&\[\]\n]")
_QUOTATION = re.compile(r"^>", re.MULTILINE)
_RULE = re.compile(r"^-{3,}$", re.MULTILINE)
_LINES = re.compile(r"^(?=.)", re.MULTILINE)
_QUOTED = (blocks.Quote, blocks.QuotedLines)
_LINE_STARTS = re.compile(r"^(?=(\n|\Z)?)", re.MULTILINE)
#: A heading ends before the last signs behind a blank.
_ENDING = re.compile(r"(?:^|[ \t])#+$")


def _heading(node: blocks.Heading, options: PrintOptions) -> str:
    signs = "#" * node.level
    title = " ".join(node.title.split("\n"))
    if not title:
        return signs
    return f"{signs} {title} {signs}" if _ENDING.search(title) else f"{signs} {title}"


def _paragraph(node: blocks.Paragraph, options: PrintOptions) -> str:
    return _lines(node.content, options)


def _lines(content: Iterable[Node], options: PrintOptions) -> str:
    """Return the lines of a text; one that would be a rule or a quotation has a blank that counts as none."""
    written = inline(without_blanks(content), options.at("\n", ""), at_line_start=True).strip(" \t\n")
    if options.care != AS_IT_IS:
        written = _QUOTATION.sub("&#32;>", written)
    return _RULE.sub(r"\g<0>&#32;", written) if "---" in written else written


# -------------------------------------------------------------------------------------------------- lists, quotations


def _list(node: blocks.List, options: PrintOptions) -> str:
    return "\n".join(
        _item_lines(item, f"{number}." if node.ordered else "-", options)
        for number, item in enumerate(node.items, node.first_number)
    )


def _item(node: blocks.ListItem, options: PrintOptions) -> str:
    return _item_lines(node, "1." if options.ordered else "-", options)


def _item_lines(node: blocks.ListItem, marker: str, options: PrintOptions) -> str:
    """Return the lines of an item.

    DokuWiki wants two or three blanks for every level; other readers want as many as the marker around is wide.
    """
    indent = 2 * (node.level - 1)
    indent += options.indent > indent
    column = indent + len(marker) + 1
    inside = replace(options, indent=column, ordered=False, before="\n", after="")
    parts: list[str] = []
    for is_block, group in groupby(node.content, key=lambda part: part.is_block):
        if is_block:
            parts += [_part_of_item(part, inside) for part in group]
        else:
            parts.append(_lines(group, inside))
    written = "\n\n".join(filter(None, parts))
    first = f"{' ' * indent}{marker} {_LINES.sub(' ' * column, written).lstrip(' ')}".rstrip(" ")
    return "\n".join([first, *(write(inner, inside) for inner in node.lists)])


def _part_of_item(node: Node, options: PrintOptions) -> str:
    """Return a block in an item; lines of code that would begin items are code within a line each."""
    text = write(node, options)
    if not _MARKER.search(text) and "\t" not in text:
        return text
    options.lost(node, "list", "lines of it would begin items")
    if not isinstance(node, (blocks.Code, blocks.Preformatted)):
        return text
    lines = node.text.strip("\n").expandtabs(2).split("\n")
    return "\\\n".join(code_span(line) or escaped(line, options) for line in lines if line.strip(BLANKS))


def _quote(node: blocks.Quote, options: PrintOptions) -> str:
    """Print a quotation: lines as DokuWiki's own markup reads them, or blocks as Markdown does."""
    inside = replace(options, indent=0, before="\n", after="")
    parts: list[str] = []
    for is_block, group in groupby(node.content, key=lambda part: not isinstance(part, _QUOTED)):
        run = list(group)
        parts += [flow(run, inside)] if is_block else [write(part, inside) for part in run]
    return _LINE_STARTS.sub(lambda found: ">" if found[1] else "> ", "\n".join(parts))


def _quoted_lines(node: blocks.QuotedLines, options: PrintOptions) -> str:
    return flow(node.content, replace(options, in_quotation=True, indent=0, before="\n", after=""))


# --------------------------------------------------------------------------------------------------------------- code


def _preformatted(node: blocks.Preformatted, options: PrintOptions) -> str:
    text = node.text
    is_odd = _MARKER.match(text) or not text.strip() or text[0] == "\n" or options.after_list
    if is_odd and not _CLOSING_FENCE["`"].search(text):
        return fenced(text)
    return "\n".join(f"    {line}" for line in text.split("\n"))


def _code(node: blocks.Code, options: PrintOptions) -> str:
    sign = "~" if isinstance(node, blocks.File) else "`"
    language = "html" if node.language == "html4strict" else node.language or ""
    if not options.bars and not _NO_INFORMATION.search(f"{language}{node.filename or ''}"):
        words = [language or ("-" if node.filename else "")]
        words += [node.filename] if node.filename else []
        if node.options:
            shown = as_dokuwiki(node, options)
            words.append(shown[shown.index("[") : shown.index("]>") + 1])
        information = " ".join(filter(None, words))
        if not _CLOSING_FENCE[sign].search(node.text):
            return fenced(node.text, information, sign)
    if options.flavour.reads_own:
        return as_dokuwiki(node, options)
    options.lost(node, "code", "a fence in it would end it, or its place has no code")
    other = "`" if sign == "~" else "~"
    return f"  {node.text}" if options.bars else fenced(node.text, language, other)


def fenced(text: str, information: str = "", sign: str = "`") -> str:
    """Return code between fences."""
    body = text.removeprefix("\n").removesuffix("\n")
    if body.startswith("\n"):
        body = f"\n{body}"  # DokuWiki does not show the first line end
    fence = sign * 3
    return f"{fence}{information}\n{body}\n{fence}" if body else f"{fence}{information}\n{fence}"


MARKDOWN: dict[type[Node], Printer] = {
    blocks.Heading: _heading,
    blocks.Paragraph: _paragraph,
    blocks.HorizontalRule: lambda node, options: "---",
    blocks.Preformatted: _preformatted,
    blocks.Code: _code,
    blocks.List: _list,
    blocks.ListItem: _item,
    blocks.Quote: _quote,
    blocks.QuotedLines: _quoted_lines,
}
