"""Locate the folders of a wiki by its settings, as DokuWiki does, but only within what may be read."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.wiki.conf import SETTINGS_FILES, Literal, read_php
from dokuwiki_data.wiki.sources.files import Files, join_path
from dokuwiki_data.wiki.sources.folder import FolderFiles

#: The settings with the places of folders, by the default name of the folder below ``savedir``.
FOLDERS = {
    "pages": "datadir",
    "attic": "olddir",
    "meta": "metadir",
    "media": "mediadir",
    "media_attic": "mediaolddir",
    "media_meta": "mediametadir",
}


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """What the caller says about the folders of a wiki.

    Attributes:
        settings: Settings that override the wiki's own.
        savedir: A folder outside of the wiki that may be read and written.
        base: The path of the wiki's data, if that folder was opened.
        pages: The path of the pages, if that folder was opened.
    """

    settings: Mapping[str, Literal] = field(default_factory=dict)
    savedir: Path | None = None
    base: str | None = None
    pages: str | None = None


class Installation(NamedTuple):
    """An installation of DokuWiki.

    Attributes:
        conf: The path of the folder with the settings.
        homes: The paths of the folders with the programs.
        root: The path of the folder that contains everything.
    """

    conf: str
    homes: tuple[str, ...]
    root: str


class WikiFolders(NamedTuple):
    """The paths of a wiki's folders, and a note for the user if settings point to where nothing is read."""

    base: str
    pages: str
    attic: str
    meta: str
    media: str
    media_attic: str
    media_meta: str
    notes: tuple[str, ...] = ()

    @classmethod
    def in_folder(cls, base: str) -> WikiFolders:
        """Return the default folders of a wiki below ``base``."""
        return cls._make((base, *(join_path(base, name) for name in FOLDERS), ()))


def is_folder(files: Files, path: str) -> bool:
    """Return whether a path is a folder that may be read."""
    if not path:
        return True
    if isinstance(files, FolderFiles):
        return files.is_folder(path)
    above, _, name = path.rpartition("/")
    return name in files.names(above).folders


def has_settings(conf: Path) -> bool:
    """Return whether a folder contains the settings of a wiki."""
    return any((conf / name).is_file() for name in SETTINGS_FILES)


def locate_folders(files: Files, installation: Installation, options: LayoutOptions) -> WikiFolders:
    """Return the paths of a wiki's folders according to its settings.

    A relative path starts at the installation. An absolute path that may not be read is looked up within the
    installation, since the wiki may be a copy: ``/var/www/wiki/store`` as ``www/wiki/store``, ``wiki/store`` or
    ``store``. If that fails, the default folder is used, and a note says so.
    """
    return _FolderLocator(files, installation, options).locate()


class _FolderLocator:
    """Locates the folders of one wiki, and collects the settings that cannot be followed."""

    def __init__(self, files: Files, installation: Installation, options: LayoutOptions) -> None:
        self._files = files
        self._installation = installation
        self._home = installation.homes[0] if installation.homes else ""
        self._options = options
        self._values = {**_settings(files, installation.conf), **options.settings}
        #: The settings that lead out of what may be read.
        self._outside: dict[str, str] = {}

    def locate(self) -> WikiFolders:
        base = self._base()
        pages = self._options.pages or self._folder("pages", base)
        others = [self._folder(name, base) for name in FOLDERS if name != "pages"]
        return WikiFolders._make((base, pages, *others, self._notes()))

    def _base(self) -> str:
        """Return the folder of ``savedir``; if it does not exist, DokuWiki's default or the folder with the pages."""
        if self._options.base is not None:
            return self._options.base
        named = self._given_savedir()
        if named is not None and not self._is_only_allowed(named):
            return named
        root = self._installation.root
        saved = self._resolved("savedir")
        if saved is None and named is not None:
            return named
        data = join_path(self._home, "data")
        candidates = [saved] if saved is not None else []
        candidates += [data, join_path(root, "data")]
        found = next((place for place in candidates if is_folder(self._files, join_path(place, "pages"))), None)
        if found is None and is_folder(self._files, join_path(root, "pages")):
            return root
        return found or next((place for place in candidates if is_folder(self._files, place)), candidates[0])

    def _given_savedir(self) -> str | None:
        """Return the path of the folder that the caller named."""
        if self._options.savedir is None or not isinstance(self._files, FolderFiles):
            return None
        return self._files.path_of(self._options.savedir)

    def _is_only_allowed(self, named: str) -> bool:
        """Return whether settings or links lead into the named folder, which is then only allowed, not ``savedir``."""
        saved = self._resolved("savedir")
        ways = [self._resolved(setting) for setting in FOLDERS.values()]
        ways += [saved, join_path(saved or join_path(self._home, "data"), "pages")]
        files, inside = self._files, os.path.realpath(self._options.savedir or named)
        return isinstance(files, FolderFiles) and any(
            Path(os.path.realpath(files.path(way))).is_relative_to(inside) for way in ways if way is not None
        )

    def _folder(self, name: str, base: str) -> str:
        return self._resolved(FOLDERS[name]) or join_path(base, name)

    def _resolved(self, setting: str) -> str | None:
        """Return the path of a setting; None if it is not set, or may not be read."""
        value = self._values.get(setting)
        if not isinstance(value, str) or value in ("", "0") or "\0" in value:
            return None
        found = self._resolve(value)
        if found is not None and is_folder(self._files, found):
            return found
        if found is None:
            self._outside[setting] = value
        return self._find_copy(value)

    def _resolve(self, value: str) -> str | None:
        """Return the path for the value of a setting; None if it may not be read, as absolute ones in archives."""
        if isinstance(self._files, FolderFiles):
            return self._files.path_of(self._files.path(self._home) / value)
        if value.startswith("/"):
            return None
        found = posixpath.normpath(posixpath.join(self._home, value))
        return None if found.split("/")[0] == ".." else found.removeprefix(".")

    def _find_copy(self, value: str) -> str | None:
        """Return the folder within the installation that matches the longest end of a path."""
        steps = [step for step in value.split("/") if step not in ("", ".", "..")]
        for start in range(len(steps)):
            found = join_path(self._installation.root, *steps[start:])
            if is_folder(self._files, found):
                return found
        return None

    def _notes(self) -> tuple[str, ...]:
        outside = dict(self._outside)
        if self._options.base is not None or self._options.savedir is not None:
            outside.pop("savedir", None)  # not used, since the caller names another folder
        if not outside:
            return ()
        ways = ", ".join(f"{name} is {value}" for name, value in outside.items())
        line = f"{self._files.place}: its settings lead out of it ({ways}), where nothing is read or written"
        if isinstance(self._files, FolderFiles):
            line += f" unless it is named: --savedir {next(iter(outside.values()))} (in Python savedir=)"
        return (line,)


def _settings(files: Files, conf: str) -> dict[str, Literal]:
    values: dict[str, Literal] = {}
    for name in SETTINGS_FILES:
        try:
            text = files.read(join_path(conf, name)).decode("utf-8", "surrogateescape")
        except PageReadError:
            continue
        values.update(read_php(text))
    return values
