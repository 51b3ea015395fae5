"""Parse a stream of tokens with the tables of a grammar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dokuwiki_data.grammars.grammar import Reduction, Terminal, tables

__all__ = ["Parser", "Terminal"]

Callback = Callable[[list[Any]], Any]


class Parser:
    """A parse table with callbacks.

    Lark's own parser returns the same with the same callbacks. This one takes half the time: rules that only pass on a
    value are removed, and repetitions are collected without trees.
    """

    def __init__(self, grammar: str, builder: object) -> None:
        """Load a grammar.

        Args:
            grammar: The name of a grammar file.
            builder: An object with a method for each rule.
        """
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
        """Return the result of the callbacks for a complete stream of tokens."""
        parsing = Parsing(self._states, self._start)
        parsing.feed(tokens)
        return parsing.result()

    def begin(self) -> Parsing:
        """Begin to parse a stream of tokens that comes in several parts."""
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
        """Process the next tokens."""
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
        """Return the result of the callbacks for all tokens; the last token must end the text."""
        callback, size, _ = self._states[self._state]["$END"]
        return callback(self._values[-size:] if size else [])


class _Gathered(list[Any]):
    """The values of a repetition in a rule, if there are several."""


def _callback(step: Reduction, builder: object) -> Callback:
    if step.rule == "*":
        return _gather
    callback: Callback = getattr(builder, step.rule)
    for at in step.gathered:  # the last comes first, so that the others keep their places
        callback = _laid_out(callback, at)
    return callback


def _gather(parts: list[Any]) -> _Gathered:
    gathered, part = parts
    if gathered.__class__ is not _Gathered:
        return _Gathered(parts)
    gathered.append(part)
    return gathered


def _laid_out(callback: Callback, at: int) -> Callback:
    """Return the callback of a rule whose symbol number ``at`` is a repetition."""

    def call(parts: list[Any]) -> Any:
        if parts[at].__class__ is _Gathered:
            parts[at : at + 1] = parts[at]
        return callback(parts)

    return call
