"""Typography: what DokuWiki shows for arrows, dashes, quotation marks and abbreviations."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from importlib import resources
from typing import Any

from dokuwiki_data.wiki.settings import Settings

#: DokuWiki's names of the marks, in the order of the table.
_MARKS = ("doublequoteopening", "doublequoteclosing", "singlequoteopening", "singlequoteclosing", "apostrophe")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("typography.toml").read_text("utf-8"))


def words(language: str) -> Mapping[str, str]:
    """Return the words that plugins show, in a language as far as they are known in it, else in English."""
    by_language: dict[str, dict[str, str]] = _table()["words"]
    return {**by_language["en"], **by_language.get(language, {})}


def _own(kind: str) -> Callable[[], Mapping[str, str]]:
    return lambda: _table()[kind]


@dataclass(frozen=True, slots=True)
class Typography:
    """What a wiki shows for typed characters.

    Attributes:
        language: The code of the wiki's language, which decides on quotation marks.
        entities: What is shown for an entity such as ``->``.
        acronyms: What abbreviations mean, which is shown as a tooltip.
    """

    language: str = "en"
    entities: Mapping[str, str] = field(default_factory=_own("entities"))
    acronyms: Mapping[str, str] = field(default_factory=_own("acronyms"))

    @classmethod
    def of(cls, settings: Settings) -> Typography:
        """Return the typography of a wiki: its settings, and DokuWiki's defaults."""
        own = settings.replacements
        entities = {name: unescape(shown) for name, shown in own.get("entities", {}).items()}  # they may be HTML's
        return cls(
            settings.language,
            {**_table()["entities"], **entities},
            {**_table()["acronyms"], **own.get("acronyms", {})},
        )

    def entity(self, text: str) -> str:
        """Return what is shown for an entity; one that is not known is shown as it is."""
        return self.entities.get(text, text)

    def mark(self, kind: str) -> str:
        """Return a quotation mark or apostrophe by DokuWiki's name of it, see `QuotationMark`."""
        marks: dict[str, list[str]] = _table()["quotation-marks"]
        return marks.get(self.language, marks["en"])[_MARKS.index(kind)]
