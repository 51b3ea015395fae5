"""The target ``docusaurus``: a project that Docusaurus builds as a site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlsplit

from dokuwiki_data.exports.front_matter import FrontMatter, as_yaml
from dokuwiki_data.exports.places import folder_of_page
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.targets.built_addresses import SourceAddresses
from dokuwiki_data.exports.targets.markdown import MarkdownTarget
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.writers.markdown import DIALECTS
from dokuwiki_data.writers.markdown.pieces import put_together

_FOLDER, _STATIC, _INDEX = "docs/", "static/", "index"

#: What npm installs.
_PACKAGE = {
    "name": "wiki",
    "version": "0.0.0",
    "private": True,
    "scripts": {"build": "docusaurus build", "start": "docusaurus start"},
    "dependencies": {
        "@docusaurus/core": "^3.9.0",
        "@docusaurus/preset-classic": "^3.9.0",
        "react": "^19.0.0",
        "react-dom": "^19.0.0",
    },
}


@dataclass
class DocusaurusTarget(MarkdownTarget):
    """A project of Docusaurus (https://docusaurus.io/docs/installation#project-structure)."""

    folder: ClassVar[str] = _FOLDER
    site_folder: ClassVar[str] = _STATIC
    media_folder: ClassVar[str] = f"{_STATIC}_media/"
    reserved: ClassVar[frozenset[str]] = frozenset({"_media", "404", "assets", "search", "sitemap"})
    is_folder_address: ClassVar[bool] = True
    name: str = field(default="docusaurus", init=False)

    def addresses(self, wiki: ExportedWiki, file: str) -> SourceAddresses:
        return SourceAddresses(wiki.addresses(file), _FOLDER, _STATIC, _INDEX)

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return the front matter of a page (https://docusaurus.io/docs/api/plugins/@docusaurus/plugin-content-docs).

        The address is told, since Docusaurus has rules of its own for names such as ``readme``.
        """
        return {
            "title": known.title or page_id,
            "slug": _slug(wiki, page_id),
            "description": known.description,
            "tags": known.tags,
            "data": self.nested_data(wiki, page_id, known),
        }

    def reference(self, wiki: ExportedWiki, page_id: str, target: str) -> str:
        """Return the address of a page below that of the site, as components of React link to it."""
        return _slug(wiki, target) if target in wiki.places.pages else target

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        """Iterate over the settings of the project, and a first page if the wiki has none."""
        name = replace_surrogates(wiki.information.name or "Wiki")
        yield "package.json", f"{json.dumps(_PACKAGE, indent=2)}\n".encode()
        settings = json.dumps(_settings(name, wiki.information.language, self.site_address), indent=2)
        yield "docusaurus.config.js", f"export default {settings};\n".encode()
        first = f"{_FOLDER}{_INDEX}.md"
        if first not in wiki.places.pages.values():
            heading = put_together((name,), DIALECTS[self.name].heading)
            yield first, f"---\n{as_yaml({'title': name, 'slug': '/'})}---\n\n# {heading}\n".encode()


def _slug(wiki: ExportedWiki, page_id: str) -> str:
    return f"/{folder_of_page(wiki.places.pages[page_id], _FOLDER, _INDEX)}"


def _settings(name: str, language: str, site_address: str) -> dict[str, Any]:
    """Return the settings of the project (https://docusaurus.io/docs/api/docusaurus-config)."""
    address = urlsplit(site_address)
    return {
        "title": name,
        "url": f"{address.scheme}://{address.netloc}" if address.netloc else "https://example.org",
        "baseUrl": address.path or "/",
        "onBrokenLinks": "throw",
        # A page of a wiki may lead to headings that are not there.
        "onBrokenAnchors": "ignore",
        # Files whose names end with .md are CommonMark: braces and angle brackets are no code in them.
        "markdown": {
            "format": "detect",
            "emoji": False,
            "hooks": {"onBrokenMarkdownLinks": "throw", "onBrokenMarkdownImages": "throw"},
        },
        "i18n": {"defaultLocale": language or "en", "locales": [language or "en"]},
        "presets": [["classic", {"blog": False, "docs": {"routeBasePath": "/", "numberPrefixParser": False}}]],
        # Comments in code are code.
        "themeConfig": {"prism": {"magicComments": []}, "navbar": {"title": name}},
    }
