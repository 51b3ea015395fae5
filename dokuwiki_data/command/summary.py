"""What a run of ``convert`` did, as a line of text and as a record for ``--report``."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dokuwiki_data.command.messages import counted
from dokuwiki_data.conversion.worker import Converted
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.render.characters import replace_surrogates


@dataclass(slots=True)
class Summary:
    """What a run of ``convert`` did.

    Attributes:
        source: The path of the wiki.
        description: The detected layout, in words.
        started: The start of the run, as `time.monotonic` returns it.
        done: The numbers of all chunks together.
        left_out: The number of pages that were not selected.
        not_readable: How many of these may not be read by the user of ``--readable-by``.
        deleted: The number of deleted pages with old states.
        strays: The files in the attic that belong to no page.
        lost: The errors of everything that could not be read.
    """

    source: str
    description: str
    started: float
    done: Converted = field(default_factory=Converted)
    left_out: int = 0
    not_readable: int = 0
    deleted: int = 0
    strays: list[str] = field(default_factory=list)
    lost: list[PageReadError] = field(default_factory=list)

    def __str__(self) -> str:
        done, diagnostics = self.done, Counter(self.done.diagnostics)
        kinds = ", ".join(f"{kind} {count}" for kind, count in diagnostics.most_common())
        parts = [
            counted(done.pages, "page"),
            counted(done.revisions, "old revision") if done.revisions else "",
            counted(self.deleted, "deleted page") if self.deleted else "",
            f"{counted(len(self.strays), 'file')} without a page" if self.strays else "",
            f"{len(self.lost)} lost" if self.lost else "",
            f"{self.left_out} left out" if self.left_out else "",
            counted(done.entries, "entry"),
            counted(diagnostics.total(), "diagnostic") + (f" ({kinds})" if kinds else ""),
        ]
        size, seconds = done.read / 1e6, self._seconds
        return ", ".join(filter(None, parts)) + f"; {size:.1f} MB in {seconds:.1f} s ({size / seconds:.1f} MB/s)"

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self.started

    def record(self) -> dict[str, Any]:
        """Return the summary for ``--report``."""
        return {
            "format": "dokuwiki-data/report",
            "version": 1,
            "source": replace_surrogates(self.source),
            "description": replace_surrogates(self.description),
            "pages": self.done.pages,
            "revisions": self.done.revisions,
            "deleted": self.deleted,
            "of_no_page": sorted(map(replace_surrogates, self.strays)),
            "left_out": self.left_out,
            "not_readable": self.not_readable,
            "lost": [
                {"path": replace_surrogates(str(error.path)), "reason": replace_surrogates(error.reason)}
                for error in self.lost
            ],
            "entries": self.done.entries,
            "bytes": self.done.read,
            "diagnostics": dict(self.done.diagnostics.most_common()),
            "seconds": round(self._seconds, 3),
        }
