"""Nodes within lines of text: text, formatting, links, media, and what DokuWiki replaces."""

from __future__ import annotations

from dataclasses import field
from typing import Any, ClassVar, Literal

from dokuwiki_data.nodes.base import Node, made_when_read, node


@node
class Text(Node):
    """Plain text as DokuWiki passes it on: without blanks around line ends and without markup that shows nothing.

    Attributes:
        text: The text.
    """

    text: str

    def plain_text(self) -> str:
        return self.text


def _text_inside(node: Formatting) -> tuple[Node, ...]:
    opening, closing = node.delimiters
    source, start, end = node._source, node._start + len(opening), node._start + node._to_end - len(closing)
    return (Text.at(source, start, end, source.normalized[start:end]),)


#: The delimiters of formatting in Markdown, by DokuWiki's name of it and the character that they consist of.
_MARKDOWN_DELIMITERS = {
    ("strong", "_"): "__", ("emphasis", "*"): "*", ("emphasis", "_"): "_", ("deleted", "~"): "~~",
}  # fmt: skip


@node
class Formatting(Node):
    """The base class of formatted text.

    Attributes:
        content: The nodes in it.
        closed: Whether it has a closing delimiter; without one, it continues to the end of its text.
        name: DokuWiki's name of the formatting.
        opening: The opening delimiter.
        closing: The closing delimiter.
    """

    content: tuple[Node, ...] = made_when_read(_text_inside)
    closed: bool = True

    name: ClassVar[str] = ""
    opening: ClassVar[str] = ""
    closing: ClassVar[str] = ""

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content

    @property
    def delimiters(self) -> tuple[str, str]:
        """The delimiters as written: in Markdown, those of emphasis and others differ from `opening` and `closing`.

        Example:
            >>> import dokuwiki_data as dw
            >>> dw.parse("An *old* kettle", syntax=dw.Syntax(flavour="md")).find(Emphasis).delimiters
            ('*', '*')
        """
        mark = self._source.normalized[self._start : self._start + 1]
        if mark == "`":
            number = 2 if self._source.normalized.startswith("``", self._start) else 1
            return mark * number, mark * number
        delimiter = _MARKDOWN_DELIMITERS.get((self.name, mark))
        return (delimiter, delimiter) if delimiter else (self.opening, self.closing)

    @property
    def is_joined(self) -> bool:
        """Whether it is emphasis that begins and ends with the bold text in it: ``***both***`` in Markdown."""
        start = self._source.normalized[self._start : self._start + 2]
        return self.name == "emphasis" and start in ("**", "__")


#: Returns the content of formatting, or None if it is plain text that was not made yet.
content_if_made: Any = Formatting.content.given  # type: ignore[attr-defined]  # the descriptor


def has_content(formatting: Formatting) -> bool:
    """Return whether formatting has its content, which is plain text otherwise and made when it is read."""
    return content_if_made(formatting) is not None


@node
class Strong(Formatting):
    """``**bold**``, in Markdown also ``__bold__``"""

    name = "strong"
    opening = closing = "**"


@node
class Emphasis(Formatting):
    """``//italic//``, in Markdown ``*italic*`` and ``_italic_``"""

    name = "emphasis"
    opening = closing = "//"


@node
class Underline(Formatting):
    """``__underlined__``"""

    name = "underline"
    opening = closing = "__"


@node
class Monospace(Formatting):
    """``''monospaced''``; in Markdown text that is not parsed, between one or two backticks"""

    name = "monospace"
    opening = closing = "''"


@node
class Subscript(Formatting):
    """``<sub>subscript</sub>``"""

    name = "subscript"
    opening = "<sub>"
    closing = "</sub>"


@node
class Superscript(Formatting):
    """``<sup>superscript</sup>``"""

    name = "superscript"
    opening = "<sup>"
    closing = "</sup>"


@node
class Deleted(Formatting):
    """``<del>deleted</del>``, in Markdown ``~~deleted~~``"""

    name = "deleted"
    opening = "<del>"
    closing = "</del>"


@node
class Footnote(Formatting):
    """A footnote: ``((note))``. It has no paragraphs."""

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
        """Whether a list, table or quotation in it was taken apart, see `LooseMarkup`."""
        return self._apart

    _closed = closes_at

    def plain_text(self) -> str:
        return ""


@node
class LoneCloser(Node):
    """A closing delimiter of formatting that began in a footnote that has ended. DokuWiki shows nothing.

    It occurs only with a footnote in a footnote.

    Attributes:
        formatting: DokuWiki's name of the formatting.
    """

    formatting: str

    def plain_text(self) -> str:
        return ""


