"""Which markup counts where: DokuWiki's modes as a table of categories of the grammar's terminals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from dokuwiki_data.plugins.declaration import Container, InnerHeading, Leaf, Markup
from dokuwiki_data.syntax.configuration import Syntax
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


#: Formatting does not nest directly in itself, and has no code or other blocks of core in it.
_FORMATTING = {
    opener.removesuffix("_OPEN"): ModeRule(_INLINE, (opener,), closes=(opener.replace("_OPEN", "_CLOSE"),))
    for opener in CATEGORIES["formatting"]
    if opener != "FOOTNOTE_OPEN"
}

_RULES: dict[str, ModeRule] = {
    "BASE": ModeRule((*_INLINE, "protected", "container", "paragraphs", "baseonly")),
    # The lines of a quotation: a page of their own without headings and quotations.
    "QUOTED": ModeRule((*_INLINE, "protected", "container", "paragraphs"), ("QUOTE", "QUOTE_AT_LINE_START")),
    **_FORMATTING,
    "FOOTNOTE": ModeRule((*_INLINE, "protected", "container"), ("FOOTNOTE_OPEN",), closes=("FOOTNOTE_CLOSE",)),
    # Its line ends come before preformatted text.
    "LIST": ModeRule((*_INLINE, "protected"), ("PREFORMATTED",), ("LIST_ITEM",), ("LIST_END",)),
    "TABLE": ModeRule(
        (*_INLINE, "protected"),
        own=("TABLE_ROW", "TABLE_ROWSPAN", "TABLE_CELL", "TABLE_HEADER"),
        closes=("TABLE_END",),
    ),
}

#: Single modes of DokuWiki's that a plugin may name, with the terminals that begin them.
_MODES: dict[str, tuple[str, ...]] = {
    "media": ("MEDIA_START",), "internallink": ("LINK_START",), "externallink": ("EXTERNAL_LINK", "EXTERNAL_HOST"),
    "emaillink": ("EMAIL_LINK",), "windowssharelink": ("WINDOWS_SHARE",), "linebreak": ("LINE_BREAK",),
    "table": ("TABLE_START",),
}  # fmt: skip

#: What does not count when a mode's closer is looked for: it is stepped over whole.
_OPAQUE_CATEGORIES = ("substitution", "disabled", "protected", "container")
_TRANSPARENT = frozenset({"PREFORMATTED", "LIST_START", "TABLE_START"})

#: Terminals that begin before the character by which they are found, so that they come first there.
_BEGIN_EARLIER = frozenset({"EXTERNAL_LINK", "EXTERNAL_HOST", "MULTIPLY"})

#: What begins with a line end and goes on as the terminal LINE_START says.
_LINE_STARTS = frozenset(
    {"LIST_START", "PREFORMATTED", "TABLE_START", "HORIZONTAL_RULE", "QUOTE", "QUOTATION_START", "PARAGRAPH_BREAK"}
)

#: The names that make up a pattern with a {mark} or {names}.
NAMED = {
    "SMILEY": "smileys", "SMILEY_FIRST": "smileys", "ACRONYM": "acronyms", "ACRONYM_FIRST": "acronyms",
    "ENTITY": "entities", "EXTERNAL_LINK_FIRST": "schemes",
}  # fmt: skip


class Mode(NamedTuple):
    """What counts in a mode, and what ends it."""

    accepts: tuple[str, ...]
    closes: tuple[str, ...] = ()


class Modes(NamedTuple):
    """All modes of one syntax, and what is special about some terminals."""

    modes: Mapping[str, Mode]
    #: The modes of formatting, without that of footnotes.
    formatting: frozenset[str]
    #: The modes whose closers count for what may open inside.
    guarded: frozenset[str]
    #: What hides a closer: it is stepped over whole.
    opaque: frozenset[str]
    #: What begins with a line end and goes on as the terminal LINE_START says.
    line_starts: frozenset[str]
    #: What begins before the character by which it is found.
    begin_earlier: frozenset[str]
    #: What plugins add, by its terminal, and what of it needs white space before it.
    plugins: Markups
    after_white_space: frozenset[str]
    #: What of it counts right behind other markup only, by mode.
    right_behind: Mapping[str, tuple[str, ...]]


def modes_for(syntax: Syntax) -> Modes:
    """The modes as they are under a wiki's settings, with the markup of its plugins; what is off is in none of them."""
    off, plugins, release = _switched_off(syntax), markup_of(syntax.declared()), RELEASES[syntax.release]
    categories = {**CATEGORIES, **release.categories}
    opaque = frozenset(_all_of(categories, _OPAQUE_CATEGORIES)) - _TRANSPARENT
    contained = {name for one, markup in plugins.items() for name in _own(one, markup)}
    for name, markup in plugins.items():
        if name not in contained and not isinstance(markup, InnerHeading):
            categories[markup.category] += (name,)
    own_modes = {name: _rule(name, one) for name, one in plugins.items() if isinstance(one, Container)}
    rules = {**_RULES, **release.modes, **own_modes}
    hiding = opaque | {name for name, one in plugins.items() if is_verbatim(one)}
    outermost = {name for name, one in plugins.items() if isinstance(one, Leaf) and one.outermost}
    after_white_space = {name for name, one in plugins.items() if isinstance(one, Leaf) and one.after_white_space}
    without = {name: off if name in ("BASE", "QUOTED") else off | outermost for name in rules}
    # The blanks in a table are its own.
    without["TABLE"] |= after_white_space
    accepting = {name: _mode(rule, categories, without[name]) for name, rule in rules.items()}
    right_behind = {name for name, one in plugins.items() if isinstance(one, Leaf) and one.right_behind}
    return Modes(
        {name: _without(mode, right_behind) for name, mode in accepting.items()},
        frozenset(_FORMATTING),
        frozenset((*_FORMATTING, "FOOTNOTE")) if release.closers_are_looked_for else frozenset(),
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
    """The mode inside of a plugin's markup."""
    without = () if markup.nests else (name,)
    own = (*own_terminals(name, markup), *(terminal for mode in markup.modes for terminal in _MODES[mode]))
    return ModeRule(markup.contains, without, own, (f"{name}_CLOSE",))


def _mode(rule: ModeRule, categories: Mapping[str, tuple[str, ...]], without: Collection[str]) -> Mode:
    accepted = (name for name in _all_of(categories, rule.categories) if name not in rule.without)
    return Mode(tuple(name for name in (*accepted, *rule.own) if name not in without), rule.closes)


def _all_of(categories: Mapping[str, tuple[str, ...]], named: Iterable[str]) -> Iterable[str]:
    return (terminal for category in named for terminal in categories[category])


def _switched_off(syntax: Syntax) -> frozenset[str]:
    """The terminals that do not count under a wiki's settings."""
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
