"""DokuWiki pages, the data plugin's blocks included, as typed objects.

``parse`` reads a page as DokuWiki does; ``render`` makes DokuWiki's own instruction list or JSON of it.
``Wiki`` is many pages; it answers the data plugin's queries.
"""

from dokuwiki_data import nodes, render
from dokuwiki_data.data.conditions import Filter
from dokuwiki_data.data.context import Context, TypeAlias
from dokuwiki_data.data.errors import QueryError
from dokuwiki_data.data.query import Query
from dokuwiki_data.data.semantics import Semantics
from dokuwiki_data.data.tables import Row, Table
from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.source import Diagnostic, Position, Span
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.collection import Wiki

__all__ = [
    "Context", "Diagnostic", "DokuWikiDataError", "Filter", "Page", "Position", "Query", "QueryError", "Row",
    "Semantics", "Span", "Syntax", "Table", "TypeAlias", "Wiki", "nodes", "parse", "render",
]  # fmt: skip
