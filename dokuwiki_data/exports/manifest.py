"""The file ``export.json``: which file every page and media file became, and what could not be said there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import IO, NamedTuple

from dokuwiki_data.exports.folder import FORMAT
from dokuwiki_data.render.characters import as_json

VERSION = 1


class Loss(NamedTuple):
    """What an export could not say: its kind, what it was, and where it stands in the text of the page.

    Lines and columns count from 1; columns count characters.
    """

    kind: str
    what: str
    line: int
    column: int


class ManifestWriter:
    """Writes a manifest page by page, so that it takes no memory. `Loss` says what pages lose."""

    def __init__(self, output: IO[str], target: str) -> None:
        self._output = output
        self._between = "\n"
        self.losses: Counter[str] = Counter()
        self.pages = 0
        head = as_json({"format": FORMAT, "version": VERSION, "target": target})
        output.write(f'{head[:-1]},\n"pages":{{')

    def add(self, page_id: str, file: str, losses: Iterable[Loss]) -> None:
        """Add a page. Its losses are counted by kind."""
        told = [loss._asdict() for loss in losses]
        self.losses.update(loss["kind"] for loss in told)
        self.pages += 1
        self._output.write(f"{self._between}{as_json(page_id)}:{as_json({'file': file, 'losses': told})}")
        self._between = ",\n"

    def finish(self, media: Mapping[str, str]) -> None:
        """Add the files of the media, by id, and end the manifest."""
        lines = (f"{as_json(media_id)}:{as_json({'file': file})}" for media_id, file in media.items())
        self._output.write("\n},\n" + '"media":{\n' + ",\n".join(lines) + "\n}}\n")
