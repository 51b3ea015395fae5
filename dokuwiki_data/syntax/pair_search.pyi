"""The search for markup in a compiled build, in pair_search.c."""

import re
from collections.abc import Callable

class PairSearch:
    def __new__(cls, matches: dict[str, Callable[..., re.Match[str] | None]], pairs: bytes, /) -> PairSearch: ...
    def __call__(self, text: str, start: int = 0, end: int = ..., /) -> re.Match[str] | None: ...
