"""Page ids and anchors of headings: what DokuWiki makes of the name of a page, of a file or of a heading."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from dokuwiki_data.php import lower


@dataclass(frozen=True, slots=True)
class IdRules:
    """The settings of a wiki on which its page ids depend.

    ``deaccent``: letters keep their accents (0), lose them (1, as most wikis have it), or are written in Latin
    letters (2). ``separator`` (``sepchar``) stands for what may not be in an id: ``_``, ``-`` or ``.``.
    ``use_slash``: whether ``/`` separates namespaces as ``:`` does.

    ``first_separator`` is for those who compare with a running DokuWiki: one process of it, if told to change its
    ``sepchar``, still joins only runs of the first, and makes one of the new of them. None: it never changed.
    """

    deaccent: int = 1
    separator: str = "_"
    use_slash: bool = False
    first_separator: str | None = None


DEFAULT_RULES = IdRules()


@lru_cache(maxsize=16384)
def clean_id(name: str, rules: IdRules = DEFAULT_RULES) -> str:
    """The id that a name stands for: ``Role:Sales Support!`` is ``role:sales_support``.

    Letters become lower case, other characters become the separator, and ``:._-`` vanish from the ends of
    each part. The same for pages and for media. A byte that was not UTF-8 (a lone surrogate) separates, too.
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
    """The namespace of an id: ``a:b`` of ``a:b:c``, nothing of ``c``."""
    return page_id.rpartition(":")[0]


def is_listed(page_id: str, rules: Collection[IdRules] | None = (DEFAULT_RULES,)) -> bool:
    """Whether DokuWiki's search finds the page of a file for this id, so that the page counts in queries.

    It passes over ids that are not clean (``Copy of real``), and over files and folders whose names begin with ``_``
    or ``.`` (``_template``). ``rules`` are those that the wiki may have; None: whatever they are, the id counts.
    """
    if rules is None:
        return True
    return page_id != "" and not is_hidden(page_id) and any(clean_id(page_id, one) == page_id for one in rules)


def is_hidden(page_id: str) -> bool:
    """Whether a file or folder of a page has a name that begins with ``_`` or ``.``."""
    return page_id.startswith(("_", ".")) or ":_" in page_id or ":." in page_id


def anchor(heading: str, rules: IdRules = DEFAULT_RULES, taken: Collection[str] = ()) -> str:
    """The anchor of a heading: ``4 Rules: why?`` is ``rules_why``; one without a letter is ``section`` and its digits.

    If ``taken``, the anchors of the headings before it, has it already, a number follows.
    """
    whole = clean_id(heading, rules).replace(":", "").replace(".", "")
    wanted = whole.lstrip("0123456789_-") or "section" + re.sub("[^0-9]", "", whole)
    found, number = wanted, 0
    while found in taken:
        number += 1
        found = f"{wanted}{number}"
    return found


def _composed(name: str) -> str:
    """Letters and their marks as one character each, as DokuWiki has it unless there are bytes that are not UTF-8."""
    valid = _SURROGATES.sub("?", name)
    return unicodedata.normalize("NFC", name) if valid == name else valid


_SURROGATES = re.compile("[\ud800-\udfff]")


@cache
def _letters() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resources.files(__package__).joinpath("letters.json").read_text("utf-8"))
    return found


@cache
def _respellings(deaccent: int) -> tuple[Callable[[str], str], ...]:
    """What happens to letters under a setting of ``deaccent``, in order."""
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
    """What becomes the separator, and what becomes it after that."""
    ranges = (word.partition("-") for line in _letters()["separators"] for word in line.split())
    separating = "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in ranges)
    if rules.first_separator in (None, rules.separator):
        return re.compile(f"[{separating}{re.escape(rules.separator)}]+"), None
    return re.compile(f"[{separating}]"), re.compile(f"{re.escape(rules.first_separator or '')}+")
