"""The XML of a dump, in the format export-0.11, in pieces that MediaWiki's ``importDump.php`` takes one by one.

See https://www.mediawiki.org/xml/export-0.11.xsd and https://www.mediawiki.org/wiki/Help:Export#Export_format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from dokuwiki_data.exports.mediawiki.revisions import RevisionXml, as_xml

_NAMESPACE = "http://www.mediawiki.org/xml/export-0.11/"
#: The namespaces that every MediaWiki has, as far as pages are written there.
_OWN_NAMESPACES = {0: "", 8: "MediaWiki"}


def head(name: str, address: str, language: str, namespaces: Mapping[str, int]) -> str:
    """Return the beginning of a piece: what is said of the wiki.

    Args:
        name: The name of the wiki.
        address: Its address; empty if it is not known.
        language: The code of its language.
        namespaces: The numbers of its own namespaces, by name.
    """
    known = {**_OWN_NAMESPACES, **{number: title for title, number in namespaces.items()}}
    listed = "\n".join(
        f'      <namespace key="{number}" case="first-letter">{as_xml(title)}</namespace>'
        for number, title in sorted(known.items())
    )
    base = f"\n    <base>{as_xml(address)}</base>" if address else ""
    return (
        f'<mediawiki xmlns="{_NAMESPACE}" version="0.11" xml:lang={quoteattr(language)}>\n'
        f"  <siteinfo>\n    <sitename>{as_xml(name)}</sitename>{base}\n"
        f"    <generator>dokuwiki-data</generator>\n    <case>first-letter</case>\n"
        f"    <namespaces>\n{listed}\n    </namespaces>\n  </siteinfo>\n"
    )


TAIL = "</mediawiki>\n"


class DumpWriter:
    """Writes pages into pieces, and begins another piece when one is full.

    A page with many revisions may stand in several pieces, which is all the same to MediaWiki.

    Args:
        name: What the names of the pieces begin with; a number and ``.xml`` follow.
        opened: Opens a file of the export by its path.
        head: The beginning of each piece.
        most: The size of a piece in bytes; it is exceeded by at most some revisions.
    """

    def __init__(
        self,
        name: str,
        opened: Callable[[str], AbstractContextManager[IO[bytes]]],
        head: str,
        most: int,
    ) -> None:
        self._name, self._opened, self._head, self._most = name, opened, head.encode(), most
        self._pieces = ExitStack()
        self._output: IO[bytes] | None = None
        self._piece = self._size = 0
        self._parent = 0
        self._pages = 0
        self._page = "", 0
        self._is_in_page = False
        #: The number of revisions that were written.
        self.revisions = 0

    def __enter__(self) -> DumpWriter:
        return self

    def __exit__(self, *error: Any) -> None:
        """End the last piece; if there was an error, it is left as if it were never begun."""
        if self._output is not None and error[0] is None:
            self._end_piece()
        self._pieces.__exit__(*error)

    def page(self, title: str, namespace: int) -> None:
        """Begin a page with a title in a namespace, given by its number; its revisions follow."""
        self.end_page()
        self._pages += 1
        self._page = title, namespace
        self._parent = 0

    def revision(self, made: RevisionXml) -> None:
        """Write a revision of the page that was begun."""
        if self._output is not None and self._size > self._most:
            self._end_piece()
        if self._output is None:
            self._begin_piece()
        if not self._is_in_page:
            self._begin_page()
        self.revisions += 1
        parent = f"<parentid>{self._parent}</parentid>\n      " if self._parent else ""
        self._write(
            f"    <revision>\n      <id>{self.revisions}</id>\n      {parent}{made.head}\n"
            f"      <origin>{self.revisions}</origin>\n      {made.tail}\n    </revision>\n"
        )
        self._parent = self.revisions

    def end_page(self) -> None:
        """End the page that was begun."""
        if self._is_in_page:
            self._write("  </page>\n")
            self._is_in_page = False

    def _begin_page(self) -> None:
        title, namespace = self._page
        self._write(
            f"  <page>\n    <title>{as_xml(title)}</title>\n    <ns>{namespace}</ns>\n    <id>{self._pages}</id>\n"
        )
        self._is_in_page = True

    def _begin_piece(self) -> None:
        self._piece += 1
        self._output = self._pieces.enter_context(self._opened(f"{self._name}-{self._piece}.xml"))
        self._size = 0
        self._output.write(self._head)

    def _end_piece(self) -> None:
        self.end_page()
        self._write(TAIL)
        self._pieces.close()
        self._output = None

    def _write(self, text: str) -> None:
        assert self._output is not None
        content = text.encode("utf-8", "replace")
        self._size += len(content)
        self._output.write(content)
