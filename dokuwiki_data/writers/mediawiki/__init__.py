"""A page as wikitext, which MediaWiki reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.text import PageText, Span
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.writers import common_renderers
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.losses import Loss, Report, ignore
from dokuwiki_data.writers.mediawiki import blocks, data, inline, links, plugins, tables
from dokuwiki_data.writers.mediawiki.titles import RuledTitles, TitleRules
from dokuwiki_data.writers.mediawiki.writer import MediaWikiRenderer, MediaWikiWriter, joined
from dokuwiki_data.writers.resolved import ResolvedPage
from dokuwiki_data.writers.site import Site, site_of

__all__ = ["MediaWikiRenderer", "MediaWikiWriter", "RuledTitles", "TitleRules", "mediawiki"]

#: What neither wikitext nor XML 1.0 can hold (https://www.w3.org/TR/xml/#charsets), not even by its number.
_NOT_STORED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

#: The renderer of each class of nodes; a class without one has that of the class it is derived from.
RENDERERS: dict[type[Node], MediaWikiRenderer] = {
    **common_renderers.RENDERERS,
    **blocks.RENDERERS,
    **data.RENDERERS,
    **inline.RENDERERS,
    **links.RENDERERS,
    **plugins.RENDERERS,
    **tables.RENDERERS,
}


def mediawiki(
    page: Page | ResolvedPage,
    wiki: Wiki | Site | None = None,
    *,
    addresses: Addresses = RuledTitles(),
    linked: Collection[str] = (),
    renderers: Mapping[type[Node], MediaWikiRenderer] | None = None,
    on_loss: Report = ignore,
) -> str:
    """Return the content of a page as wikitext.

    Text that MediaWiki would take for markup is escaped, so no text becomes a template, a switch or a link by accident.
    Notes need the extension *Cite*, and code of a language needs *SyntaxHighlight*; both are part of MediaWiki.

    Args:
        page: The page, or one that is resolved already.
        wiki: The wiki that the page is part of, or what is known of it: it decides which links and files exist and
            what queries answer. Without one, all links and files count as existing.
        addresses: The titles of pages and the names of files; by default what `RuledTitles` makes of their ids.
        linked: The anchors to which other pages lead. Only these and those to which the page itself leads keep
            DokuWiki's anchor, since MediaWiki makes other anchors of headings.
        renderers: What writes the nodes of a class, in place of or beside the built-in renderers: a function that gets
            the writer and the node, and returns wikitext or writes it by the writer's methods.
        on_loss: Is told of everything that the wikitext does not show as DokuWiki does.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("====== Tea ======\\n  * **hot** //water//\\n  * [[tea:pot|a {{pot}}]]")
        >>> print(dw.render.mediawiki(page), end="")
        = Tea =
        * '''hot''' ''water''
        * [[Tea/pot|a &#123;{pot}}]]
    """
    with gc_paused():
        if isinstance(page, Page):
            page = ResolvedPage(page, site_of(wiki))
        # The writer adds to the table what it finds for classes that are derived from others.
        table = {**RENDERERS, **renderers} if renderers else RENDERERS
        writer = MediaWikiWriter(page, addresses, table, on_loss, linked)
        writer.node(page.page)
        written = "\n\n".join(_parts(writer))
        _lose_characters(page.page.source_text, on_loss)
        return _NOT_STORED.sub("\ufffd", f"{written}\n" if written else "")


def _lose_characters(text: PageText, lose: Report) -> None:
    """Tell of the characters of a page that MediaWiki does not store."""
    for found in _NOT_STORED.finditer(text.text):
        at, what = found.start(), f"U+{ord(found[0]):04X}"
        lose(Loss("character", what, Span(at, at + 1), text.position(at)))


def _parts(writer: MediaWikiWriter) -> Iterator[str]:
    """Iterate over the parts of a page that is written: where it leads on, its text, its notes, its categories."""
    if writer.redirect:
        yield f"#REDIRECT [[{writer.redirect}]]"
    if writer.switches or writer.blocks:
        # An empty line behind switches would be shown.
        yield "\n".join((*writer.switches, *filter(None, (joined(writer.blocks),))))
    if writer.has_notes:
        yield "<references />"
    if writer.categories:
        yield "\n".join(f"[[Category:{name}]]" for name in writer.categories)
