"""The options of ``export --to git``, and the export with them: into a repository, or as a stream."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dokuwiki_data.command.arguments import output_argument, path_argument
from dokuwiki_data.command.files import opened_output, refuse_unwritable
from dokuwiki_data.command.messages import Failures, counted, echo
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import GIT, NOT_KEPT_MODES, TARGETS
from dokuwiki_data.wiki.sources.source import WikiSource

if TYPE_CHECKING:
    from dokuwiki_data.exports.exporting import Exported, ExportRequest

#: No stream is asked for.
_NO_STREAM = Path()


@dataclass(frozen=True, slots=True)
class GitArguments:
    """The options of ``export --to git``."""

    as_: str
    authors: Path | None
    wiki_authors: bool
    not_kept: str
    since: int | None
    stream: Path | None

    @property
    def is_stream(self) -> bool:
        """Whether a stream is written, not a repository."""
        return self.stream != _NO_STREAM

    def check(self, to: str, folder: Path | None) -> None:
        """Raise `OutputError` if these options do not fit the target, or the folder is missing."""
        given = {
            "as": self.as_,
            "authors": self.authors,
            "wiki-authors": self.wiki_authors,
            "not-kept": self.not_kept != NOT_KEPT_MODES[0],
            "since": self.since is not None,
            "stream": self.is_stream,
        }
        found = next((name for name, value in given.items() if value), None)
        if to != GIT and found is not None:
            raise OutputError(f"--{found} is an option of --to {GIT}")
        if folder is None and not self.is_stream:
            raise OutputError("the folder to write to is missing")
        if folder is not None and self.is_stream:
            raise OutputError("--stream writes no folder")


def export_git(
    source: WikiSource,
    folder: Path | None,
    request: ExportRequest,
    arguments: GitArguments,
    options: Mapping[str, Any],
    *,
    failures: Failures,
    begin: Callable[[int], Callable[[int], None]],
    jobs: Callable[[int], int],
    executor: Executor | None,
) -> Exported:
    """Write the history of a wiki."""
    from dokuwiki_data.exports.git.exporting import HistoryExport
    from dokuwiki_data.exports.git.plan import GitOptions

    history = HistoryExport(
        source,
        request,
        GitOptions(
            arguments.as_, options, arguments.authors, arguments.wiki_authors, arguments.not_kept, arguments.since
        ),
        report=failures, say=echo, begin=begin, jobs=jobs, executor=executor,
    )  # fmt: skip
    if folder is not None:
        return history.to_folder(folder)
    if arguments.stream is not None:
        refuse_unwritable(arguments.stream)
    with opened_output(arguments.stream) as output:
        return history.to_stream(output)


def described(done: Exported, not_kept_mode: str) -> str:
    """Return what was written, in words."""
    not_kept = f" ({done.not_kept} without content)"
    if not_kept_mode != NOT_KEPT_MODES[0]:
        not_kept = f", {counted(done.not_kept, 'change')} without content left out"
    not_kept = not_kept if done.not_kept else ""
    late = f", {counted(done.too_late, 'change')} too late" if done.too_late else ""
    authors = f", {counted(len(done.placeholders), 'author')} with a placeholder" if done.placeholders else ""
    return (
        f"{counted(done.commits, 'commit')}{not_kept}{late}, {counted(done.pages, 'page')}, "
        f"{counted(done.media, 'media file')}{authors}"
    )


def moment(text: str) -> int:
    """Return a time in Unix seconds, written so or as in ISO 8601, such as ``2026-11-21`` or ``2026-11-21T08:00Z``."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-21T08:00") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def add_git_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments for `GitArguments` to a command."""
    group = command.add_argument_group("history (--to git)")
    group.add_argument(
        "--as", dest="as_", choices=TARGETS, default="",
        help="write each state in the way of this target (default: as DokuWiki has it)",
    )  # fmt: skip
    group.add_argument(
        "--authors", metavar="FILE", type=path_argument,
        help="names and addresses of users, in lines such as: ann = Ann Example <ann@example.org>",
    )  # fmt: skip
    group.add_argument(
        "--wiki-authors", action="store_true", help="take names and addresses from the wiki's conf/users.auth.php"
    )
    group.add_argument(
        "--not-kept", choices=NOT_KEPT_MODES, default=NOT_KEPT_MODES[0],
        help="changes whose text the attic lacks: a commit without a change of content (default), or none",
    )  # fmt: skip
    group.add_argument(
        "--since", metavar="TIME", type=moment,
        help="only changes after this time, such as 2026-11-21 (UTC); a stream continues the branch main then",
    )  # fmt: skip
    group.add_argument(
        "--stream", metavar="FILE", type=output_argument, default=_NO_STREAM,
        help="write what git fast-import reads to a file, or to standard output for -, without FOLDER and without git",
    )  # fmt: skip
