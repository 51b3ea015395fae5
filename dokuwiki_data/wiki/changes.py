"""Read and write the lines of ``.changes`` files, the changelog of a page or of the whole wiki."""

from __future__ import annotations

import re
from typing import NamedTuple

from dokuwiki_data.render.characters import replace_surrogates


class Change(NamedTuple):
    """One entry of a changelog: who changed the page, when, and why."""

    #: The time in Unix seconds, which also identifies the revision.
    time: int
    ip: str = ""
    #: ``C`` created, ``E`` edited, ``e`` minor edit, ``D`` deleted, ``R`` reverted.
    kind: str = ""
    page_id: str = ""
    user: str = ""
    summary: str = ""
    #: For a reverted page, the revision that was restored.
    extra: str = ""
    #: The change of the size in bytes; None in changelogs of old releases.
    size_change: int | None = None

    @property
    def line(self) -> str:
        """The line for the changelog, without a line end. Line breaks and tabs within fields are removed."""
        summary = " ".join(_CONTROL.sub(" ", replace_surrogates(self.summary)).split())[:_LONGEST_SUMMARY]
        size = "" if self.size_change is None else str(self.size_change)
        parts = [
            _one_word(self.ip),
            self.kind,
            self.page_id,
            _one_word(self.user),
            summary,
            _one_word(self.extra),
            size,
        ]
        return "\t".join([str(self.time), *parts])


def parse_changes(text: str) -> list[Change]:
    r"""Parse the text of a ``.changes`` file, and return its entries, the oldest first.

    Lines with fewer columns, as old releases wrote them, are accepted. Lines without a time are skipped.

    Example:
        >>> [change.user for change in parse_changes("1700000000\t127.0.0.1\tE\ta:b\tjane\ttypo")]
        ['jane']
    """
    rows = (line.split("\t") for line in text.split("\n"))
    found = [_change(row) for row in rows if _TIME.fullmatch(row[0])]
    return sorted(found, key=lambda change: change.time)


def _change(row: list[str]) -> Change:
    ip, kind, page_id, user, summary, extra, size, *_ = [*map(str.strip, row[1:]), *[""] * 7]
    size_change = int(size) if _SIZE.fullmatch(size) else None
    return Change(int(row[0]), ip, kind, page_id, user, summary, extra, size_change)


def _one_word(text: str) -> str:
    return _CONTROL.sub("", replace_surrogates(text)).strip()


#: Characters that end a line or a field for some programs, or that control a terminal.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST_SUMMARY = 255
#: Numbers of at most 18 digits fit into 64 bits.
_TIME, _SIZE = re.compile(r"\s*[0-9]{1,18}\s*", re.ASCII), re.compile("-?[0-9]{1,18}")
