"""Read zip archives without unpacking them, even truncated ones, which lack the table of contents."""

from __future__ import annotations

import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from dokuwiki_data.errors import ArchiveError, PageReadError
from dokuwiki_data.wiki.sources.archives import (
    DAMAGE_ERRORS,
    LINK_REASON,
    NO_FILE_REASON,
    OUTSIDE_REASON,
    ArchiveFiles,
    BufferedArchive,
    LimitExceededError,
    describe_error,
    ignore,
    safe_path,
)
from dokuwiki_data.wiki.sources.files import Limits, Report

_STORED, _DEFLATED = 0, 8
#: The header of a member: signature, version, flags, method, time, date, checksum, packed size, size, and the lengths
#: of the name and of the extra fields.
_HEADER = struct.Struct("<4s5H3I2H")
_MEMBER, _CONTENTS = b"PK\3\4", b"PK\1\2"
#: A flag for sizes that follow the content, and a value for sizes that are in the extra fields.
_SIZES_FOLLOW, _IN_EXTRA = 1 << 3, 0xFFFFFFFF
_ENCRYPTED, _UTF_8 = 1 << 0, 1 << 11
_PIECE = 1 << 16


def zip_files(path: Path, report: Report, limits: Limits) -> ArchiveFiles:
    """Return the files of a zip archive. Raises `ArchiveError` if nothing can be read."""
    try:
        return ZipFiles(path, zipfile.ZipFile(path), report, limits)
    except (*DAMAGE_ERRORS, ValueError, NotImplementedError) as error:
        found = TruncatedZipFiles(path, report, limits)
        if not found.members:
            raise ArchiveError(f"{path}: a zip archive that cannot be read: {describe_error(error)}") from error
        report(PageReadError(path, f"damaged, without its table of contents: {found.members} files were found in it"))
        return found


class ZipFiles(ArchiveFiles):
    """The files of a zip archive with a table of contents; each is unpacked when it is read."""

    def __init__(self, path: Path, opened: zipfile.ZipFile, report: Report, limits: Limits) -> None:
        super().__init__(path, report, limits)
        self._zip = opened
        self._total = self._left = limits.total_for(path.stat().st_size)
        #: The members that count towards the limit already.
        self._counted: set[int] = set()
        for number, member in enumerate(opened.infolist()):
            written = _name_in_zip(member)
            name, mode = safe_path(written), member.external_attr >> 16
            if member.is_dir():
                continue
            if name is None:
                self._report_skipped(written, OUTSIDE_REASON)
            elif stat.S_ISLNK(mode):
                self._report_skipped(name, LINK_REASON)
            elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                self._report_skipped(name, NO_FILE_REASON)
            else:
                self._listing.add(name, _modified(member.extra, member.date_time), member.file_size, number)

    def read(self, path: str) -> bytes:
        number = self._listing.position(path)
        if number is None:
            raise self._missing(path)
        left = self._total if number in self._counted else self._left
        limit = min(self._limits.file, left)
        try:
            with self._zip.open(self._zip.infolist()[number]) as stream:
                content = stream.read(limit + 1)
        except (*DAMAGE_ERRORS, RuntimeError, NotImplementedError) as error:  # encrypted; an unknown compression
            raise PageReadError(self.place / path, describe_error(error)) from error
        if len(content) > limit:
            which = "has" if limit == self._limits.file else "with it the archive unpacks to"
            allowed = limit if limit == self._limits.file else self._total
            raise PageReadError(self.place / path, f"{which} more than {allowed} bytes (see --limit)")
        if number not in self._counted:
            self._counted.add(number)
            self._left -= len(content)
        return content


