"""Write a page as HTML, Markdown, wikitext, pandoc's AST, a JSON record, markup, or DokuWiki's instruction list."""

from importlib import import_module
from typing import TYPE_CHECKING

from dokuwiki_data.render.instruction_list import instructions
from dokuwiki_data.render.record import json, json_schema

if TYPE_CHECKING:
    from dokuwiki_data.render.printers import entry_block, markup
    from dokuwiki_data.writers.html import html
    from dokuwiki_data.writers.markdown import markdown
    from dokuwiki_data.writers.mediawiki import mediawiki
    from dokuwiki_data.writers.pandoc import pandoc

__all__ = ["entry_block", "html", "instructions", "json", "json_schema", "markdown", "markup", "mediawiki", "pandoc"]

#: Imported at first use, since few programs need all of them.
_LATER = {
    "entry_block": "dokuwiki_data.render.printers",
    "markup": "dokuwiki_data.render.printers",
    "html": "dokuwiki_data.writers.html",
    "markdown": "dokuwiki_data.writers.markdown",
    "mediawiki": "dokuwiki_data.writers.mediawiki",
    "pandoc": "dokuwiki_data.writers.pandoc",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_LATER[name]), name)
    return found


def __dir__() -> list[str]:
    return __all__
