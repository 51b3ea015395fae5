"""DokuWiki's flavours: which of its own syntax and of Markdown counts, and which of the two is preferred, as a table.

A wiki's setting ``syntax`` is one of them. The pattern of a terminal is in ``grammar/dokuwiki.lark`` or in
``grammar/dokuwiki-markdown.lark``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dokuwiki_data.syntax.releases import ModeRule


class SyntaxFlavour(NamedTuple):
    """A flavour of the syntax; the defaults are those of DokuWiki's own."""

    #: Terminals that count in addition, by category.
    added: Mapping[str, tuple[str, ...]] = {}
    #: Terminals that do not count.
    dropped: frozenset[str] = frozenset()
    #: Terminals that have the pattern of another, and its action, if it has one.
    patterns: Mapping[str, str] = {}
    #: Modes in addition.
    modes: Mapping[str, ModeRule] = {}
    #: Blocks that begin with the second line end of an empty line if they are complete, which no pattern can tell.
    begin_behind_empty_lines: tuple[str, ...] = ()
    #: The number of blanks that indent a preformatted line; a tab does, too.
    indent: int = 2
    #: Whether Markdown is preferred: lists are Markdown's, quotations have paragraphs instead of lines.
    prefers_markdown: bool = False

    @property
    def reads_markdown(self) -> bool:
        """Whether any Markdown counts."""
        return bool(self.added)

    @property
    def reads_own(self) -> bool:
        """Whether DokuWiki's own markup counts."""
        return not self.dropped >= _OWN


#: What counts wherever Markdown is read.
_MARKDOWN = {
    "formatting": ("STARS_OPEN", "STAR_OPEN", "TILDES_OPEN", "BACKTICK", "BACKTICKS"),
    "substitution": ("ESCAPE", "LINE_END_BREAK", "CHARACTER_REFERENCE", "MARKDOWN_LINK", "MARKDOWN_IMAGE"),
    "protected": ("FENCED_CODE", "FENCED_FILE"),
    "container": ("MARKDOWN_TABLE",),
    "baseonly": ("MARKDOWN_HEADING",),
}
#: What counts only where it is preferred.
_PREFERRED = {
    **_MARKDOWN,
    "formatting": (*_MARKDOWN["formatting"], "UNDERSCORES_OPEN", "UNDERSCORE_STRONG_OPEN", "UNDERSCORE_OPEN"),
    "substitution": (*_MARKDOWN["substitution"], "ANGLE_LINK"),
    "container": (*_MARKDOWN["container"], "MARKDOWN_LIST"),
}
_IN_LINES = ("formatting", "substitution", "disabled", "protected")
_MODES = {
    "MARKDOWN_TABLE": ModeRule(_IN_LINES, own=("MARKDOWN_BAR", "MARKDOWN_NEXT_ROW"), closes=("MARKDOWN_TABLE_END",)),
}
_PREFERRED_MODES = {
    **_MODES,
    # The lines of an item of a list: a text of their own without headings and lists.
    "ITEM": ModeRule((*_IN_LINES, "container", "paragraphs"), ("MARKDOWN_LIST",)),
}
_COMPLETE_BLOCKS = ("FENCED_CODE", "FENCED_FILE", "MARKDOWN_TABLE")
_IN_PLACE = {"HORIZONTAL_RULE": "MARKDOWN_RULE"}
_PREFERRED_IN_PLACE = {
    **_IN_PLACE,
    "PREFORMATTED": "PREFORMATTED_BY_FOUR",
    "PREFORMATTED_LINES": "PREFORMATTED_LINES_BY_FOUR",
    "PREFORMATTED_END": "PREFORMATTED_END_BY_FOUR",
    "EXTERNAL_LINK": "EXTERNAL_LINK_OR_BRACKETS",
    "EXTERNAL_HOST": "EXTERNAL_HOST_OR_BRACKETS",
}
#: What leaves room for DokuWiki's own line breaks.
_BESIDE_OWN = {"ESCAPE": "ESCAPE_BUT_BREAK"}
#: Markup of DokuWiki's own for which the preferred Markdown has another meaning.
_REPLACED = frozenset({"UNDERLINE_OPEN", "LIST_START"})
#: The rest of DokuWiki's own that "md" does not read.
_OWN = frozenset((
    "EMPHASIS_OPEN", "MONOSPACE_OPEN", "DELETED_OPEN", "NOWIKI_START", "PERCENT_START", "CODE_START", "FILE_START",
    "HEADING", "INDENTED_HEADING", "LINE_BREAK", "LINK_START", "MEDIA_START", "TABLE_START",
))  # fmt: skip

#: The flavours by DokuWiki's name.
FLAVOURS: dict[str, SyntaxFlavour] = {
    "dw": SyntaxFlavour(),
    "md": SyntaxFlavour(
        added=_PREFERRED,
        dropped=_REPLACED | _OWN,
        modes=_PREFERRED_MODES,
        patterns={**_PREFERRED_IN_PLACE, "PARAGRAPH_BREAK": "PARAGRAPH_BREAK_MD"},
        begin_behind_empty_lines=_COMPLETE_BLOCKS,
        indent=4,
        prefers_markdown=True,
    ),
    "dw+md": SyntaxFlavour(
        added=_MARKDOWN,
        modes=_MODES,
        patterns={**_IN_PLACE, **_BESIDE_OWN, "PARAGRAPH_BREAK": "PARAGRAPH_BREAK_DW_MD"},
        begin_behind_empty_lines=_COMPLETE_BLOCKS,
    ),
    "md+dw": SyntaxFlavour(
        added=_PREFERRED,
        dropped=_REPLACED,
        modes=_PREFERRED_MODES,
        patterns={**_PREFERRED_IN_PLACE, **_BESIDE_OWN, "PARAGRAPH_BREAK": "PARAGRAPH_BREAK_MD_DW"},
        begin_behind_empty_lines=_COMPLETE_BLOCKS,
        indent=4,
        prefers_markdown=True,
    ),
}  # fmt: skip
