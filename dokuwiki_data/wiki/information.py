"""What a wiki says of itself: its name, address, language and licence, and whether a crawl of it is complete."""

from __future__ import annotations

import json
from dataclasses import dataclass

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.wiki.sources.files import joined
from dokuwiki_data.wiki.sources.opening import WikiSource
from dokuwiki_data.wiki.sources.seven_zips import SevenZipFiles

#: What dokuwiki-dumper writes when it has all pages, and at the end of its list of them.
_MARK, _END = "content_dumped.mark", "--END--"


@dataclass(frozen=True, slots=True)
class Information:
    """What a wiki says of itself; a text is empty where it says nothing.

    ``license`` is what the settings call it (``cc-by-sa``), or the address that a crawler found. ``incomplete`` says
    why a crawl has not all pages.
    """

    name: str = ""
    url: str = ""
    language: str = ""
    license: str = ""
    incomplete: str = ""


def read_information(source: WikiSource) -> Information:
    """What the settings of a wiki say, or for a crawl what the crawler wrote down."""
    if source.layout.kind == "dumper":
        told = _told(source)
        return Information(
            told.get("wiki_name") or told.get("raw_title", ""),
            told.get("doku_url", ""),
            told.get("language", ""),
            told.get("license_url", ""),
            _incomplete(source),
        )
    settings = source.settings
    if source.layout.conf is None:
        return Information()
    url = settings.text("baseurl", "") + settings.text("basedir", "")
    return Information(settings.text("title", ""), url, settings.language, settings.text("license", ""))


def _told(source: WikiSource) -> dict[str, str]:
    try:
        found = json.loads(source.read(joined(source.layout.base, "dumpMeta", "info.json")))
    except (PageReadError, ValueError, RecursionError):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def _incomplete(source: WikiSource) -> str:
    base = source.layout.base
    # With published archives there is no mark: only what is complete is published.
    if not isinstance(source.files, SevenZipFiles) and _MARK not in source.files.names(base).files:
        return f"it has no {_MARK}"
    try:
        titles = source.read(joined(base, "dumpMeta", "titles.txt"))
    except PageReadError:
        return ""
    last = titles.rstrip().rpartition(b"\n")[2].strip().decode("utf-8", "replace")
    return "" if last == _END else f"its list of pages (titles.txt) has no {_END} at its end"
