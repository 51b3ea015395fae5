"""Leaves: a page as a list of its paragraphs, headings, cells and the like, with all that a reader sees of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dokuwiki_data.render.characters import replace_surrogates

#: White space in text, which counts as one blank.
_BLANKS = re.compile("[ \t\r\n\f\v\0]+")
_LINE_ENDS = re.compile("\r\n?|\n")

#: The formatting around a text, such as ``strong``, and its links and images with their targets.
Marks = frozenset[str]
NO_MARKS: Marks = frozenset()
#: The marks of a line break, which has no text.
LINE_BREAK = frozenset({"br"})


class MarkedText(NamedTuple):
    """A piece of text with its marks; of an image, empty text."""

    text: str
    marks: Marks


class PageLeaf(NamedTuple):
    """A piece of a page.

    Attributes:
        path: The containers around it: ``ul``, ``li``, ``td[2x1]``, …
        kind: What it is: ``p``, ``h2#anchor``, ``pre``, ``hr``; ``<`` and a container where that begins.
        runs: Its text. Blanks are folded and have no marks.
    """

    path: tuple[str, ...]
    kind: str
    runs: tuple[MarkedText, ...] = ()

    def __str__(self) -> str:
        place = " ".join((*self.path, self.kind))
        shown = "".join(f"{run.text}[{' '.join(sorted(run.marks))}]" if run.marks else run.text for run in self.runs)
        return f"{place}: {_shortened(shown)!r}" if shown else place


class LeafBuilder:
    """Makes leaves from text and the borders of containers and paragraphs."""

    def __init__(self) -> None:
        self.leaves: list[PageLeaf] = []
        self._path: tuple[str, ...] = ()
        self._pieces: list[tuple[str, Marks]] = []

    def text(self, text: str, marks: Marks = NO_MARKS) -> None:
        """Add text."""
        if text:
            self._pieces.append((text, marks))

    def object(self, mark: str, marks: Marks = NO_MARKS) -> None:
        """Add an object that is not text, such as an image."""
        self._pieces.append(("", marks | {mark}))

    def line_break(self) -> None:
        """Add the end of a line."""
        self._pieces.append(("", LINE_BREAK))

    def end(self, kind: str = "p") -> None:
        """End a leaf; there is none if nothing was added since the last one."""
        if self._pieces:
            runs = _runs(self._pieces, in_quotation="blockquote" in self._path)
            self._pieces = []
            if runs:
                self.leaves.append(PageLeaf(self._path, kind, runs))

    def open(self, container: str) -> None:
        """Begin a container."""
        self.end()
        self.leaves.append(PageLeaf(self._path, f"<{container}"))
        self._path += (container,)

    def close(self) -> None:
        """End the innermost container."""
        self.end()
        self._path = self._path[:-1]

    def block(self, kind: str, text: str = "") -> None:
        """Add a leaf of lines that are kept, such as code, without empty ones around."""
        self.end()
        lines = _LINE_ENDS.split(replace_surrogates(text))
        shown = [at for at, line in enumerate(lines) if line.strip()]
        kept = "\n".join(lines[shown[0] : shown[-1] + 1]) if shown else ""
        self.leaves.append(PageLeaf(self._path, kind, (MarkedText(kept, NO_MARKS),) if kept else ()))


def _runs(pieces: Iterable[tuple[str, Marks]], in_quotation: bool) -> tuple[MarkedText, ...]:
    """Return pieces of text as runs that are the same however the text was cut into pieces.

    In quotations, line breaks around the text do not count, and several count as one.
    """
    runs: list[tuple[list[str], Marks]] = []
    begins, blank = True, False
    parts: list[str]

    def add(text: str, marks: Marks) -> None:
        if runs and text and runs[-1][0][0] and runs[-1][1] == marks:
            runs[-1][0].append(text)
        else:
            runs.append(([text], marks))

    for text, marks in pieces:
        if not text:
            if marks is LINE_BREAK:
                if not in_quotation or (runs and runs[-1][1] is not LINE_BREAK):
                    runs.append(([""], marks))
                begins, blank = True, False
                continue
            parts = [""]
        else:
            # Blanks have no marks, so all of a text without marks is one part.
            folded = _BLANKS.sub(" ", replace_surrogates(text))
            blank = blank or folded[0] == " "
            parts = folded.strip(" ").split(" ") if marks else [folded.strip(" ")]
            if not parts[0]:
                continue
        for part in parts:
            if blank and not begins:
                add(" ", NO_MARKS)
            add(part, marks)
            begins, blank = False, True
        blank = bool(text) and folded[-1] == " "
    while in_quotation and runs and runs[-1][1] is LINE_BREAK:
        runs.pop()
    return tuple(MarkedText("".join(parts), marks) for parts, marks in runs)


def leaf_differences(wanted: Sequence[PageLeaf], found: Sequence[PageLeaf], most: int = 20) -> Iterator[str]:
    """Iterate over lines about leaves that are wanted but were not found, and the other way round; at most so many."""
    if wanted == found:
        return
    missing, surplus = Counter(wanted), Counter(found)
    missing, surplus = missing - surplus, surplus - missing
    lines = [f"is missing: {leaf}" for leaf in missing.elements()] + [
        f"is not in the wiki: {leaf}" for leaf in surplus.elements()
    ]
    yield from lines[:most]
    if len(lines) > most:
        yield f"and {len(lines) - most} more differences"
    if not lines:
        at = next(number for number, (one, other) in enumerate(zip(wanted, found, strict=True)) if one != other)
        yield f"stands elsewhere: {wanted[at]}"


def _shortened(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
