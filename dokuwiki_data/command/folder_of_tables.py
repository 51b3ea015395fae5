"""A folder with a file for each query of a wiki, and an index of them. Nothing is written outside of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dokuwiki_data as dw
from dokuwiki_data.command.files import replacing
from dokuwiki_data.engine.formats import FORMATS
from dokuwiki_data.errors import OutputError, reason_of
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.portable_names import portable_name
from dokuwiki_data.render.characters import as_json, replace_surrogates

INDEX = "index.json"
FORMAT = "dokuwiki-data/tables"
VERSION = 1


class FolderOfTables:
    """The folder, and what is known of the tables in it."""

    def __init__(self, root: Path, format_: str) -> None:
        """Make the folder, if it is not there; raises `OutputError` if that is impossible."""
        self._root = root
        self._format = FORMATS[format_]
        self._tables: list[dict[str, Any]] = []
        self._write((), None, "")

    def write(self, page_id: str, number: int, query: DataQuery, table: dw.Result) -> None:
        """Write the table of a page's query; raises `OutputError` where it cannot be written."""
        folders, file = folders_of(page_id), f"{number}.{self._format.suffix}"
        self._write(folders, file, self._format.write(table))
        self._note(page_id, number, query, file="/".join((*folders, file)), rows=len(table), more=table.more)

    def leave_out(self, page_id: str, number: int, query: DataQuery, error: dw.QueryError) -> None:
        """Note that a query has no answer."""
        self._note(page_id, number, query, error=replace_surrogates(error.message))

    def finish(self, context: dw.Context, semantics: str) -> None:
        """Write the index: what was asked how, and where the answers are."""
        head = {
            "format": FORMAT,
            "version": VERSION,
            "today": str(context.today),
            "user": replace_surrogates(context.user),
            "groups": list(map(replace_surrogates, context.groups)),
            "semantics": semantics,
        }
        self._write((), INDEX, as_json({**head, "tables": self._tables}, indent=2) + "\n")

    @property
    def summary(self) -> str:
        """How many tables there are, and how many queries have none."""
        answered = [table for table in self._tables if table["error"] is None]
        pages = len({table["page_id"] for table in answered})
        failed = len(self._tables) - len(answered)
        return f"{len(answered)} tables of {pages} pages" + (f", {failed} queries have no answer" if failed else "")

    def _note(self, page_id: str, number: int, query: DataQuery, **found: Any) -> None:
        place = {"page_id": replace_surrogates(page_id), "number": number, "line": query.position.line}
        asked = {"kind": query.kind, "title": replace_surrogates(query.query.title)}
        self._tables.append({**place, **asked, "file": None, "rows": None, "more": None, "error": None, **found})

    def _write(self, folders: tuple[str, ...], file: str | None, text: str) -> None:
        folder = self._root
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in folders:
                folder /= name
                # Somebody may have left a link here; who gave the root may have given one as well.
                if folder.is_symlink():
                    raise OutputError(f"{folder}: not followed, since it is a link")
                folder.mkdir(exist_ok=True)
            if file is not None:
                with replacing(folder / file) as output:
                    output.write(text.encode())
        except OSError as error:
            raise OutputError(f"{folder / (file or '')}: {reason_of(error)}") from error


def folders_of(page_id: str) -> tuple[str, ...]:
    """The names of the folders for a page: its id's parts, different for different ids, and harmless.

    They have no dots, so that none looks like the file of a table.
    """
    return tuple(map(portable_name, page_id.split(":")))
