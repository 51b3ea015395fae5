"""Load the grammars and DokuWiki's lists of names, from their files or from a cache.

The cache ``tables.json`` is written by ``python -c "from dokuwiki_data.grammars import grammar; grammar.write()"``. It
is used unless a file has changed since. Reading the files takes 50 ms, and importing Lark and YAML another 60 ms.

Every program that parses a page imports this module, so it does without pathlib, which takes 5 ms to import.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

#: The grammars, each with its start rule.
STARTS = {
    "dokuwiki.lark": "page", "dokuwiki-2025-05-14.lark": "page", "dokuwiki-markdown.lark": "page",
    "data_entry.lark": "entry", "data_query.lark": "query", "struct_search.lark": "search",
}  # fmt: skip

#: Grammars that extend another one: they keep its rules and change its terminals.
BEHIND = {"dokuwiki-2025-05-14.lark": "dokuwiki.lark", "dokuwiki-markdown.lark": "dokuwiki.lark"}

_HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = os.path.join(_HERE, "names.yaml")
TABLES = os.path.join(_HERE, "tables.json")


class Terminal(NamedTuple):
    """A terminal of a grammar: its pattern, and DokuWiki's sort number."""

    name: str
    pattern: str
    sort: float


class Reduction(NamedTuple):
    """A reduction: the rule, its number of values, and the numbers of the values that are repetitions.

    The rule ``*`` collects the values of a repetition.
    """

    rule: str
    symbol: str
    size: int
    gathered: tuple[int, ...]


class Tables(NamedTuple):
    """The tables of a grammar: by state and symbol, the next state or the reduction."""

    terminals: dict[str, Terminal]
    start: int
    states: list[dict[str, int | Reduction]]


def folder() -> str:
    """Return the folder of the grammar files: inside the installed package, or at the top of a checkout."""
    package = os.path.dirname(_HERE)
    inside = os.path.join(package, "grammar")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "grammar")


def _content(*path: str) -> str:
    """Return the text of a file."""
    with open(os.path.join(*path), encoding="utf-8") as file:  # newlines are those of Unix on every system
        return file.read()


def tables(grammar: str) -> Tables:
    """Return the tables of a grammar, given the name of its file in `folder`."""
    kept = _kept()
    if kept is None or grammar not in kept:
        return read(grammar)
    if grammar in BEHIND:
        common = tables(BEHIND[grammar])
        return common._replace(terminals=common.terminals | {own[0]: Terminal(*own) for own in kept[grammar]})
    terminals, start, listed, rows = kept[grammar]
    reductions = [Reduction(rule, symbol, size, tuple(gathered)) for rule, symbol, size, gathered in listed]
    states = [{symbol: step if step >= 0 else reductions[-1 - step] for symbol, step in row.items()} for row in rows]
    return Tables({terminal[0]: Terminal(*terminal) for terminal in terminals}, start, states)


@cache
def _kept() -> dict[str, Any] | None:
    """Return the content of the cache, or None if the grammars have changed since."""
    if not os.path.exists(TABLES):
        return None
    kept: dict[str, Any] = json.loads(_content(TABLES))
    return kept if kept["made of"] == _fingerprint() else None


@cache
def names() -> dict[str, Any]:
    """Return DokuWiki's own lists of names: ``acronyms``, ``smileys``, ``entities``, ``schemes``, ``interwiki``."""
    kept = _kept()
    return read_names() if kept is None else kept["names"]


def read_names() -> dict[str, Any]:
    """Read the lists of names with YAML."""
    import yaml

    read: dict[str, Any] = yaml.safe_load(_content(NAMES))
    return read


def _fingerprint() -> int:
    grammars = sorted(name for name in os.listdir(folder()) if name.endswith(".lark"))
    texts = [*(_content(folder(), name) for name in grammars), _content(NAMES)]
    # A checksum finds a file that was edited; importing hashlib takes longer than all else that is done here.
    return zlib.crc32("".join(texts).encode())


