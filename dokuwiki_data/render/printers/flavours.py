"""The flavours of markup that DokuWiki reads since its release 2026-07-14, by its setting ``syntax``."""

from __future__ import annotations

from typing import NamedTuple


class Flavour(NamedTuple):
    """What counts as markup.

    Attributes:
        name: The value of the setting.
        dokuwiki: Whether DokuWiki's own markup counts.
        markdown: Whether Markdown counts.
        prefers_markdown: Whether Markdown counts where both could: lists, and what begins with underscores. DokuWiki's
            own lists and underlining do not count then.
    """

    name: str
    dokuwiki: bool
    markdown: bool
    prefers_markdown: bool


FLAVOURS = {
    flavour.name: flavour
    for flavour in (
        Flavour("dw", dokuwiki=True, markdown=False, prefers_markdown=False),
        Flavour("md", dokuwiki=False, markdown=True, prefers_markdown=True),
        Flavour("dw+md", dokuwiki=True, markdown=True, prefers_markdown=False),
        Flavour("md+dw", dokuwiki=True, markdown=True, prefers_markdown=True),
    )
}
