"""The revisions of pages: which there are, their way through workers, and what each becomes in a dump.

Every change in the changelog and every state in the attic is one. The text of a page that was deleted is empty, as in
DokuWiki, where saving an empty page deletes it; changes whose text is not kept are left out.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.exports.manifest import told_losses
from dokuwiki_data.exports.mediawiki.titles import WikiTitles
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.history import History, Revision
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.timeline import Effect, WikiEvent
from dokuwiki_data.writers.losses import Loss, ignore
from dokuwiki_data.writers.mediawiki import mediawiki
from dokuwiki_data.writers.resolved import ResolvedPage

#: So many characters go to a worker at a time.
_CHUNK = 1 << 19
#: What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets).
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What MediaWiki allows in no name of a user.
_NOT_IN_NAME = re.compile("[\x00-\x20#<>\\[\\]|{}/:\x7f-\xa0\u2000-\u200f\u2028-\u202f\u3000\ue000-\uf8ff]")
#: The author of changes that nobody is named for.
UNKNOWN_USER = "unknown"
#: Times that MediaWiki stores, in Unix seconds: of years with four digits.
_LATEST = 253402300799


class PageHistoryState(NamedTuple):
    """A state of a page on its way to a worker.

    Attributes:
        time: Its time in Unix seconds.
        text: Its text in DokuWiki's markup; None if the page was deleted then.
        change: The entry of the changelog; None if there is none.
        is_current: Whether it is the page of today.
    """

    time: int
    text: str | None
    change: Change | None
    is_current: bool = False


class PageHistory(NamedTuple):
    """Some states of a page, the oldest first, and whether they are the last ones."""

    page_id: str
    states: tuple[PageHistoryState, ...]
    is_end: bool


class RevisionXml(NamedTuple):
    """A revision as XML, without its number: what stands before and behind that of its text."""

    head: str
    tail: str


class Revisions(NamedTuple):
    """Some revisions of a page.

    Attributes:
        page_id: The page.
        revisions: The revisions, the oldest first.
        is_end: Whether they are the last ones.
        losses: What the page of today does not say.
    """

    page_id: str
    revisions: tuple[RevisionXml, ...]
    is_end: bool
    losses: Sequence[Mapping[str, Any]]


def by_page(events: Iterable[WikiEvent]) -> dict[str, list[WikiEvent]]:
    """Return the changes of pages by id, the oldest first: those whose text is known, of pages that have one."""
    found: dict[str, list[WikiEvent]] = {}
    for event in events:
        if event.kind == "page":
            its = found.setdefault(event.id, [])
            if event.effect is not Effect.NOT_KEPT:
                its.append(event)
    return {page_id: its for page_id, its in found.items() if any(event.path for event in its)}


def read_states(source: WikiSource, pages: Mapping[str, Sequence[WikiEvent]], report: Report) -> Iterator[PageHistory]:
    """Iterate over the states of pages, with their texts."""
    history = History(source)
    for page_id, events in pages.items():
        chunk: list[PageHistoryState] = []
        size = 0
        for number, event in enumerate(events):
            text: str | None = None
            if event.effect is Effect.WRITTEN:
                try:
                    content = history.read(page_id, Revision(event.time, None, event.path))
                except PageReadError as error:
                    report(error)
                    continue
                text = content.decode("utf-8", "surrogateescape")
            is_current = number == len(events) - 1 and text is not None
            chunk.append(PageHistoryState(event.time, text, event.change, is_current))
            size += len(text or "")
            if size > _CHUNK and number < len(events) - 1:
                yield PageHistory(page_id, tuple(chunk), False)
                chunk, size = [], 0
        yield PageHistory(page_id, tuple(chunk), True)


@dataclass(frozen=True, slots=True)
class RevisionMaker:
    """Makes revisions in workers.

    Attributes:
        wiki: What pages may tell of the wiki: that of today, in old states as well.
        titles: The titles of its pages, and the names of its files.
    """

    wiki: ExportedWiki
    titles: WikiTitles

    def __call__(self, part: PageHistory) -> Revisions:
        """Return the revisions of some states of a page. This is what a worker does."""
        found: list[RevisionXml] = []
        losses: list[Loss] = []
        known: set[tuple[int, str]] = set()
        for state in part.states:
            text = ""
            if state.text is not None:
                text = self._text(part.page_id, state.text, losses.append if state.is_current else ignore)
            if (state.time, text) not in known:  # MediaWiki takes what has the same text in the same second for one
                found.append(revision_xml(state, text))
                known.add((state.time, text))
        return Revisions(part.page_id, tuple(found), part.is_end, told_losses(losses))

    def _text(self, page_id: str, text: str, lose: Callable[[Loss], object]) -> str:
        site = replace(self.wiki.site, anchors_of=self.wiki.anchors_of)
        page = parse(text, page_id=page_id, syntax=site.syntax)
        return mediawiki(
            ResolvedPage(page, site),
            addresses=self.titles,
            linked=self.wiki.linked_anchors.get(page_id, ()),
            on_loss=lose,
        )


def revision_xml(state: PageHistoryState, text: str) -> RevisionXml:
    """Return a state of a page with its wikitext as XML."""
    text = text.rstrip("\n")  # as MediaWiki itself stores texts
    content = as_xml(text)
    stored = _NOT_IN_XML.sub("\ufffd", text).encode()
    digest = _in_base_36(sha1(stored, usedforsecurity=False).digest())
    time = datetime.fromtimestamp(min(max(state.time, 0), _LATEST), UTC)
    change = state.change
    lines = [
        f"<timestamp>{time:%Y-%m-%dT%H:%M:%SZ}</timestamp>",
        f"<contributor>{_contributor(change)}</contributor>",
        *(["<minor/>"] if change is not None and change.kind == "e" else []),
        *([f"<comment>{as_xml(change.summary)}</comment>"] if change is not None and change.summary else []),
    ]
    tail = [
        "<model>wikitext</model>",
        "<format>text/x-wiki</format>",
        f'<text bytes="{len(stored)}" sha1="{digest}" xml:space="preserve">{content}</text>',
        f"<sha1>{digest}</sha1>",
    ]
    indent = "\n      "
    return RevisionXml(indent.join(lines), indent.join(tail))


def _contributor(change: Change | None) -> str:
    """Return the author of a change: a user, or an address of a network."""
    if change is not None and change.user:
        return f"<username>{as_xml(_NOT_IN_NAME.sub('-', change.user))}</username>"
    address = "" if change is None else change.ip.partition(",")[0]
    try:
        return f"<ip>{ipaddress.ip_address(address)}</ip>"
    except ValueError:
        return f"<username>{UNKNOWN_USER}</username>"


def as_xml(text: str) -> str:
    """Return text as the content of an element; what XML cannot hold is U+FFFD."""
    return escape(_NOT_IN_XML.sub("\ufffd", text), {"\r": "&#13;"})


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _in_base_36(digest: bytes) -> str:
    """Return a digest as MediaWiki has it: 31 digits and small letters."""
    number, found = int.from_bytes(digest, "big"), ""
    while number:
        number, digit = divmod(number, 36)
        found = _DIGITS[digit] + found
    return found.rjust(31, "0")
