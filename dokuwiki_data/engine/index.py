"""The index of a wiki's entries by column and value.

Pages are numbers in the order of the collection. Each column keeps its different values once, sorted, and refers to a
value by its place among them, its *rank*. So equality is a binary search, a range is a slice, and sorting compares
integers. A value takes 12 bytes besides its text, and a common column 4 bytes for each page.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

#: A column that at least one of this many pages has gets a table of all pages.
DENSE = 8


class Record(NamedTuple):
    """The entry of a page as the plugin stores it.

    Attributes:
        page_id: The id of the page.
        title: The title of the page.
        class_name: The class of the entry.
        modified: The time of the page's last change in Unix seconds, as text; empty if it is not known.
        values: The values by key.
    """

    page_id: str
    title: str
    class_name: str
    modified: str
    values: Mapping[str, Sequence[str]]


class ColumnIndex:
    """The values of a column on all pages. A *row* is one value of one page.

    Attributes:
        pages: The page of each row, ascending.
        values: The different values, sorted. (A tuple, since Python's garbage collector traverses lists of texts,
            which took 10 ms now and then on 100,000 pages.)
        ranks: The rank of each row's value.
        starts: The start of each rank's pages in `by_rank`.
        by_rank: The page of each row, sorted by rank.
    """

    __slots__ = ("_cells", "_offsets", "_rank_of", "by_rank", "pages", "ranks", "starts", "values")

    def __init__(self, pages: array[int], texts: Sequence[str], total: int) -> None:
        """Index a column; ``texts`` are the values of ``pages``, and ``total`` is the number of all pages."""
        self.pages = pages
        self.values = tuple(sorted(set(texts)))
        rank_of = {value: rank for rank, value in enumerate(self.values)}
        self.ranks = array("I", map(rank_of.__getitem__, texts))
        counts = [0] * (len(self.values) + 1)
        for rank in self.ranks:
            counts[rank + 1] += 1
        self.starts = array("I", accumulate(counts))
        order = sorted(range(len(pages)), key=self.ranks.__getitem__)
        self.by_rank = array("I", map(pages.__getitem__, order))
        # For a column of many pages, a table of all pages is faster than a search. If no page has several values, it
        # holds ranks (-1 for none), else the start of each page's rows.
        self._rank_of: array[int] | None = None
        self._offsets: array[int] | None = None
        #: The cells, made when they are first shown: by rank (and for none, last) if there is a table of ranks, else by
        #: page.
        self._cells: Sequence[tuple[str, ...]] | dict[int, tuple[str, ...]] | None = None
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
        """Return the ranks of a page's values in the order written."""
        if self._rank_of is not None:
            rank = self._rank_of[page]
            return (rank,) if rank >= 0 else ()
        if self._offsets is not None:
            return self.ranks[self._offsets[page] : self._offsets[page + 1]]
        start = bisect_left(self.pages, page)
        return self.ranks[start : bisect_right(self.pages, page, start)]

    def cell(self, page: int) -> tuple[str, ...]:
        """Return the different values of a page in the order written."""
        return tuple([self.values[rank] for rank in dict.fromkeys(self.ranks_of(page))])

    def cells(self, pages: Sequence[int]) -> list[tuple[str, ...]]:
        """Return the `cell` of each of several pages, ten times as fast as one by one."""
        if self._cells is None:
            self._cells = self._made_cells()
        cells = self._cells
        if isinstance(cells, dict):
            return [cells.get(page, ()) for page in pages]
        places = pages if self._rank_of is None else map(self._rank_of.__getitem__, pages)
        return list(map(cells.__getitem__, places))

    def _made_cells(self) -> Sequence[tuple[str, ...]] | dict[int, tuple[str, ...]]:
        if self._rank_of is not None:
            return (*((value,) for value in self.values), ())
        if self._offsets is not None:
            return tuple(map(self.cell, range(len(self._offsets) - 1)))
        return {page: self.cell(page) for page in self.pages}

    @property
    def is_single(self) -> bool:
        """Whether no page has several values."""
        return self._rank_of is not None or (self._offsets is None and len(set(self.pages)) == len(self.pages))

    def first_rank(self, page: int) -> int:
        """Return the rank of a page's first value, or -1 if it has none."""
        if self._rank_of is not None:
            return self._rank_of[page]
        ranks = self.ranks_of(page)
        return ranks[0] if ranks else -1

    @property
    def first_rank_of(self) -> Callable[[int], int]:
        """The method `first_rank`, or what does the same without a call of Python, for sorting."""
        return self.first_rank if self._rank_of is None else self._rank_of.__getitem__

    def pages_between(self, low: int, high: int) -> array[int]:
        """Return the pages of the values of rank ``low`` to ``high - 1``; a page may occur several times."""
        return self.by_rank[self.starts[low] : self.starts[high]]

    def count_between(self, low: int, high: int) -> int:
        """Return the number of rows of the ranks ``low`` to ``high - 1``."""
        return self.starts[high] - self.starts[low]


class Index:
    """The pages of a wiki that have an entry, and their columns.

    Attributes:
        page_ids: The ids of the pages; the place of an id is the number of its page.
        titles: The titles of the pages.
        modified: The times of their last changes in Unix seconds, 0 if not known.
        number_of: The number of each page by its id.
        columns: The columns of the entries by key.
        special: The columns ``%pageid%``, ``%title%``, ``%class%`` and ``%lastmod%``.
    """

    __slots__ = ("columns", "modified", "number_of", "page_ids", "special", "titles")

    def __init__(self, records: Iterable[Record]) -> None:
        # The page of each row, and its text, by key.
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
