"""The lines between the dashes of a data block, which are the same in entries and in queries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from dokuwiki_data.grammars.driver import Terminal
from dokuwiki_data.php import BLANKS
from dokuwiki_data.query.columns import Column

FLAGS = re.ASCII | re.DOTALL

#: What stands in a field's name behind the name itself, with a colon and without one.
_BEFORE_COLON = " \t\r\f\x0b"


def line_pattern(terminals: Mapping[str, Terminal], *names: str) -> re.Pattern[str]:
    """One line, end included: the first of some terminals that it is. Their groups have its parts."""
    return re.compile("|".join(f"(?:{terminals[name].pattern})" for name in names), FLAGS)


def name(written: str) -> str:
    """The name of a field or option, as it stands with its colon."""
    if written.endswith(":"):
        return unescape(written[:-1].rstrip(_BEFORE_COLON))
    return unescape(written.rstrip(BLANKS))


@lru_cache(maxsize=4096)
def column(written: str) -> Column:
    """The column that a field's name stands for."""
    return Column.parse(name(written))


def unescape(text: str) -> str:
    r"""``\#`` is a ``#`` that starts no comment."""
    return text.replace("\\#", "#") if "#" in text else text


def trimmed_end(read: str, start: int, end: int) -> int:
    """Where a piece of text ends, without the blanks at its end."""
    while end > start and read[end - 1] in BLANKS:
        end -= 1
    return end
