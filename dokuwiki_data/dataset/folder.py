"""The folder of a dataset: where the Parquet files of each wiki are, and how new ones replace them.

The path of a file is ``FOLDER/pages/wiki=NAME/part-00000.parquet``, and likewise for each table. The tables of classes
are in ``FOLDER/classes/wiki=NAME/class=CLASS``. Other programs know this layout as Hive partitioning.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import unquote

from dokuwiki_data.dataset.tables import TABLES
from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.errors import OutputError, reason_of
from dokuwiki_data.portable_names import portable_name
from dokuwiki_data.render.characters import as_json, replace_surrogates
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.writing import flush, flush_folder, lock_for_process

#: The folder of the tables of classes, which have different columns. A wiki without entries has none.
CLASSES = "classes"

_FOLDERS = (*TABLES, CLASSES)
_PARTITION = "wiki="
_FILES = "part-*.parquet"
#: The name of a Hive partition whose value is NULL.
_NULL = "__HIVE_DEFAULT_PARTITION__"
#: The prefix of folders in which new files are collected, and the file in them that says that all are there.
_PENDING, _COMPLETE = ".new-", "complete"
#: The pending folders of this process, since a process is not stopped by its own locks.
_IN_USE: set[Path] = set()
_ARCHIVE_SUFFIX = re.compile(r"(?i)\.(?:zip|t[gbx]z2?|tar(?:\.(?:gz|bz2|xz|zst))?|7z)$")


def partition_of(name: str) -> str:
    """Return the name of the folder for a wiki. Raises `OutputError` for an empty or too long name."""
    if not name or name == _NULL:
        raise OutputError(f"a wiki cannot be called {name!r}")
    folder = portable_name(replace_surrogates(name), dots=True)
    if unquote(folder) != replace_surrogates(name):
        raise OutputError(f"the name of a wiki is too long: {name}")
    return _PARTITION + folder


def wikis_in(folder: Path) -> list[str]:
    """Return the sorted names of the wikis in a folder; none if it is not a dataset."""
    try:
        partitions = [path for path in (folder / "pages").iterdir() if path.name.startswith(_PARTITION)]
    except OSError:
        return []
    return sorted(unquote(path.name.removeprefix(_PARTITION)) for path in partitions if any(path.glob(_FILES)))


def is_dataset(folder: Path) -> bool:
    """Return whether a folder is a dataset."""
    return bool(wikis_in(folder))


def files_of(folder: Path, name: str) -> dict[str, list[Path]]:
    """Return the files of a wiki by table, in order."""
    return {table: sorted((folder / table / partition_of(name)).glob(_FILES)) for table in TABLES}


def class_files_of(folder: Path, name: str) -> list[Path]:
    """Return the files of the tables of a wiki's classes, in order."""
    return sorted((folder / CLASSES / partition_of(name)).glob(f"*/{_FILES}"))


def name_of_wiki(path: Path) -> str:
    """Return the default name of the wiki at a path: the name of its folder or archive.

    Example:
        >>> name_of_wiki(Path("/srv/handbook/data/pages")), name_of_wiki(Path("/srv/handbook.tar.gz"))
        ('handbook', 'handbook')
    """
    path = path.absolute()
    while path.name in ("data", "pages", "..") and path.parent != path:
        path = path.parent
    return _ARCHIVE_SUFFIX.sub("", path.name) or "wiki"


# ------------------------------------------------------------------------------------------------- metadata

#: The fields of `Context` that come from the settings of a wiki; the others are about the user and the day.
_SETTINGS = ("aliases", "language", "labels", "useheading", "use_dataresolve", "rownumbers")


class WikiMetadata(NamedTuple):
    """The syntax that the pages of a wiki are parsed with, and its settings as fields of `Context`."""

    syntax: Syntax
    settings: Mapping[str, Any]


def wiki_metadata(syntax: Syntax, context: Context) -> dict[str, str]:
    """Return the metadata for the Parquet files of a wiki. Plugins that users declared themselves are left out."""
    of_syntax = {field.name: getattr(syntax, field.name) for field in fields(syntax)}
    of_syntax["plugins"] = [plugin for plugin in syntax.plugins if isinstance(plugin, str)]
    settings = {name: getattr(context, name) for name in _SETTINGS}
    settings["aliases"] = [asdict(alias) for alias in context.aliases]
    settings["labels"] = dict(context.labels)
    return {"syntax": as_json(of_syntax), "settings": as_json(settings)}


