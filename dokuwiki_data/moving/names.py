"""The new names of pages, namespaces and media files as they have to be written on a page, and changes of its text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dokuwiki_data.engine.context import Context
from dokuwiki_data.moving.renaming import Renaming
from dokuwiki_data.moving.spelling import Place, respelled
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.text import Span
from dokuwiki_data.wiki.links import LinkRules, PageExists, resolve_media, resolve_page


@dataclass(frozen=True, slots=True)
class Situation:
    """What rewriting depends on.

    Attributes:
        renaming: What is moved.
        rules: The settings that links depend on.
        syntax: The syntax of the pages.
        context: The types of the data plugin's columns.
        exists_before: Tells which pages existed before the move.
        exists_after: Tells which pages exist after it.
    """

    renaming: Renaming
    rules: LinkRules
    syntax: Syntax
    context: Context
    exists_before: PageExists
    exists_after: PageExists


class NameChange(NamedTuple):
    """A piece of the source of a page and its new text; None if the name in it cannot be written."""

    start: int
    end: int
    text: str | None
    reason: str = ""


class NewNames:
    """Finds the new names of pages, namespaces and media files on a page that may move itself."""

    def __init__(
        self, page_id: str, situation: Situation, changes: Callable[[Node, NewNames], Iterator[NameChange]]
    ) -> None:
        """Take the old id of the page, the situation, and the function that finds all changes in a node."""
        self._before = page_id
        self.changes = changes
        self._after = situation.renaming.pages(page_id)
        self.situation = situation

    def page(self, written: str) -> str | None:
        """Return a link to a page as it has to be written; None if that is impossible."""
        known = self.situation
        target = resolve_page(written, self._before, known.rules, known.exists_before)

        def resolve(name: str) -> str:
            return resolve_page(name, self._after, known.rules, known.exists_after)

        return respelled(written, known.renaming.pages(target), Place(self._after, resolve, known.rules))

    def media(self, written: str) -> str | None:
        """Return a media file as it has to be written; None if that is impossible."""
        known = self.situation
        target = resolve_media(written, self._before, known.rules)

        def resolve(name: str) -> str:
            return resolve_media(name, self._after, known.rules)

        return respelled(written, known.renaming.media(target), Place(self._after, resolve, known.rules))

    def namespace(self, written: str) -> str | None:
        """Return a namespace of pages as it has to be written."""
        return self._namespace(written, self.situation.renaming.pages.namespace)

    def media_namespace(self, written: str) -> str | None:
        """Return a namespace of media files as it has to be written."""
        return self._namespace(written, self.situation.renaming.media.namespace)

    def _namespace(self, written: str, renamed: Callable[[str], str]) -> str | None:
        rules = self.situation.rules

        def resolve(name: str) -> str:
            # The name of a file in the namespace, so that no rule for names of pages applies.
            return resolve_media(f"{name.rstrip(':')}:x", self._after, rules).rpartition(":")[0]

        target = resolve_media(f"{written.rstrip(':')}:x", self._before, rules).rpartition(":")[0]
        new = renamed(target)
        if resolve(written) == new:
            return written
        found = respelled(written.rstrip(":"), new, Place(self._after, resolve, rules)) if new else None
        return found if found is None else found + ":" * written.endswith(":")


class Applied(NamedTuple):
    """A changed text, and what stays: its place, the text there, and the reason."""

    text: str
    kept: list[tuple[Span, str, str]]


def applied(text: str, changes: Iterable[NameChange]) -> Applied:
    """Return a text with changes. Of several at one place, the first counts."""
    parts, at = [], 0
    kept = []
    for start, end, new, reason in sorted(changes, key=lambda change: change.start):
        if new is None:
            kept.append((Span(start, end), text[start:end], reason))
        elif start >= at:
            parts += [text[at:start], new]
            at = end
    return Applied("".join((*parts, text[at:])), kept)


Found = Iterator["NameChange | None"]
UNWRITABLE = "no link leads to its new name"
ELSEWHERE = "the name is written otherwise in the source"


def at_name(node: Node, name: str, new: str | None, after: str = "") -> NameChange | None:
    """Return the change of a name in the source of a node, where it stands behind some text; None without one."""
    return next(each_name(node, [name], lambda _: new, after))


def each_name(node: Node, written: Iterable[str], renamed: Callable[[str], str | None], after: str) -> Found:
    """Iterate over the changes of names that stand in the source of a node one after another, behind some text."""
    source = node.source
    at = source.find(after) + len(after)
    for name in written:
        start = source.find(name, at)
        new = renamed(name)
        if start < 0:
            yield NameChange(node.span.start, node.span.end, None, ELSEWHERE) if new != name else None
            continue
        at = start + len(name)
        yield NameChange(node.span.start + start, node.span.start + at, new, UNWRITABLE) if new != name else None
