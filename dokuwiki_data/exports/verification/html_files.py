"""What the files of an export to HTML have to say, and what they say."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from urllib.parse import unquote

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.verification import page_leaves, plugin_leaves
from dokuwiki_data.exports.verification.leaves import PageLeaf
from dokuwiki_data.exports.verification.page_leaves import NodeReader, PageReader
from dokuwiki_data.exports.verification.written import WrittenContent, is_outer, read_written, target_file
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.resolved import ResolvedPage

#: What reads the leaves of each class of nodes.
_READERS: dict[type[Node], NodeReader] = {**page_leaves.READERS, **plugin_leaves.READERS}


class HtmlFiles:
    """Reads pages and their files of HTML.

    Args:
        wiki: What was written.
        embeds: Whether films of other sites are shown in place.
    """

    suffix = ".html"

    def __init__(self, wiki: ExportedWiki, embeds: bool) -> None:
        self._wiki = wiki
        self._embeds = embeds
        self._ids = ids_by_file(wiki)

    def wanted(self, read: ReadPage) -> tuple[list[PageLeaf], AbstractSet[str]]:
        """Return the leaves and the anchors that the file of a page should have."""
        reader = PageReader(ResolvedPage(read.page, self._wiki.site), self._wiki, _READERS, self._embeds)
        reader.read()
        return reader.builder.leaves, reader.ids

    def written(self, file: str, text: str) -> WrittenContent:
        """Return what is in a file."""
        return read_written(text, lambda address, in_html: self._meaning(file, address))

    def _meaning(self, file: str, address: str) -> str:
        """Return what an address in a file means: a page or media file by its id, or the address itself."""
        found = old_media(self._wiki, address)
        if found or is_outer(address) or not address:
            return found or address
        meant = self._ids.get(target_file(file, address), address)
        head, _, anchor = address.partition("#")
        query = head.partition("?")[2]
        return f"{meant}{f'?{query}' if query else ''}{f'#{unquote(anchor)}' if anchor else ''}"


def ids_by_file(wiki: ExportedWiki) -> dict[str, str]:
    """Return what each file of an export means: ``page:`` or ``media:`` and the id."""
    found = {file: f"page:{page_id}" for page_id, file in wiki.places.pages.items()}
    return found | {file: f"media:{media_id}" for media_id, file in wiki.places.media.items()}


def old_media(wiki: ExportedWiki, address: str) -> str:
    """Return which media file an address shows from the old wiki, as ``media:`` and the id; empty for no such one."""
    media = DokuWikiAddresses(wiki.media_address).media("") if wiki.media_address else ""
    if not media or not address.startswith(media):
        return ""
    path, _, anchor = address.removeprefix(media).partition("#")
    return f"media:{unquote(path, errors='surrogateescape')}{f'#{anchor}' if anchor else ''}"
