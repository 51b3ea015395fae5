"""Export a wiki: look at all pages, find a place for each, write them, and say at the end that all is there."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.conversion import (
    SMALL_CHUNKS,
    Chunks,
    ConversionOptions,
    convert_pages,
    current_states,
    wiki_context,
)
from dokuwiki_data.conversion.choice import PageChoice, Readable, readable
from dokuwiki_data.conversion.executors import ordered
from dokuwiki_data.conversion.states import all_states
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.errors import OutputError, PageReadError
from dokuwiki_data.exports import MEDIA_MODES, MEDIAWIKI, WHOLE
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.manifest import ManifestWriter
from dokuwiki_data.exports.media import copy_media, jpeg_titles, shown_media
from dokuwiki_data.exports.old_states import OldStates, StateWriter, read_states
from dokuwiki_data.exports.places import Places, address
from dokuwiki_data.exports.redirects import RedirectRule, redirect_files, redirects
from dokuwiki_data.exports.survey import Run, Survey, exported_wiki, survey
from dokuwiki_data.exports.target import (
    DocumentTarget,
    ExportedWiki,
    HistoryTarget,
    Target,
    VerifiedTarget,
    WrittenPage,
)
from dokuwiki_data.exports.targets import find_target
from dokuwiki_data.exports.verification.comparison import ExportDifference, ExportVerifier
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.information import read_information
from dokuwiki_data.wiki.sources.files import Files, Report, lost_into
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.opening import log_notes, open_source
from dokuwiki_data.wiki.sources.overlap import refuse_folder
from dokuwiki_data.wiki.sources.source import MediaFile, PageFile, WikiSource

_log = logging.getLogger(__name__)

#: Pages with large tables often have ids next to each other. With 64 pages at a time, one of two workers wrote those of
#: a wiki for 4.7 s while the other had nothing left to do.
_FEW_PAGES = Chunks(4, SMALL_CHUNKS.bytes)


@dataclass(slots=True)
class Exported:
    """The result of an export.

    Attributes:
        pages: The number of pages.
        media: The number of media files that were copied.
        redirects: The number of redirects from old addresses.
        losses: The number of losses by kind: of what the pages do not show as DokuWiki does.
        states: The number of old states of pages.
        not_readable: The number of pages left out because the reader may not read them.
        lost: The errors of everything that could not be read.
        differences: The differences between the wiki and the written pages, if they were verified.
        commits: The number of commits that were made in git.
        not_kept: The number of changes whose content is not kept.
        too_late: The number of changes that came to light after later ones of the same page were exported to git.
        placeholders: The users whose names and addresses in git nobody gave.
    """

    pages: int = 0
    media: int = 0
    redirects: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    states: int = 0
    not_readable: int = 0
    lost: list[PageReadError] = field(default_factory=list)
    differences: list[ExportDifference] = field(default_factory=list)
    commits: int = 0
    not_kept: int = 0
    too_late: int = 0
    placeholders: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What of a wiki is written.

    Attributes:
        choice: The pages that are written.
        readable_by: A user and their ``@groups``, or ``@ALL`` for a guest; all other pages are treated as missing.
        media: One of `MEDIA_MODES`.
        old_address: The address of the old wiki, for media that are shown from there.
        syntax: How pages are read; None to use the wiki's own settings.
        verify: Whether the written pages are read back and compared with the wiki.
        revisions: Whether old states of pages and deleted pages are written, too; None for what the target does.
    """

    choice: PageChoice = field(default_factory=PageChoice)
    readable_by: tuple[str, ...] = ()
    media: str = "copy"
    old_address: str = ""
    syntax: Syntax | None = None
    verify: bool = False
    revisions: bool | None = None


