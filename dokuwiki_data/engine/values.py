"""Values: how the plugin cleans them by their type, and what they are in Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import NamedTuple

from dokuwiki_data.engine.context import ColumnType, Context
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

#: What has a name behind it, and what is between the two.
_NAMED_BEHIND = {"mail": " ", "title": "|"}
#: Types whose prefix and postfix are nowhere in the text.
_SHOWN_AS_STORED = ("nspage", "pageid", "tag", "timestamp")


class PageId(str):
    """A page that a value names, by its id."""

    __slots__ = ()


class Address(NamedTuple):
    """A mail address, and whose it is."""

    address: str
    name: str


class Image(NamedTuple):
    """An image: its id or URL, its title, and the width in pixels at which it is shown, if the type says one."""

    id: str
    title: str
    width: int | None


Value = str | date | datetime | Address | Image


def clean(value: str, type_: ColumnType) -> str:
    """What the plugin stores for a value, or compares with for that of a filter; empty for what does not fit."""
    value = value.strip(BLANKS)
    if not value or (type_.allowed and not _is_allowed(value, type_.allowed)):
        return ""
    cleaner = _CLEANERS.get(type_.base)
    return cleaner(value) if cleaner else value


def typed(text: str, type_: ColumnType) -> Value:
    """A stored value as Python has it: a date, page id, address, image, time; else the text itself."""
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
    """A stored value as people see it: with the prefix and postfix of its type, where the plugin puts them.

    They belong to an address or a page, not to the name behind it. An empty value shows nothing.
    """
    if not text or type_.base in _SHOWN_AS_STORED:
        return text
    divider = _NAMED_BEHIND.get(type_.base)
    value, found, name = text.partition(divider) if divider else (text, "", "")
    return f"{type_.prefix}{value}{type_.postfix}{found}{name}"


def moment(seconds: int) -> datetime | None:
    """A time in Unix seconds, in UTC; None for what is before the year 1 or behind 9999."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def is_address(word: str) -> bool:
    """Whether a word is a mail address: a local part of up to 64 characters, and a domain or the number of a host."""
    local, at, domain = word.rpartition("@")
    if not at or len(local) > 64 or len(domain) > 255 or not _LOCAL_PART.fullmatch(local):
        return False
    return _DOMAIN.fullmatch(domain) is not None or _is_host_number(domain)


def _is_host_number(domain: str) -> bool:
    from ipaddress import IPv4Address, ip_address  # 3 ms, which hardly any wiki has to pay

    try:
        if domain.startswith("[") and domain.endswith("]"):
            ip_address(domain[1:-1])
        else:
            IPv4Address(domain)
    except ValueError:
        return False
    return True


def _is_allowed(value: str, allowed: str) -> bool:
    # A value may hold commas itself: then it has to be several of the allowed ones as they stand there.
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
    """The first address goes first, the other words follow; a ``0`` ends them, as PHP has it."""
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
    """How the values of a column are cleaned that are trimmed already; None if they stay as they are."""
    type_ = context.type_of(column)
    if not type_.allowed and type_.base not in _CLEANERS:
        return None
    cleaned: dict[str, str] = {}

    def of_known(value: str) -> str:
        # Many pages share a value: cleaned once it is kept once, and that takes a fifth of the time.
        if value not in cleaned:
            cleaned[value] = clean(value, type_)
        return cleaned[value]

    return of_known
