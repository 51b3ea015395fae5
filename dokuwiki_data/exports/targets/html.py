"""The target ``html``: a site of static pages, laid out by templates that users may replace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.navigation import Navigation, PageLink
from dokuwiki_data.exports.places import HISTORY_FOLDER, PlaceRules, address
from dokuwiki_data.exports.search import add_search, has_search
from dokuwiki_data.exports.target import ExportedWiki, OldState, StateNote, TargetBase, WrittenPage
from dokuwiki_data.exports.templates import environment, jinja, theme_file
from dokuwiki_data.exports.verification.html_files import HtmlFiles
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import NoToc
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins.vshare import Video
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.differences import line_differences
from dokuwiki_data.writers.html import Renderer, html
from dokuwiki_data.writers.html.plugins import embedded_video
from dokuwiki_data.writers.losses import Loss, ignore
from dokuwiki_data.writers.resolved import ResolvedPage

#: Where styles, scripts and the index of pages are.
_SITE = "_site"
_ASSETS = ("site.css", "site.js", "search.js")
_INDEX, _NOT_FOUND = f"{_SITE}/pages.html", "404.html"

#: What browsers may load: the site's own scripts and styles, and images, sounds and films from anywhere. Browsers do
#: not count files of the disk as the site's own.
_POLICY = (
    "default-src 'none'", "style-src 'self' file:", "style-src-attr 'unsafe-inline'", "img-src * data: file:",
    "media-src * file:", "font-src 'self' file:", "form-action 'none'", "base-uri 'self'",
)  # fmt: skip
_SCRIPTS, _SEARCH_SCRIPTS = (
    ("script-src 'self' file:",),
    ("script-src 'self' file: 'wasm-unsafe-eval'", "connect-src 'self'"),
)

_FRAMES = ("frame-src https:",)

#: The fewest headings for a table of contents, and the deepest level in it (``tocminheads``, ``maxtoclevel``).
_FEWEST_HEADINGS, _DEEPEST_LEVEL = 3, 3


class TocEntry(NamedTuple):
    """A heading in the table of contents."""

    level: int
    title: str
    address: str


@dataclass
class HtmlTarget(TargetBase):
    """A site of static pages.

    Attributes:
        templates: A folder with templates that replace those of the same name.
        search: Whether there is full-text search, which needs the extra ``search``; None: if that is installed.
        site_address: The address that the site will have, or its path on the server: redirects lead there, and the
            page for missing pages, which is shown at any address, finds its styles there.
        embed: Whether films of other sites are shown in place, so that these sites learn who reads a page.
    """

    templates: Path | None = None
    search: bool | None = None
    site_address: str = "/"
    embed: bool = False
    name: str = field(default="html", init=False)

    def __post_init__(self) -> None:
        jinja("html")
        if self.templates is not None and not self.templates.is_dir():
            raise OutputError(f"{self.templates}: is no folder of templates")
        self.search = has_search(self.search)
        self.site_address = self.site_address.rstrip("/") + "/"
        self._site: tuple[ExportedWiki, _Pages] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_site": None}  # templates do not travel

    @property
    def embeds(self) -> bool:
        return self.embed

    def place_rules(self, start_page: str) -> PlaceRules:
        return PlaceRules(
            start_page=start_page,
            reserved=frozenset({"404", _SITE, "_media", "pagefind", "redirects", "export.json", HISTORY_FOLDER}),
        )

    def page(self, wiki: ExportedWiki, read: ReadPage) -> WrittenPage:
        return self._pages(wiki).page(read)

    def old_state(self, wiki: ExportedWiki, state: OldState) -> dict[str, bytes]:
        return self._pages(wiki).old_state(state)

    def history(self, wiki: ExportedWiki, page_id: str, notes: Sequence[StateNote]) -> dict[str, bytes]:
        return self._pages(wiki).history(page_id, notes)

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        pages = self._pages(wiki)
        for name in _ASSETS:
            if name != "search.js" or self.search:
                own = self.templates / name if self.templates is not None else None
                content = own.read_bytes() if own is not None and own.is_file() else theme_file(name)
                yield f"{_SITE}/{name}", content
        yield _INDEX, pages.index()
        yield _NOT_FOUND, pages.not_found()
        yield ".nojekyll", b""
        if "index.html" not in wiki.places.pages.values():
            yield "index.html", pages.index("index.html")

    def verified(self, wiki: ExportedWiki) -> HtmlFiles:
        return HtmlFiles(wiki, self.embed)

    def finish(self, folder: OutputFolder) -> None:
        if self.search:
            add_search(folder)

    def _pages(self, wiki: ExportedWiki) -> _Pages:
        if self._site is None or self._site[0] is not wiki:
            self._site = wiki, _Pages(self, wiki)
        return self._site[1]


class _Pages:
    """Lays out the pages of a site."""

    def __init__(self, target: HtmlTarget, wiki: ExportedWiki) -> None:
        self._wiki = wiki
        self._environment = environment(extra="html", templates=target.templates)
        self._navigation = Navigation(wiki, _INDEX)
        self._sidebars: dict[tuple[str, str], str] = {}
        self._site_address = target.site_address
        self._renderers: dict[type[Node], Renderer] = {Video: embedded_video} if target.embed else {}
        self._common = {
            "site_name": wiki.information.name or wiki.titles.get(wiki.site.links.rules.start_page, "Wiki"),
            "language": wiki.information.language or "en",
            "has_search": target.search,
            "policy": "; ".join(
                (*_POLICY, *(_SEARCH_SCRIPTS if target.search else _SCRIPTS), *(_FRAMES if target.embed else ()))
            ),
        }

    def page(self, read: ReadPage) -> WrittenPage:
        """Return the file of a page."""
        page, wiki, losses = read.page, self._wiki, list[Loss]()
        file = wiki.places.pages[page.page_id]
        resolved = ResolvedPage(page, wiki.site)
        content = html(resolved, addresses=wiki.addresses(file), renderers=self._renderers, on_loss=losses.append)
        contents = [TocEntry(node.level, node.title, f"#{quote(anchor)}") for node, anchor in resolved.headings]
        last = read.history[-1].change if read.history else None
        text = self._render(
            "page.html",
            file,
            page_id=page.page_id,
            title=wiki.titles[page.page_id],
            content=content,
            contents=contents,
            has_title=any(entry.level == 1 for entry in contents),
            toc=_table_of_contents(page, contents),
            breadcrumbs=self._navigation.breadcrumbs(page.page_id, file),
            backlinks=self._navigation.links(wiki.backlinks.get(page.page_id, ()), file),
            moved_to=wiki.moved_to(page.page_id, file),
            history=self._history(page.page_id, file),
            modified=_time(page.modified),
            author=last.user if last is not None else "",
            summary=last.summary if last is not None else "",
        )
        return WrittenPage(page.page_id, {file: text}, tuple(losses))

    def _history(self, page_id: str, file: str) -> str | None:
        """Return the address of the list of old states of a page; None if it has none."""
        folder = self._wiki.histories.get(page_id)
        return None if folder is None else address(f"{folder}/index.html", page=file)

    def old_state(self, state: OldState) -> dict[str, bytes]:
        """Return the file of an old state of a page."""
        page_id, note, wiki = state.page_id, state.note, self._wiki
        file = f"{wiki.histories[page_id]}/{note.time}.html"
        page = parse(state.text, page_id=page_id, modified=note.time, syntax=wiki.site.syntax)
        content = html(
            ResolvedPage(page, wiki.site), addresses=wiki.addresses(file), renderers=self._renderers, on_loss=ignore
        )
        values = {
            "page_id": page_id,
            "title": page.title,
            "content": content,
            "note": note,
            "time": _time(note.time),
            "older": None if state.older is None else f"{state.older}.html",
            "changes": None if state.before is None else line_differences(state.before, state.text),
        }
        return {file: self._render("state.html", file, **values, **self._current(page_id, file))}

    def history(self, page_id: str, notes: Sequence[StateNote]) -> dict[str, bytes]:
        """Return the list of the old states of a page."""
        file = f"{self._wiki.histories[page_id]}/index.html"
        states = [(note, _time(note.time), f"{note.time}.html") for note in notes]
        title = f"Old states of {self._wiki.titles.get(page_id, page_id)}"
        values = {"page_id": page_id, "title": title, "states": states}
        return {file: self._render("history.html", file, **values, **self._current(page_id, file))}

    def _current(self, page_id: str, file: str) -> dict[str, Any]:
        """Return what the pages of old states say of the page today: its link, or that it is deleted."""
        is_there = page_id in self._wiki.places.pages
        return {
            "current": self._navigation.link(page_id, file) if is_there else None,
            "breadcrumbs": self._navigation.breadcrumbs(page_id, file),
            "history": self._history(page_id, file),
        }

    def index(self, file: str = _INDEX) -> bytes:
        """Return the index of all pages."""
        tree = self._navigation.whole(file)
        gone = (page_id for page_id in self._wiki.histories if page_id not in self._wiki.places.pages)
        deleted = [PageLink(page_id, self._history(page_id, file), page_id) for page_id in gone]
        return self._render("index.html", file, page_id="", title="All pages", whole=tree, deleted=deleted)

    def not_found(self) -> bytes:
        """Return the page for addresses at which there is none; it is shown at any address."""
        return self._render("404.html", _NOT_FOUND, page_id="", title="Not found", base=self._site_address)

    def _beside(self, page_id: str, file: str) -> dict[str, Any]:
        """Return what is shown beside a page: the wiki's own sidebar, or the tree of its pages."""
        sidebar = self._navigation.sidebar(page_id)
        if sidebar is None:
            return {"sidebar": None, "tree": self._navigation.tree(page_id, file)}
        # It is the same beside all pages of a folder.
        key = sidebar.page_id, file.rpartition("/")[0]
        if key not in self._sidebars:
            resolved = ResolvedPage(sidebar, self._wiki.site)
            shown = html(resolved, addresses=self._wiki.addresses(file), renderers=self._renderers, on_loss=ignore)
            # The anchors get a prefix, since the page may have the same ones.
            self._sidebars[key] = shown.replace(' id="', ' id="site__').replace(' href="#', ' href="#site__')
        return {"sidebar": self._sidebars[key], "tree": None}

    def _render(self, template: str, file: str, **values: Any) -> bytes:
        values |= {
            "root": "../" * file.count("/"),
            "home": address("index.html", page=file),
            "index": address(_INDEX, page=file),
            **self._common,
            **self._beside(values["page_id"], file),
        }
        text: str = self._environment.get_template(template).render(values)
        return text.encode("utf-8", "replace")


def _table_of_contents(page: Page, contents: list[TocEntry]) -> list[TocEntry]:
    """Return the headings that DokuWiki shows in a table of contents; none for few headings, or if the page says so."""
    shown = [entry for entry in contents if entry.level <= _DEEPEST_LEVEL]
    has_none = len(shown) < _FEWEST_HEADINGS or ("NOTOC" in str(page) and page.find(NoToc) is not None)
    return [] if has_none else shown


def _time(modified: int | None) -> datetime | None:
    if modified is None:
        return None
    try:
        return datetime.fromtimestamp(modified, UTC)
    except (ValueError, OverflowError, OSError):
        return None