def export(
    source: str | Path | WikiSource,
    folder: str | Path,
    to: str | Target = "html",
    *,
    namespaces: Iterable[str] = (),
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    readable_by: Iterable[str] = (),
    media: str = "copy",
    old_address: str = "",
    syntax: Syntax | None = None,
    verify: bool = False,
    revisions: bool | None = None,
    report: Report | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    **options: Any,
) -> Exported:
    """Write a wiki into a folder, as HTML, Markdown, or in another format, or its history as a git repository.

    ``export.json`` in the folder lists the file and the losses of every page. It is written last, so a folder without
    it contains no finished export. A second export into the same folder updates it: files of pages that no longer exist
    are removed, and files that no export wrote are never changed.

    Args:
        source: The path of a folder or an archive, or the result of `open_source`.
        folder: The folder to write to, which must not be in the folder of the wiki.
        to: The name of a target, or your own target, or ``mediawiki`` or ``git``.
        namespaces: The namespaces whose pages are written; by default all.
        include: Patterns such as ``a:*``; the id of a page must match one of them. By default all pages match.
        exclude: Patterns; pages whose id matches one of them are left out.
        readable_by: A user and their ``@groups``, or ``@ALL`` for a guest; all other pages are treated as missing.
        media: ``copy`` media files, ``link`` to those of the old wiki, or ``none``.
        old_address: The address of the old wiki, for ``link``; by default as its settings say.
        syntax: How pages are parsed; by default as the wiki's settings say.
        verify: Whether to read the written pages back and compare them with the wiki, see `Exported.differences`.
        revisions: Whether to include deleted pages, and the old states of pages in the attic; by default only in an
            export to MediaWiki.
        report: Called with the error of each file that cannot be read; by default errors are logged.
        jobs: The number of processes. With an executor, the number of tasks that it gets at a time.
        executor: An executor of `concurrent.futures` or of a cluster, which does the work instead.
        options: Options of the target; for ``html`` those of `dokuwiki_data.exports.targets.html.HtmlTarget`, for
            ``git`` those of `dokuwiki_data.exports.git.plan.GitOptions`, for ``mediawiki`` those of
            `dokuwiki_data.exports.mediawiki.exporting.MediaWikiOptions`.

    Returns:
        The numbers of what was written, the losses, errors and differences.

    Raises:
        OutputError: If the folder cannot be written or contains files of others in the way, or if the target does not
            support old states or verification that are requested.
        ValueError: If the target or ``media`` is unknown.

    Example:
        >>> import dokuwiki_data as dw
        >>> dw.export("examples/wiki", "site", search=False).pages
        33
    """
    if media not in MEDIA_MODES:
        raise ValueError(f"media must be one of {', '.join(MEDIA_MODES)}, not {media!r}")
    target = find_target(to, **options) if isinstance(to, str) and to not in WHOLE else to
    report = report or _log.warning
    if not isinstance(source, WikiSource):
        source = log_notes(open_source(Path(source), report))
    choice = PageChoice(tuple(namespaces), tuple(include), tuple(exclude))
    request = ExportRequest(choice, tuple(readable_by), media, old_address, syntax, verify, revisions)
    if target == MEDIAWIKI:
        from dokuwiki_data.exports.mediawiki.exporting import export_mediawiki, mediawiki_options

        return export_mediawiki(
            source, Path(folder), request, mediawiki_options(**options),
            report=report, say=_log.warning, jobs=lambda pages: jobs, executor=executor,
        )  # fmt: skip
    if isinstance(target, str):
        from dokuwiki_data.exports.git.exporting import HistoryExport
        from dokuwiki_data.exports.git.plan import git_options

        return HistoryExport(
            source, request, git_options(**options),
            report=report, say=_log.warning, jobs=lambda states: jobs, executor=executor,
        ).to_folder(Path(folder))  # fmt: skip
    return export_wiki(
        source, Path(folder), target, request,
        report=report, say=_log.warning, jobs=lambda pages: jobs, executor=executor,
    )  # fmt: skip


