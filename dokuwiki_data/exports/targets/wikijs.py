"""The target ``wikijs``: a folder that Wiki.js imports from its storage of files or of git."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from dokuwiki_data.exports.front_matter import FrontMatter
from dokuwiki_data.exports.places import PlaceRules
from dokuwiki_data.exports.target import ExportedWiki, PageAddresses
from dokuwiki_data.exports.targets.markdown import MarkdownTarget

_SUFFIX = ".md"
#: The name of the page of a namespace: Wiki.js shows the page /a for the folder /a
#: (https://docs.requarks.io/guide/structure).
_NAMESPACE_ITSELF = ""


# https://docs.requarks.io/guide/pages: paths of one sign and those that begin with a language (en, en-us) or a reserved
# word lead to something else; paths have neither blanks nor dots; the first page is home. Words of 2.0 to 2.3 count,
# too. The properties are those with which Wiki.js stores a page.
@dataclass
class WikijsTarget(MarkdownTarget):
    """A folder for the storage of Wiki.js."""

    index: ClassVar[str] = _NAMESPACE_ITSELF
    media_folder: ClassVar[str] = "media/"
    reserved: ClassVar[frozenset[str]] = frozenset({
        "redirects", "_assets", "browserconfig", "css", "favicon", "favicons", "fonts", "graphql", "healthz", "home",
        "img", "js", "login", "logout", "manifest", "register", "svg", "verify",
    })  # fmt: skip
    is_folder_address: ClassVar[bool] = True
    name: str = field(default="wikijs", init=False)

    @property
    def dialect(self) -> str:
        return "gfm"

    def place_rules(self, start_page: str) -> PlaceRules:
        return replace(
            super().place_rules(start_page), home="home", illegal=".", taken_first=r".?|[a-z]{2}(?:-[a-z]{2})?"
        )

    def site_path(self, path: str) -> str:
        return path.removesuffix(_SUFFIX)

    def addresses(self, wiki: ExportedWiki, file: str) -> RootAddresses:
        return RootAddresses(PageAddresses(wiki.places, "", wiki.media_address))

    def reference(self, wiki: ExportedWiki, page_id: str, target: str) -> str:
        return self.addresses(wiki, "").page(target) or target

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return the properties of a page; entries are not among them, since Wiki.js forgets others."""
        return {
            "title": known.title or page_id.rpartition(":")[2],
            "description": known.description,
            "published": True,
            "date": _time(known.modified),
            "tags": ", ".join(tag.replace(",", " ") for tag in known.tags),
            "editor": "markdown",
            "dateCreated": _time(known.created),
        }


def _time(time: datetime | None) -> str:
    return "" if time is None else time.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@dataclass(frozen=True, slots=True)
class RootAddresses:
    """Addresses that begin at the root of Wiki.js, which is the root of its host.

    Attributes:
        source: The addresses of files as seen from the root.
    """

    source: PageAddresses

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        found = self.source.page(page_id, anchor)
        if found is None:
            return None
        file, hash_, anchor = found.partition("#")
        return f"/{file.removesuffix(_SUFFIX)}{hash_}{anchor}"

    def media(self, media_id: str) -> str | None:
        found = self.source.media(media_id)
        return found if found is None or self.source.media_address else f"/{found}"
