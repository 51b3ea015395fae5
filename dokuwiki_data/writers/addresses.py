"""Addresses: where links of written pages lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from dokuwiki_data.render.characters import percent_encoded

#: Characters that addresses may not contain (https://url.spec.whatwg.org/#url-code-points), as far as pages write them.
_NOT_IN_ADDRESSES = re.compile('[ "<>^`{|}]')


def outer_address(written: str) -> str:
    """Return an address outside of the wiki as HTML requires it: ``…/Dewey Decimal`` becomes ``…/Dewey%20Decimal``."""
    return _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0], safe=""), written)


class Addresses(Protocol):
    """Knows the addresses of pages and media files, as seen from the page that is written.

    What is missing in the wiki has no address, and is not asked for, but from an object whose attribute ``live`` is
    true, see `DokuWikiAddresses`.
    """

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        """Return the address of a page, at an anchor if one is given; None if it has none."""

    def media(self, media_id: str) -> str | None:
        """Return the address of a media file; None if it has none."""


@dataclass(frozen=True, slots=True)
class DokuWikiAddresses:
    """The addresses that DokuWiki itself writes, without rewriting.

    Attributes:
        base: The address of the wiki; it ends with a slash.
        live: Whether a DokuWiki answers there. Then links to missing pages and files lead there as well, where
            DokuWiki offers to create them, and queries in links, such as ``?do=edit``, are kept.
    """

    base: str = "/"
    live: bool = True

    def page(self, page_id: str, anchor: str | None = None) -> str:
        return f"{self.base}doku.php?id={percent_encoded(page_id, safe=':/')}{f'#{anchor}' if anchor else ''}"

    def media(self, media_id: str) -> str:
        return f"{self.base}lib/exe/fetch.php?media={percent_encoded(media_id, safe=':/')}"


def is_live(addresses: Addresses) -> bool:
    """Return whether a DokuWiki answers at these addresses."""
    return bool(getattr(addresses, "live", False))