def export_wiki(
    source: WikiSource,
    root: Path,
    target: Target,
    request: ExportRequest,
    *,
    report: Report,
    say: Callable[[str], None],
    begin: Callable[[int], Callable[[int], None]] = lambda pages: lambda done: None,
    jobs: Callable[[int], int] = lambda pages: 1,
    executor: Executor | None = None,
) -> Exported:
    """Write a wiki into a folder; see `export`.

    Args:
        source: The wiki.
        root: The folder.
        target: Writes the pages.
        request: What is written.
        report: Gets what cannot be read.
        say: Gets a line about what else people should know.
        begin: Gets the number of pages before they are written, and returns what gets the number of those written.
        jobs: Returns how many processes work on so many pages.
        executor: Works instead of them.
    """
    done = Exported()
    lose = lost_into(done.lost, report)
    refuse_root(source, root)
    if request.verify and not isinstance(target, VerifiedTarget):
        raise OutputError(f"what was written for {target.name} cannot be verified")
    if request.revisions and not isinstance(target, HistoryTarget):
        raise OutputError(f"old states of pages cannot be written for {target.name}, only for html")
    if executor is not None and isinstance(target, DocumentTarget):
        raise OutputError(f"{target.name} cannot be written on a cluster, whose machines do not have the media files")
    may_read = readable(source, request.readable_by, say)
    pages = source.pages(lose)
    done.not_readable = sum(not may_read.page(file.page_id) for file in pages)
    conversion = ConversionOptions(parts=(), syntax=request.syntax, jobs=jobs(len(pages)), executor=executor)
    run = partial(convert_pages, source, report=lose, options=conversion)
    plan = _plan(source, pages, target, request, may_read, run, lose)
    # Tells before anything is written if a library is missing.
    verifier = (
        ExportVerifier(root, plan.wiki, target) if request.verify and isinstance(target, VerifiedTarget) else None
    )
    folder = OutputFolder(root, say)
    beside = dict(target.beside(plan.wiki))
    places = plan.wiki.places
    redirect_paths = redirect_files((), target.site_folder)
    folder.begin([*places.pages.values(), *places.media.values(), *plan.old.files, *beside, *redirect_paths])
    with folder.manifest() as output:
        for media_id in copy_media(plan.media_files, plan.copied, places.media, folder, lose):
            del places.media[media_id]  # as if the wiki did not have it
        manifest = ManifestWriter(output, target.name)
        if isinstance(target, DocumentTarget):
            target.begin(root)
        write = PageWriter(target, plan.wiki, folder if executor is None else None)
        advance = begin(len(plan.chosen))
        # An executor gets everything that is known of the wiki with each chunk.
        chunks = _FEW_PAGES if executor is None else SMALL_CHUNKS
        for part in run(current_states(plan.chosen), write, chunks=chunks, history=_has_history(source)):
            for page in part.output:
                write.finish(folder, page)
                if isinstance(target, DocumentTarget):
                    target.collect(page)
                manifest.add(page.page_id, places.pages[page.page_id], page.losses)
            advance(part.items)
        if isinstance(target, HistoryTarget):
            done.states = _write_states(source, target, plan, folder, 1 if executor else conversion.jobs, lose)
        moved = _redirects(source, plan.wiki, target)
        for path, content in (*beside.items(), *redirect_files(moved, target.site_folder).items()):
            folder.write(path, content)
        target.finish(folder)
        if verifier is not None:
            # The files are here, and workers of an executor may be elsewhere.
            here = replace(conversion, executor=None)
            for part in convert_pages(source, current_states(plan.chosen), verifier, report=lose, options=here):
                done.differences += part.output
            files = frozenset(places.pages.values())
            done.differences += verifier.other_files(file for file in folder.files if file not in files)
        manifest.finish(places.media, None if verifier is None else done.differences)
    done.pages, done.media, done.redirects = manifest.pages, len(places.media), len(moved)
    done.losses = manifest.losses
    return done


class _Plan(NamedTuple):
    """What is written.

    Attributes:
        chosen: The pages.
        copied: The media files that are copied, by id.
        media_files: Where they are read.
        old: The old states of pages.
        wiki: What every written page may tell of the wiki, with the places of all files.
    """

    chosen: list[PageFile]
    copied: Mapping[str, MediaFile]
    media_files: Files
    old: OldStates
    wiki: ExportedWiki


def _plan(
    source: WikiSource,
    pages: list[PageFile],
    target: Target,
    request: ExportRequest,
    may_read: Readable,
    run: Run,
    lose: Report,
) -> _Plan:
    """Look at all pages that may be read, and find a place for everything that is written."""
    found = choose(source, pages, request, may_read, run, lose, with_types=target.asks_for_types)
    old = OldStates()
    if request.revisions:
        states = all_states(source, pages, lambda page_id: page_id in request.choice and may_read.page(page_id), lose)
        old = OldStates.of(states)
    rules = target.place_rules(source.settings.link_rules.start_page)
    places = Places(rules, [*(file.page_id for file in found.pages), *old.deleted], found.copied)
    old = old.placed(places)
    wiki = exported_wiki(
        source, found.seen, places, request.syntax or source.settings.syntax,
        site_address=target.site_address, media_address=found.media_address,
        image_titles=jpeg_titles(found.media_files, found.shown), histories=old.folders,
        with_anchored=target.asks_for_headings,
    )  # fmt: skip
    return _Plan(found.pages, found.copied, found.media_files, old, wiki)


class Chosen(NamedTuple):
    """What of a wiki is written.

    Attributes:
        seen: What is known of all pages that may be read.
        pages: Those that are written.
        shown: The media files that they show, by id.
        copied: Those that are copied.
        media_files: Where media files are read.
        media_address: Where they are shown from, if they are not copied: the address of the old wiki.
    """

    seen: Survey
    pages: list[PageFile]
    shown: Mapping[str, MediaFile]
    copied: Mapping[str, MediaFile]
    media_files: Files
    media_address: str


