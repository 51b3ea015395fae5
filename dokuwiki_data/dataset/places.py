"""Where the Parquet files of many wikis lie in a folder, and how those of one wiki take their places.

``FOLDER/pages/wiki=NAME/part-00000.parquet`` and so on, for each table: a layout that other programs know (hive).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from dokuwiki_data.dataset.schemas import TABLES
from dokuwiki_data.errors import OutputError, reason_of
from dokuwiki_data.portable_names import portable_name
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.wiki.writing import flush, flush_folder

_PARTITION = "wiki="
_FILES = "part-*.parquet"
#: What stands for no name at all in such folders.
_NOTHING = "__HIVE_DEFAULT_PARTITION__"
#: What the folders are called in which files wait; and the file in them that says of which wiki, when all are there.
_BESIDE, _COMPLETE = ".new-", "complete"
#: Those that this process uses, which its own locks do not tell.
_USED: set[Path] = set()
_PACKINGS = re.compile(r"(?i)\.(?:zip|t[gbx]z2?|tar(?:\.(?:gz|bz2|xz|zst))?|7z)$")


def partition_of(name: str) -> str:
    """The name of the folder for a wiki, as `portable_name` has it.

    Raises `OutputError` for a name that is empty or too long.
    """
    if not name or name == _NOTHING:
        raise OutputError(f"a wiki cannot be called {name!r}")
    folder = portable_name(replace_surrogates(name), dots=True)
    if unquote(folder) != replace_surrogates(name):
        raise OutputError(f"the name of a wiki is too long: {name}")
    return _PARTITION + folder


def wikis_in(folder: Path) -> list[str]:
    """The names of the wikis in a folder, sorted; none if it is no dataset."""
    try:
        partitions = [path for path in (folder / "pages").iterdir() if path.name.startswith(_PARTITION)]
    except OSError:
        return []
    return sorted(unquote(path.name.removeprefix(_PARTITION)) for path in partitions if any(path.glob(_FILES)))


def files_of(folder: Path, name: str) -> dict[str, list[Path]]:
    """The files of a wiki in a dataset, in order, by table."""
    return {table: sorted((folder / table / partition_of(name)).glob(_FILES)) for table in TABLES}


def is_dataset(folder: Path) -> bool:
    """Whether a folder holds wikis as Parquet."""
    return bool(wikis_in(folder))


def name_of_wiki(path: Path) -> str:
    """What the wiki at a path is called, if nobody says it: by its folder or archive, not by a folder of every wiki."""
    path = path.absolute()
    while path.name in ("data", "pages", "..") and path.parent != path:
        path = path.parent
    return _PACKINGS.sub("", path.name) or "wiki"


class Replacing:
    """The files of one wiki on their way to their places: they wait beside until all are there."""

    def __init__(self, beside: Path) -> None:
        self._beside = beside
        self._count = dict.fromkeys(TABLES, 0)

    def add(self, table: str, shard: bytes) -> None:
        """Keep the next file of a table."""
        path = self._beside / table / f"part-{self._count[table]:05}.parquet"
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as output:
            output.write(shard)
            flush(output)
        self._count[table] += 1


@contextlib.contextmanager
def replacing_wiki(folder: Path, name: str) -> Iterator[Replacing]:
    """Make the files of a wiki in a dataset; those that were there stay until the new ones are complete.

    If one table cannot take its place, the others go back to theirs. Other wikis are left alone. What runs that were
    killed have left is removed, or put into its place, if it was complete. Raises `OutputError` where it cannot be
    written.
    """
    partition = partition_of(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        with _folder_beside(folder) as beside:
            yield Replacing(beside)
            for table in TABLES:
                (beside / table).mkdir(exist_ok=True)  # so that one that is not there any more has been moved
                flush_folder(beside / table)
            with (beside / _COMPLETE).open("w", encoding="utf-8") as complete:
                complete.write(partition)
                flush(complete)
            flush_folder(beside)
            _take_places(folder, beside, partition)
    except OSError as error:
        raise OutputError(f"{folder}: {reason_of(error)}") from error


def _take_places(folder: Path, beside: Path, partition: str) -> None:
    """Move what waits beside into its places, and what was there beside; all of it or nothing."""
    with contextlib.ExitStack() as undone:
        for table in TABLES:
            if (folder / table).is_symlink():  # somebody may have left it here
                raise OutputError(f"{folder / table}: not followed, since it is a link")
            (folder / table).mkdir(exist_ok=True)
            new, old, place = beside / table, beside / f"old-{table}", folder / table / partition
            if not new.exists():  # it was moved by a run that was killed then
                continue
            for one, other in ((place, old), (new, place)):
                if os.path.lexists(one):
                    one.replace(other)
                    undone.callback(other.replace, one)
        undone.pop_all()
    for table in TABLES:
        with contextlib.suppress(OSError):
            (folder / table / partition).rmdir()  # if there is nothing in it
        flush_folder(folder / table)


def _clear(folder: Path) -> None:
    """Remove what runs that were killed have left; if they had made all files, these take their places first."""
    for beside in sorted(folder.glob(f"{_BESIDE}*")):
        if beside.is_symlink() or not beside.is_dir() or beside in _USED:
            continue
        with contextlib.suppress(BlockingIOError), _locked(beside):
            with contextlib.suppress(OSError):
                _take_places(folder, beside, _partition_in(beside))
            shutil.rmtree(beside, ignore_errors=True)


def _partition_in(beside: Path) -> str:
    """For which wiki the files beside are. Raises `OSError` if they are not complete."""
    partition = (beside / _COMPLETE).read_text("utf-8")
    if partition != partition_of(unquote(partition.removeprefix(_PARTITION))):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return partition


@contextlib.contextmanager
def _folder_beside(folder: Path) -> Iterator[Path]:
    """A folder in which files wait, locked as long as this runs, and removed then."""
    beside = Path(tempfile.mkdtemp(dir=folder, prefix=_BESIDE))
    _USED.add(beside)
    try:
        with _locked(beside):
            yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        _USED.discard(beside)


@contextlib.contextmanager
def _locked(beside: Path) -> Iterator[None]:
    """Have a folder to ourselves, where the system can do that. Raises `BlockingIOError` if another run has it."""
    with (beside / "lock").open("ab") as lock:
        try:
            import fcntl  # not on every system

            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except (BlockingIOError, PermissionError) as error:
            raise BlockingIOError(*error.args) from error
        except OSError:  # a file system without locks
            pass
        yield
