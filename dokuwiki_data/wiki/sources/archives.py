"""What all archives have in common: which members are read, and how their texts are stored.

No member is unpacked to the disk under its name. Links, devices, and members whose names lead out of the archive are
not read. `Limits` bound the unpacked size.
"""

from __future__ import annotations

import lzma
import struct
import tarfile
import tempfile
import weakref
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from pathlib import Path

from dokuwiki_data.errors import PageReadError, reason_of
from dokuwiki_data.wiki.conf import PLUGIN_FILES, SETTINGS_FILES
from dokuwiki_data.wiki.sources.files import MEBIBYTE, FileEntry, Limits, Listing, Names, Report

#: The errors that reading a damaged archive raises.
DAMAGE_ERRORS = (tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, OSError, struct.error)

OUTSIDE_REASON = "not read, since its name leads out of the archive"
LINK_REASON = "not read, since it is a link"
NO_FILE_REASON = "is not a regular file"

#: The files whose content is read: texts, histories, settings. Other files, such as images, are only listed.
_READ = (".txt", ".txt.gz", ".txt.bz2", ".changes", ".meta", ".conf", ".sqlite3", ".json", ".mark", "VERSION")
#: Settings, which Debian's package has in folders of other names.
_SETTINGS = frozenset({*SETTINGS_FILES, "acl.auth.php", *PLUGIN_FILES})
#: The bytes of packed texts that are kept in memory; more are kept in a temporary file without a name.
_IN_MEMORY = 16 * MEBIBYTE
_LENGTH = struct.Struct("<Q")


class LimitExceededError(Exception):
    """An archive unpacks to more than its limit."""


class ArchiveFiles(ABC):
    """The files of an archive: implements what follows from a listing of them."""

    def __init__(self, path: Path, report: Report, limits: Limits) -> None:
        self.place = path
        self._report = report
        self._limits = limits
        self._listing = Listing()

    def names(self, folder: str) -> Names:
        return self._listing.names(folder)

    def version(self, folder: str) -> object:
        return None  # an archive does not change

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        return self._listing.walk(folder, suffix)

    @abstractmethod
    def read(self, path: str) -> bytes:
        """Return the content of a file. Raises `PageReadError`."""

    def keeping(self, paths: Collection[str]) -> ArchiveFiles:
        return self

    def _report_skipped(self, name: str, reason: str) -> None:
        """Report a member that is not read."""
        self._report(PageReadError(self.place / name.lstrip("/"), reason))

    def _missing(self, path: str) -> PageReadError:
        return PageReadError(self.place / path, "its content was not kept" if path in self._listing else "no such file")


class BufferedArchive(ArchiveFiles):
    """The files of an archive that is read once, from start to end. Its texts are kept, compressed.

    To read other files, such as images, `keeping` reads the archive once more.
    """

    def __init__(self, path: Path, report: Report, limits: Limits, wanted: Collection[str] | None = None) -> None:
        """Begin with no files; those whose paths are ``wanted`` are kept, or the useful ones without it."""
        super().__init__(path, report, limits)
        self._wanted = None if wanted is None else frozenset(wanted)
        self._texts = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._texts.close)

    @abstractmethod
    def keeping(self, paths: Collection[str]) -> ArchiveFiles:
        """Return the files of the archive with the contents of the named ones; errors are not reported again."""

    def _keeps(self, name: str) -> bool:
        return is_useful(name) if self._wanted is None else name in self._wanted

    def _store(self, name: str, modified: int | None, content: bytes) -> None:
        packed = zlib.compress(content, 1)
        place = self._texts.seek(0, 2)
        self._texts.write(_LENGTH.pack(len(packed)))
        self._texts.write(packed)
        self._listing.add(name, modified, len(content), place)

    def _report_limit(self, total: int) -> None:
        reason = f"unpacks to more than {total} bytes; the rest was not read (see --limit)"
        self._report(PageReadError(self.place, reason))

    def _report_damage(self, error: BaseException) -> None:
        self._report(PageReadError(self.place, f"damaged, the rest was not read: {describe_error(error)}"))

    def read(self, path: str) -> bytes:
        place = self._listing.position(path)
        if place is None:
            raise self._missing(path)
        self._texts.seek(place)
        (length,) = _LENGTH.unpack(self._texts.read(_LENGTH.size))
        return zlib.decompress(self._texts.read(length))


def ignore(error: PageReadError) -> None:
    """Do nothing with an error that was reported before."""


def is_useful(name: str) -> bool:
    """Return whether the content of a file is read."""
    # Without this, 10 MB of DokuWiki's programs would be kept, too.
    if name.endswith(".php"):
        return "conf/" in name or name.rpartition("/")[2] in _SETTINGS
    return name.endswith(_READ)


def safe_path(name: str) -> str | None:
    """Return the path of a member below the root; None if it leads elsewhere."""
    steps = [step for step in name.split("/") if step not in ("", ".")]
    if name.startswith("/") or ".." in steps or not steps:
        return None
    return "/".join(steps)


def describe_error(error: BaseException) -> str:
    """Return what is wrong with an archive, in a few words."""
    if isinstance(error, OSError) and error.errno:
        return reason_of(error)
    return str(error).lower() or "unexpected end of data"
