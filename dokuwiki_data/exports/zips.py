"""Archives in the folder of an export, which other programs import."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable

from dokuwiki_data.errors import OutputError, reason_of
from dokuwiki_data.exports.folder import OutputFolder

#: The time of all files, so that the same files make the same archive: the first one that archives can have.
_TIME = (1980, 1, 1, 0, 0, 0)
#: The same in Unix seconds.
_UNIX_TIME = 315_532_800


def write_zip(folder: OutputFolder, path: str, files: Iterable[tuple[str, str | bytes]]) -> None:
    """Write an archive into the folder of an export.

    Args:
        folder: The folder.
        path: The path of the archive.
        files: The paths of its files in it, each with the path of a file in the folder, or with the content.

    Raises:
        OutputError: If a file cannot be read, or the archive cannot be written.
    """
    with tempfile.TemporaryFile() as beside:
        try:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in files:
                    entry = zipfile.ZipInfo(name, _TIME)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    entry.external_attr = 0o644 << 16
                    data = content if isinstance(content, bytes) else (folder.root / content).read_bytes()
                    archive.writestr(entry, data)
        except OSError as error:
            raise OutputError(f"{folder.root / path}: {reason_of(error)}") from error
        folder.copy(path, beside, _UNIX_TIME)
