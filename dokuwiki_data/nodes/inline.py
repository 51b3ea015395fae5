"""What stands in a line of text: words, formatting, links, media and the small replacements."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar, Literal

from dokuwiki_data.nodes.base import Node, made_when_read, node


@node
class Text(Node):
    """Plain text as DokuWiki hands it on: blanks around line ends are gone, markup between is not in it."""

    text: str

    def plain_text(self) -> str:
        return self.text


def _text_inside(node: Formatting) -> tuple[Node, ...]:
    source, start, end = node.source_text, node.starts_at + len(node.opening), node.ends_at - len(node.closing)
    return (Text.at(source, start, end, source.normalized[start:end]),)


@node
class Formatting(Node):
    """Formatted text; its subclasses say how."""

    content: tuple[Node, ...] = made_when_read(_text_inside)
    #: Whether the closing delimiter was found; if not, the formatting runs to the end of its text.
    closed: bool = True

    #: DokuWiki's name of the formatting, and its delimiters.
    name: ClassVar[str] = ""
    opening: ClassVar[str] = ""
    closing: ClassVar[str] = ""

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content


@node
class Strong(Formatting):
    """``**bold**``"""

    name = "strong"
    opening = closing = "**"


@node
class Emphasis(Formatting):
    """``//italic//``"""

    name = "emphasis"
    opening = closing = "//"


@node
class Underline(Formatting):
    """``__underlined__``"""

    name = "underline"
    opening = closing = "__"


@node
class Monospace(Formatting):
    """``''monospaced''``"""

    name = "monospace"
    opening = closing = "''"


@node
class Subscript(Formatting):
    """``<sub>lowered</sub>``"""

    name = "subscript"
    opening = "<sub>"
    closing = "</sub>"


@node
class Superscript(Formatting):
    """``<sup>raised</sup>``"""

    name = "superscript"
    opening = "<sup>"
    closing = "</sup>"


@node
class Deleted(Formatting):
    """``<del>struck out</del>``"""

    name = "deleted"
    opening = "<del>"
    closing = "</del>"


@node
class Footnote(Formatting):
    """``((a note))``. DokuWiki makes no paragraphs in it."""

    name = "footnote"
    opening = "(("
    closing = "))"

    _to_closed: int = field(default=0, compare=False, kw_only=True)
    _unfinished: bool = field(default=False, compare=False, kw_only=True)
    _apart: bool = field(default=False, compare=False, kw_only=True)

    @property
    def closes_at(self) -> int:
        """The offset in the normalized text of the instruction that closes it."""
        return self._start + self._to_closed

    @property
    def is_unfinished(self) -> bool:
        """Whether DokuWiki never closes it, since something else ends it."""
        return self._unfinished

    @property
    def is_taken_apart(self) -> bool:
        """Whether a list, table or quotation in it was taken apart."""
        return self._apart

    _closed = closes_at

    def plain_text(self) -> str:
        return ""


@node
class LoneCloser(Node):
    """A closing delimiter of formatting that began in a footnote which is over: nothing is shown.

    ``formatting`` is DokuWiki's name of it. Only footnotes in footnotes make such.
    """

    formatting: str

    def plain_text(self) -> str:
        return ""


@node
class LooseMarkup(Node):
    """Markup of a footnote, list, table, quotation or plugin that a closer of another has ended: nothing is shown.

    ``instruction`` is DokuWiki's name of it, as in ``list_item``; ``eol`` in formatting is an empty line, at which
    DokuWiki begins another paragraph. Only footnotes in footnotes and plugins' markup in a line make such.
    """

    instruction: str
    _to_at: int = field(default=0, compare=False, kw_only=True)
    _component: str = field(default="", compare=False, kw_only=True)

    @property
    def instruction_at(self) -> int:
        """The offset in the normalized text of its instruction."""
        return self._start + self._to_at

    @property
    def component(self) -> str:
        """The component of a plugin that the instruction belongs to."""
        return self._component

    _at = instruction_at

    def plain_text(self) -> str:
        return ""


@node
class Unformatted(Node):
    """Text that is not parsed: ``<nowiki>…</nowiki>`` or ``%%…%%``."""

    text: str

    def plain_text(self) -> str:
        return self.text


