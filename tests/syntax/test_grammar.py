"""The grammar files, and the tables that are kept of them."""

from dataclasses import replace

import pytest

import dokuwiki_data as dw
from dokuwiki_data.grammars import grammar
from dokuwiki_data.syntax import (
    inline_markup,
    markdown_blocks,
    markdown_inline,
    markdown_tables,
    modes,
    parser,
    patterns,
)  # fmt: skip
from dokuwiki_data.syntax.configuration import flavours_of
from dokuwiki_data.syntax.flavours import FLAVOURS
from dokuwiki_data.syntax.releases import RELEASES

#: With everything switched on, by release and flavour.
SYNTAXES = {
    f"{release} {flavour}": dw.Syntax(release, ("data",), typography=2, camelcase=True, flavour=flavour)
    for release in RELEASES
    for flavour in flavours_of(release)
}
MODES = {name: modes.modes_for(syntax) for name, syntax in SYNTAXES.items()}
ACCEPTED = {name: {accepted for mode in of.modes.values() for accepted in mode.accepts} for name, of in MODES.items()}
CLOSING = {name: {closing for mode in of.modes.values() for closing in mode.closes} for name, of in MODES.items()}
TERMINALS = {name: set(grammar.tables(RELEASES[syntax.release].grammar).terminals) for name, syntax in SYNTAXES.items()}

of_each_syntax = pytest.mark.parametrize("name", SYNTAXES)


@pytest.mark.parametrize("name", grammar.STARTS)
def test_the_kept_tables_are_those_of_the_grammar(name):
    assert grammar._kept() is not None, "tables.json was made of other grammars: write it anew, see grammar.py"
    assert grammar.tables(name) == grammar.read(name)


@of_each_syntax
def test_modes_know_only_terminals_of_the_grammar(name):
    flavour = FLAVOURS[SYNTAXES[name].flavour]
    named = {*ACCEPTED[name], *CLOSING[name], *flavour.dropped, *flavour.patterns, *flavour.patterns.values()}
    assert named | MODES[name].opaque | {*flavour.begin_behind_empty_lines} <= TERMINALS[name]


def test_what_is_special_is_in_some_grammar():
    named = {name for of in MODES.values() for name in (*of.begin_earlier, *of.line_starts)}
    named |= {*patterns.CLOSERS, *patterns.CLOSERS.values()}
    assert named | set(modes.NAMED) <= set().union(*TERMINALS.values())


@of_each_syntax
def test_everything_in_a_category_counts_somewhere(name):
    syntax = SYNTAXES[name]
    flavour = FLAVOURS[syntax.flavour]
    categories = [*{**modes.CATEGORIES, **RELEASES[syntax.release].categories}.values(), *flavour.added.values()]
    assert {one for category in categories for one in category} - flavour.dropped <= ACCEPTED[name]
    assert not flavour.dropped & ACCEPTED[name]


def test_every_terminal_that_a_mode_accepts_has_an_action():
    accepted = set().union(*ACCEPTED.values())
    assert set(parser.actions_of("md+dw")) >= accepted
    own = {*inline_markup.ACTIONS, *markdown_inline.ACTIONS, *markdown_blocks.ACTIONS, *markdown_tables.ACTIONS}
    in_place = {other for flavour in FLAVOURS.values() for other in flavour.patterns.values()}
    assert {name.removesuffix("_FIRST") for name in own} - in_place <= accepted


@of_each_syntax
def test_what_closes_a_mode_has_no_action(name):
    assert not CLOSING[name] & set(parser.actions_of("md+dw"))


def test_what_counts_right_behind_markup_counts_elsewhere_too():
    for names in TERMINALS.values():
        first = {name for name in names if name.endswith("_FIRST")}
        assert {name.removesuffix("_FIRST") for name in first} <= names
        assert first <= set(inline_markup.ACTIONS)


@of_each_syntax
def test_what_is_switched_off_counts_nowhere(name):
    bare = modes.modes_for(replace(SYNTAXES[name], typography=0, camelcase=False, plugins=()))
    names = {accepted for accepted in ACCEPTED[name] if "E_QUOTE_" in accepted}
    off = {"DATA_START", "CAMEL_CASE_LINK", "MULTIPLY", *names}
    assert not off & {name for mode in bare.modes.values() for name in mode.accepts}
