"""Names of tables and columns in SQLite: those of the wiki, quoted, and changed only where SQLite needs it.

The rule: characters that no SQL statement can hold (NUL, and bytes that are not UTF-8) become U+FFFD, and an empty name
becomes ``_``. A table whose name begins with ``sqlite_``, which SQLite keeps for itself, gets a ``_`` in front. A name
that is taken already gets `` (2)``, or the next number that is free; SQLite compares names without the case of A to Z.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dokuwiki_data.php import ascii_lower
from dokuwiki_data.render.characters import replace_surrogates

_RESERVED = "sqlite_"


class DifferentNames:
    """Names that are different from each other under a comparison."""

    def __init__(self, taken: Iterable[str] = (), compared: Callable[[str], str] = str) -> None:
        """Begin with names that are taken; two names are the same if ``compared`` returns the same for both."""
        self._compared = compared
        self._taken = set(map(compared, taken))
        #: The number to try next by name, so that many equal names do not take quadratic time.
        self._next: dict[str, int] = {}

    def take(self, name: str) -> str:
        """Return the name, or the name with a number if it is taken, and take it."""
        compared, found = self._compared, name
        number = self._next.get(compared(name), 2)
        while compared(found) in self._taken:
            found, number = f"{name} ({number})", number + 1
        self._next[compared(name)] = number
        self._taken.add(compared(found))
        return found


class SqlNames:
    """Names that SQLite takes for different ones."""

    def __init__(self, taken: Iterable[str] = (), *, of_tables: bool = False) -> None:
        """Begin with names that are taken; names ``of_tables`` may not begin as those of SQLite."""
        self._names = DifferentNames(taken, ascii_lower)
        self._of_tables = of_tables

    def take(self, name: str) -> str:
        """Return the name for something that is called ``name``, and take it."""
        wanted = replace_surrogates(name.replace("\0", "\ufffd")) or "_"
        if self._of_tables and ascii_lower(wanted).startswith(_RESERVED):
            wanted = f"_{wanted}"
        return self._names.take(wanted)


class StoredTexts:
    """Texts as databases store them, with U+FFFD for bytes that are not UTF-8; different texts stay different."""

    def __init__(self) -> None:
        self._names = DifferentNames()
        self._stored: dict[str, str] = {}

    def __getitem__(self, text: str) -> str:
        """Return a text as it is stored, with a number if another text became the same."""
        if text not in self._stored:
            self._stored[text] = self._names.take(replace_surrogates(text))
        return self._stored[text]


def renamed_ids(ids: Iterable[str]) -> dict[str, str]:
    """Return those ids that are not UTF-8 with what they are stored as; the others keep their names."""
    ids = list(ids)
    damaged = [id_ for id_ in ids if replace_surrogates(id_) != id_]
    names = DifferentNames(set(ids).difference(damaged) if damaged else ())
    return {id_: names.take(replace_surrogates(id_)) for id_ in dict.fromkeys(damaged)}


def identifier(name: str) -> str:
    """Return a name quoted as an identifier of SQL.

    >>> identifier("class")
    '"class"'
    """
    return '"' + name.replace('"', '""') + '"'
