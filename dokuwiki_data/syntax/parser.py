"""From source to the content of a page: lexer, grammar and tree put together."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.source import Source
from dokuwiki_data.syntax import block_markup, inline_markup
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.driver import Parser
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.patterns import Patterns
from dokuwiki_data.syntax.tree import TreeBuilder

ACTIONS = inline_markup.ACTIONS | block_markup.ACTIONS


@cache
def _parser() -> tuple[Parser, TreeBuilder]:
    builder = TreeBuilder()
    return Parser("dokuwiki.lark", "page", builder), builder


@lru_cache(maxsize=32)
def _patterns(syntax: Syntax) -> Patterns:
    return Patterns(_parser()[0].terminals, syntax, ACTIONS)


def parse_source(source: Source, syntax: Syntax) -> tuple[tuple[Node, ...], int, list[Any]]:
    """The content of a page, the place of its last instruction, and what was odd."""
    parser, builder = _parser()
    patterns = _patterns(syntax)
    oddities: list[Any] = []

    def parse_quoted(inner: Source, depth: int) -> tuple[Node, ...]:
        lexer = Lexer(inner, patterns, parse_quoted, depth)
        tokens = lexer.tokens_of("QUOTED")
        oddities.extend(lexer.oddities)
        before, builder.source = builder.source, inner
        content, _ = parser.parse(tokens)
        builder.source = before
        return content

    lexer = Lexer(source, patterns, parse_quoted)
    tokens = lexer.tokens_of("BASE")
    builder.source = source
    content, last = parser.parse(tokens)
    return content, last, oddities + lexer.oddities
