"""The authors of commits: the users of a wiki, with the names and addresses that somebody gave for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dokuwiki_data.errors import OutputError, PageReadError, reason_of
from dokuwiki_data.exports.git.stream import one_line
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.sources.files import join_path
from dokuwiki_data.wiki.sources.source import WikiSource

#: The host of addresses that nobody gave. Names below ``.invalid`` never exist (RFC 2606).
PLACEHOLDER_HOST = "wiki.invalid"
#: The name where nobody is known, which the file of authors may give as well.
UNKNOWN = "unknown"

#: A line as git-svn (``--authors-file``) and git cvsimport (``-A``) take it; the time zone is that of git cvsimport.
_LINE = re.compile(r"(?P<user>[^=]*[^=\s])\s*=\s*(?P<name>[^<>]*?)\s*<(?P<email>[^<>]*)>(?:\s+(?P<zone>\S+))?\s*")
#: The fields of a line of users.auth.php end at a colon without a backslash.
_FIELD = re.compile(r"((?:[^:\\]|\\.)*)(?::|\Z)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)#.*")
#: The name and the address are the third and fourth field of a line.
_NAME, _EMAIL = 2, 3


class CommitAuthor(NamedTuple):
    """The author of commits.

    Attributes:
        name: The name.
        email: The address.
        zone: The time zone in which times are given.
        is_placeholder: Whether nobody gave the name and the address.
    """

    name: str
    email: str
    zone: tzinfo = UTC
    is_placeholder: bool = False

    def at(self, time: int) -> str:
        """Return who made a commit and when, as git writes it.

        Example:
            >>> CommitAuthor("Ann", "ann@example.org").at(1700000000)
            'Ann <ann@example.org> 1700000000 +0000'
        """
        offset = 0
        if self.zone is not UTC:
            found = datetime.fromtimestamp(time, self.zone).utcoffset()
            offset = int(found.total_seconds() // 60) if found is not None else 0
        hours, minutes = divmod(abs(offset), 60)
        sign = "-" if offset < 0 else "+"
        return f"{_plain(self.name) or UNKNOWN} <{_plain(self.email)}> {time} {sign}{hours:02}{minutes:02}"


@dataclass(slots=True)
class CommitAuthors:
    """Who made changes.

    Attributes:
        known: The authors that were given, by user name or network address.
        placeholders: The names of those that were asked for and not given.
    """

    known: Mapping[str, CommitAuthor] = field(default_factory=dict)
    placeholders: dict[str, None] = field(default_factory=dict)

    def of(self, change: Change | None) -> CommitAuthor:
        """Return the author of a change: the user, or the network address of somebody who was not logged in.

        Nobody is known without an entry in the changelog.

        Example:
            >>> CommitAuthors().of(Change(1700000000, "192.0.2.1", "E", "a:b", "ann"))[:2]
            ('ann', 'ann@wiki.invalid')
            >>> CommitAuthors().of(Change(1700000000, "192.0.2.1", "E", "a:b"))[:2]
            ('192.0.2.1', 'anonymous@wiki.invalid')
        """
        user = change.user if change is not None else ""
        name = user or (change.ip if change is not None else "") or UNKNOWN
        if name in self.known:
            return self.known[name]
        self.placeholders[name] = None
        place = user or (UNKNOWN if name == UNKNOWN else "anonymous")
        local = quote(place.encode("utf-8", "surrogateescape"), safe="+")
        return CommitAuthor(name, f"{local}@{PLACEHOLDER_HOST}", is_placeholder=True)


def read_authors(path: Path) -> dict[str, CommitAuthor]:
    """Return the authors in a file, by user name.

    A line is ``ann = Ann Example <ann@example.org>``, as git-svn and git cvsimport take it, perhaps with the name of a
    time zone behind it. Empty lines, and those that begin with ``#``, are ignored.

    Raises:
        OutputError: If the file cannot be read, or a line is none of these.
    """
    try:
        text = path.read_text("utf-8-sig", "surrogateescape")
    except OSError as error:
        raise OutputError(f"{path}: {reason_of(error)}") from error
    found = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise OutputError(f"{path}:{number}: is not like: ann = Ann Example <ann@example.org>")
        try:
            zone = ZoneInfo(match["zone"]) if match["zone"] else UTC
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise OutputError(f"{path}:{number}: unknown time zone {match['zone']}") from None
        found[match["user"].strip()] = CommitAuthor(match["name"] or match["user"].strip(), match["email"], zone)
    return found


def wiki_authors(source: WikiSource) -> dict[str, CommitAuthor]:
    """Return the names and addresses in ``conf/users.auth.php``, by user name; nothing else in it is kept.

    Raises:
        OutputError: If the wiki has no such file.
    """
    folders = [*filter(None, [source.layout.conf]), *(join_path(home, "acl") for home in source.layout.homes)]
    for folder in folders:
        try:
            text = source.read(join_path(folder, "users.auth.php")).decode("utf-8", "surrogateescape")
        except PageReadError:
            continue
        return dict(_users(text.split("\n")))
    raise OutputError(f"{source.files.place}: has no conf/users.auth.php with the names of users")


def _users(lines: Iterable[str]) -> Iterable[tuple[str, CommitAuthor]]:
    for line in lines:
        fields = [_ESCAPED.sub(r"\1", found) for found in _FIELD.findall(_COMMENT.sub("", line).strip())]
        user = fields[0]
        if user and len(fields) > _EMAIL and fields[_EMAIL]:
            yield user, CommitAuthor(fields[_NAME] or user, fields[_EMAIL])


def _plain(text: str) -> str:
    """Return a name or address without what would end it."""
    return " ".join(one_line(text).replace("<", " ").replace(">", " ").split())
