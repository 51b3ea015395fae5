"""What the plugin stores of an entry when its page is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from dokuwiki_data.engine.context import PLACEHOLDER, Context
from dokuwiki_data.engine.values import cleaner
from dokuwiki_data.php import loosely
from dokuwiki_data.query.columns import Column


class Storing:
    """Cleans the entries of a wiki under one context.

    ``filled`` says afterwards whether any placeholder was met, so that the result depends on who asked and when,
    ``undated`` whether one of them asks for the day.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cleaners: dict[str, Callable[[str], str] | None] = {}
        self.filled = self.undated = False

    def values(self, fields: Iterable[tuple[Column, Sequence[str]]]) -> dict[str, list[str]]:
        """The values of an entry by key, with their placeholders replaced; otherwise as `cleaned`."""
        values = self.cleaned(fields)
        # One look at all of them is quicker than one at each.
        everything = "".join(chain(values, *values.values()))
        return self._fill(values) if "%" in everything else values

    def cleaned(self, fields: Iterable[tuple[Column, Sequence[str]]]) -> dict[str, list[str]]:
        """The values of an entry by key, in the order of the keys; ``fields``: its columns and their values.

        A later line replaces an earlier one of the same single-valued column, and adds to a many-valued one,
        where a value comes but once. (The reference stops on a key that is single first and then many;
        here the values add up.)
        """
        values: dict[str, list[str]] = {}
        cleaners = self._cleaners
        for column, texts in fields:
            if column.name not in cleaners:
                cleaners[column.name] = cleaner(column, self._context)
            clean = cleaners[column.name]
            if clean is not None:
                texts = list(map(clean, texts))
            if not column.many:
                values[column.key] = [texts[0] if texts else ""]
            elif len(texts) == 1 and column.key not in values:
                values[column.key] = [text for text in texts if text]
            else:
                unique = {loosely(text): text for text in values.get(column.key, ())}
                for text in texts:
                    if text:
                        unique.setdefault(loosely(text), text)
                values[column.key] = list(unique.values())
        return values

    def _fill(self, values: dict[str, list[str]]) -> dict[str, list[str]]:
        filled: dict[str, list[str]] = {}
        for key, texts in values.items():
            filled.setdefault(self.fill(key), []).extend(map(self.fill, texts))
        return filled

    def fill(self, text: str) -> str:
        """A text to be stored, with its placeholders replaced."""
        if PLACEHOLDER.search(text):
            self.filled = True
            self.undated = self.undated or "%now%" in text
        return self._context.fill(text)
