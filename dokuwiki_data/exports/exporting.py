"""Export a wiki: look at all pages, find a place for each, write them, and say at the end that all is there."""

from __future__ import annotations

import contextlib
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dokuwiki_data.conversion import (
    ConversionOptions,
    convert_pages,
    current_states,
    pages_in_store_order,
    wiki_context,
)
from dokuwiki_data.conversion.choice import PageChoice, readable
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.engine.query_engine import QueryEngine
from dokuwiki_data.errors import OutputError, PageReadError
from dokuwiki_data.exports import MEDIA_MODES
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.manifest import ManifestWriter
from dokuwiki_data.exports.media import copy_media, shown_media
from dokuwiki_data.exports.overview import Answers, KnownTags, Texts, WikiOverview, overviews
from dokuwiki_data.exports.places import Places, address
from dokuwiki_data.exports.redirects import redirect_files, redirects
from dokuwiki_data.exports.target import ExportedWiki, Target, WrittenPage
from dokuwiki_data.exports.targets import find_target
from dokuwiki_data.exports.verification.comparison import ExportDifference, ExportVerifier
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.information import read_information
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import log_notes, open_source
from dokuwiki_data.wiki.sources.overlap import refuse_folder
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource
from dokuwiki_data.writers.site import Site
from dokuwiki_data.writers.typography import Typography

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Exported:
    """What an export wrote.

    Attributes:
        pages: The number of pages.
        media: The number of media files that were copied.
        redirects: The number of redirects from old addresses.
        losses: How often something could not be said, by kind.
        not_readable: The number of pages left out, since the reader may not read them.
        lost: What could not be read.
        differences: Where what was written is not what the wiki says, if that was verified.
    """

    pages: int = 0
    media: int = 0
    redirects: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    not_readable: int = 0
    lost: list[PageReadError] = field(default_factory=list)
    differences: list[ExportDifference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What of a wiki is written.

    Attributes:
        choice: The pages that are written.
        readable_by: A user and his ``@groups``, or ``@ALL`` for a guest: what they may not read does not exist.
        media: One of `MEDIA_MODES`.
        old_address: The address of the old wiki, for media that are shown from there.
        syntax: How pages are read; None: as the wiki's own settings say.
        verify: Whether what was written is read back and compared.
    """

    choice: PageChoice = field(default_factory=PageChoice)
    readable_by: tuple[str, ...] = ()
    media: str = "copy"
    old_address: str = ""
    syntax: Syntax | None = None
    verify: bool = False


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
    report: Report | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    **options: Any,
) -> Exported:
    """Write a wiki into a folder, as pages of another kind.

    ``export.json`` in the folder says which file every page became and what could not be said there. It is written
    last, so a folder without it holds no finished export. A second export into the same folder updates it: files of
    pages that are gone are removed, files that no export wrote are never touched.

    Args:
        source: The path of a folder or an archive, or what `open_source` returned.
        folder: Where to write; it may not be in the folder of the wiki.
        to: The name of a target, or one of your own.
        namespaces: If given, only pages in these are written.
        include: If given, only pages are written whose id fits one of these patterns, such as ``a:*``.
        exclude: Pages whose id fits one of these are not written.
        readable_by: A user and his ``@groups``, or ``@ALL`` for a guest: what they may not read does not exist.
        media: ``copy`` media files, ``link`` to those of the old wiki, or ``none``.
        old_address: The address of the old wiki, for ``link``; what its settings say, if not given.
        syntax: How pages are read; as the wiki's own settings say, if not given.
        verify: Whether what was written is read back and compared with the pages; see `Exported.differences`.
        report: Gets what cannot be read; by default it goes into the log.
        jobs: The number of processes that work.
        executor: One of `concurrent.futures` or of a cluster, which works instead; ``jobs`` is how much it gets at a
            time.
        options: Options of the target; for ``html`` those of `dokuwiki_data.exports.targets.html.HtmlTarget`.

    Returns:
        What was written.

    Raises:
        OutputError: If the folder cannot be written, or holds files in the way that no export wrote.
        ValueError: For a target that does not exist, or ``media`` that is none of the three.

    Example:
        >>> import dokuwiki_data as dw
        >>> dw.export("examples/wiki", "site", search=False).pages
        33
    """
    if media not in MEDIA_MODES:
        raise ValueError(f"media is one of {', '.join(MEDIA_MODES)}, not {media!r}")
    target = find_target(to, **options) if isinstance(to, str) else to
    report = report or _log.warning
    if not isinstance(source, WikiSource):
        source = log_notes(open_source(Path(source), report))
    choice = PageChoice(tuple(namespaces), tuple(include), tuple(exclude))
    request = ExportRequest(choice, tuple(readable_by), media, old_address, syntax, verify)
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

    def lose(error: PageReadError) -> None:
        if all(str(error) != str(other) for other in done.lost):
            done.lost.append(error)
            report(error)

    _refuse(source, root)
    may_read = readable(source, request.readable_by, say)
    found = source.pages(lose)
    files = [file for file in found if may_read.page(file.page_id)]
    done.not_readable = len(found) - len(files)
    all_media = {name: file for name, file in source.media(lose).items() if may_read.media(name)}
    media_address = _old_address(source, request)
    conversion = ConversionOptions(parts=(), syntax=request.syntax, jobs=jobs(len(files)), executor=executor)
    run = partial(convert_pages, source, report=lose, options=conversion)

    # The first look, at all pages that the reader may read.
    context = wiki_context(source, ("data",), lose)
    known_media = all_media if all_media or not media_address else None
    around = _links(source, files, known_media)
    overview = WikiOverview()
    states = current_states(pages_in_store_order(source, files))
    seen = (page for part in run(states, partial(overviews, around)) for page in part.output)
    answers = Answers(QueryEngine(overview.read(seen), source.is_listed), context)
    files = [file for file in files if file.page_id in overview.titles]
    around = _links(source, files, known_media)

    # A place for all that is written.
    choice = request.choice
    chosen = [file for file in files if file.page_id in choice]
    shown = None if choice.is_everything else (overview.media.get(file.page_id, ()) for file in chosen)
    copied = shown_media(all_media, shown) if request.media == "copy" else {}
    rules = target.place_rules(source.settings.link_rules.start_page)
    places = Places(rules, (file.page_id for file in chosen), copied)
    texts = Texts(dict(_texts(source, files, overview, places)), request.syntax or source.settings.syntax)
    wiki = _exported_wiki(source, places, overview, answers, around, texts, media_address)
    old = redirects(places, dict(_redirect_targets(overview, places)), source.settings.text("basedir", ""))
    beside = {**dict(target.beside(wiki)), **{path: text.encode() for path, text in redirect_files(old).items()}}

    folder = OutputFolder(root, say)
    folder.begin([*places.pages.values(), *places.media.values(), *beside])
    advance = begin(len(chosen))
    with folder.manifest() as output:
        manifest = ManifestWriter(output, target.name)
        for part in run(current_states(chosen), partial(write_pages, target, wiki), history=True):
            for page in part.output:
                for path, content in page.files.items():
                    folder.write(path, content)
                manifest.add(page.page_id, places.pages[page.page_id], page.losses)
            advance(part.items)
        media = copy_media(source, copied, places.media, folder, lose)
        for path, content in beside.items():
            folder.write(path, content)
        target.finish(folder)
        manifest.finish(media)
    done.pages, done.media, done.redirects, done.losses = manifest.pages, len(media), len(old), manifest.losses
    if request.verify:
        verifier = ExportVerifier(root, wiki)
        # The files are here, and workers of an executor may be elsewhere.
        here = replace(conversion, executor=None)
        for part in convert_pages(source, current_states(chosen), verifier, report=lose, options=here):
            done.differences += part.output
        pages = frozenset(places.pages.values())
        done.differences += verifier.other_files(file for file in folder.files if file not in pages)
    return done


def write_pages(target: Target, wiki: ExportedWiki, pages: Iterable[ReadPage]) -> list[WrittenPage]:
    """Return the files of pages. This is what a worker does."""
    return [target.page(wiki, read) for read in pages]


def _refuse(source: WikiSource, root: Path) -> None:
    """Raise `OutputError` for a folder in a wiki, or around the folder of one."""
    refuse_folder(source.files, root)
    place = Path(os.path.realpath(source.files.place))
    if place.is_dir() and place.is_relative_to(os.path.realpath(root)):
        raise OutputError(f"{root}: {source.files.place} is in it; an export goes into a folder of its own")


def _old_address(source: WikiSource, request: ExportRequest) -> str:
    """Return the address of the old wiki, which ends with a slash, if media files are shown from there."""
    if request.media != "link":
        return ""
    found = request.old_address or read_information(source).url
    if not found.lower().startswith(("http://", "https://")):
        raise OutputError("media files are shown from the old wiki, whose address is needed: --old-address https://…")
    return found.rstrip("/") + "/"


def _links(source: WikiSource, files: Iterable[PageFile], media: Iterable[str] | None) -> LinkContext:
    media_ids = None if media is None else frozenset(media)
    return source.settings.link_context(frozenset(file.page_id for file in files), media_ids)


def _texts(
    source: WikiSource, files: Iterable[PageFile], overview: WikiOverview, places: Places
) -> Iterator[tuple[str, str]]:
    """Iterate over the texts of pages that others show as part of themselves: included ones, and sidebars."""
    wanted = overview.included([*places.pages, *overview.sidebars(_sidebar(source))])
    wanted.update(overview.sidebars(_sidebar(source)))
    for file in files:
        if file.page_id in wanted:
            with contextlib.suppress(PageReadError):  # it was read a moment ago
                yield file.page_id, source.read(file.path).decode("utf-8", "surrogateescape")


def _sidebar(source: WikiSource) -> str:
    return source.settings.text("sidebar", "sidebar")


def _exported_wiki(
    source: WikiSource,
    places: Places,
    overview: WikiOverview,
    answers: Answers,
    around: LinkContext,
    texts: Texts,
    media_address: str,
) -> ExportedWiki:
    settings = source.settings
    site = Site(
        links=around,
        schemes=frozenset(map(str.lower, settings.syntax.names("schemes"))),
        settings=settings,
        syntax=settings.syntax,
        typography=Typography.of(settings),
        context=answers.context,
        use_heading=answers.context.useheading,
        page_of=texts,
        # A page without a heading has its id for a title, which is not shown in links.
        title_of={page_id: title for page_id, title in overview.titles.items() if title != page_id}.get,
        answer=answers,
        tags_of_pages=KnownTags(overview.tags),
    )
    backlinks = {
        page_id: [one for one in pages if one in places.pages]
        for page_id, pages in overview.backlinks().items()
        if page_id in places.pages
    }
    titles = {page_id: overview.titles[page_id] for page_id in places.pages}
    return ExportedWiki(read_information(source), site, places, titles, backlinks, _sidebar(source), media_address)


def _redirect_targets(overview: WikiOverview, places: Places) -> Iterator[tuple[str, str]]:
    """Iterate over the pages that lead on to another page or address, each with the new address."""
    for page_id in sorted(overview.redirects):
        found = overview.redirect_of(page_id)
        target, _, anchor = found.partition("#")
        if page_id not in places.pages:
            continue
        if "://" in found:
            yield page_id, quote(found.encode("utf-8", "replace"), safe="%/:?#[]@!$&'()+*,;=~")
        elif target in places.pages:
            yield page_id, f"/{address(places.pages[target], anchor)}"
