"""How arguments are read, and the kinds of them that several commands have."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from dokuwiki_data.command.messages import WRONG_USE
from dokuwiki_data.render.characters import on_one_line

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class ArgumentParser(argparse.ArgumentParser):
    """Says what is wrong in one line, and takes a query behind options, too."""

    def error(self, message: str) -> NoReturn:
        """End with one line, without all that would have been possible."""
        self.exit(WRONG_USE, on_one_line(f"{self.prog}: error: {message} ({self.prog} --help says more)") + "\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Fail, where the message is what was asked for (``--help``) and cannot be written."""
        with contextlib.suppress(*([] if file is sys.stdout else [OSError])):
            (file or sys.stderr).write(message or "")

    def parse_known_args(  # type: ignore[override]  # the overloads of argparse cannot be told apart here
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """As usual, but QUERY, which need not be there, may stand behind options: some releases of Python leave it."""
        found, left = super().parse_known_args(args, namespace)
        if left and not left[0].startswith("-") and getattr(found, "query", "") is None:
            found.query = left.pop(0)
        return found, left


def names(text: str) -> tuple[str, ...]:
    """An argument that is a list of names."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def count(text: str) -> int:
    """An argument that counts something; raises `ArgumentTypeError` if it is less than one."""
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1")
    return int(text)
