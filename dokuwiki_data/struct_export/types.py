"""The types of the plugin *struct*: which one shows values as a type of the plugin *data* does, and what it takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.values import is_address
from dokuwiki_data.ids import clean_id


class StructType(NamedTuple):
    """A type of struct with its settings.

    Attributes:
        name: The name of its class, such as ``Text``.
        config: Its settings.
        link: For values that are links labelled with the value, their target: ``{page}`` is the page of the row,
            ``{key}`` the key of the column and ``{value}`` the value. Else an empty text.
    """

    name: str
    config: Mapping[str, Any] = {}
    link: str = ""


TEXT = StructType("Text")

_AFFIXES = ("prefix", "postfix")
#: The types that a user can ask for, each with its settings. Those with which struct refuses values that only it can
#: check are left out, such as the users that exist.
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "Checkbox": ("values",),
    "Color": ("default",),
    "Date": ("format", "prefilltoday"),
    "DateTime": ("format", "prefilltoday"),
    "Decimal": ("min", "max", "roundto", "decpoint", "thousands", "trimzeros", *_AFFIXES, "engineering"),
    "Dropdown": ("values", "combobox"),
    "LongText": (*_AFFIXES, "rows", "cols"),
    "Mail": _AFFIXES,
    "Media": ("width", "height", "agg_width", "agg_height"),
    "Page": ("usetitles",),
    "Tag": ("page",),
    "Text": _AFFIXES,
    "Url": ("autoscheme", *_AFFIXES, "fixedtitle", "autoshorten"),
    "User": (),
    "Wiki": ("rows", "cols"),
}
#: The types that struct compares and sorts as texts, as they are stored.
AS_TEXT = ("Text", "LongText", "Wiki", "Url", "Mail", "Media", "Dropdown", "Checkbox", "User", "Tag")

#: Types of the data plugin, and what shows their values alike. Any other type is text to both.
_TYPES = {
    "dt": StructType("Date", {"format": "Y-m-d"}),
    "page": StructType("Page", {"usetitles": False}),
    "nspage": StructType("Wiki", link="{key}:{value}"),
    "title": StructType("Page", {"usetitles": True}),
    "pageid": StructType("Wiki", link="{page}"),
    "url": StructType("Url", {"autoscheme": "http", "autoshorten": False}),
    "mail": StructType("Mail"),
    "tag": StructType("Tag"),
    "wiki": StructType("Wiki"),
}

#: Struct takes any address as a URL whose scheme it knows, and puts ``http://`` before one without a scheme.
_URL = re.compile(r"(?:https?|ftp)://.+|(?:(?!\w://).)+", re.ASCII | re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,63}", re.ASCII)
_IMAGE = re.compile(r"[^|?]+\.(?:png|jpe?g|gif|webp|svg)", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"[1-9]\d{3}-\d\d-\d\d", re.ASCII)
_ANY_DAY = re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(r"(?:(?:[01]?\d|2[0-3])(?::[0-5]?\d(?::\d+)?)?)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_COLOR = re.compile(r"#[0-9a-f]{6}", re.ASCII | re.IGNORECASE)
_NOT_IN_LINKS = re.compile(r"[\[\]|{}<>\n]")


def type_for(type_: ColumnType) -> StructType:
    """Return the type of struct that shows values as a type of the data plugin does."""
    if type_.base.startswith("img"):
        width = type_.base[3:]
        size = {"width": int(width), "height": ""} if re.fullmatch(r"[1-9]\d{0,4}", width, re.ASCII) else {}
        return StructType("Media", {"mime": "image/", **size})
    found = _TYPES.get(type_.base, TEXT)
    if found is TEXT and type_.allowed and not (type_.prefix or type_.postfix):
        return StructType("Dropdown", {"values": type_.allowed})
    if found.name in ("Text", "Url", "Mail", "Wiki") and not found.link and (type_.prefix or type_.postfix):
        return found._replace(config={**found.config, "prefix": type_.prefix, "postfix": type_.postfix})
    return found


def _is_day(value: str) -> bool:
    try:
        return _DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_page(value: str) -> bool:
    return clean_id(value) == value


#: What struct takes as a value of its types; it takes anything as text.
_TAKES: Mapping[str, Callable[[str], bool]] = {
    "Date": _is_day,
    "Page": _is_page,
    "Url": lambda value: _URL.fullmatch(value) is not None,
    "Mail": lambda value: _MAIL.fullmatch(value) is not None and is_address(value),
    "Media": lambda value: _IMAGE.fullmatch(value) is not None,
}


def refused_by(type_: StructType, values: Iterable[str]) -> list[str]:
    """Return the values that struct does not take, or would change, in a column of a type."""
    if type_.link:
        return [value for value in values if _NOT_IN_LINKS.search(value)]
    return _refused(type_, values, _TAKES)


def not_imported(type_: StructType, values: Iterable[str]) -> list[str]:
    """Return the values that struct does not take in a column of a type that a user asked for."""
    return _refused(type_, values, {**_TAKES, **_TAKES_AND_CHANGES})


def _refused(type_: StructType, values: Iterable[str], tests: Mapping[str, Callable[[str], bool]]) -> list[str]:
    takes = tests.get(type_.name)
    if takes is None:
        return []
    before, after = ("", "") if type_.name == "Decimal" else (type_.config.get(name, "") for name in _AFFIXES)
    least, most = (type_.config.get(name, "") for name in ("min", "max"))
    return [
        value
        for value in values
        if value
        and not (
            takes(f"{before}{value}{after}")
            and (least == "" or _number(value) >= _number(str(least)))
            and (most == "" or _number(value) <= _number(str(most)))
        )
    ]


def _is_any_day(value: str) -> bool:
    found = _ANY_DAY.fullmatch(value.partition(" ")[0])
    try:
        return found is not None and bool(date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        return False


def _is_any_time(value: str) -> bool:
    day, _, time = value.replace("T", " ", 1).partition(" ")
    return _is_any_day(day) and _TIME.fullmatch(time.strip()) is not None


def _is_number(value: str) -> bool:
    """Return whether PHP has the number as exactly as it is written."""
    value = value.replace(",", ".")
    return _NUMBER.fullmatch(value) is not None and float(value) == float(f"{float(value):.14G}")


def _number(value: str) -> float:
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return 0.0


#: What struct takes as a value of more types, and as what it writes in its own way.
_TAKES_AND_CHANGES: Mapping[str, Callable[[str], bool]] = {
    "Date": _is_any_day,
    "DateTime": _is_any_time,
    "Decimal": _is_number,
    "Color": lambda value: _COLOR.fullmatch(value) is not None,
    "Page": lambda value: bool(clean_id(value)),
}
