"""Files of an archive, read as it lies: nothing of it is unpacked to the disk.

Names that lead out of the archive, links and devices are not read; `Limits` bound what a small archive may become.
"""

from __future__ import annotations

import bz2
import gzip
import importlib
import logging
import lzma
import stat
import struct
import tarfile
import tempfile
import time
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Self

from dokuwiki_data.errors import ArchiveError, PageReadError, reason_of
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS, MEBIBYTE, FileEntry, Limits, Listing, Names, Report

_log = logging.getLogger(__name__)

#: What a damaged archive raises while it is read.
_DAMAGE = (tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, OSError, struct.error)
#: So many bytes of packed texts stay in memory; beyond that they lie in a nameless file of the system's.
_IN_MEMORY = 64 * MEBIBYTE
#: What `tarfile` meets at the end of a tar that is whole; its stubs do not know it.
_REGULAR_END: type[Exception] = tarfile.EOFHeaderError  # type: ignore[attr-defined]
#: What is read of a wiki: texts, histories, settings. Of other files (images) only the names are kept.
_READ = (".txt", ".txt.gz", ".txt.bz2", ".changes", ".meta", ".php", ".conf", ".sqlite3", ".json", ".mark", "VERSION")


class _TooMuchError(Exception):
    """An archive has become larger than its limit."""


