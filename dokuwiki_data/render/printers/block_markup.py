"""Print blocks: headings, paragraphs, lists, quotations, code and feeds, and the page itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dokuwiki_data.nodes import blocks
from dokuwiki_data.nodes.inline import LineBreak, Text
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.printers.printers import (
    BREAK,
    PRINTERS,
    PrintOptions,
    counts_from_first,
    flow,
    inline,
    last_text,
    refuse,
    write,
)

_UNITS = ((24 * 60 * 60, "d"), (60 * 60, "h"), (60, "m"))
_UNSAID = 14400


def _page(node: Page, options: PrintOptions) -> str:
    content = [
        block for part in node.content for block in (part.children if isinstance(part, blocks.Section) else [part])
    ]
    text = flow(content, options)
    return f"{text}\n" if text and last_text(content[-1]) != "" else text


def _section(node: blocks.Section, options: PrintOptions) -> str:
    return flow(node.children, options)


def _paragraph(node: blocks.Paragraph, options: PrintOptions) -> str:
    text = inline(node.content, options, at_line_start=True)
    first = node.content[0] if node.content else None
    if isinstance(first, Text) and first.text[:1] in ("", "\n"):
        return f" {BREAK}{text}" if first.text else f" {text}"  # what was before its first line, or all of it
    return text


def _heading(node: blocks.Heading, options: PrintOptions) -> str:
    refuse(
        node,
        (not 1 <= node.level <= 5, "the level must be 1 to 5"),
        ("\n" in node.title, "a title must not have a line end"),
    )
    marks = "=" * (7 - node.level)
    return f"{marks} {node.title} {marks}"


def _preformatted(node: blocks.Preformatted, options: PrintOptions) -> str:
    lines = node.text.split("\n")
    # On the first line these would be items of a list, and a line of blanks would be lost.
    before = [""] if node.text.lstrip(" \t")[:1] in ("*", "-") else []
    return "\n".join(f"  {line}" for line in before + lines)


def _code(node: blocks.Code, options: PrintOptions) -> str:
    closing = f"</{node.name}>"
    refuse(
        node,
        (closing in node.text, f"{closing} in its text ends it"),
        (">" in f"{node.language}{node.filename}", "a > ends its attributes"),
    )
    words = [node.name]
    if node.language or node.filename:
        words.append(node.language or "-")
    if node.filename:
        words.append(node.filename)
    if node.options:
        words.append("[" + ", ".join(f'{name}="{_option(value)}"' for name, value in node.options.items()) + "]")
    return f"<{' '.join(words)}>{node.text}{closing}"


def _option(value: Any) -> str:
    """Return the value of an option of code: a switch, a number, or the numbers of lines."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        last = max(map(int, value), default=-1)
        value = [value.get(str(at), 0) for at in range(last + 1)]
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _rss(node: blocks.Rss, options: PrintOptions) -> str:
    refuse(node, (" " in node.target, "a blank ends the address"), ("}" in node.target, "a } ends it"))
    said = {
        node.limit: node.limit is not None, "rev": node.reverse, "author": node.author, "date": node.date,
        "details": node.details, "nosort": node.nosort, _period(node.refresh): node.refresh != _UNSAID,
    }  # fmt: skip
    words = "".join(f" {word}" for word, is_said in said.items() if is_said)
    return f"{{{{rss>{node.target}{words}}}}}"


def _period(seconds: float) -> str:
    length, unit = next(((length, unit) for length, unit in _UNITS if seconds % length == 0), _UNITS[-1])
    return f"{int(seconds) // length}{unit}"


def _list(node: blocks.List, options: PrintOptions) -> str:
    """Print a list. In releases that count levels from the first item, its indent follows from the other items."""
    lines = replace(options, ordered=node.ordered)
    first = node.items[0]
    level = node.items[1].level if len(node.items) > 1 else first.lists[0].items[0].level - 1 if first.lists else None
    begins = lines
    if level is not None and not counts_from_first(options.syntax):
        begins = replace(lines, pairs=level - first.level + 1)
    texts = [_item_line(first, begins), *(write(inner, lines) for inner in first.lists)]
    return "\n".join([*texts, *(write(item, lines) for item in node.items[1:])])


def _item(node: blocks.ListItem, options: PrintOptions) -> str:
    return "\n".join([_item_line(node, options), *(write(inner, options) for inner in node.lists)])


def _item_line(node: blocks.ListItem, options: PrintOptions) -> str:
    indent = "  " * (options.pairs + node.level - 1)
    line = f"{indent}{'-' if options.ordered else '*'}{inline(node.content, options)}"
    return line.rstrip(" \t") if options.flavour.reads_markdown else line  # blanks would be a line break


def _quote(node: blocks.Quote, options: PrintOptions) -> str:
    """Print a quotation: quoted lines as texts of their own, or in older releases as lines with line breaks."""
    deeper = replace(options, quotations=options.quotations + 1)
    marker = ">" * deeper.quotations
    lines: list[str] = []
    goes_on = False
    for part in node.content:
        text = write(part, deeper)
        if isinstance(part, blocks.QuotedLines):
            lines += [f"{marker} {line}" if line else marker for line in text.split("\n")]
        elif isinstance(part, blocks.Quote):
            lines.append(text)
        elif isinstance(part, LineBreak):
            lines += [marker] if goes_on else [marker, marker]
        elif goes_on:
            lines[-1] += text
        else:
            lines.append(marker + text)
        goes_on = not isinstance(part, (blocks.QuotedLines, blocks.Quote))
    return "\n".join(lines)


def _quoted_lines(node: blocks.QuotedLines, options: PrintOptions) -> str:
    return flow(node.content, replace(options, quotations=0, pairs=1))


PRINTERS |= {
    Page: _page,
    blocks.Section: _section,
    blocks.Paragraph: _paragraph,
    blocks.Heading: _heading,
    blocks.HorizontalRule: lambda node, options: "----",
    blocks.Preformatted: _preformatted,
    blocks.Code: _code,
    blocks.Rss: _rss,
    blocks.Info: lambda node, options: f"~~INFO:{node.name}~~",
    blocks.List: _list,
    blocks.ListItem: _item,
    blocks.Quote: _quote,
    blocks.QuotedLines: _quoted_lines,
}
