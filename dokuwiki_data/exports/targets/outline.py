"""The target ``outline``: an archive of Markdown that Outline imports as a collection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.front_matter import FrontMatter
from dokuwiki_data.exports.places import PlaceRules
from dokuwiki_data.exports.target import ExportedWiki, PageAddresses
from dokuwiki_data.exports.targets.markdown import MarkdownTarget
from dokuwiki_data.exports.verification.markdown_files import MarkdownFiles
from dokuwiki_data.exports.zips import write_zip

#: The folder of the collection in the archive, whose name is that of the collection.
_COLLECTION = "Wiki/"
_UPLOADS = "uploads/"
ARCHIVE = "outline.zip"


# https://docs.getoutline.com/s/guide/doc/import-export: a folder at the root of the archive is a collection, a file of
# Markdown is a document, and the documents below it are in the folder of its name beside it. The title of a document is
# its first heading, or else the name of its file. A folder called attachments, and one without documents, holds files;
# documents name those by their path from uploads on, as in the archives that Outline writes itself.
@dataclass
class OutlineTarget(MarkdownTarget):
    """An archive that Outline imports, and the files that are in it."""

    folder: ClassVar[str] = _COLLECTION
    site_folder: ClassVar[str] = ""
    index: ClassVar[str] = ""
    media_folder: ClassVar[str] = f"{_COLLECTION}{_UPLOADS}"
    reserved: ClassVar[frozenset[str]] = frozenset({"uploads"})
    is_folder_address: ClassVar[bool] = True
    name: str = field(default="outline", init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.data == "front-matter":
            raise OutputError("documents of Outline have no front matter: --data table")

    @property
    def dialect(self) -> str:
        return "gfm"

    def place_rules(self, start_page: str) -> PlaceRules:
        return replace(super().place_rules(start_page), home=start_page, taken_folders="attachments")

    def site_path(self, path: str) -> str:
        return path

    def addresses(self, wiki: ExportedWiki, file: str) -> DocumentAddresses:
        return DocumentAddresses(wiki.addresses(file))

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return nothing: front matter would be text."""
        return {}

    def verified(self, wiki: ExportedWiki) -> MarkdownFiles:
        """Raise `OutputError`: what documents call files is no address that can be followed."""
        raise OutputError("what was written for outline cannot be verified")

    def finish(self, folder: OutputFolder) -> None:
        """Write the archive."""
        write_zip(folder, ARCHIVE, _files(folder))


def _files(folder: OutputFolder) -> Iterator[tuple[str, str]]:
    return ((path, path) for path in folder.files if path.startswith(_COLLECTION))


@dataclass(frozen=True, slots=True)
class DocumentAddresses:
    """The addresses in a document: of other documents as a whole, and of files from the folder of uploads on.

    Attributes:
        source: The addresses of files.
    """

    source: PageAddresses

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        return self.source.page(page_id)

    def media(self, media_id: str) -> str | None:
        if self.source.media_address:
            return self.source.media(media_id)
        return PageAddresses(self.source.places, _COLLECTION).media(media_id)
