"""Detect the layout of a wiki: where its pages, histories and settings are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dokuwiki_data.errors import SourceError
from dokuwiki_data.wiki.conf import SETTINGS_FILES
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.sources.files import Files, join_path
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.folder_settings import (
    Installation,
    LayoutOptions,
    WikiFolders,
    is_folder,
    locate_folders,
)

LayoutKind = Literal["installation", "data", "pages", "texts", "dumper"]

#: The kinds in words.
DESCRIPTIONS: dict[LayoutKind, str] = {
    "installation": "a whole DokuWiki",
    "data": "a wiki's data folder",
    "pages": "a wiki's pages without their history",
    "texts": "a folder of texts",
    "dumper": "a crawl by dokuwiki-dumper",
}

#: The folders in which a wiki is searched, besides an only folder.
_COMMON_FOLDERS = ("data", "dokuwiki", "wiki", "www", "html")
_MAX_DEPTH = 4
#: The most folders that are searched for a requested layout.
_MAX_FOLDERS = 10_000

#: Folders beside `pages` that show that it is the one of a wiki.
DATA_FOLDERS = frozenset({"attic", "meta", "media", "conf"})
#: Files that show that a folder `conf` is the one of a wiki.
_CONF_FILES = frozenset({*SETTINGS_FILES, "acl.auth.php", "plugins.local.php", "interwiki.conf", "acronyms.conf"})
#: The folders of Debian's package: settings, and programs with variable data.
_DEBIAN_CONF, _DEBIAN_HOMES = "etc/dokuwiki", ("usr/share/dokuwiki", "var/lib/dokuwiki")
#: A file of DokuWiki's programs.
_PROGRAM = "doku.php"


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of a wiki's folders.

    Attributes:
        kind: What was opened.
        base: The folder of the wiki's data.
        pages: The folder of the pages.
        attic: The folder of old states, which need not exist.
        meta: The folder of changelogs and metadata, which need not exist.
        media: The folder of media files, which need not exist.
        media_attic: The folder of old states of media files, which need not exist.
        media_meta: The folder of changelogs of media files, which need not exist.
        conf: The folder of the settings; None if there is none.
        homes: The folders with programs and plugins.
        file_names: The encoding of file names; None if the settings decide.
        times: Whether the time of a page is that of its file, or that of its last entry in the changelog: in a git
            checkout or a crawl, files are as old as the copy.
        is_git: Whether the pages are in a git checkout.
        notes: What the user should know, in a line each.
    """

    kind: LayoutKind
    base: str
    pages: str
    attic: str
    meta: str
    media: str
    media_attic: str
    media_meta: str
    conf: str | None = None
    homes: tuple[str, ...] = ()
    file_names: Encoding | None = None
    times: Literal["files", "changes"] = "files"
    is_git: bool = False
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return DESCRIPTIONS[self.kind] + (" in a git checkout" if self.is_git else "")

    @property
    def is_pages_only(self) -> bool:
        """Whether there are only pages; every other folder is a namespace."""
        return self.pages == self.base


def pages_only_layout(kind: LayoutKind) -> Layout:
    """Return the layout of a folder that contains only pages."""
    return Layout(kind, "", "", "attic", "meta", "media", "media_attic", "media_meta")


def find_layout(
    files: Files, kind: LayoutKind | None = None, options: LayoutOptions = LayoutOptions()
) -> Layout | None:
    """Detect the layout of a wiki, or find one of a given kind; return None if there is none.

    Args:
        files: The files to search.
        kind: The kind of layout; None to detect it.
        options: What the caller says about the folders.

    Raises:
        SourceError: If the pages are behind a link that may not be followed.
    """
    if kind == "texts":
        return pages_only_layout("texts")
    is_wiki = False
    notes: list[str] = []
    for folder, is_sure in _folders(files, everywhere=kind is not None):
        layout = _crawl_at(files, folder) if kind == "dumper" else _layout_at(files, folder, options, notes)
        if layout and (is_sure or _has_more(files, layout)) and kind in (None, layout.kind, "pages", "data"):
            return _in_git(files, replace(layout, kind=kind or layout.kind))
        is_wiki = is_wiki or _PROGRAM in files.names(folder).files
    if options.savedir is not None and isinstance(files, FolderFiles):
        base = files.path_of(options.savedir)
        if base is not None and is_folder(files, join_path(base, "pages")):
            return _in_git(files, _layout(kind or "data", WikiFolders.in_folder(base)))
    if notes:
        raise SourceError(notes[0])
    if kind is None and not is_wiki and _has_texts(files):
        return _in_git(files, pages_only_layout("texts"))
    return None


def _folders(files: Files, everywhere: bool) -> Iterator[tuple[str, bool]]:
    """Yield the folders in which a wiki may begin: the root, and those that archives have around a wiki.

    With each comes whether a folder ``pages`` in it is that of a wiki; below a folder of texts it may be a namespace.

    Args:
        files: The files to search.
        everywhere: Whether to search all folders.
    """
    waiting = [("", 0, True)]
    for folder, depth, is_sure in waiting:
        yield folder, is_sure
        names = files.names(folder)
        if depth >= _MAX_DEPTH or len(waiting) > _MAX_FOLDERS:
            continue
        visible = sorted(name for name in names.folders if not name.startswith("."))
        below = visible if len(visible) == 1 else [name for name in _COMMON_FOLDERS if name in visible]
        if everywhere:
            below += [name for name in visible if name not in below]
        is_sure = is_sure and (everywhere or not any(name.endswith(".txt") for name in names.files))
        waiting += [(join_path(folder, name), depth + 1, is_sure) for name in below]


