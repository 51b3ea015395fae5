"""Confluence's storage format of a page, made of its HTML: the elements that the format has, links, images, macros.

See https://confluence.atlassian.com/doc/confluence-storage-format-790796544.html, and for the parameters of macros
https://confluence.atlassian.com/doc/confluence-storage-format-for-macros-175931.html. What the format has no element
for is what is inside of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from html.parser import HTMLParser
from typing import NamedTuple

from dokuwiki_data.writers.html.writer import escaped

#: The elements of the format that have the same name in HTML; the attributes that they keep.
ELEMENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "tr"), ()),
    **dict.fromkeys(("strong", "em", "u", "code", "sub", "sup"), ()),
    **dict.fromkeys(("th", "td"), ("colspan", "rowspan")),
    "br": (), "hr": (),
}  # fmt: skip
_EMPTY = frozenset({"br", "hr"})
#: HTML that the format writes otherwise: what stands before and behind.
_OTHERWISE = {
    "table": ("<table><tbody>", "</tbody></table>"),
    "del": ('<span style="text-decoration: line-through;">', "</span>"),
    "dt": ("<p><strong>", "</strong></p>"),
}
#: Elements without an end.
_VOID = frozenset({"br", "hr", "img", "input", "source", "col", "wbr", "area", "embed", "link", "meta", "track"})

#: The macros of boxes, by the class names of the plugins note and wrap.
_BOXES = {
    **dict.fromkeys(("plugin_note", "noteclassic", "wrap_info", "wrap_help", "wrap_download"), "info"),
    **dict.fromkeys(("notetip", "wrap_tip"), "tip"),
    **dict.fromkeys(("noteimportant", "wrap_important", "wrap_todo"), "note"),
    **dict.fromkeys(("notewarning", "wrap_alert", "wrap_danger", "wrap_warning", "wrap_caution"), "warning"),
}
#: The languages of the macro ``code``, by those of DokuWiki.
_LANGUAGES = {
    **{name: name for name in ("bash", "css", "delphi", "diff", "erlang", "groovy", "java", "perl", "php", "powershell",
                               "python", "ruby", "scala", "sql", "vb", "xml")},
    "actionscript3": "actionscript3", "c": "cpp", "cpp": "cpp", "csharp": "csharp", "html": "xml", "html4strict": "xml",
    "html5": "xml", "javascript": "js", "js": "js", "mysql": "sql", "sh": "bash",
}  # fmt: skip

#: Characters that XML does not have.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOCAL_LINK = re.compile(r'href="#([^"]*)"')


class StorageLink(NamedTuple):
    """What an address in the HTML means: a page or file by its name, or an address elsewhere.

    Attributes:
        kind: ``page``, ``attachment`` or ``address``.
        name: The title of the page, the name of the file, or the address.
        anchor: The part of the page.
    """

    kind: str
    name: str
    anchor: str = ""


def storage_format(html: str, meaning: Callable[[str], StorageLink | None], anchors: Collection[str] = ()) -> str:
    """Return the HTML of a page in the storage format, which is well-formed XML.

    Args:
        html: The HTML.
        meaning: Returns what an address means; None if it is left out.
        anchors: The anchors to which other pages lead.
    """
    found = _Storage(meaning, {*anchors, *_LOCAL_LINK.findall(html)})
    found.feed(html)
    found.close()
    return found.text


class _Storage(HTMLParser):
    """Writes the format while it reads HTML."""

    def __init__(self, meaning: Callable[[str], StorageLink | None], anchors: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._meaning = meaning
        self._anchors = anchors
        self._out: list[str] = []
        #: The elements that are open, each with what stands behind it.
        self._open: list[tuple[str, str]] = []
        #: The text of code, and the name of its file, while they are read.
        self._code: list[str] | None = None
        self._file: list[str] | None = None
        self._language = ""
        self._title = ""

    @property
    def text(self) -> str:
        """What was written, with an end for everything that is open."""
        return "".join((*self._out, *(behind for _, behind in reversed(self._open))))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._code is not None:
            if tag not in _VOID:
                self._open.append((tag, ""))
            return
        classes = given.get("class", "").split()
        before, behind = self._element(tag, given, classes)
        anchor = given.get("id", "")
        macro = _macro("anchor", _parameter("", anchor)) if anchor and anchor in self._anchors else ""
        is_inside = before.startswith("<") and tag in ELEMENTS and tag not in ("ul", "ol", "tr", *_EMPTY)
        self._out.append(f"{before}{macro}" if is_inside else f"{macro}{before}")
        if tag not in _VOID:
            self._open.append((tag, behind))

    def _element(self, tag: str, given: dict[str, str], classes: list[str]) -> tuple[str, str]:
        """Return what stands before and behind an element."""
        if tag == "pre":
            self._code = []
            self._language = _LANGUAGES.get(classes[-1].lower(), "") if len(classes) > 1 else ""
            return "", ""
        if tag == "a":
            return self._link(given)
        if tag == "img":
            return self._image(given), ""
        if tag == "em" and "u" in classes:
            return "<u>", "</u>"
        if tag == "dt" and any(name == "dl" for name, _ in self._open[-1:]):
            self._file = []
            return "", ""
        if tag in ELEMENTS:
            kept = "".join(f' {name}="{escaped(_xml(given[name]))}"' for name in ELEMENTS[tag] if name in given)
            return (f"<{tag}{kept}/>", "") if tag in _EMPTY else (f"<{tag}{kept}>", f"</{tag}>")
        if tag == "div" and (box := next((_BOXES[name] for name in reversed(classes) if name in _BOXES), "")):
            opening = f'<ac:structured-macro ac:name="{box}"><ac:rich-text-body>'
            return opening, "</ac:rich-text-body></ac:structured-macro>"
        return _OTHERWISE.get(tag, ("", ""))

    def _link(self, given: dict[str, str]) -> tuple[str, str]:
        href = given.get("href", "")
        if href.startswith("#"):
            return _link_to("", href[1:])
        found = self._meaning(href) if href else None
        if found is None:
            return "", ""
        if found.kind == "address":
            return f'<a href="{escaped(_xml(found.name))}">', "</a>"
        return _link_to(_resource(found), found.anchor)

    def _image(self, given: dict[str, str]) -> str:
        found = self._meaning(given.get("src", ""))
        if found is None:
            return escaped(_xml(given.get("alt", "")))
        kept = "".join(
            f' ac:{name}="{escaped(_xml(given[name]))}"'
            for name in ("alt", "height", "title", "width")
            if given.get(name)
        )
        return f"<ac:image{kept}>{_resource(found)}</ac:image>"

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _ in self._open):
            return
        while self._open:
            name, behind = self._open.pop()
            if name == "pre" and self._code is not None:
                self._end_code()
            elif name == "dt" and self._file is not None:
                self._title, self._file = "".join(self._file), None
            elif name == "dl":
                self._title = ""
            self._out.append(behind)
            if name == tag:
                return

    def _end_code(self) -> None:
        assert self._code is not None
        parameters = _parameter("language", self._language) if self._language else ""
        parameters += _parameter("title", self._title) if self._title else ""
        text = _xml("".join(self._code)).replace("]]>", "]]]]><![CDATA[>")
        body = f"<ac:plain-text-body><![CDATA[{text}]]></ac:plain-text-body>"
        self._out.append(_macro("code", parameters + body))
        self._code, self._title = None, ""

    def handle_data(self, data: str) -> None:
        if self._code is not None:
            self._code.append(data)
        elif self._file is not None:
            self._file.append(data)
        else:
            self._out.append(escaped(_xml(data)))


def _xml(text: str) -> str:
    """Return text without characters that XML does not have."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _parameter(name: str, value: str) -> str:
    return f'<ac:parameter ac:name="{name}">{escaped(_xml(value))}</ac:parameter>'


def _macro(name: str, inside: str) -> str:
    return f'<ac:structured-macro ac:name="{name}">{inside}</ac:structured-macro>'


def _link_to(resource: str, anchor: str) -> tuple[str, str]:
    part = f' ac:anchor="{escaped(_xml(anchor))}"' if anchor else ""
    return f"<ac:link{part}>{resource}<ac:link-body>", "</ac:link-body></ac:link>"


def _resource(found: StorageLink) -> str:
    """Return the identifier of what is linked or shown."""
    name = escaped(_xml(found.name))
    if found.kind == "page":
        return f'<ri:page ri:content-title="{name}"/>'
    if found.kind == "attachment":
        return f'<ri:attachment ri:filename="{name}"/>'
    return f'<ri:url ri:value="{name}"/>'
