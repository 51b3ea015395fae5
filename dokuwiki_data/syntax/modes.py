"""Which markup counts where: DokuWiki's modes as a table of the grammar's terminals."""

from __future__ import annotations

from typing import NamedTuple

from dokuwiki_data.syntax.configuration import Syntax


class Mode(NamedTuple):
    """What counts in a mode, and what ends it."""

    accepts: tuple[str, ...]
    closes: tuple[str, ...] = ()


FORMATTING = (
    "STRONG_OPEN", "EMPHASIS_OPEN", "UNDERLINE_OPEN", "MONOSPACE_OPEN",
    "SUBSCRIPT_OPEN", "SUPERSCRIPT_OPEN", "DELETED_OPEN", "FOOTNOTE_OPEN",
)  # fmt: skip
SUBSTITUTIONS = (
    "NOTOC", "NOCACHE", "INFO", "LINE_BREAK", "SMILEY", "ACRONYM", "ENTITY", "MULTIPLY",
    "DOUBLE_QUOTE_OPENING", "DOUBLE_QUOTE_CLOSING",
    "SINGLE_QUOTE_OPENING", "SINGLE_QUOTE_CLOSING", "APOSTROPHE",
    "CAMEL_CASE_LINK", "LINK_START", "RSS_START", "MEDIA_START",
    "EXTERNAL_LINK", "EXTERNAL_HOST", "EMAIL_LINK", "WINDOWS_SHARE", "DATA_START",
)  # fmt: skip
DISABLED = ("NOWIKI_START", "PERCENT_START")
PROTECTED = ("CODE_START", "FILE_START")
CONTAINERS = ("LIST_START", "TABLE_START", "HORIZONTAL_RULE")
QUOTES = ("QUOTE", "QUOTE_AT_LINE_START")
INLINE = FORMATTING + SUBSTITUTIONS + DISABLED

#: Formatting does not nest directly in itself, and has no code or other blocks of core in it.
FORMATTING_MODES = {
    opener.removesuffix("_OPEN"): Mode(
        tuple(name for name in INLINE if name != opener), (opener.replace("_OPEN", "_CLOSE"),)
    )
    for opener in FORMATTING
    if opener != "FOOTNOTE_OPEN"
}

#: In a quotation, a page of its own without headings and quotations.
QUOTED = Mode((*INLINE, *PROTECTED, *CONTAINERS, "PREFORMATTED", "PARAGRAPH_BREAK"))

MODES: dict[str, Mode] = {
    "BASE": Mode((*QUOTED.accepts, *QUOTES, "HEADING", "INDENTED_HEADING")),
    "QUOTED": QUOTED,
    **FORMATTING_MODES,
    "FOOTNOTE": Mode(
        (*(name for name in INLINE if name != "FOOTNOTE_OPEN"), *PROTECTED, *CONTAINERS, *QUOTES, "PREFORMATTED"),
        ("FOOTNOTE_CLOSE",),
    ),
    "LIST": Mode((*INLINE, *PROTECTED, "LIST_ITEM"), ("LIST_END",)),
    "TABLE": Mode(
        (*INLINE, *PROTECTED, "PREFORMATTED", "TABLE_ROW", "TABLE_ROWSPAN", "TABLE_CELL", "TABLE_HEADER"),
        ("TABLE_END",),
    ),
}

#: Terminals that begin before the character by which they are found, so that they come first there.
BEGIN_EARLIER = frozenset({"EXTERNAL_LINK", "EXTERNAL_HOST", "MULTIPLY"})

#: What does not count when a mode's closer is looked for: it is stepped over whole.
OPAQUE = frozenset((*SUBSTITUTIONS, *DISABLED, *PROTECTED, *QUOTES, "HORIZONTAL_RULE"))

#: What begins with a line end and goes on as the terminal LINE_START says.
LINE_STARTS = frozenset(
    {"LIST_START", "PREFORMATTED", "TABLE_START", "HORIZONTAL_RULE", "QUOTE", "PARAGRAPH_BREAK"}
)  # fmt: skip

#: The names that make up a pattern with a {mark}.
NAMED = {"SMILEY": "smileys", "ACRONYM": "acronyms", "ENTITY": "entities"}


def switched_off(syntax: Syntax) -> frozenset[str]:
    """The terminals that do not count under a wiki's settings."""
    off: set[str] = set()
    if "data" not in syntax.plugins:
        off.add("DATA_START")
    if syntax.typography < 2:
        off |= {"SINGLE_QUOTE_OPENING", "SINGLE_QUOTE_CLOSING", "APOSTROPHE"}
    if syntax.typography < 1:
        off |= {"DOUBLE_QUOTE_OPENING", "DOUBLE_QUOTE_CLOSING", "MULTIPLY"}
    if not syntax.camelcase:
        off.add("CAMEL_CASE_LINK")
    return frozenset(off)
