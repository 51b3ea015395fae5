"""The addresses of links, images and files, as far as the writers of all formats make them alike."""

from __future__ import annotations

from collections.abc import Callable

from dokuwiki_data.nodes import inline
from dokuwiki_data.writers.addresses import Addresses, is_live
from dokuwiki_data.writers.resolved import ResolvedMedia


def with_query(address: str, query: str) -> str:
    """Return the address of a page with a query, which stands before its anchor.

    Example:
        >>> with_query("/doku.php?id=a#b", "do=edit")
        '/doku.php?id=a&do=edit#b'
    """
    address, hash_, anchor = address.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{query}{hash_}{anchor}"


def share_address(node: inline.WindowsShareLink) -> str:
    """Return the address of a Windows share."""
    return "file:///" + node.target.replace("\\", "/")


def file_address(found: ResolvedMedia, addresses: Addresses, outside: Callable[[str], str] = str) -> str | None:
    """Return the address of an image or file; None if it is not there.

    Args:
        found: The image or file.
        addresses: The addresses of pages and media files.
        outside: How addresses outside of the wiki are written.
    """
    kind, target, _, _ = found.target
    if target is None or (found.problem and not is_live(addresses)):
        return None
    if kind == "media":
        return addresses.media(target)
    return addresses.page(target) if kind == "page" else outside(target)
