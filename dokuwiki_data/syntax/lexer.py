"""The lexer: it turns a text into a balanced stream of tokens, by modes in which the leftmost markup wins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.syntax.alternations import Alternation
from dokuwiki_data.syntax.closers import CloserCache
from dokuwiki_data.syntax.diagnostics import Diagnostics
from dokuwiki_data.syntax.measuring import UNCLOSED, WHITE_SPACE, MarkupScanner, Match, Place
from dokuwiki_data.syntax.paragraphs import AnyToken, Closing, Token
from dokuwiki_data.syntax.patterns import Firsts, Patterns
from dokuwiki_data.text import PageText

#: The most open brackets; deeper markup is read as text, or on the deepest level.
DEEPEST = 64


#: Functions that read the lines of a quotation or an item, given their depth and the mode of the text; that read the
#: tokens of a part of a text; and that receive the tokens of the lexer.
ReadLines = Callable[[PageText, int, str], tuple[Node, ...]]
ReadTokens = Callable[[PageText, list[AnyToken]], tuple[Node, ...]]
Take = Callable[[list[AnyToken]], None]


#: What `set_apart` restores: the tokens, the state of the paragraph and of footnotes.
_WRITTEN = (
    "tokens", "run", "held", "before", "opening", "in_paragraph", "fresh", "opened", "position", "take",
    "collectors", "in_note",
)  # fmt: skip


class Waiting(NamedTuple):
    """Markup that includes the white space before it: the start of that, its terminal, and its match."""

    begin: int
    name: str
    opener: Match


class Closer(NamedTuple):
    """The closer of the mode, which an action has found by an expression that is not that of the mode."""

    match: Match


class Lexer(MarkupScanner):
    """Reads one text: a page, or the lines of a quotation.

    The patterns have an action for each terminal; a terminal without an action closes its mode. An action that has
    found the next match of its mode may return it, and one that has found the closer in another way a `Closer`.
    """

    __slots__ = (
        "ahead", "apart", "brackets", "collectors", "depth", "in_note", "in_section", "last",
        "left_open", "lists", "modes", "next", "next_waiting", "open_quotation_marks", "outermost", "parse_lines",
        "parse_tokens", "quoted", "quoted_lines", "reads_on", "text_at", "waiting",
    )  # fmt: skip

    def __init__(
        self,
        source: PageText,
        patterns: Patterns,
        parse_lines: ReadLines,
        parse_tokens: ReadTokens,
        reads_on: Callable[[str], bool],
        diagnostics: Diagnostics,
        depth: int,
        take: Take,
    ) -> None:
        super().__init__(source, patterns, diagnostics, take)
        self.parse_lines = parse_lines
        self.parse_tokens = parse_tokens
        #: Whether the next text in a mode begins in modes that another one has left open.
        self.reads_on = reads_on
        #: The depth at which this text itself is nested.
        self.depth = depth
        self.modes: list[str] = []
        #: The modes that are open at the end of the text, the outermost first; None before the end is reached.
        self.left_open: tuple[str, ...] | None = None
        #: The open brackets of formatting, each with the start of its content and a function that restores the state
        #: around it; and the collectors of instructions.
        self.brackets: list[tuple[Token, int, Callable[[], None] | None]] = []
        self.collectors: list[Any] = []
        #: Whether DokuWiki is in a footnote, so that an inner footnote is not one.
        self.in_note = False
        #: The place where text continues after the delimiters of an inner footnote, which are text.
        self.text_at = -1
        #: For each footnote that is a collector, whether an inner footnote has ended a collector in it.
        self.apart: list[bool] = []
        #: The open lists, each with its depth, and the depth of the outermost.
        self.lists: list[tuple[bool, int]] = []
        self.outermost = 0
        #: The depth of quotations, in releases in which a quotation is a mode.
        self.quoted = 0
        self.quoted_lines: list[tuple[int, int]] = []
        self.open_quotation_marks = 0
        self.in_section = False
        #: The place of the last instruction so far.
        self.last = 0
        #: The closers of formatting, cached.
        self.ahead: dict[str, CloserCache] = {}
        #: The next match of some expressions, see `next_match`.
        self.next: dict[Callable[..., Match | None], tuple[int, Match | None]] = {}
        #: Markup of plugins that includes the white space before it, the last first; most pages have none.
        self.waiting: list[Waiting] = []
        #: The place where the next of these could begin.
        self.next_waiting = len(self.read) + 1
        if patterns.modes.after_white_space:
            self._find_waiting()

    def read_in(self, mode: str, resume: Callable[[Lexer, str], None] | None = None) -> None:
        """Read the whole text in a mode; ``resume`` first reads the part that continues in modes of another text."""
        self.open_paragraph(0)
        if resume:
            resume(self, mode)
        self.until_closed(mode)
        end = len(self.read)
        if self.position < end:
            self.last = self.line_end_before(end)
        self.end_text(end, self.last if self.in_section else -1)
        self.bracket(Closing("END", self.last))
        self.take(self.tokens)

    def until_closed(self, mode: str) -> Match | None:
        """Read a mode up to its closer, and return that; None at the end of the text."""
        self.modes.append(mode)
        search, _, choices = self.patterns.mode(mode)
        if self.waiting:
            search = partial(self._search_behind_white_space, mode)
        if first := self.patterns.first(mode):
            search = partial(self._search_behind_markup, mode, first, search)
        read = self.read
        match = search(read, self.scan)
        while match:
            name, action = choices[read[match.start()]][match.lastindex]
            if action is None:
                break
            found = action(self, match, name)
            if found is None:
                match = search(read, self.scan)
            elif isinstance(found, Closer):
                match = found.match
                break
            else:
                match = found
        if match is None and self.left_open is None:
            self.left_open = tuple(self.modes[1:])
        self.modes.pop()
        return match

    def _search_behind_markup(
        self, mode: str, first: Firsts, search: Callable[[str, int], Match | None], read: str, at: int
    ) -> Match | None:
        """Return the next match of a mode; markup that counts only directly after other markup is written."""
        while at in (self.position, self.text_at) and self._write_first(first, self.patterns.mode(mode), at):
            at = self.scan
        return search(read, at)

    def _write_first(self, first: Firsts, others: Alternation, at: int) -> bool:
        """Write markup that counts only directly after other markup, unless another terminal comes first."""
        match = first.match(self.read, at)
        if match is None:
            return False
        name = first.name(match)
        if (other := others.match(self.read, at)) and self.patterns.sort(others.name(other)) < self.patterns.sort(name):
            return False
        if self.measure(match, name, self.position) is None:
            return False
        self.patterns.action(name)(self, match, name)
        return True

    @property
    def room(self) -> int:
        """The number of brackets that may still be opened."""
        return DEEPEST - self.depth - len(self.modes) - 2 * len(self.lists) - self.quoted

    def too_deep(self, start: int, end: int) -> None:
        """Add a diagnostic for markup that is nested too deep."""
        self.odd("too-deep", f"nested more than {DEEPEST} deep, read as if it were not", start, end)

    def is_line_end(self, at: int) -> bool:
        """Return whether there is a line end at a place that counts, and with which no block begins."""
        mode = self.modes[-1]
        since = at
        while self.release.cuts and at < len(self.read) and self.read[at] in " \t":
            at += 1
        if at == len(self.read) or self.read[at] != "\n" or not self.patterns.accepts(mode, "PARAGRAPH_BREAK"):
            return False
        terminals = self.patterns.mode(mode)
        match = terminals.match(self.read, at)
        name = terminals.name(match) if match else "PARAGRAPH_BREAK"
        if since < at:  # blanks that only lists and tables include
            return name not in ("LIST_START", "TABLE_START")
        # A line of indented blanks is an empty line, too.
        return name == "PARAGRAPH_BREAK" or (name == "PREFORMATTED" and self.are_blanks_preformatted(at))

    def begins_block_behind_empty_line(self, at: int) -> bool:
        """Return whether a block that may be incomplete begins with the second line end of an empty line."""
        blocks = self.patterns.behind_empty_line(self.modes[-1])
        match = blocks.match(self.read, at)
        return match is not None and self.measure(match, blocks.name(match), at) is not None

    def set_apart(self, read: Callable[[], object]) -> list[AnyToken]:
        """Return the tokens that a function writes, as if they were those of another text, up to their end."""
        around = {name: getattr(self, name) for name in _WRITTEN}
        taken: list[AnyToken] = []
        self.take = taken.extend
        self.tokens, self.run, self.held, self.before, self.opening = [], [], [], None, None
        self.in_paragraph = self.fresh = self.in_note = False
        self.collectors = []
        read()
        self.bracket(Closing("END", self.last))
        taken += self.tokens
        for name, value in around.items():
            setattr(self, name, value)
        return taken

    def whole(self, match: Match, name: str) -> Place | None:
        """Return the start and end of the markup that a terminal matched.

        If it is not complete, try the next terminal at the same place, and return None.
        """
        place = self.measure(match, name, self.position)
        if place is None:
            self.instead(match, name)
        return place

    def instead(self, match: Match, name: str) -> None:
        """Try the next terminal at the place of a match that is not complete."""
        if name in UNCLOSED and name in self.patterns.ends:
            self.unclosed_once(match, name)
        others = self.patterns.after(self.modes[-1], name)
        first = self.patterns.first(self.modes[-1]) if match.start() in (self.position, self.text_at) else None
        if first and self._write_first(first, others, match.start()):
            return
        if other := others.match(self.read, match.start()):
            name = others.name(other)
            self.patterns.action(name)(self, other, name)
        else:
            self.scan = match.start() + 1

    def next_match(self, search: Callable[..., Match | None], start: int) -> Match | None:
        """Return the next match of an expression from ``start``; cached, since it can be far away."""
        asked, match = self.next.get(search, (len(self.read) + 1, None))
        if start < asked or (match and match.start() < start):
            match = search(self.read, start)
            self.next[search] = start, match
        return match

    def waits_since(self, end: int) -> int:
        """Return the start of the last piece of the pending text before a place."""
        if self.position <= self.text_at <= end:
            return self.text_at if self.text_at < end else end - len("((")
        return self.held[-1][0] if self.held and self.position == end else self.position

    # -- markup that includes the white space before it -----------------------------------------------

    def _find_waiting(self) -> None:
        """Find all places where such markup may be, before the text is read."""
        read = self.read
        for name in self.patterns.modes.after_white_space:
            for match in self.patterns.single(name).finditer(read):
                at = match.start()
                if read[at - 1] in WHITE_SPACE and self.next_end(f"{name}_END", match.end()) >= 0:
                    self.waiting.append(Waiting(self.behind_white_space(at, 0), name, match))
        self.waiting.sort(reverse=True, key=lambda waiting: waiting.begin)
        self._show_waiting()

    def _show_waiting(self) -> None:
        self.next_waiting = self.waiting[-1].begin if self.waiting else len(self.read) + 1

    def _search_behind_white_space(self, mode: str, read: str, at: int) -> Match | None:
        """Return the next match of a mode; markup with white space before it is written if it comes first."""
        terminals = self.patterns.mode(mode)
        search = terminals.search
        match = search(read, at)
        # It is usually far away, so compare only the places first: without this, such pages took a quarter longer.
        while self.waiting and not (match and match.start() < self.next_waiting):
            _, name, opener = self.waiting[-1]
            accepted = self.patterns.accepts(mode, name)
            since = max(self.position, at) if accepted else opener.start()
            start = self.behind_white_space(opener.start(), since)
            place = start, self.patterns.sort(name)
            if match and (match.start(), self.patterns.sort(terminals.name(match))) < place:
                break
            self.waiting.pop()
            self._show_waiting()
            if accepted and at <= opener.start() and self.measure(opener, name, since):
                self.patterns.action(name)(self, opener, name)
                if first := self.patterns.first(mode):
                    while self._write_first(first, self.patterns.mode(mode), self.position):
                        pass
                at = self.scan
                if match and match.start() < at:
                    match = search(read, at)
        return match
