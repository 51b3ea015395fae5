"""Which archive a file is: its first bytes tell."""

from __future__ import annotations

from pathlib import Path

from dokuwiki_data.wiki.sources.files import Files, Limits, Report
from dokuwiki_data.wiki.sources.seven_zips import SevenZipFiles
from dokuwiki_data.wiki.sources.tars import TarFiles
from dokuwiki_data.wiki.sources.zips import zip_files


def open_archive(path: Path, report: Report, limits: Limits) -> Files:
    """The files of an archive, whatever it is called. Raises `ArchiveError` if nothing of it can be read."""
    with path.open("rb") as file:
        start = file.read(6)
    if start.startswith((b"PK\3\4", b"PK\5\6")):
        return zip_files(path, report, limits)
    if start == b"7z\xbc\xaf\x27\x1c":
        return SevenZipFiles([path], path, report, limits)
    return TarFiles(path, report, limits)
