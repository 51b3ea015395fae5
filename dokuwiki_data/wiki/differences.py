"""The differences between two states of a text: lines, and the words that differ in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

#: The number of equal lines that are shown around lines that differ.
_AROUND = 2
#: More lines or words than this are not compared one by one, since that takes the square of their number.
_MOST = 3000

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class DiffLine(NamedTuple):
    """A line of a difference.

    Attributes:
        kind: ``same``, ``removed``, ``added``; or ``skipped`` for a number of equal lines.
        parts: The pieces of the line, each with whether it differs; of skipped lines nothing.
        skipped: The number of skipped lines.
    """

    kind: str
    parts: tuple[tuple[str, bool], ...] = ()
    skipped: int = 0


def line_differences(before: str, after: str) -> list[DiffLine]:
    """Return how a text became another one.

    Example:
        >>> [(line.kind, line.parts) for line in line_differences("a cat", "a dog")]
        [('removed', (('a ', False), ('cat', True))), ('added', (('a ', False), ('dog', True)))]
    """
    old, new = before.splitlines(), after.splitlines()
    found: list[DiffLine] = []
    steps = list(_steps(old, new))
    for number, (kind, (first, last), (begin, end)) in enumerate(steps):
        if kind == "equal":
            found += _context(old[first:last], number > 0, number < len(steps) - 1)
        else:
            found += _changed(old[first:last], new[begin:end])
    return found


_Step = tuple[str, tuple[int, int], tuple[int, int]]


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[_Step]:
    """Iterate over the steps from one sequence to another, in linear time."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    if head:
        yield "equal", (0, head), (0, head)
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(inner_old), len(inner_new)) > _MOST:
        yield "replace", (head, len(old) - tail), (head, len(new) - tail)
    else:
        matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=False)
        for kind, first, last, begin, end in matcher.get_opcodes():
            yield kind, (head + first, head + last), (head + begin, head + end)
    if tail:
        yield "equal", (len(old) - tail, len(old)), (len(new) - tail, len(new))


def _context(lines: Sequence[str], is_behind: bool, is_before: bool) -> Iterator[DiffLine]:
    """Iterate over equal lines: those next to what differs, and how many others there are."""
    first = _AROUND if is_behind else 0
    last = max(len(lines) - (_AROUND if is_before else 0), first)
    yield from (DiffLine("same", ((line, False),)) for line in lines[:first])
    if last > first:
        yield DiffLine("skipped", skipped=last - first)
    yield from (DiffLine("same", ((line, False),)) for line in lines[last:])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    """Iterate over lines that became others; the words of lines at the same place are compared."""
    pairs = [_word_differences(*pair) for pair in zip(old, new, strict=False)]
    yield from (DiffLine("removed", removed) for removed, _ in pairs)
    yield from (DiffLine("removed", ((line, False),)) for line in old[len(pairs) :])
    yield from (DiffLine("added", added) for _, added in pairs)
    yield from (DiffLine("added", ((line, False),)) for line in new[len(pairs) :])


_Parts = tuple[tuple[str, bool], ...]


def _word_differences(old: str, new: str) -> tuple[_Parts, _Parts]:
    olds, news = _WORDS.findall(old), _WORDS.findall(new)
    steps = list(_steps(olds, news))
    removed = (("".join(olds[first:last]), kind != "equal") for kind, (first, last), _ in steps)
    added = (("".join(news[begin:end]), kind != "equal") for kind, _, (begin, end) in steps)
    return tuple(part for part in removed if part[0]), tuple(part for part in added if part[0])
