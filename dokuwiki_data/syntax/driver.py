"""A grammar put to work: Lark's tables driven over tokens that were made before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lark import Lark
from lark.lexer import Lexer as LarkLexer
from lark.parsers.lalr_analysis import Shift


class Terminal(NamedTuple):
    """A terminal of the grammar: its pattern, and DokuWiki's sort number."""

    name: str
    pattern: str
    sort: int


class _Tokens(LarkLexer):
    """What Lark calls its lexer: the terminals come in, the text's tokens were made before."""

    __future_interface__ = True

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        return iter(lexer_state.text)


class _KeepAll:
    """Lark drops terminals that no rule mentions, unless a postlex says that it wants them."""

    always_accept: Iterable[str] = ()

    def process(self, stream: Iterator[Any]) -> Iterator[Any]:
        return stream


def grammar_folder() -> Path:
    """Where the grammar files are: inside the installed package, or at the top of a checkout."""
    inside = Path(__file__).parent.parent / "grammar"
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent / "grammar"


def _terminal_names(grammar: str) -> list[str]:
    """The terminals that a grammar defines or imports."""
    imported = re.findall(r"^%import \w+ \(([A-Z_, ]+)\)", grammar, re.MULTILINE)
    return re.findall(r"^([A-Z_]+)(?:\.\d+)?:", grammar, re.MULTILINE) + re.findall(r"\w+", " ".join(imported))


def _terminals(lark: Lark) -> dict[str, Terminal]:
    return {
        terminal.name: Terminal(terminal.name, terminal.pattern.to_regexp(), terminal.priority)
        for terminal in lark.lexer_conf.terminals
    }


class Parser:
    """Lark's parse table with our callbacks, and a loop over it.

    Lark's own loop takes 15 % longer over a whole page: it looks up what a state is by name.
    """

    def __init__(self, grammar: str, start: str, builder: object) -> None:
        """``grammar``: the name of a file in `grammar_folder`; ``builder`` has a method for each of its rules."""
        text = (grammar_folder() / grammar).read_text("utf-8")
        keep = _KeepAll()
        keep.always_accept = _terminal_names(text)
        self.lark = Lark(
            text, parser="lalr", lexer=_Tokens, postlex=keep, transformer=builder,
            keep_all_tokens=True, start=start, import_paths=[str(grammar_folder())],
        )  # fmt: skip
        self.terminals = _terminals(self.lark)
        self._start, self._states = _table(self.lark, start, builder)

    def parse(self, tokens: Iterable[Any]) -> Any:
        """What the callbacks make of a complete stream of tokens."""
        states = self._states
        state = self._start
        stack: list[int] = [state]
        values: list[Any] = []
        for token in tokens:
            step = states[state][token.type]
            while step.__class__ is tuple:
                callback, size, name = step
                parts = values[-size:] if size else []
                if size:
                    del values[-size:], stack[-size:]
                values.append(callback(parts))
                state = states[stack[-1]][name]
                stack.append(state)
                step = states[state][token.type]
            state = step
            stack.append(state)
            values.append(token)
        callback, size, _ = states[state]["$END"]
        return callback(values[-size:] if size else [])


class _Gathered(list[Any]):
    """What a repetition in a rule has gathered, if it is more than one value."""


def _gather(parts: list[Any]) -> _Gathered:
    gathered, part = parts
    if gathered.__class__ is not _Gathered:
        return _Gathered(parts)
    gathered.append(part)
    return gathered


def _spliced(callback: Callable[[list[Any]], Any], at: int) -> Callable[[list[Any]], Any]:
    """The callback of a rule with a repetition as its symbol number ``at``."""

    def call(parts: list[Any]) -> Any:
        if parts[at].__class__ is _Gathered:
            parts[at : at + 1] = parts[at]
        return callback(parts)

    return call


def _table(lark: Lark, start: str, builder: object) -> tuple[int, list[dict[str, Any]]]:
    """Lark's parse table made ready: the start state, and by state and symbol the state to go to or what to reduce.

    A reduction is (callback, number of values, symbol). Rules that only pass a value on are gone.
    """
    frontend: Any = lark.parser
    table = frontend.parser.parser.parse_table
    states: list[dict[str, Any]] = [{} for _ in table.states]
    passing: dict[int, str] = {}
    for state, row in table.states.items():
        for symbol, (action, argument) in row.items():
            if action is Shift:
                states[state][str(symbol)] = argument
                continue
            origin, size = str(argument.origin.name), len(argument.expansion)
            repeated = [at for at, part in enumerate(argument.expansion) if part.name.startswith("__")]
            callback: Callable[[list[Any]], Any]
            if size == 1 and (argument.options.expand1 or origin.startswith("__")):
                assert {reduced[1] for reduced in row.values()} == {argument}
                passing[state] = origin
                break
            if origin.startswith("__"):
                callback = _gather
            else:
                callback = getattr(builder, origin)
                for at in repeated:  # the last is spliced first, so that the others keep their place
                    callback = _spliced(callback, at)
            states[state][str(symbol)] = callback, size, origin
    for gotos in states:
        for symbol, step in gotos.items():
            while step in passing:
                step = gotos[symbol] = gotos[passing[step]]
    return table.start_states[start], states
