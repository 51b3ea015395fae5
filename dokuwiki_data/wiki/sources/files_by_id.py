"""The files that belong to a page in another folder of its wiki, whatever encodings the names are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_
from typing import Any, NamedTuple

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.wiki.file_names import Encoding, id_of_path
from dokuwiki_data.wiki.sources.files import Files, join_path

#: So many folders are remembered: pages come in the order of their ids, which goes down namespaces and up again.
_CACHE_SIZE = 16

#: The paths of files by what their names stand for; two encodings may write one name.
PathsByName = Mapping[str, tuple[str, ...]]


class _Folder(NamedTuple):
    """What is directly in a folder, by what the names stand for. ``version``: what `Files.version` said of it."""

    version: object
    folders: PathsByName
    files: PathsByName


class FilesById:
    """Finds files below a folder (``attic``, ``meta``) by ids, each name read by the encoding that it is in.

    One for many pages, since it remembers the folders that it saw last, as long as they do not change.
    """

    def __init__(self, files: Files, top: str | None, encoding: Encoding, has_mixed_names: bool = True) -> None:
        self._files = files
        self._top = top
        self._encoding = encoding
        self._has_mixed_names = has_mixed_names
        self._folders: dict[str, _Folder] = {}
        #: By namespace, what several folders that stand for it hold together.
        self._merged: dict[str, tuple[tuple[_Folder, ...], PathsByName]] = {}

    def __reduce__(self) -> tuple[Callable[..., FilesById], tuple[Any, ...]]:
        return FilesById, (
            self._files,
            self._top,
            self._encoding,
            self._has_mixed_names,
        )  # what it remembers stays here

    def find(self, page_id: str, ending: str) -> tuple[str, ...]:
        """The paths of the files for an id, such as those for ``a:b`` with the ending ``.changes``."""
        return self.files(namespace_of(page_id)).get(page_id.rpartition(":")[2] + ending, ())

    def files(self, namespace: str) -> PathsByName:
        """The files directly in a namespace: their paths by what their names stand for, endings included."""
        folders = tuple(map(self._folder, self._folders_of(namespace)))
        if len(folders) == 1:
            return folders[0].files
        known = self._merged.get(namespace)
        if known is None or len(known[0]) != len(folders) or not all(map(is_, known[0], folders)):
            merged: dict[str, tuple[str, ...]] = {}
            for folder in folders:
                for name, paths in folder.files.items():
                    merged[name] = merged.get(name, ()) + paths
            _cache(self._merged, namespace, known := (folders, merged))
        return known[1]

    def _folders_of(self, namespace: str) -> tuple[str, ...]:
        """The folders whose names stand for a namespace."""
        if self._top is None:
            return ()
        if not namespace:
            return (self._top,)
        above, name = namespace_of(namespace), namespace.rpartition(":")[2]
        around = map(self._folder, self._folders_of(above))
        return tuple(path for folder in around for path in folder.folders.get(name, ()))

    def _folder(self, path: str) -> _Folder:
        version = self._files.version(path)
        known = self._folders.pop(path, None)
        if known is None or known.version != version:
            names = self._files.names(path)
            known = _Folder(
                version, self._by_decoded_name(path, names.folders), self._by_decoded_name(path, names.files)
            )
        _cache(self._folders, path, known)
        return known

    def _by_decoded_name(self, folder: str, names: frozenset[str]) -> PathsByName:
        found: dict[str, tuple[str, ...]] = {}
        for name in sorted(names):
            meaning = id_of_path(name, self._encoding, self._has_mixed_names)
            found[meaning] = (*found.get(meaning, ()), join_path(folder, name))
        return found


def _cache(known: dict[str, Any], name: str, value: object) -> None:
    known[name] = value
    if len(known) > _CACHE_SIZE:
        del known[next(iter(known))]
