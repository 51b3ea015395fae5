"""Pieces of pandoc's AST as JSON text.

The AST is that of https://hackage.haskell.org/package/pandoc-types (module ``Text.Pandoc.Definition``): an element is
an object with its type ``t`` and its content ``c``. Elements are written one after another, each with `END` behind it;
`put_together` makes the commas between them of that. So lists need not be built before they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring

from dokuwiki_data.render.characters import safe_json

#: What stands behind each element. JSON has no such character: in strings it is escaped.
END = "\0"

SPACE = f'{{"t":"Space"}}{END}'
SOFT_BREAK = f'{{"t":"SoftBreak"}}{END}'
LINE_BREAK = f'{{"t":"LineBreak"}}{END}'
RULE = f'{{"t":"HorizontalRule"}}{END}'

#: Attributes of an element that has none.
NO_ATTRIBUTES = '["",[],[]]'

#: What code within a line begins and ends with; the text between is the inside of a JSON string.
CODE, CODE_END = f'{{"t":"Code","c":[{NO_ATTRIBUTES},"', f'"]}}{END}'

_TEXT, _TEXT_END = '{"t":"Str","c":"', f'"}}{END}'
#: Most elements are words and the blanks between them, so they get their commas here.
_BETWEEN_WORDS = f"{_TEXT_END}{SPACE}{_TEXT}".replace(END, ",")
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def put_together(pieces: Iterable[str]) -> str:
    """Return pieces as JSON text."""
    return "".join(pieces).replace(f"{END}]", "]").replace(END, ",")


def as_json_text(text: str) -> str:
    """Return a text as JSON, in quotation marks.

    Characters that XML does not allow (https://www.w3.org/TR/xml/#charsets) are U+FFFD: pandoc drops them in some
    formats, and in others writes files that no program opens.
    """
    encoded = encode_basestring(text)
    if encoded.isascii() and "\\" not in encoded and "\x7f" not in encoded:  # most texts
        return encoded
    if _NOT_IN_XML.search(text):
        encoded = encode_basestring(_NOT_IN_XML.sub("\ufffd", text))
    return safe_json(encoded)


def texts(text: str) -> str:
    """Return text as elements: words, blanks between them, and line ends, which are blanks that readers may see.

    Example:
        >>> put_together(["[", texts("tea  time"), "]"])
        '[{"t":"Str","c":"tea"},{"t":"Space"},{"t":"Str","c":"time"}]'
    """
    # This takes less time than a regular expression.
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text or "\v" in text:
        text = _BLANKS.sub(lambda found: "\n" if "\n" in found[0] else " ", text)
        if "\n" in text:
            return SOFT_BREAK.join(_words(line) for line in text.split("\n"))
    return _words(text)


def _words(text: str) -> str:
    """Return text, in which only single blanks are blanks, as elements."""
    inside = text.strip(" ")
    if not inside:
        return SPACE if text else ""
    written = f"{_TEXT}{as_json_text(inside)[1:-1].replace(' ', _BETWEEN_WORDS)}{_TEXT_END}"
    if len(inside) == len(text):
        return written
    return f"{SPACE if text[0] == ' ' else ''}{written}{SPACE if text[-1] == ' ' else ''}"


def attributes(identifier: str = "", classes: Sequence[str] = (), values: Iterable[tuple[str, str]] = ()) -> str:
    """Return the attributes of an element.

    Args:
        identifier: The anchor; empty without one.
        classes: The names of classes, which have no blanks.
        values: Other attributes, each with its value.
    """
    if not identifier and not classes and not values:
        return NO_ATTRIBUTES
    pairs = ",".join(f"[{as_json_text(name)},{as_json_text(value)}]" for name, value in values)
    return f"[{as_json_text(identifier)},[{','.join(map(as_json_text, classes))}],[{pairs}]]"


def element(kind: str, *content: str) -> str:
    """Return an element, given its type and the parts of its content as JSON or pieces of it.

    Example:
        >>> put_together([element("CodeBlock", NO_ATTRIBUTES, '"x = 1"')])
        '{"t":"CodeBlock","c":[["",[],[]],"x = 1"]},'
    """
    inside = content[0] if len(content) == 1 else f"[{','.join(content)}]"
    return f'{{"t":"{kind}","c":{inside}}}{END}'
