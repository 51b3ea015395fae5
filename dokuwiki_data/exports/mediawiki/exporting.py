"""Export a wiki for MediaWiki: all revisions of its pages as dumps, its media files, and the settings for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.conversion import ConversionOptions, convert_pages
from dokuwiki_data.conversion.choice import readable
from dokuwiki_data.conversion.executors import ordered
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import TITLE_MODES
from dokuwiki_data.exports.exporting import Chosen, Exported, ExportRequest, choose, refuse_root
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.manifest import ManifestWriter
from dokuwiki_data.exports.media import copy_media, jpeg_titles
from dokuwiki_data.exports.mediawiki.beside import DELETED_LIST, MAIN_PAGE, SETTINGS, main_page, settings
from dokuwiki_data.exports.mediawiki.dump import DumpWriter, head
from dokuwiki_data.exports.mediawiki.revisions import RevisionMaker, Revisions, by_page, read_states
from dokuwiki_data.exports.mediawiki.titles import (
    FILES_FOLDER,
    WikiTitles,
    file_names,
    namespace_numbers,
    page_titles,
)
from dokuwiki_data.exports.places import PlaceRules, Places
from dokuwiki_data.exports.redirects import RedirectRule, redirect_files, redirects
from dokuwiki_data.exports.survey import exported_wiki
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.wiki.sources.files import Report, lost_into
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource
from dokuwiki_data.wiki.timeline import Effect, WikiEvent, timeline
from dokuwiki_data.writers.mediawiki.titles import TitleRules

#: The path of MediaWiki's pages on a server where nobody made it shorter.
_SCRIPT = "/index.php/"
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class MediaWikiOptions:
    """How a wiki is written for MediaWiki.

    Attributes:
        titles: What becomes of namespaces: with ``subpages`` the page ``a:b:c`` is ``A/b/c``, with ``namespaces`` it is
            ``A:B/c`` in a namespace of MediaWiki.
        red_links: Whether links to missing pages are kept, which MediaWiki shows in red; else they are text.
        piece_size: The size of a piece of the dump in MiB.
        site_address: The address of MediaWiki's pages, or their path on the server, where redirects lead.
    """

    titles: str = TITLE_MODES[0]
    red_links: bool = False
    piece_size: int = 100
    site_address: str = _SCRIPT

    def __post_init__(self) -> None:
        if self.titles not in TITLE_MODES:
            raise OutputError(f"titles are one of {', '.join(TITLE_MODES)}, not {self.titles!r}")
        if self.piece_size < 1:
            raise OutputError("a piece of a dump has at least one MiB")


def mediawiki_options(**options: Any) -> MediaWikiOptions:
    """Return options given by name. Raises `OutputError` for one that is unknown."""
    unknown = [name for name in options if name not in MediaWikiOptions.__slots__]
    if unknown:
        raise OutputError(f"an export to mediawiki has no option {unknown[0].replace('_', '-')}")
    return MediaWikiOptions(**options)


def export_mediawiki(
    source: WikiSource,
    root: Path,
    request: ExportRequest,
    options: MediaWikiOptions,
    *,
    report: Report,
    say: Callable[[str], None],
    begin: Callable[[int], Callable[[int], None]] = lambda pages: lambda done: None,
    jobs: Callable[[int], int] = lambda pages: 1,
    executor: Executor | None = None,
) -> Exported:
    """Write a wiki into a folder, for MediaWiki.

    Args:
        source: The wiki.
        root: The folder.
        request: What is written; old states and deleted pages are, unless they are refused.
        options: How it is written.
        report: Called with the error of what cannot be read.
        say: Called with a line about what else people should know.
        begin: Called with the number of pages before they are written; what it returns, with the number of those done.
        jobs: Returns how many processes work on so many pages.
        executor: Works instead of them.

    Raises:
        OutputError: If the folder cannot be written or contains files of others in the way.
    """
    done = Exported()
    lose = lost_into(done.lost, report)
    refuse_root(source, root)
    if request.verify:
        raise OutputError("what was written for mediawiki cannot be verified")
    may_read = readable(source, request.readable_by, say)
    files = source.pages(lose)
    done.not_readable = sum(not may_read.page(file.page_id) for file in files)
    conversion = ConversionOptions(parts=(), syntax=request.syntax, jobs=jobs(len(files)), executor=executor)
    run = partial(convert_pages, source, report=lose, options=conversion)
    chosen = choose(source, files, request, may_read, run, lose)

    plan = _plan(source, chosen, request, options, may_read.page, lose)
    done.not_kept = plan.not_kept

    folder = OutputFolder(root, say)
    folder.begin([*plan.wiki.places.media.values(), *plan.beside, *redirect_files(())])
    with folder.manifest() as output:
        for media_id in copy_media(chosen.media_files, chosen.copied, plan.wiki.places.media, folder, lose):
            del plan.wiki.places.media[media_id]  # as if the wiki did not have it
            del plan.names[media_id]
        manifest = ManifestWriter(output, "mediawiki")
        titles = WikiTitles(plan.wiki.places.pages, plan.names, plan.rules, options.red_links, chosen.media_address)
        advance = begin(len(plan.histories))
        states = read_states(source, plan.histories, lose)
        made = ordered(RevisionMaker(plan.wiki, titles), states, conversion.jobs, executor)
        written = _write_dumps(made, plan, folder, options.piece_size * _MIB, manifest, advance)
        moved = _redirects(source, plan, options.site_address)
        for path, content in (*plan.beside.items(), *redirect_files(moved).items()):
            folder.write(path, content)
        manifest.finish(plan.wiki.places.media)
    done.pages, done.media, done.redirects = manifest.pages, len(plan.wiki.places.media), len(moved)
    done.states, done.losses = written - manifest.pages, manifest.losses
    return done


class _Plan(NamedTuple):
    """What is written.

    Attributes:
        wiki: What pages may tell of the wiki, with the titles of pages in place of their files.
        histories: The changes of each page, by id: those of the pages of today first.
        rules: How titles are made.
        titles: The titles of all these pages.
        names: The names of the media files, by id.
        namespaces: The numbers of the wiki's own namespaces, by name.
        head: The beginning of each dump.
        beside: The files beside the dumps, by path.
        not_kept: The number of changes whose text is not kept.
    """

    wiki: ExportedWiki
    histories: Mapping[str, Sequence[WikiEvent]]
    rules: TitleRules
    titles: Mapping[str, str]
    names: dict[str, str]
    namespaces: Mapping[str, int]
    head: str
    beside: Mapping[str, bytes]
    not_kept: int


def _plan(
    source: WikiSource,
    chosen: Chosen,
    request: ExportRequest,
    options: MediaWikiOptions,
    may_read: Callable[[str], bool],
    lose: Report,
) -> _Plan:
    """Find all revisions, and a title or name for every page and media file."""
    rules = TitleRules(options.titles)
    events = timeline(
        source, lose,
        is_wanted_page=lambda page_id: page_id in request.choice and may_read(page_id),
        is_wanted_media=lambda media_id: False,
    )  # fmt: skip
    histories = _histories(events, chosen.pages, request)
    today = [file.page_id for file in chosen.pages]
    gone = [page_id for page_id in histories if page_id not in frozenset(today)]
    titles, names = page_titles([*today, *gone], rules), file_names(chosen.copied)
    places = Places(PlaceRules())
    places.pages = {page_id: titles[page_id] for page_id in today}
    places.media = {media_id: FILES_FOLDER + name for media_id, name in names.items()}
    wiki = exported_wiki(
        source, chosen.seen, places, request.syntax or source.settings.syntax,
        site_address=options.site_address, media_address=chosen.media_address,
        image_titles=jpeg_titles(chosen.media_files, chosen.shown), histories={},
    )  # fmt: skip
    numbers = namespace_numbers(titles, rules)
    known = wiki.information
    beginning = head(known.name or "Wiki", known.url, known.language or "en", numbers)
    first = places.pages.get(source.settings.link_rules.start_page)
    beside = {SETTINGS: settings(numbers, (name.rpartition(".")[2] for name in names.values() if "." in name))}
    if first is not None:
        beside[MAIN_PAGE] = main_page(beginning, first)
    if gone:
        beside[DELETED_LIST] = "".join(f"{titles[page_id]}\n" for page_id in gone)
    encoded = {path: text.encode("utf-8", "replace") for path, text in beside.items()}
    not_kept = sum(event.effect is Effect.NOT_KEPT for event in events)
    return _Plan(wiki, histories, rules, titles, names, numbers, beginning, encoded, not_kept)


def _histories(
    events: Sequence[WikiEvent], today: Sequence[PageFile], request: ExportRequest
) -> dict[str, Sequence[WikiEvent]]:
    """Return the changes that are written of each page, by id: those of the pages of today first."""
    found = by_page(events)
    current: dict[str, Sequence[WikiEvent]] = {}
    for file in today:
        if its := found.pop(file.page_id, []):
            # The page itself is surely there; its copy in the attic may be damaged.
            its[-1] = its[-1]._replace(path=file.path, is_old=False)
            current[file.page_id] = its
    if request.revisions is False:
        return {page_id: its[-1:] for page_id, its in current.items()}
    return {**current, **dict(sorted(found.items()))}


def _write_dumps(
    made: Iterable[Revisions],
    plan: _Plan,
    folder: OutputFolder,
    most: int,
    manifest: ManifestWriter,
    advance: Callable[[int], None],
) -> int:
    """Write the revisions of all pages, and return their number: those of deleted pages into dumps of their own."""
    rules, before = plan.rules, ""
    with (
        DumpWriter("pages", folder.writing, plan.head, most) as pages,
        DumpWriter("deleted", folder.writing, plan.head, most) as deleted,
    ):
        for part in made:
            is_there = part.page_id in plan.wiki.places.pages
            dump = pages if is_there else deleted
            if part.page_id != before:
                before = part.page_id
                dump.page(plan.titles[part.page_id], plan.namespaces.get(rules.namespace(part.page_id), 0))
            for one in part.revisions:
                dump.revision(one)
            if part.is_end and is_there:
                manifest.add_told(part.page_id, "", part.losses, plan.titles[part.page_id])
            advance(part.is_end)
    return pages.revisions + deleted.revisions


def _redirects(source: WikiSource, plan: _Plan, site: str) -> list[RedirectRule]:
    """Return the redirects from the addresses that the wiki had to those of MediaWiki."""
    there = Places(PlaceRules())
    there.pages = {page_id: title.replace(" ", "_") for page_id, title in plan.wiki.places.pages.items()}
    there.media = {media_id: f"Special:Redirect/file/{name}" for media_id, name in plan.names.items()}
    return redirects(there, {}, source.settings.text("basedir", ""), site.rstrip("/") + "/")
