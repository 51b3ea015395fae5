"""The titles of all pages and the names of all files of a wiki in MediaWiki, no two of them the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dokuwiki_data.portable_names import folded
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.mediawiki.titles import LONGEST_NAME, LONGEST_TITLE, TitleRules, marked, shortened

#: The folder of the media files, for MediaWiki's ``importImages.php``.
FILES_FOLDER = "images/"
#: The numbers of the namespaces of a wiki's own begin here; each has another one for talk pages.
FIRST_NAMESPACE = 3000


def page_titles(page_ids: Iterable[str], rules: TitleRules) -> dict[str, str]:
    """Return the titles of pages, by id. If a title is taken, ``~`` and digits follow that of the later id."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for page_id in page_ids:
        title = rules.page(page_id)
        found[page_id] = title if title not in taken else _another(title, page_id, LONGEST_TITLE)
        taken.add(found[page_id])
    return found


def file_names(media_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of media files, by id. If a name is taken, in capital letters or not, the same is done."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for media_id in media_ids:
        name = TitleRules.file(media_id)
        if folded(name) in taken:
            stem, dot, suffix = name.rpartition(".")
            name = f"{_another(stem if dot else name, media_id, LONGEST_NAME)}{dot}{suffix if dot else ''}"
        found[media_id] = name
        taken.add(folded(name))
    return found


def _another(title: str, name: str, longest: int) -> str:
    return shortened(marked(title, name), name, longest)


def namespace_numbers(page_ids: Iterable[str], rules: TitleRules) -> dict[str, int]:
    """Return the numbers of the namespaces that MediaWiki is to have, by name."""
    names = sorted({name for page_id in page_ids if (name := rules.namespace(page_id))})
    return {name: FIRST_NAMESPACE + 2 * at for at, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class WikiTitles:
    """The titles of pages and the names of files as addresses of a wiki that is written.

    Attributes:
        pages: The titles of the pages that are written, by id.
        names: The names of the media files that are written, by id.
        rules: What makes the titles of missing pages.
        live: Whether links to missing pages are kept, which MediaWiki shows in red.
        media_address: Where media files are shown from if they are not written: the address of the old wiki.
    """

    pages: Mapping[str, str]
    names: Mapping[str, str]
    rules: TitleRules
    live: bool = False
    media_address: str = ""

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        title = self.pages.get(page_id)
        if title is None and self.live:
            title = self.rules.page(page_id)
        return title if title is None or not anchor else f"{title}#{anchor}"

    def media(self, media_id: str) -> str | None:
        if self.media_address:
            return DokuWikiAddresses(self.media_address).media(media_id)
        return self.names.get(media_id)
