"""The media files of an export: which of them are copied, and how."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import IO

from dokuwiki_data.errors import PageReadError, reason_of
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.ids import is_hidden
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.source import MediaFile, WikiSource


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
    source: WikiSource, media: Mapping[str, MediaFile], places: Mapping[str, str], folder: OutputFolder, report: Report
) -> dict[str, str]:
    """Copy media files to their places, and return the places of those that could be read, by id."""
    copied = {}
    for media_id, file in media.items():
        try:
            with _opened(source, file) as opened:
                folder.copy(places[media_id], opened, file.modified or 0)
        except PageReadError as error:
            report(error)
            continue
        copied[media_id] = places[media_id]
    return copied


def _opened(source: WikiSource, file: MediaFile) -> IO[bytes]:
    """Open a media file, however large it is. Raises `PageReadError`."""
    if not isinstance(source.files, FolderFiles):
        return io.BytesIO(file.read())
    place = source.files.path(file.path)
    if not source.files.allows(place):
        raise PageReadError(place, f"not followed, since a link leads out of {source.files.place}")
    if not place.is_file():
        raise PageReadError(place, "is not a regular file")
    try:
        return place.open("rb")
    except OSError as error:
        raise PageReadError(place, reason_of(error)) from error
