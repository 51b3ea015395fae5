"""The chapter about the wiki as a whole: how much there is, in which namespaces, its settings, and how it grew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.reports.chapters.growth import Growth, growth
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportPlot, ReportTable, Value
from dokuwiki_data.reports.subject import ChapterMaker, PageSize, ReportedWiki, sees_size
from dokuwiki_data.wiki.settings import USED_SETTINGS

#: The most namespaces in the map; the others are counted together.
_MOST_ON_MAP = 60
_OTHERS = "(others)"
_ROOT = "(root)"
#: The most users in the table of authors.
_MOST_AUTHORS = 100


@dataclass(slots=True)
class _Namespace:
    """What is directly in a namespace."""

    pages: int = 0
    bytes: int = 0
    words: int = 0
    media: int = 0
    media_bytes: int = 0
    changed: int | None = None

    @property
    def row(self) -> tuple[Value, ...]:
        return self.pages, self.bytes, self.words, self.media, self.media_bytes, self.changed


def _make(wiki: ReportedWiki, seen: Mapping[str, PageSize]) -> ReportChapter:
    namespaces = _namespaces(wiki, seen)
    grown = growth(wiki)
    source = wiki.source
    return ReportChapter(
        "wiki",
        "The wiki",
        "How much there is in this wiki, where it is, how old it is, and who writes it. Pages and media files count in "
        "the namespace in which they are, not in those above.",
        figures=(
            ReportFigure("title", "Name", wiki.information.name or None, "text"),
            ReportFigure("kind", "What was read", str(source.layout), "text"),
            ReportFigure("release", "Release of DokuWiki", source.settings.version.strip() or None, "text"),
            ReportFigure("read_as", "Read by the rules of the release", source.settings.syntax.release, "text"),
            ReportFigure("pages", "Pages", len(wiki.files)),
            ReportFigure("bytes", "Size of the pages", sum(size.bytes for size in seen.values()), "bytes"),
            ReportFigure("words", "Words of the pages", sum(size.words for size in seen.values())),
            ReportFigure("namespaces", "Namespaces", len(namespaces) - 1),
            ReportFigure("media", "Media files", None if wiki.media is None else len(wiki.media)),
            ReportFigure("media_bytes", "Size of the media files", _media_bytes(wiki), "bytes"),
            *grown.figures,
        ),
        plots=(*grown.plots, *_maps(namespaces)),
        tables=(
            ReportTable(
                "namespaces",
                "Namespaces",
                "What is directly in each namespace.",
                (
                    ReportColumn("namespace", "Namespace", "code"),
                    ReportColumn("pages", "Pages", "number"),
                    ReportColumn("bytes", "Size", "bytes"),
                    ReportColumn("words", "Words", "number"),
                    ReportColumn("media", "Media files", "number"),
                    ReportColumn("media_bytes", "Their size", "bytes"),
                    ReportColumn("changed", "Last change", "time"),
                ),
                tuple((name or _ROOT, *namespace.row) for name, namespace in sorted(namespaces.items())),
            ),
            _authors(grown),
            ReportTable(
                "settings",
                "Settings",
                "The settings of the wiki that decide how its pages are read. DokuWiki's defaults apply to others.",
                (ReportColumn("setting", "Setting", "code"), ReportColumn("value", "Value", "code")),
                tuple(
                    (name, str(value))
                    for name, value in sorted(source.settings.values.items())
                    if name in USED_SETTINGS
                ),
            ),
        ),
    )


def _namespaces(wiki: ReportedWiki, seen: Mapping[str, PageSize]) -> dict[str, _Namespace]:
    found = {name: _Namespace() for name in wiki.namespaces()}
    for page_id in wiki.files:
        namespace = found[namespace_of(page_id)]
        namespace.pages += 1
        size = seen.get(page_id, PageSize(0, 0))
        namespace.bytes += size.bytes
        namespace.words += size.words
        if (changed := wiki.changed.get(page_id)) is not None:
            namespace.changed = max(namespace.changed or changed, changed)
    for media_id, media in (wiki.media or {}).items():
        namespace = found[namespace_of(media_id)]
        namespace.media += 1
        namespace.media_bytes += media.size or 0
    return found


def _media_bytes(wiki: ReportedWiki) -> int | None:
    return None if wiki.media is None else sum(file.size or 0 for file in wiki.media.values())


def _maps(namespaces: Mapping[str, _Namespace]) -> Iterator[ReportPlot]:
    """Yield the namespaces as maps, with the smallest ones together."""
    for name, title, about, type_ in (
        ("namespace_pages", "Pages by namespace", "The pages that are directly in each namespace.", "number"),
        ("namespace_bytes", "Size by namespace", "The size of the pages directly in each namespace.", "bytes"),
    ):
        sizes = {
            label or _ROOT: one.pages if type_ == "number" else one.bytes for label, one in sorted(namespaces.items())
        }
        kept = sorted((label for label, size in sizes.items() if size), key=lambda label: (-sizes[label], label))
        rest = sum(sizes[label] for label in kept[_MOST_ON_MAP:])
        labels = [*kept[:_MOST_ON_MAP], *([_OTHERS] if rest else [])]
        numbers = [float(sizes[label]) for label in kept[:_MOST_ON_MAP]] + ([float(rest)] if rest else [])
        if labels:
            yield ReportPlot(
                name, title, about, "map", tuple(labels), {title: tuple(numbers)},
                "number" if type_ == "number" else "bytes",
            )  # fmt: skip


def _authors(grown: Growth) -> ReportTable:
    edits = Counter({name: author.edits for name, author in grown.authors.items()})
    return ReportTable(
        "authors",
        "Authors",
        f"The users with most edits, {_MOST_AUTHORS} at most. Edits of people who were not logged in are counted "
        "together.",
        (
            ReportColumn("author", "Author"),
            ReportColumn("edits", "Edits", "number"),
            ReportColumn("pages", "Pages", "number"),
            ReportColumn("first", "First edit", "time"),
            ReportColumn("last", "Last edit", "time"),
        ),
        tuple(
            (name or "(not logged in)", author.edits, len(author.pages), author.first, author.last)
            for name in sorted(edits, key=lambda name: (-edits[name], name))[:_MOST_AUTHORS]
            for author in [grown.authors[name]]
        ),
    )


WIKI = ChapterMaker("wiki", (), _make, sees_size)
