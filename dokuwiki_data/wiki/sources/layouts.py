"""How a wiki lies in its files: where its pages, histories and settings are, found from what is there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.wiki.conf import SETTINGS_FILES, read_php
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.sources.files import Files, joined
from dokuwiki_data.wiki.sources.folder import FolderFiles

Kind = Literal["installation", "data", "pages", "texts", "dumper"]

#: The kinds in people's words.
DESCRIPTIONS: dict[Kind, str] = {
    "installation": "a whole DokuWiki",
    "data": "a wiki's data folder",
    "pages": "a wiki's pages without their history",
    "texts": "a folder of texts",
    "dumper": "a crawl by dokuwiki-dumper",
}

#: Folders in which a wiki is looked for, beside one that is alone.
_AROUND = ("data", "dokuwiki", "wiki", "www", "html")
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are.

    ``base`` is the folder with ``attic``, ``meta`` and ``media``; ``pages`` that of the pages; ``conf`` that of the
    settings, if there is one. ``file_names``: how ids are written, None if the settings say it. ``times``: whether a
    page changed last when its file did, or when its history says (in a git checkout or a crawl, files are as old as
    the copy).
    """

    kind: Kind
    base: str
    pages: str
    conf: str | None = None
    file_names: Encoding | None = None
    times: Literal["files", "changes"] = "files"
    is_git: bool = False

    def __str__(self) -> str:
        return DESCRIPTIONS[self.kind] + (" in a git checkout" if self.is_git else "")

    @property
    def attic(self) -> str:
        """The folder of old revisions."""
        return joined(self.base, "attic")

    @property
    def meta(self) -> str:
        """The folder of histories and metadata."""
        return joined(self.base, "meta")

    @property
    def media(self) -> str:
        """The folder of media files."""
        return joined(self.base, "media")


def find_layout(files: Files, kind: Kind | None = None) -> Layout | None:
    """The layout of what is there, or the one of a given kind; None if there is nothing of the kind."""
    if kind == "texts":
        return Layout("texts", "", "")
    for folder in _folders(files):
        layout = _crawl_at(files, folder) if kind == "dumper" else _layout_at(files, folder)
        if layout and (kind is None or layout.kind == kind or kind == "pages"):
            layout = replace(layout, kind=kind or layout.kind)
            return _in_git(files, layout)
    if kind is None and _has_texts(files):
        return _in_git(files, Layout("texts", "", ""))
    return None


def _folders(files: Files) -> Iterator[str]:
    """The folders in which a wiki may begin: the root, and those around a wiki in archives."""
    waiting = [("", 0)]
    for folder, depth in waiting:
        yield folder
        names = files.names(folder)
        if depth < _DEPTH and not any(name.endswith(".txt") for name in names.files):
            below = names.folders if len(names.folders) == 1 else [name for name in _AROUND if name in names.folders]
            waiting += [(joined(folder, name), depth + 1) for name in below]


def _layout_at(files: Files, folder: str) -> Layout | None:
    names = files.names(folder)
    if "conf" in names.folders:
        conf = joined(folder, "conf")
        for data in (_inside(files, folder, saved_in(files, conf)), joined(folder, "data")):
            if data is not None and "pages" in files.names(data).folders:
                return Layout("installation", data, joined(data, "pages"), conf)
    if "pages" not in names.folders:
        return None
    pages = joined(folder, "pages")
    if "dumpMeta" in names.folders:
        return _crawl_at(files, folder)
    if names.folders & {"meta", "attic"}:
        return Layout("data", folder, pages)
    if any(name.endswith(".txt") for name in names.files):
        return None  # texts, some of which are in a folder of that name
    return Layout("pages", folder, pages)


def _crawl_at(files: Files, folder: str) -> Layout | None:
    """A crawl, also one that has lost its ``dumpMeta``."""
    if "pages" not in files.names(folder).folders:
        return None
    return Layout("dumper", folder, joined(folder, "pages"), file_names="utf-8", times="changes")


def saved_in(files: Files, conf: str) -> str:
    """What the settings of a folder ``conf`` say of where the wiki's data are: a path, absolute or from beside it."""
    found: object = None
    for name in SETTINGS_FILES:
        try:
            text = files.read(joined(conf, name)).decode("utf-8", "surrogateescape")
        except PageReadError:
            continue
        found = read_php(text).get("savedir", found)
    return found if isinstance(found, str) and found else "./data"


def _inside(files: Files, folder: str, path: str) -> str | None:
    """A path from a folder on as one below the root, None if it is not there; of archives, no absolute one is."""
    if path.startswith("/"):
        if not isinstance(files, FolderFiles):
            return None
        found = posixpath.relpath(path, files.place.absolute())
    else:
        found = posixpath.normpath(posixpath.join(folder, path))
    return None if found.split("/")[0] == ".." else found.removeprefix(".")


def _in_git(files: Files, layout: Layout) -> Layout:
    """The layout with its times, if git made the files: where ``.git`` is in a folder around the pages."""
    steps = layout.pages.split("/")
    around = [joined(*steps[:count]) for count in range(len(steps) + 1)]
    for folder in around:
        names = files.names(folder)
        if ".git" in names.folders | names.files:
            return replace(layout, times="changes", is_git=True)
    return layout


def _has_texts(files: Files) -> bool:
    return next(files.walk("", ".txt", lambda error: None), None) is not None
