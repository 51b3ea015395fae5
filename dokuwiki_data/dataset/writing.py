"""From a wiki's pages to its part of a dataset: what a worker makes of some, and what is done with all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

from dokuwiki_data.conversion import (
    PAGE_PARTS,
    Chunks,
    Converted,
    PageState,
    ReadPage,
    checked,
    convert_pages,
    opened,
    wiki_context,
)
from dokuwiki_data.dataset.about import about_wiki
from dokuwiki_data.dataset.places import name_of_wiki, partition_of, replacing_wiki
from dokuwiki_data.dataset.schemas import TABLES, pyarrow_library
from dokuwiki_data.dataset.shards import Shard, ShardMaker
from dokuwiki_data.engine.context import Context
from dokuwiki_data.render.record import json_line
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import PageFile, WikiSource
from dokuwiki_data.wiki.sources.overlap import refuse_folder

_log = logging.getLogger(__name__)

#: Large files are quicker to read, but they are made in memory.
_CHUNKS = Chunks(256, 2 << 20)
_SHARD_CHARACTERS = 6 << 20


def add_wiki(
    folder: str | Path,
    source: str | Path | WikiSource,
    name: str | None = None,
    *,
    parts: Iterable[str] = PAGE_PARTS,
    revisions: bool = False,
    syntax: Syntax | None = None,
    report: Report | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
) -> None:
    """Write a wiki into a dataset, which is made if there is none; one that was called ``name`` before is replaced.

    ``name`` is by default that of the folder or archive. Old states have their texts with ``revisions``. The rest is
    as for `dokuwiki_data.conversion.convert`, and it raises the same, and `OutputError` where it cannot be written.
    """
    report = report or _log.warning
    source, files, states = opened(source, revisions, report)
    name = name_of_wiki(source.files.place) if name is None else name
    for _ in write_dataset(
        source, states, Path(folder), name, report,
        parts=parts, revisions=revisions, wiki=files, syntax=syntax, jobs=jobs, executor=executor,
    ):  # fmt: skip
        pass


def write_dataset(
    source: WikiSource,
    states: Iterable[PageState],
    folder: Path,
    name: str,
    report: Report,
    *,
    parts: Iterable[str] = PAGE_PARTS,
    revisions: bool = False,
    wiki: Sequence[PageFile] = (),
    sees_media: Callable[[str], bool] | None = None,
    context: Context | None = None,
    syntax: Syntax | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
) -> Iterator[Converted]:
    """Write states of a source's pages into a dataset, as the wiki called ``name``, and yield what was done so far.

    Its files take their places when all are there; other wikis are left alone. A worker returns finished files, so
    it does not matter whether it sees the folder, nor what one had begun when it was killed. ``parts`` are those of
    the column ``record``, ``context`` is what answers depend on. The rest is as for `convert_pages`.

    Raises `OutputError` where it cannot be written, `MissingExtraError` without the extra ``parquet``, and what
    `convert_pages` raises.
    """
    pyarrow_library()
    parts = checked(parts)
    refuse_folder(source.files, folder)
    for table in TABLES:
        refuse_folder(source.files, folder / table / partition_of(name), is_replaced=True)
    context = context or wiki_context(source, ["data"], report)
    about = about_wiki(syntax or source.settings.syntax, context)
    with replacing_wiki(folder, name) as places:
        for done in convert_pages(
            source, states, partial(shards, parts, revisions, about, source.is_listed), report,
            parts={*parts, "links"}, revisions=revisions, wiki=wiki, sees_media=sees_media, context=context,
            syntax=syntax, history=True, chunks=_CHUNKS, jobs=jobs, executor=executor,
        ):  # fmt: skip
            for shard in done.output:
                for table, content in shard.items():
                    places.add(table, content)
            done.output = b""
            yield done


def shards(
    parts: Sequence[str],
    revisions: bool,
    about: Mapping[str, str],
    lists: Callable[[str], bool],
    pages: Iterable[ReadPage],
) -> list[Shard]:
    """The shards of some pages; with ``revisions``, their old states are among them. This is what a worker does.

    ``lists``: whether the plugin keeps the entry of a page, by its id.
    """
    made, maker = [], ShardMaker(about, lists)
    for page, more, history in pages:
        record = json_line(page, parts, {name: part for name, part in more.items() if name in parts or name != "links"})
        if more.get("revision") is not None:
            for state in history:
                maker.add_old(page, record, state)
        else:
            # Old states that the wiki keeps come as pages of their own, if they are asked for.
            known = [state for state in history[:-1] if not revisions or state.path is None] + list(history[-1:])
            maker.add(page, record, more["links"], known)
        if maker.size > _SHARD_CHARACTERS:
            made.append(maker.finish())
            maker = ShardMaker(about, lists)
    if maker.size or not made:
        made.append(maker.finish())
    return made
