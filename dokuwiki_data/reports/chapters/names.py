"""The chapter about names of files that other systems cannot have, so that a copy of the wiki has to change them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from dokuwiki_data.portable_names import folded, is_device
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportTable
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki
from dokuwiki_data.wiki.sources.source import PAGE_SUFFIX

#: The longest name of a file in bytes that all systems take, and the longest path in characters that Windows takes.
_LONGEST_NAME, _LONGEST_PATH = 255, 259
#: The signs that names of files cannot have on Windows.
_FORBIDDEN = re.compile(r'[<>"|?*\\/\x00-\x1f]')
_NOT_UTF_8 = re.compile("[\ud800-\udfff]")


def _make(wiki: ReportedWiki, seen: Mapping[str, None]) -> ReportChapter:
    rows = tuple(
        (kind, name, problem)
        for kind, names, suffix in (("page", wiki.files, PAGE_SUFFIX), ("media", wiki.media or {}, ""))
        for name, problem in sorted(_problems(names, suffix))
    )
    return ReportChapter(
        "names",
        "Names of files",
        "Names that Windows, macOS, a git repository that is used there, or a target of export cannot have. An export "
        "changes such names, and the links to them.",
        figures=(ReportFigure("file_names", "Names that some systems cannot have", len(rows)),),
        tables=(
            ReportTable(
                "file_names",
                "Names that some systems cannot have",
                "Pages and media files by their ids, with what is in the way of their names.",
                (
                    ReportColumn("kind", "Kind"),
                    ReportColumn("name", "Page or file", "code"),
                    ReportColumn("problem", "Problem"),
                ),
                rows,
                is_finding=True,
            ),
        ),
    )


def _problems(names: Iterable[str], suffix: str) -> Iterator[tuple[str, str]]:
    """Yield ids with what is in the way of their names: of files, and of the folders that they are in."""
    first: dict[str, str] = {}
    for name in sorted(names):
        parts = name.split(":")
        file = parts[-1] + suffix
        if any(is_device(part.lower()) for part in (*parts[:-1], file)):
            yield name, "Windows keeps this name for a device"
        if any(_FORBIDDEN.search(part) for part in parts):
            yield name, "has a sign that Windows does not allow"
        if any(_NOT_UTF_8.search(part) for part in parts):
            yield name, "is not UTF-8"
        if any(part != part.rstrip(". ") for part in (*parts[:-1], file)) or "" in parts[:-1]:
            yield name, "ends with a dot or a blank, or has a folder that does, or one without a name"
        if any(len(part.encode("utf-8", "surrogateescape")) > _LONGEST_NAME for part in (*parts[:-1], file)):
            yield name, f"is longer than {_LONGEST_NAME} bytes"
        elif len(name) + len(suffix) > _LONGEST_PATH:
            yield name, f"has a path of more than {_LONGEST_PATH} characters"
        if (other := first.setdefault(folded(name), name)) != name:
            yield name, f"is the same name as {other} on systems that ignore case and how accents are written"


NAMES = ChapterMaker("names", ("file_names",), _make)
