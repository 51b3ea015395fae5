"""What chapters of a report are made from: each page as a worker sees it, and the wiki around the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.exports.manifest import Verification
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry, may_have_entries
from dokuwiki_data.nodes.inline import Link, Media, Text
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins.inactive import InactiveSyntax, inactive_syntax
from dokuwiki_data.reports.content import ReportChapter, ReportPlace
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.text import Position
from dokuwiki_data.wiki.information import WikiInformation
from dokuwiki_data.wiki.link_targets import LinkContext, LinkTarget, resolve_node
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.source import MediaFile, PageFile, WikiSource
from dokuwiki_data.wiki.timeline import WikiEvent, timeline


@dataclass(frozen=True, slots=True)
class PageSetting:
    """What a look at a page depends on besides the page. It is sent to workers.

    Attributes:
        links: How links are resolved, and which pages and media files exist.
        syntax: How pages are read.
        context: What the types of the data plugin mean.
        is_listed: Whether DokuWiki's search lists a page, by its id.
        media_names: The names of all media files without their namespaces.
    """

    links: LinkContext
    syntax: Syntax
    context: Context
    is_listed: Callable[[str], bool]
    media_names: frozenset[str] = frozenset()


class TargetedLink(NamedTuple):
    """A link, image or file of a page with its target."""

    node: Link | Media
    target: LinkTarget


class PageSize(NamedTuple):
    """The size of a page in bytes, and the words of its source, with the markup."""

    bytes: int
    words: int


class SeenPage:
    """A page as it is looked at in a worker. What several chapters need of it is made once."""

    def __init__(self, page: Page, setting: PageSetting) -> None:
        self.page = page
        self.setting = setting
        self.page_id = page.page_id

    @cached_property
    def text(self) -> str:
        """The source of the page."""
        return str(self.page)

    @cached_property
    def size(self) -> PageSize:
        """The size of the page."""
        return PageSize(len(self.text.encode("utf-8", "surrogateescape")), len(self.text.split()))

    @cached_property
    def nodes(self) -> list[Node]:
        """All nodes except plain text, in order."""
        return [node for node in self.page.walk() if type(node) is not Text]

    @cached_property
    def links(self) -> list[TargetedLink]:
        """All links, images and files, in order."""
        context = self.setting.links
        return [
            TargetedLink(node, resolve_node(node, self.page_id, context))
            for node in self.nodes
            if isinstance(node, Link | Media)
        ]

    @cached_property
    def entries(self) -> list[DataEntry]:
        """The entries of the data plugin, in order."""
        return [node for node in self.nodes if isinstance(node, DataEntry)] if may_have_entries(self.text) else []

    @cached_property
    def inactive(self) -> tuple[InactiveSyntax, ...]:
        """What looks like the markup of plugins that are not active."""
        return inactive_syntax(self.page, self.setting.links.interwiki)

    def place(self, position: Position) -> ReportPlace:
        """Return a place of this page."""
        return ReportPlace(self.page_id, position.line, position.column)


@dataclass(frozen=True, kw_only=True)
class ReportedWiki:
    """A wiki that a report is about.

    Attributes:
        source: Its files.
        files: The files of its pages, by id.
        media: Its media files, by id, without those of DokuWiki and of servers; None if they are not known.
        information: Its name, address and language.
        setting: What looks at pages depend on.
        made: The time of the report in Unix seconds.
        today: The day of the report, for queries.
        targets: The names of the targets of `export` that are asked about; None for all.
        verified: What the verification of an export found; None if nothing is asked about it.
        jobs: The number of processes.
        lost: The errors of everything that could not be read so far.
        lose: Called with the error of something that cannot be read.
    """

    source: WikiSource
    files: Mapping[str, PageFile]
    media: Mapping[str, MediaFile] | None
    information: WikiInformation
    setting: PageSetting
    made: int
    today: date
    targets: tuple[str, ...] | None
    verified: Verification | None
    jobs: int
    lost: list[PageReadError] = field(default_factory=list)
    lose: Report

    @cached_property
    def events(self) -> list[WikiEvent]:
        """All changes of pages that are known, the oldest first."""
        return timeline(self.source, self.lose, is_wanted_media=lambda media_id: False)

    @cached_property
    def changed(self) -> dict[str, int]:
        """The time of the last change of each page in Unix seconds, by its id.

        It is that of the last entry in the changelog, since the files of a copy may all be of one day, and that of the
        file if there is none. Pages of which neither is known are missing.
        """
        found = {page_id: file.modified for page_id, file in self.files.items() if file.modified is not None}
        logged = {event.id: event.time for event in self.events if event.change is not None and event.time}
        return found | {page_id: time for page_id, time in logged.items() if page_id in self.files}

    def namespaces(self) -> list[str]:
        """Return the namespaces with a page or media file in or below them, sorted, with the root as an empty text."""
        found = {""}
        for name in (*self.files, *(self.media or ())):
            while (name := name.rpartition(":")[0]) not in found:
                found.add(name)
        return sorted(found)


#: What a chapter wants to know of a page. It runs in workers, so it is a function of a module, and what it returns can
#: be pickled. What is empty is not kept.
PageLook = Callable[[SeenPage], Any]


def sees_nothing(page: SeenPage) -> None:
    """Look at a page for a chapter that needs nothing of pages."""


def sees_size(page: SeenPage) -> PageSize:
    """Look at a page for a chapter that needs its size."""
    return page.size


class ChapterMaker(NamedTuple):
    """How a chapter is made.

    Attributes:
        name: The name of the chapter.
        findings: The names of its tables of findings, which ``--fail-on`` takes.
        make: Returns the chapter, given the wiki and what was seen of each page, by the id of the page.
        look: Looks at each page.
    """

    name: str
    findings: tuple[str, ...]
    make: Callable[[ReportedWiki, Mapping[str, Any]], ReportChapter]
    look: PageLook = sees_nothing
