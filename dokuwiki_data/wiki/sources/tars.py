"""Read tar archives without unpacking them: plain, or compressed with gzip, bzip2, xz or zstd."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import importlib
import lzma
import tarfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, Any

from dokuwiki_data.errors import ArchiveError
from dokuwiki_data.wiki.sources.archives import (
    DAMAGE_ERRORS,
    LINK_REASON,
    NO_FILE_REASON,
    OUTSIDE_REASON,
    BufferedArchive,
    LimitExceededError,
    describe_error,
    ignore,
    safe_path,
)
from dokuwiki_data.wiki.sources.files import MEBIBYTE, Limits, Report

#: What `tarfile` raises at the end of a complete archive; typeshed does not list it.
_REGULAR_END: type[Exception] = tarfile.EOFHeaderError  # type: ignore[attr-defined]

#: The most bytes of a header. `tarfile` keeps headers in memory, and the archive says how long they are.
_LONGEST_HEADER = MEBIBYTE


class _LimitedStream:
    """A stream that raises an error beyond a limit."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit

    def read(self, size: int) -> bytes:
        try:
            found = self._stream.read(size)
        except DAMAGE_ERRORS:
            raise
        except Exception as error:  # the libraries for zstd have their own classes
            raise OSError(str(error)) from error
        self.count(len(found))
        return found

    def count(self, size: int) -> None:
        """Count bytes. Raises `LimitExceededError` beyond the limit."""
        self._left -= size
        self.expect(0)

    def expect(self, size: int) -> None:
        """Raise `LimitExceededError` if further bytes would exceed the limit."""
        if size > self._left:
            raise LimitExceededError

    @contextlib.contextmanager
    def at_most(self, size: int) -> Iterator[None]:
        """Limit the bytes that are read meanwhile. Raises `tarfile.ReadError` beyond that."""
        beyond = max(self._left - size, 0)
        self._left -= beyond
        try:
            yield
        except LimitExceededError:
            if beyond:
                raise tarfile.ReadError(f"a header has more than {size} bytes") from None
            raise
        finally:
            self._left += beyond


class _HeaderReader:
    """Reads the headers of members, and stores why there is no further one, which `tarfile` does not tell."""

    def __init__(self, stream: _LimitedStream) -> None:
        self._stream = stream
        self.end: Exception | None = None

    def fromtarfile(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        """Return the next member; `tarfile` calls this."""
        try:
            with self._stream.at_most(_LONGEST_HEADER):
                return tarfile.TarInfo.fromtarfile(tar)
        except tarfile.HeaderError as error:
            self.end = error
            raise


class TarFiles(BufferedArchive):
    """The files of a tar archive."""

    def __init__(self, path: Path, report: Report, limits: Limits, wanted: Collection[str] | None = None) -> None:
        """Read an archive; report what cannot be read. Raises `ArchiveError` if it is not a tar archive."""
        super().__init__(path, report, limits, wanted)
        total = limits.total_for(path.stat().st_size)
        #: Whether a header was read, so that this is a tar archive.
        self._is_tar = False
        try:
            with path.open("rb") as packed, _unpacked(packed, path) as stream:
                self._read_all(_LimitedStream(stream, total))
        except LimitExceededError:
            self._report_limit(total)
        except DAMAGE_ERRORS as error:
            if not self._is_tar:
                raise ArchiveError(
                    f"{path}: not an archive (zip, tar, 7z) that can be read: {describe_error(error)}"
                ) from error
            self._report_damage(error)

    def keeping(self, paths: Collection[str]) -> TarFiles:
        return TarFiles(self.place, ignore, self._limits, paths)

    def _read_all(self, stream: _LimitedStream) -> None:
        headers: Any = _HeaderReader(stream)
        with tarfile.open(
            fileobj=stream, mode="r|", tarinfo=headers, encoding="utf-8", errors="surrogateescape"
        ) as tar:  # type: ignore[call-overload]
            for member in tar:
                tar.members = []  # otherwise all are kept
                self._is_tar = True
                stream.expect(member.size)  # `tarfile` would skip any size
                if not member.isdir():
                    if member.issparse():  # holes are not in the stream
                        stream.count(member.size)
                    self._add(tar, member)
            if not isinstance(headers.end, _REGULAR_END):
                self._is_tar = True  # `tarfile` itself raises an error for the very first header
                raise tarfile.ReadError("unexpected end of data")

    def _add(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        name, modified = safe_path(member.name), _seconds(member.mtime)
        if name is None:
            self._report_skipped(member.name, OUTSIDE_REASON)
        elif not self._keeps(name):
            self._listing.add(name, modified, member.size)
        elif member.islnk() and (place := self._listing.position(safe_path(member.linkname) or "")) is not None:
            self._listing.add(name, modified, member.size, place)
        elif not member.isreg():
            self._report_skipped(name, LINK_REASON if member.issym() or member.islnk() else NO_FILE_REASON)
        elif member.size > self._limits.file:
            self._report_skipped(name, f"has more than {self._limits.file} bytes")
        else:
            content = tar.extractfile(member)
            self._store(name, modified, content.read() if content else b"")


def _seconds(time: float) -> int | None:
    try:
        return int(time)
    except (ValueError, OverflowError):  # archives may contain "nan" and "inf"
        return None


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
    """Return the decompressed stream; the content decides on the format."""
    start = packed.read(8)
    packed.seek(0)
    for magic, opened in _PACKINGS:
        if start.startswith(magic):
            try:
                return opened(packed)
            except ArchiveError as error:
                raise ArchiveError(f"{path}: {error}") from None
    return packed
