"""Write the change of a text file as a unified diff that ``git apply`` and ``patch -p1`` apply."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from typing import NamedTuple

#: The most pairs of lines that are given to difflib at once, as its time may grow with their cube.
_MAX_PAIRS = 2500
#: Longer stretches without a unique line are split into parts of about this many lines.
_PART_LINES = 50
#: How often stretches between unique lines are divided again.
_MAX_DEPTH = 16


class _Stretch(NamedTuple):
    """Lines of both texts between lines that match."""

    start: int
    end: int
    other_start: int
    other_end: int
    depth: int


def matching_lines(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of numbers of matching lines, increasing in both texts, in time linear in their length."""
    found: list[tuple[int, int]] = []
    waiting = [_Stretch(0, len(before), 0, len(after), 0)]
    while waiting:
        start, end, other, other_end, depth = waiting.pop()
        while start < end and other < other_end and before[start] == after[other]:
            found.append((start, other))
            start, other = start + 1, other + 1
        while start < end and other < other_end and before[end - 1] == after[other_end - 1]:
            end, other_end = end - 1, other_end - 1
            found.append((end, other_end))
        stretch = _Stretch(start, end, other, other_end, depth)
        if (end - start) * (other_end - other) <= _MAX_PAIRS:
            found += _matches_by_difflib(before, after, stretch)
        elif depth < _MAX_DEPTH and (unique := _unique_matches(before, after, stretch)):
            found += unique
            waiting += _stretches_between(unique, stretch)
        elif end - start == other_end - other:
            pairs = zip(range(start, end), range(other, other_end), strict=True)
            found += (pair for pair in pairs if before[pair[0]] == after[pair[1]])
        else:
            waiting += _parts_of(stretch)
    return sorted(found)


def _matches_by_difflib(before: Sequence[str], after: Sequence[str], stretch: _Stretch) -> Iterator[tuple[int, int]]:
    start, end, other, other_end, _ = stretch
    if start == end or other == other_end:
        return
    matcher = SequenceMatcher(None, before[start:end], after[other:other_end], autojunk=False)
    for one, two, size in matcher.get_matching_blocks():
        yield from ((start + one + number, other + two + number) for number in range(size))


def _unique_matches(before: Sequence[str], after: Sequence[str], stretch: _Stretch) -> list[tuple[int, int]]:
    """Match lines that occur exactly once in both texts: the longest run in the same order."""
    start, end, other, other_end, _ = stretch
    once, once_there = (
        {line for line, count in Counter(lines).items() if count == 1}
        for lines in (before[start:end], after[other:other_end])
    )
    shared = once & once_there
    places = {after[at]: at for at in range(other, other_end) if after[at] in shared}
    pairs = [(at, places[before[at]]) for at in range(start, end) if before[at] in shared]
    ends: list[int] = []  # by length, the smallest end of a run of that length
    last: list[int] = []  # by length, the pair at that end
    earlier: list[int] = []  # by pair, its predecessor in the run
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        earlier.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [number]
    run: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = earlier[number]
    return run[::-1]


def _stretches_between(unique: Sequence[tuple[int, int]], stretch: _Stretch) -> Iterator[_Stretch]:
    start, other = stretch.start, stretch.other_start
    for at, there in [*unique, (stretch.end, stretch.other_end)]:
        yield _Stretch(start, at, other, there, stretch.depth + 1)
        start, other = at + 1, there + 1


def _parts_of(stretch: _Stretch) -> Iterator[_Stretch]:
    """Split a stretch into parts that are short enough for difflib."""
    start, end, other, other_end, _ = stretch
    parts = max(end - start, other_end - other) // _PART_LINES + 1
    for number in range(parts):
        yield _Stretch(
            start + (end - start) * number // parts, start + (end - start) * (number + 1) // parts,
            other + (other_end - other) * number // parts, other + (other_end - other) * (number + 1) // parts,
            _MAX_DEPTH,
        )  # fmt: skip


#: The escapes of a quoted file name, as in C.
_ESCAPES = {number: f"\\{number:03o}" for number in (*range(32), 127)} | {
    ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("\t"): "\\t",
}  # fmt: skip
_NO_FILE = "/dev/null"


def unified_diff(path: str, before: str, after: str | None) -> str:
    r"""Return a unified diff of one file; empty if nothing changed.

    Only a line feed ends a line. Bytes that are not UTF-8 are kept as ``surrogateescape`` decodes them, and control
    characters are kept.

    Args:
        path: The path of the file, with ``/`` between folders.
        before: The text before the change.
        after: The text after the change; None if the file is removed.

    Example:
        >>> print(unified_diff("a.txt", "one\n", "two\n"), end="")
        --- a/a.txt
        +++ b/a.txt
        @@ -1 +1 @@
        -one
        +two
    """
    hunks = "".join(_hunks(_lines(before), _lines(after or "")))
    new = _name(f"b/{path}") if after is not None else _NO_FILE
    return hunks and f"--- {_name(f'a/{path}')}\n+++ {new}\n{hunks}"


class _Matcher(SequenceMatcher[str]):
    """Group differences as difflib does, based on `matching_lines`."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        super().__init__(None, before, after, autojunk=False)
        self._before, self._after = before, after

    def get_matching_blocks(self) -> list[Match]:
        blocks: list[Match] = []
        for at, there in matching_lines(self._before, self._after):
            last = blocks[-1] if blocks else Match(-1, -1, 0)
            if (last.a + last.size, last.b + last.size) == (at, there):
                blocks[-1] = last._replace(size=last.size + 1)
            else:
                blocks.append(Match(at, there, 1))
        return [*blocks, Match(len(self._before), len(self._after), 0)]


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for group in _Matcher(before, after).get_grouped_opcodes():
        (_, start, _, other, _), (_, _, end, _, other_end) = group[0], group[-1]
        yield f"@@ -{_range(start, end)} +{_range(other, other_end)} @@\n"
        for kind, one, old_end, two, new_end in group:
            if kind == "equal":
                yield from (_line(" ", line) for line in before[one:old_end])
                continue
            yield from (_line("-", line) for line in before[one:old_end])
            yield from (_line("+", line) for line in after[two:new_end])


def _range(start: int, end: int) -> str:
    """Return the range of lines for the head of a hunk: the first line and the count, or the line before none."""
    count = end - start
    return f"{start + bool(count)}" if count == 1 else f"{start + bool(count)},{count}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _name(name: str) -> str:
    """Return a file name for the head of a diff: quoted if necessary, followed by a tab if it has whitespace."""
    escaped = name.translate(_ESCAPES)
    if escaped != name:
        return f'"{escaped}"'
    return f"{name}\t" if any(sign.isspace() for sign in name) else name


def _lines(text: str) -> list[str]:
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])
