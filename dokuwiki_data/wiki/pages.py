"""`WikiPages`, the mapping of page ids to pages that a `Wiki` is, and how it is opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins.declaration import Plugin
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.conf import Literal
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.information import WikiInformation, read_information
from dokuwiki_data.wiki.settings import Settings
from dokuwiki_data.wiki.sources.files import Limits, Report
from dokuwiki_data.wiki.sources.layouts import LayoutKind
from dokuwiki_data.wiki.sources.opening import log_notes, open_source, source_of_texts
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource


class WikiPages(Mapping[str, Page]):
    """The pages of a wiki by id, sorted. A page is read and parsed at each access."""

    def __init__(
        self,
        source: WikiSource,
        lost: Iterable[PageReadError] = (),
        *,
        pages: Mapping[str, Page] | None = None,
        report: Report = lambda error: None,
    ) -> None:
        """Make a wiki from a source; see `open` and `from_pages`.

        Args:
            source: The source.
            lost: Errors that occurred when the source was opened.
            pages: The pages, if they are in memory.
            report: Called with each further error when it occurs.
        """
        self.source = source
        self._lost = {(error.path, error.reason): error for error in lost}
        self._report = report
        self._pages = pages
        given = [PageFile(page_id, "", page.modified) for page_id, page in (pages or {}).items()]
        files = source.pages(self._lose) if pages is None else given
        self._files = {file.page_id: file for file in files}

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        release: str | None = None,
        plugins: str | Iterable[str | Plugin] | None = None,
        flavour: str | None = None,
        settings: Mapping[str, Literal] | None = None,
        layout: LayoutKind | None = None,
        file_names: Encoding | None = None,
        limit: int | None = None,
        savedir: str | Path | None = None,
    ) -> Self:
        """Open a DokuWiki, its data or pages folder, a folder of texts, a crawl, or an archive of one of these.

        What is not given is detected. Nothing outside of the path is read or written, except ``savedir``; the log
        says which settings and links lead elsewhere.

        Args:
            path: The path of the folder or archive.
            release: The release of DokuWiki that reads the pages.
            plugins: The plugins whose syntax is read: names, or ``+name`` and ``-name`` to add and remove some.
            flavour: The flavour of the syntax: ``dw``, ``md``, ``dw+md`` or ``md+dw``, see `Syntax`.
            settings: Settings that override those of the wiki.
            layout: What the path is: ``installation``, ``data``, ``pages``, ``texts`` or ``dumper``.
            file_names: The encoding of file names: ``url``, ``safe`` or ``utf-8``.
            limit: The most bytes that an archive may unpack to.
            savedir: The folder of the wiki's data if it is elsewhere, or a folder that settings or links lead to.

        Raises:
            FolderError: If the folder cannot be read.
            ArchiveError: If the archive cannot be read.
            SourceError: If there is no wiki, or its pages are behind a link that leads elsewhere.
            ValueError: If an argument has an unknown value.

        Example:
            >>> import dokuwiki_data as dw
            >>> dw.Wiki.open("examples/wiki", plugins="+wrap,-comments", settings={"useslash": True})
            Wiki(a wiki's pages without their history, pages in examples/wiki/pages, names of files url: 33 pages)
        """
        lost: list[PageReadError] = []
        source = open_source(
            Path(path), lost.append, kind=layout, file_names=file_names, limits=Limits(total=limit),
            settings=settings, release=release, plugins=plugins, flavour=flavour,
            savedir=None if savedir is None else Path(savedir),
        )  # fmt: skip
        return cls(log_notes(source), lost)

    @classmethod
    def from_pages(cls, pages: Iterable[Page]) -> Self:
        """Return a wiki of pages in memory, in their order. Of several pages with the same id, the last one counts.

        Example:
            >>> import dokuwiki_data as dw
            >>> wiki = dw.Wiki.from_pages([dw.parse("See [[glossary]].", page_id="start")])
            >>> wiki.links("start"), wiki.wanted
            (frozenset({'glossary'}), {'glossary': ['start']})
        """
        return cls(source_of_texts({}), pages={page.page_id: page for page in pages})

    def __getitem__(self, page_id: str) -> Page:
        if self._pages is not None:
            return self._pages[page_id]
        file = self._files[page_id]
        return self._parsed(self.source.read(file.path), page_id, file.modified)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, page_id: object) -> bool:
        return page_id in self._files

    # Wikis are compared by identity, unlike other mappings.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        what = "pages in memory" if self._pages is not None else self.source.description
        return f"{type(self).__name__}({what}: {len(self)} pages)"

    @property
    def lost(self) -> list[PageReadError]:
        """The errors of everything that could not be read so far."""
        return list(self._lost.values())

    def readable_pages(self) -> Iterator[Page]:
        """Yield the pages that can be read; add the errors of the others to ``lost``."""
        for page_id in self:
            yield from self._readable(page_id)

    def _readable(self, page_id: str) -> Iterator[Page]:
        try:
            yield self[page_id]
        except PageReadError as error:
            self._lose(error)

    @property
    def namespaces(self) -> list[str]:
        """The namespaces with a page in or below them, sorted, without the root."""
        found: set[str] = set()
        for page_id in self:
            namespace = namespace_of(page_id)
            while namespace and namespace not in found:
                found.add(namespace)
                namespace = namespace_of(namespace)
        return sorted(found)

    @property
    def files(self) -> Mapping[str, PageFile]:
        """The files of the pages, by id."""
        return self._files

    def is_listed(self, page_id: str) -> bool:
        """Return whether the entry of a page counts in queries. Ids that are not clean, as ``_template``, do not."""
        return self._pages is not None or self.source.is_listed(page_id)

    @property
    def settings(self) -> Settings:
        """The settings of the wiki."""
        return self.source.settings

    @cached_property
    def information(self) -> WikiInformation:
        """The name, address, language and licence of the wiki, and whether a crawl of it is complete."""
        return read_information(self.source)

    def _lose(self, error: PageReadError) -> None:
        if (error.path, error.reason) not in self._lost:
            self._lost[error.path, error.reason] = error
            self._report(error)

    def _parsed(self, content: bytes, page_id: str, modified: int | None) -> Page:
        text = content.decode("utf-8", "surrogateescape")
        return parse(text, page_id=page_id, modified=modified, syntax=self.settings.syntax)
