"""The struct plugin's values in a line: ``schema.column``, ``page.schema.column``, with options behind a ``?``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins.struct.reader import read_search
from dokuwiki_data.plugins.struct.search import Search
from dokuwiki_data.text import Diagnostic

#: Signs that stand for options.
_SIGNS = {"&": "filterand:", "|": "filteror:"}

#: A field of comma-separated values, with ``{separator}`` for the comma.
_QUOTED = r'[ \t\r\v\f]*"(?P<quoted>(?>[^"\\]|\\.?|"")*+)(?:"|$)(?P<rest>[^{separator}]*+)'
_FIELD = rf"(?:{_QUOTED}|(?P<plain>[^{{separator}}]*+))"


def read_value(text: str) -> tuple[Search, tuple[Diagnostic, ...]]:
    """The search that a value in a line stands for. Problems have no places.

    Without a page and a sign for a filter it is about the page on which it stands (``$ID$``); the plugin means to say
    the same of filters by name, but does not.
    """
    named, asked, options = text.replace("\n", " ").partition("?")
    names = list(_split(named.strip(BLANKS), "."))
    lines: list[str] = []
    is_chosen = False
    words = _split(options.strip(BLANKS), " ") if asked else iter(())
    for word in words:
        option = _SIGNS.get(word, word)
        if option.endswith(":"):
            is_chosen |= word in _SIGNS
            lines.append(f"{option} {next(words, '')}")
    if len(names) in (2, 3):
        lines += [f"schema: {names[-2]}", f"field: {names[-1]}"]
    if len(names) == 3:
        lines.append(f"filter: %pageid% = {names[0]}")
    elif len(names) == 2 and not is_chosen:
        lines.append("filter: %pageid% = $ID$")
    search, problems = read_search("\n".join(lines) + "\n")
    if len(names) not in (2, 3):
        problems += (Diagnostic("no-columns", f"this names no column of a schema: {named.strip(BLANKS)!r}"),)
    return search, tuple(Diagnostic(found.kind, found.message) for found in problems)


def _split(text: str, separator: str) -> Iterator[str]:
    """The fields of a line of comma-separated values, with another separator, without blanks around them."""
    field = re.compile(_FIELD.replace("{separator}", re.escape(separator)), re.DOTALL)
    at = 0
    while match := field.match(text, at):
        if match["plain"] is None:
            yield (match["quoted"].replace('""', '"') + match["rest"]).strip(BLANKS)
        else:
            yield match["plain"].strip(BLANKS)
        if match.end() == len(text):
            return
        at = match.end() + 1
