"""Which ids of pages and media files become which others: single ones, and whole namespaces."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from dokuwiki_data.csv_rows import csv_rows
from dokuwiki_data.errors import MoveError
from dokuwiki_data.ids import IdRules, clean_id

#: The first line of a table of moves.
_HEADER = ("kind", "old", "new")


@dataclass(frozen=True, slots=True)
class IdMap:
    """New ids by old ones, of pages or of media files.

    Attributes:
        ids: The new id of each single page or file, by its old one.
        namespaces: The new name of each namespace, by its old one; both end with a colon, or are empty for all ids.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    namespaces: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, old: str) -> str:
        """Return the new id, or the id itself if it stays. The id need not exist."""
        if (found := self.ids.get(old)) is not None:
            return found
        for namespace in namespaces_above(old) if self.namespaces else ():
            if (new := self.namespaces.get(namespace)) is not None:
                return new + old.removeprefix(namespace)
        return old

    def namespace(self, old: str) -> str:
        """Return the new name of a namespace that moves as a whole, or the name itself. Both have no final colon."""
        found = self(f"{old}:*")
        return found.removesuffix("*").rstrip(":")


def namespaces_above(old: str) -> Iterable[str]:
    """Iterate over the namespaces of an id with their final colons, the deepest first; the last one is empty."""
    while old:
        old = old.rpartition(":")[0]
        yield f"{old}:" if old else ""


@dataclass(frozen=True, slots=True)
class Renaming:
    """What is moved.

    Attributes:
        pages: The moves of pages.
        media: The moves of media files.
    """

    pages: IdMap
    media: IdMap


def id_map(moves: Mapping[str, str], existing: Collection[str], rules: IdRules) -> IdMap:
    """Return moves that are written as old and new names; names that end with a colon are namespaces.

    Args:
        moves: The new name for each old one. An old name that is no id, as ``_template``, is taken as it is.
        existing: The ids of all pages or all files.
        rules: The settings that ids depend on.

    Raises:
        MoveError: If a new name has no letters, or one of a pair is a namespace and the other is not.
    """
    ids: dict[str, str] = {}
    namespaces: dict[str, str] = {}
    for old, new in moves.items():
        if old.endswith(":") != new.endswith(":"):
            raise MoveError(f"{old} → {new}: both or neither must be a namespace, which ends with a colon")
        before, after = old if old in existing else clean_id(old, rules), clean_id(new, rules)
        if old.endswith(":"):
            namespaces[f"{before}:" if before else ""] = f"{after}:" if after else ""
        elif after:
            ids[before] = after
        else:
            raise MoveError(f"{old} → {new}: the new name has no letters or digits")
    return IdMap(ids, namespaces)


def moved(existing: Collection[str], moves: IdMap, what: str) -> dict[str, str]:
    """Return the new id of each existing page or file that moves.

    Args:
        existing: The ids of all pages or all files.
        moves: The moves.
        what: ``page`` or ``media file``, for messages.

    Raises:
        MoveError: If something to move does not exist, or a new id is taken.
    """
    for old in moves.ids:
        if old not in existing:
            raise MoveError(f"there is no {what} {old}")
    found = {old: new for old in existing if (new := moves(old)) != old}
    for namespace in moves.namespaces:
        if namespace and not any(old.startswith(namespace) for old in existing):
            raise MoveError(f"there is no {what} in {namespace}")
    by_new: dict[str, str] = {}
    for old, new in found.items():
        if new in existing and new not in found:
            raise MoveError(f"{old} cannot become {new}, since there is a {what} {new}")
        if (other := by_new.setdefault(new, old)) != old:
            raise MoveError(f"{other} and {old} cannot both become {new}")
    return found


# ---------------------------------------------------------------------------------------- tables of moves


def read_table(text: str) -> tuple[dict[str, str], dict[str, str]]:
    r"""Return the moves of pages and of media files in a CSV table with the columns kind, old and new.

    Raises:
        MoveError: If it is no such table.

    Example:
        >>> read_table("kind,old,new\npage,a,b\nmedia,x:,y:\n")
        ({'a': 'b'}, {'x:': 'y:'})
    """
    found: dict[str, dict[str, str]] = {"page": {}, "media": {}}
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    for number, row in enumerate(rows, 1):
        if not row or (number == 1 and tuple(row) == _HEADER):
            continue
        if len(row) != len(_HEADER) or row[0] not in found:
            raise MoveError(f"line {number}: a move is written as page,old,new or media,old,new")
        if row[1] in found[row[0]]:
            raise MoveError(f"line {number}: {row[1]} is moved twice")
        found[row[0]][row[1]] = row[2]
    return found["page"], found["media"]


def write_table(pages: Mapping[str, str], media: Mapping[str, str]) -> str:
    """Return moves as a CSV table, which `read_table` reads."""
    rows = [("page", *move) for move in sorted(pages.items())] + [("media", *move) for move in sorted(media.items())]
    return csv_rows((_HEADER, *rows), formulas=True)
