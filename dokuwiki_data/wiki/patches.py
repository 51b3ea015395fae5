"""A change of a text file as a unified diff that ``git apply`` and ``patch -p1`` apply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher

from dokuwiki_data.wiki.same_lines import same_lines

#: How characters that end a name, or are none of it, are written in a quoted one, as in C.
_ESCAPES = {number: f"\\{number:03o}" for number in (*range(32), 127)} | {
    ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("\t"): "\\t",
}  # fmt: skip
_NO_FILE = "/dev/null"


def unified_diff(path: str, before: str, after: str | None) -> str:
    """The change of the file at a path from one text to another; None if it is removed.

    Only a line feed ends a line. Bytes that are no UTF-8 are in it as ``surrogateescape`` has them, characters that
    only a terminal understands as they are.
    """
    hunks = "".join(_hunks(_lines(before), _lines(after or "")))
    new = _name(f"b/{path}") if after is not None else _NO_FILE
    return hunks and f"--- {_name(f'a/{path}')}\n+++ {new}\n{hunks}"


class _Matcher(SequenceMatcher[str]):
    """Groups what differs as difflib does, with the lines that are the same found in another way."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        super().__init__(None, before, after, autojunk=False)
        self._before, self._after = before, after

    def get_matching_blocks(self) -> list[Match]:
        blocks: list[Match] = []
        for at, there in same_lines(self._before, self._after):
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
        for kind, one, one_end, two, two_end in group:
            if kind == "equal":
                yield from (_line(" ", line) for line in before[one:one_end])
                continue
            yield from (_line("-", line) for line in before[one:one_end])
            yield from (_line("+", line) for line in after[two:two_end])


def _range(start: int, end: int) -> str:
    """Lines as a hunk has them: the first one and their number; of none the one before."""
    count = end - start
    return f"{start + bool(count)}" if count == 1 else f"{start + bool(count)},{count}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _name(name: str) -> str:
    """A name as the head of a diff has it: quoted where it has to be, with a tab behind it if it has blanks."""
    escaped = name.translate(_ESCAPES)
    if escaped != name:
        return f'"{escaped}"'
    return f"{name}\t" if any(sign.isspace() for sign in name) else name


def _lines(text: str) -> list[str]:
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])
