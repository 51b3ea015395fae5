"""The data plugin's part of a record: a page's entries and queries as plain values."""

from __future__ import annotations

from typing import Any

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.formats.cells import text
from dokuwiki_data.engine.values import clean, typed
from dokuwiki_data.nodes.data import DataEntry, DataField, DataQuery
from dokuwiki_data.nodes.page import Page


def data(page: Page, context: Context) -> dict[str, Any]:
    """What a page tells the data plugin and what it asks it; ``context`` has the wiki's type aliases.

    Values are as the plugin stores them, those that do not fit their type left out; times are as in ISO 8601.
    """
    blocks = list(page.find_all(DataEntry, DataQuery)) if "data" in str(page) else []
    return {
        "entries": [_entry(block, context) for block in blocks if isinstance(block, DataEntry)],
        "queries": [
            {"span": list(block.span), "query": block.query} for block in blocks if isinstance(block, DataQuery)
        ],
    }


def _entry(entry: DataEntry, context: Context) -> dict[str, Any]:
    return {
        "span": list(entry.span),
        "class_name": entry.class_name,
        "classes": list(entry.classes),
        "fields": [_field(field, context) for field in entry.fields],
    }


def _field(field: DataField, context: Context) -> dict[str, Any]:
    type_ = context.type_of(field.column)
    stored = [value for value in (clean(value, type_) for value in field.values) if value]
    return {
        "column": field.column,
        "type": type_.base,
        "values": [text(value, typed(value, type_)) for value in stored],
    }
