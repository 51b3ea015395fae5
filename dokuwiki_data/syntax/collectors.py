"""Collectors of instructions: footnotes, lists, tables and quotations that are open.

In DokuWiki, the end of such a mode ends the innermost collector, even if this belongs to another mode. The two differ
only for a footnote in a footnote, which is not a collector, but ends the innermost one. If that is a list in the outer
footnote, the list is never finished, the end of its mode finishes the footnote, and further items are loose markup.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dokuwiki_data.nodes import inline
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match
from dokuwiki_data.syntax.paragraphs import Closing, Run, Token
from dokuwiki_data.syntax.scopes import CollectorScope


class Kind(NamedTuple):
    """A kind of collectors."""

    name: str
    #: DokuWiki's instruction at its end.
    closing: str
    #: Writes its closing brackets, given the start and end of its closer and the place of its last instruction (None if
    #: it is not finished).
    close: Callable[[Lexer, int, int, int | None], None]


class Collector(NamedTuple):
    """A footnote, list, table or quotation that is open and collects instructions."""

    kind: Kind
    #: The number of brackets of formatting around it.
    brackets: int
    #: The place of the last instruction after it, if none of its own counts.
    last: int
    scope: CollectorScope


def last_written(lexer: Lexer, start: int) -> int:
    """Return the place of the last instruction before a place, after writing the pending text."""
    if lexer.position < start or lexer.held:
        return lexer.waits_since(start)
    last = lexer.tokens[-1]
    run = lexer.run or (last.run if isinstance(last, Token) else last.nodes if isinstance(last, Run) else ())
    if run:
        return run[-1]._start
    assert isinstance(last, Token | Closing)  # only brackets have none
    return last.at


def begin(lexer: Lexer, kind: Kind, last: int = 0) -> Collector:
    """Begin a collector; ``last`` is the place of the instruction that counts as the last one after it."""
    collector = Collector(kind, len(lexer.brackets), last, CollectorScope(lexer))
    lexer.collectors.append(collector)
    lexer.cell = None
    return collector


def collects(lexer: Lexer, kind: Kind) -> bool:
    """Return whether the innermost collector is of a kind."""
    return lexer.collectors[-1].kind is kind if lexer.collectors else False


def goes_on(lexer: Lexer, kind: Kind, at: int) -> bool:
    """Return whether the innermost collector is of a kind; formatting that is open in it then ends with it.

    Outside of footnotes this is always so.
    """
    if not collects(lexer, kind):
        return False
    around = lexer.collectors[-1].brackets
    if len(lexer.brackets) > around:
        _leave_open(lexer, around, at)
    return True


def end_mode(lexer: Lexer, collector: Collector, close: Match | None) -> bool:
    """End a mode that began with a collector; return whether a collector of the same kind ends with it."""
    if close is None:
        return _end_of_text(lexer, collector)
    return end(lexer, collector.kind, close)


def end(lexer: Lexer, kind: Kind, close: Match) -> bool:
    """End a mode of a kind at its closer; return whether the collector that ends is of that kind, too."""
    stop, after = close.span()
    lexer.last = stop
    if collects(lexer, kind):
        _close(lexer, stop, after, lexer.last)
        return True
    ended = lexer.collectors[-1].kind.name
    lexer.odd("taken-apart", f"a footnote in a footnote has ended what is around it: {ended} ends here", stop, after)
    lexer.apart[-1] = True
    loose(lexer, kind.closing, stop, after)
    _close(lexer, after, after, None)
    return False


def _end_of_text(lexer: Lexer, collector: Collector) -> bool:
    stop = len(lexer.read)
    if stop > lexer.position:
        lexer.last = lexer.waits_since(stop)
    if lexer.collectors and lexer.collectors[-1] is collector:
        _close(lexer, stop, stop, lexer.last)
        return True
    if stop > lexer.position or lexer.held:
        lexer.text(stop, closing=True)
    lexer.position = lexer.scan = stop
    return False


def loose(lexer: Lexer, instruction: str, start: int, end: int, at: int = -1, component: str = "") -> None:
    """Write markup whose footnote, list, table or quotation has ended."""
    at = start if at < 0 else at
    lexer.leaf(inline.LooseMarkup.at(lexer.source, start, end, instruction, at, component), start, end)


def _close(lexer: Lexer, stop: int, end: int, place: int | None) -> None:
    collector = lexer.collectors[-1]
    if len(lexer.brackets) > collector.brackets:
        _leave_open(lexer, collector.brackets, stop)
    collector.kind.close(lexer, stop, end, place)
    lexer.collectors.pop()
    collector.scope.leave(lexer)
    lexer.position = lexer.scan = end


def _leave_open(lexer: Lexer, around: int, stop: int) -> None:
    """Leave formatting open that began inside of an ended collector, although its mode continues."""
    if stop > lexer.position or lexer.held:
        lexer.text(stop)
        lexer.position = stop
    while len(lexer.brackets) > around:
        opening, inside, restore = lexer.brackets.pop()
        message = (
            f"{lexer.read[opening.at : inside]} is not closed before the footnote, item or cell ends in which it stands"
        )
        lexer.odd("left-open", message, opening.at, inside)
        if restore:
            restore()
            lexer.bracket(Closing("PLUGIN_CLOSE", stop, (stop, False)))
        else:
            lexer.in_formatting -= 1
            lexer.bracket(Closing(opening.type.replace("_OPEN", "_CLOSE"), stop, False))
