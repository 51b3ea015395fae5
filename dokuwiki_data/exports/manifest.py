"""The file ``export.json``: which file every page and media file became, and what could not be said there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import IO

from dokuwiki_data.exports.folder import FORMAT
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.writers.losses import Loss

VERSION = 1


class ManifestWriter:
    """Writes a manifest page by page, so that it takes no memory."""

    def __init__(self, output: IO[str], target: str) -> None:
        self._output = output
        self._between = "\n"
        self.losses: Counter[str] = Counter()
        self.pages = 0
        head = as_json({"format": FORMAT, "version": VERSION, "target": target})
        output.write(f'{head[:-1]},\n"pages":{{')

    def add(self, page_id: str, file: str, losses: Iterable[Loss]) -> None:
        """Add a page. Its losses are counted by kind."""
        told = [{"kind": loss.kind, "what": loss.what, **loss.position._asdict()} for loss in losses]
        self.losses.update(str(loss["kind"]) for loss in told)
        self.pages += 1
        self._output.write(f"{self._between}{as_json(page_id)}:{as_json({'file': file, 'losses': told})}")
        self._between = ",\n"

    def finish(self, media: Mapping[str, str]) -> None:
        """Add the files of the media, by id, and end the manifest."""
        lines = (f"{as_json(media_id)}:{as_json({'file': file})}" for media_id, file in media.items())
        self._output.write("\n},\n" + '"media":{\n' + ",\n".join(lines) + "\n}}\n")
