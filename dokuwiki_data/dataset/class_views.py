"""Views of the tables of classes in DuckDB: one for each class, over all wikis that have it."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dokuwiki_data.dataset.class_tables import NO_CLASS
from dokuwiki_data.dataset.sql_names import DifferentNames, identifier
from dokuwiki_data.php import ascii_lower

if TYPE_CHECKING:
    import duckdb

#: The schema of the views, in which no class has the name of another table.
SCHEMA = "classes"
#: The column with the name of the wiki.
_WIKI = "wiki"


class _ClassFiles(NamedTuple):
    """The files of a class of a wiki, and the type of each of their columns."""

    wiki: str
    paths: tuple[Path, ...]
    types: Mapping[str, str]


def create_class_views(connection: duckdb.DuckDBPyConnection, files: Mapping[str, Iterable[Path]]) -> None:
    """Create a view for each class in the schema ``classes``, with a column ``wiki`` before those of the class.

    A column has values of one type in all wikis: the more general one, and a list if it is one in any of them. A wiki
    without the column has NULL there. Names that DuckDB takes for the same get `` (2)`` and so on.

    Args:
        connection: The connection.
        files: The files of the tables of classes, by the name of the wiki.
    """
    classes: dict[str, list[_ClassFiles]] = {}
    for wiki, paths in files.items():
        by_class: dict[str, list[Path]] = {}
        for path in paths:
            by_class.setdefault(_class_of(connection, path), []).append(path)
        for class_name, of_class in by_class.items():
            found = connection.execute(f"DESCRIBE SELECT * FROM {_read(of_class)}").fetchall()
            types = {str(name): str(type_) for name, type_, *_ in found}
            classes.setdefault(class_name, []).append(_ClassFiles(wiki, tuple(of_class), types))
    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    names = DifferentNames(compared=str.lower)
    for class_name, parts in sorted(classes.items()):
        view = f"{SCHEMA}.{identifier(names.take(class_name or NO_CLASS))}"
        connection.execute(f"CREATE VIEW {view} AS {_statement(parts)}")


def _class_of(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    found = connection.execute(
        f"SELECT decode(value) FROM parquet_kv_metadata({_text(_escaped(path))}) WHERE decode(key) = 'class'"
    ).fetchone()
    return "" if found is None else str(found[0])


def _statement(parts: Iterable[_ClassFiles]) -> str:
    """Return the statement that selects the rows of all wikis, by the names of their columns."""
    parts = list(parts)
    types: dict[str, list[str]] = {}
    for part in parts:
        for name, type_ in part.types.items():
            types.setdefault(ascii_lower(name), []).append(type_)
    statements = []
    for part in parts:
        names = DifferentNames((_WIKI,), compared=ascii_lower)
        columns = [f"{_text(part.wiki)} AS {_WIKI}"]
        for name, type_ in part.types.items():
            is_list = any(map(_is_list, types[ascii_lower(name)])) and not _is_list(type_)
            value = identifier(name)
            if is_list:
                value = f"CASE WHEN {value} IS NULL THEN [] ELSE [{value}] END"
            columns.append(f"{value} AS {identifier(names.take(name))}")
        statements.append(f"SELECT {', '.join(columns)} FROM {_read(part.paths)}")
    return " UNION ALL BY NAME ".join(statements)


def _is_list(type_: str) -> bool:
    return type_.endswith("[]")


def _read(paths: Iterable[Path]) -> str:
    return f"read_parquet([{', '.join(_text(_escaped(path)) for path in paths)}], hive_partitioning = false)"


def _escaped(path: Path) -> str:
    return glob.escape(str(path.absolute()))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
