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
    def _places(self) -> re.Pattern[str] | None:
        """The places where a rule could fit, which are found faster than by trying all rules everywhere."""
        if all(rule.pattern.startswith("^") for rule in self.rules):
            return re.compile("^", re.MULTILINE)
        begins = [_begin(rule.pattern) for rule in self.rules]
        return re.compile(f"[{''.join(begins)}]") if all(begins) else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"({rule.pattern})" for rule in self.rules), re.MULTILINE)

    def escaped(self, text: str, before: str = "", after: str = "") -> str:
        """Return text with everything escaped that could be read as markup.

        Args:
            text: The text.
            before: The character before it, which no rule may fit; the rules look at it. Likewise ``after``.
        """
        places = self._places
        if places is not None and places.search(text) is None:
            return text
        text = f"{before}{text}{after}"
        if places is None:
            written = self._pattern.sub(self._replaced, text)
        else:
            parts: list[str] = []
            done = 0
            for place in places.finditer(text):
                at = place.start()
                found = self._pattern.match(text, at) if at >= done else None
                if found is not None:
                    parts += (text[done:at], self._replaced(found))
                    done = found.end()
            written = "".join((*parts, text[done:])) if parts else text
        return written[len(before) : len(written) - len(after)]

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
