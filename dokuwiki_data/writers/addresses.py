"""Addresses: where links of written pages lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote


class Addresses(Protocol):
    """Knows the addresses of pages and media files, as seen from the page that is written."""

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        """Return the address of a page, at an anchor if one is given; None if it has none."""

    def media(self, media_id: str) -> str | None:
        """Return the address of a media file; None if it has none."""


@dataclass(frozen=True, slots=True)
class DokuWikiAddresses:
    """The addresses that DokuWiki itself writes, without rewriting.

    Attributes:
        base: The address of the wiki; it ends with a slash.
    """

    base: str = "/"

    def page(self, page_id: str, anchor: str | None = None) -> str:
        return f"{self.base}doku.php?id={_quoted(page_id)}{f'#{quote(anchor)}' if anchor else ''}"

    def media(self, media_id: str) -> str:
        return f"{self.base}lib/exe/fetch.php?media={_quoted(media_id)}"


def _quoted(id_: str) -> str:
    return quote(id_.encode("utf-8", "surrogateescape"), safe=":/")
