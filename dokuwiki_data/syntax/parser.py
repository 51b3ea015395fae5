"""The grammar put to work: Lark's tables driven over the lexer's tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from lark import Lark
from lark.lexer import Lexer as LarkLexer
from lark.parsers.lalr_analysis import Shift

from dokuwiki_data.data.blocks import data_block
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.source import Source
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.patterns import Patterns, Terminal
from dokuwiki_data.syntax.tree import TreeBuilder


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


def _terminals(lark: Lark) -> dict[str, Terminal]:
    return {
        terminal.name: Terminal(terminal.name, terminal.pattern.to_regexp(), terminal.priority)
        for terminal in lark.lexer_conf.terminals
    }


class Parser:
    """Lark's parse table with our callbacks, and a loop over it.

    Lark's own loop takes 15 % longer over a whole page: it looks up what a state is by name.
    """

    def __init__(self) -> None:
        text = (grammar_folder() / "dokuwiki.lark").read_text("utf-8")
        keep = _KeepAll()
        keep.always_accept = re.findall(r"^([A-Z_]+)(?:\.\d+)?:", text, re.MULTILINE)
        self.builder = TreeBuilder()
        self.lark = Lark(
            text, parser="lalr", lexer=_Tokens, postlex=keep, transformer=self.builder,
            keep_all_tokens=True, start="page",
        )  # fmt: skip
        frontend: Any = self.lark.parser
        self.terminals: dict[str, Terminal] = _terminals(self.lark)
        table, callbacks = frontend.parser.parser.parse_table, frontend.parser.parser.callbacks
        self._start: int = table.start_states["page"]
        #: By state and token: the state to go to, or what to reduce (callback, length, name).
        self._states: dict[int, dict[str, Any]] = {
            state: {
                name: argument
                if action is Shift
                else (callbacks[argument], len(argument.expansion), argument.origin.name)
                for name, (action, argument) in row.items()
            }
            for state, row in table.states.items()
        }

    def parse(self, tokens: Iterable[Any]) -> Any:
        """What the callbacks make of a complete stream of tokens."""
        states = self._states
        stack, values = [self._start], []
        for token in tokens:
            step = states[stack[-1]][token.type]
            while step.__class__ is tuple:
                self._reduce(step, stack, values)
                step = states[stack[-1]][token.type]
            stack.append(step)
            values.append(token)
        step = states[stack[-1]]["$END"]
        self._reduce(step, stack, values)
        return values[0]

    def _reduce(self, step: Any, stack: list[int], values: list[Any]) -> None:
        callback, size, name = step
        if size:
            parts = values[-size:]
            del values[-size:], stack[-size:]
        else:
            parts = []
        values.append(callback(parts))
        stack.append(self._states[stack[-1]][name])


@cache
def _parser() -> Parser:
    return Parser()


@lru_cache(maxsize=32)
def _patterns(syntax: Syntax) -> Patterns:
    return Patterns(_parser().terminals, syntax)


def parse_source(source: Source, syntax: Syntax) -> tuple[tuple[Node, ...], int, list[Any]]:
    """The content of a page, the place of its last instruction, and what was odd."""
    parser, patterns = _parser(), _patterns(syntax)
    builder = parser.builder
    oddities: list[Any] = []

    def parse_flow(inner: Source, depth: int) -> tuple[Node, ...]:
        lexer = Lexer(inner, patterns, parse_flow, data_block, depth)
        tokens = lexer.quoted()
        oddities.extend(lexer.oddities)
        before, builder.source = builder.source, inner
        content, _ = parser.parse(tokens)
        builder.source = before
        return content

    lexer = Lexer(source, patterns, parse_flow, data_block)
    tokens = lexer.page()
    builder.source = source
    content, last = parser.parse(tokens)
    return content, last, oddities + lexer.oddities
