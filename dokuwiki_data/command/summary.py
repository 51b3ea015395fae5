"""What a run of ``convert`` did: a line for people, a report for programs."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dokuwiki_data.conversion import Converted
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.render.characters import replace_surrogates


@dataclass(slots=True)
class Summary:
    """What a run did."""

    source: str
    description: str
    #: As `time.monotonic` tells.
    started: float
    pages: int = 0
    revisions: int = 0
    left_out: int = 0
    #: How many of these somebody may not read.
    not_readable: int = 0
    #: How many pages are deleted, of which old states are there; the files in the attic that are the state of no page.
    deleted: int = 0
    strays: list[str] = field(default_factory=list)
    lost: list[PageReadError] = field(default_factory=list)
    entries: int = 0
    read: int = 0
    diagnostics: Counter[str] = field(default_factory=Counter)

    def add(self, done: Converted) -> None:
        """Count what became of some pages."""
        self.pages += done.pages
        self.revisions += done.revisions
        self.read += done.read
        self.entries += done.entries
        self.diagnostics.update(done.diagnostics)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.started

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.diagnostics.most_common())
        parts = [
            f"{self.pages} pages",
            f"{self.revisions} old revisions" if self.revisions else "",
            f"{self.deleted} deleted pages" if self.deleted else "",
            f"{len(self.strays)} files of no page" if self.strays else "",
            f"{len(self.lost)} lost" if self.lost else "",
            f"{self.left_out} left out" if self.left_out else "",
            f"{self.entries} entries",
            f"{self.diagnostics.total()} diagnostics" + (f" ({kinds})" if kinds else ""),
        ]
        size, seconds = self.read / 1e6, self.seconds
        return ", ".join(filter(None, parts)) + f"; {size:.1f} MB in {seconds:.1f} s ({size / seconds:.1f} MB/s)"

    def record(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "format": "dokuwiki-data/report",
            "version": 1,
            "source": replace_surrogates(self.source),
            "description": replace_surrogates(self.description),
            "pages": self.pages,
            "revisions": self.revisions,
            "deleted": self.deleted,
            "of_no_page": sorted(map(replace_surrogates, self.strays)),
            "left_out": self.left_out,
            "not_readable": self.not_readable,
            "lost": [
                {"path": replace_surrogates(str(error.path)), "reason": replace_surrogates(error.reason)}
                for error in self.lost
            ],
            "entries": self.entries,
            "bytes": self.read,
            "diagnostics": dict(self.diagnostics.most_common()),
            "seconds": round(self.seconds, 3),
        }
