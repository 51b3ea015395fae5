"""Collect the diagnostics of a page while it is parsed, up to a limit for each kind."""

from __future__ import annotations

from collections.abc import Iterable

from dokuwiki_data.text import Diagnostic, PageText

#: The most diagnostics of a kind; a page of a megabyte can have half a million problems of one kind.
MOST_OF_A_KIND = 1000


class Diagnostics:
    """Collects the diagnostics of a page."""

    __slots__ = ("_found", "_left_out")

    def __init__(self) -> None:
        self._found: dict[str, list[Diagnostic]] = {}
        self._left_out: dict[str, int] = {}

    def note(self, source: PageText, kind: str, message: str, start: int, end: int) -> None:
        """Add a diagnostic for the range between two places of the normalized text."""
        if len(self._found.get(kind, ())) < MOST_OF_A_KIND:
            self.extend([source.diagnostic(kind, message, source.span(start, end))])
        else:
            self._left_out[kind] = self._left_out.get(kind, 0) + 1

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add diagnostics that others have made."""
        for diagnostic in diagnostics:
            found = self._found.setdefault(diagnostic.kind, [])
            if len(found) < MOST_OF_A_KIND:
                found.append(diagnostic)
            else:
                self._left_out[diagnostic.kind] = self._left_out.get(diagnostic.kind, 0) + 1

    def in_order(self) -> tuple[Diagnostic, ...]:
        """Return all diagnostics in the order of their places; the last one of a kind tells how many were left out."""
        every = [diagnostic for found in self._found.values() for diagnostic in found]
        for kind, number in self._left_out.items():
            last = self._found[kind][-1]
            every.append(last._replace(message=f"{number} more of this kind are not listed"))
        return tuple(sorted(every, key=lambda diagnostic: diagnostic.span))
