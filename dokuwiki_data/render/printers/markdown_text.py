r"""Print text so that DokuWiki's Markdown reads it as text: with a backslash, or with the number of a character.

DokuWiki reads a backslash before any sign of ASCII as that sign, and the numbers of characters as in HTML.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dokuwiki_data.nodes import inline as nodes
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.render.escaping import Escape, Escapes
from dokuwiki_data.render.printers.printers import AS_IT_IS, BROKEN_UP, PrintOptions
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.flavours import FLAVOURS

_AROUND_LINE_END = re.compile(r"[ \t]*\n[ \t]*")
_SIGN = r"[!-/:-@\[-`{-~]"
#: A character before or behind which an underscore is not within a word; those outside of ASCII are letters.
NO_WORD = re.compile(r"[\s!-/:-@\[-^`{|}~]", re.ASCII)
_LETTER = r"[^\s!-/:-@\[-^`{|}~_]"

#: What counts wherever Markdown does.
_MARKDOWN = (
    Escape("`"),
    Escape.exception(r"(?<=\s)\*(?=\s)"),
    Escape(r"\*"),
    Escape("~(?=~)"),
    Escape(r"!(?=\[)"),
    Escape(r"\](?=\()"),
    Escape(r"&(?=#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{0,30};)", "&amp;"),
)
_UNDERSCORES = (
    Escape.exception(rf"(?<=\s)_(?=\s)|(?<={_LETTER})_++(?={_LETTER})"),
    Escape("_"),
)
#: Backslashes: beside DokuWiki's own markup, two before a blank are a line break.
_BACKSLASHES = (Escape(rf"\\(?={_SIGN}|$)"),)
_BACKSLASHES_BESIDE_DOKUWIKI = (
    Escape(r"\\(?=\s|\Z)", "&#92;"),
    Escape(rf"\\(?={_SIGN})"),
)

#: What begins a block at the beginning of a line.
_LINES = (
    Escape(r"^(?:#{1,6}(?=[ \t]|$)|>|(?:-{3,}|\*{3,}|_{3,})$)"),
    Escape(r"^[ \t|:]*(?=-[-|: \t]*$)", r"\g<0>\\"),
)
_ITEMS = (
    Escape(r"^[-+*](?=[ \t]|$)"),
    Escape(r"^\d{1,9}(?=[.)](?:[ \t]|$))", r"\g<0>\\"),
)
_DOKUWIKI_LINES = (Escape(r"^(?:[|^]|==)"),)

#: What counts in every flavour, beside what is replaced.
_ALWAYS = (
    Escape(r"\((?=\()"),
    Escape("<(?=[A-Za-z/])"),
    Escape(r":(?=//)"),
    Escape(r"(?<=[wWpP])\.(?=\w)"),  # www. and ftp. begin an address
    Escape(r"(?<=\d)x(?=\d)", "&#120;"),
    Escape('"'),
    Escape("'"),
)

#: What counts where DokuWiki's own markup does.
_OWN = (
    Escape(r"\{(?=\{)"),
    Escape(r"\[(?=\[)"),
    Escape("/(?=/)"),
    Escape("%(?=%)"),
    Escape("=(?==)"),
)


@lru_cache
def text_rules(name: str) -> tuple[Escapes, Escapes]:
    """Return what is escaped in text of a flavour, and at the beginning of lines."""
    flavour = FLAVOURS[name]
    text = [*(_BACKSLASHES_BESIDE_DOKUWIKI if flavour.reads_own else _BACKSLASHES), *_MARKDOWN]
    lines = [*_LINES]
    if flavour.prefers_markdown:
        text += _UNDERSCORES
        lines = [*_ITEMS, *lines]
    if flavour.reads_own:
        lines += _DOKUWIKI_LINES
    return Escapes(tuple(text)), Escapes(tuple(lines))


@lru_cache(maxsize=8)
def _all_rules(syntax: Syntax) -> Escapes:
    """Return what is escaped in text in which nothing must be replaced, either."""
    names = [*syntax.names("entities"), *syntax.names("smileys")]
    begins = {(name[0], re.escape(name[1:])) for name in names if re.match(_SIGN, name)}
    replaced = tuple(
        Escape(rf"{re.escape(begin)}(?={'|'.join(sorted(rest for other, rest in begins if other == begin))})")
        for begin in sorted({begin for begin, _ in begins})
    )
    # The last letter of an abbreviation, since the rest could be another one if the first was missing.
    abbreviations = tuple(
        Escape(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", f"{name[:-1]}&#{ord(name[-1])};")
        for name in syntax.names("acronyms")
        if name.isalnum()
    )
    text, _ = text_rules(syntax.flavour)
    own = _OWN if FLAVOURS[syntax.flavour].reads_own else ()
    return Escapes((*abbreviations, *_ALWAYS, *own, *replaced, *text.rules))


def escaped(text: str, options: PrintOptions, *, unparsed: bool = False) -> str:
    """Return text as it stands at a place; ``unparsed`` if nothing in it must be replaced, either."""
    rules, lines = text_rules(options.syntax.flavour)
    if unparsed or options.care == BROKEN_UP:
        rules = _all_rules(options.syntax)
    if options.flavour.prefers_markdown and "\n" in text:
        text = _AROUND_LINE_END.sub("\n", text)
    if unparsed or options.care != AS_IT_IS:
        text = rules.escaped(text, _kind(options.before[-1:]), _kind(options.after[:1]))
        if not options.bars and ("\n" in text or options.before == "\n"):
            text = lines.escaped(text, "" if options.before == "\n" else ",")
    if options.bars:
        text = text.replace("|", r"\|")
    return text.replace("\n", "\\\n") if options.in_quotation else text


def _kind(character: str) -> str:
    """Return a character of the same kind that no rule escapes: a blank, a sign or a letter."""
    if character in ("", "\n"):
        return character
    return " " if character.isspace() else "," if NO_WORD.match(character) else "x"


def code_span(text: str) -> str | None:
    """Return text as code within a line; None if no code is read as this text.

    One blank at both edges is not part of the code, unless there are only blanks.
    """
    runs = {len(run) for run in re.findall("`+", text)}
    fence = next((fence for fence in ("`", "``") if len(fence) not in runs), None)
    if fence is None or not text or "\n\n" in text:
        return None
    if text.strip(" ") and ((text[0] == text[-1] == " ") or text[0] == "`" or text[-1] == "`"):
        text = f" {text} "
    return f"{fence}{text}{fence}"


def shown_text(content: tuple[Node, ...]) -> str | None:
    """Return the text of nodes that are nothing else; None if one is."""
    parts = []
    for node in content:
        if not isinstance(node, (nodes.Text, nodes.Unformatted)):
            return None
        parts.append(node.text)
    return "".join(parts)
