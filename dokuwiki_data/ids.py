"""Page ids and anchors of headings, as DokuWiki makes them from the names of pages and files and from headings."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from dokuwiki_data.php import lower


class IdRules(NamedTuple):
    """The settings of a wiki that its page ids depend on. (A tuple, since `clean_id` takes its hash for each name.)

    Attributes:
        deaccent: Whether letters keep their accents (0), lose them (1, the default), or are written in Latin letters
            (2).
        separator: DokuWiki's ``sepchar``, which replaces the characters that an id cannot contain: ``_``, ``-`` or
            ``.``.
        use_slash: Whether ``/`` separates namespaces as ``:`` does.
        first_separator: The first separator of a running DokuWiki whose ``sepchar`` changed: its process still joins
            runs of this one only. None if it did not change.
    """

    deaccent: int = 1
    separator: str = "_"
    use_slash: bool = False
    first_separator: str | None = None


DEFAULT_RULES = IdRules()


@lru_cache(maxsize=16384)
def clean_id(name: str, rules: IdRules = DEFAULT_RULES) -> str:
    """Return the id of a page or a media file for a name.

    Letters become lower case, other characters become the separator, and ``:._-`` are removed from the ends of each
    part. A byte that was not UTF-8 (a lone surrogate) becomes the separator, too.

    Example:
        >>> clean_id("Role:Sales Support!")
        'role:sales_support'
    """
    text = name if name.isascii() else _composed(name)
    text = lower(text).replace(";", ":").replace("/", ":" if rules.use_slash else rules.separator)
    if not text.isascii():
        for respell in _respellings(rules.deaccent):
            text = respell(text)
    separators, runs = _patterns(rules)
    text = separators.sub(rules.separator, text)
    if runs is not None:
        text = runs.sub(rules.separator, text)
    parts = (part.strip("._-") for part in text.split(":"))
    return ":".join(part for part in parts if part)


def namespace_of(page_id: str) -> str:
    """Return the namespace of an id: ``a:b`` for ``a:b:c``, and an empty text for ``c``."""
    return page_id.rpartition(":")[0]


def is_listed(page_id: str, rules: Collection[IdRules] | None = (DEFAULT_RULES,)) -> bool:
    """Return whether DokuWiki's search finds the page with this id, so that the page counts in queries.

    The search ignores ids that are not clean (``Copy of real``), and files and folders whose names begin with ``_`` or
    ``.`` (``_template``).

    Args:
        page_id: The id.
        rules: The rules that the wiki may have; None to accept all ids that are not hidden.
    """
    if rules is None:
        return True
    return page_id != "" and not is_hidden(page_id) and any(clean_id(page_id, one) == page_id for one in rules)


def is_hidden(page_id: str) -> bool:
    """Return whether the name of a page's file, or of a folder above it, begins with ``_`` or ``.``."""
    return page_id.startswith(("_", ".")) or ":_" in page_id or ":." in page_id


def why_unlisted(page_id: str) -> str:
    """Return why DokuWiki's search leaves out a page, for which `is_listed` is false."""
    return "a name in its id begins with _ or ." if is_hidden(page_id) else "its id is not clean"


def anchor(heading: str, rules: IdRules = DEFAULT_RULES) -> str:
    """Return the anchor of a heading; without letters it is ``section`` and the digits of the heading.

    Args:
        heading: The text of the heading.
        rules: The settings that anchors depend on.

    Example:
        >>> anchor("4 Rules: why?"), anchor("2026")
        ('ruleswhy', 'section2026')
    """
    whole = clean_id(heading, rules).replace(":", "").replace(".", "")
    return whole.lstrip("0123456789_-") or "section" + re.sub("[^0-9]", "", whole)


class HeadingAnchors:
    """Makes the anchors of the headings of a page, one after another: a number is added to those that repeat.

    Example:
        >>> anchors = HeadingAnchors()
        >>> [anchors.add(heading) for heading in ("Rules", "Roles", "Rules")]
        ['rules', 'roles', 'rules1']
    """

    def __init__(self, rules: IdRules = DEFAULT_RULES) -> None:
        self._rules = rules
        # Each anchor so far with the number that the next heading of this anchor tries first. If all of them tried
        # from 1 on, 8 times as many equal headings would take 60 times as long.
        self._next: dict[str, int] = {}

    def add(self, heading: str) -> str:
        """Return the anchor of the next heading."""
        wanted = found = anchor(heading, self._rules)
        if wanted in self._next:
            number = self._next[wanted]
            while (found := f"{wanted}{number}") in self._next:
                number += 1
            self._next[wanted] = number + 1
        self._next[found] = 1
        return found

    def add_table(self) -> None:
        """Count a table: DokuWiki names it for its section editor, so that a heading "Table" gets another anchor."""
        self.add("table")


def _composed(name: str) -> str:
    """Return a name with letters and their accents composed, as DokuWiki does if all bytes are UTF-8."""
    valid = _SURROGATES.sub("?", name)
    return unicodedata.normalize("NFC", name) if valid == name else valid


_SURROGATES = re.compile(r"[\ud800-\udfff]")


@cache
def _letters() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resources.files(__package__).joinpath("letters.json").read_text("utf-8"))
    return found


@cache
def _respellings(deaccent: int) -> tuple[Callable[[str], str], ...]:
    """Return the functions that a setting of ``deaccent`` applies to letters, in order."""
    if not deaccent:
        return ()
    plain = {ord(letter): to for to, letters in _letters()["without accents"].items() for letter in letters}

    def without_accents(text: str) -> str:
        return text.translate(plain)

    if deaccent != 2:
        return (without_accents,)
    latin = {sequence: to for to, sequences in _letters()["romanised"].items() for sequence in sequences.split()}
    longest_first = sorted(latin, key=len, reverse=True)
    sequences = re.compile("|".join(map(re.escape, longest_first)))

    def romanised(text: str) -> str:
        return sequences.sub(lambda found: latin[found[0]], text)

    return romanised, without_accents


@cache
def _patterns(rules: IdRules) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """Return expressions of what is replaced by the separator, first and second."""
    ranges = (word.partition("-") for line in _letters()["separators"] for word in line.split())
    separating = "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in ranges)
    if rules.first_separator in (None, rules.separator):
        return re.compile(f"[{separating}{re.escape(rules.separator)}]+"), None
    return re.compile(f"[{separating}]"), re.compile(f"{re.escape(rules.first_separator or '')}+")
