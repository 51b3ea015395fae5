"""A page as Markdown, in one of several dialects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.writers import common_renderers
from dokuwiki_data.writers.addresses import Addresses, DokuWikiAddresses
from dokuwiki_data.writers.losses import Report, ignore
from dokuwiki_data.writers.markdown import blocks, data, inline, links, plugins, tables
from dokuwiki_data.writers.markdown.dialect import Dialect
from dokuwiki_data.writers.markdown.dialects import DIALECTS
from dokuwiki_data.writers.markdown.writer import MarkdownRenderer, MarkdownWriter
from dokuwiki_data.writers.resolved import ResolvedPage
from dokuwiki_data.writers.site import Site, site_of

__all__ = ["DIALECTS", "Dialect", "MarkdownRenderer", "MarkdownWriter", "markdown"]

#: The renderer of each class of nodes; a class without one has that of the class it is derived from.
RENDERERS: dict[type[Node], MarkdownRenderer] = {
    **common_renderers.RENDERERS,
    **blocks.RENDERERS,
    **data.RENDERERS,
    **inline.RENDERERS,
    **links.RENDERERS,
    **plugins.RENDERERS,
    **tables.RENDERERS,
}


def markdown(
    page: Page | ResolvedPage,
    wiki: Wiki | Site | None = None,
    *,
    dialect: str | Dialect = "gfm",
    addresses: Addresses = DokuWikiAddresses(),
    linked: Collection[str] = (),
    renderers: Mapping[type[Node], MarkdownRenderer] | None = None,
    on_loss: Report = ignore,
) -> str:
    """Return the content of a page as Markdown.

    What Markdown cannot say, such as underlined text or cells over several columns, is written as HTML. Markup of
    Markdown that stands in the page as text is escaped.

    Args:
        page: The page, or one that is resolved already.
        wiki: The wiki that the page is part of, or what is known of it: it decides which links and files exist and
            what queries answer. Without one, all links and files count as existing.
        dialect: The name of a dialect, or one of your own.
        addresses: Where pages and media files are; DokuWiki's own addresses by default.
        linked: The anchors to which other pages lead. In dialects whose readers make anchors of headings, only these
            and those to which the page itself leads keep DokuWiki's anchor.
        renderers: What writes the nodes of a class, in place of or beside the built-in renderers: a function that gets
            the writer and the node, and returns Markdown or writes it by the writer's methods.
        on_loss: Is told of everything that the Markdown does not show as DokuWiki does.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("====== Tea ======\\n  * **hot** //water//\\n  * two * two")
        >>> print(dw.render.markdown(page), end="")
        # Tea
        <BLANKLINE>
        - **hot** *water*
        - two * two
    """
    if isinstance(dialect, str):
        if dialect not in DIALECTS:
            raise ValueError(f"unknown dialect {dialect!r}; known: {', '.join(DIALECTS)}")
        dialect = DIALECTS[dialect]
    with gc_paused():
        if isinstance(page, Page):
            page = ResolvedPage(page, site_of(wiki))
        # The writer adds to the table what it finds for classes that are derived from others.
        table = {**RENDERERS, **renderers} if renderers else RENDERERS
        writer = MarkdownWriter(page, dialect, addresses, table, on_loss, linked)
        writer.node(page.page)
        inline.notes(writer)
        written = writer.joined(writer.blocks)
        return replace_surrogates(f"{written}\n" if written else "")
