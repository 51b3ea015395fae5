"""Writing the result of a query.

CSV, JSON, dictionaries, pandas and Arrow have the rows as stored and nothing else. Markdown, HTML, DokuWiki's markup
and text are for readers, so they also have the numbers of the rows and the sums, if the query asks for them. A cell
with several values is a list, or one text with ``, `` between them. Lone surrogates (bytes that are not UTF-8) become
U+FFFD.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dokuwiki_data.engine.results import Result


class Format(NamedTuple):
    """A format of results.

    Attributes:
        write: The function that returns a result in the format.
        suffix: The suffix of files in the format.
    """

    write: Callable[[Result], str]
    suffix: str


#: The formats by name.
FORMATS = {
    "table": Format(Result.to_text, "txt"),
    "csv": Format(Result.to_csv, "csv"),
    "json": Format(Result.to_json, "json"),
    "jsonl": Format(Result.to_jsonl, "jsonl"),
    "markdown": Format(Result.to_markdown, "md"),
    "html": Format(Result.to_html, "html"),
    "wiki": Format(Result.to_wiki, "wiki"),
}
