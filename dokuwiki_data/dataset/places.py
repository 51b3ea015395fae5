"""Where the Parquet files of many wikis lie in a folder, and how those of one wiki take their places.

``FOLDER/pages/wiki=NAME/part-00000.parquet`` and so on, for each table: a layout that other programs know (hive).
"""

from __future__ import annotations

import contextlib
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

_PARTITION = "wiki="
_FILES = "part-*.parquet"
#: What stands for no name at all in such folders.
_NOTHING = "__HIVE_DEFAULT_PARTITION__"
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
        path.write_bytes(shard)
        self._count[table] += 1


@contextlib.contextmanager
def replacing_wiki(folder: Path, name: str) -> Iterator[Replacing]:
    """Make the files of a wiki in a dataset; those that were there stay until the new ones are complete.

    If one table cannot take its place, the others go back to theirs. Other wikis are left alone. Raises `OutputError`
    where it cannot be written.
    """
    partition = partition_of(name)
    beside = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder, prefix=".new-"))
        yield Replacing(beside)
        with contextlib.ExitStack() as undone:
            for table in TABLES:
                if (folder / table).is_symlink():  # somebody may have left it here
                    raise OutputError(f"{folder / table}: not followed, since it is a link")
                (folder / table).mkdir(exist_ok=True)
                new, old, place = beside / table, beside / f"old-{table}", folder / table / partition
                for one, other in ((place, old), (new, place)):
                    if os.path.lexists(one):
                        one.replace(other)
                        undone.callback(other.replace, one)
            undone.pop_all()
    except OSError as error:
        raise OutputError(f"{folder}: {reason_of(error)}") from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
