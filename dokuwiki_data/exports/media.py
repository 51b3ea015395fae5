"""The media files of an export: which of them are copied, how, and the titles that JPEG files have in themselves."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import IO

from dokuwiki_data.errors import PageReadError, reason_of
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.ids import is_hidden
from dokuwiki_data.wiki.sources.files import Files, Report
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.source import MediaFile
from dokuwiki_data.writers.jpeg import jpeg_title

#: The titles of a JPEG file are in its first bytes, before the image.
_HEAD = 1 << 20
_JPEG = (".jpg", ".jpeg")


def shown_media(media: Mapping[str, MediaFile], shown: Iterable[Iterable[str]] | None) -> dict[str, MediaFile]:
    """Return the media files that are copied, by id: all of a wiki, or those that some pages show.

    Files whose names begin with ``_`` or ``.`` are those of DokuWiki and of servers.
    """
    if shown is None:
        wanted = {media_id for media_id in media if not is_hidden(media_id)}
    else:
        wanted = {media_id for one in shown for media_id in one}
    return {media_id: media[media_id] for media_id in sorted(media.keys() & wanted)}


def copy_media(
    files: Files, media: Mapping[str, MediaFile], places: Mapping[str, str], folder: OutputFolder, report: Report
) -> list[str]:
    """Copy media files to their places, and return the ids of those that could not be read."""
    lost = []
    for media_id, file in media.items():
        try:
            with opened_media(files, file.path) as opened:
                folder.copy(places[media_id], opened, file.modified or 0)
        except PageReadError as error:
            report(error)
            lost.append(media_id)
    return lost


def jpeg_titles(files: Files, media: Mapping[str, MediaFile]) -> dict[str, str]:
    """Return the titles of the JPEG files among media files, by id; a file that cannot be read has none."""
    found = {}
    images = {media_id: file.path for media_id, file in media.items() if media_id.lower().endswith(_JPEG)}
    for media_id, path in images.items():
        try:
            with opened_media(files, path) as opened:
                title = jpeg_title(opened.read(_HEAD))
        except (PageReadError, OSError):
            continue
        if title:
            found[media_id] = title
    return found


def opened_media(files: Files, path: str) -> IO[bytes]:
    """Open a file, however large it is. Raises `PageReadError`."""
    if not isinstance(files, FolderFiles):
        return io.BytesIO(files.read(path))
    place = files.path(path)
    if not files.allows(place):
        raise PageReadError(place, f"not followed, since a link leads out of {files.place}")
    if not place.is_file():
        raise PageReadError(place, "is not a regular file")
    try:
        return place.open("rb")
    except OSError as error:
        raise PageReadError(place, reason_of(error)) from error
