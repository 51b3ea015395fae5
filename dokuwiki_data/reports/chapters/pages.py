"""The chapter about pages: the largest and the oldest ones, empty ones, and those that DokuWiki's search leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dokuwiki_data.ids import why_unlisted
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportTable, Value
from dokuwiki_data.reports.subject import ChapterMaker, PageSize, ReportedWiki, sees_size

#: The most pages in the tables of the largest and the oldest ones.
_MOST = 100

_PAGE = ReportColumn("page", "Page", "page")
_SIZE = ReportColumn("bytes", "Size", "bytes")
_WORDS = ReportColumn("words", "Words", "number")
_CHANGED = ReportColumn("changed", "Last change", "time")


def _make(wiki: ReportedWiki, seen: Mapping[str, PageSize]) -> ReportChapter:
    changed = wiki.changed
    largest = sorted(seen, key=lambda page_id: (-seen[page_id].bytes, page_id))[:_MOST]
    dated = sorted((time, page_id) for page_id, time in changed.items())
    empty = [page_id for page_id, size in sorted(seen.items()) if not size.words]
    unlisted = list(_unlisted(wiki))
    lost = tuple((str(error.path), error.reason) for error in wiki.lost)
    return ReportChapter(
        "pages",
        "Pages",
        "The largest and the oldest pages, and pages that need a look: empty ones, those that no list of DokuWiki "
        "shows, and files that could not be read.",
        figures=(
            ReportFigure("empty", "Empty pages", len(empty)),
            ReportFigure("unlisted", "Pages in no list", len(unlisted)),
            ReportFigure("unreadable", "Files that could not be read", len(lost)),
        ),
        tables=(
            ReportTable(
                "largest_pages",
                "Largest pages",
                f"The largest pages, {_MOST} at most. Words are those of the source, with its markup.",
                (_PAGE, _SIZE, _WORDS, _CHANGED),
                tuple((page_id, *seen[page_id], changed.get(page_id)) for page_id in largest),
            ),
            ReportTable(
                "oldest_pages",
                "Oldest pages",
                f"The pages that were not changed for the longest time, {_MOST} at most. They may be out of date.",
                (_PAGE, _CHANGED, _SIZE),
                tuple(
                    (page_id, time, seen[page_id].bytes if page_id in seen else None) for time, page_id in dated[:_MOST]
                ),
            ),
            ReportTable(
                "empty_pages",
                "Empty pages",
                "Pages without a word. DokuWiki deletes a page that is saved empty, so these were made in another way.",
                (_PAGE, _SIZE, _CHANGED),
                tuple((page_id, seen[page_id].bytes, changed.get(page_id)) for page_id in empty),
                is_finding=True,
            ),
            ReportTable(
                "unlisted_pages",
                "Pages in no list",
                "Pages that DokuWiki's search, index and queries leave out because of their names. Rename what should "
                "be found; templates such as _template are meant to be hidden.",
                (_PAGE, ReportColumn("reason", "Reason")),
                tuple(unlisted),
                is_finding=True,
            ),
            ReportTable(
                "unreadable",
                "Files that could not be read",
                "Nothing in this report counts what is in these files.",
                (ReportColumn("file", "File", "code"), ReportColumn("reason", "Reason")),
                lost,
                is_finding=True,
            ),
        ),
    )


def _unlisted(wiki: ReportedWiki) -> Iterator[tuple[Value, ...]]:
    for page_id in sorted(wiki.files):
        if not wiki.setting.is_listed(page_id):
            yield page_id, why_unlisted(page_id)


PAGES = ChapterMaker("pages", ("empty_pages", "unlisted_pages", "unreadable"), _make, sees_size)
