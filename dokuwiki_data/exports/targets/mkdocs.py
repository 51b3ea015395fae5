"""The target ``mkdocs``: a project that MkDocs with its theme Material, and Zensical, build as a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from dokuwiki_data.exports.front_matter import as_yaml
from dokuwiki_data.exports.navigation import Navigation, PageLink, TreeNode
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.targets.markdown import MarkdownTarget
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.writers.html.writer import escaped
from dokuwiki_data.writers.markdown import DIALECTS
from dokuwiki_data.writers.markdown.pieces import put_together

_FOLDER = "docs/"

#: The extensions of Python-Markdown that the pages need, with their settings.
EXTENSIONS: dict[str, dict[str, Any]] = {
    "admonition": {},
    "attr_list": {},
    "footnotes": {},
    "md_in_html": {},
    "sane_lists": {},
    "tables": {},
    "toc": {"permalink": True},
    "pymdownx.details": {},
    "pymdownx.highlight": {"stripnl": False},
    # Blanks and tabs in code stay as they are.
    "pymdownx.superfences": {"preserve_tabs": True},
    "pymdownx.tilde": {"subscript": False},
}

#: An entry of MkDocs' ``nav``: the file of a start page, a page by its title, or a section with its entries.
_NavEntry = str | dict[str, Any]


@dataclass
class MkdocsTarget(MarkdownTarget):
    """A project of MkDocs: ``mkdocs.yml``, and the pages below ``docs``."""

    folder: ClassVar[str] = _FOLDER
    site_folder: ClassVar[str] = _FOLDER
    media_folder: ClassVar[str] = f"{_FOLDER}_media/"
    reserved: ClassVar[frozenset[str]] = frozenset({"_media", "404", "assets", "search", "sitemap"})
    # MkDocs publishes docs/a.md and docs/a/index.md as a/ (https://www.mkdocs.org/user-guide/writing-your-docs/).
    is_folder_address: ClassVar[bool] = True
    name: str = field(default="mkdocs", init=False)

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        """Iterate over the settings of the project, and a first page if the wiki has none."""
        nav = _Nav(wiki)
        settings = _settings(wiki, self.site_address, nav.entries())
        yield "mkdocs.yml", as_yaml(settings).encode()
        first = f"{_FOLDER}index.md"
        if first not in wiki.places.pages.values():
            yield first, replace_surrogates(nav.first_page()).encode()


def _settings(wiki: ExportedWiki, address: str, nav: Sequence[_NavEntry]) -> dict[str, Any]:
    """Return the content of ``mkdocs.yml``."""
    return {
        "site_name": escaped(wiki.information.name or "Wiki"),
        **({"site_url": address} if "://" in address else {}),
        "theme": {"name": "material", "features": ["navigation.indexes"]},
        "plugins": ["search"],
        # A page of a wiki may lead to headings that are not there; MkDocs only notes it, Zensical refuses to build.
        "validation": {"anchors": "ignore"},
        "markdown_extensions": [{name: values} if values else name for name, values in EXTENSIONS.items()],
        **({"nav": [*nav]} if nav else {}),
    }


class _Nav:
    """The pages of a wiki as MkDocs lists them: by namespaces, in the order of the sidebar, or else of their titles.

    What a sidebar does not lead to stands behind what it leads to.
    """

    def __init__(self, wiki: ExportedWiki) -> None:
        self._wiki = wiki
        self._navigation = Navigation(wiki, f"{_FOLDER}index.md")
        self._tree = self._navigation.whole("")

    def entries(self) -> list[_NavEntry]:
        """Return the entries of the wiki."""
        return self._inside(self._tree)

    def first_page(self) -> str:
        """Return a page that leads to the pages at the root and to the namespaces."""
        links = [*self._tree.pages, *(self._first(folder) for folder in self._tree.folders)]
        lines = (f"- [{self._label(link.title)}]({self._file(link.page_id)})\n" for link in links if link.page_id)
        return f"# {self._label(self._wiki.information.name or 'Wiki')}\n\n{''.join(lines)}"

    def _inside(self, tree: TreeNode) -> list[_NavEntry]:
        places = self._navigation.sidebar_order(tree.namespace)
        found: list[tuple[int, _NavEntry]] = [
            (places.get(link.page_id, len(places)), {self._title(link.title): self._file(link.page_id)})
            for link in tree.pages
        ]
        found += [(self._place(folder, places), self._section(folder)) for folder in tree.folders]
        return [entry for _, entry in sorted(found, key=lambda one: one[0])]

    def _place(self, tree: TreeNode, places: Mapping[str, int]) -> int:
        """Return the first place of what is in a namespace."""
        inside = (places.get(link.page_id, len(places)) for link in (tree.link, *tree.pages))
        return min((*inside, *(self._place(folder, places) for folder in tree.folders))) if places else 0

    def _section(self, tree: TreeNode) -> _NavEntry:
        start = tree.link.page_id
        inside = self._inside(tree)
        if start and not inside:
            return {self._title(tree.link.title): self._file(start)}
        if start:
            file = self._file(start)
            # A file of this name stands for the section, others stand first in it.
            inside.insert(0, file if file.endswith("/index.md") else {self._title(tree.link.title): file})
        return {self._title(tree.link.title): inside}

    def _first(self, tree: TreeNode) -> PageLink:
        """Return the page of a namespace to which others may lead."""
        if tree.link.page_id:
            return tree.link
        found = tree.pages[0] if tree.pages else self._first(tree.folders[0])
        return found._replace(title=tree.link.title)

    def _file(self, page_id: str) -> str:
        return self._wiki.places.pages[page_id].removeprefix(_FOLDER)

    @staticmethod
    def _title(title: str) -> str:
        """Return a title as themes show it: they take it for HTML."""
        return escaped(title) or "…"

    @staticmethod
    def _label(title: str) -> str:
        return put_together((title,), DIALECTS["mkdocs"].label)