@node
class LooseMarkup(Node):
    """Markup of a footnote, list, table, quotation or plugin that other markup has ended. DokuWiki shows nothing.

    It occurs only with a footnote in a footnote, and with markup of plugins within a line.

    Attributes:
        instruction: DokuWiki's name of the instruction, such as ``list_item``; ``eol`` in formatting is an empty line,
            at which DokuWiki begins another paragraph.
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
    """Text that is not parsed: ``<nowiki>…</nowiki>``, ``%%…%%``, or in Markdown what is between backticks.

    Attributes:
        text: The text.
    """

    text: str

    def plain_text(self) -> str:
        return self.text


@node
class LineBreak(Node):
    """A forced line break: two backslashes before a blank or the end of the line; in Markdown one, or two blanks."""

    def plain_text(self) -> str:
        return "\n"


@node
class Media(Node):
    """The base class of images and other files: ``{{file?parameters|title}}``, in Markdown ``![title](file?…)``.

    Attributes:
        target: The id or the address as written.
        title: The title, or None.
        align: The alignment, which blanks within the braces express, or None.
        width: The width in pixels, as digits of the source, or None.
        height: The height in pixels, as digits of the source, or None.
        cache: ``cache``, ``nocache`` or ``recache``.
        linking: ``details``, ``nolink``, ``direct`` or ``linkonly``.
        name: DokuWiki's name of the instruction.
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
    """A media file of this wiki."""

    name = "internalmedia"


@node
class ExternalMedia(Media):
    """A file outside the wiki: an ``http``, ``https`` or ``ftp`` address, or an interwiki reference."""

    name = "externalmedia"


@node
class Link(Node):
    """The base class of links.

    Attributes:
        target: The target as written; `Wiki.resolve` says where it leads.
        label: The text or the image that is shown; None if the link has no label of its own.
        name: DokuWiki's name of the instruction.
    """

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
    """A link to a page of this wiki: ``[[page]]``, in Markdown ``[label](page)``."""

    name = "internallink"


@node
class LocalLink(Link):
    """A link to a heading of the same page: ``[[#heading]]``; ``target`` is the text after the ``#``."""

    name = "locallink"


@node
class ExternalLink(Link):
    """A link to an address, in brackets or not. ``target`` has a scheme, even for a bare ``www.`` or ``ftp.``."""

    name = "externallink"


@node
class EmailLink(Link):
    """A link to a mail address: ``[[name@example.org]]`` or ``<name@example.org>``."""

    name = "emaillink"


@node
class WindowsShareLink(Link):
    r"""A link to a Windows share: ``\\server\folder``."""

    name = "windowssharelink"


@node
class InterwikiLink(Link):
    """A link to another site by a shortcut: ``[[wiki>reference]]``.

    Attributes:
        wiki: The shortcut, in lower case.
        reference: The text after the ``>``.
    """

    wiki: str = field(default="", kw_only=False)
    reference: str = field(default="", kw_only=False)

    name = "interwikilink"


@node
class CamelCaseLink(Link):
    """A ``CamelCase`` word that links to the page of this name, if the wiki has such links."""

    name = "camelcaselink"


@node
class Replaced(Node):
    """The base class of texts that DokuWiki replaces when it shows them.

    Attributes:
        text: The text as written.
        name: DokuWiki's name of the instruction.
    """

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
    """An abbreviation that the wiki explains."""

    name = "acronym"


@node
class Entity(Replaced):
    """A sequence that is replaced by a typographic character, such as ``->`` or ``--``."""

    name = "entity"


@node
class QuotationMark(Node):
    """A quotation mark or apostrophe that is replaced by a typographic one.

    Attributes:
        kind: ``doublequoteopening``, ``doublequoteclosing``, ``singlequoteopening``, ``singlequoteclosing`` or
            ``apostrophe``.
    """

    kind: str

    def plain_text(self) -> str:
        return '"' if self.kind.startswith("double") else "'"


@node
class MultiplyEntity(Node):
    """Two numbers such as ``640x480``, which are shown with a multiplication sign.

    Attributes:
        left: The first number as written.
        right: The second number as written.
    """

    left: str
    right: str

    def plain_text(self) -> str:
        return f"{self.left}x{self.right}"


@node
class Macro(Node):
    """The base class of macros for the whole page: ``~~MACRO~~``."""

    name: ClassVar[str] = ""

    def plain_text(self) -> str:
        return ""


@node
class NoToc(Macro):
    """``~~NOTOC~~``: the page has no table of contents."""

    name = "notoc"


@node
class NoCache(Macro):
    """``~~NOCACHE~~``: DokuWiki does not cache the page."""

    name = "nocache"
