"""The stream that ``git fast-import`` reads: commits with their files (https://git-scm.com/docs/git-fast-import)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from dokuwiki_data.render.characters import replace_surrogates

BEGIN = b"feature done\n"
#: What ends a stream; without it, git rejects one that was cut off.
END = b"done\n"
#: Makes what was read so far part of the repository.
CHECKPOINT = b"checkpoint\n\n"

#: Writes some bytes to a stream.
Write = Callable[[bytes], object]

_PLAIN_PATH = re.compile(r"[A-Za-z0-9._/~-]+")
#: Characters that end a line for some programs, or that control a terminal.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str) -> str:
    """Return text that may stand in a line: control characters are blanks, bytes that are not UTF-8 U+FFFD."""
    return _CONTROL.sub(" ", replace_surrogates(text))


def message(summary: str, notes: Mapping[str, str]) -> str:
    """Return the message of a commit: the summary, and notes as git's trailers in a paragraph of their own.

    Example:
        >>> message("typo", {"Page": "a:b", "Change": "minor edit"})
        'typo\\n\\nPage: a:b\\nChange: minor edit\\n'
    """
    lines = "".join(f"{name}: {one_line(value)}\n" for name, value in notes.items())
    return f"{one_line(summary)}\n\n{lines}"


def commit(ref: str, mark: int, author: str, text: str, parent: str = "") -> bytes:
    """Return the beginning of a commit; the changes of files follow it.

    Args:
        ref: The branch.
        mark: The number of the commit.
        author: Who made it and when, as git writes it.
        text: The message.
        parent: The commit before it, if that is not in the stream.
    """
    encoded = text.encode()
    head = f"commit {ref}\nmark :{mark}\nauthor {author}\ncommitter {author}\ndata {len(encoded)}\n"
    return head.encode() + encoded + (f"from {parent}\n".encode() if parent else b"")


def write_file(write: Write, path: str, size: int, pieces: Iterable[bytes]) -> None:
    """Write that a commit has a file with a content of so many bytes."""
    write(b"M 100644 inline %s\ndata %d\n" % (_path(path), size))
    for piece in pieces:
        write(piece)
    write(b"\n")


def remove_file(write: Write, path: str) -> None:
    """Write that a commit no longer has a file."""
    write(b"D %s\n" % _path(path))


def _path(path: str) -> bytes:
    if _PLAIN_PATH.fullmatch(path):
        return path.encode()
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{replace_surrogates(escaped)}"'.encode()
