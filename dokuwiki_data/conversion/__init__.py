"""Convert a wiki to records, in this process, in others or on a cluster. `convert` is the function for scripts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.conversion.parts import PARTS, checked_parts
from dokuwiki_data.conversion.pipeline import (
    SMALL_CHUNKS,
    Chunks,
    ConversionOptions,
    convert_pages,
    convert_records,
    convert_texts,
    pages_in_store_order,
    wiki_context,
)
from dokuwiki_data.conversion.states import PageState, all_states, current_states
from dokuwiki_data.conversion.worker import Converted, PageWriter, ReadPage, text_writer
from dokuwiki_data.render.record import PAGE_PARTS, Record
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import log_notes, open_source
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource

__all__ = [
    "PAGE_PARTS", "PARTS", "SMALL_CHUNKS", "Chunks", "ConversionOptions", "Converted", "PageState", "PageWriter",
    "ReadPage", "all_states", "checked_parts", "convert", "convert_pages", "convert_records", "convert_texts",
    "current_states", "open_states", "pages_in_store_order", "text_writer", "wiki_context",
]  # fmt: skip

_log = logging.getLogger(__name__)


def convert(
    source: str | Path | WikiSource,
    *,
    parts: Iterable[str] = PAGE_PARTS,
    revisions: bool = False,
    syntax: Syntax | None = None,
    report: Report | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
) -> Iterator[Record]:
    """Yield the record of every page of a wiki, in the order of the page ids.

    Args:
        source: The path of a folder or an archive, or the result of `open_source`.
        parts: The parts of a record: names from `PARTS`.
        revisions: Whether to include deleted pages, and, before each page, its old states in the attic.
        syntax: How pages are parsed; by default as the wiki's settings say.
        report: Called with the error of each page that cannot be read; by default errors are logged.
        jobs: The number of processes. With an executor, it gets this many and a few more tasks at a time.
        executor: An executor of `concurrent.futures` or ``client.get_executor()`` of a Dask cluster, which does the
            work instead. It is not shut down.

    Raises:
        ValueError: If a part is unknown.
        DokuWikiDataError: If there is no wiki; see `open_source`.
        WorkerError: If a worker died.
        MissingExtraError: If the part ``meta`` needs the extra of that name.

    Example:
        >>> import dokuwiki_data as dw
        >>> records = {record["page_id"]: record for record in dw.convert("examples/wiki", parts=["links"])}
        >>> [link["target"] for link in records["tool:start"]["links"]]
        ['role:head_of_systems', 'process:supplier_onboarding']
    """
    report = report or _log.warning
    checked = checked_parts(parts)
    source, files, states = open_states(source, revisions, report)
    options = ConversionOptions(
        parts=checked, revisions=revisions, pages=files, syntax=syntax, jobs=jobs, executor=executor
    )
    yield from convert_records(source, states, report, options)


class OpenedStates(NamedTuple):
    """A source, all of its pages, and the states of pages to convert."""

    source: WikiSource
    pages: list[PageFile]
    states: list[PageState]


def open_states(source: str | Path | WikiSource, revisions: bool, report: Report) -> OpenedStates:
    """Open a source unless it is open, and list its pages or, with ``revisions``, all states of them."""
    if not isinstance(source, WikiSource):
        source = log_notes(open_source(Path(source), report))
    files = source.pages(report)
    states = all_states(source, files, lambda page_id: True, report) if revisions else current_states(files)
    return OpenedStates(source, files, states)
