"""Decide whether formatting opens: a closer must follow, not hidden, and before that of the formatting around it."""

from __future__ import annotations

from functools import cache

from dokuwiki_data.nodes import inline
from dokuwiki_data.syntax.alternations import Alternation
from dokuwiki_data.syntax.closers import CloserCache
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match

#: DokuWiki's names of the formatting of modes of Markdown, the outer first.
_KINDS = {
    "STAR": ("emphasis",), "UNDERSCORE": ("emphasis",), "UNDERSCORE_STRONG": ("strong",), "TILDES": ("deleted",),
    "STARS": ("emphasis", "strong"), "UNDERSCORES": ("emphasis", "strong"),
}  # fmt: skip


@cache
def kinds_of(mode: str) -> tuple[str, ...]:
    """Return DokuWiki's names of the formatting of a mode, the outer first: most modes have one."""
    return _KINDS.get(mode) or (mode.lower(),)


def write_lone_closers(lexer: Lexer, kinds: tuple[str, ...], start: int, end: int) -> None:
    """Write the closer of formatting that does not end here; a closer of two is divided."""
    for kind in reversed(kinds[1:]):
        lexer.leaf(inline.LoneCloser.at(lexer.source, start, end - 1, kind), start, end - 1)
        start = end - 1
    lexer.leaf(inline.LoneCloser.at(lexer.source, start, end, kinds[0]), start, end)


def may_open(lexer: Lexer, mode: str, match: Match) -> bool:
    """Return whether formatting opens here; otherwise its opener is text or other markup."""
    start, inside = match.span()
    if _is_closed(lexer, mode, inside):
        if lexer.room > 0:
            return True
        lexer.too_deep(start, inside)
    elif not lexer.release.closers_are_looked_for:
        lexer.instead(match, f"{mode}_OPEN")
        return False
    lexer.scan = start + 1
    return False


def _is_closed(lexer: Lexer, mode: str, inside: int) -> bool:
    """Return whether a closer follows, before that of the formatting around it."""
    if mode in lexer.release.always_opens:
        return True
    closer = _closer_ahead(lexer, mode, inside)
    if closer < 0:
        return False
    for around in reversed(lexer.modes):
        if around == mode:
            break
        if around in lexer.patterns.modes.guarded:
            return not 0 <= _closer_ahead(lexer, around, inside) < closer
    return True


def _closer_ahead(lexer: Lexer, mode: str, start: int) -> int:
    """Return the place of the next closer that is not hidden by other markup, or -1."""
    ahead = lexer.ahead.get(mode)
    if ahead is None:
        ahead = lexer.ahead[mode] = CloserCache()
    known = ahead.known(start)
    if known is not None:
        return known
    closers, hiding = lexer.patterns.closer(mode), lexer.patterns.opaque(mode)
    read, at = lexer.read, start
    closer, before = closers.search(read, at), lexer.next_match(hiding.search, at)
    while closer:
        if before is None or _begin(lexer, before, hiding, at) >= closer.start():
            if closers.name(closer) == "EMPTY_LINE":
                return ahead.nothing(start, closer.start() + 1)
            return ahead.found(start, closer.start())
        place = lexer.measure(before, hiding.name(before), at)
        at = max(place[1] if place else 0, before.start() + 1)
        before = lexer.next_match(hiding.search, at)
        if at > closer.start():
            closer = closers.search(read, at)
    return ahead.nothing(start, len(read) + 1)


def _begin(lexer: Lexer, match: Match, terminals: Alternation, since: int) -> int:
    """Return the start of markup, including the white space before it that belongs to it."""
    if terminals.name(match) not in lexer.patterns.modes.after_white_space:
        return match.start()
    return lexer.behind_white_space(match.start(), since)


def closer_in_line(lexer: Lexer, mode: str, inside: int) -> Match | None:
    """Return the closer of formatting if it is the next markup on the same line and no other formatting is open."""
    if lexer.brackets or "FOOTNOTE" in lexer.modes:
        return None
    ahead = lexer.ahead.get(mode)
    if ahead is not None and ahead.known(inside) == -1:
        return None
    line_end = lexer.line_end(inside)
    if lexer.next_waiting < line_end:
        return None
    search, _, choices = lexer.patterns.mode(mode)
    if lexer.release.cuts and (first := lexer.patterns.first(mode)) and first.match(lexer.read, inside):
        return None
    read = lexer.read
    match = search(read, inside, line_end)
    if match and choices[read[match.start()]][match.lastindex][0] == mode + "_CLOSE":
        return match
    return None