def write() -> None:
    """Write the cache."""
    content: dict[str, Any] = {"made of": _fingerprint(), "names": read_names()}
    for grammar in STARTS:
        made = read(grammar)
        if grammar in BEHIND:
            common = read(BEHIND[grammar]).terminals
            content[grammar] = [own for own in made.terminals.values() if common.get(own.name) != own]
            continue
        reductions = list({step: None for row in made.states for step in row.values() if isinstance(step, Reduction)})
        number = {reduction: -1 - at for at, reduction in enumerate(reductions)}
        states = [
            {symbol: step if isinstance(step, int) else number[step] for symbol, step in row.items()}
            for row in made.states
        ]
        content[grammar] = [[list(terminal) for terminal in made.terminals.values()], made.start, reductions, states]
    with open(TABLES, "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(content, separators=(",", ":")) + "\n")


class _KeepAll:
    """A ``postlex`` that accepts all terminals; otherwise Lark drops those that no rule mentions."""

    always_accept: Iterable[str] = ()

    def process(self, stream: Iterator[Any]) -> Iterator[Any]:
        return stream


def read(grammar: str, **options: Any) -> Tables:
    """Read a grammar file with Lark."""
    from lark.parsers.lalr_analysis import Shift

    parser: Any = lark(grammar, **options)
    terminals = {
        terminal.name: Terminal(terminal.name, terminal.pattern.to_regexp(), terminal.priority)
        for terminal in parser.lexer_conf.terminals
    }
    table = parser.parser.parser.parser.parse_table
    states: list[dict[str, int | Reduction]] = [{} for _ in table.states]
    passing: dict[int | Reduction, str] = {}
    for state, row in table.states.items():
        for symbol, (action, argument) in row.items():
            if action is Shift:
                states[state][str(symbol)] = argument
                continue
            rule, size = str(argument.origin.name), len(argument.expansion)
            repeats = rule.startswith("__")
            if size == 1 and (argument.options.expand1 or repeats):
                # The rule only passes on its value, whatever follows, so no state needs it.
                passing[state] = rule
                break
            gathered = tuple(at for at, part in enumerate(argument.expansion) if part.name.startswith("__"))
            states[state][str(symbol)] = Reduction("*" if repeats else rule, rule, size, () if repeats else gathered)
    for gotos in states:
        for symbol, step in gotos.items():
            while step in passing:
                step = gotos[symbol] = gotos[passing[step]]
    return Tables(terminals, 0, _renumbered(states, table.start_states[STARTS[grammar]]))


def _renumbered(states: list[dict[str, int | Reduction]], start: int) -> list[dict[str, int | Reduction]]:
    """Return the reachable states in a fixed order; Lark's order differs between runs."""
    order = [start]
    for state in order:
        steps = (step for _, step in sorted(states[state].items()))
        order += dict.fromkeys(step for step in steps if isinstance(step, int) and step not in order)
    number = {state: at for at, state in enumerate(order)}
    return [
        {symbol: number[step] if isinstance(step, int) else step for symbol, step in sorted(states[state].items())}
        for state in order
    ]


def lark(grammar: str, **options: Any) -> Any:
    """Return Lark's own parser of a grammar, which parses a sequence of tokens instead of a text."""
    from lark import Lark
    from lark.lexer import Lexer

    class Tokens(Lexer):
        __future_interface__ = True

        def __init__(self, lexer_conf: Any) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
            return iter(lexer_state.text)

    files = [BEHIND[grammar], grammar] if grammar in BEHIND else [grammar]
    text = "".join(_content(folder(), file) for file in files)
    imported = re.findall(r"^%import \w+ \(([A-Z_, ]+)\)", text, re.MULTILINE)
    keep = _KeepAll()
    keep.always_accept = re.findall(r"^([A-Z_]+)(?:\.\d+)?:", text, re.MULTILINE) + re.findall(
        r"\w+", " ".join(imported)
    )
    return Lark(
        text, parser="lalr", lexer=Tokens, postlex=keep, keep_all_tokens=True,
        start=STARTS[grammar], import_paths=[folder()], **options,
    )  # fmt: skip
