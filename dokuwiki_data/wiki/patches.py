"""A change of a text file as a unified diff that ``git apply`` and ``patch -p1`` apply."""

from __future__ import annotations

import difflib

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
    new = _name(f"b/{path}") if after is not None else _NO_FILE
    lines = difflib.unified_diff(_lines(before), _lines(after or ""), _name(f"a/{path}"), new)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _name(name: str) -> str:
    """A name as the head of a diff has it: quoted where it has to be, with a tab behind it if it has blanks."""
    escaped = name.translate(_ESCAPES)
    if escaped != name:
        return f'"{escaped}"'
    return f"{name}\t" if any(sign.isspace() for sign in name) else name


def _lines(text: str) -> list[str]:
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])
