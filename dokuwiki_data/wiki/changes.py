"""The history of a page or a file as ``.changes`` has it: one line for every revision, read and written."""

from __future__ import annotations

import re
from typing import NamedTuple

from dokuwiki_data.render.characters import replace_surrogates


class Change(NamedTuple):
    """A revision: who made it, when, why."""

    #: Unix seconds; the revision's name.
    time: int
    ip: str = ""
    #: ``C`` created, ``E`` edited, ``e`` edited a little, ``D`` deleted, ``R`` reverted.
    kind: str = ""
    page_id: str = ""
    user: str = ""
    summary: str = ""
    #: For a reverted page the revision that came back.
    extra: str = ""
    #: By how many bytes the text became longer, None if the wiki was too old to write it down.
    size_change: int | None = None

    @property
    def line(self) -> str:
        """The line of the history, without a line end. No field ends it or begins another one."""
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
    """The rows of a ``.changes`` file, oldest first; older rows have fewer columns, and what is no row is left out."""
    rows = (line.split("\t") for line in text.split("\n"))
    found = [_change(row) for row in rows if _TIME.fullmatch(row[0])]
    return sorted(found, key=lambda change: change.time)


def _change(row: list[str]) -> Change:
    ip, kind, page_id, user, summary, extra, size, *_ = [*map(str.strip, row[1:]), *[""] * 7]
    size_change = int(size) if _SIZE.fullmatch(size) else None
    return Change(int(row[0]), ip, kind, page_id, user, summary, extra, size_change)


def _one_word(text: str) -> str:
    return _CONTROL.sub("", replace_surrogates(text)).strip()


#: What ends a line or a field to some reader of a history, or does something to a terminal.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST_SUMMARY = 255
#: Whatever has no more digits is a number of 64 bits.
_TIME, _SIZE = re.compile(r"\s*[0-9]{1,18}\s*", re.ASCII), re.compile("-?[0-9]{1,18}")
