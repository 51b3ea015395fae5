"""From a page to a JSON record: everything that the tree says, in a form with a version and a schema."""

from __future__ import annotations

import json as _json
from collections.abc import Collection, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from dokuwiki_data.nodes import data
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.text import Span

FORMAT = "dokuwiki-data/page"
VERSION = 1

Record = dict[str, Any]

#: The parts of a record that are the page itself; all that a record has if nothing else is asked for.
PAGE_PARTS = ("text", "ast")
NOTHING_MORE: Mapping[str, Any] = {}

#: What nodes know beyond their fields and a reader of the record could not find out.
_FOUND_OUT: dict[type[Node], tuple[str, ...]] = {
    data.DataEntry: ("classes",),
    data.DataField: ("column_span", "value_spans", "comment_span"),
    data.DataOption: ("value_span",),
}


def json(page: Page, parts: Collection[str] = PAGE_PARTS, more: Mapping[str, Any] = NOTHING_MORE) -> Record:
    """The page as a value that ``json.dumps`` takes; `json_schema` describes it.

    ``parts`` may leave out the source (``text``) or the tree (``ast``); ``more`` is what else the record says, by
    name, as plain values or as columns and queries of the data plugin.

    A node is an object: ``type`` is the name of its class, ``span`` its start and end in ``text``
    in characters, and the rest are its fields, nodes inside it included. Lone surrogates (bytes that
    were not UTF-8) are U+FFFD, one for one, so that every span still fits.
    """
    waiting: list[tuple[Node, Record]] = []
    record = {
        "format": FORMAT,
        "version": VERSION,
        "page_id": replace_surrogates(page.page_id),
        "title": replace_surrogates(page.title),
        "modified": page.modified,
    }
    if "text" in parts:
        record["text"] = replace_surrogates(str(page))
    if "ast" in parts:
        record["content"] = _value(page.content, waiting)
    record.update(_value(dict(more), waiting))
    record["diagnostics"] = [
        {
            "kind": found.kind,
            "message": replace_surrogates(found.message),
            "span": list(found.span),
            "line": found.position.line,
            "column": found.position.column,
        }
        for found in page.diagnostics
    ]
    while waiting:  # no recursion, since trees made by hand may be of any depth
        node, unfinished = waiting.pop()
        kind: Any = type(node)
        for name in names_of(kind):
            unfinished[name] = _value(getattr(node, name), waiting)
    return record


def json_schema() -> Record:
    """The JSON Schema (draft 2020-12) of what `json` returns."""
    schema: Record = _json.loads(Path(__file__).with_name("page.schema.json").read_text("utf-8"))
    return schema


def _value(value: Any, waiting: list[tuple[Node, Record]]) -> Any:
    kind: Any = type(value)
    if kind is str:
        return value if value.isascii() else replace_surrogates(value)
    if value is None or kind in _AS_THEY_ARE:
        return value
    if kind is Span:
        return list(value)
    if kind in _SEQUENCES:
        return [_value(part, waiting) for part in value]
    if isinstance(value, Node):
        record = {"type": kind.__name__, "span": list(value.span)}
        waiting.append((value, record))
        return record
    if kind is dict:
        return {replace_surrogates(name): _value(part, waiting) for name, part in value.items()}
    # What a data block says: columns, comparisons, the query itself.
    return {name: _value(getattr(value, name), waiting) for name in names_of(kind)}


_AS_THEY_ARE = frozenset((bool, int, float))
_SEQUENCES = frozenset((tuple, list))


@cache
def names_of(kind: Any) -> tuple[str, ...]:
    """What the record tells about a value of a class: its fields, and what else it knows."""
    own = tuple(field.name for field in fields(kind) if not field.name.startswith("_"))
    return own + _FOUND_OUT.get(kind, ("component",) if issubclass(kind, PluginMarkup) else ())
