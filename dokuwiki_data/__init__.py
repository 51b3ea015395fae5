"""DokuWiki pages, the data plugin's blocks included, as typed objects.

``parse`` reads a page as DokuWiki does; ``render`` makes DokuWiki's own instruction list, JSON or markup of it;
``edit`` changes it. ``Wiki`` is many pages; it answers the data plugin's queries. ``convert`` makes records of all
pages of a wiki, ``export`` writes them as a site of static pages. ``Dataset`` is many wikis, kept as Parquet by
``add_wiki``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from dokuwiki_data import nodes, render
from dokuwiki_data.errors import DokuWikiDataError, EditError, PageReadError, QueryError
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.conditions import Filter
from dokuwiki_data.query.queries import Query
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.text import Diagnostic, Position, Span

if TYPE_CHECKING:
    from dokuwiki_data import edit
    from dokuwiki_data.conversion import convert
    from dokuwiki_data.dataset.reading import Dataset
    from dokuwiki_data.dataset.writing import add_wiki
    from dokuwiki_data.engine.context import Context, TypeAlias
    from dokuwiki_data.engine.results import Result, ResultRow
    from dokuwiki_data.engine.semantics import Semantics
    from dokuwiki_data.exports.exporting import export
    from dokuwiki_data.wiki.collection import Wiki
    from dokuwiki_data.wiki.saving import Author, SaveError

    __version__: str

__all__ = [
    "Author",
    "Context",
    "Dataset",
    "Diagnostic",
    "DokuWikiDataError",
    "EditError",
    "Filter",
    "Page",
    "PageReadError",
    "Position",
    "Query",
    "QueryError",
    "Result",
    "ResultRow",
    "SaveError",
    "Semantics",
    "Span",
    "Syntax",
    "TypeAlias",
    "Wiki",
    "add_wiki",
    "convert",
    "edit",
    "export",
    "nodes",
    "parse",
    "render",
]  # fmt: skip

#: What only those need who ask questions; importing it would take a quarter of the time to the first page.
_LATER = {
    "Context": "engine.context", "TypeAlias": "engine.context", "Author": "wiki.saving", "SaveError": "wiki.saving",
    "Semantics": "engine.semantics", "ResultRow": "engine.results", "Result": "engine.results",
    "Wiki": "wiki.collection", "Dataset": "dataset.reading", "add_wiki": "dataset.writing", "convert": "conversion",
    "export": "exports.exporting",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("dokuwiki-data")  # 20 ms, for those who ask
    if name == "edit":
        return import_module(f"{__name__}.edit")
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return __all__
