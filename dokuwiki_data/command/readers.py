"""The argument that says who shall be able to read all that is converted, and what of a wiki he may read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dokuwiki_data.command.arguments import names
from dokuwiki_data.command.messages import echo
from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.wiki.access import READ, read_access_rules
from dokuwiki_data.wiki.sources.opening import WikiSource


class Readable(NamedTuple):
    """Whether somebody may read a page, and a media file, by their ids."""

    page: Callable[[str], bool]
    media: Callable[[str], bool]


def add_reader_argument(command: argparse.ArgumentParser) -> None:
    """Add ``--readable-by`` to a command."""
    command.add_argument(
        "--readable-by", metavar="WHO", type=_readers, action="extend", default=[],
        help="only pages that somebody may read: a @group, or a user and his groups, as in ann,@staff; "
        "@ALL: that a guest may read",
    )  # fmt: skip


def check_readers(who: Sequence[str]) -> None:
    """Raise `DokuWikiDataError` for more than one user."""
    if len(users := [name for name in who if not name.startswith("@")]) > 1:
        raise DokuWikiDataError(f"--readable-by takes one user and his groups, not {', '.join(users)}")


def readable(source: WikiSource, who: Sequence[str]) -> Readable:
    """What a user and ``@groups`` may read, or ``@ALL``, a guest; everything, if nobody is named.

    Raises `DokuWikiDataError` where that cannot be known, so that nothing secret gets out.
    """
    everything = Readable(lambda page_id: True, lambda media_id: True)
    if not who:
        return everything
    if source.layout.conf is None:
        raise DokuWikiDataError(f"{source.files.place}: --readable-by needs the wiki's conf folder, which is not in it")
    rules = read_access_rules(source)
    if rules is None:
        echo(f"{source.files.place}: its settings have no useacl, so everybody may read everything")
        return everything
    user = "".join(name for name in who if not name.startswith("@"))
    groups = [name for name in who if name.startswith("@") and name != "@ALL"]
    return Readable(
        lambda page_id: rules.level(page_id, user, groups) >= READ,
        lambda media_id: rules.media_level(media_id, user, groups) >= READ,
    )


def _readers(text: str) -> tuple[str, ...]:
    """An argument that names a user and groups; raises `ArgumentTypeError` for nobody, who must not be everybody."""
    if not (found := names(text)):
        raise argparse.ArgumentTypeError("nobody is named")
    return found
