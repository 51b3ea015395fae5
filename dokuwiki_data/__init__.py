"""DokuWiki pages and the data plugin's blocks as typed objects.

`parse` and `read_page` read a page as DokuWiki does. `render` writes it as JSON, as markup or as DokuWiki's own
instruction list, and `edit` changes it. `Wiki` opens a whole wiki and answers the data plugin's queries; `convert`
yields the records of its pages, and `export` writes them as a site of static pages. `Dataset` is many wikis as
Parquet, which `add_wiki` writes; `write_sqlite` writes one as an SQLite database.
"""

from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING

from dokuwiki_data import nodes
from dokuwiki_data.errors import DokuWikiDataError, EditError, MoveError, PageReadError, QueryError
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.text import Diagnostic, Position, Span

if TYPE_CHECKING:
    from dokuwiki_data import edit, render
    from dokuwiki_data.conversion import convert
    from dokuwiki_data.dataset.database import write_sqlite
    from dokuwiki_data.dataset.reading import Dataset
    from dokuwiki_data.dataset.writing import add_wiki
    from dokuwiki_data.engine.context import Context, TypeAlias
    from dokuwiki_data.engine.results import Result, ResultRow
    from dokuwiki_data.engine.semantics import Semantics
    from dokuwiki_data.exports.exporting import export
    from dokuwiki_data.query.conditions import Condition, col
    from dokuwiki_data.query.queries import Query
    from dokuwiki_data.struct_export.exporting import struct
    from dokuwiki_data.wiki.collection import Wiki
    from dokuwiki_data.wiki.page_files import read_page
    from dokuwiki_data.wiki.saving import Author, SaveError

    __version__: str

__all__ = [
    "Author",
    "Condition",
    "Context",
    "Dataset",
    "Diagnostic",
    "DokuWikiDataError",
    "EditError",
    "MoveError",
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
    "col",
    "compiled",
    "convert",
    "edit",
    "export",
    "nodes",
    "parse",
    "read_page",
    "render",
    "struct",
    "write_sqlite",
]  # fmt: skip

compiled: bool = not isinstance(Lexer.read_in, FunctionType)
"""Whether the modules that take most of the time are compiled to machine code; what they return is the same."""

#: Imported on first use, which saves two thirds of the time to the first page.
_LATER = {
    "Context": "engine.context", "TypeAlias": "engine.context", "Author": "wiki.saving", "SaveError": "wiki.saving",
    "Semantics": "engine.semantics", "ResultRow": "engine.results", "Result": "engine.results",
    "Condition": "query.conditions", "col": "query.conditions", "Query": "query.queries",
    "read_page": "wiki.page_files",
    "Wiki": "wiki.collection", "Dataset": "dataset.reading", "add_wiki": "dataset.writing", "convert": "conversion",
    "export": "exports.exporting", "struct": "struct_export.exporting", "write_sqlite": "dataset.database",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("dokuwiki-data")  # takes 20 ms
    if name in ("edit", "render"):
        return import_module(f"{__name__}.{name}")
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return __all__
