"""Rewrite the pages of a wiki in another flavour, and save them as DokuWiki saves a page."""

from __future__ import annotations

from typing import NamedTuple

from dokuwiki_data.nodes.page import Page
from dokuwiki_data.rewriting.pages import rewrite
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.saving import Author
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.transforming import Transformation, transform
from dokuwiki_data.writers.losses import Loss


class RewrittenWiki(NamedTuple):
    """The result of `Wiki.rewrite`.

    Attributes:
        changes: The pages that changed, with their differences, and the errors.
        losses: What each page does not say as before, by its id, if there is something.
        left: The ids of the pages that stay as they are since something of them would be lost.
    """

    changes: Transformation
    losses: dict[str, tuple[Loss, ...]]
    left: tuple[str, ...] = ()


def rewrite_wiki(
    source: WikiSource,
    flavour: str,
    *,
    whole: bool = False,
    dry_run: bool = False,
    partly: bool = False,
    author: Author = Author(),
) -> RewrittenWiki:
    """Rewrite the pages of a wiki; see `Wiki.rewrite`."""
    losses: dict[str, tuple[Loss, ...]] = {}
    shows_titles = source.settings.context().useheading

    def rewritten(page: Page) -> Page:
        text, lost = rewrite(page, flavour, whole=whole, shows_titles=shows_titles)
        if lost:
            losses[page.page_id] = lost
        return page if text == str(page) else parse(text)

    changes = transform(source, rewritten, dry_run=dry_run, partly=partly, author=author)
    return RewrittenWiki(changes, losses, tuple(losses) if whole else ())
