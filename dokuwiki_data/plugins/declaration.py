"""Declarations of a plugin's markup, in the terms of DokuWiki's plugins."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from dokuwiki_data.nodes.base import Node

#: DokuWiki's categories of markup, see ``getType`` and ``getAllowedTypes`` of its plugins, which write "substition".
Category = Literal["container", "baseonly", "formatting", "substitution", "protected", "disabled", "paragraphs"]

#: Modes of DokuWiki that markup may contain without the rest of their category.
SingleMode = Literal[
    "media", "internallink", "externallink", "emaillink", "windowssharelink", "linebreak", "table",
]  # fmt: skip

#: The relation of markup with content to paragraphs, see ``getPType``: it stands in a paragraph (normal), ends one and
#: has paragraphs of its own (stack), or ends one and begins none before an empty line in it (block).
ParagraphType = Literal["normal", "block", "stack"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Markup without other markup in it, which DokuWiki calls a special pattern.

    Expressions are regular expressions of ASCII in which ``.`` matches newlines. If the end may be far from the start,
    give it as ``end``: one expression for both takes quadratic time on a page of many starts without an end.

    If DokuWiki's match begins before the text of the node, at a line end or white space, the class of the node needs a
    hidden field ``_matched`` for the start of the match, as in `dokuwiki_data.plugins.comments.Comment`.

    Attributes:
        start: The expression of the whole markup, or of its start; it begins with a literal character. It may begin
            with the line end before the markup, which is not part of the text.
        node: A function that makes the node of the matched text. A node with ``is_block`` ends the paragraph; None
            stands for markup that leaves no trace.
        sort: The priority, as ``getSort`` in DokuWiki: of two patterns that match at one place, the lower one wins.
        start_end: The expression of the end of the opening tag. The nearest match after the start counts.
        end: The expression of the end of the markup. The nearest match counts.
        without: An expression of what must not stand between start and end: ``\\}(?!\\})`` with the end ``\\}\\}``
            stands for DokuWiki's ``[^}]*\\}\\}``.
        category: The category. Markup that allows it may contain the leaf.
        outermost: Whether the leaf counts only outside of other markup, or in quotations.
        after_white_space: Whether white space must stand before it, which is part of DokuWiki's match. It needs an
            ``end``.
        right_behind: Whether it counts only directly after other markup, and only before release 2026-07-14, which
            takes such a place for the start of a line.
        takes_place: Whether ``node`` is called with the text of the page, a `PageText`, and the start and end of the
            markup in its normalized form. Nodes that hold other nodes need it, since these have places, too.
    """

    start: str
    node: Callable[..., Node | None]
    sort: int
    start_end: str = ""
    end: str = ""
    without: str = ""
    category: Category = "substitution"
    outermost: bool = False
    after_white_space: bool = False
    right_behind: bool = False
    takes_place: bool = False

    def __post_init__(self) -> None:
        _check(self.start, self.start_end, self.end, self.without)


@dataclass(frozen=True, slots=True)
class InnerHeading:
    """A heading in a container. It may start anywhere in a line and ends at the end of the line.

    Attributes:
        node: A function that makes the node of a title and a level from 1 to 5.
        sort: The priority, see `Leaf`.
    """

    node: Callable[[str, int], Node]
    sort: int


@dataclass(frozen=True, slots=True)
class Container:
    """Markup with other markup in it, which DokuWiki declares by an entry pattern and an exit pattern.

    It opens only if a match of ``exit`` follows. The nearest match that is not in other markup closes it.

    Attributes:
        start: The expression of the opening tag, or of its start; it begins with a literal character.
        exit: The expression of the closing tag.
        node: A function that makes the node of the text of the opening tag and the content.
        sort: The priority, see `Leaf`.
        start_end: The expression of the end of the opening tag. The nearest match after the start counts.
        category: The category. Markup that allows it may contain the container.
        paragraphs: The relation to paragraphs: ``normal``, ``block`` or ``stack``, as ``getPType`` in DokuWiki.
        contains: The categories of markup that may be in it.
        modes: Single modes of DokuWiki that may be in it too.
        takes_text: Whether DokuWiki passes the text in it to the plugin.
        nests: Whether it may contain itself.
        own: Markup that counts only in it.
    """

    start: str
    exit: str
    node: Callable[[str, tuple[Node, ...]], Node]
    sort: int
    start_end: str = ""
    category: Category = "formatting"
    paragraphs: ParagraphType = "normal"
    contains: tuple[Category, ...] = ("formatting", "substitution", "disabled")
    modes: tuple[SingleMode, ...] = ()
    takes_text: bool = False
    nests: bool = False
    own: tuple[Leaf | InnerHeading, ...] = ()

    def __post_init__(self) -> None:
        _check(self.start, self.exit, self.start_end)
        if unknown := set(self.modes) - set(get_args(SingleMode)):
            raise ValueError(f"unknown modes: {', '.join(sorted(unknown))}; known: {', '.join(get_args(SingleMode))}")


Markup = Leaf | InnerHeading | Container


@dataclass(frozen=True, slots=True)
class Plugin:
    """The syntax of a plugin.

    Attributes:
        name: The name, which `Syntax` and ``--plugins`` take.
        markup: The markup.
        folders: The names of the plugin in ``lib/plugins`` of a DokuWiki, if they differ from the name.
    """

    name: str
    markup: tuple[Leaf | Container, ...]
    folders: tuple[str, ...] = ()


#: A literal character, escaped or not.
_LITERAL = re.compile(r"(?:[^\\.^$*+?{}\[\]|()]|\\[^\w\s]|\\n)(?![*?{])")

#: Parts of an expression in which ``|`` is no choice between whole expressions: escapes, classes, groups.
_NO_CHOICE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\([^()|\\\[]*(?:\|[^()|\\\[]*)*\)", re.DOTALL)


def _check(start: str, *others: str) -> None:
    """Raise `ValueError` for expressions that cannot be combined with those of other markup."""
    for expression in (start, *others):
        try:
            groups = re.compile(expression).groups
        except re.error as error:
            raise ValueError(f"{expression!r} is not a regular expression: {error}") from None
        if groups:
            raise ValueError(f"{expression!r} has groups; write (?:…)")
    if not _LITERAL.match(start):
        hint = f": write \\{start[0]} for the character" if start[:1] in tuple(".^$*+?{}[]|()") else ""
        raise ValueError(f"the start of markup must begin with a literal character, unlike {start!r}{hint}")
    rest = start
    while (shorter := _NO_CHOICE.sub("", rest)) != rest:
        rest = shorter
    if "|" in rest:
        raise ValueError(f"{start!r} is a choice; declare each alternative, or write (?:…) after what they share")
