"""The argument parser, the types of arguments, and the way from parsed arguments to typed options."""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, get_type_hints

from dokuwiki_data.command.messages import WRONG_USE
from dokuwiki_data.render.characters import on_one_line
from dokuwiki_data.wiki.conf import Literal, parse_literal
from dokuwiki_data.wiki.sources.files import MEBIBYTE

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

Options = TypeVar("Options")

#: What each command does, for the list of all.
HELP = {
    "convert": "turn a wiki into JSON, YAML, Parquet, SQLite or CSV",
    "schema": "show the JSON Schema of a record or a report",
    "export": "write a wiki as static pages",
    "check": "report what to look at before a migration or an upgrade",
    "history": "list the revisions of a page",
    "move": "move pages, namespaces and media files, and rewrite what names them",
    "parse": "show one page as a tree or as JSON",
    "query": "answer a query of the data plugin",
    "report": "write a report about a wiki: what is in it, what is broken, what a migration would lose",
    "rewrite": "rewrite pages in another flavour of markup, such as Markdown",
    "struct": "take a wiki from the plugin data to the plugin struct",
    "tables": "answer every query of a wiki, or write the tables in its pages",
}

#: What `ArgumentParser.add_subparsers` returns.
Commands = argparse._SubParsersAction


class ArgumentParser(argparse.ArgumentParser):
    """A parser that reports an error in one line and accepts an optional QUERY or FOLDER after options."""

    def error(self, message: str) -> NoReturn:
        """Exit with one line instead of the whole usage."""
        self.exit(WRONG_USE, on_one_line(f"{self.prog}: error: {message} (see {self.prog} --help)") + "\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Write a message; raise `OSError` only if the message is the requested output (``--help``)."""
        with contextlib.suppress(*([] if file is sys.stdout else [OSError])):
            (file or sys.stderr).write(message or "")

    def parse_known_args(  # type: ignore[override]  # the overloads of argparse cannot be told apart here
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse arguments; some releases of Python leave an optional argument unparsed if it follows options."""
        found, left = super().parse_known_args(args, namespace)
        for name, type_ in (("query", str), ("folder", Path), ("old", str), ("new", str)):
            if left and left[0] and not left[0].startswith("-") and getattr(found, name, "") is None:
                setattr(found, name, type_(left.pop(0)))
        return found, left


def options_from(kind: type[Options], parsed: argparse.Namespace) -> Options:
    """Return the options of a command: a dataclass whose fields, and those of dataclasses in it, are the arguments."""
    kinds = get_type_hints(kind)
    values = {}
    for field in fields(kind):  # type: ignore[arg-type]  # every `Options` is a dataclass
        inner: Any = kinds[field.name]
        is_group = is_dataclass(inner)
        values[field.name] = options_from(inner, parsed) if is_group else getattr(parsed, field.name)
    return kind(**values)


# ---------------------------------------------------------------------------------------------------- types
# Each raises `ArgumentTypeError` for a text that is not a value of its type.


def names(text: str) -> tuple[str, ...]:
    """Return the names in a list, separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def some_names(text: str) -> tuple[str, ...]:
    """Return the names in a list that must not be empty."""
    if not (found := names(text)):
        raise argparse.ArgumentTypeError("no name is given")
    return found


def count(text: str) -> int:
    """Return a positive number."""
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)


def size(text: str) -> int:
    """Return a number of bytes, written such as ``500M`` or ``2G``."""
    found = re.fullmatch(r"([0-9]{1,9})([KMGT]?)", text.upper())
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 500M or 2G")
    return int(found[1]) * int(MEBIBYTE * 1024 ** ("KMGT".index(found[2]) - 1)) if found[2] else int(found[1])


def day(text: str) -> date:
    """Return a day, written such as ``2026-11-21``."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-21") from error


def setting(text: str) -> tuple[str, Literal]:
    """Return the name and the value of ``NAME=VALUE``; numbers, ``true``, ``false`` and ``null`` are literals."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not a setting such as useslash=1")
    return name.strip(), parse_literal(value.strip())


def path_argument(text: str) -> Path:
    """Return a path; an empty text, which would mean the working folder, is refused."""
    if not text:
        raise argparse.ArgumentTypeError("the path is empty")
    return Path(text)


def output_argument(text: str) -> Path | None:
    """Return the path to write to; None for ``-``, which is standard output."""
    return None if text == "-" else path_argument(text)
