"""The grammar files, and the tables that are kept of them."""

import pytest

import dokuwiki_data as dw
from dokuwiki_data.grammars import grammar
from dokuwiki_data.syntax import inline_markup, modes, parser, patterns

TERMINALS = grammar.read("dokuwiki.lark").terminals
#: With everything switched on.
MODES = modes.modes_for(dw.Syntax(typography=2, camelcase=True, plugins=("data",)))
ACCEPTED = {name for mode in MODES.modes.values() for name in mode.accepts}
CLOSING = {name for mode in MODES.modes.values() for name in mode.closes}


@pytest.mark.parametrize("name", grammar.STARTS)
def test_the_kept_tables_are_those_of_the_grammar(name):
    assert grammar._kept() is not None, "tables.json was made of other grammars: write it anew, see grammar.py"
    assert grammar.tables(name) == grammar.read(name)


def test_modes_know_only_terminals_of_the_grammar():
    named = {*ACCEPTED, *CLOSING, *MODES.begin_earlier, *MODES.opaque, *MODES.line_starts}
    named |= {*modes.NAMED, *patterns.CLOSERS, *patterns.CLOSERS.values()}
    assert named <= set(TERMINALS)


def test_everything_in_a_category_counts_somewhere():
    assert {name for category in modes.CATEGORIES.values() for name in category} <= ACCEPTED


def test_every_terminal_that_a_mode_accepts_has_an_action():
    assert set(parser.ACTIONS) >= ACCEPTED
    assert set(inline_markup.ACTIONS) <= ACCEPTED


def test_what_closes_a_mode_has_no_action():
    assert not CLOSING & set(parser.ACTIONS)


def test_what_is_switched_off_counts_nowhere():
    bare = modes.modes_for(dw.Syntax(typography=0, plugins=()))
    off = {"DATA_START", "CAMEL_CASE_LINK", "MULTIPLY"} | {name for name in ACCEPTED if "E_QUOTE_" in name}
    assert not off & {name for mode in bare.modes.values() for name in mode.accepts}
