"""The target ``confluence``: pages in Confluence's storage format, for scripts that create them by its REST API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.navigation import Navigation, TreeNode
from dokuwiki_data.exports.places import PlaceRules, Places
from dokuwiki_data.exports.storage_format import StorageLink, storage_format
from dokuwiki_data.exports.target import ExportedWiki, TargetBase, WrittenPage
from dokuwiki_data.portable_names import folded
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.html import html
from dokuwiki_data.writers.losses import Loss
from dokuwiki_data.writers.resolved import ResolvedPage

#: What addresses begin with until they are written in the format; no address of a page does.
_PAGE, _MEDIA = "dokuwiki-data-page:", "dokuwiki-data-media:"
#: The longest title, in characters.
_LONGEST = 255


@dataclass
class ConfluenceTarget(TargetBase):
    """Files in the storage format, each with a file that says what belongs to the page.

    Attributes:
        site_address: The address that the pages will have; redirects lead there.
        name: The name of the target.
    """

    site_address: str = "/"
    name: str = field(default="confluence", init=False)

    def __post_init__(self) -> None:
        self.site_address = self.site_address.rstrip("/") + "/"
        self._wiki: ExportedWiki | None = None
        self._titles: dict[str, str] = {}
        self._parents: dict[str, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_wiki": None}

    def place_rules(self, start_page: str) -> PlaceRules:
        return PlaceRules(".xml", start_page=start_page, folder="pages/", media_folder="media/")

    def page(self, wiki: ExportedWiki, read: ReadPage) -> WrittenPage:
        """Return the files of a page: its content, and its title, parent and attachments."""
        self._know(wiki)
        page_id = read.page.page_id
        file = wiki.places.pages[page_id]
        attachments: dict[str, str] = {}
        losses: list[Loss] = []

        def meaning(address: str) -> StorageLink | None:
            if address.startswith(_PAGE):
                target, _, anchor = address.removeprefix(_PAGE).partition("#")
                title = self._titles.get(_unquoted(target.partition("?")[0]))  # filters of tables are left out
                return None if title is None else StorageLink("page", title, _unquoted(anchor))
            if address.startswith(_MEDIA):
                media_id = _unquoted(address.removeprefix(_MEDIA))
                found = media_id in wiki.places.media
                return StorageLink("attachment", _attached(wiki.places, media_id, attachments)) if found else None
            return StorageLink("address", address)

        content = html(
            ResolvedPage(read.page, wiki.site), addresses=NamedAddresses(wiki.places, wiki.media_address),
            on_loss=losses.append,
        )  # fmt: skip
        text = storage_format(content, meaning, wiki.linked_anchors.get(page_id, ()))
        about = {
            "title": self._titles[page_id],
            "parent": self._parents.get(page_id),
            "attachments": [{"name": name, "file": wiki.places.media[one]} for one, name in attachments.items()],
        }
        files = {file: text.encode(), f"{file.removesuffix('.xml')}.json": as_json(about, indent=1).encode() + b"\n"}
        return WrittenPage(page_id, files, tuple(losses))

    def _know(self, wiki: ExportedWiki) -> None:
        """Learn the titles of pages, which are different in a space, and which page each is below."""
        if self._wiki is wiki:
            return
        self._wiki, self._parents = wiki, {}
        taken: set[str] = set()
        for page_id in wiki.places.pages:
            title = wiki.titles[page_id] or page_id
            title = title if folded(title) not in taken else f"{title[: _LONGEST // 2]} ({page_id})"
            self._titles[page_id] = title[:_LONGEST]
            taken.add(folded(self._titles[page_id]))
        waiting: list[tuple[TreeNode, str]] = [(Navigation(wiki, "").whole(""), "")]
        for tree, above in waiting:
            start = tree.link.page_id if tree.namespace else ""
            if start and above:
                self._parents[start] = above
            here = self._titles[start] if start else above
            self._parents |= {link.page_id: here for link in tree.pages if here}
            waiting += [(folder, here) for folder in tree.folders]


def _unquoted(text: str) -> str:
    return unquote(text, errors="surrogateescape")


def _attached(places: Places, media_id: str, attachments: dict[str, str]) -> str:
    """Return the name of an attachment, which is different for the files of a page."""
    if media_id not in attachments:
        name = places.media[media_id].partition("/")[2].replace("/", "-")
        attachments[media_id] = f"{len(attachments)}-{name}" if name in attachments.values() else name
    return attachments[media_id]


@dataclass(frozen=True, slots=True)
class NamedAddresses:
    """Addresses that name what they lead to, until the format says how.

    Attributes:
        places: The files of the export.
        media_address: The address of the old wiki, if media files are shown from there.
    """

    places: Places
    media_address: str = ""

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        if page_id not in self.places.pages:
            return None
        return f"{_PAGE}{quote(page_id.encode(errors='surrogateescape'))}{f'#{quote(anchor)}' if anchor else ''}"

    def media(self, media_id: str) -> str | None:
        if self.media_address:
            return DokuWikiAddresses(self.media_address).media(media_id)
        found = media_id in self.places.media
        return f"{_MEDIA}{quote(media_id.encode(errors='surrogateescape'))}" if found else None
