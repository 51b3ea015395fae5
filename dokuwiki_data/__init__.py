"""DokuWiki pages, the data plugin's blocks included, as typed objects.

``parse`` reads a page as DokuWiki does; ``render`` makes DokuWiki's own instruction list or JSON of it.
"""

from dokuwiki_data import nodes, render
from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.source import Diagnostic, Position, Span
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse

__all__ = ["Diagnostic", "DokuWikiDataError", "Page", "Position", "Span", "Syntax", "nodes", "parse", "render"]