@node
class LineBreak(Node):
    """A forced line break: two backslashes before a blank or the line's end."""

    def plain_text(self) -> str:
        return "\n"


@node
class Media(Node):
    """``{{file?parameters|title}}``; see its subclasses.

    ``width`` and ``height`` are pixels, as digits of the source. ``cache`` is ``cache``,
    ``nocache`` or ``recache``; ``linking`` is ``details``, ``nolink``, ``direct`` or ``linkonly``.
    """

    target: str
    title: str | None = None
    align: Literal["left", "right", "center"] | None = None
    width: str | None = None
    height: str | None = None
    cache: str = "cache"
    linking: str = "details"

    name: ClassVar[str] = ""

    def plain_text(self) -> str:
        return self.title or ""


@node
class InternalMedia(Media):
    """A file of this wiki; ``target`` is the media id as written."""

    name = "internalmedia"


@node
class ExternalMedia(Media):
    """A file from elsewhere: an ``http``, ``https`` or ``ftp`` address, or an interwiki reference."""

    name = "externalmedia"


@node
class Link(Node):
    """A link; its subclasses say where to. The label is text, an image, or none."""

    target: str
    label: str | Media | None = None

    name: ClassVar[str] = ""

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.label,) if isinstance(self.label, Media) else ()

    def plain_text(self) -> str:
        if self.label is None:
            return self.target
        return self.label if isinstance(self.label, str) else self.label.plain_text()


@node
class InternalLink(Link):
    """A link to a page of this wiki; ``target`` is as written, not resolved."""

    name = "internallink"


@node
class LocalLink(Link):
    """A link to a heading of the same page; ``target`` is what follows the ``#``."""

    name = "locallink"


@node
class ExternalLink(Link):
    """A link to an address, bracketed or bare. A bare ``www.`` or ``ftp.`` gets its scheme in ``target``."""

    name = "externallink"


@node
class EmailLink(Link):
    """A link to a mail address."""

    name = "emaillink"


@node
class WindowsShareLink(Link):
    r"""A link to a Windows share: ``\\server\folder``."""

    name = "windowssharelink"


@node
class InterwikiLink(Link):
    """A link to another wiki by its shortcut: ``[[wiki>reference]]``; ``target`` is both as written."""

    wiki: str = field(default="", kw_only=False)
    reference: str = field(default="", kw_only=False)

    name = "interwikilink"


@node
class CamelCaseLink(Link):
    """A ``CamelCase`` word that links to the page of its name, where the wiki has that switched on."""

    name = "camelcaselink"


@node
class Replaced(Node):
    """A piece of text that DokuWiki shows as something nicer; its subclasses say as what."""

    text: str

    name: ClassVar[str] = ""

    def plain_text(self) -> str:
        return self.text


@node
class Smiley(Replaced):
    """A smiley such as ``:-)``."""

    name = "smiley"


@node
class Acronym(Replaced):
    """A known abbreviation."""

    name = "acronym"


@node
class Entity(Replaced):
    """A typographic replacement such as ``->`` or ``--``."""

    name = "entity"


@node
class QuotationMark(Node):
    """A quotation mark or apostrophe that typography turns round.

    ``kind`` is DokuWiki's word: ``doublequoteopening``, ``doublequoteclosing``,
    ``singlequoteopening``, ``singlequoteclosing`` or ``apostrophe``.
    """

    kind: str

    def plain_text(self) -> str:
        return '"' if self.kind.startswith("double") else "'"


@node
class MultiplyEntity(Node):
    """``640x480``, shown with a proper multiplication sign; both numbers as written."""

    left: str
    right: str

    def plain_text(self) -> str:
        return f"{self.left}x{self.right}"


@node
class Macro(Node):
    """A ``~~MACRO~~`` that says something of the whole page: its subclasses say what."""

    name: ClassVar[str] = ""

    def plain_text(self) -> str:
        return ""


@node
class NoToc(Macro):
    """``~~NOTOC~~``: no table of contents."""

    name = "notoc"


@node
class NoCache(Macro):
    """``~~NOCACHE~~``: do not cache the page."""

    name = "nocache"
