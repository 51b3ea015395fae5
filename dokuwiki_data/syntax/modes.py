"""DokuWiki's modes: which terminals of the grammar count in each, as a table of categories."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from dokuwiki_data.plugins.declaration import Container, InnerHeading, Leaf, Markup
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.flavours import FLAVOURS
from dokuwiki_data.syntax.plugin_terminals import Markups, is_verbatim, markup_of, own_terminals
from dokuwiki_data.syntax.releases import RELEASES, ModeRule

#: DokuWiki's own categories of markup, with the terminals that begin it.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "formatting": (
        "STRONG_OPEN", "EMPHASIS_OPEN", "UNDERLINE_OPEN", "MONOSPACE_OPEN",
        "SUBSCRIPT_OPEN", "SUPERSCRIPT_OPEN", "DELETED_OPEN", "FOOTNOTE_OPEN",
    ),
    "substitution": (
        "NOTOC", "NOCACHE", "INFO", "LINE_BREAK", "SMILEY", "ACRONYM", "ENTITY", "MULTIPLY",
        "DOUBLE_QUOTE_OPENING", "DOUBLE_QUOTE_CLOSING",
        "SINGLE_QUOTE_OPENING", "SINGLE_QUOTE_CLOSING", "APOSTROPHE",
        "CAMEL_CASE_LINK", "LINK_START", "RSS_START", "MEDIA_START",
        "EXTERNAL_LINK", "EXTERNAL_HOST", "EMAIL_LINK", "WINDOWS_SHARE", "DATA_START",
    ),
    "disabled": ("NOWIKI_START", "PERCENT_START"),
    "protected": ("CODE_START", "FILE_START", "PREFORMATTED"),
    "container": ("LIST_START", "TABLE_START", "HORIZONTAL_RULE", "QUOTE", "QUOTE_AT_LINE_START"),
    "paragraphs": ("PARAGRAPH_BREAK",),
    "baseonly": ("HEADING", "INDENTED_HEADING"),
}  # fmt: skip

_INLINE = ("formatting", "substitution", "disabled")


def _formatting(openers: Iterable[str]) -> dict[str, ModeRule]:
    """Return the modes of formatting, which cannot directly contain itself, and contains no blocks of the core."""
    return {
        opener.removesuffix("_OPEN"): ModeRule(_INLINE, (opener,), closes=(opener.replace("_OPEN", "_CLOSE"),))
        for opener in openers
        if opener.endswith("_OPEN") and opener != "FOOTNOTE_OPEN"
    }


_RULES: dict[str, ModeRule] = {
    "BASE": ModeRule((*_INLINE, "protected", "container", "paragraphs", "baseonly")),
    # The lines of a quotation: a page of their own without headings and quotations.
    "QUOTED": ModeRule((*_INLINE, "protected", "container", "paragraphs"), ("QUOTE", "QUOTE_AT_LINE_START")),
    "FOOTNOTE": ModeRule((*_INLINE, "protected", "container"), ("FOOTNOTE_OPEN",), closes=("FOOTNOTE_CLOSE",)),
    # The line ends of a list take precedence over preformatted text.
    "LIST": ModeRule((*_INLINE, "protected"), ("PREFORMATTED",), ("LIST_ITEM",), ("LIST_END",)),
    "TABLE": ModeRule(
        (*_INLINE, "protected"),
        own=("TABLE_ROW", "TABLE_ROWSPAN", "TABLE_CELL", "TABLE_HEADER"),
        closes=("TABLE_END",),
    ),
}

#: The modes in which a text begins.
_TEXTS = ("BASE", "QUOTED", "ITEM")

#: Single modes of DokuWiki that a plugin may name, with their terminals.
_MODES: dict[str, tuple[str, ...]] = {
    "media": ("MEDIA_START",), "internallink": ("LINK_START",), "externallink": ("EXTERNAL_LINK", "EXTERNAL_HOST"),
    "emaillink": ("EMAIL_LINK",), "windowssharelink": ("WINDOWS_SHARE",), "linebreak": ("LINE_BREAK",),
    "table": ("TABLE_START",),
}  # fmt: skip

#: Categories that hide a mode's closer: the search for a closer skips their markup.
_OPAQUE_CATEGORIES = ("substitution", "disabled", "protected", "container")
_TRANSPARENT = frozenset({"PREFORMATTED", "LIST_START", "TABLE_START", "MARKDOWN_TABLE"})
#: Formatting that contains no other markup hides closers, too.
_VERBATIM = frozenset({"BACKTICK", "BACKTICKS"})

#: Terminals that begin before the character by which they are found, so that they take precedence there.
_BEGIN_EARLIER = frozenset({"EXTERNAL_LINK", "EXTERNAL_HOST", "MULTIPLY", "LINE_END_BREAK"})

#: Terminals that begin with a line end and continue as the terminal LINE_START.
_LINE_STARTS = frozenset(
    {"LIST_START", "PREFORMATTED", "TABLE_START", "HORIZONTAL_RULE", "QUOTE", "QUOTATION_START", "PARAGRAPH_BREAK"}
)

#: The names that make up a pattern with a {mark} or {names}.
NAMED = {
    "SMILEY": "smileys", "SMILEY_FIRST": "smileys", "ACRONYM": "acronyms", "ACRONYM_FIRST": "acronyms",
    "ENTITY": "entities", "EXTERNAL_LINK_FIRST": "schemes", "ANGLE_LINK": "schemes",
}  # fmt: skip


class Mode(NamedTuple):
    """The terminals that count in a mode, and those that end it."""

    accepts: tuple[str, ...]
    closes: tuple[str, ...] = ()


class Modes(NamedTuple):
    """All modes of one syntax, and the special properties of some terminals."""

    modes: Mapping[str, Mode]
    #: The modes of formatting, without that of footnotes.
    formatting: frozenset[str]
    #: The modes whose closers limit the formatting that may open inside.
    guarded: frozenset[str]
    #: The terminals whose markup hides a closer.
    opaque: frozenset[str]
    #: Terminals that begin with a line end and continue as the terminal LINE_START.
    line_starts: frozenset[str]
    #: The terminals that begin before the character by which they are found.
    begin_earlier: frozenset[str]
    #: The markup of plugins by its terminal, and the terminals of these that need white space before them.
    plugins: Markups
    after_white_space: frozenset[str]
    #: The terminals of these that count only directly after other markup, by mode.
    right_behind: Mapping[str, tuple[str, ...]]


def modes_for(syntax: Syntax) -> Modes:
    """Return the modes under a wiki's settings, with the markup of its plugins and without disabled terminals."""
    off, plugins, release = _switched_off(syntax), markup_of(syntax.declared()), RELEASES[syntax.release]
    flavour = FLAVOURS[syntax.flavour]
    off |= flavour.dropped
    categories = {**CATEGORIES, **release.categories}
    categories |= {name: categories[name] + added for name, added in flavour.added.items()}
    formatting = _formatting(name for name in categories["formatting"] if name not in off)
    opaque = (
        frozenset(_all_of(categories, _OPAQUE_CATEGORIES)).union(_VERBATIM.intersection(categories["formatting"]))
        - _TRANSPARENT
    )
    contained = {name for one, markup in plugins.items() for name in _own(one, markup)}
    for name, markup in plugins.items():
        if name not in contained and not isinstance(markup, InnerHeading):
            categories[markup.category] += (name,)
    own_modes = {name: _rule(name, one) for name, one in plugins.items() if isinstance(one, Container)}
    rules = {**_RULES, **formatting, **release.modes, **flavour.modes, **own_modes}
    hiding = opaque | {name for name, one in plugins.items() if is_verbatim(one)}
    outermost = {name for name, one in plugins.items() if isinstance(one, Leaf) and one.outermost}
    after_white_space = {name for name, one in plugins.items() if isinstance(one, Leaf) and one.after_white_space}
    without = {name: off if name in _TEXTS else off | outermost for name in rules}
    # Blanks in a table are markup of the table.
    without["TABLE"] |= after_white_space
    accepting = {name: _mode(rule, categories, without[name]) for name, rule in rules.items()}
    right_behind = {name for name, one in plugins.items() if isinstance(one, Leaf) and one.right_behind}
    return Modes(
        {name: _without(mode, right_behind) for name, mode in accepting.items()},
        frozenset(formatting),
        frozenset((*formatting, "FOOTNOTE")) if release.closers_are_looked_for else frozenset(),
        hiding if release.closers_are_looked_for else frozenset(),
        _LINE_STARTS,
        _BEGIN_EARLIER,
        plugins,
        frozenset(after_white_space),
        {name: tuple(right_behind.intersection(mode.accepts)) for name, mode in accepting.items()},
    )


