"""The index of a wiki's entries: by key, and by key and value.

Pages are numbers here, in the collection's order. Each column keeps its values once, sorted, so that a
value's place among them, its *rank*, can stand for it: equality is a binary search, a range is a slice,
sorting is by whole numbers. A value costs 12 bytes beside its text, a common column 4 bytes a page.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

#: A column that one page in so many has gets a table of all pages.
DENSE = 8


class Record(NamedTuple):
    """What the index keeps of a page with an entry."""

    page_id: str
    title: str
    class_name: str
    #: Unix seconds, as text.
    modified: str
    values: Mapping[str, Sequence[str]]


class ColumnIndex:
    """The values of one key, of all pages."""

    __slots__ = ("_offsets", "_rank_of", "by_rank", "pages", "ranks", "starts", "values")

    def __init__(self, pages: array[int], texts: Sequence[str], total: int) -> None:
        """``pages`` has the page of each of the ``texts``, ascending; ``total`` is the number of all pages."""
        self.pages = pages
        #: The different values, sorted. (Python's garbage collector goes through lists of texts, not through tuples:
        #: with lists a query on 100,000 pages had to wait for it now and then, for 10 ms.)
        self.values = tuple(sorted(set(texts)))
        rank_of = {value: rank for rank, value in enumerate(self.values)}
        #: The rank of each row's value.
        self.ranks = array("I", map(rank_of.__getitem__, texts))
        counts = [0] * (len(self.values) + 1)
        for rank in self.ranks:
            counts[rank + 1] += 1
        #: Where in `by_rank` the pages of a rank start.
        self.starts = array("I", accumulate(counts))
        order = sorted(range(len(pages)), key=self.ranks.__getitem__)
        #: The page of each row, sorted by rank.
        self.by_rank = array("I", map(pages.__getitem__, order))
        # Where many pages have the column, a table of all pages is quicker than a search: of ranks (-1: none) if no
        # page has several values, else of where each page's rows start.
        self._rank_of: array[int] | None = None
        self._offsets: array[int] | None = None
        if len(pages) * DENSE >= total:
            counts = [0] * (total + 1)
            for page in pages:
                counts[page + 1] += 1
            if max(counts) > 1:
                self._offsets = array("I", accumulate(counts))
            else:
                self._rank_of = array("i", [-1]) * total
                for page, rank in zip(pages, self.ranks, strict=True):
                    self._rank_of[page] = rank

    def ranks_of(self, page: int) -> Sequence[int]:
        """The ranks of a page's values, in the order written."""
        if self._rank_of is not None:
            rank = self._rank_of[page]
            return (rank,) if rank >= 0 else ()
        if self._offsets is not None:
            return self.ranks[self._offsets[page] : self._offsets[page + 1]]
        start = bisect_left(self.pages, page)
        return self.ranks[start : bisect_right(self.pages, page, start)]

    def cell(self, page: int) -> tuple[str, ...]:
        """The different values of a page, in the order written."""
        return tuple([self.values[rank] for rank in dict.fromkeys(self.ranks_of(page))])

    def cells(self, pages: Sequence[int]) -> list[tuple[str, ...]]:
        """The `cell` of each of several pages; 150 ns a cell in common columns, where one at a time takes 700."""
        values, ranks = self.values, self.ranks
        if (rank_of := self._rank_of) is not None:
            return [(values[rank],) if (rank := rank_of[page]) >= 0 else () for page in pages]
        if (offsets := self._offsets) is not None:
            return [
                (values[ranks[offsets[page]]],) if offsets[page + 1] - offsets[page] == 1 else self.cell(page)
                for page in pages
            ]
        return list(map(self.cell, pages))

    def first_rank(self, page: int) -> int:
        """The rank of the first of a page's values; -1 if it has none."""
        if self._rank_of is not None:
            return self._rank_of[page]
        ranks = self.ranks_of(page)
        return ranks[0] if ranks else -1

    def pages_between(self, low: int, high: int) -> array[int]:
        """The pages of the values of rank ``low`` up to, but without, ``high``; one page may come several times."""
        return self.by_rank[self.starts[low] : self.starts[high]]

    def count_between(self, low: int, high: int) -> int:
        """How many rows there are in a range of ranks."""
        return self.starts[high] - self.starts[low]


class Index:
    """The pages of a wiki that have an entry, and their columns.

    ``columns`` is what entries say; ``special`` are ``%pageid%``, ``%title%``, ``%class%`` and ``%lastmod%``.
    """

    __slots__ = ("columns", "modified", "number_of", "page_ids", "special", "titles")

    def __init__(self, records: Iterable[Record]) -> None:
        #: By key: the page of each of its values, and the values.
        rows: dict[str, tuple[array[int], list[str]]] = {}
        page_ids: list[str] = []
        titles: list[str] = []
        classes: list[str] = []
        modified: list[str] = []
        for number, (page_id, title, class_name, time, values_by_key) in enumerate(records):
            page_ids.append(page_id)
            titles.append(title)
            classes.append(class_name)
            modified.append(time)
            for key, values in values_by_key.items():
                if (row := rows.get(key)) is None:
                    row = rows[key] = (array("I"), [])
                pages, texts = row
                for value in values:
                    pages.append(number)
                    texts.append(value)
        total = len(page_ids)
        self.page_ids = tuple(page_ids)
        self.titles = tuple(titles)
        self.number_of = {page_id: number for number, page_id in enumerate(page_ids)}
        self.modified = tuple(int(time) if time else 0 for time in modified)
        self.columns = {key: ColumnIndex(*rows.pop(key), total) for key in list(rows)}
        of_pages = {"%pageid%": page_ids, "%title%": titles, "%class%": classes, "%lastmod%": modified}
        self.special = {key: ColumnIndex(array("I", range(total)), values, total) for key, values in of_pages.items()}

    def __len__(self) -> int:
        return len(self.page_ids)
