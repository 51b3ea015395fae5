"""Anchors that readers of Markdown make of headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from dokuwiki_data.render.characters import percent_encoded

#: Makes the anchor of a heading, given its text and how often each anchor was made before on the page.
AnchorMaker = Callable[[str, dict[str, int]], str]

_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
_NOT_IN_SUBPATH = re.compile(r"[:#|^\\]|%%|\[\[|\]\]")
_BLANKS = re.compile(r"[-\s]+")
#: Python reads whole numbers of up to 4,300 digits only.
_MOST_DIGITS = 4000


def github_anchor(title: str, taken: dict[str, int]) -> str:
    """Return GitHub's anchor of a heading: signs are left out, and ``-1`` follows the second one of a text.

    Example:
        >>> taken = {}
        >>> [github_anchor(title, taken) for title in ("What's new?", "Whats new")]
        ['whats-new', 'whats-new-1']
    """
    anchor = _NOT_IN_ANCHOR.sub("", title.lower()).replace(" ", "-")
    number = taken[anchor] = taken.get(anchor, -1) + 1
    return f"{anchor}-{number}" if number else anchor


def title_as_anchor(title: str, taken: dict[str, int]) -> str:
    """Return the text of a heading as Obsidian links to it: signs that have a meaning in links are blanks.

    Example:
        >>> title_as_anchor("C# | a [[link]]: x", {})
        'C a link x'
    """
    return " ".join(_NOT_IN_SUBPATH.sub(" ", title).split())


def title_paths(headings: Iterable[tuple[int, str, str]]) -> dict[str, str]:
    """Return what links in Obsidian lead to each heading by: its text, and those above it if an earlier one has it.

    Args:
        headings: The level, the text and the anchor of each heading, in order.

    Returns:
        The paths by anchor, escaped, with ``#`` between the texts (https://help.obsidian.md/links).

    Example:
        >>> title_paths([(1, "Tea", "tea"), (2, "How to", "how_to"), (1, "Ice", "ice"), (2, "How to", "how_to1")])
        {'tea': 'Tea', 'how_to': 'How%20to', 'ice': 'Ice', 'how_to1': 'Ice#How%20to'}
    """
    found: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    seen: set[str] = set()
    for level, title, anchor in headings:
        text = percent_encoded(title_as_anchor(title, {}))
        while above and above[-1][0] >= level:
            above.pop()
        above.append((level, text))
        found[anchor] = text if text.lower() not in seen else "#".join(title for _, title in above)
        seen.add(text.lower())
    return found


def python_anchor(title: str, taken: dict[str, int]) -> str:
    """Return the anchor that Python-Markdown's extension ``toc`` makes: ASCII, and ``_1`` follows the second one."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    anchor = _BLANKS.sub("-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
    if anchor and anchor not in taken:
        taken[anchor] = 0
        return anchor
    name, underscore, counted = anchor.rpartition("_")
    if not underscore or not counted.isdecimal() or len(counted) > _MOST_DIGITS:
        name, counted = anchor, "0"
    # Equal headings go on from the number of the last one: from the first on, many would take quadratic time.
    number = max(int(counted), taken.get(anchor, 0)) + 1
    while (found := f"{name}_{number}") in taken:
        number += 1
    taken[anchor] = number
    taken.setdefault(found, 0)
    return found
