"""The searches for markup: that by one expression, and that by an expression for each first character."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES, examples

import dokuwiki_data as dw
from dokuwiki_data.grammars import grammar
from dokuwiki_data.plugins import BUILT_IN, DATA
from dokuwiki_data.syntax import alternations, parser
from dokuwiki_data.syntax.configuration import flavours_of
from dokuwiki_data.syntax.first_characters import ANY, BEYOND, first_characters
from dokuwiki_data.syntax.patterns import Patterns
from dokuwiki_data.syntax.releases import RELEASES

SYNTAXES = {
    f"{release} {flavour}": dw.Syntax(release, (DATA, *BUILT_IN), typography=2, camelcase=True, flavour=flavour)
    for release in RELEASES
    for flavour in flavours_of(release)
}


class Pairs:
    """What `PairSearch` is in a compiled build, in Python."""

    def __init__(self, matches, pairs):
        self.matches = matches
        self.pairs = [int.from_bytes(pairs[at : at + 33], "little") for at in range(0, len(pairs), 33)]

    def __call__(self, text, start=0, end=None):
        end = len(text) if end is None else min(end, len(text))
        for at in range(max(start, 0), end):
            match = self.matches.get(text[at])
            follows = min(ord(text[at + 1]), BEYOND) if at + 1 < end else None
            if match and (follows is None or self.pairs[ord(text[at])] >> follows & 1):
                found = match(text, at, end)
                if found:
                    return found
        return None


def patterns_of(name, search):
    """The patterns of a syntax, with a class of searches, or None for one expression."""
    syntax = SYNTAXES[name]
    terminals = grammar.tables(RELEASES[syntax.release].grammar).terminals
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alternations, "PairSearch", search)
        patterns = Patterns(terminals, syntax, parser.actions_of(syntax.flavour))
        for mode in patterns.modes.modes:
            patterns.mode(mode)
    return patterns


#: The kinds of searches; a compiled build has one of its own.
KINDS = [Pairs, *filter(None, [alternations.PairSearch])]
BY_ONE_EXPRESSION = {name: patterns_of(name, None) for name in SYNTAXES}
BY_PAIRS = {kind: {name: patterns_of(name, kind) for name in SYNTAXES} for kind in KINDS}


def found(alternation, text, end):
    """The places and the terminals of all matches in a text, up to an end."""
    places, at = [], 1
    while match := alternation.search(text, at, end):
        assert alternation.match(text, match.start()) or end < len(text)
        places.append((*match.span(), alternation.name(match)))
        at = match.start() + 1
    return places


@pytest.mark.parametrize("kind", KINDS)
@examples(0.3)
@given(PAGES, st.sampled_from(sorted(SYNTAXES)), st.data())
def test_both_find_the_same(kind, page, name, data):
    text = "\n" + page.replace("\r\n", "\n") + "\n"
    end = data.draw(st.integers(0, len(text)) | st.just(len(text)))
    for mode in BY_ONE_EXPRESSION[name].modes.modes:
        of_all, of_each = BY_ONE_EXPRESSION[name].mode(mode), BY_PAIRS[kind][name].mode(mode)
        assert found(of_each, text, end) == found(of_all, text, end)


def search_of(kind, match):
    """A search for what begins with a less-than sign and any other character."""
    return kind({"<": match}, b"\xff" * (128 * 33))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["a<b", "é<b", "日<b", "😀<b", "\ud800<", "<", ""])
def test_the_start_and_the_end_may_be_anywhere(kind, text):
    pattern = re.compile("<(?!c)")
    search = search_of(kind, pattern.match)
    for start in (-sys.maxsize, -1, 0, 1, 2, 3, sys.maxsize):
        for end in (-sys.maxsize, -1, 0, 1, 2, 3, sys.maxsize):
            assert str(search(text, start, end)) == str(pattern.search(text, start, end))


@pytest.mark.parametrize("kind", KINDS)
def test_errors_of_an_expression_are_passed_on(kind):
    def match(text, at, end=None):
        raise RecursionError

    with pytest.raises(RecursionError):
        search_of(kind, match)("a<b")


@pytest.mark.skipif(alternations.PairSearch is None, reason="only a compiled build has it")
@pytest.mark.parametrize("values", [(), (b"<",), ("<", None), ("<", 0, None), ("<", 0, 1, 2), ("<", 1 << 70)])
def test_a_search_refuses_other_values(values):
    with pytest.raises((TypeError, OverflowError)):
        search_of(alternations.PairSearch, re.compile("<").match)(*values)


@pytest.mark.skipif(alternations.PairSearch is None, reason="only a compiled build has it")
@pytest.mark.parametrize("made_of", [({}, b""), ({"é": None}, bytes(128 * 33)), ({"": None}, bytes(128 * 33)), ()])
def test_a_search_is_made_of_ascii_characters_and_all_rows(made_of):
    with pytest.raises((TypeError, ValueError)):
        alternations.PairSearch(*made_of)


def test_without_terminals_nothing_is_found():
    nothing = alternations.alternation({}, {})
    assert nothing.search("\n* a", 1) is None
    assert nothing.match("\n* a", 1) is None


def test_a_name_may_begin_with_any_character():
    page = dw.parse("a ☺ b :-) c", syntax=dw.Syntax(smileys=("☺", ":-)")))
    assert [smiley.text for smiley in page.find_all(dw.nodes.Smiley)] == ["☺", ":-)"]


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        (r"ab", "a"),
        (r"a|bc|[d-f]", "abdef"),
        (r"a?b", "ab"),
        (r"a*+b{2}", "ab"),
        (r"(?>a|b)c", "ab"),
        (r"(a)(?:b)", "a"),
        (r"(?<=x)(?<!y)a", "a"),
        (r"(?=[ab])[^b]", "a"),
        (r"(?!a)[ab]", "ab"),
        (r"\ba\d", "a"),
        (r"[\dx]", "0123456789x"),
        (r"\s", " \t\n\r\v\f"),
    ],
)
def test_the_first_characters_of_an_expression(pattern, characters):
    assert first_characters(pattern, re.ASCII) == set(map(ord, characters))


@pytest.mark.parametrize("pattern", ["", "a?", "a*", "(?<=a)", "a|", ".", "(?i:a)", "(a)|(?(1)b|c)"])
def test_a_match_that_may_be_empty_or_is_not_understood_may_begin_with_anything(pattern):
    assert first_characters(pattern, re.ASCII | re.DOTALL) == ANY


def test_characters_beyond_latin_1_count_as_one():
    assert first_characters("日", re.ASCII) == {BEYOND}
    assert first_characters("[^a]", re.ASCII) == ANY - {ord("a")}
    assert first_characters("[^日]", re.ASCII) == ANY
    assert first_characters("[^Ā]", re.ASCII) == ANY  # the first of them
    assert first_characters(r"\W", re.ASCII) > {BEYOND, ord("é")}
