"""A page as HTML, as DokuWiki shows it."""

from __future__ import annotations

from collections.abc import Mapping

from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.writers import common_renderers
from dokuwiki_data.writers.addresses import Addresses, DokuWikiAddresses
from dokuwiki_data.writers.html import blocks, code, data, inline, links, plugins
from dokuwiki_data.writers.html.writer import HtmlWriter, Renderer
from dokuwiki_data.writers.losses import Report, ignore
from dokuwiki_data.writers.resolved import ResolvedPage
from dokuwiki_data.writers.site import Site, site_of

__all__ = ["HtmlWriter", "Renderer", "html"]

#: The renderer of each class of nodes; a class without one has that of the class it is derived from.
RENDERERS: dict[type[Node], Renderer] = {
    **common_renderers.RENDERERS,
    **blocks.RENDERERS,
    **code.RENDERERS,
    **data.RENDERERS,
    **inline.RENDERERS,
    **links.RENDERERS,
    **plugins.RENDERERS,
}


def html(
    page: Page | ResolvedPage,
    wiki: Wiki | Site | None = None,
    *,
    addresses: Addresses = DokuWikiAddresses(),
    renderers: Mapping[type[Node], Renderer] | None = None,
    on_loss: Report = ignore,
) -> str:
    """Return the content of a page as HTML, with DokuWiki's class names and anchors.

    Everything that stands in the page is escaped, and no address runs a program, so the HTML is safe to show.

    Args:
        page: The page, or one that is resolved already.
        wiki: The wiki that the page is part of, or what is known of it: it decides which links and files exist and
            what queries answer. Without one, all links and files count as existing.
        addresses: Where pages and media files are; DokuWiki's own addresses by default.
        renderers: What writes the nodes of a class, in place of or beside the built-in renderers: a function that gets
            the writer and the node, and returns HTML or writes it by the writer's methods.
        on_loss: Is told of everything that the HTML does not show as DokuWiki does.

    Example:
        >>> import dokuwiki_data as dw
        >>> dw.render.html(dw.parse("**Hi** there"))
        '\\n<p>\\n<strong>Hi</strong> there\\n</p>\\n'
        >>> marked = {dw.nodes.Strong: lambda writer, node: f"<mark>{writer.inside(node)}</mark>"}
        >>> dw.render.html(dw.parse("**Hi** there"), renderers=marked)
        '\\n<p>\\n<mark>Hi</mark> there\\n</p>\\n'
    """
    with gc_paused():
        if isinstance(page, Page):
            page = ResolvedPage(page, site_of(wiki))
        # The writer adds to the table what it finds for classes that are derived from others.
        writer = HtmlWriter(page, addresses, {**RENDERERS, **renderers} if renderers else RENDERERS, on_loss)
        writer.node(page.page)
        inline.notes(writer)
        return replace_surrogates("".join(writer.out))