def _layout_at(files: Files, folder: str, options: LayoutOptions, notes: list[str]) -> Layout | None:
    """Return the layout of a wiki that begins in a folder; add to ``notes`` if its settings lead elsewhere."""
    names = files.names(folder)
    home = _installation_at(files, folder)
    placed = locate_folders(files, home, options) if home is not None else None
    if home is not None and placed is not None and is_folder(files, placed.pages):
        kind: LayoutKind = "installation"
        if placed.base == folder and not options.base:  # the settings lie beside the pages
            kind = "data" if names.folders & {"attic", "meta"} else "pages"
        return _layout(kind, placed, conf=home.conf, homes=home.homes, notes=placed.notes)
    notes += placed.notes if placed else ()
    for place in (placed.pages if placed else "", join_path(folder, "pages"), join_path(folder, "data/pages")):
        refuse_link(files, place)
    if "pages" not in names.folders:
        return None
    if "dumpMeta" in names.folders:
        return _crawl_at(files, folder)
    return _layout("data" if names.folders & {"meta", "attic"} else "pages", WikiFolders.in_folder(folder))


def _layout(
    kind: LayoutKind,
    placed: WikiFolders,
    *,
    conf: str | None = None,
    homes: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Layout:
    base, pages, attic, meta, media, media_attic, media_meta, _ = placed
    return Layout(kind, base, pages, attic, meta, media, media_attic, media_meta, conf=conf, homes=homes, notes=notes)


def _installation_at(files: Files, folder: str) -> Installation | None:
    """Return the installation in a folder, which relative paths in its settings start from."""
    names = files.names(folder)
    conf = join_path(folder, "conf")
    is_whole = "pages" not in names.folders
    if "conf" in names.folders and (is_whole or files.names(conf).files & _CONF_FILES):
        return Installation(conf, (folder,), folder)
    debian = join_path(folder, _DEBIAN_CONF)
    if "etc" in names.folders and files.names(debian).files & _CONF_FILES:
        return Installation(debian, tuple(join_path(folder, home) for home in _DEBIAN_HOMES), folder)
    if not folder and is_whole and names.files & set(SETTINGS_FILES):
        return Installation("", (), "")
    return None


def _crawl_at(files: Files, folder: str) -> Layout | None:
    """Return the layout of a crawl, even without its ``dumpMeta``."""
    if "pages" not in files.names(folder).folders:
        return None
    return replace(_layout("dumper", WikiFolders.in_folder(folder)), file_names="utf-8", times="changes")


def _has_more(files: Files, layout: Layout) -> bool:
    """Return whether this cannot be a namespace among texts: there is more than pages, or it is called ``data``."""
    is_named = layout.base.rpartition("/")[2] == "data"
    return (
        is_named or layout.kind in ("installation", "dumper") or bool(files.names(layout.base).folders & DATA_FOLDERS)
    )


def refuse_link(files: Files, path: str) -> None:
    """Raise `SourceError` if a path is behind a link that may not be followed."""
    if isinstance(files, FolderFiles) and (link := files.link_out(path)):
        raise SourceError(
            f"{link.place}: is a link to {link.target}, outside of {files.place}, where nothing is read "
            f"or written unless it is named: --savedir {link.target} (in Python savedir=)"
        )


def links_out(files: Files, layout: Layout) -> Iterator[str]:
    """Yield a note for each part of a wiki that is behind a link that may not be followed."""
    if not isinstance(files, FolderFiles):
        return
    beside = [layout.attic, layout.meta, layout.media, layout.media_attic, layout.media_meta]
    parts = beside if not layout.is_pages_only else []
    if layout.conf is not None:
        parts += [join_path(layout.conf, name) for name in (*SETTINGS_FILES, "acl.auth.php")]
    else:
        parts.append(join_path(layout.base, "conf"))
    for part in parts:
        if link := files.link_out(part):
            yield (
                f"{link.place}: not read, since it is a link to {link.target}, outside of {files.place}; "
                f"--savedir {link.target} (in Python savedir=) allows it"
            )


def _in_git(files: Files, layout: Layout) -> Layout:
    """Return the layout with times from the changelog if ``.git`` is in a folder around the pages."""
    for folder in _around(files, layout.pages):
        names = files.names(folder)
        if ".git" in names.folders | names.files:
            return replace(layout, times="changes", is_git=True)
    return layout


def _around(files: Files, path: str) -> Iterator[str]:
    """Yield the folders around a path and itself, as far as they may be read."""
    if path.startswith("/"):
        yield from (place.as_posix() for place in (Path(path), *Path(path).parents))
    else:
        steps = path.split("/")
        yield from (join_path(*steps[:count]) for count in range(len(steps) + 1))


def _has_texts(files: Files) -> bool:
    return next(files.walk("", ".txt", lambda error: None), None) is not None
