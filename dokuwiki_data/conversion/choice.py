"""Select pages of a wiki by namespace, by patterns of their ids, and by who may read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple

from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.wiki.access import READ, read_access_rules
from dokuwiki_data.wiki.sources.source import WikiSource


class Readable(NamedTuple):
    """Functions that return whether somebody may read a page or a media file, given its id."""

    page: Callable[[str], bool]
    media: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class PageChoice:
    """A selection of pages by their ids.

    Attributes:
        namespaces: The page must be in one of these; without any, in all.
        include: The id must match one of these patterns of `fnmatch`, such as ``a:*``; without any, all match.
        exclude: The id must match none of these patterns.

    Example:
        >>> "tool:kettle" in PageChoice(namespaces=("tool",), exclude=("*:start",))
        True
    """

    namespaces: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __contains__(self, page_id: str) -> bool:
        if self.namespaces and not any(page_id.startswith(name.strip(":") + ":") for name in self.namespaces):
            return False
        if self.include and not any(fnmatchcase(page_id, pattern) for pattern in self.include):
            return False
        return not any(fnmatchcase(page_id, pattern) for pattern in self.exclude)

    @property
    def is_everything(self) -> bool:
        """Whether all pages are selected."""
        return not (self.namespaces or self.include or self.exclude)


def check_readers(who: Sequence[str]) -> None:
    """Raise `DokuWikiDataError` if several users are named."""
    if len(users := [name for name in who if not name.startswith("@")]) > 1:
        raise DokuWikiDataError(f"--readable-by takes one user and their groups, not {', '.join(users)}")


def readable(source: WikiSource, who: Sequence[str], say: Callable[[str], None]) -> Readable:
    """Return what a user and groups may read.

    Args:
        source: The wiki.
        who: At most one user, and ``@groups``; ``@ALL`` is a guest. If empty, everything is readable.
        say: Called with a line if the wiki has no access rules.

    Raises:
        DokuWikiDataError: If the access rules are unknown: then everything counts as secret.
    """
    everything = Readable(lambda page_id: True, lambda media_id: True)
    check_readers(who)
    if not who:
        return everything
    if source.layout.conf is None:
        raise DokuWikiDataError(f"{source.files.place}: has no conf folder, which --readable-by needs")
    rules = read_access_rules(source)
    if rules is None:
        say(f"{source.files.place}: its settings have no useacl, so everybody may read everything")
        return everything
    user = "".join(name for name in who if not name.startswith("@"))
    groups = [name for name in who if name.startswith("@") and name != "@ALL"]
    level_of = rules.levels(user, groups)
    return Readable(
        lambda page_id: level_of(page_id) >= READ,
        lambda media_id: rules.media_level(media_id, user, groups) >= READ,
    )
