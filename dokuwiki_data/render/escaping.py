"""Rules of escaping: what is written for text that could be read as markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

#: The replacement that puts a backslash in front.
BACKSLASH = r"\\\g<0>"


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


@dataclass(frozen=True)
class Escapes:
    r"""Rules, of which the first that fits counts.

    Example:
        >>> print(Escapes((Escape("[*]"), Escape("<", "&lt;"))).escaped("1 * 2 < 3"))
        1 \* 2 &lt; 3
    """

    rules: tuple[Escape, ...]

    @cached_property
    def _places(self) -> re.Pattern[str]:
        """The places where a rule could fit, which are found faster than by trying all rules everywhere."""
        if all(rule.pattern.startswith("^") for rule in self.rules):
            return re.compile("^", re.MULTILINE)
        begins = [_begin(rule.pattern) for rule in self.rules]
        others = [rule.pattern for rule, begin in zip(self.rules, begins, strict=True) if not begin]
        classes = [f"[{''.join(begins)}]"] if any(begins) else []
        return re.compile("|".join([*classes, *(f"(?={pattern})" for pattern in others)]) or r"(?!)", re.MULTILINE)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        try:
            found = re.compile("|".join(f"({rule.pattern})" for rule in self.rules), re.MULTILINE)
        except re.error as error:
            raise ValueError(f"a rule of escaping is no regular expression: {error}") from None
        if found.groups > len(self.rules):
            number = next(number for number, rule in enumerate(self.rules) if re.compile(rule.pattern).groups)
            raise ValueError(f"a rule of escaping has a group: write (?:…) in {self.rules[number].pattern!r}")
        return found

    def escaped(self, text: str, before: str = "", after: str = "") -> str:
        """Return text with everything escaped that could be read as markup.

        Args:
            text: The text.
            before: The character before it, which the rules look at, and which is not escaped. Likewise ``after``.
        """
        pattern, places = self._pattern, self._places
        if places.search(text) is None:
            return text
        around = f"{before}{text}{after}"
        parts: list[str] = []
        done, end = len(before), len(around) - len(after)
        for place in places.finditer(around):
            at = place.start()
            found = pattern.match(around, at) if at >= done else None
            if found is not None and found.end() <= end:
                parts += (around[done:at], self._replaced(found))
                done = found.end()
        return "".join((*parts, around[done:end])) if parts else text

    def _replaced(self, found: re.Match[str]) -> str:
        replacement = self.rules[(found.lastindex or 1) - 1].replacement
        if "\\" not in replacement:
            return replacement
        return f"\\{found[0]}" if replacement == BACKSLASH else found.expand(replacement)

    def and_before(self, *rules: Escape) -> Escapes:
        """Return these rules with others before them."""
        return Escapes((*rules, *self.rules))


_CLASS = r"\[(?:\\.|[^\]\\])*\]"
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
