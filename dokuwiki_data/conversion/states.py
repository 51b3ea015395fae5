"""List what to convert: the current pages, or all states of pages that the attic keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from dokuwiki_data.wiki.sources.files import FileEntry, Report, join_path
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource

_KEPT = re.compile(r"(?P<page>.*)\.(?P<time>[0-9]{1,15})\.txt(?:\.(?:gz|bz2))?", re.DOTALL)

#: Files in the attic that DokuWiki or the web server need.
_IGNORED = ("_dummy", ".htaccess")


class PageState(NamedTuple):
    """A state of a page.

    Attributes:
        page_id: The id of the page.
        path: The path of the file with its text, which for an old state is in the attic.
        modified: The time of the change in Unix seconds, if it is known.
        page_path: The path of the page's current file, which does not exist if the page is deleted.
        revision: The revision of an old state; None for the current state.
        deleted: Whether the page is deleted.
    """

    page_id: str
    path: str
    modified: int | None
    page_path: str
    revision: int | None = None
    deleted: bool = False


def current_states(files: Iterable[PageFile]) -> list[PageState]:
    """Return the current states of pages."""
    return [PageState(page_id, path, modified, path) for page_id, path, modified in files]


def all_states(
    source: WikiSource,
    files: Sequence[PageFile],
    is_wanted: Callable[[str], bool],
    report: Report,
    stray: Callable[[str], None] = lambda path: None,
) -> list[PageState]:
    """Return all states of pages that are kept, the oldest first; deleted pages have only old states.

    The attic's copy of the current text is not included.

    Args:
        source: The wiki.
        files: All of its pages.
        is_wanted: Selects pages by id.
        report: Called with the error of each folder that cannot be listed.
        stray: Called with the path of each file in the attic that belongs to no page.
    """
    kept: dict[str, dict[int, str]] = {}
    gone: dict[str, PageFile] = {}
    pages = {file.page_id for file in files}
    # Of several copies of a state the uncompressed one is used: it comes last.
    paths = sorted((file.path for file in _attic(source, report)), reverse=True)
    for path in sorted(paths, key=lambda path: path.endswith(".txt")):
        if match := _KEPT.fullmatch(path, len(source.layout.attic) + 1):
            page_id = source.id_of_name(match["page"])
            kept.setdefault(page_id, {})[int(match["time"])] = path
            if page_id not in pages and page_id not in gone:
                gone[page_id] = PageFile(page_id, join_path(source.layout.pages, match["page"]) + ".txt", None)
        elif path.rpartition("/")[2] not in _IGNORED:
            stray(path)
    wanted = sorted(file for file in (*files, *gone.values()) if is_wanted(file.page_id))
    return [state for file in wanted for state in _states(file, kept.get(file.page_id, {}), file.page_id in gone)]


def _attic(source: WikiSource, report: Report) -> Iterator[FileEntry]:
    """Yield the files of the attic; in a folder of texts, ``attic`` is a namespace."""
    layout = source.layout
    if not layout.is_pages_only and is_folder(source.files, layout.attic):
        yield from source.files.walk(layout.attic, "", report)


def _states(file: PageFile, kept: dict[int, str], deleted: bool) -> Iterator[PageState]:
    page_id, page_path, modified = file
    for time, path in sorted(kept.items()):
        if time != modified:
            yield PageState(page_id, path, time, page_path, time, deleted)
    if not deleted:
        yield PageState(page_id, page_path, modified, page_path)
