"""Escaping: text that stays text in Markdown, without a backslash where none is needed."""

from __future__ import annotations

from dokuwiki_data.render.escaping import Escape, Escapes

#: The beginning of a character's name in HTML.
ENTITY = r"&(?=#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)"

# What counts in CommonMark (https://spec.commonmark.org/0.31.2/). A delimiter between blanks is text, and so are
# underscores within a word.

#: What could be markup anywhere in a line.
COMMONMARK_TEXT = Escapes((
    Escape(r"\\(?=[!-/:-@\[-`{-~]|$)"),
    Escape("`"),
    Escape.exception(r"(?<=\s)[*_](?=\s)"),
    Escape.exception(r"(?<=[^\W_])_++(?=[^\W_])"),
    Escape("[*_]"),
    Escape(r"\](?=[(\[])"),
    Escape(r"!(?=\[\Z)"),
    Escape(r"<(?=[A-Za-z/!?]|[^\s<>]*[@:])"),
    Escape(ENTITY, "&amp;"),
))  # fmt: skip

#: What could begin a block, or underline a heading, at the beginning of a line.
COMMONMARK_LINES = Escapes((
    Escape(r"^\d{1,9}(?=[.)](?:[ \t]|$))", r"\g<0>\\"),
    Escape(r"^(?:#{1,6}(?=[ \t]|$)|>|[-+*](?=[ \t]|$)|\[(?=[^\]\n]*\]:))"),
    Escape(r"^(?:\*(?=[* \t]*$)|_(?=[_ \t]*$)|=(?=[= \t]*$)|(?=[-:| \t]*-)[-:|](?=[-:| \t]*$))"),
))  # fmt: skip