class _Header(NamedTuple):
    """The header of a member."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    modified: int | None


class TruncatedZipFiles(BufferedArchive):
    """The files of a truncated zip archive, read from start to end by their headers.

    Links look like files whose text is the target.

    Attributes:
        members: The number of members that were found.
    """

    def __init__(self, path: Path, report: Report, limits: Limits, wanted: Collection[str] | None = None) -> None:
        super().__init__(path, report, limits, wanted)
        self.members = 0
        self._total = self._left = limits.total_for(path.stat().st_size)
        try:
            with path.open("rb") as file:
                self._read_all(file)
        except LimitExceededError:
            self._report_limit(self._total)
        except DAMAGE_ERRORS as error:
            if self.members:
                self._report_damage(error)

    def keeping(self, paths: Collection[str]) -> TruncatedZipFiles:
        return TruncatedZipFiles(self.place, ignore, self._limits, paths)

    def _read_all(self, file: IO[bytes]) -> None:
        while (start := file.read(_HEADER.size))[:4] == _MEMBER:
            header = _header(start, file)
            name = safe_path(header.name)
            if header.flags & _ENCRYPTED or header.method not in (_STORED, _DEFLATED):
                raise zipfile.BadZipFile(f"{header.name} is encrypted or has an unknown compression")
            if header.method == _STORED and header.flags & _SIZES_FOLLOW:
                raise zipfile.BadZipFile(f"the end of {header.name} is unknown")
            content = b"".join(self._content(file, header))
            self.members += 1
            if header.name.endswith("/"):
                continue
            if name is None:
                self._report_skipped(header.name, OUTSIDE_REASON)
            elif not self._keeps(name):
                self._listing.add(name, header.modified, len(content))
            elif len(content) > self._limits.file:
                self._report_skipped(name, f"has more than {self._limits.file} bytes")
            elif not header.flags & _SIZES_FOLLOW and zlib.crc32(content) != header.checksum:
                self._report_skipped(name, "damaged: its checksum differs")
            else:
                self._store(name, header.modified, content)
        if start[:4] != _CONTENTS:
            raise EOFError

    def _content(self, file: IO[bytes], header: _Header) -> Iterator[bytes]:
        """Yield the content of a member in pieces, up to one byte more than the limit of a file."""
        size = 0
        for piece in _stored(file, header.packed) if header.method == _STORED else _inflated(file):
            self._left -= len(piece)
            if self._left < 0:
                raise LimitExceededError
            if size <= self._limits.file:
                yield piece[: self._limits.file + 1 - size]
            size += len(piece)
        if header.flags & _SIZES_FOLLOW:
            _skip_sizes(file)


def _header(start: bytes, file: IO[bytes]) -> _Header:
    _, _, flags, method, clock, day, checksum, packed, size, length, extra_length = _HEADER.unpack(start)
    name, extra = _exactly(file, length), _exactly(file, extra_length)
    if packed == _IN_EXTRA:
        for kind, value in _extras(extra):
            if kind == 1:  # the size, then the packed size
                packed = struct.unpack_from("<Q", value, 8 if size == _IN_EXTRA else 0)[0]
    date_time = (1980 + (day >> 9), day >> 5 & 15, day & 31, clock >> 11, clock >> 5 & 63, 2 * (clock & 31))
    return _Header(
        name.decode("utf-8", "surrogateescape"), flags, method, checksum, packed, _modified(extra, date_time)
    )


def _stored(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        piece = _exactly(file, min(size, _PIECE))
        size -= len(piece)
        yield piece


def _inflated(file: IO[bytes]) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    while not unpacking.eof:
        packed = unpacking.unconsumed_tail or file.read(_PIECE)
        if not packed:
            raise EOFError
        yield unpacking.decompress(packed, _PIECE)
    file.seek(-len(unpacking.unused_data), 1)


def _skip_sizes(file: IO[bytes]) -> None:
    """Skip the sizes after a content: an optional signature, a checksum, and two numbers of four or eight bytes."""
    here = file.tell()
    following = file.read(28)
    for length in (12, 16, 20, 24):
        if following[length : length + 4] in (_MEMBER, _CONTENTS):
            file.seek(here + length)
            return
    raise EOFError


def _exactly(file: IO[bytes], size: int) -> bytes:
    found = file.read(size)
    if len(found) < size:
        raise EOFError
    return found


def _name_in_zip(member: zipfile.ZipInfo) -> str:
    """Return the name of a member as UTF-8; `zipfile` decodes unmarked names as code page 437."""
    if member.flag_bits & _UTF_8:
        return member.filename
    try:
        return member.orig_filename.encode("cp437").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return member.filename


def _modified(extra: bytes, date_time: tuple[int, int, int, int, int, int]) -> int | None:
    """Return the time of a member in Unix seconds: the exact one, or else the local time in steps of two seconds."""
    for kind, value in _extras(extra):
        if kind == 0x5455 and len(value) >= 5 and value[0] & 1:
            return int(struct.unpack("<i", value[1:5])[0])
    try:
        return int(time.mktime((*date_time, 0, 0, -1)))
    except (ValueError, OverflowError):
        return None


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        yield kind, extra[4 : 4 + length]
        extra = extra[4 + length :]
