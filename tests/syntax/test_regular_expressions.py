"""Regular expressions mean the same on every Python: a group that is repeated possessively has to be an atomic one.

Up to 3.11.4, Python does not go back to where a repetition began that did not match to its end, so that
``(?:ab?c)*+`` matches all of ``aca``. What atomic groups match is right everywhere: ``(?>ab?c)*+``.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dokuwiki_data.grammars import grammar

PACKAGE = Path(grammar.__file__).parent.parent

#: What is written in an expression: something escaped, a set, the start of a group, its end with what repeats it.
_PIECES = re.compile(
    r"""\\. | \[\^?\]?(?:\\.|[^\]\\])*\] | (?P<opening>\((?:\?(?:P<\w+>|<?[=!]|[>:]))?)
      | (?P<closing>\)) (?P<possessive>(?:[*+?]|\{[0-9]*,?[0-9]*\})\+)?""",
    re.DOTALL | re.VERBOSE,
)


def repeated_possessively(expression: str) -> Iterator[str]:
    """How the groups of an expression begin that are repeated possessively, but for those with nothing in them."""
    open_groups: list[re.Match[str]] = []
    for piece in _PIECES.finditer(expression):
        if piece["opening"]:
            open_groups.append(piece)
        elif piece["closing"] and open_groups:
            opening = open_groups.pop()
            if piece["possessive"] and piece.start() > opening.end():
                yield opening["opening"]


def strings(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize(
    ("expression", "openings"),
    [
        (r"(?:ab?c)*+", ["(?:"]),
        (r"(?>ab?c)++", ["(?>"]),
        (r"(ab)?+ (?P<name>ab){2,}+", ["(", "(?P<name>"]),
        (r"((?:a)*+(?>b)*+)+", ["(?:", "(?>"]),
        (r"(?:a)*[+]\)*+[)]*+", []),
        ("%/:?#[]@!$&'()*+,;=~", []),  # the characters of an address
    ],
)
def test_such_groups_are_found(expression, openings):
    assert list(repeated_possessively(expression)) == openings


@pytest.mark.parametrize("name", grammar.STARTS)
def test_in_the_grammars(name):
    terminals = grammar.read(name).terminals.values()
    assert [one.name for one in terminals if {*repeated_possessively(one.pattern)} - {"(?>"}] == []


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_in_the_modules(module):
    assert [text for text in strings(module) if {*repeated_possessively(text)} - {"(?>"}] == []


@pytest.mark.parametrize(
    ("expression", "text", "end"),
    [
        (r"(?>ab?c)*+", "aca", 2),
        (r"(?>ab?c)++", "aca", 2),
        (r"(?>ab?c)?+", "a", 0),
        (r"(?>ab?c){1,3}+", "aca", 2),
        (r"(?>.(?!D))*+", "ABCDE", 2),
        (r"(?>\n(?:  |\t)[^\n]*)*+", "\n  a\nb", 4),
        (r"[^#]*+(?>(?<=&)#[^#]*+)*+", "name#", 4),
        (r"(?>(a)|b(c)?d)*+", "abcdabce", 5),
    ],
)
def test_atomic_groups_match_the_same_everywhere(expression, text, end):
    assert re.match(expression, text).end() == end
