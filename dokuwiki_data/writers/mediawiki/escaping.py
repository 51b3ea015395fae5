"""What is escaped in wikitext, as characters by their number: such characters never count as markup.

See https://www.mediawiki.org/wiki/Help:Formatting and https://www.mediawiki.org/wiki/Markup_spec.
"""

from __future__ import annotations

import re

from dokuwiki_data.render.escaping import Escape, Escapes

_BLANKS = re.compile(r"[ \t\n\r\f\v]+")


def folded(text: str) -> str:
    """Return text on one line, with one blank where there are several."""
    return _BLANKS.sub(" ", text).strip(" ")


def numbered(character: str) -> str:
    """Return a character by its number.

    Example:
        >>> numbered("*")
        '&#42;'
    """
    return f"&#{ord(character)};"


def _each(characters: str, pattern: str) -> tuple[Escape, ...]:
    """Return a rule for each of several characters; ``{}`` stands for the character in the pattern."""
    return tuple(Escape(pattern.format(re.escape(one)), numbered(one)) for one in characters)


#: The beginning of a character's name or number; MediaWiki knows names in Hebrew and Arabic letters, too.
_ENTITY = Escape(r"&(?=#?\w+;)", "&amp;")

#: Schemes that make a link of what follows without two slashes (https://www.mediawiki.org/wiki/Manual:$wgUrlProtocols).
_SHORT_SCHEMES = (
    "bitcoin", "geo", "magnet", "mailto", "matrix", "news", "sip", "sips", "sms", "tel", "urn", "xmpp",
)  # fmt: skip


#: Stands for the apostrophes of an edge of formatting, which no rule may escape.
EDGE = "\x01"


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" for letter in word)


#: French spacing, which makes another character of the blank beside these signs.
_FRENCH = (*_each("?:;!%»›", r"(?<=[ \n]){}(?![^\W_])"), *_each("«‹", r"{}(?=[ \n])"))

#: Addresses that would become links.
_ADDRESSES = (
    Escape(r"(?<=[A-Za-z0-9+.-]):(?=//)", "&#58;"),
    *(Escape(rf"(?<=\b{_any_case(scheme)}):(?=\S)", "&#58;") for scheme in _SHORT_SCHEMES),
)

#: What could be markup in any text.
_MARKUP = (
    _ENTITY,
    Escape("<(?=[A-Za-z/!])", "&lt;"),
    # Bold and italic text, also if the apostrophe stands beside an edge of formatting.
    Escape(f"'(?=['{EDGE}])", "&#39;"),
    Escape(f"(?<=['{EDGE}])'", "&#39;"),
    # Links, templates, and the markup of languages with several scripts.
    Escape(r"\[(?=\[|//)", "&#91;"),
    Escape(r"\{(?=\{)", "&#123;"),
    Escape(r"(?<=-)\{", "&#123;"),
    # Switches such as __TOC__, whose names depend on the language, and signatures.
    Escape(r"_(?=_[^\W_])", "&#95;"),
    Escape("＿(?=＿)", numbered("＿")),
    Escape("~(?=~~)", "&#126;"),
    *_FRENCH,
)

#: What could be markup anywhere in a line, such as the numbers of books and of other texts, which become links.
TEXT = Escapes((
    *_MARKUP,
    *_ADDRESSES,
    *(Escape(rf"(?<!\w){word}(?=\s+\d)", r"\g<0><nowiki/>") for word in ("ISBN", "PMID", "RFC")),
))  # fmt: skip

#: What could be markup in the cell of a table as well.
CELL = TEXT.and_before(Escape(r"\|", "&#124;"), Escape("!(?=!)", "&#33;"))

#: What could end the text of a link, or be another parameter of it. Links in it do not count.
LABEL = Escapes((*_each("[]|", "{}"), *_MARKUP))

#: What could begin a block at the beginning of a line: a list, a heading, a rule, a table, preformatted text.
LINES = Escapes((*_each("*#:;=|! ", "^{}"), Escape("^-(?=---)", "&#45;"), Escape(r"^\{(?=\|)", "&#123;")))

#: What counts between the tags ``nowiki``, which may stand between those of a note.
_IN_NOWIKI = Escapes((
    _ENTITY, Escape("<(?=/|[Nn][Oo][Ww][Ii][Kk][Ii])", "&lt;"), *_FRENCH,
))  # fmt: skip

#: What counts between the tags ``pre``, in which those of ``nowiki`` are left out; they may stand in a note as well.
_IN_PRE = Escapes((
    _ENTITY,
    Escape("<(?=/?(?:[Pp][Rr][Ee]|[Nn][Oo][Ww][Ii][Kk][Ii])|/[Rr][Ee][Ff])", "&lt;"),
))  # fmt: skip

#: What may stand in an attribute of a tag as it is.
_NOT_PLAIN = re.compile(r"[^\w .,/()-]|_|--+")


def nowiki(text: str) -> str:
    """Return text between tags that let nothing in it count."""
    return f"<nowiki>{_IN_NOWIKI.escaped(text)}</nowiki>"


def preformatted(text: str) -> str:
    """Return text as it stands between the tags ``pre``."""
    return _IN_PRE.escaped(text)


def attribute(text: str) -> str:
    """Return text as the value of an attribute of a tag, or as a parameter of an image."""
    return _NOT_PLAIN.sub(lambda found: "".join(map(numbered, found[0])), folded(text))
