"""A page as pandoc's AST, from which pandoc writes Word, LaTeX, EPUB and dozens of other formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.writers import common_renderers
from dokuwiki_data.writers.addresses import Addresses, DokuWikiAddresses
from dokuwiki_data.writers.losses import Report, ignore
from dokuwiki_data.writers.pandoc import blocks, data, inline, links, plugins, tables
from dokuwiki_data.writers.pandoc.metadata import page_metadata, written_metadata
from dokuwiki_data.writers.pandoc.pieces import put_together
from dokuwiki_data.writers.pandoc.writer import WHOLE, PandocRenderer, PandocWriter, Placement
from dokuwiki_data.writers.resolved import ResolvedPage
from dokuwiki_data.writers.site import Site, site_of

__all__ = ["API_VERSION", "PandocRenderer", "PandocWriter", "Placement", "blocks_of", "document", "pandoc"]

#: The version of pandoc's AST (the package pandoc-types) that is written. Pandoc 3 reads 1.23, whatever follows.
API_VERSION = (1, 23, 1)

#: The renderer of each class of nodes; a class without one has that of the class it is derived from.
RENDERERS: dict[type[Node], PandocRenderer] = {
    **common_renderers.RENDERERS,
    **blocks.RENDERERS,
    **data.RENDERERS,
    **inline.RENDERERS,
    **links.RENDERERS,
    **plugins.RENDERERS,
    **tables.RENDERERS,
}


def pandoc(
    page: Page | ResolvedPage,
    wiki: Wiki | Site | None = None,
    *,
    addresses: Addresses = DokuWikiAddresses(),
    metadata: Mapping[str, Any] | None = None,
    api_version: Sequence[int] = API_VERSION,
    renderers: Mapping[type[Node], PandocRenderer] | None = None,
    on_loss: Report = ignore,
) -> str:
    """Return a page as the JSON of pandoc's AST, which ``pandoc --from json`` reads.

    Text stays text, mathematics included, and there is nothing raw in it. Tables have spans, headings have DokuWiki's
    anchors, code has its language.

    Args:
        page: The page, or one that is resolved already.
        wiki: The wiki that the page is part of, or what is known of it: it decides which links and files exist and
            what queries answer. Without one, all links and files count as existing.
        addresses: Where pages and media files are; DokuWiki's own addresses by default.
        metadata: The metadata of the document: texts, truth values, dates, and lists and mappings of these. By default
            what the page tells: title, tags, date, and the values of its entries below ``data``.
        api_version: The version of the AST. Pandoc 2.11 to 2.19, which Debian 12 has, read it as ``(1, 22)``.
        renderers: What writes the nodes of a class, in place of or beside the built-in renderers: a function that gets
            the writer and the node, and returns elements as JSON or writes them by the writer's methods.
        on_loss: Is told of everything that the document does not say as DokuWiki does.

    Example:
        >>> import dokuwiki_data as dw, json
        >>> written = json.loads(dw.render.pandoc(dw.parse("====== Tea ======\\n**Hot**")))
        >>> written["pandoc-api-version"], written["meta"]["title"]
        ([1, 23, 1], {'t': 'MetaString', 'c': 'Tea'})
        >>> written["blocks"][1]
        {'t': 'Para', 'c': [{'t': 'Strong', 'c': [{'t': 'Str', 'c': 'Hot'}]}]}
    """
    with gc_paused():
        if isinstance(page, Page):
            page = ResolvedPage(page, site_of(wiki))
        blocks = blocks_of(page, addresses=addresses, renderers=renderers, on_loss=on_loss)
        return document(blocks, page_metadata(page) if metadata is None else metadata, api_version)


def blocks_of(
    page: ResolvedPage,
    place: Placement = WHOLE,
    *,
    addresses: Addresses,
    renderers: Mapping[type[Node], PandocRenderer] | None = None,
    on_loss: Report = ignore,
) -> str:
    """Return the blocks of a page, one behind another, for `document`; the arguments are those of `pandoc`."""
    with gc_paused():
        # The writer adds to the table what it finds for classes that are derived from others.
        writer = PandocWriter(page, addresses, {**RENDERERS, **renderers} if renderers else RENDERERS, on_loss, place)
        writer.node(page.page)
        return "".join(writer.out)


def document(blocks: str, metadata: Mapping[str, Any], api_version: Sequence[int] = API_VERSION) -> str:
    """Return a document as JSON on one line, given its blocks as `blocks_of` returns them."""
    version = ",".join(map(str, api_version))
    meta = written_metadata(metadata)
    return put_together(('{"pandoc-api-version":[', version, '],"meta":', meta, ',"blocks":[', blocks, "]}"))
