"""What the targets ``github-wiki`` and ``gitlab-wiki`` have in common: pages in one folder, with a sidebar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from dokuwiki_data.exports.navigation import MOST_PAGES, Navigation, PageLink, TreeNode
from dokuwiki_data.exports.places import PlaceRules
from dokuwiki_data.exports.target import ExportedWiki, PageAddresses
from dokuwiki_data.exports.targets.markdown import MarkdownTarget
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.writers.markdown import DIALECTS, markdown
from dokuwiki_data.writers.markdown.links import destination
from dokuwiki_data.writers.markdown.pieces import put_together

_SUFFIX = ".md"


@dataclass
class ForgeWikiTarget(MarkdownTarget):
    """A wiki of a forge: files of Markdown in one folder, whose names are the names of pages.

    The parts of an id are joined by hyphens, which the forges show as blanks.
    """

    #: The names of the first page and of the sidebar, and names that no page may have.
    home: ClassVar[str] = ""
    sidebar: ClassVar[str] = ""
    special: ClassVar[frozenset[str]] = frozenset()

    @property
    def dialect(self) -> str:
        return "gfm"

    def place_rules(self, start_page: str) -> PlaceRules:
        return replace(
            super().place_rules(start_page),
            index=start_page,
            home=self.home,
            separator="-",
            reserved=self.reserved | self.special | {self.home.lower(), self.sidebar.lower()},
        )

    def site_path(self, path: str) -> str:
        return path.removesuffix(_SUFFIX)

    def addresses(self, wiki: ExportedWiki, file: str) -> NamedPages:
        return NamedPages(wiki.addresses(file), self.site_address if "://" in self.site_address else "")

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        """Iterate over the sidebar, and a first page if the wiki has none."""
        navigation = Navigation(wiki, "")
        own = wiki.site.page_of(wiki.sidebar) if wiki.sidebar in wiki.places.pages else None
        file = f"{self.sidebar}{_SUFFIX}"
        if own is not None:
            resolved = self.resolved(wiki, own)
            text = markdown(resolved, dialect=self.dialect, addresses=self.addresses(wiki, file))
        else:
            text = "".join(self._lines(wiki, navigation.whole(file), ""))
        yield file, replace_surrogates(text).encode()
        home = f"{self.home}{_SUFFIX}"
        if home not in wiki.places.pages.values():
            title = put_together((wiki.information.name or "Wiki",), DIALECTS[self.dialect].label)
            listed = "".join(self._lines(wiki, navigation.whole(home), ""))
            yield home, replace_surrogates(f"# {title}\n\n{listed}").encode()

    def _lines(self, wiki: ExportedWiki, tree: TreeNode, indent: str) -> Iterator[str]:
        """Iterate over the lines of a list of the pages in a namespace, at most `MOST_PAGES` of each."""
        for link in tree.pages[:MOST_PAGES]:
            yield f"{indent}- {self._link(wiki, link)}\n"
        for folder in tree.folders:
            yield f"{indent}- {self._link(wiki, folder.link)}\n"
            yield from self._lines(wiki, folder, f"{indent}  ")

    def _link(self, wiki: ExportedWiki, link: PageLink) -> str:
        label = put_together((link.title or "…",), DIALECTS[self.dialect].label)
        address = self.addresses(wiki, f"{self.sidebar}{_SUFFIX}").page(link.page_id) if link.page_id else None
        return label if address is None else f"[{label}]({destination(address)})"


@dataclass(frozen=True, slots=True)
class NamedPages:
    """The addresses in a page of a forge's wiki: pages by their names, without the ending of files.

    Attributes:
        source: The addresses of files.
        base: The address of the wiki, which ends with a slash; empty for relative addresses.
    """

    source: PageAddresses
    base: str = ""

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        found = self.source.page(page_id, anchor)
        if found is None:
            return None
        name, hash_, anchor = found.partition("#")
        return f"{self.base}{name.removesuffix(_SUFFIX)}{hash_}{anchor}"

    def media(self, media_id: str) -> str | None:
        return self.source.media(media_id)
