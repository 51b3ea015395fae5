"""The options of ``export --to mediawiki``, and the export with them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dokuwiki_data.command.messages import Failures, counted, echo
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import MEDIAWIKI, TITLE_MODES
from dokuwiki_data.wiki.sources.source import WikiSource

if TYPE_CHECKING:
    from dokuwiki_data.exports.exporting import Exported, ExportRequest


@dataclass(frozen=True, slots=True)
class MediaWikiArguments:
    """The options of ``export --to mediawiki``."""

    titles: str | None
    red_links: bool
    piece_size: int | None

    @property
    def given(self) -> dict[str, Any]:
        """The options that are given, by name."""
        options = {"titles": self.titles, "red_links": self.red_links, "piece_size": self.piece_size}
        return {name: value for name, value in options.items() if value}

    def check(self, to: str) -> None:
        """Raise `OutputError` if these options do not fit the target."""
        if to != MEDIAWIKI and self.given:
            raise OutputError(f"--{next(iter(self.given)).replace('_', '-')} is an option of --to {MEDIAWIKI}")


def export_to_mediawiki(
    source: WikiSource,
    folder: Path,
    request: ExportRequest,
    arguments: MediaWikiArguments,
    options: Mapping[str, Any],
    *,
    failures: Failures,
    begin: Callable[[int], Callable[[int], None]],
    jobs: Callable[[int], int],
    executor: Executor | None,
) -> Exported:
    """Write a wiki for MediaWiki."""
    from dokuwiki_data.exports.mediawiki.exporting import export_mediawiki, mediawiki_options

    return export_mediawiki(
        source, folder, request, mediawiki_options(**arguments.given, **options),
        report=failures, say=echo, begin=begin, jobs=jobs, executor=executor,
    )  # fmt: skip


def described_dump(done: Exported) -> str:
    """Return what was written, in words."""
    not_kept = f" ({counted(done.not_kept, 'change')} not kept)" if done.not_kept else ""
    return (
        f"{counted(done.pages, 'page')}, {counted(done.states, 'old state')}{not_kept}, "
        f"{counted(done.media, 'media file')}, {counted(done.redirects, 'redirect')}"
    )


def add_mediawiki_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments for `MediaWikiArguments` to a command."""
    group = command.add_argument_group("MediaWiki (--to mediawiki)")
    group.add_argument(
        "--titles", choices=TITLE_MODES,
        help="what a:b:c becomes: A/b/c, pages below pages (default), or A:B/c in a namespace of MediaWiki",
    )  # fmt: skip
    group.add_argument(
        "--red-links", action="store_true", help="keep links to missing pages, which MediaWiki shows in red"
    )
    group.add_argument(
        "--piece-size", metavar="MIB", type=int, help="the size of a piece of the dump in MiB (default: 100)"
    )
