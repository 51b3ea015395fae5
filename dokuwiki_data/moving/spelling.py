"""How a link is written after a move: relative where it was relative, with a final colon where it had one.

The spellings are those of the plugin *move*, so that a wiki looks the same whichever of the two moved its pages, except
for these: a colon at the start is kept, where the plugin drops it; from a page outside of all namespaces no link goes
up; a link that begins with ``~`` and leads below its own page keeps doing so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.wiki.links import LinkRules


class Place(NamedTuple):
    """Where links are read after the move.

    Attributes:
        page_id: The new id of the page with the link.
        resolve: Returns the id that a written target leads to from there.
        rules: The settings that links depend on.
    """

    page_id: str
    resolve: Callable[[str], str]
    rules: LinkRules


def respelled(written: str, wanted: str, place: Place) -> str | None:
    """Return a target that leads to an id, in the manner of the old one; None if none does.

    Args:
        written: The target as written before the move.
        wanted: The id that it has to lead to.
        place: Where it is read.
    """
    if place.resolve(written) == wanted:
        return written
    return next((found for found in _spellings(written, wanted, place) if place.resolve(found) == wanted), None)


def _spellings(written: str, wanted: str, place: Place) -> Iterator[str]:
    """Iterate over targets that could lead to an id, the preferred first."""
    old = written.replace("/", ":") if place.rules.id_rules.use_slash else written
    as_start = old.endswith(":")
    if old.startswith("~") and wanted.startswith(f"{place.page_id}:"):
        colon = ":" if old.startswith("~:") else ""
        yield from _endings(f"~{colon}{wanted.removeprefix(f'{place.page_id}:')}", as_start, place)
    namespace = namespace_of(place.page_id)
    absolute = f":{wanted}" if old.startswith(":") or (namespace and ":" not in wanted) else wanted
    if ":" not in old or old.startswith("."):
        for relative in _endings(_relative(namespace, wanted), as_start, place):
            if len(relative) <= len(wanted):
                yield relative
    yield from _endings(absolute, as_start, place)
    yield f":{wanted}"


def _endings(target: str, as_start: bool, place: Place) -> Iterator[str]:
    """Iterate over a target as a namespace, if it was one and names a start page, and as it is."""
    start = place.rules.start_page
    if as_start and (target == start or target.endswith(f":{start}")):
        yield target.removesuffix(start) or ".:"
    yield target


def _relative(namespace: str, wanted: str) -> str:
    """Return a target relative to a namespace: ``name``, ``.below:name`` or ``..:beside:name``."""
    here, there = namespace.split(":") if namespace else [], wanted.split(":")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    ups = len(here) - common
    path = ":".join((*[".."] * ups, *there[common:]))
    is_below = not ups and namespace and ":" in path
    return f".{path}" if is_below else path
