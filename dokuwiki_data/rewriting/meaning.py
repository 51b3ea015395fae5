"""The meaning of an instruction list: what two ways of writing a page have in common if DokuWiki shows the same.

DokuWiki makes lists that differ a little of the same content in its own markup and in Markdown. Here they are equal:

- Positions are left out, and what is nested in items of Markdown's lists and in quotations stands in its place.
- White space counts as one blank, and as nothing beside a block, a cell or a line break.
- Text that is not parsed, as code within a line is in Markdown, is text. Preformatted text is code without a language,
  and code has no line end at its edges: DokuWiki shows these alike.
- Quoted lines have line breaks between them whether or not they are paragraphs, and so has an item of several blocks.
- A line break at the end of a cell shows nothing.
- White space in the name of a file counts as an underscore, which it is cleaned to.
- Cells without an alignment or without text are aligned left, and only Markdown's tables mark their body.
- A link without a label has the one that DokuWiki shows, unless it shows titles of pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from dokuwiki_data.render.call_writer import Call

_WHITE = re.compile(r"[ \t\n]+")
_BLANKS = " \t\n"

#: The calls within a line of text; beside all others, white space is not shown.
_INLINE = frozenset({
    "cdata", "acronym", "smiley", "entity", "multiplyentity", "internallink", "locallink", "externallink",
    "interwikilink", "windowssharelink", "emaillink", "camelcaselink", "internalmedia", "externalmedia",
    "singlequoteopening", "singlequoteclosing", "doublequoteopening", "doublequoteclosing", "apostrophe",
    "footnote_open", "footnote_close", "plugin",
    *(
        f"{name}_{edge}"
        for name in ("strong", "emphasis", "underline", "monospace", "subscript", "superscript", "deleted")
        for edge in ("open", "close")
    ),
})  # fmt: skip

_NOT_SHOWN = frozenset({"document_start", "document_end", "tabletbody_open", "tabletbody_close"})
_PARAGRAPH = frozenset({"p_open", "p_close"})
_CELLS = frozenset({"tablecell_open", "tableheader_open"})
_ENDS_OF_CELLS = [["tablecell_close", []]], [["tableheader_close", []]]
_LINE_BREAK: Call = ["linebreak", []]


def meaning(calls: Iterable[Sequence[Any]], *, shows_titles: bool = False) -> list[Call]:
    """Return the calls of an instruction list as names and arguments, in a form that is equal if the meaning is.

    Args:
        calls: The instruction list, with or without positions.
        shows_titles: Whether links without a label show the titles of pages.

    Example:
        >>> import dokuwiki_data as dw
        >>> meaning(dw.render.instructions(dw.parse("A  word")))
        [['p_open', []], ['cdata', ['A word']], ['p_close', []]]
    """
    return list(_trimmed(list(_joined(_lines(list(_plain(calls, shows_titles)))))))


def _plain(calls: Iterable[Sequence[Any]], shows_titles: bool) -> Iterator[Call]:
    for name, arguments, *_ in calls:
        if name == "nest":
            yield from _plain(arguments[0], shows_titles)
        elif name == "internallink" and shows_titles and not arguments[1]:
            yield [name, [arguments[0], None]]
        elif name not in _NOT_SHOWN:
            yield _call(name, list(arguments))


def _call(name: str, arguments: list[Any]) -> Call:
    if name == "unformatted":
        return ["cdata", arguments]
    if name in ("code", "file", "preformatted"):
        text, *more = arguments
        kind = "code" if name == "preformatted" else name
        return [kind, [text.removeprefix("\n").removesuffix("\n").rstrip(_BLANKS), *(more or (None, None))]]
    if name == "header":
        return [name, [_WHITE.sub(" ", arguments[0].strip()), arguments[1]]]
    if name in ("table_open", "table_close"):
        return [name, arguments[:2] if name == "table_open" else []]
    if name in _CELLS:
        return [name, [arguments[0], arguments[1] or "left", arguments[2]]]
    if name == "plugin":
        return [name, [arguments[0], arguments[3].strip(_BLANKS)]]
    if name in ("internalmedia", "externalmedia"):
        return [name, [_file(arguments[0]), arguments[1] or None, *arguments[2:7]]]
    if name in _LABELS and (arguments[1] is None or isinstance(arguments[1], str)):
        label = arguments[1] or _LABELS[name](arguments)
        return [name, [arguments[0], _WHITE.sub(" ", label.strip()), *arguments[2:]]]
    return [name, arguments]


def _file(target: str) -> str:
    """Return the target of a file; white space in the name of one is cleaned as underscores."""
    return target if "://" in target else re.sub(r"\s+", "_", target)


def _page_name(arguments: list[Any]) -> str:
    name, _, anchor = str(arguments[0]).lstrip("~").partition("#")
    return anchor or name.replace(";", ":").rstrip(":").rpartition(":")[2]


#: What DokuWiki shows of links without a label, by the names of their calls.
_LABELS: dict[str, Callable[[list[Any]], str]] = {
    "internallink": _page_name,
    "locallink": lambda arguments: str(arguments[0]),
    "externallink": lambda arguments: str(arguments[0]),
    "emaillink": lambda arguments: str(arguments[0]),
    "windowssharelink": lambda arguments: str(arguments[0]),
    "interwikilink": lambda arguments: str(arguments[3]),
}


def _lines(calls: Sequence[Call]) -> Iterator[Call]:
    """Yield calls with line breaks in the place of paragraphs in quotations and items.

    DokuWiki does the same with quotations if its own markup is preferred.
    """
    quotations = items = 0
    for number, call in enumerate(calls):
        name = call[0]
        quotations += (name == "quote_open") - (name == "quote_close")
        items += (name == "listcontent_open") - (name == "listcontent_close")
        if not (quotations or items):
            yield call
        elif name in _PARAGRAPH:
            beside = calls[number + 1 :][:1] if name == "p_close" else calls[number - 1 : number]
            if quotations or (beside and beside[0][0] in _PARAGRAPH):
                yield _LINE_BREAK
        else:
            yield call


def _joined(calls: Iterable[Call]) -> Iterator[Call]:
    """Yield calls with neighbouring texts as one."""
    texts: list[str] = []
    for call in calls:
        if call[0] == "cdata":
            texts.append(call[1][0])
            continue
        if texts:
            yield ["cdata", [_WHITE.sub(" ", "".join(texts))]]
            texts = []
        yield call
    if texts:
        yield ["cdata", [_WHITE.sub(" ", "".join(texts))]]


def _trimmed(calls: Sequence[Call]) -> Iterator[Call]:
    """Yield calls without white space beside blocks and line breaks, and without line breaks at edges of quotations."""
    shown: list[Call] = []
    for number, (name, arguments) in enumerate(calls):
        if name == "cdata":
            text = arguments[0]
            if not number or calls[number - 1][0] not in _INLINE:
                text = text.lstrip(_BLANKS)
            if number + 1 == len(calls) or calls[number + 1][0] not in _INLINE:
                text = text.rstrip(_BLANKS)
            if text:
                shown.append(["cdata", [text]])
        else:
            shown.append([name, arguments])
    quotations = items = 0
    for is_break, group in groupby(range(len(shown)), key=lambda number: shown[number][0] == "linebreak"):
        numbers = list(group)
        if is_break and (quotations or items) and _is_at_edge(shown, numbers[0], numbers[-1]):
            continue
        if is_break and shown[numbers[-1] + 1 :][:1] in _ENDS_OF_CELLS:
            numbers.pop()
        for number in numbers:
            name, arguments = shown[number]
            if name in _CELLS and shown[number + 1 :][:1] in _ENDS_OF_CELLS:
                shown[number] = [name, [arguments[0], "left", arguments[2]]]
            quotations += (name == "quote_open") - (name == "quote_close")
            items += (name == "listcontent_open") - (name == "listcontent_close")
            yield shown[number]


def _is_at_edge(calls: Sequence[Call], first: int, last: int) -> bool:
    """Return whether calls stand before or behind a block, or at the edge of all."""
    around = calls[first - 1 : first], calls[last + 1 : last + 2]
    return any(not beside or beside[0][0] not in _INLINE for beside in around)
