"""A dialect of Markdown as data: what its readers understand, and what its users expect to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dokuwiki_data.writers.markdown.escaping import COMMONMARK_LINES, COMMONMARK_TEXT, Escape, Escapes
from dokuwiki_data.writers.markdown.pieces import Line, Mark

#: Formatting by DokuWiki's names: what Markdown has no sign for is written as HTML, which may stand in Markdown.
MARKS: Mapping[str, Mark] = {
    "strong": Mark("strong", ("**", "__")),
    "emphasis": Mark("em", ("*", "_")),
    "deleted": Mark("del", ("~~",)),
    "underline": Mark("u"),
    "monospace": Mark("code"),
    "subscript": Mark("sub"),
    "superscript": Mark("sup"),
}

@dataclass(frozen=True, slots=True)
class Box:
    """How blocks are set apart from those around them: what stands before and behind them, and before each line.

    ``{kind}`` and ``{title}`` in the opening are replaced; ``plain`` is the opening without a title.
    """

    opening: str
    plain: str = ""
    prefix: str = ""
    closing: str = ""


@dataclass(frozen=True)
class Dialect:
    """A dialect of Markdown.

    Attributes:
        name: Its name.
        text: What is escaped in text.
        lines: What is escaped at the beginning of lines.
        marks: How formatting is written, by DokuWiki's names of it.
        line_break: What a line break is, and one at the end of a paragraph.
        line_end: What a line end of the source is; dialects that show it as a line break get a blank.
        anchor: What is written into a heading for its anchor; ``{}`` stands for it. It is left out where readers make
            the same anchor of the heading themselves.
        indent: How far the content of list items is indented; None for the width of the sign of the item.
        bullets: The signs of items of lists; a list right behind another one of its kind gets the second.
        numbers: What stands behind the numbers of items, likewise.
        code_title: How the name of a file stands behind the language of code; empty where it has no place there, and
            is written above the code.
        bar: What a vertical bar in code is, in a cell of a table.
        sized_image: An image of a size as HTML; None where images are written as in Markdown.
        callout: A box, such as of the plugin *note*.
        callouts: The kinds of boxes by the plugins' names.
        folded: A box that is folded.
    """

    name: str
    text: Escapes = COMMONMARK_TEXT
    lines: Escapes = COMMONMARK_LINES
    marks: Mapping[str, Mark] = field(default_factory=lambda: MARKS)
    line_break: tuple[str, str] = ("\\\n", "<br>")
    line_end: str = "\n"
    anchor: str = ""
    indent: int | None = None
    bullets: tuple[str, str] = ("-", "*")
    numbers: tuple[str, str] = (".", ")")
    code_title: str = ""
    bar: str = r"\|"
    callout: Box = Box("> [!{kind}] {title}", "> [!{kind}]", "> ")
    callouts: Mapping[str, str] = field(default_factory=dict)
    folded: Box = Box("<details>\n<summary>{title}</summary>\n", "<details>\n", "", "\n</details>")

    @cached_property
    def paragraph(self) -> Line:
        """How the lines of a paragraph are written."""
        return Line(self.text, self.lines, self.line_break, self.line_end)

    @cached_property
    def heading(self) -> Line:
        """How a heading is written, whose last signs could count as its end."""
        end = Escape(r"(?:(?<=[ \t\n])|^)#(?=#*\s*\Z)")
        return Line(self.text.and_before(end), None, ("<br>", ""), " ")

    @cached_property
    def cell(self) -> Line:
        """How a cell of a table is written."""
        return Line(self.text.and_before(Escape(r"\|")), None, ("<br>", "<br>"), " ", self.bar)

    @cached_property
    def label(self) -> Line:
        """How the text of a link is written."""
        return Line(self.text, None, ("<br>", ""), " ")
