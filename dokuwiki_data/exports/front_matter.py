"""Front matter: what is known of a page, and the entries of the data plugin, as YAML in front of its text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.engine.values import moment
from dokuwiki_data.exports.properties import PageEntry, page_entries
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.plugins.description import Description
from dokuwiki_data.plugins.keywords import Keywords
from dokuwiki_data.plugins.tag import Tags
from dokuwiki_data.render.characters import replace_surrogates

#: A text that YAML takes for a text without quotation marks, unless it is one of the words.
_PLAIN = re.compile(r"[^\W\d_](?:[\w./()%-]|[ ,;](?=[\w./(])|:(?=[\w/]))*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What is known of a page; what is not known is empty.

    Attributes:
        title: Its title, if it has another one than its id.
        tags: The tags of the plugin *tag*, and keywords.
        description: The description of the plugin *description*.
        created: When it was created, by its changelog, in UTC.
        modified: When it was changed last, likewise.
        author: Who created it: the name of the user.
        aliases: The pages that lead on to it.
        entries: Its entries of the data plugin.
    """

    title: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    author: str = ""
    aliases: tuple[str, ...] = ()
    entries: tuple[PageEntry, ...] = ()


def front_matter(wiki: ExportedWiki, read: ReadPage, aliases: Sequence[str] = ()) -> FrontMatter:
    """Return what is known of a page.

    Args:
        wiki: The wiki.
        read: The page, with its history.
        aliases: The pages that lead on to it.
    """
    page = read.page
    title = wiki.titles.get(page.page_id, "")
    known = list(page.find_all(Tags, Keywords, Description, DataEntry))
    words = [word.replace("_", " ") for node in known if isinstance(node, Tags) for word in node.tags]
    words += [word for node in known if isinstance(node, Keywords) for word in node.keywords if word]
    description = next((node for node in known if isinstance(node, Description)), None)
    entries = [node for node in known if isinstance(node, DataEntry)]
    changes = [revision.change for revision in read.history if revision.change is not None]
    return FrontMatter(
        title="" if title == page.page_id else title,
        tags=tuple(dict.fromkeys(words)),
        description="" if description is None else " ".join(description.text.split()),
        created=moment(changes[0].time) if changes and changes[0].kind == "C" else None,
        modified=moment(changes[-1].time) if changes else None,
        author=next((change.user for change in changes if change.user), ""),
        aliases=tuple(aliases),
        entries=tuple(page_entries(entries, wiki.site.context)),
    )


# ------------------------------------------------------------------------------------------------------------ YAML


def as_yaml(values: Mapping[str, Any]) -> str:
    """Return values as YAML: mappings, lists, texts, numbers, truth values, dates and times.

    Example:
        >>> print(as_yaml({"title": "Tea: a guide", "tags": ["hot", "no"], "data": {"book": {"pages": 12}}}), end="")
        title: "Tea: a guide"
        tags:
        - hot
        - "no"
        data:
          book:
            pages: 12
    """
    out: list[str] = []
    _write_lines(values, "", out)
    return "".join(out)


# These add to a list: as generators of generators they took twice as long, 3 % of the export of a wiki of data.


def _write_lines(value: Mapping[str, Any] | Sequence[Any], indent: str, out: list[str]) -> None:
    if isinstance(value, Mapping):
        for name, inside in value.items():
            out.append(f"{indent}{_scalar(name)}:")
            _write_behind(inside, indent, out)
    else:
        for inside in value:
            if isinstance(inside, Mapping) and inside:
                lines: list[str] = []
                _write_lines(inside, f"{indent}  ", lines)
                out.append(f"{indent}- {''.join(lines)[len(indent) + 2 :]}")
            else:
                out.append(f"{indent}-")
                _write_behind(inside, indent, out)


def _write_behind(value: Any, indent: str, out: list[str]) -> None:
    """Write what stands behind a name or a dash."""
    if isinstance(value, str):
        out.append(f" {_text(value)}\n")
    elif isinstance(value, Mapping | list | tuple) and value:
        out.append("\n")
        _write_lines(value, indent if isinstance(value, list | tuple) else f"{indent}  ", out)
    else:
        out.append(f" {_scalar(value)}\n")


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).replace("e", ".0e") if "." not in repr(value) else repr(value)
    if isinstance(value, datetime):
        return value.isoformat("T" if value.tzinfo is None else " ")
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


@lru_cache(4096)  # names of fields and most values stand on many pages
def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return replace_surrogates(value)
    if '"' in value and "'" not in value and value.isprintable():
        return f"'{replace_surrogates(value)}'"
    written = json.dumps(replace_surrogates(value), ensure_ascii=False)
    return written if written.isprintable() else "".join(map(_escaped, written))


def _escaped(letter: str) -> str:
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
