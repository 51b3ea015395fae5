"""Compile terminals to one search: to an expression for all of them, or one for each first character.

In an expression for all, terminals are grouped by their first literal character, which precedes them,
``\\*(?:\\*(?=…))|<(?:sub>()|code)``. Only then does ``re`` skip plain text by the set of first characters, which is 4
times as fast as an alternation of groups. A group is empty and ends its terminal, so that it is only set when the
terminal has matched. The last terminal with a literal has no group: every group takes time for every match. These two
save a quarter of the time of a search.

In a compiled build, a `PairSearch` calls the expression of a first character, and only where the next character may
follow, which takes half the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dokuwiki_data.syntax.pair_search import PairSearch
else:
    try:
        from dokuwiki_data.syntax.pair_search import PairSearch
    except ImportError:  # not compiled
        PairSearch = None

FLAGS = re.ASCII | re.DOTALL | re.MULTILINE

Search = Callable[..., re.Match[str] | None]
#: A terminal and its action, or None.
Choice = tuple[str, Any]


class Alternation(NamedTuple):
    """Terminals compiled to one search.

    ``choices[match[0][0]][match.lastindex]`` are the terminal that matched, and its action.
    """

    search: Search
    match: Search
    choices: dict[str, dict[int | None, Choice]]

    def name(self, match: re.Match[str]) -> str:
        """Return the terminal that matched."""
        return self.choices[match.string[match.start()]][match.lastindex][0]


class Terminals(NamedTuple):
    """Terminals with the same first character: the name of each, and the expression of what follows that character.

    ``ahead`` is an expression that all of them need to match there.
    """

    rests: Sequence[tuple[str, str]]
    ahead: str = ""

    @property
    def expression(self) -> str:
        """What follows the first character; there is an empty group behind each terminal but the last."""
        return f"{self.ahead}(?:{'()|'.join([f'(?:{rest})' for _, rest in self.rests])})"


def alternation(by_literal: Mapping[str, Terminals], actions: Mapping[str, Any]) -> Alternation:
    """Return the search for some terminals.

    Args:
        by_literal: The terminals, by their first character.
        actions: The actions of terminals, by their name.
    """
    return (_of_all if PairSearch is None or not all(map(str.isascii, by_literal)) else _of_each)(by_literal, actions)


def _of_all(by_literal: Mapping[str, Terminals], actions: Mapping[str, Any]) -> Alternation:
    """Return the search by one expression for all terminals."""
    choices = {}
    groups = 0
    for literal, terminals in by_literal.items():
        choices[literal] = _choices(terminals, actions, groups)
        groups += len(terminals.rests) - 1
    whole = "|".join(re.escape(literal) + terminals.expression for literal, terminals in by_literal.items())
    compiled = re.compile(whole or r"(?!)", FLAGS)
    return Alternation(compiled.search, compiled.match, choices)


def _of_each(by_literal: Mapping[str, Terminals], actions: Mapping[str, Any]) -> Alternation:
    """Return the search by an expression for each first character."""
    matches, pairs = {}, bytearray(_ROWS * _ROW)
    for literal, terminals in by_literal.items():
        matches[literal], followers = _of_one(literal, terminals.expression)
        at = _ROW * ord(literal)
        pairs[at : at + _ROW] = followers

    def match_at(read: str, at: int) -> re.Match[str] | None:
        match = matches.get(read[at : at + 1])
        return match(read, at) if match else None

    choices = {literal: _choices(terminals, actions, 0) for literal, terminals in by_literal.items()}
    return Alternation(PairSearch(matches, bytes(pairs)), match_at, choices)


#: What `PairSearch` wants: a row for each ASCII character, with a bit for each character that may follow.
_ROWS, _ROW = 128, 33


@lru_cache(maxsize=1024)
def _of_one(literal: str, expression: str) -> tuple[Search, bytes]:
    """Return what matches the terminals of a first character, and what may follow that. Modes share most of them."""
    from dokuwiki_data.syntax.first_characters import first_characters  # only compiled builds need it

    followers = sum(1 << character for character in first_characters(expression, FLAGS))
    return re.compile(re.escape(literal) + expression, FLAGS).match, followers.to_bytes(_ROW, "little")


def _choices(terminals: Terminals, actions: Mapping[str, Any], groups: int) -> dict[int | None, Choice]:
    """Return terminals by the number of their group, given the number of groups before them."""
    *grouped, last = (name for name, _ in terminals.rests)
    numbered: dict[int | None, str] = {None: last, **dict(enumerate(grouped, groups + 1))}
    return {number: (name, actions.get(name)) for number, name in numbered.items()}
