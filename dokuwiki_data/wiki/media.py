"""The media files of a wiki."""

from __future__ import annotations

from typing import NamedTuple

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import WikiSource
from dokuwiki_data.wiki.sources.placing import is_folder


class MediaFile(NamedTuple):
    """A file of a wiki: its id, its path, its bytes and its time of change in Unix seconds, if they are known."""

    media_id: str
    path: str
    size: int | None
    modified: int | None


def media_files(source: WikiSource, report: Report) -> dict[str, MediaFile]:
    """The media files of a wiki by id; what cannot be listed goes to ``report``."""
    folder = source.layout.media
    if source.layout.stands_alone or not is_folder(source.files, folder):
        return {}
    files = (
        MediaFile(source.id_of_name(file.path.removeprefix(folder).lstrip("/")), file.path, file.size, file.modified)
        for file in source.files.walk(folder, "", report)
    )
    found: dict[str, MediaFile] = {}
    for file in sorted(files, key=lambda file: (file.media_id, file.path)):
        if (other := found.setdefault(file.media_id, file)) is not file:
            report(PageReadError(source.files.place / file.path, f"not listed, {other.path} is the same file"))
    return found
