"""Recognise a move of pages that was not finished, so that everybody who opens the wiki is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

#: The folder of the journal in the folder of a wiki's data, and the file in it without which it is no journal.
JOURNAL, PLAN = "_move_journal", "plan.json"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a move has come: the number of steps that are done, and of all steps."""

    done: int
    steps: int

    @property
    def is_finished(self) -> bool:
        return self.done >= self.steps

    def __str__(self) -> str:
        return (
            f"a move of pages was interrupted after {self.done} of {self.steps} steps; "
            "end it with `dokuwiki-data move --continue`, or take it back with `move --undo`"
        )


def read_progress(base: Path) -> Progress | None:
    """Return how far the last move of a wiki has come; None if there was none, or its journal cannot be read.

    Args:
        base: The folder of the wiki's data.
    """
    try:
        steps = len(json.loads((base / JOURNAL / PLAN).read_text("ascii"))["steps"])
        return Progress((base / JOURNAL / "done").stat().st_size, steps)
    except (OSError, ValueError, KeyError, TypeError):
        return None
