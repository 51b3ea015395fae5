"""Some pages as Parquet: a shard for each table, as the bytes of a file. It is made where the pages are parsed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from dokuwiki_data.dataset.rows import entry_rows, link_rows, page_row, revision_row
from dokuwiki_data.dataset.schemas import NOT_REPEATED, TABLES, TIMES, pyarrow_library, schema_of
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.wiki.history import Revision

#: Times of other years are no times to most programs; in seconds they are kept.
_FIRST_SECOND = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
_LAST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
_LARGEST = 2**63 - 1

#: A Parquet file for each table, by its name.
Shard = dict[str, bytes]


class ShardMaker:
    """Gathers the rows of pages until they are enough for a shard."""

    def __init__(self, about: Mapping[str, str], lists: Callable[[str], bool] = lambda page_id: True) -> None:
        """``about`` is what is noted of the wiki in every file; ``lists``: whether the entry of a page counts."""
        self._about = about
        self._lists = lists
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        #: How many characters there are in it, of texts and records.
        self.size = 0

    def add(
        self, page: Page, record: str, links: Iterable[Mapping[str, Any]] = (), revisions: Iterable[Revision] = ()
    ) -> None:
        """Add a page with its JSON record, the links in it, and its history."""
        rows, entries = self._rows, page.entries if "dataentry" in str(page) else ()
        rows["pages"].append(page_row(page, record, len(entries)))
        rows["entries"] += entry_rows(page, entries, is_kept=self._lists(page.page_id))
        rows["links"] += link_rows(page, links)
        rows["revisions"] += [revision_row(page.page_id, revision) for revision in revisions]
        self.size += len(str(page)) + len(record)

    def add_old(self, page: Page, record: str, revision: Revision) -> None:
        """Add an old state of a page."""
        self._rows["revisions"].append(revision_row(page.page_id, revision, page, record))
        self.size += len(str(page)) + len(record)

    def finish(self) -> Shard:
        """The shard of what was added."""
        return {table: shard_of(table, rows, self._about) for table, rows in self._rows.items()}


def shard_of(table: str, rows: Sequence[tuple[Any, ...]], about: Mapping[str, str]) -> bytes:
    """The rows of a table as a Parquet file."""
    arrow, schema = pyarrow_library(), schema_of(table)
    schema = schema.with_metadata({**schema.metadata, **about})
    names: Sequence[str] = TABLES[table]._fields  # type: ignore[attr-defined]
    columns = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
    for seconds, time in TIMES.items():
        if seconds in columns:
            columns[seconds] = tuple(map(_whole, columns[seconds]))
            columns[time] = tuple(map(_in_calendar, columns[seconds]))
    if "date" in columns:
        columns["date"] = tuple(map(_date, columns["date"]))
    arrays = [_array(arrow, columns[field.name], field.type) for field in schema]
    output = io.BytesIO()
    arrow.parquet.write_table(
        arrow.Table.from_arrays(arrays, schema=schema), output, compression="zstd",
        use_dictionary=[name for name in schema.names if name not in NOT_REPEATED],
    )  # fmt: skip
    return output.getvalue()


def _array(arrow: Any, values: Iterable[Any], type_: Any) -> Any:
    if arrow.types.is_timestamp(type_):
        return arrow.array(values, arrow.int64()).cast(arrow.timestamp("s", "UTC")).cast(type_)
    try:
        return arrow.array(values, type_)
    except UnicodeEncodeError:  # a file that is not UTF-8
        return arrow.array([None if value is None else replace_surrogates(value) for value in values], type_)


def _whole(seconds: int | None) -> int | None:
    return seconds if seconds is not None and abs(seconds) <= _LARGEST else None


def _in_calendar(seconds: int | None) -> int | None:
    return seconds if seconds is not None and _FIRST_SECOND <= seconds <= _LAST_SECOND else None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