def _without(mode: Mode, names: Collection[str]) -> Mode:
    return Mode(tuple(name for name in mode.accepts if name not in names), mode.closes) if names else mode


def _own(name: str, markup: Markup) -> tuple[str, ...]:
    return own_terminals(name, markup) if isinstance(markup, Container) else ()


def _rule(name: str, markup: Container) -> ModeRule:
    """Return the mode of a plugin's container."""
    without = () if markup.nests else (name,)
    own = (*own_terminals(name, markup), *(terminal for mode in markup.modes for terminal in _MODES[mode]))
    return ModeRule(markup.contains, without, own, (f"{name}_CLOSE",))


def _mode(rule: ModeRule, categories: Mapping[str, tuple[str, ...]], without: Collection[str]) -> Mode:
    accepted = (name for name in _all_of(categories, rule.categories) if name not in rule.without)
    return Mode(tuple(name for name in (*accepted, *rule.own) if name not in without), rule.closes)


def _all_of(categories: Mapping[str, tuple[str, ...]], named: Iterable[str]) -> Iterable[str]:
    return (terminal for category in named for terminal in categories[category])


def _switched_off(syntax: Syntax) -> frozenset[str]:
    """Return the terminals that the wiki's settings disable."""
    off: set[str] = set()
    if "data" not in syntax.plugins:
        off.add("DATA_START")
    if syntax.typography < 2:
        off |= {"SINGLE_QUOTE_OPENING", "SINGLE_QUOTE_CLOSING", "APOSTROPHE", "SINGLE_QUOTE_BEHIND_BLANK"}
    if syntax.typography < 1:
        off |= {"DOUBLE_QUOTE_OPENING", "DOUBLE_QUOTE_CLOSING", "MULTIPLY"}
    if not syntax.camelcase:
        off.add("CAMEL_CASE_LINK")
    return frozenset(off)
