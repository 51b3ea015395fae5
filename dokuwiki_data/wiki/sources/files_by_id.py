"""Find the files of a page in the attic and the meta folder, whatever encodings their names have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_
from typing import Any, NamedTuple

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.wiki.file_names import Encoding, id_of_path
from dokuwiki_data.wiki.sources.files import Files, join_path

#: The number of folders that are cached: pages come in the order of their ids, namespace by namespace.
_CACHE_SIZE = 16

#: The paths of files by their decoded names; several encoded names may stand for the same one.
PathsByName = Mapping[str, tuple[str, ...]]


class _Folder(NamedTuple):
    """The folders and files directly in a folder, by decoded name, and the `Files.version` of that folder."""

    version: object
    folders: PathsByName
    files: PathsByName


class FilesById:
    """Finds files below a folder by page id; the encoding of each name is detected.

    Reuse one object for many pages: it caches the last folders as long as they do not change.
    """

    def __init__(self, files: Files, top: str | None, encoding: Encoding, has_mixed_names: bool = True) -> None:
        self._files = files
        self._top = top
        self._encoding = encoding
        self._has_mixed_names = has_mixed_names
        self._folders: dict[str, _Folder] = {}
        #: By namespace, the merged content of several folders that stand for it.
        self._merged: dict[str, tuple[tuple[_Folder, ...], PathsByName]] = {}

    def __reduce__(self) -> tuple[Callable[..., FilesById], tuple[Any, ...]]:
        return FilesById, (
            self._files,
            self._top,
            self._encoding,
            self._has_mixed_names,
        )  # without the cache

    def find(self, page_id: str, ending: str) -> tuple[str, ...]:
        """Return the paths of the files for an id, such as ``a:b`` with the ending ``.changes``."""
        return self.files(namespace_of(page_id)).get(page_id.rpartition(":")[2] + ending, ())

    def files(self, namespace: str) -> PathsByName:
        """Return the paths of the files directly in a namespace, by decoded name with its ending."""
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
        """Return the folders whose names stand for a namespace."""
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
            decoded = id_of_path(name, self._encoding, self._has_mixed_names)
            found[decoded] = (*found.get(decoded, ()), join_path(folder, name))
        return found


def _cache(known: dict[str, Any], name: str, value: object) -> None:
    known[name] = value
    if len(known) > _CACHE_SIZE:
        del known[next(iter(known))]
