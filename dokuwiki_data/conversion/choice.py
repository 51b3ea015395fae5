"""Which pages of a wiki are converted: chosen by namespace, by patterns of their ids, and by who may read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple

from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.wiki.access import READ, read_access_rules
from dokuwiki_data.wiki.sources.opening import WikiSource


class Readable(NamedTuple):
    """Whether somebody may read a page, and a media file, by their ids."""

    page: Callable[[str], bool]
    media: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class PageChoice:
    """The pages in one of the ``namespaces`` whose id fits one of ``include`` and none of ``exclude``.

    Without namespaces, or without ``include``, all pages are in. Patterns are those of `fnmatch`, such as ``a:*``.
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
        """Whether every page is in."""
        return not (self.namespaces or self.include or self.exclude)


def check_readers(who: Sequence[str]) -> None:
    """Raise `DokuWikiDataError` for more than one user."""
    if len(users := [name for name in who if not name.startswith("@")]) > 1:
        raise DokuWikiDataError(f"--readable-by takes one user and his groups, not {', '.join(users)}")


def readable(source: WikiSource, who: Sequence[str], say: Callable[[str], None]) -> Readable:
    """Return what a user and ``@groups`` may read, or ``@ALL``, a guest; everything, if nobody is named.

    ``say`` gets a line if the wiki has no access rules. Raises `DokuWikiDataError` where the rules cannot be known, so
    that nothing secret gets out.
    """
    everything = Readable(lambda page_id: True, lambda media_id: True)
    check_readers(who)
    if not who:
        return everything
    if source.layout.conf is None:
        raise DokuWikiDataError(f"{source.files.place}: --readable-by needs the wiki's conf folder, which is not in it")
    rules = read_access_rules(source)
    if rules is None:
        say(f"{source.files.place}: its settings have no useacl, so everybody may read everything")
        return everything
    user = "".join(name for name in who if not name.startswith("@"))
    groups = [name for name in who if name.startswith("@") and name != "@ALL"]
    return Readable(
        lambda page_id: rules.level(page_id, user, groups) >= READ,
        lambda media_id: rules.media_level(media_id, user, groups) >= READ,
    )
