"""A dialect of Markdown as data: what its readers understand, and what its users expect to see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dokuwiki_data.render.escaping import Escape, Escapes
from dokuwiki_data.writers.markdown.anchors import AnchorMaker, github_anchor
from dokuwiki_data.writers.markdown.escaping import COMMONMARK_LINES, COMMONMARK_TEXT
from dokuwiki_data.writers.markdown.pieces import LineRules
from dokuwiki_data.writers.pieces import Mark

#: Formatting by DokuWiki's names: what Markdown has no sign for is written as HTML, which may stand in Markdown.
MARKS: Mapping[str, Mark] = {
    "strong": Mark("strong", ("**", "__")),
    "emphasis": Mark("em", ("*", "_")),
    "deleted": Mark("del", ("~~",)),
    "underline": Mark('em class="u"'),  # as DokuWiki itself writes it
    "monospace": Mark("code"),
    "subscript": Mark("sub"),
    "superscript": Mark("sup"),
}

#: Marks for the classes of text of the plugin *wrap* that stress it.
WRAPS: Mapping[str, Mark] = {"em": MARKS["strong"], "hi": Mark("mark")}


@dataclass(frozen=True, slots=True)
class Box:
    """How blocks are set apart from those around them: what stands before and behind them, and before each line.

    ``{kind}`` and ``{title}`` in the opening are replaced; ``plain`` is the opening without a title. ``is_html`` says
    what the title is. ``sign`` is a sign that stands for ``{fence}`` at least three times, and more often than in the
    boxes within.
    """

    opening: str
    plain: str = ""
    prefix: str = ""
    closing: str = ""
    is_html: bool = False
    sign: str = ""


@dataclass(frozen=True)
class Dialect:
    """A dialect of Markdown.

    Attributes:
        name: Its name.
        text: What is escaped in text.
        lines: What is escaped at the beginning of lines.
        headings: What is escaped in headings only.
        not_in_code: What counts even in code and HTML, as a regular expression: such code is written as HTML with
            entities. Empty if nothing does.
        marks: How formatting is written, by DokuWiki's names of it.
        line_break: What a line break is, and one at the end of a paragraph.
        line_end: What a line end of the source is; dialects that show it as a line break get a blank.
        own_anchor: Makes the anchor that readers make of a heading themselves.
        anchor: What is written into a heading whose anchor is another one; ``{anchor}`` and ``{title}`` are replaced.
        keeps_anchors: Whether headings keep their anchors if no link is known that leads there.
        stars_nest: Whether there may be stars in emphasis between stars.
        indent: How far the content of list items is indented; None for the width of the sign of the item.
        bullets: The signs of items of lists; a list right behind another one of its kind gets the second.
        numbers: What stands behind the numbers of items, likewise.
        between: What stands between neighbouring lists or quotations that would become one; empty if they do not.
        before_block: What an item begins with if its first block is no paragraph; empty if that needs nothing.
        code_title: How the name of a file stands behind the language of code; empty where it has no place there, and
            is written above the code.
        code_bar: What a vertical bar in code within a cell of a table is.
        bodiless: Whether a table may have a head only; else its readers add an empty row.
        markdown_cells: The attribute of HTML elements of a table in which Markdown counts; empty if there is none, and
            only empty lines around Markdown let it count.
        sized_image: An image of a size, with ``{alt}`` and the attributes of its size as ``{size}``, or both numbers as
            ``{dimensions}``: as Markdown with its ``{destination}``, or as HTML with its ``{address}``.
        links_to_titles: Whether links lead to headings by their text, and not by an anchor.
        checked_addresses: What an address with a host must begin with to be a link in Markdown, as a regular
            expression. Some programs build no site with other addresses, unless they stand in HTML. Empty for none.
        wraps: Marks for text of the plugin *wrap*, by its classes.
        callout: A box, such as of the plugin *note*.
        callouts: The kinds of boxes by the plugins' names.
        folded: A box that is folded.
    """

    name: str
    text: Escapes = COMMONMARK_TEXT
    lines: Escapes = COMMONMARK_LINES
    headings: tuple[Escape, ...] = ()
    not_in_code: str = ""
    marks: Mapping[str, Mark] = field(default_factory=lambda: MARKS)
    line_break: tuple[str, str] = ("\\\n", "<br>")
    line_end: str = "\n"
    own_anchor: AnchorMaker = github_anchor
    anchor: str = "{title}"
    keeps_anchors: bool = True
    stars_nest: bool = True
    indent: int | None = None
    bullets: tuple[str, str] = ("-", "*")
    numbers: tuple[str, str] = (".", ")")
    between: str = ""
    before_block: str = ""
    code_title: str = ""
    code_bar: str = r"\|"
    bodiless: bool = True
    markdown_cells: str = ""
    sized_image: str = '<img src="{address}" alt="{alt}" {size}>'
    links_to_titles: bool = False
    checked_addresses: str = ""
    wraps: Mapping[str, Mark] = field(default_factory=lambda: WRAPS)
    callout: Box = Box("> [!{kind}]", "> [!{kind}]", "> ")
    callouts: Mapping[str, str] = field(default_factory=dict)
    folded: Box = Box("<details>\n<summary>{title}</summary>\n", "<details>\n", "", "\n</details>", is_html=True)

    def counts_in_code(self, text: str) -> bool:
        """Return whether something in code or HTML counts as markup."""
        return bool(self.not_in_code) and re.search(self.not_in_code, text) is not None

    @cached_property
    def paragraph(self) -> LineRules:
        """How the lines of a paragraph are written."""
        return LineRules(self.text, self.lines, self.line_break, self.line_end, stars_nest=self.stars_nest)

    @cached_property
    def heading(self) -> LineRules:
        """How a heading is written, whose last signs could count as its end."""
        end = Escape(r"(?<![^ \t\n])#(?=#*\s*\Z)")
        return LineRules(self.text.and_before(end, *self.headings), None, ("<br>", ""), " ", stars_nest=self.stars_nest)

    @cached_property
    def cell(self) -> LineRules:
        """How a cell of a table is written."""
        text = self.text.and_before(Escape(r"\|"))
        return LineRules(text, None, ("<br>", "<br>"), " ", r"\|", self.code_bar, self.stars_nest)

    @cached_property
    def label(self) -> LineRules:
        """How the text of a link is written."""
        return LineRules(self.text, None, ("<br>", ""), " ", stars_nest=self.stars_nest)
