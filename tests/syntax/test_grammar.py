"""The grammar files, and the tables that are kept of them."""

import pytest

import dokuwiki_data as dw
from dokuwiki_data.grammars import grammar
from dokuwiki_data.syntax import inline_markup, modes, parser, patterns
from dokuwiki_data.syntax.releases import RELEASES

#: With everything switched on.
SYNTAXES = [dw.Syntax(release=release, typography=2, camelcase=True, plugins=("data",)) for release in RELEASES]
MODES = {syntax.release: modes.modes_for(syntax) for syntax in SYNTAXES}
ACCEPTED = {release: {name for mode in of.modes.values() for name in mode.accepts} for release, of in MODES.items()}
CLOSING = {release: {name for mode in of.modes.values() for name in mode.closes} for release, of in MODES.items()}
TERMINALS = {release: set(grammar.tables(what.grammar).terminals) for release, what in RELEASES.items()}

of_each_release = pytest.mark.parametrize("release", RELEASES)


@pytest.mark.parametrize("name", grammar.STARTS)
def test_the_kept_tables_are_those_of_the_grammar(name):
    assert grammar._kept() is not None, "tables.json was made of other grammars: write it anew, see grammar.py"
    assert grammar.tables(name) == grammar.read(name)


@of_each_release
def test_modes_know_only_terminals_of_the_grammar(release):
    named = {*ACCEPTED[release], *CLOSING[release], *patterns.CLOSERS, *patterns.CLOSERS.values()}
    assert named | MODES[release].opaque <= TERMINALS[release]


def test_what_is_special_is_in_some_grammar():
    named = {name for of in MODES.values() for name in (*of.begin_earlier, *of.line_starts)}
    assert named | set(modes.NAMED) <= set().union(*TERMINALS.values())


@of_each_release
def test_everything_in_a_category_counts_somewhere(release):
    categories = {**modes.CATEGORIES, **RELEASES[release].categories}
    assert {name for category in categories.values() for name in category} <= ACCEPTED[release]


def test_every_terminal_that_a_mode_accepts_has_an_action():
    accepted = set().union(*ACCEPTED.values())
    assert set(parser.ACTIONS) >= accepted
    assert {name.removesuffix("_FIRST") for name in inline_markup.ACTIONS} <= accepted


@of_each_release
def test_what_closes_a_mode_has_no_action(release):
    assert not CLOSING[release] & set(parser.ACTIONS)


def test_what_counts_right_behind_markup_counts_elsewhere_too():
    for names in TERMINALS.values():
        first = {name for name in names if name.endswith("_FIRST")}
        assert {name.removesuffix("_FIRST") for name in first} <= names
        assert first <= set(inline_markup.ACTIONS)


@of_each_release
def test_what_is_switched_off_counts_nowhere(release):
    bare = modes.modes_for(dw.Syntax(release=release, typography=0, plugins=()))
    names = {name for name in ACCEPTED[release] if "E_QUOTE_" in name}
    off = {"DATA_START", "CAMEL_CASE_LINK", "MULTIPLY", *names}
    assert not off & {name for mode in bare.modes.values() for name in mode.accepts}
