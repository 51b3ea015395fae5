"""Make a report about a wiki: look at each page once, in workers, and let each chapter tell what was seen."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from dokuwiki_data.conversion import ConversionOptions, convert_pages, current_states, pages_in_store_order
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.errors import DokuWikiDataError, PageReadError, StoreError
from dokuwiki_data.exports.exporting import refuse_root
from dokuwiki_data.exports.folder import FolderKind, OutputFolder
from dokuwiki_data.exports.manifest import Verification, read_verification
from dokuwiki_data.ids import is_hidden
from dokuwiki_data.reports.chapters import CHAPTERS
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportTable, WikiReport
from dokuwiki_data.reports.html import html_files
from dokuwiki_data.reports.loss_groups import check_targets
from dokuwiki_data.reports.page_texts import page_texts, without_secrets
from dokuwiki_data.reports.record import FORMAT, report_json
from dokuwiki_data.reports.subject import ChapterMaker, PageSetting, ReportedWiki, SeenPage
from dokuwiki_data.wiki.information import read_information
from dokuwiki_data.wiki.sources.files import Report, lost_into
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.store import read_aliases

#: The file of a report that has everything; it is written last.
REPORT_FILE = "report.json"
REPORT_FOLDER = FolderKind(".dokuwiki-data-report", REPORT_FILE, FORMAT, "a report")

#: What a report is written as: pages of HTML and `REPORT_FILE`, or this file alone.
ReportFormat = Literal["html", "json"]

#: The names of all tables of findings.
FINDINGS = tuple(name for chapter in CHAPTERS for name in chapter.findings)


def check_findings(names: Iterable[str]) -> None:
    """Raise `DokuWikiDataError` if a name is not that of a table of findings."""
    for name in names:
        if name not in FINDINGS:
            raise DokuWikiDataError(f"no findings are called {name!r}; known: {', '.join(FINDINGS)}")


def report_wiki(
    source: WikiSource,
    *,
    targets: Collection[str] | None = None,
    verified: Path | None = None,
    chapters: Iterable[ChapterMaker] = CHAPTERS,
    made: int | None = None,
    report: Report = lambda error: None,
    begin: Callable[[int], Callable[[int], None]] = lambda pages: lambda done: None,
    jobs: Callable[[int], int] = lambda pages: 1,
) -> WikiReport:
    """Return a report about a wiki.

    Args:
        source: The wiki.
        targets: The names of the targets of an export that the report tells the losses of; None for all.
        verified: The folder of an export that was verified, or its ``export.json``.
        chapters: The chapters.
        made: When the report is made, in Unix seconds; by default now.
        report: Called with the error of everything that cannot be read.
        begin: Gets the number of pages before they are read, and returns what gets the number of those read.
        jobs: Returns how many processes work on so many pages.

    Raises:
        DokuWikiDataError: If a target is unknown, or the account of the export that was verified cannot be read.
        WorkerError: If a worker died.
    """
    check_targets(targets or ())
    verification = None if verified is None else read_verification(verified)
    if verification is not None:
        check_targets((verification.target,))
    makers = list(chapters)
    wiki = _opened(source, targets, verification, made, report, jobs)
    seen: list[dict[str, Any]] = [{} for _ in makers]
    look = partial(_look_at, [maker.look for maker in makers], wiki.setting)
    options = ConversionOptions(parts=(), jobs=wiki.jobs)
    states = current_states(pages_in_store_order(source, list(wiki.files.values())))
    advance = begin(len(states))
    for part in convert_pages(source, states, look, wiki.lose, options):
        for page_id, facts in part.output:
            for known, fact in zip(seen, facts, strict=True):
                if fact:
                    known[page_id] = fact
        advance(part.items)
    made_chapters = (maker.make(wiki, known) for maker, known in zip(makers, seen, strict=True))
    return WikiReport(wiki.information.name, wiki.made, tuple(map(_masked, made_chapters)))


def write_report(
    source: WikiSource,
    report: WikiReport,
    root: Path,
    *,
    format: ReportFormat = "html",
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Write a report into a folder of its own.

    A second report replaces the files of the first. Files that no report wrote are never changed.

    Args:
        source: The wiki, in whose folder nothing is written.
        report: The report, which becomes `REPORT_FILE`.
        root: The folder.
        format: Whether there are pages of HTML beside that file.
        say: Gets a line about every file that is left although it is no longer part of the report.

    Raises:
        MissingExtraError: If a library of the extra ``report`` is not installed, which HTML needs.
        OutputError: If the folder cannot be written, or contains files of others in the way.
    """
    refuse_root(source, root)
    files = dict(html_files(report, page_texts(source))) if format == "html" else {}
    folder = OutputFolder(root, say, REPORT_FOLDER)
    folder.begin(list(files))
    with folder.manifest() as output:
        for path, content in files.items():
            folder.write(path, content)
        output.writelines(report_json(report))


