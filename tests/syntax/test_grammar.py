"""The grammar files, and the tables that are kept of them."""

import pytest

from dokuwiki_data.grammars import grammar
from dokuwiki_data.syntax import inline_markup, lexer, modes, parser

TERMINALS = grammar.read("dokuwiki.lark").terminals


@pytest.mark.parametrize("name", grammar.STARTS)
def test_the_kept_tables_are_those_of_the_grammar(name):
    assert grammar._kept() is not None, "tables.json was made of other grammars: write it anew, see grammar.py"
    assert grammar.tables(name) == grammar.read(name)


def test_modes_know_only_terminals_of_the_grammar():
    named = {name for mode in modes.MODES.values() for name in (*mode.accepts, *mode.closes)}
    named |= {*modes.BEGIN_EARLIER, *modes.OPAQUE, *modes.NAMED, *lexer.CLOSERS, *lexer.CLOSERS.values()}
    assert named <= set(TERMINALS)


def test_every_terminal_that_a_mode_accepts_has_an_action():
    accepted = {name for mode in modes.MODES.values() for name in mode.accepts}
    assert accepted <= set(parser.ACTIONS)
    assert set(inline_markup.ACTIONS) <= accepted


def test_what_closes_a_mode_has_no_action():
    assert not {name for mode in modes.MODES.values() for name in mode.closes} & set(parser.ACTIONS)
