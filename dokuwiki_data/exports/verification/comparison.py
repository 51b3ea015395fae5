"""Compare the files of an export with the pages of the wiki, and follow every link of the copy."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.target import ExportedWiki, VerifiedTarget
from dokuwiki_data.exports.verification.leaves import leaf_differences
from dokuwiki_data.exports.verification.written import WrittenContent, is_outer, target_file


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

    def __init__(self, root: Path, wiki: ExportedWiki, target: VerifiedTarget) -> None:
        self._root = root
        self._pages = wiki.places.pages
        self._files = target.verified(wiki)
        self._site_address = target.site_address
        files = (*wiki.places.pages.values(), *wiki.places.media.values())
        self._file_at = {target.site_path(file): file for file in files}
        self._is_there: dict[str, bool] = {}

    def __call__(self, pages: Iterable[ReadPage]) -> list[ExportDifference]:
        """Return the differences between pages and their files. This is what a worker does."""
        return [ExportDifference(self._pages[read.page.page_id], what) for read in pages for what in self._page(read)]

    def _page(self, read: ReadPage) -> Iterator[str]:
        file = self._pages[read.page.page_id]
        written = self._written(file)
        if written is None:
            yield "is not there"
            return
        yield from written.faults
        leaves, ids = self._files.wanted(read)
        yield from leaf_differences(leaves, written.leaves)
        for anchor in sorted(ids - written.ids):
            yield f"is missing: the anchor #{anchor}"
        yield from self._dead_links(file, written)

    def other_files(self, files: Iterable[str]) -> Iterator[ExportDifference]:
        """Iterate over the links in files beside the pages, such as the index, that lead nowhere."""
        for file in files:
            if file.endswith(self._files.suffix) and (written := self._written(file)) is not None:
                yield from (ExportDifference(file, what) for what in self._dead_links(file, written))
            elif file == "redirects/redirects.csv":
                with (self._root / file).open(encoding="utf-8", newline="") as lines:
                    for new in dict.fromkeys(row[1] for row in csv.reader(lines)):
                        inside = new.removeprefix(self._site_address)
                        if inside != new and not self._exists(self._published(inside)):
                            yield ExportDifference(file, f"leads to {new}, which is not there")

    def _published(self, address: str) -> str:
        """Return the file of which an address of the site is made."""
        path = unquote(address.partition("#")[0])
        return self._file_at.get(path) or target_file("", address)

    def _written(self, file: str) -> WrittenContent | None:
        try:
            text = (self._root / file).read_text("utf-8", "replace")
        except OSError:
            return None
        return self._files.written(file, text)

    def _dead_links(self, file: str, written: WrittenContent) -> Iterator[str]:
        """Iterate over the links that lead to no file, or to no place of this file.

        What stands in the article leads where the page of the wiki leads, so an anchor that is nowhere was nowhere in
        the wiki either.
        """
        here = "" if written.has_base else file
        for address in sorted(written.addresses):
            if not is_outer(address) and not self._exists(target_file(here, address)):
                yield f"a link leads to {address}, which is not there"
        for address in sorted(written.own_addresses):
            if len(address) > 1 and address[0] == "#" and unquote(address[1:]) not in written.ids:
                yield f"a link leads to {address}, which is not there"

    def _exists(self, target: str) -> bool:
        if target not in self._is_there:
            self._is_there[target] = (self._root / target).is_file()
        return self._is_there[target]
