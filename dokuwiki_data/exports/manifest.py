"""The file ``export.json``: which file every page and media file became, what could not be said, what was verified."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from dokuwiki_data.errors import DokuWikiDataError, reason_of
from dokuwiki_data.exports.folder import FORMAT, MANIFEST
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.writers.losses import Loss

VERSION = 1


def told_losses(losses: Iterable[Loss]) -> list[dict[str, Any]]:
    """Return losses as a manifest has them, each with its line and column."""
    return [{"kind": loss.kind, "what": loss.what, **loss.position._asdict()} for loss in losses]


class ManifestWriter:
    """Writes a manifest page by page, so that it takes no memory."""

    def __init__(self, output: IO[str], target: str) -> None:
        self._output = output
        self._between = "\n"
        self.losses: Counter[str] = Counter()
        self.pages = 0
        head = as_json({"format": FORMAT, "version": VERSION, "target": target})
        output.write(f'{head[:-1]},\n"pages":{{')

    def add(self, page_id: str, file: str, losses: Iterable[Loss], title: str = "") -> None:
        """Add a page. Its losses are counted by kind.

        Args:
            page_id: The page.
            file: Its file; empty if it has none of its own.
            losses: What could not be said.
            title: What it is called where it has no file.
        """
        self.add_told(page_id, file, told_losses(losses), title)

    def add_told(self, page_id: str, file: str, told: Sequence[Mapping[str, Any]], title: str = "") -> None:
        """Add a page whose losses are given as `told_losses` returns them."""
        self.losses.update(str(loss["kind"]) for loss in told)
        self.pages += 1
        place = {"file": file} if file else {"title": title}
        self._output.write(f"{self._between}{as_json(page_id)}:{as_json({**place, 'losses': told})}")
        self._between = ",\n"

    def finish(self, media: Mapping[str, str], differences: Iterable[tuple[str, str]] | None = None) -> None:
        """Add the files of the media, by id, and end the manifest.

        Args:
            media: The files.
            differences: Files and what is wrong in them, if the export was verified.
        """
        lines = (f"{as_json(media_id)}:{as_json({'file': file})}" for media_id, file in media.items())
        self._output.write("\n},\n" + '"media":{\n' + ",\n".join(lines) + "\n}")
        if differences is not None:
            wrong = (as_json({"file": file, "what": what}) for file, what in differences)
            self._output.write(',\n"differences":[\n' + ",\n".join(wrong) + "\n]")
        self._output.write("}\n")


class Verification(NamedTuple):
    """What the verification of an export found.

    Attributes:
        target: The name of the target.
        identical: The number of pages that say what the wiki says.
        different: The number of those that do not.
    """

    target: str
    identical: int
    different: int


def read_verification(path: Path) -> Verification:
    """Return what the verification of an export found.

    Args:
        path: The folder of the export, or its manifest.

    Raises:
        DokuWikiDataError: If it is no export, or was not verified.
    """
    file = path / MANIFEST if path.is_dir() else path
    try:
        manifest = json.loads(file.read_text("utf-8"))
        if manifest["format"] != FORMAT:
            raise DokuWikiDataError(f"{file}: is not the export.json of an export")
        if "differences" not in manifest:
            raise DokuWikiDataError(f"{file}: the export was not verified (export --verify)")
        files = {one["file"] for one in manifest["differences"]}
        different = sum(page["file"] in files for page in manifest["pages"].values())
        return Verification(manifest["target"], len(manifest["pages"]) - different, different)
    except OSError as error:
        raise DokuWikiDataError(f"{file}: {reason_of(error)}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise DokuWikiDataError(f"{file}: is not the export.json of an export") from error
