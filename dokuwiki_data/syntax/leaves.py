"""From the text of a piece of markup to its node: links, media, feeds, code blocks."""

from __future__ import annotations

import re
from typing import Any

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.source import Source
from dokuwiki_data.syntax.paragraphs import PHP_BLANKS

_INTERWIKI = re.compile(r"[a-zA-Z0-9.]+>")
_SHARE = re.compile(r"\\\\[^\\]+\\")
_ADDRESS = re.compile(r"[a-z0-9\-.+]+://", re.IGNORECASE | re.ASCII)
# One character before the @ is enough for an address somewhere in the target.
_EMAIL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]@(?:[0-9A-Za-z][0-9A-Za-z-]*+\.)++[A-Za-z]{2,63}", re.ASCII)
_IMAGE_LABEL = re.compile(r"\{\{[^}]+\}\}\n?\Z")

_CLOSING_BRACES = re.compile(r"\}\}(?=\n?\Z)")
_EXTERNAL_MEDIA = re.compile(r"(?:https?|ftp)://", re.IGNORECASE | re.ASCII)
_SIZE = re.compile(r"(\d+)(?:x(\d+))?", re.IGNORECASE | re.ASCII)
_CACHING = re.compile(r"nocache|recache", re.IGNORECASE | re.ASCII)
_ALIGNMENT = re.compile(r"left|right|center", re.IGNORECASE | re.ASCII)
_LINKING = {word: re.compile(word, re.IGNORECASE | re.ASCII) for word in ("nolink", "direct", "linkonly")}

_NUMBER = re.compile(r"\b\d+\b", re.ASCII)
_PERIOD = re.compile(r"\b(\d+)([dhm])\b", re.ASCII)
_SECONDS = {"d": 86400, "h": 3600, "m": 60}

_WORDS = re.compile(r"\s*(\S+)(?:\s+(.*))?", re.ASCII | re.DOTALL)
_BRACKETS = re.compile(r"\[[^\n]*\]")
_OPTION = re.compile(r'(\w+="[^"]*")|(\w+=[^\s]*)|(\w+[^=\s\]])\s*', re.ASCII)
_OPTIONS = ("enable_line_numbers", "start_line_numbers_at", "highlight_lines_extra", "enable_keyword_links")


def link(source: Source, start: int, end: int) -> inline.Link:
    """``[[target|label]]``, sorted into its kind as DokuWiki does."""
    written, bar, rest = source.read[start + 2 : end - 2].partition("|")
    label: str | inline.Media | None = rest if bar else None
    if bar and _IMAGE_LABEL.match(rest):
        at = end - 2 - len(rest)
        label = media(source, at, at + len(rest))
    target = written.strip(PHP_BLANKS)
    kind: type[inline.Link]
    if ">" in target and _INTERWIKI.match(target):
        wiki, _, reference = target.partition(">")
        return inline.InterwikiLink.at(source, start, end, target, label, wiki.lower(), reference)
    if target.startswith("\\\\") and _SHARE.match(target):
        kind = inline.WindowsShareLink
    elif "://" in target and _ADDRESS.match(target):
        kind = inline.ExternalLink
    elif "@" in target and _EMAIL.search(target):
        kind = inline.EmailLink
    elif target.startswith("#") and len(target) > 1 and target[1] != "\n":
        kind, target = inline.LocalLink, target[1:]
    else:
        kind = inline.InternalLink
    return kind.at(source, start, end, target, label)


def media(source: Source, start: int, end: int) -> inline.Media:
    """``{{target?parameters|title}}``."""
    written = _CLOSING_BRACES.sub("", source.read[start + 2 : end])
    written, bar, title = written.partition("|")
    to_right = written.startswith(" ")
    to_left = written.endswith((" ", " \n"))
    align = "center" if to_right and to_left else "right" if to_right else "left" if to_left else None
    target, mark, parameters = written.strip(PHP_BLANKS).rpartition("?")
    if not mark:
        target, parameters = parameters, ""
    external = ("://" in target and _EXTERNAL_MEDIA.match(target)) or (">" in target and _INTERWIKI.match(target))
    kind = inline.ExternalMedia if external else inline.InternalMedia
    title_or_none = title if bar else None
    if not parameters:  # for most: a third of the time
        return kind.at(source, start, end, target, title_or_none, align, None, None, "cache", "details")
    size = _SIZE.search(parameters)
    width, height = size.groups() if size else (None, None)
    linking = next((word for word, pattern in _LINKING.items() if pattern.search(parameters)), "details")
    caching = _CACHING.search(parameters)
    if aligned := _ALIGNMENT.search(parameters):
        align = aligned[0].lower()
    return kind.at(
        source, start, end, target, title_or_none, align,
        _unless_empty(width), _unless_empty(height), caching[0] if caching else "cache", linking,
    )  # fmt: skip


def _unless_empty(digits: str | None) -> str | None:
    return None if digits == "0" else digits  # PHP holds "0" for empty


def rss(source: Source, start: int, end: int) -> blocks.Rss:
    """``{{rss>address parameters}}``."""
    target, _, parameters = source.read[start + 6 : end - 2].partition(" ")
    number = _NUMBER.search(parameters)
    period = _PERIOD.search(parameters)

    def given(pattern: str) -> bool:
        return re.search(pattern, parameters, re.ASCII) is not None

    return blocks.Rss.at(
        source, start, end, target, number[0] if number else None,
        given("rev"), given(r"\b(?:by|author)"), given(r"\bdate"), given(r"\b(?:desc|detail)"), given(r"\bnosort\b"),
        max(600, int(period[1][:18]) * _SECONDS[period[2]]) if period else 14400,
    )  # fmt: skip


def code(source: Source, start: int, end: int, kind: type[blocks.Code]) -> blocks.Code:
    """``<code attributes>…</code>``, or the same with ``file``."""
    at = start + 1 + len(kind.name)
    attributes, _, text = source.read[at : end - 3 - len(kind.name)].partition(">")
    options = None
    if bracketed := _BRACKETS.search(attributes):
        attributes = attributes.replace(bracketed[0], "")
        options = _code_options(bracketed[0])
    words = _WORDS.match(attributes.strip(PHP_BLANKS))
    language, filename = words.groups() if words else (None, None)
    language = {"html": "html4strict", "-": None}.get(language or "-", language)
    return kind.at(source, start, end, text, language, filename or None, options, at)


def _code_options(bracketed: str) -> dict[str, Any] | None:
    given: dict[str, Any] = {}
    for match in _OPTION.finditer(bracketed):
        name, equals, value = match[0].partition("=")
        given[name.strip(PHP_BLANKS)] = (value.strip('"') or 1) if equals else 1
    options = {name: value for name, value in given.items() if name in _OPTIONS}
    for name in ("enable_line_numbers", "enable_keyword_links"):
        if name in options:
            options[name] = options[name] not in ("false", "0")
    if (lines := options.get("highlight_lines_extra")) is not None:
        numbers = [_integer(line) for line in str(lines).split(",")]
        options["highlight_lines_extra"] = list(dict.fromkeys(number for number in numbers if number))
    if (first := options.get("start_line_numbers_at")) is not None:
        options["start_line_numbers_at"] = _integer(str(first))
    return options or None


def _integer(text: str) -> int:
    """A number as PHP reads it: the digits in front, or nought."""
    found = re.match(r"\s*[+-]?\d{1,18}", text, re.ASCII)
    return int(found[0]) if found else 0
