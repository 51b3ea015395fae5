"""Our entries against the data plugin's own store, value by value: the proof before a migration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dokuwiki_data.engine.index import Record
from dokuwiki_data.errors import StoreError
from dokuwiki_data.wiki.sources.opening import WikiSource
from dokuwiki_data.wiki.store import read_stored


class Difference(NamedTuple):
    """Where a page's text and the store do not agree. ``key`` is a column's, or ``%title%``, ``%class%``.

    ``ours`` is what the page says, ``stored`` what the store says; None: nothing of it at all.
    """

    page_id: str
    key: str
    ours: tuple[str, ...] | None
    stored: tuple[str, ...] | None

    def __str__(self) -> str:
        return f"{self.page_id}: {self.key}: the page says {_shown(self.ours)}, the store {_shown(self.stored)}"


class Comparison(NamedTuple):
    """How many pages and values were compared, and where they differ."""

    pages: int
    values: int
    differences: list[Difference]


def compare_store(source: WikiSource, records: Iterable[Record]) -> Comparison:
    """Compare what the pages of a wiki would have stored with what the plugin stored of them.

    Raises `StoreError` if the wiki has no store, or one that cannot be read.
    """
    stored = read_stored(source)
    if stored is None:
        raise StoreError(f"{source.files.place}: has no store of the data plugin")
    ours = {record.page_id: record for record in records}
    differences: list[Difference] = []
    values = 0
    for page_id in sorted(ours.keys() | stored.keys()):
        mine, theirs = ours.get(page_id), stored.get(page_id)
        if mine is not None and theirs is not None:
            for key, one, other in (
                ("%title%", mine.title, theirs.title), ("%class%", mine.class_name, theirs.class_name),
            ):  # fmt: skip
                if one != other:
                    differences.append(Difference(page_id, key, (one,), (other,)))
        mine_values = mine.values if mine else {}
        theirs_values = theirs.values if theirs else {}
        values += sum(map(len, mine_values.values()))
        differences += _different(page_id, mine_values, theirs_values)
    return Comparison(len(ours), values, differences)


def _different(
    page_id: str, ours: Mapping[str, Sequence[str]], stored: Mapping[str, Sequence[str]]
) -> Iterator[Difference]:
    for key in sorted(ours.keys() | stored.keys()):
        one, other = ours.get(key), stored.get(key)
        if list(one or ()) != list(other or ()):
            yield Difference(page_id, key, None if one is None else tuple(one), None if other is None else tuple(other))


def _shown(values: tuple[str, ...] | None) -> str:
    return "nothing" if values is None else ", ".join(map(repr, values)) or "no value"
