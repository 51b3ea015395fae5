"""Parse the text of a page to its tree, with the lexer, the grammar and the tree builder."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.grammars.driver import Parser
from dokuwiki_data.grammars.grammar import tables
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.syntax import block_markup, inline_markup, plugin_markup, table_markup
from dokuwiki_data.syntax.configuration import OWN, Syntax
from dokuwiki_data.syntax.diagnostics import Diagnostics
from dokuwiki_data.syntax.left_open import resume
from dokuwiki_data.syntax.lexer import Closer, Lexer, Take
from dokuwiki_data.syntax.measuring import Match
from dokuwiki_data.syntax.paragraphs import AnyToken
from dokuwiki_data.syntax.patterns import Patterns
from dokuwiki_data.syntax.releases import RELEASES
from dokuwiki_data.syntax.tree import TreeBuilder
from dokuwiki_data.text import NOWHERE, Diagnostic, PageText, Span

#: Characters that do not belong in a page: the kind of diagnostic, an expression, and a description.
_STRANGE = (
    ("undecodable", "[\udc80-\udcff]", "bytes that are not UTF-8"),
    ("undecodable", "[\ud800-\udc7f\udd00-\udfff]", "halves of surrogate pairs"),
    ("control-character", "\0", "NUL characters"),
    ("byte-order-mark", "\\A\ufeff", "byte order mark, which DokuWiki takes for text"),
)


def parse(text: str, *, page_id: str = "", modified: int | None = None, syntax: Syntax = Syntax()) -> Page:
    """Parse the source of a page as DokuWiki does.

    Every text is a valid page, so no content raises an error. Problems are listed in `Page.diagnostics`. Python's
    garbage collector is disabled while a page is parsed, also for other threads.

    Args:
        text: The source of the page. Bytes that are not UTF-8 are lone surrogates, as ``surrogateescape`` decodes them.
        page_id: The id of the page, such as ``wiki:syntax``.
        modified: The time of the last change in Unix seconds.
        syntax: The release, the plugins and the settings to read the page with.

    Returns:
        The tree of the page; ``str(page)`` is ``text``.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("====== Kettle ======\\nThe **only** one.", page_id="kettle")
        >>> page.title, page.find(dw.nodes.Strong).plain_text()
        ('Kettle', 'only')
        >>> dw.parse("See OtherPage.", syntax=dw.Syntax(camelcase=True)).links
        (CamelCaseLink(target='OtherPage', label=None),)
    """
    source = PageText(text)
    reading = _Reading(syntax)
    # The objects of a page contain no cycles, and searching for them takes 4 % of the time on ordinary pages, a third
    # on a page of 1 MB.
    with gc_paused():
        content, last = reading.whole(source, "BASE", 0)
        if _is_strange(text):
            reading.diagnostics.extend(_strange(source))
        diagnostics = reading.diagnostics.in_order()
    return Page.at(source, 1, len(source.normalized) - 1, content, page_id, modified, diagnostics, last, syntax)


class _Reading:
    """The parsing of one page, the quotations and the items of Markdown lists in it."""

    __slots__ = ("_builder", "_parser", "_reading", "diagnostics", "left_open", "patterns")

    def __init__(self, syntax: Syntax, tools: tuple[Parser, TreeBuilder] | None = None) -> None:
        """Take the parser and its tree builder; by default those of the thread."""
        self._parser, self._builder = tools or _tools()
        self.patterns = _patterns(syntax)
        self.diagnostics = Diagnostics()
        #: The modes of the texts that are being read, the outermost first.
        self._reading: list[str] = []
        #: The modes that the last quotation or item left open. DokuWiki has a parser for each of the two, and another
        #: for those in one another.
        self.left_open: dict[tuple[str, int], tuple[str, ...]] = {}

    def whole(self, source: PageText, mode: str, depth: int) -> tuple[tuple[Node, ...], int]:
        """Return the content of a text, and the place of its last instruction."""
        builder, parsing = self._builder, self._parser.begin()

        def take(tokens: list[AnyToken]) -> None:
            builder.source, builder.diagnostics = source, self.diagnostics
            parsing.feed(tokens)

        self._lex(source, mode, depth, take)
        content, last = parsing.result()
        builder.source = NOWHERE
        return content, last

    def _lex(self, source: PageText, mode: str, depth: int, take: Take) -> None:
        """Pass the tokens of a text to ``take``."""
        lexer = Lexer(source, self.patterns, self.lines, self.tokens, self.reads_on, self.diagnostics, depth, take)
        if mode == "BASE":
            lexer.read_in(mode)
            return
        key = self._key(mode)
        left_open = self.left_open.get(key)
        self._reading.append(mode)
        lexer.read_in(mode, partial(resume, left_open=left_open) if left_open else None)
        self._reading.pop()
        if left_open or lexer.left_open:
            self.left_open[key] = lexer.left_open or ()

    def _key(self, mode: str) -> tuple[str, int]:
        return mode, self._reading.count(mode)

    def reads_on(self, mode: str) -> bool:
        """Return whether the next text in a mode begins in modes that another one has left open."""
        return bool(self.left_open) and bool(self.left_open.get(self._key(mode)))

    def lines(self, lines: PageText, depth: int, mode: str) -> tuple[Node, ...]:
        """Return the content of the lines of a quotation, or of an item of a Markdown list."""
        return self.whole(lines, mode, depth)[0]

    def tokens(self, source: PageText, tokens: list[AnyToken]) -> tuple[Node, ...]:
        """Return the nodes of some tokens of a text."""
        self._builder.source, self._builder.diagnostics = source, self.diagnostics
        parsing = self._parser.begin()
        parsing.feed(tokens)
        content: tuple[Node, ...] = parsing.result()[0]
        return content


def _strange(source: PageText) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each kind of character that does not belong in a page, at its first place."""
    for kind, pattern, what in _STRANGE:
        if first := re.search(pattern, source.text):
            number = sum(1 for _ in re.finditer(pattern, source.text))
            yield source.diagnostic(kind, f"{number} {what}", Span(*first.span()))


def _is_strange(text: str) -> bool:
    if "\0" in text or text.startswith("\ufeff"):
        return True
    try:
        text.encode()  # the fastest way to find a surrogate
    except UnicodeEncodeError:
        return True
    return False


_threads = threading.local()


def _tools() -> tuple[Parser, TreeBuilder]:
    """Return the parser of this thread with its tree builder, which refers to the text that is parsed."""
    tools: tuple[Parser, TreeBuilder] | None = getattr(_threads, "tools", None)
    if tools is None:
        builder = TreeBuilder()
        tools = _threads.tools = Parser("dokuwiki.lark", builder), builder
    return tools


@lru_cache(maxsize=32)
def _patterns(syntax: Syntax) -> Patterns:
    return Patterns(tables(RELEASES[syntax.release].grammar).terminals, syntax, actions_of(syntax.flavour))


def actions_of(flavour: str) -> Mapping[str, Callable[[Lexer, Match, str], Match | Closer | None]]:
    """Return the lexer's actions in a flavour, by terminal."""
    actions = inline_markup.ACTIONS | block_markup.ACTIONS | table_markup.ACTIONS | plugin_markup.ACTIONS
    if flavour == OWN:
        return actions
    from dokuwiki_data.syntax import markdown_blocks, markdown_inline, markdown_tables  # few wikis need them

    return actions | markdown_inline.ACTIONS | markdown_blocks.ACTIONS | markdown_tables.ACTIONS