def choose(
    source: WikiSource,
    pages: list[PageFile],
    request: ExportRequest,
    may_read: Readable,
    run: Run,
    lose: Report,
    *,
    with_types: bool = False,
) -> Chosen:
    """Look at all pages of a wiki, and return which of them, and which media files, are written."""
    files = [file for file in pages if may_read.page(file.page_id)]
    media = {name: file for name, file in source.media(lose).items() if may_read.media(name)}
    media_address = old_address_of(source, request)
    context = wiki_context(source, ("data",), lose)
    seen = survey(source, files, media if media or not media_address else None, context, run, with_types=with_types)

    chosen = [file for file in seen.files if file.page_id in request.choice]
    shown = None if request.choice.is_everything else (seen.overview.media.get(file.page_id, ()) for file in chosen)
    wanted = shown_media(media, shown) if request.media != "none" else {}
    copied = wanted if request.media == "copy" else {}
    media_files = source.files.keeping([file.path for file in wanted.values()]) if wanted else source.files
    return Chosen(seen, chosen, wanted, copied, media_files, media_address)


def _write_states(
    source: WikiSource, target: HistoryTarget, plan: _Plan, folder: OutputFolder, jobs: int, lose: Report
) -> int:
    """Write the old states of pages, and return how many there are."""
    written = 0
    parts = read_states(source, plan.old, lose)
    for count, digests in ordered(StateWriter(target, plan.wiki, folder), parts, jobs if plan.old.states else 1):
        written += count
        for path, digest in digests.items():
            folder.note(path, digest)
    return written


class PageWriter:
    """Writes pages in workers.

    Args:
        target: Makes the files.
        wiki: What they may tell of the wiki.
        folder: Where workers write the files themselves; None if workers may be elsewhere and have to send them.
    """

    def __init__(self, target: Target, wiki: ExportedWiki, folder: OutputFolder | None) -> None:
        self._target = target
        self._wiki = wiki
        self._folder = folder

    def __call__(self, pages: Iterable[ReadPage]) -> list[WrittenPage]:
        """Write pages. This is what a worker does."""
        return [self._written(self._target.page(self._wiki, read)) for read in pages]

    def _written(self, page: WrittenPage) -> WrittenPage:
        if self._folder is None:
            return page
        digests = {path: self._folder.write(path, content) for path, content in page.files.items()}
        return page._replace(files={}, digests=digests)

    @staticmethod
    def finish(folder: OutputFolder, page: WrittenPage) -> None:
        """Put into the folder what a worker did not put there, and take note of what it did."""
        for path, content in page.files.items():
            folder.write(path, content)
        for path, digest in page.digests.items():
            folder.note(path, digest)


def _has_history(source: WikiSource) -> bool:
    """Return whether the wiki says who changed pages, and when."""
    layout = source.layout
    return not layout.is_pages_only and any(is_folder(source.files, one) for one in (layout.meta, layout.attic))


def refuse_root(source: WikiSource, root: Path) -> None:
    """Raise `OutputError` for a folder in a wiki, or around the folder of one."""
    refuse_folder(source.files, root)
    place = Path(os.path.realpath(source.files.place))
    if place.is_dir() and place.is_relative_to(os.path.realpath(root)):
        raise OutputError(f"{root}: {source.files.place} is in it; the output goes into a folder of its own")


def old_address_of(source: WikiSource, request: ExportRequest) -> str:
    """Return the address of the old wiki, which ends with a slash, if media files are shown from there."""
    if request.media != "link":
        return ""
    found = request.old_address or read_information(source).url
    if not found.lower().startswith(("http://", "https://")):
        raise OutputError("media files are shown from the old wiki, whose address is needed: --old-address https://…")
    return found.rstrip("/") + "/"


def _redirects(source: WikiSource, wiki: ExportedWiki, target: Target) -> list[RedirectRule]:
    """Return the redirects from the addresses that the wiki had to those of the export."""
    pages, site = wiki.places.pages, target.site_address
    targets = {}
    for page_id, moved_to in wiki.moved.items():
        found, _, anchor = moved_to.partition("#")
        targets[page_id] = site + address(target.site_path(pages[found]), anchor) if found in pages else moved_to
    return redirects(wiki.places, targets, source.settings.text("basedir", ""), site, target.site_path)
