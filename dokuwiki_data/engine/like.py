"""LIKE: the patterns of the plugin's filters, as SQLite reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from dokuwiki_data.php import ascii_lower


@lru_cache(maxsize=1024)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text looks like a pattern as a whole: ``%`` is any run of characters, ``_`` any one.

    Of letters only A to Z have no case. Takes linear time for each piece between two ``%``.
    """
    lowered = ascii_lower(pattern)
    inside = lowered.strip("%")
    if "%" not in inside and "_" not in inside:
        starts, ends = not lowered.startswith("%"), not lowered.endswith("%")
        if starts and ends:
            return lambda text: ascii_lower(text) == inside
        if starts:
            return lambda text: ascii_lower(text).startswith(inside)
        if ends:
            return lambda text: ascii_lower(text).endswith(inside)
        return lambda text: inside in ascii_lower(text)
    # Each piece may be taken where it is found first, for good: hence the atomic groups.
    first, *others = (re.escape(piece).replace("_", ".") for piece in lowered.split("%"))
    expression = first + "".join(f"(?>.*?{piece})" for piece in others[:-1] if piece)
    if others:
        expression += f".*{others[-1]}"
    fullmatch = re.compile(expression, re.DOTALL).fullmatch
    return lambda text: fullmatch(ascii_lower(text)) is not None
