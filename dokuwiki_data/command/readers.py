"""The arguments that choose pages: by namespace, by patterns of their ids, and by who may read them."""

from __future__ import annotations

import argparse

from dokuwiki_data.command.arguments import names
from dokuwiki_data.conversion.choice import PageChoice


def add_page_arguments(command: argparse.ArgumentParser) -> None:
    """Add ``--namespace``, ``--include`` and ``--exclude`` to a command."""
    command.add_argument("--namespace", metavar="NS", action="append", default=[], help="only pages in this namespace")
    command.add_argument(
        "--include", metavar="GLOB", action="append", default=[], help="only pages with such an id, as in 'a:*'"
    )
    command.add_argument("--exclude", metavar="GLOB", action="append", default=[], help="no pages with such an id")


def chosen_pages(chosen: argparse.Namespace) -> PageChoice:
    """The pages that the arguments choose."""
    return PageChoice(tuple(chosen.namespace), tuple(chosen.include), tuple(chosen.exclude))


def add_reader_argument(command: argparse.ArgumentParser) -> None:
    """Add ``--readable-by`` to a command."""
    command.add_argument(
        "--readable-by", metavar="WHO", type=_readers, action="extend", default=[],
        help="only pages that somebody may read: a @group, or a user and his groups, as in ann,@staff; "
        "@ALL: that a guest may read",
    )  # fmt: skip


def _readers(text: str) -> tuple[str, ...]:
    """An argument that names a user and groups; raises `ArgumentTypeError` for nobody, who must not be everybody."""
    if not (found := names(text)):
        raise argparse.ArgumentTypeError("nobody is named")
    return found