def read_metadata(kept: Mapping[str, str]) -> WikiMetadata:
    """Read what `wiki_metadata` returned. Raises `ValueError` if it is invalid, or names an unknown plugin."""
    try:
        syntax = json.loads(kept["syntax"])
        if syntax["interwiki"] is not None:
            syntax["interwiki"] = tuple(map(tuple, syntax["interwiki"]))
        settings = json.loads(kept["settings"])
        settings["aliases"] = tuple(TypeAlias(**alias) for alias in settings["aliases"])
        Context(**settings)
        return WikiMetadata(Syntax(**syntax), settings)
    except (KeyError, TypeError) as error:
        raise ValueError(f"unexpected metadata: {error}") from error


# -------------------------------------------------------------------------------------------------- writing


class PendingFiles:
    """The new files of a wiki, in a folder beside their places until all are there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count: Counter[str] = Counter()

    def add(self, table: str, content: bytes) -> None:
        """Write the next file of a table."""
        with self.open(table) as output:
            output.write(content)

    @contextlib.contextmanager
    def open(self, table: str) -> Iterator[IO[bytes]]:
        """Open the next file of a table, or of a folder in one."""
        path = self._folder / table / f"part-{self._count[table]:05}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as output:
            yield output
            flush(output)
        flush_folder(path.parent)
        self._count[table] += 1


@contextlib.contextmanager
def replacing_wiki(folder: Path, name: str) -> Iterator[PendingFiles]:
    """Replace the files of a wiki in a dataset; the old ones stay until all new ones are written.

    If one table cannot be replaced, none is. Other wikis are left alone. What killed runs have left is removed, or
    moved into place if it was complete.

    Raises:
        OutputError: If a file cannot be written.
    """
    partition = partition_of(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clean_up(folder)
        with _pending_folder(folder) as pending:
            yield PendingFiles(pending)
            for table in _FOLDERS:
                (pending / table).mkdir(exist_ok=True)  # a missing one means that it was moved into place
                flush_folder(pending / table)
            with (pending / _COMPLETE).open("w", encoding="utf-8") as complete:
                complete.write(partition)
                flush(complete)
            flush_folder(pending)
            _move_into_place(folder, pending, partition)
    except OSError as error:
        raise OutputError(f"{folder}: {reason_of(error)}") from error


def _move_into_place(folder: Path, pending: Path, partition: str) -> None:
    """Exchange the new tables with the old ones; all or none."""
    with contextlib.ExitStack() as undo:
        for table in _FOLDERS:
            if (folder / table).is_symlink():
                raise OutputError(f"{folder / table}: not followed, since it is a link")
            (folder / table).mkdir(exist_ok=True)
            new, old, place = pending / table, pending / f"old-{table}", folder / table / partition
            if not new.exists():  # moved by a run that was killed
                continue
            for source, target in ((place, old), (new, place)):
                if os.path.lexists(source):
                    source.replace(target)
                    undo.callback(target.replace, source)
        undo.pop_all()
    for table in _FOLDERS:
        with contextlib.suppress(OSError):
            (folder / table / partition).rmdir()  # only if it is empty
        flush_folder(folder / table)


def _clean_up(folder: Path) -> None:
    """Remove what killed runs have left, after moving complete tables into place."""
    for pending in sorted(folder.glob(f"{_PENDING}*")):
        if pending.is_symlink() or not pending.is_dir() or pending in _IN_USE:
            continue
        with contextlib.suppress(BlockingIOError), _locked(pending):
            with contextlib.suppress(OSError):
                _move_into_place(folder, pending, _partition_in(pending))
            shutil.rmtree(pending, ignore_errors=True)


def _partition_in(pending: Path) -> str:
    """Return the partition that pending files belong to. Raises `OSError` if they are not complete."""
    partition = (pending / _COMPLETE).read_text("utf-8")
    if partition != partition_of(unquote(partition.removeprefix(_PARTITION))):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return partition


@contextlib.contextmanager
def _pending_folder(folder: Path) -> Iterator[Path]:
    """Make a locked folder for pending files, and remove it afterwards."""
    pending = Path(tempfile.mkdtemp(dir=folder, prefix=_PENDING))
    _IN_USE.add(pending)
    try:
        with _locked(pending):
            yield pending
    finally:
        shutil.rmtree(pending, ignore_errors=True)
        _IN_USE.discard(pending)


@contextlib.contextmanager
def _locked(pending: Path) -> Iterator[None]:
    """Lock a folder. Raises `BlockingIOError` if another run has locked it."""
    with (pending / "lock").open("ab") as lock:
        lock_for_process(lock)
        yield