class _Counted:
    """A stream that ends with an error where it becomes longer than it may."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit

    def read(self, size: int) -> bytes:
        found = self._stream.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise _TooMuchError
        return found


class _Member(tarfile.TarInfo):
    """A member of a tar; remembers why there was no further one, which `tarfile` does not tell."""

    @classmethod
    def fromtarfile(cls, tar: Any) -> Self:
        try:
            return super().fromtarfile(tar)  # type: ignore[return-value,unused-ignore]
        except tarfile.HeaderError as error:
            tar.ended_with = error
            raise


class TarFiles:
    """The files of a tar, plain or packed with gzip, bzip2, xz or zstd.

    It is read once, from front to back, and its texts are kept deflated.
    """

    def __init__(self, path: Path, report: Report, limits: Limits = DEFAULT_LIMITS) -> None:
        """Raises `ArchiveError` if it is no such archive; what of it cannot be read goes to ``report``."""
        self._path = path
        self._limits = limits
        self._report = report
        self._texts = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives as long as this
        weakref.finalize(self, self._texts.close)
        self._places: dict[str, tuple[int, int]] = {}
        found: dict[str, FileEntry] = {}
        try:
            with path.open("rb") as packed, _unpacked(packed, path) as stream:
                self._keep(_Counted(stream, limits.total_for(path.stat().st_size)), found)
        except _TooMuchError:
            limit = limits.total_for(path.stat().st_size)
            report(PageReadError(path, f"unpacks to more than {limit} bytes; the rest was not read (see --limit)"))
        except _DAMAGE as error:
            if not found:
                raise ArchiveError(f"{path}: no archive (zip or tar) that can be read: {_why(error)}") from error
            report(PageReadError(path, f"damaged, the rest was not read: {_why(error)}"))
        self._listing = Listing(found.values())

    def _keep(self, stream: _Counted, found: dict[str, FileEntry]) -> None:
        with tarfile.open(
            fileobj=stream, mode="r|", tarinfo=_Member, encoding="utf-8", errors="surrogateescape"
        ) as tar:  # type: ignore[call-overload]
            for member in tar:
                tar.members = []  # it would keep them all
                name = _inside(member.name)
                if member.isdir():
                    continue
                if name is not None and not name.endswith(_READ):
                    found[name] = FileEntry(name, int(member.mtime), member.size)
                    continue
                reason = self._refused(member, name)
                if reason:
                    self._report(PageReadError(self._path / member.name.lstrip("/"), reason))
                elif name is not None and member.islnk():
                    self._places[name] = self._places[_inside(member.linkname) or ""]
                    found[name] = FileEntry(name, int(member.mtime), member.size)
                elif name is not None:
                    content = tar.extractfile(member)
                    self._add(name, content.read() if content else b"")
                    found[name] = FileEntry(name, int(member.mtime), member.size)
            ended_with = getattr(tar, "ended_with", None)
            if not isinstance(ended_with, _REGULAR_END):
                raise tarfile.ReadError("unexpected end of data")

    def _refused(self, member: tarfile.TarInfo, name: str | None) -> str:
        """Why a member is not read, if so."""
        if name is None:
            return "not read, since its name leads out of the archive"
        if member.islnk() and (_inside(member.linkname) or "") in self._places:
            return ""
        if not member.isreg():
            return "not read, since it is a link" if member.issym() or member.islnk() else "is not a regular file"
        return f"has more than {self._limits.file} bytes" if member.size > self._limits.file else ""

    def _add(self, name: str, content: bytes) -> None:
        packed = zlib.compress(content, 1)
        start = self._texts.seek(0, 2)
        self._texts.write(packed)
        self._places[name] = (start, len(packed))

    @property
    def place(self) -> Path:
        return self._path

    def names(self, folder: str) -> Names:
        return self._listing.names(folder)

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        return self._listing.walk(folder, suffix)

    def read(self, path: str) -> bytes:
        if path not in self._places:
            raise PageReadError(self._path / path, "not kept" if path in self._listing else "no such file")
        start, length = self._places[path]
        self._texts.seek(start)
        return zlib.decompress(self._texts.read(length))


class ZipFiles:
    """The files of a zip."""

    def __init__(self, path: Path, report: Report, limits: Limits = DEFAULT_LIMITS) -> None:
        """Raises `ArchiveError` if it is none, or one without its table of contents, which is at its end."""
        self._path = path
        self._limits = limits
        self._left = limits.total_for(path.stat().st_size)
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise ArchiveError(f"{path}: a zip that cannot be read: {_why(error)}") from error
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            written = _name_in_zip(member)
            name = _inside(written)
            if member.is_dir():
                continue
            mode = member.external_attr >> 16
            if name is None:
                report(PageReadError(path / written.lstrip("/"), "not read, since its name leads out of the archive"))
            elif stat.S_ISLNK(mode):
                report(PageReadError(path / name, "not read, since it is a link"))
            elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                report(PageReadError(path / name, "is not a regular file"))
            else:
                self._members[name] = member
        self._listing = Listing(
            FileEntry(name, _modified_in_zip(member), member.file_size) for name, member in self._members.items()
        )

    @property
    def place(self) -> Path:
        return self._path

    def names(self, folder: str) -> Names:
        return self._listing.names(folder)

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        return self._listing.walk(folder, suffix)

    def read(self, path: str) -> bytes:
        member = self._members.get(path)
        if member is None:
            raise PageReadError(self._path / path, "no such file")
        limit = min(self._limits.file, self._left)
        try:
            with self._zip.open(member) as stream:
                content = stream.read(limit + 1)
        except (*_DAMAGE, RuntimeError, NotImplementedError) as error:  # the last two: encrypted, packed unusually
            raise PageReadError(self._path / path, _why(error)) from error
        if len(content) > limit:
            which = "has" if limit == self._limits.file else "with it the archive unpacks to"
            allowed = limit if limit == self._limits.file else self._limits.total_for(self._path.stat().st_size)
            raise PageReadError(self._path / path, f"{which} more than {allowed} bytes (see --limit)")
        self._left -= len(content)
        return content


def _zstd(packed: IO[bytes]) -> Any:
    try:
        return importlib.import_module("compression.zstd").open(packed, "rb")  # Python 3.14
    except ImportError:
        pass
    try:
        return importlib.import_module("zstandard").ZstdDecompressor().stream_reader(packed)
    except ImportError:
        raise ArchiveError("a .zst needs Python 3.14 or the extra: pip install 'dokuwiki-data[zstd]'") from None


_PACKINGS: tuple[tuple[bytes, Callable[[IO[bytes]], Any]], ...] = (
    (b"\x1f\x8b", lambda packed: gzip.GzipFile(fileobj=packed)),
    (b"BZh", lambda packed: bz2.BZ2File(packed)),
    (b"\xfd7zXZ\0", lambda packed: lzma.LZMAFile(packed)),  # noqa: SIM115
    (b"\x28\xb5\x2f\xfd", _zstd),
)


def _unpacked(packed: IO[bytes], path: Path) -> Any:
    """The stream inside of a packed one, whatever the file is called."""
    start = packed.read(8)
    packed.seek(0)
    for magic, opened in _PACKINGS:
        if start.startswith(magic):
            try:
                return opened(packed)
            except ArchiveError as error:
                raise ArchiveError(f"{path}: {error}") from None
    return packed


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\3\4", b"PK\5\6")


def _inside(name: str) -> str | None:
    """A member's path below the root, None if it is not there."""
    steps = [step for step in name.split("/") if step not in ("", ".")]
    if name.startswith("/") or ".." in steps or not steps:
        return None
    return "/".join(steps)


def _name_in_zip(member: zipfile.ZipInfo) -> str:
    """A name as its bytes say; `zipfile` takes names that are not marked as UTF-8 for those of an old computer."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.orig_filename.encode("cp437").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return member.filename


def _modified_in_zip(member: zipfile.ZipInfo) -> int | None:
    """The time of a member: the exact one, if it is there, else the local one in steps of two seconds."""
    extra = member.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        if kind == 0x5455 and length >= 5 and len(extra) >= 9 and extra[4] & 1:
            return int(struct.unpack("<i", extra[5:9])[0])
        extra = extra[4 + length :]
    try:
        return int(time.mktime((*member.date_time, 0, 0, -1)))
    except (ValueError, OverflowError):
        return None


def _why(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno:
        return reason_of(error)
    return str(error).lower() or "unexpected end of data"
