"""The chapter about media files: missing ones, those that no page uses, and those that are there more than once."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.exports.media import opened_media
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.reports.chapters.likely import LikelyNames
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportPlace, ReportTable, Value
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki, SeenPage
from dokuwiki_data.wiki.links import resolve_media
from dokuwiki_data.wiki.sources.source import MediaFile

#: Files that templates of DokuWiki show, by their ids.
_OF_TEMPLATES = frozenset(
    f"{namespace}{name}"
    for namespace in ("", "wiki:")
    for name in ("logo.png", "logo.svg", "favicon.ico", "favicon.png", "favicon.svg", "apple-touch-icon.png")
)
_WORD = re.compile(r"[\w.\-]+")
_PIECE = 1 << 20

_MEDIA = ReportColumn("media", "File", "media")
_SIZE = ReportColumn("bytes", "Size", "bytes")


class PageMedia(NamedTuple):
    """The media files of a page.

    Attributes:
        used: The ids of the files that it shows or links.
        missing: The ids of those that do not exist, with their places.
        named: Names of files in its text, which plugins that are not read may use.
    """

    used: frozenset[str]
    missing: tuple[tuple[ReportPlace, str], ...]
    named: frozenset[str]


def _look(seen: SeenPage) -> PageMedia | None:
    links, rules = seen.setting.links, seen.setting.links.rules
    lost = {one.span for one in seen.inactive}
    found: list[tuple[Node, str]] = [
        (node, target.target)
        for node, target in seen.links
        if target.kind == "media" and target.target and node.span not in lost
    ]
    found += [
        (node, resolve_media(name, seen.page_id, rules))
        for node in seen.nodes
        if isinstance(node, PluginMarkup)
        for name in node.used_media
    ]
    for entry in seen.entries:
        for field in entry.fields:
            if seen.setting.context.type_of(field.column).base.startswith("img"):
                found += [(field, resolve_media(value.partition("|")[0], "", rules)) for value in field.values]
    missing = [
        (seen.place(node.position), target)
        for node, target in found
        if links.media is not None and target not in links.media
    ]
    names = seen.setting.media_names
    words = (word.strip(".-") for word in _WORD.findall(seen.text.lower()) if "." in word) if names else ()
    named = names.intersection(words)
    if not found and not named:
        return None
    return PageMedia(frozenset(target for _, target in found), tuple(sorted(missing)), named)


def _make(wiki: ReportedWiki, seen: Mapping[str, PageMedia]) -> ReportChapter:
    media = wiki.media or {}
    users: Counter[str] = Counter(name for page in seen.values() for name in page.used)
    unused = [name for name in sorted(media) if name not in users and name not in _OF_TEMPLATES]
    named: dict[str, str] = {}
    for page_id in sorted(seen):
        for name in seen[page_id].named:
            named.setdefault(name, page_id)
    doubled = tuple(_doubled(wiki, media))
    likely = LikelyNames(media)
    missing = tuple((place, name, likely.of(name)) for page_id in sorted(seen) for place, name in seen[page_id].missing)
    is_known = wiki.media is not None
    return ReportChapter(
        "media",
        "Media files",
        "Images and other files: those that pages show although they are missing, those that no page shows, and equal "
        "ones." + ("" if is_known else " What was read has no folder of media files, so nothing is known of them."),
        figures=(
            ReportFigure("used_media", "Files that pages use", len(media) - len(unused) if is_known else None),
            ReportFigure("missing_media", "Links to missing files", len(missing) if is_known else None),
            ReportFigure("unused_media", "Files that no page uses", len(unused) if is_known else None),
            ReportFigure("unused_bytes", "Size of these files", _size(media, unused) if is_known else None, "bytes"),
            ReportFigure("doubled_media", "Files that are there more than once", len(doubled) if is_known else None),
        ),
        tables=(
            ReportTable(
                "missing_media",
                "Missing files",
                "Each place that shows or links a file that does not exist. A file with a similar name is probably the "
                "one that was meant.",
                (
                    ReportColumn("place", "Place", "place"),
                    ReportColumn("missing", "Missing file", "media"),
                    ReportColumn("likely", "Probably meant", "media"),
                ),
                missing,
                is_finding=True,
            ),
            ReportTable(
                "unused_media",
                "Files that no page uses",
                "No current page shows or links these files in a way that is read here. A page that names the file in "
                "its text may use it by a plugin that is not read: look before you delete it. Old states of pages do "
                "not count, nor do files that templates show, such as the logo.",
                (
                    _MEDIA,
                    _SIZE,
                    ReportColumn("changed", "Last change", "time"),
                    ReportColumn("named_in", "Named in the text of", "page"),
                ),
                tuple(
                    (name, media[name].size, media[name].modified, named.get(name.rpartition(":")[2]))
                    for name in unused
                ),
                is_finding=True,
            ),
            ReportTable(
                "doubled_media",
                "Files that are there more than once",
                "Files with the same content. One would be enough.",
                (
                    _MEDIA,
                    _SIZE,
                    ReportColumn("same", "Same as", "media"),
                    ReportColumn("users", "Used by pages", "number"),
                ),
                tuple((name, media[name].size, first, users[name]) for name, first in doubled),
                is_finding=True,
            ),
            ReportTable(
                "media_types",
                "Kinds of files",
                "Media files by the ending of their names.",
                (
                    ReportColumn("ending", "Ending", "code"),
                    ReportColumn("files", "Files", "number"),
                    _SIZE,
                ),
                tuple(_types(media)),
            ),
        ),
    )  # fmt: skip


def _size(media: Mapping[str, MediaFile], names: Iterable[str]) -> int:
    return sum(media[name].size or 0 for name in names)


def _types(media: Mapping[str, MediaFile]) -> Iterator[tuple[Value, ...]]:
    endings: dict[str, list[str]] = {}
    for name in media:
        before, dot, ending = name.rpartition(":")[2].rpartition(".")
        endings.setdefault(ending if dot and before else "", []).append(name)
    for ending in sorted(endings, key=lambda one: (-len(endings[one]), one)):
        yield ending or "(none)", len(endings[ending]), _size(media, endings[ending])


def _doubled(wiki: ReportedWiki, media: Mapping[str, MediaFile]) -> Iterator[tuple[str, str]]:
    """Yield each file that has the content of another one before it, and that one. Only files of one size are read."""
    by_size: dict[int, list[str]] = {}
    for name in sorted(media):
        if size := media[name].size:
            by_size.setdefault(size, []).append(name)
    alike = [names for _, names in sorted(by_size.items()) if len(names) > 1]
    files = wiki.source.files
    if alike:
        files = files.keeping([media[name].path for names in alike for name in names])
    found = []
    for names in alike:
        first: dict[bytes, str] = {}
        for name in names:
            digest = hashlib.sha256()
            try:
                with opened_media(files, media[name].path) as opened:
                    while piece := opened.read(_PIECE):
                        digest.update(piece)
            except (PageReadError, OSError) as error:
                wiki.lose(error if isinstance(error, PageReadError) else PageReadError(files.place, str(error)))
                continue
            if (other := first.setdefault(digest.digest(), name)) != name:
                found.append((name, other))
    yield from sorted(found)


MEDIA = ChapterMaker("media", ("missing_media", "unused_media", "doubled_media"), _make, _look)
