"""What is in a written file of HTML: its leaves, anchors and addresses, read by the parser of the standard library."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

from dokuwiki_data.exports.verification.leaves import NO_MARKS, LeafBuilder, Marks, PageLeaf
from dokuwiki_data.render.characters import percent_encoded

_MARK_OF = {
    "strong": "strong", "em": "em", "code": "code", "sub": "sub", "sup": "sup", "del": "del", "s": "del", "u": "u",
    "mark": "mark",
}  # fmt: skip
_CONTAINERS = frozenset(
    ("ul", "ol", "li", "table", "tr", "blockquote", "dl", "dt", "dd", "details", "figure", "figcaption")
)
_BLOCKS = frozenset(("p", "div", "thead", "tbody", "summary", "article", "pre"))
_VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_HEADING = re.compile("h[1-6]")
#: What addresses may not have (https://url.spec.whatwg.org/#url-code-points), and letters that are not ASCII.
_NOT_IN_ADDRESSES = re.compile(r'[^\x21-\x7e]|[<>()"`|\\^{}]')
_OUTER = re.compile(r"[a-z][a-z0-9+.\-]*:|//", re.IGNORECASE)

#: The attribute of elements that were Markdown before, unlike HTML in it.
FROM_MARKDOWN = "data-markdown"

#: What an address of the file means: ``page:a:b#anchor``, ``media:x.png``, or the address itself. Given are the address
#: and whether it stands in HTML, and not in Markdown that became HTML.
Meaning = Callable[[str, bool], str]


@dataclass(slots=True)
class WrittenContent:
    """What is in a file of HTML.

    Attributes:
        leaves: What its ``<article>`` says.
        ids: The anchors of the whole file.
        addresses: Every address that is linked to or shown in the whole file.
        own_addresses: Those of them that stand neither in the article nor in the wiki's own sidebar.
        has_base: Whether the file says itself where it is, so that its addresses begin at the root of the site.
        faults: What is wrong in it, whatever the wiki says.
    """

    leaves: list[PageLeaf] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    own_addresses: set[str] = field(default_factory=set)
    has_base: bool = False
    faults: list[str] = field(default_factory=list)


def read_written(text: str, meaning: Meaning) -> WrittenContent:
    """Return what is in a file of HTML.

    Args:
        text: The content of the file.
        meaning: Returns what an address means.
    """
    reader = _Reader(meaning)
    reader.feed(text)
    reader.close()
    reader.builder.end()
    reader.found.leaves = reader.builder.leaves
    return reader.found


def is_outer(address: str) -> bool:
    """Return whether an address leads out of the copy."""
    return _OUTER.match(address) is not None


def target_file(file: str, address: str) -> str:
    """Return the file that an address in a file leads to."""
    path = unquote(address.partition("#")[0].partition("?")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file


def canonical_address(address: str) -> str:
    """Return an address with everything encoded that an address may not have, so that equal ones are equal."""
    return _NOT_IN_ADDRESSES.sub(lambda found: percent_encoded(found[0], safe=""), address)


@dataclass(slots=True)
class _Element:
    """An open element: its tag, the marks around it, and what ends it."""

    tag: str
    marks: Marks
    end: Callable[[], None] | None


class _Reader(HTMLParser):
    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self.found = WrittenContent()
        self.builder = LeafBuilder()
        self._meaning = meaning
        self._open: list[_Element] = []
        self._marks = NO_MARKS
        #: The lines of code that is read; None elsewhere.
        self._code: list[str] | None = None
        #: Where in the file this is: ``article``, ``sidebar``, or nothing of the wiki.
        self._part = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "base":
            self.found.has_base = True
            return
        self._note(values)
        if tag == "article" or (tag == "div" and values.get("class") == "sidebar"):
            self._begin(tag, lambda: self._leave())
            self._part = values.get("class", tag)
        elif self._part != "article" or tag in _VOID:
            if self._part == "article":
                self._object(tag, values)
            if tag not in _VOID:
                self._begin(tag)
        else:
            self._element(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._open):
            return
        while True:
            element = self._open.pop()
            self._marks = element.marks
            if element.end is not None:
                element.end()
            if element.tag == tag:
                return

    def handle_data(self, text: str) -> None:
        if self._code is not None:
            self._code.append(text)
        elif self._part == "article":
            self.builder.text(text, self._marks)

    # ------------------------------------------------------------------------------------------------- details

    def _note(self, values: dict[str, str]) -> None:
        if "id" in values:
            self.found.ids.add(values["id"])
        for name in ("href", "src"):
            if name in values:
                self.found.addresses.add(values[name])
                if not self._part:
                    self.found.own_addresses.add(values[name])

    def _begin(self, tag: str, end: Callable[[], None] | None = None, mark: str = "") -> None:
        self._open.append(_Element(tag, self._marks, end))
        if mark:
            self._marks |= {mark}

    def _leave(self) -> None:
        self.builder.end()
        self._part = ""

    def _object(self, tag: str, values: dict[str, str]) -> None:
        """Read an element that has nothing in it."""
        if tag == "br":
            self.builder.line_break()
        elif tag == "hr":
            self.builder.block("hr")
        elif tag == "img":
            size = f"{values.get('width', '')}x{values.get('height', '')}"
            caption = " ".join(values.get("alt", "").split())
            self.builder.object(f"img:{self._meant(values, 'src')}|{caption}|{size}", self._marks)
        elif tag == "source":
            self.builder.object(f"play:{self._meant(values, 'src')}", self._marks)

    def _meant(self, values: dict[str, str], name: str) -> str:
        """Return what the address in an attribute means."""
        return self._meaning(values.get(name, ""), FROM_MARKDOWN not in values)

    def _element(self, tag: str, values: dict[str, str]) -> None:
        names = values.get("class", "").split()
        builder = self.builder
        if tag in _CONTAINERS or tag in ("td", "th"):
            span = f"[{values.get('rowspan', '1')}x{values.get('colspan', '1')}]" if tag in ("td", "th") else ""
            builder.open(tag + span)
            self._begin(tag, builder.close)
        elif tag == "pre":
            builder.end()
            self._code = []
            self._begin(tag, self._end_code)
        elif _HEADING.fullmatch(tag):
            builder.end()
            kind = f"{tag}#{values.get('id', '')}"
            self._begin(tag, lambda: builder.end(kind))
        elif tag in _BLOCKS:
            builder.end()
            self._begin(tag, builder.end)
        elif tag == "a":
            if "id" in values and "href" not in values:
                builder.object(f"id:{values['id']}")
            self._begin(tag, mark=f"a:{self._meant(values, 'href')}" if "href" in values else "")
        elif tag == "aside":  # a box or a note of Markdown
            builder.open(f"aside[{values.get('class', '')}]")
            self._begin(tag, builder.close)
        elif tag == "data":  # the number of a note of Markdown
            builder.object(values.get("value", ""), self._marks)
            self._begin(tag)
        elif tag == "iframe":
            builder.object(f"frame:{values.get('src', '')}", self._marks)
            self._begin(tag)
        elif "wikilink2" in names:
            self._begin(tag, mark=f"missing:{values.get('title', '')}")
        elif "u" in names:
            self._begin(tag, mark="u")
        else:
            self._begin(tag, mark=_MARK_OF.get(tag, ""))

    def _end_code(self) -> None:
        code, self._code = self._code or [], None
        self.builder.block("pre", "".join(code))
