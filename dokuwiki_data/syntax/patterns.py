"""Compile the grammar's terminals to one search for each mode."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from dokuwiki_data.grammars.driver import Terminal
from dokuwiki_data.syntax import modes
from dokuwiki_data.syntax.alternations import FLAGS, Alternation, Terminals, alternation
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.flavours import FLAVOURS
from dokuwiki_data.syntax.plugin_terminals import ends_of, line_starts_of, refused_in, start_ends_of, terminals_of
from dokuwiki_data.syntax.releases import RELEASES

#: Markup that ends at a closer, which can be far away.
CLOSERS = {
    "LINK_START": "LINK_CLOSE", "MEDIA_START": "MEDIA_CLOSE",
    "NOWIKI_START": "NOWIKI_CLOSE", "PERCENT_START": "PERCENT_CLOSE",
    "CODE_START": "CODE_CLOSE", "FILE_START": "FILE_CLOSE",
    "FENCED_CODE": "FENCED_CODE_CLOSE", "FENCED_FILE": "FENCED_FILE_CLOSE",
}  # fmt: skip

#: Small letters, rare ones first, as they are in many languages.
_RARE = "qxjzkwvybfpghmcudlotrnsiae"


class Firsts(NamedTuple):
    """Terminals that are matched at a place, not searched for; ``names[match.lastindex]`` is the one that matched."""

    match: Callable[..., re.Match[str] | None]
    names: tuple[str, ...]

    def name(self, match: re.Match[str]) -> str:
        """Return the terminal that matched."""
        return self.names[match.lastindex or 0]


class Patterns:
    """The expressions of one syntax; each is compiled at its first use."""

    def __init__(self, terminals: Mapping[str, Terminal], syntax: Syntax, actions: Mapping[str, Any]) -> None:
        #: The modes, and the terminals that end markup with a closer.
        self.modes = modes.modes_for(syntax)
        self.release = RELEASES[syntax.release]
        self.flavour = FLAVOURS[syntax.flavour]
        self.plugins = self.modes.plugins
        self.ends = {**CLOSERS, **ends_of(self.plugins)}
        self.start_ends = start_ends_of(self.plugins)
        self.refused = refused_in(self.plugins)
        self._terminals = {**terminals, **{terminal.name: terminal for terminal in terminals_of(self.plugins)}}
        for name, other in self.flavour.patterns.items():
            self._terminals[name] = self._terminals[other]._replace(name=name)
        if starts := line_starts_of(self.plugins):
            # The second line end of an empty line belongs to them.
            empty_line = self._terminals["PARAGRAPH_BREAK"]
            pattern = empty_line.pattern.replace("\n", f"\n(?!{'|'.join(starts)})", 1)
            self._terminals["PARAGRAPH_BREAK"] = empty_line._replace(pattern=pattern)
        own = {name: actions[other] for name, other in self.flavour.patterns.items() if other in actions}
        self._actions = {
            **actions,
            **own,
            **{name: actions[type(markup).__name__] for name, markup in self.plugins.items()},
        }
        self._syntax = syntax
        #: Schemes of addresses, in small letters, long ones first.
        self.schemes = sorted(map(str.lower, syntax.names("schemes")), key=len, reverse=True)
        self._alternations: dict[str, Alternation] = {}
        self._firsts: dict[str, Firsts | None] = {}
        self._closers: dict[str, Alternation] = {}
        self._opaque: dict[str, Alternation] = {}
        self._after: dict[tuple[str, str], Alternation] = {}
        self._behind: dict[str, Alternation] = {}
        self._but: dict[tuple[str, tuple[str, ...]], Alternation] = {}
        self._single: dict[str, re.Pattern[str]] = {}

    def mode(self, name: str) -> Alternation:
        """Return the terminals that count in a mode, including those that end it."""
        known = self._alternations.get(name)
        if known is None:
            mode = self.modes.modes[name]
            found = [accepted for accepted in mode.accepts if accepted not in self.modes.after_white_space]
            known = self._alternations[name] = self._alternation(self._in_order((*found, *mode.closes)))
        return known

    def first(self, name: str) -> Firsts | None:
        """Return the terminals that count in a mode only directly after other markup; None without any."""
        if name not in self._firsts:
            names = (f"{accepted}_FIRST" for accepted in self.modes.modes[name].accepts)
            own = (first for first in names if first in self._terminals)
            found = self._in_order((*own, *self.modes.right_behind[name]))
            self._firsts[name] = self._plain(found) if self.release.cuts else None
        return self._firsts[name]

    def closer(self, name: str) -> Alternation:
        """Return the terminals that decide whether a mode's closer follows: the closer, and those it must precede."""
        known = self._closers.get(name)
        if known is None:
            bounds = ["EMPTY_LINE"] if name in self.modes.formatting & self.modes.guarded else []
            known = self._closers[name] = self._alternation([*bounds, *self.modes.modes[name].closes])
        return known

    def opaque(self, name: str) -> Alternation:
        """Return the terminals that hide a mode's closer; they are the same for all formatting."""
        kind = "" if name in self.modes.formatting else name
        known = self._opaque.get(kind)
        if known is None:
            accepts = self.modes.modes[name].accepts
            hiding = self._in_order(accepted for accepted in accepts if accepted in self.modes.opaque)
            known = self._opaque[kind] = self._alternation(hiding)
        return known

    def after(self, mode: str, name: str) -> Alternation:
        """Return the terminals to try in a mode at a place where the markup of ``name`` is not complete."""
        known = self._after.get((mode, name))
        if known is None:
            names = self._in_order(self.modes.modes[mode].accepts)
            literals = {literal for literal, _, _ in self._split(self._terminals[name])}
            rest = [
                other
                for other in names[names.index(name) + 1 :]
                if other not in self.modes.begin_earlier  # it comes first at a place, so that it has been tried
                and any(literal in literals for literal, _, _ in self._split(self._terminals[other]))
            ]
            known = self._after[mode, name] = self._alternation(rest)
        return known

    def behind_empty_line(self, mode: str) -> Alternation:
        """Return the terminals of blocks that begin with the second line end of an empty line if they are complete."""
        known = self._behind.get(mode)
        if known is None:
            accepts = self.modes.modes[mode].accepts
            names = [name for name in self.flavour.begin_behind_empty_lines if name in accepts]
            known = self._behind[mode] = self._alternation(self._in_order(names))
        return known

    def but(self, mode: str, *without: str) -> Alternation:
        """Return the terminals that count in a mode, including those that end it, except some."""
        known = self._but.get((mode, without))
        if known is None:
            one = self.modes.modes[mode]
            names = self._in_order(other for other in (*one.accepts, *one.closes) if other not in without)
            known = self._but[mode, without] = self._alternation(names)
        return known

    def accepts(self, mode: str, name: str) -> bool:
        """Return whether a terminal counts in a mode."""
        return name in self.modes.modes[mode].accepts

    def sort(self, name: str) -> float:
        """Return DokuWiki's sort number of a terminal."""
        return self._terminals[name].sort

    def action(self, name: str) -> Any:
        """Return the lexer's action for a terminal."""
        return self._actions[name]

    def single(self, name: str) -> re.Pattern[str]:
        """Return the expression of one terminal."""
        if name not in self._single:
            self._single[name] = re.compile(self._terminals[name].pattern, FLAGS)
        return self._single[name]

    def _in_order(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=lambda name: self._terminals[name].sort)

    def _alternation(self, names: Iterable[str]) -> Alternation:
        by_literal: dict[str, list[tuple[str, str]]] = {}
        for name in names:
            for literal, rest, begins_here in self._split(self._terminals[name]):
                choices = by_literal.setdefault(literal, [])
                choices.insert(len(choices) if begins_here else 0, (name, rest))
        return alternation(
            {literal: Terminals(choices, self._ahead(choices)) for literal, choices in by_literal.items()},
            self._actions,
        )

    def _plain(self, names: list[str]) -> Firsts:
        """Return terminals that are matched at a place."""
        expression = "|".join(f"({self._filled(self._terminals[name])})" for name in names)
        return Firsts(re.compile(expression or r"(?!)", FLAGS).match, ("", *names))

    def _filled(self, terminal: Terminal) -> str:
        if "{names}" not in terminal.pattern:
            return terminal.pattern
        names = sorted(filter(None, self._syntax.names(modes.NAMED[terminal.name])), key=len, reverse=True)
        return terminal.pattern.replace("{names}", f"(?:{'|'.join(map(re.escape, names)) or '(?!)'})")

    def _ahead(self, choices: list[tuple[str, str]]) -> str:
        """Return a look-ahead for the choices after a line end; it saves 2 % of the time."""
        bound = all(name in self.modes.line_starts for name, _ in choices)
        return self._terminals["LINE_START"].pattern if bound else ""

    def _split(self, terminal: Terminal) -> Iterable[tuple[str, str, bool]]:
        """Yield the alternatives of a terminal: first literal, rest, whether the markup begins at that literal."""
        pattern = terminal.pattern
        begins_here = terminal.name not in self.modes.begin_earlier
        if "{mark}" in pattern:
            for (before, mark), rests in self._names(terminal.name).items():
                rest = "(?:" + "|".join(map(re.escape, rests)) + ")" if any(rests) else ""
                filled = pattern.removeprefix("{mark}").replace("{rest}", rest)
                filled = filled.replace("{before}", re.escape(before)).replace("{mark}", re.escape(mark))
                if before:
                    filled = f"(?<={re.escape(before + mark)}){filled}"
                yield mark, filled, begins_here and not before
            return
        pattern = self._filled(terminal)
        if "{schemes}" in pattern:
            behind = "|".join(rf"(?<=\b(?i:{re.escape(name)}):)" for name in self._syntax.names("schemes"))
            pattern = pattern.replace("{schemes}", behind or "(?!)")
        length = 2 if pattern[0] == "\\" else 1
        literal = "\n" if pattern.startswith("\\n") else pattern[length - 1]
        yield literal, pattern[length:], begins_here

    def _names(self, terminal: str) -> dict[tuple[str, str], list[str]]:
        """Return the names of a terminal: the text before and at their mark, and the rests after it."""
        if terminal == "MULTIPLY":
            return {("", "x"): [""], ("", "X"): [""]}
        if terminal == "CAMEL_CASE_LINK":
            return {("", letter): [""] for letter in string.ascii_uppercase}
        names = list(self._syntax.names(modes.NAMED[terminal]))
        if terminal == "ACRONYM":
            names.sort(key=len, reverse=True)
        grouped: dict[tuple[str, str], list[str]] = {}
        for name in filter(None, names):
            # Small letters are frequent: searching for the s of "spec" alone took 4 % of the time. A name that begins
            # with small letters is found by the character after them, or else by the rarest of them (but an entity may
            # be part of a word, so it must be found by its first character).
            at = 0 if terminal == "ENTITY" else _mark(name)
            grouped.setdefault((name[:at], name[at]), []).append(name[at + 1 :])
        return grouped


def _mark(name: str) -> int:
    at = len(name) - len(name.lstrip(string.ascii_lowercase))
    return at if at < len(name) else min(range(len(name)), key=lambda at: _RARE.index(name[at]))
