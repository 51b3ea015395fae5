"""Values: how the plugin cleans and shows them by their type, and their Python objects."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import NamedTuple

from dokuwiki_data.engine.context import ColumnType, Context
from dokuwiki_data.engine.inference import READERS
from dokuwiki_data.ids import clean_id
from dokuwiki_data.php import BLANKS, ascii_lower
from dokuwiki_data.query.columns import Column

_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)", re.ASCII)
_SCHEME = re.compile(r"[a-z]+://", re.ASCII | re.IGNORECASE)
_WHITE = re.compile(r"\s+", re.ASCII)
_LETTERS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf'{_LETTERS}(?:\.{_LETTERS})*|"[^"\\]*"', re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)*(?!\d+$){_LABEL}", re.ASCII)

#: The types whose values are followed by a name, with the separator.
_NAME_SEPARATORS = {"mail": " ", "title": "|"}
#: The types whose values are shown without prefix and postfix.
_SHOWN_AS_STORED = ("nspage", "pageid", "tag", "timestamp")


class PageId(str):
    """The id of a page, as a value."""

    __slots__ = ()


class Address(NamedTuple):
    """A mail address and the name of its owner, as a value."""

    address: str
    name: str


class Image(NamedTuple):
    """An image, as a value: its id or URL, its title, and its width in pixels if the column's type gives one."""

    id: str
    title: str
    width: int | None


Value = str | int | float | date | datetime | Address | Image


def clean(value: str, type_: ColumnType) -> str:
    """Return a value as the plugin stores it or compares with it; a value that does not fit its type becomes empty."""
    value = value.strip(BLANKS)
    if not value or (type_.allowed and not _is_allowed(value, type_.allowed)):
        return ""
    cleaner = _CLEANERS.get(type_.base)
    return cleaner(value) if cleaner else value


def typed(text: str, type_: ColumnType) -> Value:
    """Return a stored value as a Python object: a date, page id, address, image or time; else the text itself.

    A value of an inferred kind becomes a number, date or truth value.
    """
    if type_.kind:
        return READERS[type_.kind](text)
    if type_.base == "dt" and _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if type_.base in ("page", "nspage", "pageid", "title"):
        return PageId(text)
    if type_.base == "mail":
        address, _, name = text.partition(" ")
        return Address(address, name)
    if type_.base.startswith("img"):
        width = type_.base[3:]
        id_, _, title = text.partition("|")
        return Image(id_, title.strip(BLANKS), int(width) if re.fullmatch(r"[1-9]\d{0,8}", width, re.ASCII) else None)
    if type_.base == "timestamp" and re.fullmatch(r"-?\d{1,11}", text, re.ASCII):
        return moment(int(text)) or text
    return text


def shown(text: str, type_: ColumnType) -> str:
    """Return a stored value as readers see it, with the prefix and the postfix of its type.

    They enclose a mail address or a page, not the name that follows it. An empty value shows nothing.
    """
    if not text or type_.base in _SHOWN_AS_STORED:
        return text
    separator = _NAME_SEPARATORS.get(type_.base)
    value, found, name = text.partition(separator) if separator else (text, "", "")
    return f"{type_.prefix}{value}{type_.postfix}{found}{name}"


def moment(seconds: int) -> datetime | None:
    """Return a time in Unix seconds as a time in UTC, or None for a year before 1 or after 9999."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def is_address(word: str) -> bool:
    """Return whether a word is a mail address: a local part of up to 64 characters, and a domain or IP address."""
    local, at, domain = word.rpartition("@")
    if not at or len(local) > 64 or len(domain) > 255 or not _LOCAL_PART.fullmatch(local):
        return False
    return _DOMAIN.fullmatch(domain) is not None or _is_ip_address(domain)


def _is_ip_address(domain: str) -> bool:
    from ipaddress import IPv4Address, ip_address  # takes 3 ms and is rarely needed

    try:
        if domain.startswith("[") and domain.endswith("]"):
            ip_address(domain[1:-1])
        else:
            IPv4Address(domain)
    except ValueError:
        return False
    return True


def _is_allowed(value: str, allowed: str) -> bool:
    # The plugin separates the allowed values by commas: a value with commas may equal a run of several.
    items = allowed.split(",")
    width = value.count(",") + 1
    return any(",".join(items[at : at + width]).strip(" \t\n\r\f\v") == value for at in range(len(items) - width + 1))


def _clean_date(value: str) -> str:
    if value == "%now%":
        return value
    match = _DATE.fullmatch(value)
    return f"{int(match[1])}-{match[2]:0>2}-{match[3]:0>2}" if match else ""


def _clean_url(value: str) -> str:
    return value if _SCHEME.match(value) else f"http://{value}"


def _clean_mail(value: str) -> str:
    """Put the first address before the other words, which end at a ``0``, since that is false in PHP."""
    address, words = "", []
    for word in _WHITE.split(value):
        if not address and is_address(word):
            address = ascii_lower(word)
            continue
        words.append(word)
        if word in ("", "0"):
            break
    return " ".join([address, *words]).strip(BLANKS)


_CLEANERS: dict[str, Callable[[str], str]] = {
    "dt": _clean_date,
    "url": _clean_url,
    "mail": _clean_mail,
    "page": clean_id,
    "nspage": clean_id,
}


def cleaner(column: Column, context: Context) -> Callable[[str], str] | None:
    """Return the function that cleans the trimmed values of a column, or None if they stay as they are."""
    type_ = context.type_of(column)
    if not type_.allowed and type_.base not in _CLEANERS:
        return None
    cleaned: dict[str, str] = {}

    def cached(value: str) -> str:
        # Many pages share a value, so caching saves memory and four fifths of the time.
        if value not in cleaned:
            cleaned[value] = clean(value, type_)
        return cleaned[value]

    return cached
