"""What the result of a query can be turned into, a module each.

CSV, JSON, dictionaries, pandas and Arrow have the rows and nothing else. Markdown, HTML, wiki markup and text
are for people's eyes, so they have the numbers of the rows and the sums as well, if the query asks for them.
A cell of several values is a list, or one text with ``, `` between them. Lone surrogates (bytes that were not
UTF-8) are U+FFFD everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dokuwiki_data.engine.formats.comma_separated import comma_separated
from dokuwiki_data.engine.formats.html_table import html_table
from dokuwiki_data.engine.formats.markdown import markdown
from dokuwiki_data.engine.formats.rows import json_array, json_lines
from dokuwiki_data.engine.formats.text_table import text_table
from dokuwiki_data.engine.formats.wiki_table import wiki_table
from dokuwiki_data.engine.results import Result


class Format(NamedTuple):
    """A way of writing a table: the text, and how the name of a file ends that holds it."""

    write: Callable[[Result], str]
    suffix: str


#: The ways of writing a table as text, by name.
FORMATS = {
    "table": Format(text_table, "txt"),
    "csv": Format(comma_separated, "csv"),
    "json": Format(json_array, "json"),
    "jsonl": Format(json_lines, "jsonl"),
    "markdown": Format(markdown, "md"),
    "html": Format(html_table, "html"),
    "wiki": Format(wiki_table, "wiki"),
}
