"""Every page of a wiki changed by one function: first all are looked at, then those that changed are saved."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.patches import unified_diff
from dokuwiki_data.wiki.saving import Author, SaveError, Saver
from dokuwiki_data.wiki.sources.opening import PageFile, WikiSource, log_notes, open_source


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """A page with its text before and after. ``revision`` is the new one in Unix seconds; None if it is not saved.

    ``path`` is that of its file below the folder of the wiki; of a file elsewhere it is that below the root of all.
    """

    page_id: str
    before: str
    after: str
    revision: int | None = None
    path: str = ""

    @property
    def diff(self) -> str:
        """What changed as a unified diff, for ``git apply`` or ``patch -p1`` in the folder of the wiki.

        A page without text is removed. Characters that only a terminal understands are in it as they are.
        """
        after = self.after if self.after.strip(BLANKS) else None
        return unified_diff(self.path or f"{self.page_id}.txt", self.before, after)


@dataclass(frozen=True, slots=True)
class Transformation:
    """What a function made of a wiki: the pages that changed, by id, and what went wrong with others, by id.

    An error is what the function raised of the library's errors (such as `EditError` for what cannot be written), a
    `PageReadError`, or a `SaveError`.
    """

    changed: tuple[ChangedPage, ...]
    errors: tuple[tuple[str, DokuWikiDataError], ...] = ()

    @property
    def diff(self) -> str:
        """All changes as a unified diff."""
        return "".join(page.diff for page in self.changed)


def transform(
    source: WikiSource | str | Path,
    function: Callable[[Page], Page],
    *,
    dry_run: bool = False,
    partly: bool = False,
    author: Author = Author(),
    now: int | None = None,
) -> Transformation:
    """Give every page of a wiki to a function, and save those that it returns changed, as DokuWiki saves a page.

    ``source`` is the wiki, or the folder that it lies in. All pages are looked at first. If one cannot be read, cannot
    be saved (such as one that somebody is editing), or the function refuses it with an error of the library, nothing
    is saved, unless the others shall be (``partly``). A ``dry_run`` finds the same, and saves nothing at all.
    ``author`` and ``now`` (Unix seconds; else the current time) are what the histories say. A page that turns out
    later not to be saved is told in `Transformation.errors`, and the others are saved.

    Where the wiki has no attic or no folder of histories, as a git checkout of its pages has none, none is kept.

    Raises `SaveError` for a wiki that is no folder, `TypeError` if the function returns anything but a page (then
    nothing is saved), and what `open_source` raises.
    """
    errors: list[tuple[str, DokuWikiDataError]] = []

    def note(error: PageReadError) -> None:
        errors.append(("", error))

    named = None if isinstance(source, WikiSource) else Path(source)
    if not isinstance(source, WikiSource):
        source = log_notes(open_source(Path(source), note))
    root = named or source.files.place
    saver = Saver(source, author)
    found: list[tuple[PageFile, bytes, bytes, ChangedPage]] = []
    for file in source.pages(note):
        try:
            before = source.read(file.path)
            if change := _change(source, file, before, function):
                change = replace(change, path=_below(source.files.place / file.path, root))
                found.append((file, before, saver.check(file, change.after), change))
        except DokuWikiDataError as error:
            errors.append((file.page_id, error))
    if dry_run or (errors and not partly):
        return Transformation(tuple(change for *_, change in found), tuple(errors))
    saved = []
    for file, before, after, change in found:
        try:
            revision = saver.save(file, before, after, now)
            saved.append(replace(change, revision=revision))
        except SaveError as error:
            errors.append((file.page_id, error))
    return Transformation(tuple(saved), tuple(errors))


def _change(source: WikiSource, file: PageFile, content: bytes, function: Callable[[Page], Page]) -> ChangedPage | None:
    text = content.decode("utf-8", "surrogateescape")
    page = parse(text, page_id=file.page_id, modified=file.modified, syntax=source.settings.syntax)
    changed = function(page)
    if not isinstance(changed, Page):  # a forgotten `return` would be saved as the text "None"
        raise TypeError(f"{file.page_id}: the function returned no page, but {type(changed).__name__}")
    after = str(changed)
    return ChangedPage(file.page_id, text, after) if after != text else None


def _below(file: Path, root: Path) -> str:
    """The path of a file below a folder; of one elsewhere below the root of the file system."""
    file, root = (Path(os.path.abspath(path)) for path in (file, root))  # noqa: PTH100 - resolve() would follow links
    return file.relative_to(root if file.is_relative_to(root) else file.anchor).as_posix()
