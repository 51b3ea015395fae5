"""Describe a wiki: its name, address, language and licence, and whether a crawl of it is complete."""

from __future__ import annotations

import json
from dataclasses import dataclass

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.wiki.sources.files import join_path
from dokuwiki_data.wiki.sources.seven_zips import SevenZipFiles
from dokuwiki_data.wiki.sources.source import WikiSource

#: The file that dokuwiki-dumper writes when it has all pages, and the last line of its list of pages.
_MARK, _END_OF_TITLES = "content_dumped.mark", "--END--"


@dataclass(frozen=True, slots=True)
class WikiInformation:
    """The description of a wiki; unknown fields are empty.

    ``license`` is its key in the settings (``cc-by-sa``), or for a crawl its URL. ``incomplete`` is the reason why a
    crawl does not have all pages.
    """

    name: str = ""
    url: str = ""
    language: str = ""
    license: str = ""
    incomplete: str = ""


def read_information(source: WikiSource) -> WikiInformation:
    """Read the description of a wiki from its settings, or from the metadata of a crawl."""
    if source.layout.kind == "dumper":
        crawl = _crawl_information(source)
        return WikiInformation(
            crawl.get("wiki_name") or crawl.get("raw_title", ""),
            crawl.get("doku_url", ""),
            crawl.get("language", ""),
            crawl.get("license_url", ""),
            _missing_part(source),
        )
    settings = source.settings
    if source.layout.conf is None:
        return WikiInformation()
    url = settings.text("baseurl", "") + settings.text("basedir", "")
    return WikiInformation(settings.text("title", ""), url, settings.language, settings.text("license", ""))


def _crawl_information(source: WikiSource) -> dict[str, str]:
    try:
        found = json.loads(source.read(join_path(source.layout.base, "dumpMeta", "info.json")))
    except (PageReadError, ValueError, RecursionError):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def _missing_part(source: WikiSource) -> str:
    base = source.layout.base
    # Published archives have no mark, because only complete crawls are published.
    if not isinstance(source.files, SevenZipFiles) and _MARK not in source.files.names(base).files:
        return f"it has no {_MARK}"
    try:
        titles = source.read(join_path(base, "dumpMeta", "titles.txt"))
    except PageReadError:
        return ""
    last = titles.rstrip().rpartition(b"\n")[2].strip().decode("utf-8", "replace")
    return "" if last == _END_OF_TITLES else f"its list of pages (titles.txt) has no {_END_OF_TITLES} at its end"
