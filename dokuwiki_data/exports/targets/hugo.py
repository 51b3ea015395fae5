"""The target ``hugo``: a project that Hugo builds as a site, with a plain theme that users replace by their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, ClassVar

import yaml

from dokuwiki_data.exports.front_matter import FrontMatter
from dokuwiki_data.exports.places import folder_of_page
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.targets.built_addresses import SourceAddresses
from dokuwiki_data.exports.targets.markdown import MarkdownTarget
from dokuwiki_data.render.characters import replace_surrogates

_FOLDER, _STATIC, _INDEX = "content/", "static/", "_index"

#: Markdown as the pages need it (https://gohugo.io/configuration/markup/): HTML counts, and text stays as it is.
_MARKUP = {
    "goldmark": {
        "extensions": {
            "definitionList": False,
            "linkify": False,
            "taskList": False,
            "typographer": {"disable": True},
        },
        "renderer": {"unsafe": True},
    }
}


@dataclass
class HugoTarget(MarkdownTarget):
    """A project of Hugo (https://gohugo.io/getting-started/directory-structure/)."""

    folder: ClassVar[str] = _FOLDER
    site_folder: ClassVar[str] = _STATIC
    media_folder: ClassVar[str] = f"{_STATIC}_media/"
    index: ClassVar[str] = _INDEX
    reserved: ClassVar[frozenset[str]] = frozenset({"_media", "404", "categories", "sitemap", "tags"})
    # A page of the name index is the only one of its folder, and what follows a dot can be a language or a format.
    taken: ClassVar[str] = r"index_*|.*\.[^.]*[^\W\d][^.]*"
    is_folder_address: ClassVar[bool] = True
    name: str = field(default="hugo", init=False)

    def addresses(self, wiki: ExportedWiki, file: str) -> SourceAddresses:
        return SourceAddresses(wiki.addresses(file), _FOLDER, _STATIC, _INDEX)

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return the front matter of a page; what Hugo does not know itself stands below ``params``.

        See https://gohugo.io/content-management/front-matter/.
        """
        params = {"author": known.author, "data": self.nested_data(wiki, page_id, known)}
        return {
            "title": known.title or page_id,
            "description": known.description,
            "tags": known.tags,
            "date": known.created,
            "lastmod": known.modified,
            "aliases": [_address(wiki, alias) for alias in known.aliases if _leads_on(wiki, alias)],
            # The address of a page that leads on belongs to the alias of the other one.
            "build": {"list": "never", "render": "link"} if _leads_on(wiki, page_id) else None,
            "params": {name: value for name, value in params.items() if value},
        }

    def reference(self, wiki: ExportedWiki, page_id: str, target: str) -> str:
        """Return what templates find a page by (https://gohugo.io/methods/site/getpage/)."""
        return _address(wiki, target).rstrip("/") or "/" if target in wiki.places.pages else target

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        """Iterate over the settings of the project, its render hooks and its theme."""
        settings = {
            "baseURL": self.site_address,
            "title": wiki.information.name or "Wiki",
            "theme": "plain",
            "params": {"lang": wiki.information.language or "en"},
            "buildFuture": True,
            "markup": _MARKUP,
        }
        yield "hugo.yaml", replace_surrogates(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)).encode()
        yield from _files(resources.files("dokuwiki_data.exports").joinpath("projects/hugo"))


def _files(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    """Iterate over all files in a folder, each with its path."""
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _files(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry.read_bytes()


def _leads_on(wiki: ExportedWiki, page_id: str) -> bool:
    """Return whether a page does nothing but lead to another page that is written."""
    target = wiki.moved.get(page_id, "").partition("#")[0]
    is_start = wiki.places.pages[page_id].endswith(f"/{_INDEX}.md")  # Hugo needs it
    return target in wiki.places.pages and target not in wiki.moved and not is_start


def _address(wiki: ExportedWiki, page_id: str) -> str:
    """Return the address of a page below that of the site."""
    return f"/{folder_of_page(wiki.places.pages[page_id], _FOLDER, _INDEX)}"
