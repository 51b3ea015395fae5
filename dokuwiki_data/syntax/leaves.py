"""Make the nodes of links, media, feeds and code blocks from their text."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, Literal, cast

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.php import LARGEST, integer
from dokuwiki_data.syntax.paragraphs import PHP_BLANKS
from dokuwiki_data.syntax.releases import Release
from dokuwiki_data.text import PageText

_INTERWIKI = re.compile(r"[a-zA-Z0-9.]+>")
_SHARE = re.compile(r"\\\\[^\\]+\\")
_ADDRESS = re.compile(r"[a-z0-9\-.+]+://", re.IGNORECASE | re.ASCII)
_IMAGE_LABEL = re.compile(r"\{\{[^}]+\}\}\n?\Z")

_CLOSING_BRACES = re.compile(r"\}\}(?=\n?\Z)")
_EXTERNAL_MEDIA = re.compile(r"(?:https?|ftp)://", re.IGNORECASE | re.ASCII)
_SIZE = re.compile(r"(\d+)(?:x(\d+))?", re.IGNORECASE | re.ASCII)
_CACHING = re.compile(r"nocache|recache", re.IGNORECASE | re.ASCII)
_ALIGNMENT = re.compile(r"left|right|center", re.IGNORECASE | re.ASCII)
_LINKING = {word: re.compile(word, re.IGNORECASE | re.ASCII) for word in ("nolink", "direct", "linkonly")}

_WORD = re.compile(r"\w+", re.ASCII)
_PERIOD = re.compile(r"\d+[dhm]", re.ASCII)
_SECONDS = {"d": 24 * 60 * 60, "h": 60 * 60, "m": 60}

_ATTRIBUTES = re.compile(r"\s*(\S+)(?:\s+(.*))?", re.ASCII | re.DOTALL)
#: The options of a code block, in brackets: from the first opening one on a line to the last closing one.
_BRACKETS = re.compile(r"^[^\[\n]*+(\[[^\n]*\])", re.MULTILINE)
#: The name of an option and its value. A name directly before another sign is not an option.
_OPTION = re.compile(r'(\w++)(?:="([^"]*)"|=(\S*)|([^=\s\]]))?', re.ASCII)


def link(source: PageText, start: int, end: int, release: Release) -> inline.Link:
    """Return the node of ``[[target|label]]``, whose kind is determined as in DokuWiki."""
    written, bar, rest = source.normalized[start + 2 : end - 2].partition("|")
    label: str | inline.Media | None = rest if bar else None
    if bar and _IMAGE_LABEL.match(rest):
        at = end - 2 - len(rest)
        label = media(source, at, at + len(rest), release)
    return classified(source, start, end, written.strip(PHP_BLANKS), label, release)


def classified(
    source: PageText, start: int, end: int, target: str, label: str | inline.Media | None, release: Release
) -> inline.Link:
    """Return the node of a link to a target, of the kind that DokuWiki determines."""
    kind: type[inline.Link]
    if ">" in target and _INTERWIKI.match(target):
        wiki, _, reference = target.partition(">")
        return inline.InterwikiLink.at(source, start, end, target, label, wiki.lower(), reference)
    if target.startswith("\\\\") and _SHARE.match(target):
        kind = inline.WindowsShareLink
    elif "://" in target and _ADDRESS.match(target):
        kind = inline.ExternalLink
    elif "@" in target and release.email.search(target):
        kind = inline.EmailLink
    elif target.startswith("#") and len(target) > 1 and target[1] != "\n":
        kind, target = inline.LocalLink, target[1:]
    else:
        kind = inline.InternalLink
    return kind.at(source, start, end, target, label)


def media(source: PageText, start: int, end: int, release: Release) -> inline.Media:
    """Return the node of ``{{target?parameters|title}}``."""
    written = _CLOSING_BRACES.sub("", source.normalized[start + 2 : end])
    written, bar, title = written.partition("|")
    to_right = written.startswith(" ")
    to_left = written.endswith((" ", " \n"))
    align: Literal["left", "right", "center"] | None
    align = "center" if to_right and to_left else "right" if to_right else "left" if to_left else None
    return media_of(source, start, end, written.strip(PHP_BLANKS), title if bar else None, align, release)


def media_of(
    source: PageText, start: int, end: int, written: str, title: str | None,
    align: Literal["left", "right", "center"] | None, release: Release,
) -> inline.Media:  # fmt: skip
    """Return the node of media, given its target with parameters."""
    target, mark, parameters = written.rpartition("?")
    if not mark:
        target, parameters = parameters, ""
    external = ("://" in target and _EXTERNAL_MEDIA.match(target)) or (">" in target and _INTERWIKI.match(target))
    kind = inline.ExternalMedia if external else inline.InternalMedia
    if not parameters:  # most have none; this saves two thirds of the time
        return kind.at(source, start, end, target, title, align, None, None, "cache", "details")
    size = _SIZE.search(parameters)
    width, height = size.groups() if size else (None, None)
    linking = next((word for word, pattern in _LINKING.items() if pattern.search(parameters)), "details")
    caching = _CACHING.search(parameters)
    if release.aligns_by_parameter and (aligned := _ALIGNMENT.search(parameters)):
        align = cast(Literal["left", "right", "center"], aligned[0].lower())
    return kind.at(
        source, start, end, target, title, align,
        _unless_empty(width), _unless_empty(height), caching[0] if caching else "cache", linking,
    )  # fmt: skip


def _unless_empty(digits: str | None) -> str | None:
    return None if digits == "0" else digits  # "0" is empty in PHP


def rss(source: PageText, start: int, end: int) -> blocks.Rss:
    """Return the node of ``{{rss>address parameters}}``. Parameters come in any order; most match by their start."""
    target, _, parameters = source.normalized[start + 6 : end - 2].partition(" ")
    words = _WORD.findall(parameters)

    def any_begins(*beginnings: str) -> bool:
        return any(word.startswith(beginnings) for word in words)

    period = next((word for word in words if _PERIOD.fullmatch(word)), None)
    return blocks.Rss.at(
        source, start, end, target, next((word for word in words if word.isdecimal()), None),
        "rev" in parameters, any_begins("by", "author"), any_begins("date"), any_begins("desc", "detail"),
        "nosort" in words, 14400 if period is None else max(600, _seconds(period)),
    )  # fmt: skip


def _seconds(period: str) -> int | float:
    unit = _SECONDS[period[-1]]
    seconds = float(period[:-1]) * unit
    # PHP would make an infinite number, which JSON cannot express.
    return integer(period[:-1]) * unit if seconds <= LARGEST else min(seconds, sys.float_info.max)


def code(source: PageText, start: int, end: int, kind: type[blocks.Code], release: Release) -> blocks.Code:
    """Return the node of ``<code attributes>…</code>``, or of the same with ``file``."""
    at = start + 1 + len(kind.name)
    attributes, _, text = source.normalized[at : end - 3 - len(kind.name)].partition(">")
    return code_of(source, start, end, kind, attributes, text, at, release)


def code_of(
    source: PageText, start: int, end: int, kind: type[blocks.Code],
    attributes: str, text: str, at: int, release: Release,
) -> blocks.Code:  # fmt: skip
    """Return the node of a code block, given its attributes; ``at`` is the place of its instruction."""
    options = None
    if bracketed := _BRACKETS.search(attributes):
        attributes = attributes.replace(bracketed[1], "")
        options = _code_options(bracketed[1]) or (None if release.trims_attributes else {})
    words = _ATTRIBUTES.match(attributes.strip(PHP_BLANKS) if release.trims_attributes else attributes)
    language, filename = words.groups() if words else (None, None)
    language = {"html": "html4strict", "-": None}.get(language or "-", language)
    return kind.at(source, start, end, text, language, filename or None, options, at)


def _switch(value: str) -> bool:
    return value not in ("false", "0")


def _lines(value: str) -> list[int] | dict[str, int]:
    """Return line numbers without duplicates; if one was left out, as a dictionary with PHP's keys of the others."""
    numbers: dict[int, int] = {}
    for at, number in enumerate(map(integer, value.split(","))):
        if number and number not in numbers.values():
            numbers[at] = number
    if list(numbers) == list(range(len(numbers))):
        return list(numbers.values())
    return {str(at): number for at, number in numbers.items()}


#: The options of code that DokuWiki knows, with functions that read their values.
_OPTIONS: dict[str, Callable[[str], Any]] = {
    "enable_line_numbers": _switch,
    "enable_keyword_links": _switch,
    "highlight_lines_extra": _lines,
    "start_line_numbers_at": integer,
}


def _code_options(bracketed: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name, quoted, bare, more in _OPTION.findall(bracketed):
        if name in _OPTIONS and not more:
            value = quoted or bare.strip('"') or "1"
            options[name] = _OPTIONS[name](value)
    return options
