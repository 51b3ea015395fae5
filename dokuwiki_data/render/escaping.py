"""Rules of escaping: what is written for text that could be read as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

#: The replacement that puts a backslash in front.
BACKSLASH = r"\\\g<0>"

#: Something that no replacement has.
_PLACE = "\0\0"


class Escape(NamedTuple):
    """A rule: what could be read as markup, as a regular expression without groups, and what is written for it.

    The replacement is a template as for `re.Match.expand`; by default a backslash is put in front.
    """

    pattern: str
    replacement: str = BACKSLASH

    @classmethod
    def exception(cls, pattern: str) -> Escape:
        """Return a rule for what stays as it is, although a later rule fits."""
        return cls(pattern, r"\g<0>")


class _Rules(NamedTuple):
    """Rules as one pattern with a group for each, and what each writes around what it stands for."""

    pattern: re.Pattern[str]
    replacements: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Escapes:
    r"""Rules, of which the first that fits counts.

    Example:
        >>> print(Escapes((Escape("[*]"), Escape("<", "&lt;"))).escaped("1 * 2 < 3"))
        1 \* 2 &lt; 3
    """

    rules: tuple[Escape, ...]

    @cached_property
    def _is_of_lines(self) -> bool:
        """Whether all rules fit at the beginning of lines only."""
        return all(rule.pattern.startswith("^") for rule in self.rules)

    @cached_property
    def _begins(self) -> tuple[str, ...]:
        """The characters that each rule begins with, as in a class; empty where that is not easily said."""
        return tuple(_begin(rule.pattern) for rule in self.rules)

    @cached_property
    def _places(self) -> re.Pattern[str]:
        """The places where a rule could fit, which are found faster than by trying all rules everywhere.

        One class of characters comes first, which `re` searches for fastest. Of a character such as a full stop, which
        a rule is about only behind ``www``, what stands before it is looked at next: most of them are no such places.
        """
        plain, behind, others = "", "", ""
        for rule, begin in zip(self.rules, self._begins, strict=True):
            if not begin:
                others += f"|(?={rule.pattern})"
            elif found := _BEHIND.match(rule.pattern):
                behind += f"|(?<=(?:{found[1]})[{begin}])"
            else:
                plain += begin
        classes = f"[{''.join(self._begins)}]" if any(self._begins) else ""
        if behind:
            classes += f"(?:(?<=[{plain}]){behind})" if plain else f"(?:{behind[1:]})"
        return re.compile(f"{classes}{others}".removeprefix("|") or r"(?!)", re.MULTILINE)

    @cached_property
    def _known(self) -> dict[str, _Rules]:
        """What `_rules_at` returned for characters; `ValueError` tells what is wrong in a rule."""
        _compiled(self.rules)
        return {}

    def _rules_at(self, letter: str) -> _Rules:
        """Return the rules that could fit where a character stands; those that fit at the end for an empty one."""
        fitting = [
            rule
            for rule, begin in zip(self.rules, self._begins, strict=True)
            if not begin or re.match(f"[{begin}]", letter)
        ]
        rules = self._known[letter] = _Rules(_compiled(fitting), tuple(_parts(rule.replacement) for rule in fitting))
        return rules

    def escaped(self, text: str, before: str = "", after: str = "") -> str:
        """Return text with everything escaped that could be read as markup.

        Args:
            text: The text.
            before: The character before it, which the rules look at, and which is not escaped. Likewise ``after``.
        """
        if self._is_of_lines:
            return self._lines_escaped(text)
        known, places = self._known, self._places
        around = f"{before}{text}{after}"
        done, end = len(before), len(around) - len(after)
        first = places.search(around, done)
        if first is None or (at := first.start()) >= end:
            return text
        parts: list[str] = []
        for place in places.finditer(around, at):
            at = place.start()
            if at < done:
                continue
            letter = around[at : at + 1]
            pattern, replacements = known.get(letter) or self._rules_at(letter)
            found = pattern.match(around, at)
            if found is not None and found.end() <= end:
                parts += (around[done:at], found[0].join(replacements[(found.lastindex or 1) - 1]))
                done = found.end()
        return "".join((*parts, around[done:end])) if parts else text

    def _lines_escaped(self, text: str) -> str:
        """Return text with everything escaped that could be read as markup at the beginning of a line."""
        pattern, replacements = self._known.get("") or self._rules_at("")
        parts: list[str] = []
        done = at = 0
        while True:
            found = pattern.match(text, at) if at >= done else None
            if found is not None:
                parts += (text[done:at], found[0].join(replacements[(found.lastindex or 1) - 1]))
                done = found.end()
            at = text.find("\n", at) + 1
            if not at:
                return "".join((*parts, text[done:])) if parts else text

    def and_before(self, *rules: Escape) -> Escapes:
        """Return these rules with others before them."""
        return Escapes((*rules, *self.rules))


def _compiled(rules: Sequence[Escape]) -> re.Pattern[str]:
    """Return rules as one pattern, with a group for each.

    Raises:
        ValueError: If one of them is no regular expression, or has groups.
    """
    try:
        found = re.compile("|".join(f"({rule.pattern})" for rule in rules) or "(?!)", re.MULTILINE)
    except re.error as error:
        raise ValueError(f"a rule of escaping is no regular expression: {error}") from None
    if found.groups > len(rules):
        number = next(number for number, rule in enumerate(rules) if re.compile(rule.pattern).groups)
        raise ValueError(f"a rule of escaping has a group: write (?:…) in {rules[number].pattern!r}")
    return found


def _parts(replacement: str) -> tuple[str, ...]:
    """Return what a replacement writes before, between and behind what it stands for."""
    found = re.fullmatch(_PLACE, _PLACE)
    assert found is not None
    return tuple(found.expand(replacement).split(_PLACE))


_CLASS = r"\[(?:\\.|[^\]\\])*\]"
#: What a rule looks at before what it begins with.
_BEHIND = re.compile(rf"\(\?<=((?:{_CLASS}|\\.|[^()\[\\])*)\)")
_BEGIN = re.compile(
    # Behind what is looked at before it: a class of characters, or one character.
    rf"(?:\(\?<[=!](?:{_CLASS}|\\.|[^()\[\\])*\))*(?:\[([^^](?:\\.|[^\]\\])*)\]|(\\\W|[^\\()\[.^$|]))(?![*?{{])"
)


def _begin(pattern: str) -> str:
    """Return the characters that a regular expression begins with, as in a class; empty if that is not easily said."""
    outside, groups = re.sub(rf"\\.|{_CLASS}", "", pattern), 1
    while groups:
        outside, groups = re.subn(r"\([^()]*\)", "", outside)
    found = _BEGIN.match(pattern)
    if found is None or "|" in outside:
        return ""
    characters = found[1] or re.escape(found[2].removeprefix("\\"))
    return "" if "-" in (characters[0], characters[-1]) and len(characters) > 2 else characters
