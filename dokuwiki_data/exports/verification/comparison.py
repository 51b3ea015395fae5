"""Compare the files of an export with the pages of the wiki, and follow every link of the copy."""

from __future__ import annotations

import csv
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.target import ExportedWiki, Target
from dokuwiki_data.exports.verification import page_leaves, plugin_leaves
from dokuwiki_data.exports.verification.leaves import leaf_differences
from dokuwiki_data.exports.verification.page_leaves import NodeReader, PageReader
from dokuwiki_data.exports.verification.written import WrittenContent, read_written
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.resolved import ResolvedPage

_OUTER = re.compile(r"[a-z][a-z0-9+.\-]*:|//", re.IGNORECASE)

#: What reads the leaves of each class of nodes.
_READERS: dict[type[Node], NodeReader] = {**page_leaves.READERS, **plugin_leaves.READERS}


class ExportDifference(NamedTuple):
    """Where an export does not say what the wiki says: the file, and what is wrong in it."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


class ExportVerifier:
    """Compares the files of a folder with a wiki. It travels to workers (pickle), and remembers which files exist.

    Args:
        root: The folder.
        wiki: What was written.
        target: The target that wrote it.
    """

    def __init__(self, root: Path, wiki: ExportedWiki, target: Target) -> None:
        self._root = root
        self._wiki = wiki
        self._embeds = target.embeds
        self._site_address = target.site_address
        self._is_there: dict[str, bool] = {}
        self._ids = {file: f"page:{page_id}" for page_id, file in wiki.places.pages.items()}
        self._ids |= {file: f"media:{media_id}" for media_id, file in wiki.places.media.items()}

    def __call__(self, pages: Iterable[ReadPage]) -> list[ExportDifference]:
        """Return the differences between pages and their files. This is what a worker does."""
        return [
            ExportDifference(self._wiki.places.pages[read.page.page_id], what)
            for read in pages
            for what in self._page(read)
        ]

    def _page(self, read: ReadPage) -> Iterator[str]:
        file = self._wiki.places.pages[read.page.page_id]
        written = self._written(file)
        if written is None:
            yield "is not there"
            return
        reader = PageReader(ResolvedPage(read.page, self._wiki.site), self._wiki, _READERS, self._embeds)
        reader.read()
        yield from leaf_differences(reader.builder.leaves, written.leaves)
        for anchor in sorted(reader.ids - written.ids):
            yield f"is missing: the anchor #{anchor}"
        yield from self._dead_links(file, written)

    def other_files(self, files: Iterable[str]) -> Iterator[ExportDifference]:
        """Iterate over the links in files beside the pages, such as the index, that lead nowhere."""
        for file in files:
            if file.endswith(".html") and (written := self._written(file)) is not None:
                yield from (ExportDifference(file, what) for what in self._dead_links(file, written))
            elif file == "redirects/redirects.csv":
                with (self._root / file).open(encoding="utf-8", newline="") as lines:
                    for new in dict.fromkeys(row[1] for row in csv.reader(lines)):
                        inside = new.removeprefix(self._site_address)
                        if inside != new and not self._exists(_target("", inside)):
                            yield ExportDifference(file, f"leads to {new}, which is not there")

    def _written(self, file: str) -> WrittenContent | None:
        try:
            text = (self._root / file).read_text("utf-8", "replace")
        except OSError:
            return None
        return read_written(text, lambda address: self._meaning(file, address))

    def _dead_links(self, file: str, written: WrittenContent) -> Iterator[str]:
        """Iterate over the links that lead to no file, or to no place of this file.

        What stands in the article leads where the page of the wiki leads, so an anchor that is nowhere was nowhere in
        the wiki either.
        """
        here = "" if written.has_base else file
        for address in sorted(written.addresses):
            if not _OUTER.match(address) and not self._exists(_target(here, address)):
                yield f"a link leads to {address}, which is not there"
        for address in sorted(written.own_addresses):
            if len(address) > 1 and address[0] == "#" and unquote(address[1:]) not in written.ids:
                yield f"a link leads to {address}, which is not there"

    def _exists(self, target: str) -> bool:
        if target not in self._is_there:
            self._is_there[target] = (self._root / target).is_file()
        return self._is_there[target]

    def _meaning(self, file: str, address: str) -> str:
        """Return what an address in a file means: a page or media file by its id, or the address itself."""
        media = DokuWikiAddresses(self._wiki.media_address).media("") if self._wiki.media_address else ""
        if media and address.startswith(media):
            path, _, anchor = address.removeprefix(media).partition("#")
            return f"media:{unquote(path, errors='surrogateescape')}{f'#{anchor}' if anchor else ''}"
        if _OUTER.match(address) or not address:
            return address
        meant = self._ids.get(_target(file, address), address)
        head, _, anchor = address.partition("#")
        query = head.partition("?")[2]
        return f"{meant}{f'?{query}' if query else ''}{f'#{unquote(anchor)}' if anchor else ''}"


def _target(file: str, address: str) -> str:
    """Return the file that an address in a file leads to."""
    path = unquote(address.partition("#")[0].partition("?")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
