"""The metadata of a document: what is known of a page, as pandoc's values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dokuwiki_data.engine.entries import EntryCleaner
from dokuwiki_data.engine.values import moment
from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins.description import Description
from dokuwiki_data.plugins.keywords import Keywords
from dokuwiki_data.plugins.tag import Tags
from dokuwiki_data.writers.pandoc.pieces import as_json_text
from dokuwiki_data.writers.resolved import ResolvedPage
from dokuwiki_data.writers.site import NO_SITE

#: What a text has if its page tells anything in markup.
_TELLING = ("tag>", "keywords>", "description>", "dataentry", "datatemplateentry")
#: Codes of languages that are BCP 47; DokuWiki has others, such as ``de-informal``.
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2})?")


def page_metadata(page: ResolvedPage) -> dict[str, Any]:
    """Return what is known of a page from its text; what is not known is left out.

    The keys are those that pandoc shows (https://pandoc.org/MANUAL.html#metadata-variables): ``title``, ``date``,
    ``keywords``, ``description``, ``lang``; besides ``page-id``, ``tags`` of the plugin *tag*, and ``data``: the values
    of entries by class and by field, below one key of their own, so that none of them steers pandoc.
    """
    source = page.page
    tags, words, descriptions, entries = _found(source)
    language = page.site.typography.language
    known = {
        "title": source.title if page.headings else page.page_id,
        "page-id": page.page_id,
        "lang": "" if page.site is NO_SITE else language_code(language),
        "date": None if source.modified is None else moment(source.modified),
        "tags": tuple(dict.fromkeys(tags)),
        "keywords": tuple(dict.fromkeys((*tags, *words))),
        "description": " ".join(descriptions[0].split()) if descriptions else "",
        "data": _data(page, entries),
    }
    return {name: value for name, value in known.items() if value}


def _found(page: Page) -> tuple[list[str], list[str], list[str], list[DataEntry]]:
    """Return the tags, keywords, descriptions and entries of a page."""
    tags: list[str] = []
    words: list[str] = []
    descriptions: list[str] = []
    entries: list[DataEntry] = []
    text = str(page)
    # A walk through all nodes would take a quarter of the time of writing, and most pages have none of these.
    if not text or any(mark in text for mark in _TELLING):
        for node in page.find_all(Tags, Keywords, Description, DataEntry):
            if isinstance(node, Tags):
                tags += (word.replace("_", " ") for word in node.tags)
            elif isinstance(node, Keywords):
                words += filter(None, node.keywords)
            elif isinstance(node, Description):
                descriptions.append(node.text)
            elif isinstance(node, DataEntry):
                entries.append(node)
    return tags, words, descriptions, entries


def language_code(language: str) -> str:
    """Return DokuWiki's code of a language as pandoc knows it: ``pt-BR`` for ``pt-br``, ``de`` for ``de-informal``."""
    if not _LANGUAGE.fullmatch(language):
        return language.partition("-")[0]
    code, dash, region = language.partition("-")
    return f"{code}{dash}{region.upper()}"


def _data(page: ResolvedPage, entries: Sequence[DataEntry]) -> dict[str, Any]:
    """Return the values of entries, as the plugin stores them: by class, several entries of one class as a list."""
    context = page.site.context
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        columns = {field.column.key: field.column for field in entry.fields}
        cleaned = EntryCleaner(context).cleaned((field.column, field.values) for field in entry.fields)
        values = {}
        for key, its in cleaned.items():
            texts = [text for text in its if text]
            if texts:
                values[columns[key].title] = texts if columns[key].many else texts[0]
        if values:
            found.setdefault(entry.class_name or "entry", []).append(values)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def written_metadata(values: Mapping[str, Any]) -> str:
    """Return metadata as JSON: texts, numbers, truth values, dates, and lists and mappings of these."""
    inside = ",".join(f"{as_json_text(name)}:{_value(value)}" for name, value in values.items())
    return f"{{{inside}}}"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f'{{"t":"MetaMap","c":{written_metadata(value)}}}'
    if isinstance(value, list | tuple):
        return f'{{"t":"MetaList","c":[{",".join(map(_value, value))}]}}'
    if isinstance(value, bool):
        return f'{{"t":"MetaBool","c":{"true" if value else "false"}}}'
    if isinstance(value, datetime):
        value = value.date()  # pandoc shows dates
    if isinstance(value, date):
        value = value.isoformat()
    return f'{{"t":"MetaString","c":{as_json_text(str(value))}}}'
