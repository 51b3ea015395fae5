"""What the texts of pages are in a repository: as they were, or each state in another format.

A state is written by what it says itself, and by which pages the wiki had at that time. So it is the same whenever it
is written, and another page that comes or goes changes no file but its own. Links lead to where their page or file is
or would be, since it may come later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from importlib import import_module
from inspect import isclass
from typing import Any, ClassVar, NamedTuple

from dokuwiki_data.conversion import wiki_context
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import TARGETS
from dokuwiki_data.exports.places import PlaceRules, Places, address
from dokuwiki_data.exports.target import ExportedWiki, PageAddresses
from dokuwiki_data.exports.targets import find_target
from dokuwiki_data.exports.targets.markdown import MarkdownTarget
from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.information import read_information
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.timeline import Effect, WikiEvent
from dokuwiki_data.writers.html import html
from dokuwiki_data.writers.losses import Loss
from dokuwiki_data.writers.markdown import DIALECTS
from dokuwiki_data.writers.resolved import ResolvedPage
from dokuwiki_data.writers.site import Site, with_own_address
from dokuwiki_data.writers.typography import Typography

_PAGES, _MEDIA = "pages/", "media/"


def place_rules(name: str, start_page: str) -> PlaceRules:
    """Return how the files of a repository are named; ``name`` is that of a target, empty for texts as they were."""
    if not name:
        return PlaceRules(".txt", index=start_page, start_page=start_page, folder=_PAGES, media_folder=_MEDIA)
    target = _target(name)
    if target is None:
        return PlaceRules(".html", start_page=start_page, folder=_PAGES, media_folder=_MEDIA)
    rules = target.place_rules(start_page)
    # A page and a folder keep their places whatever else comes.
    return replace(rules, folder=_PAGES, media_folder=_MEDIA, reserved=frozenset(), is_folder_address=False)


def _target(name: str, **options: Any) -> MarkdownTarget | None:
    """Return the target whose Markdown is written; None for HTML, which is written without the pages around it.

    Raises:
        OutputError: If the states of pages cannot be written for a target.
    """
    if name not in FORMATS:
        raise OutputError(f"states of pages cannot be written as {name}, only as {', '.join(FORMATS)}")
    if name == "html":
        if given := [option for option, value in options.items() if value]:
            raise OutputError(f"states of pages written as html have no option {given[0].replace('_', '-')}")
        return None
    target = find_target(name, **options)
    assert isinstance(target, MarkdownTarget)
    return target


def _is_markdown(name: str) -> bool:
    module, class_name = TARGETS[name]
    found = getattr(import_module(f"dokuwiki_data.exports.targets.{module}"), class_name)
    return isclass(found) and issubclass(found, MarkdownTarget) and name in DIALECTS


#: The targets in whose way states of pages can be written.
FORMATS = tuple(name for name in TARGETS if name == "html" or _is_markdown(name))


# --------------------------------------------------------------------------------------- what was there at a time


#: For each id the positions in the timeline at which it comes and goes, in turns.
_Turns = Mapping[str, Sequence[int]]


def _turns(events: Iterable[WikiEvent], kind: str) -> _Turns:
    found: dict[str, list[int]] = {}
    for position, event in enumerate(events):
        if event.kind == kind:
            turns = found.setdefault(event.id, [])
            # A state that is not kept was there all the same.
            if (event.effect is Effect.DELETED) == (len(turns) % 2 == 1):
                turns.append(position)
    return found


@dataclass(frozen=True, slots=True)
class _Present(Collection[str]):
    """The ids that exist at a position in the timeline."""

    turns: _Turns
    position: int

    def __contains__(self, found: object) -> bool:
        return bisect_right(self.turns.get(found, ()), self.position) % 2 == 1  # type: ignore[call-overload]

    def __iter__(self) -> Iterator[str]:
        return (one for one in self.turns if one in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


# -------------------------------------------------------------------------------------------------- written states


class StateText(NamedTuple):
    """A state of a page to be written: its position in the timeline, the page, its time in Unix seconds, its text."""

    position: int
    page_id: str
    time: int
    text: bytes


class WrittenState(NamedTuple):
    """The content of a file, and what it cannot say."""

    content: bytes
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class StateAddresses:
    """The addresses in a state of a page: where pages and media files are, or would be if they came.

    Attributes:
        source: The addresses of what there is at any time.
        rules: How files are named.
        pages: The pages that there are at the time of the state.
        files: The media files that there are.
    """

    source: PageAddresses
    rules: PlaceRules
    pages: Collection[str]
    files: Collection[str]
    #: Writers ask for the addresses of missing pages and files as well.
    live: ClassVar[bool] = True

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        found = self.source.page(page_id, anchor)
        if found is not None or page_id in self.pages or not page_id:  # those that are left out
            return found
        return address(_place(self.rules, page_id), anchor or "", page=self.source.file)

    def media(self, media_id: str) -> str | None:
        found = self.source.media(media_id)
        if found is not None or media_id in self.files or not media_id:
            return found
        return address(_media_place(self.rules, media_id), page=self.source.file)


@lru_cache(maxsize=4096)
def _place(rules: PlaceRules, page_id: str) -> str:
    return Places(rules, [page_id]).pages[page_id]


@lru_cache(maxsize=4096)
def _media_place(rules: PlaceRules, media_id: str) -> str:
    return Places(rules, (), [media_id]).media[media_id]


@dataclass(frozen=True, slots=True)
class StateTexts:
    """Writes states of pages. It travels to workers (pickle).

    Attributes:
        name: The name of the target in whose way they are written.
        options: Its options.
        wiki: What is known of the wiki at all times.
        rules: How files are named.
        pages: When pages come and go.
        media: When media files come and go.
    """

    name: str
    options: Mapping[str, Any]
    wiki: ExportedWiki
    rules: PlaceRules
    pages: _Turns
    media: _Turns

    @classmethod
    def of(
        cls,
        name: str,
        options: Mapping[str, Any],
        source: WikiSource,
        events: Sequence[WikiEvent],
        places: Places,
        media_address: str,
        report: Report,
    ) -> StateTexts:
        """Return what writes the states of a wiki's pages.

        Args:
            name: The name of the target.
            options: Its options.
            source: The wiki.
            events: Its timeline.
            places: The files of its pages and media files.
            media_address: Where media files are shown from; empty if they are in the repository.
            report: Called with the error of what cannot be read.

        Raises:
            OutputError: If states cannot be written for the target.
        """
        _target(name, **options)
        settings, information = source.settings, read_information(source)
        site = Site(
            links=with_own_address(settings.link_context(None, None), information.url),
            schemes=frozenset(map(str.lower, settings.syntax.names("schemes"))),
            settings=settings,
            syntax=settings.syntax,
            typography=Typography.of(settings),
            # A state is the same whenever it is written.
            context=replace(wiki_context(source, ("data",), report), today=None),
        )
        wiki = ExportedWiki(information, site, places, titles={}, backlinks={}, media_address=media_address)
        rules = place_rules(name, settings.link_rules.start_page)
        return cls(name, options, wiki, rules, _turns(events, "page"), _turns(events, "media"))

    def __call__(self, states: Sequence[StateText]) -> list[WrittenState]:
        """Write some states. This is what a worker does."""
        with gc_paused():
            target = _target(self.name, **self.options)
            return [self._written(target, state) for state in states]

    def _written(self, target: MarkdownTarget | None, state: StateText) -> WrittenState:
        wiki, site = self.wiki, self.wiki.site
        text = state.text.decode("utf-8", "surrogateescape")
        page = parse(text, page_id=state.page_id, modified=state.time, syntax=site.syntax)
        present = _Present(self.pages, state.position), _Present(self.media, state.position)
        links = LinkContext(site.links.rules, site.links.interwiki, *present)
        wiki = replace(wiki, site=replace(site, links=links), titles={page.page_id: page.title})
        addresses = StateAddresses(wiki.addresses(wiki.places.pages[page.page_id]), self.rules, *present)
        if target is not None:
            written, found = target.text(wiki, ReadPage(page, {}), addresses, {})
            return WrittenState(written.encode("utf-8", "replace"), found)
        losses: list[Loss] = []
        content = html(ResolvedPage(page, wiki.site), addresses=addresses, on_loss=losses.append)
        title = escape(replace_surrogates(page.title))
        head = f'<!DOCTYPE html>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        return WrittenState((head + content).encode("utf-8", "replace"), tuple(losses))
