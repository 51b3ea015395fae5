"""Change the pages of a wiki with a function: compute and check all changes first, then save them."""

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
from dokuwiki_data.wiki.sources.opening import log_notes, open_source
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """A page that a function changed.

    Attributes:
        page_id: The id of the page.
        before: The text before the change.
        after: The text after the change.
        revision: The new revision in Unix seconds; None if the page was not saved.
        path: The path of the file below the folder of the wiki, or below the root of the file system.
    """

    page_id: str
    before: str
    after: str
    revision: int | None = None
    path: str = ""

    def __repr__(self) -> str:
        return f"ChangedPage({self.page_id!r}, revision={self.revision})"

    @property
    def diff(self) -> str:
        """The change as a unified diff, for ``git apply`` or ``patch -p1`` in the folder of the wiki.

        Control characters are kept, so do not print it to a terminal.
        """
        after = self.after if self.after.strip(BLANKS) else None
        return unified_diff(self.path or f"{self.page_id}.txt", self.before, after)


@dataclass(frozen=True, slots=True)
class Transformation:
    """The result of `transform`.

    Attributes:
        changed: The pages that changed, sorted by id.
        errors: The id of each page that failed, with the error: a `PageReadError`, a `SaveError`, or an error of the
            library that the function raised, such as `EditError`.
    """

    changed: tuple[ChangedPage, ...]
    errors: tuple[tuple[str, DokuWikiDataError], ...] = ()

    def __repr__(self) -> str:
        return f"Transformation(changed={len(self.changed)}, errors={len(self.errors)})"

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
    """Call a function with every page of a wiki, and save those that it returns changed, as DokuWiki saves a page.

    All changes are computed and checked before the first page is saved. If one page cannot be read or saved, or the
    function raises an error of the library, nothing is saved. If an error occurs only while a page is saved, the other
    pages are saved nevertheless. Attic and changelogs are used if the wiki has them.

    Args:
        source: The wiki, or the path of its folder.
        function: Returns the page to save, for each page; the page itself to keep it.
        dry_run: Whether to compute and check the changes only.
        partly: Whether to save the other pages if some fail.
        author: The author for the changelogs.
        now: The time for the changelogs in Unix seconds; by default the current time.

    Raises:
        SaveError: If the wiki is not in a folder.
        TypeError: If the function returns something else than a page; then nothing is saved.
        DokuWikiDataError: If the wiki cannot be opened; see `open_source`.
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
    if not isinstance(changed, Page):  # a forgotten `return` would otherwise be saved as the text "None"
        raise TypeError(f"{file.page_id}: the function returned {type(changed).__name__} instead of a page")
    after = str(changed)
    return ChangedPage(file.page_id, text, after) if after != text else None


def _below(file: Path, root: Path) -> str:
    """Return the path of a file relative to a folder, or else to the root of the file system."""
    file, root = (Path(os.path.abspath(path)) for path in (file, root))  # noqa: PTH100 - resolve() would follow links
    return file.relative_to(root if file.is_relative_to(root) else file.anchor).as_posix()
