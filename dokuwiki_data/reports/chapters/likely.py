"""Find what a link was probably meant to lead to: a page or heading of a similar name.

Each missing name is compared with few others, so that the time grows with the wiki and not with its square.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import SequenceMatcher, get_close_matches
from itertools import chain, islice

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.reports.chapters.near import differs_by_a_letter
from dokuwiki_data.wiki.links import LinkRules

#: The most names of which one is asked whether they differ by a letter, the most whose likeness is measured, and the
#: most names for which this is done.
_MOST_ASKED, _MOST_MEASURED = 1_000, 200
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
            self._by_namespace.setdefault(namespace_of(one), []).append(one.rpartition(":")[2])
        self._spellings: dict[str, _Spellings] = {}
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
        if namespace not in self._by_namespace or self._searched >= _MOST_SEARCHED:
            return None
        self._searched += 1
        if namespace not in self._spellings:
            self._spellings[namespace] = _Spellings(self._by_namespace[namespace])
        near = self._spellings[namespace].closest(name)
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
        self._of_page: dict[str, _PageAnchors] = {}
        self._found: dict[tuple[str, str], str | None] = {}

    def of(self, page_id: str, anchor: str) -> str | None:
        """Return the anchor of the page that was probably meant; None if it has no similar one."""
        key = page_id, anchor
        if key not in self._found:
            if page_id not in self._of_page:
                self._of_page[page_id] = _PageAnchors(self._anchors.get(page_id, ()))
            anchors = self._of_page[page_id]
            near = anchors.begun_with(anchor)
            if near is None and len(self._found) < _MOST_SEARCHED:
                near = anchors.spellings.closest(anchor)
            self._found[key] = near
        return self._found[key]


class _PageAnchors:
    """The anchors of a page, sorted by their letters."""

    def __init__(self, anchors: Iterable[str]) -> None:
        self._sorted = sorted((_bare(anchor), anchor) for anchor in anchors)
        self.spellings = _Spellings(anchor for _, anchor in self._sorted)

    def begun_with(self, anchor: str) -> str | None:
        """Return an anchor with the same letters, or one that begins with them if they are more than three."""
        bare = _bare(anchor)
        at = bisect_left(self._sorted, (bare, ""))
        if at == len(self._sorted):
            return None
        letters, found = self._sorted[at]
        return found if letters == bare or (len(bare) > 3 and letters.startswith(bare)) else None


class _Spellings:
    """Names in which similar ones are found. Only names with the same digits and about as many letters are compared."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_length: dict[tuple[tuple[str, ...], int], list[str]] = {}
        self._by_end: dict[tuple[tuple[str, ...], int, str, str], list[str]] = {}
        for name in names:
            key = tuple(_DIGITS.findall(name)), len(name)
            self._by_length.setdefault(key, []).append(name)
            for ends in _ends(name):
                self._by_end.setdefault((*key, *ends), []).append(name)

    def closest(self, name: str) -> str | None:
        """Return the name that has most letters in common with another; None if none has enough, or the same digits."""
        if len(name) > _LONGEST:
            return None
        digits, length = tuple(_DIGITS.findall(name)), len(name)
        if length >= _SHORTEST:
            # a wrong letter is not both the first and the last one
            keys = ((digits, one, *ends) for one in (length, length + 1, length - 1) for ends in _ends(name))
            asked = islice(chain.from_iterable(self._by_end.get(key, ()) for key in keys), _MOST_ASKED)
            if near := min((one for one in asked if one != name and differs_by_a_letter(one, name)), default=None):
                return near
        far = 1 + length // 4
        lengths = sorted(range(length - far, length + far + 1), key=lambda one: abs(one - length))
        alike = chain.from_iterable(self._by_length.get((digits, one), ()) for one in lengths)
        measured = islice((one for one in alike if one != name), _MOST_MEASURED)
        close = get_close_matches(name, measured, cutoff=_CUTOFF)
        return next((one for one in close if _has_similar_words(one, name)), None)


def _ends(name: str) -> Iterator[tuple[str, str]]:
    """Yield the first and the last letter of a name, each with nothing for the other."""
    yield name[:1], ""
    yield "", name[-1:]


def _bare(name: str) -> str:
    """Return a name in small letters without signs."""
    return _NOT_LETTERS.sub("", name.lower())


def _forms(name: str) -> Iterable[str]:
    """Return the forms of a bare name: itself, and its plural or singular."""
    if not name:
        return ()
    return (name, name.removesuffix("s")) if name.endswith("s") else (name, f"{name}s")


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
