"""Export the history of a wiki: a commit for each change, into a repository or as a stream."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import NOT_KEPT_MODES
from dokuwiki_data.exports.exporting import Exported, ExportRequest, old_address_of, refuse_root
from dokuwiki_data.exports.git.authors import CommitAuthors, read_authors, wiki_authors
from dokuwiki_data.exports.git.commits import CommitSink, CommitWriter, WrittenCommits
from dokuwiki_data.exports.git.plan import GitOptions, HistoryPlan, plan_history
from dokuwiki_data.exports.git.repository import BRANCH, EXPORTED, Repository
from dokuwiki_data.exports.git.texts import StateTexts
from dokuwiki_data.exports.manifest import ManifestWriter, told_losses
from dokuwiki_data.wiki.sources.files import Report, lost_into
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.timeline import Effect

#: Gets the number of commits before they are made, and returns what gets the number of those made.
Begin = Callable[[int], Callable[[int], None]]


class HistoryExport:
    """The export of a wiki's history.

    Args:
        source: The wiki.
        request: Which pages are written, and what becomes of media files.
        options: How they are written.
        report: Called with the error of what cannot be read.
        say: Called with a line about what else people should know.
        begin: Called before commits are made.
        jobs: Returns how many processes work on so many states.
        executor: Works instead of them.

    Raises:
        OutputError: If the options are wrong, or the file of authors cannot be read.
    """

    def __init__(
        self,
        source: WikiSource,
        request: ExportRequest,
        options: GitOptions,
        *,
        report: Report,
        say: Callable[[str], None],
        begin: Begin = lambda commits: lambda done: None,
        jobs: Callable[[int], int] = lambda states: 1,
        executor: Executor | None = None,
    ) -> None:
        if options.not_kept not in NOT_KEPT_MODES:
            raise OutputError(f"changes that are not kept are one of {', '.join(NOT_KEPT_MODES)}")
        if not options.as_ and (given := [name for name, value in options.options.items() if value]):
            raise OutputError(f"an export to git without --as has no option {given[0].replace('_', '-')}")
        if request.verify:
            raise OutputError("what was written to git cannot be verified yet, only html")
        self._source, self._request, self._options = source, request, options
        self._say, self._begin, self._jobs, self._executor = say, begin, jobs, executor
        self._done = Exported()
        self._lose = lost_into(self._done.lost, report)
        known = wiki_authors(source) if options.wiki_authors else {}
        self._authors = CommitAuthors(
            {**known, **(read_authors(options.authors) if options.authors is not None else {})}
        )

    def to_folder(self, root: Path) -> Exported:
        """Write the history into a git repository, or add what is new to one that an earlier export wrote.

        Raises:
            OutputError: If git is not installed, or the folder holds something else or cannot be written.
        """
        refuse_root(self._source, root)
        repository = Repository.open(root, self._settings())
        plan = plan_history(self._source, self._request, self._options, repository.done, False, self._lose, self._say)
        made = WrittenCommits()
        if plan.steps or plan.base is not None:
            with repository.importing() as (write, journal):
                sink = CommitSink(write, EXPORTED, repository.tip, len(repository.done), journal)
                made = self._writer(plan).write(sink)
        repository.check_out()
        return self._finished(plan, made, repository)

    def to_stream(self, output: IO[bytes]) -> Exported:
        """Write the history as a stream for ``git fast-import``; git need not be installed.

        With `GitOptions.since` the stream continues the branch ``main`` of the repository that reads it.
        """
        continues = self._options.since is not None
        plan = plan_history(self._source, self._request, self._options, [], continues, self._lose, self._say)
        made = self._writer(plan).write(CommitSink(output.write, BRANCH, f"{BRANCH}^0" if continues else ""))
        return self._finished(plan, made, None)

    def _settings(self) -> dict[str, Any]:
        """Return what may not change between exports into one repository."""
        choice = self._request.choice
        return {
            "as": self._options.as_,
            **{name: str(value) for name, value in sorted(self._options.options.items())},
            "media": self._request.media,
            "namespaces": list(choice.namespaces),
            "include": list(choice.include),
            "exclude": list(choice.exclude),
            "readable_by": list(self._request.readable_by),
        }

    def _writer(self, plan: HistoryPlan) -> CommitWriter:
        count = len(plan.steps)
        jobs, options, texts = self._jobs(count), self._options, None
        if options.as_:
            source = self._source
            if self._request.syntax is not None:
                source = replace(source, settings=replace(source.settings, syntax=self._request.syntax))
            media_address = old_address_of(source, self._request)
            texts = StateTexts.of(
                options.as_, options.options, source, plan.events, plan.places, media_address, self._lose
            )
        return CommitWriter(plan, self._authors, texts, self._lose, self._begin(count), jobs, self._executor)

    def _finished(self, plan: HistoryPlan, made: WrittenCommits, repository: Repository | None) -> Exported:
        """Write the account of the repository, and return the numbers."""
        done = self._done
        there = {"page": dict[str, str](), "media": dict[str, str]()}
        for event in plan.events:
            place = (plan.places.pages if event.kind == "page" else plan.places.media).get(event.id)
            if event.effect is Effect.DELETED or place is None:
                there[event.kind].pop(event.id, None)
            elif event.effect is Effect.WRITTEN:
                there[event.kind][event.id] = place
        if repository is not None:
            told = repository.told_losses()
            told |= {page_id: told_losses(losses) for page_id, losses in made.losses.items()}
            with repository.manifest() as output:
                manifest = ManifestWriter(output, "git")
                for page_id, file in sorted(there["page"].items()):
                    manifest.add_told(page_id, file, told.get(page_id, []))
                manifest.finish(there["media"])
            done.losses = manifest.losses
        else:
            for losses in made.losses.values():
                done.losses.update(loss.kind for loss in losses)
        done.pages, done.media, done.commits = len(there["page"]), len(there["media"]), made.commits
        done.not_kept, done.not_readable = made.not_kept + plan.left_out, plan.not_readable
        done.too_late = len(plan.too_late)
        done.placeholders = sorted(self._authors.placeholders)
        return done
