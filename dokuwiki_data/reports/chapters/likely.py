"""Find what a link was probably meant to lead to: a page or heading of a similar name.

Each missing name is compared with few others, so that the time grows with the wiki and not with its square.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.reports.chapters.near import differs_by_a_letter
from dokuwiki_data.wiki.links import LinkRules

#: The most names that one is compared with, letter by letter, and the most names for which this is done.
_MOST_COMPARED = 200
_MOST_SEARCHED = 5_000
#: The shortest names that may differ by a letter, and the longest that are compared. Others must be similar (0 to 1).
_SHORTEST, _LONGEST = 4, 100
_CUTOFF = 0.85
_SIMILAR_WORD = 0.6

_NOT_LETTERS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"[0-9]+")
#: A namespace for pages of a language, and the rest of an id.
_IN_LANGUAGE = re.compile(r"(?P<language>[a-z]{2}(?:[_-][a-z]{2,4})?):(?P<rest>.*)", re.DOTALL)


class LikelyNames:
    """Finds the media file that was probably meant by an id that does not exist, or the page."""

    def __init__(self, ids: Collection[str]) -> None:
        self._by_name: dict[str, list[str]] = {}
        self._by_namespace: dict[str, list[str]] = {}
        for one in sorted(ids):
            self._by_name.setdefault(_bare(one.rpartition(":")[2]), []).append(one)
            self._by_namespace.setdefault(namespace_of(one), []).append(one)
        self._searched = 0

    def of(self, missing: str) -> str | None:
        """Return the id that was probably meant; None if there is no similar one.

        In this order: one of the same name, but for signs, case and plural, the closest in the tree of namespaces; one
        in the same namespace with a few other letters.
        """
        namespace, _, name = missing.rpartition(":")
        same = [one for form in _forms(_bare(name)) for one in self._by_name.get(form, ())]
        if same := [one for one in same if not _is_translation(one, missing)]:
            return min(same, key=lambda one: (_steps_between(one, missing), one))
        return self._spelled_alike(name, namespace)

    def _spelled_alike(self, name: str, namespace: str) -> str | None:
        others = self._by_namespace.get(namespace, ())
        if not others or self._searched >= _MOST_SEARCHED:
            return None
        self._searched += 1
        near = _closest(name, (one.rpartition(":")[2] for one in others))
        return None if near is None else f"{namespace}:{near}".lstrip(":")


class LikelyPages(LikelyNames):
    """Finds the page that was probably meant by an id that does not exist."""

    def __init__(self, ids: Collection[str], rules: LinkRules) -> None:
        super().__init__(ids)
        self._pages = ids
        self._rules = rules

    def of(self, page_id: str) -> str | None:
        """Return the page that was probably meant; None if no page has a similar id.

        First comes the start page of a namespace of that name, or the page of the namespace.
        """
        namespace, _, name = page_id.rpartition(":")
        start = self._rules.start_page
        above = namespace if name == start else page_id
        for near in (f"{page_id}:{start}", f"{page_id}:{name}", above, f"{above}:{above.rpartition(':')[2]}"):
            if near != page_id and near in self._pages:
                return near
        return None if name == start else super().of(page_id)  # every namespace has one


class LikelyAnchors:
    """Finds the heading that was probably meant by an anchor that does not exist."""

    def __init__(self, anchors: Mapping[str, Collection[str]]) -> None:
        self._anchors = anchors
        self._found: dict[tuple[str, str], str | None] = {}

    def of(self, page_id: str, anchor: str) -> str | None:
        """Return the anchor of the page that was probably meant; None if it has no similar one."""
        key = page_id, anchor
        if key not in self._found:
            others = sorted(self._anchors.get(page_id, ()))
            bare = _bare(anchor)
            same = [one for one in others if _bare(one) == bare]
            begins = [one for one in others if bare and len(bare) > 3 and _bare(one).startswith(bare)]
            near = next(iter((*same, *begins)), None)
            if near is None and len(self._found) < _MOST_SEARCHED:
                near = _closest(anchor, others)
            self._found[key] = near
        return self._found[key]


def _bare(name: str) -> str:
    """Return a name in small letters without signs."""
    return _NOT_LETTERS.sub("", name.lower())


def _forms(name: str) -> Iterable[str]:
    """Return the forms of a bare name: itself, and its plural or singular."""
    if not name:
        return ()
    return (name, name.removesuffix("s")) if name.endswith("s") else (name, f"{name}s")


def _closest(name: str, others: Iterable[str]) -> str | None:
    """Return the name that has most letters in common with another; None if none has enough, or the same digits."""
    if len(name) > _LONGEST:
        return None
    digits = _DIGITS.findall(name)
    as_long = [
        one
        for one in others
        if abs(len(one) - len(name)) <= 1 + len(name) // 4 and one != name and _DIGITS.findall(one) == digits
    ]
    if len(name) >= _SHORTEST and (near := next((one for one in as_long if differs_by_a_letter(one, name)), None)):
        return near
    close = get_close_matches(name, as_long[:_MOST_COMPARED], cutoff=_CUTOFF)
    return next((one for one in close if _has_similar_words(one, name)), None)


def _has_similar_words(one: str, other: str) -> bool:
    """Return whether no word of a name is replaced by a quite different one, as in last_date and last_name."""
    words, others = _NOT_LETTERS.split(one), _NOT_LETTERS.split(other)
    if len(words) != len(others):
        return True
    return all(
        first == second or SequenceMatcher(None, first, second).ratio() >= _SIMILAR_WORD
        for first, second in zip(words, others, strict=True)
    )


def _is_translation(one: str, other: str) -> bool:
    """Return whether two ids differ only by the namespace of their language: the one is not meant by the other."""
    first, second = _IN_LANGUAGE.fullmatch(one), _IN_LANGUAGE.fullmatch(other)
    if first is None or second is None:
        return False
    return first["rest"] == second["rest"] and first["language"] != second["language"]


def _steps_between(one: str, other: str) -> int:
    """Return the number of steps from the namespace of a page to that of another."""
    above, beside = namespace_of(one).split(":"), namespace_of(other).split(":")
    shared = 0
    for first, second in zip(above, beside, strict=False):
        if first != second:
            break
        shared += 1
    return len(above) + len(beside) - 2 * shared
