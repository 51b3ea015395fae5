"""The media files of a wiki."""

from __future__ import annotations

from typing import NamedTuple

from dokuwiki_data.wiki.file_names import id_of_file
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import Source


class MediaFile(NamedTuple):
    """A file of a wiki: its id, its path, its bytes and its time of change in Unix seconds, if they are known."""

    media_id: str
    path: str
    size: int | None
    modified: int | None


def media_files(source: Source, report: Report) -> dict[str, MediaFile]:
    """The media files of a wiki by id; what cannot be listed goes to ``report``."""
    if source.layout.kind == "texts":
        return {}
    folder = source.layout.media
    named = (
        (id_of_file(file.path.removeprefix(folder), source.file_names), file)
        for file in source.files.walk(folder, "", report)
    )
    return {media_id: MediaFile(media_id, file.path, file.size, file.modified) for media_id, file in sorted(named)}
