"""Read 7z archives: one, or several with the folders of one wiki, as crawls are published."""

from __future__ import annotations

import importlib
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from dokuwiki_data.errors import ArchiveError, MissingExtraError, PageReadError, SourceError
from dokuwiki_data.wiki.sources.archives import (
    LINK_REASON,
    NO_FILE_REASON,
    OUTSIDE_REASON,
    BufferedArchive,
    LimitExceededError,
    describe_error,
    ignore,
    safe_path,
)
from dokuwiki_data.wiki.sources.files import Limits, Report
from dokuwiki_data.wiki.sources.folder import FolderFiles

#: The names of a crawl's archives: `host-20240101-pages.7z`, or `pages.7z` in the crawl's own folder.
_PART = re.compile(r"(?P<crawl>(?:.*-)?)(?P<folder>pages|attic|meta|media|dumpMeta)\.7z")
_DRIVE = re.compile("[A-Za-z]:")
#: Stores a file: name, time of change and content.
Store = Callable[[str, int | None, bytes], None]
#: Windows counts tenths of microseconds since 1601: ticks per second, and seconds until 1970.
_TICKS, _EPOCH = 10_000_000, 11_644_473_600


class SevenZipFiles(BufferedArchive):
    """The files of 7z archives. Images and the like are not unpacked."""

    def __init__(
        self,
        archives: Iterable[Path],
        place: Path,
        report: Report,
        limits: Limits,
        wanted: Collection[str] | None = None,
    ) -> None:
        """Read archives in the folder ``place``.

        Raises:
            ArchiveError: If none of them can be read.
            MissingExtraError: If the extra ``7z`` is not installed.
        """
        super().__init__(place, report, limits, wanted)
        self._archives = list(archives)
        try:
            library = importlib.import_module("py7zr")
        except ImportError:
            raise MissingExtraError("py7zr", "7z") from None
        failures = 0
        for archive in self._archives:
            total = limits.total_for(archive.stat().st_size)
            try:
                with archive.open("rb") as file:
                    self._read_all(library.SevenZipFile(file), archive, total)
            except LimitExceededError:
                self._report_limit(total)
            except Exception as error:  # py7zr raises errors of many classes for damaged archives
                report(PageReadError(archive, f"damaged, the rest was not read: {describe_error(error)}"))
                failures += 1
        names = self.names("")
        if failures and not names.folders and not names.files:
            raise ArchiveError(f"{place}: no 7z archive that can be read")

    def keeping(self, paths: Collection[str]) -> SevenZipFiles:
        return SevenZipFiles(self._archives, self.place, ignore, self._limits, paths)

    def add_folder(self, folder: Path, name: str) -> None:
        """Add the files of a folder under another name."""
        files = FolderFiles(folder, self._limits)
        for entry in files.walk("", "", self._report):
            try:
                self._store(f"{name}/{entry.path}", entry.modified, files.read(entry.path))
            except PageReadError as error:
                self._report(error)

    def _read_all(self, opened: Any, archive: Path, total: int) -> None:
        wanted: dict[str, int | None] = {}
        for member in opened.files:
            name = safe_path(member.filename)
            modified = member.lastwritetime
            modified = None if modified is None else int(modified) // _TICKS - _EPOCH
            if member.is_directory:
                continue
            if name is None:
                self._report_skipped(member.filename, OUTSIDE_REASON)
            elif member.is_symlink or member.is_junction:
                self._report_skipped(name, LINK_REASON)
            elif not member.is_file:
                self._report_skipped(name, NO_FILE_REASON)
            elif not self._keeps(name):
                self._listing.add(name, modified, member.uncompressed)
            elif member.uncompressed > self._limits.file:
                self._report_skipped(name, f"has more than {self._limits.file} bytes")
            elif name != member.filename or _DRIVE.match(name):
                self._report_skipped(name, "not read, since py7zr refuses its name")
            else:
                wanted[name] = modified
        with tempfile.TemporaryDirectory() as nowhere:  # py7zr checks where names lead; it writes nothing there
            buffers = _MemberBuffers(self._store, wanted, f"{Path(nowhere).as_posix()}/", total)
            opened.extract(nowhere, targets=list(wanted), factory=buffers)
        for name in wanted.keys() - buffers.done:
            self._report_skipped(name, "could not be unpacked")


def crawl_in_archives(folder: Path, report: Report, limits: Limits) -> SevenZipFiles | None:
    """Return the files of a crawl whose folders are 7z archives in one folder; None if there is no crawl.

    Raises `SourceError` if there are several crawls, and what `SevenZipFiles` raises.
    """
    parts: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*.7z")):
        if found := _PART.fullmatch(path.name):
            parts.setdefault(found["crawl"], {})[found["folder"]] = path
    crawls = [crawl for crawl, folders in parts.items() if "pages" in folders]
    if not crawls:
        return None
    if len(crawls) > 1:
        names = ", ".join(f"{crawl}pages.7z" for crawl in crawls)
        raise SourceError(f"{folder}: contains several wikis ({names}): put each into a folder of its own")
    found_files = SevenZipFiles(parts[crawls[0]].values(), folder, report, limits)
    beside = folder / f"{crawls[0]}dumpMeta"
    if "dumpMeta" not in parts[crawls[0]] and beside.is_dir():
        found_files.add_folder(beside, "dumpMeta")
    return found_files


class _MemberBuffers:
    """Creates the buffers that py7zr writes members to."""

    def __init__(self, store: Store, wanted: Mapping[str, int | None], above: str, left: int) -> None:
        self.store, self.wanted, self.left = store, wanted, left
        self.done: set[str] = set()
        self._above = above

    def create(self, path: str) -> _MemberBuffer:
        return _MemberBuffer(self, path.removeprefix(self._above))


class _MemberBuffer:
    """The content of a member while it is unpacked."""

    def __init__(self, buffers: _MemberBuffers, name: str) -> None:
        self._buffers, self._name = buffers, name
        self._content = bytearray()

    def write(self, piece: bytes | bytearray) -> int:
        self._buffers.left -= len(piece)
        if self._buffers.left < 0:
            raise LimitExceededError
        self._content += piece
        return len(piece)

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset

    def flush(self) -> None:
        pass

    def size(self) -> int:
        return len(self._content)

    def close(self) -> None:
        """Store the complete member."""
        buffers = self._buffers
        if self._name in buffers.wanted and self._name not in buffers.done:
            buffers.done.add(self._name)
            buffers.store(self._name, buffers.wanted[self._name], bytes(self._content))
