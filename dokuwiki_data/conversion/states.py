"""What a wiki has to convert: its pages, and if they are wanted all states of pages that its attic keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from dokuwiki_data.wiki.sources.files import FileEntry, Report, join_path
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.opening import PageFile, WikiSource

_KEPT = re.compile(r"(?P<page>.*)\.(?P<time>[0-9]{1,15})\.txt(?:\.(?:gz|bz2))?", re.DOTALL)

#: What DokuWiki and web servers have in folders that are else empty, or closed.
_NO_STATES = ("_dummy", ".htaccess")


class PageState(NamedTuple):
    """A state of a page: where its text is, and its time of change in Unix seconds, if known.

    ``revision`` is None for a page as it is now, else ``path`` leads into the attic, and ``page_path`` to where the
    page's own file is, or was, if it is ``deleted``.
    """

    page_id: str
    path: str
    modified: int | None
    page_path: str
    revision: int | None = None
    deleted: bool = False


def current_states(files: Iterable[PageFile]) -> list[PageState]:
    """The pages as they are now."""
    return [PageState(page_id, path, modified, path) for page_id, path, modified in files]


def all_states(
    source: WikiSource,
    files: Sequence[PageFile],
    is_wanted: Callable[[str], bool],
    report: Report,
    stray: Callable[[str], None] = lambda path: None,
) -> list[PageState]:
    """The pages with all their old states that are kept, the oldest first; of deleted pages there are only these.

    ``files`` are all pages of the wiki; ``is_wanted`` chooses by id. The attic's copy of the text that a page has now
    is not among them. What cannot be listed goes to ``report``, the paths of files in the attic that are no state of
    any page to ``stray``.
    """
    kept: dict[str, dict[int, str]] = {}
    gone: dict[str, PageFile] = {}
    pages = {file.page_id for file in files}
    # Of several copies of a state, packed in different ways, the plain one counts: it is the last.
    paths = sorted((file.path for file in _attic(source, report)), reverse=True)
    for path in sorted(paths, key=lambda path: path.endswith(".txt")):
        if match := _KEPT.fullmatch(path, len(source.layout.attic) + 1):
            page_id = source.id_of_name(match["page"])
            kept.setdefault(page_id, {})[int(match["time"])] = path
            if page_id not in pages and page_id not in gone:
                gone[page_id] = PageFile(page_id, join_path(source.layout.pages, match["page"]) + ".txt", None)
        elif path.rpartition("/")[2] not in _NO_STATES:
            stray(path)
    wanted = sorted(file for file in (*files, *gone.values()) if is_wanted(file.page_id))
    return [state for file in wanted for state in _states(file, kept.get(file.page_id, {}), file.page_id in gone)]


def _attic(source: WikiSource, report: Report) -> Iterator[FileEntry]:
    """The files of the attic, if there is one: among mere texts that would be a namespace."""
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