def _masked(chapter: ReportChapter) -> ReportChapter:
    """Return a chapter without passwords and mail addresses, whatever texts of pages it tells."""
    return replace(chapter, tables=tuple(map(_masked_table, chapter.tables)))


def _masked_table(table: ReportTable) -> ReportTable:
    texts = frozenset(at for at, column in enumerate(table.columns) if column.type in ("text", "code"))
    rows = (
        tuple(
            [
                without_secrets(value) if at in texts and isinstance(value, str) else value
                for at, value in enumerate(row)
            ]
        )
        for row in table.rows
    )
    return replace(table, columns=tuple(_masked_columns(table.columns)), rows=tuple(rows))


def _masked_columns(columns: Iterable[ReportColumn]) -> Iterator[ReportColumn]:
    """Yield columns with other names if these are mail addresses, as names of users may be; no two have the same."""
    same: Counter[str] = Counter()
    for column in columns:
        name = without_secrets(column.name)
        same[name] += 1
        number = f" ({same[name]})" if same[name] > 1 else ""
        yield ReportColumn(f"{name}{number}", f"{without_secrets(column.title)}{number}", column.type)


def _look_at(
    looks: list[Callable[[SeenPage], Any]], setting: PageSetting, pages: Iterable[ReadPage]
) -> list[tuple[str, list[Any]]]:
    """Return what each chapter wants to know of pages. This is what a worker does."""
    found = []
    for read in pages:
        seen = SeenPage(read.page, setting)
        found.append((seen.page_id, [look(seen) for look in looks]))
    return found


def _opened(
    source: WikiSource,
    targets: Collection[str] | None,
    verified: Verification | None,
    made: int | None,
    report: Report,
    jobs: Callable[[int], int],
) -> ReportedWiki:
    """Return what is known of a wiki before its pages are read."""
    lost: list[PageReadError] = []
    lose = lost_into(lost, report)
    made = int(time.time()) if made is None else made
    today = datetime.fromtimestamp(made, UTC).date()
    files = {file.page_id: file for file in source.pages(lose)}
    has_media = not source.layout.is_pages_only and is_folder(source.files, source.layout.media)
    media = source.media(lose) if has_media else None
    try:
        context = source.settings.context(read_aliases(source), today=today)
    except StoreError as error:
        lose(PageReadError(source.files.place, f"the type aliases are not known: {error}"))
        context = source.settings.context(today=today)
    links = source.settings.link_context(frozenset(files), None if media is None else frozenset(media))
    return ReportedWiki(
        source=source,
        files=files,
        media=None if media is None else {name: file for name, file in media.items() if not is_hidden(name)},
        information=read_information(source),
        setting=PageSetting(
            links,
            source.settings.syntax,
            context,
            source.is_listed,
            frozenset(media_id.rpartition(":")[2] for media_id in media or ()),
        ),
        made=made,
        today=today,
        targets=None if targets is None else tuple(targets),
        verified=verified,
        jobs=jobs(len(files)),
        lost=lost,
        lose=lose,
    )
