"""A grammar put to work: its tables driven over tokens that were made before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dokuwiki_data.grammars.grammar import Reduction, Terminal, tables

__all__ = ["Parser", "Terminal"]

Callback = Callable[[list[Any]], Any]


class Parser:
    """A parse table with callbacks, and a loop over it.

    Lark's own loop gives the same with the same callbacks; this one takes half the time, since rules
    that only pass a value on are gone and repetitions are gathered without trees.
    """

    def __init__(self, grammar: str, builder: object) -> None:
        """``grammar``: the name of a grammar file; ``builder`` has a method for each of its rules."""
        made = tables(grammar)
        self.terminals = made.terminals
        self._start = made.start
        #: By state and symbol: the state to go to, or callback, number of values and symbol of a reduction.
        self._states: list[dict[str, Any]] = [
            {
                symbol: (_callback(step, builder), step.size, step.symbol) if isinstance(step, Reduction) else step
                for symbol, step in row.items()
            }
            for row in made.states
        ]

    def parse(self, tokens: Iterable[Any]) -> Any:
        """What the callbacks make of a complete stream of tokens."""
        parsing = Parsing(self._states, self._start)
        parsing.feed(tokens)
        return parsing.result()

    def begin(self) -> Parsing:
        """Parse a stream of tokens that comes in several parts."""
        return Parsing(self._states, self._start)


class Parsing:
    """A stream of tokens being parsed."""

    __slots__ = ("_stack", "_state", "_states", "_values")

    def __init__(self, states: list[dict[str, Any]], start: int) -> None:
        self._states = states
        self._state = start
        self._stack = [start]
        self._values: list[Any] = []

    def feed(self, tokens: Iterable[Any]) -> None:
        """Take the next tokens."""
        states, state, stack, values = self._states, self._state, self._stack, self._values
        for token in tokens:
            step = states[state][token.type]
            while step.__class__ is tuple:
                callback, size, symbol = step
                parts = values[-size:] if size else []
                if size:
                    del values[-size:], stack[-size:]
                values.append(callback(parts))
                state = states[stack[-1]][symbol]
                stack.append(state)
                step = states[state][token.type]
            state = step
            stack.append(state)
            values.append(token)
        self._state = state

    def result(self) -> Any:
        """What the callbacks have made of all tokens, the last of which ends the text."""
        callback, size, _ = self._states[self._state]["$END"]
        return callback(self._values[-size:] if size else [])


class _Gathered(list[Any]):
    """What a repetition in a rule has gathered, if it is more than one value."""


def _callback(step: Reduction, builder: object) -> Callback:
    if step.rule == "*":
        return _gather
    callback: Callback = getattr(builder, step.rule)
    for at in step.gathered:  # the last is laid out first, so that the others keep their place
        callback = _laid_out(callback, at)
    return callback


def _gather(parts: list[Any]) -> _Gathered:
    gathered, part = parts
    if gathered.__class__ is not _Gathered:
        return _Gathered(parts)
    gathered.append(part)
    return gathered


def _laid_out(callback: Callback, at: int) -> Callback:
    """The callback of a rule with a repetition as its symbol number ``at``."""

    def call(parts: list[Any]) -> Any:
        if parts[at].__class__ is _Gathered:
            parts[at : at + 1] = parts[at]
        return callback(parts)

    return call
