"""The parts of a record that do not follow from the text of the page alone, and how each is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from dokuwiki_data.conversion.states import PageState
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.formats.cells import text
from dokuwiki_data.engine.values import clean, typed
from dokuwiki_data.errors import MissingExtraError, PageReadError
from dokuwiki_data.nodes.data import DataEntry, DataField, DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.history import History, Revision, read_meta
from dokuwiki_data.wiki.link_targets import LinkContext, link_records
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource

#: The parts of a record: the source of the page, its tree, the data plugin's blocks as values, the links with their
#: targets, the metadata, and the answers to the page's queries.
PARTS = ("text", "ast", "data", "links", "meta", "tables")


def checked_parts(parts: Iterable[str]) -> tuple[str, ...]:
    """Return names of parts in the order of `PARTS`. Raises `ValueError` for an unknown name."""
    if isinstance(parts, str):
        raise ValueError(f"parts are a list of names, not the text {parts!r}")
    wanted = set(parts)
    if unknown := wanted - set(PARTS):
        raise ValueError(f"unknown part {min(unknown)!r}; known: {', '.join(PARTS)}")
    return tuple(part for part in PARTS if part in wanted)


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """The parts of records, and what they depend on besides the page.

    Attributes:
        parts: The names of the parts.
        revisions: Whether records say which state of the page they describe.
        history: Whether a page comes with all of its revisions.
        context: The user, the day and the settings, with the type aliases.
        links: What is needed to resolve links.
    """

    parts: tuple[str, ...]
    revisions: bool = False
    history: bool = False
    context: Context = field(default_factory=Context)
    links: LinkContext = field(default_factory=LinkContext)


def check_meta_extra(source: WikiSource) -> None:
    """Raise `MissingExtraError` if the wiki has ``.meta`` files and the extra that reads them is not installed."""
    if (
        not source.layout.is_pages_only
        and next(source.files.walk(source.layout.meta, ".meta", lambda error: None), None) is not None
    ):
        try:
            import_module("phpserialize")
        except ImportError:
            raise MissingExtraError("phpserialize", "meta") from None


class StateReader:
    """Reads states of pages and their metadata. Reuse one reader for many states: it caches the last history."""

    def __init__(self, source: WikiSource, request: RecordRequest, report: Report) -> None:
        self._source = source
        self._request = request
        self._report = report
        self._history = History(source)
        #: The path of the last page, with its changelog and with its revisions.
        self._changes: tuple[str, list[Change]] = "", []
        self._revisions: tuple[str, list[Revision]] = "", []

    def content(self, state: PageState) -> bytes:
        """Return the text of a state. Raises `PageReadError`."""
        if state.revision is None:
            return self._source.read(state.path)
        return self._history.read(state.page_id, Revision(state.revision, None, state.path))

    def notes(self, state: PageState) -> dict[str, Any]:
        """Return the keys of the record that come from the changelog and the ``.meta`` file."""
        notes: dict[str, Any] = {}
        if self._request.revisions:
            notes |= _revision_keys(state, self._changes_of(state))
        if "meta" in self._request.parts and state.revision is None:
            notes["meta"] = self._meta(state)
        return notes

    def history(self, state: PageState) -> list[Revision]:
        """Return all revisions of a page if they are requested; of an old state only the state itself."""
        if not self._request.history:
            return []
        if self._revisions[0] != state.page_path:
            file = PageFile(state.page_id, state.page_path, None if state.deleted else state.modified)
            self._revisions = state.page_path, self._history.revisions(file)
        if state.revision is None:
            return self._revisions[1]
        return [known for known in self._revisions[1] if known.time == state.revision]

    def _changes_of(self, state: PageState) -> list[Change]:
        if self._changes[0] != state.page_path:
            self._changes = state.page_path, self._source.changes(state.page_path)
        return self._changes[1]

    def _meta(self, state: PageState) -> dict[str, Any]:
        changes = self._changes_of(state)
        try:
            stored = read_meta(self._source, PageFile(state.page_id, state.path, state.modified))
        except PageReadError as error:
            self._report(error)
            stored = {}
        return _metadata(state, changes, stored)


def other_parts(page: Page, notes: dict[str, Any], tables: str, request: RecordRequest) -> dict[str, Any]:
    """Return all keys of a record that do not describe the page itself.

    Args:
        page: The page.
        notes: What `StateReader.notes` returned.
        tables: The placeholder for the part ``tables``; empty to leave out the part.
        request: The parts of the record.
    """
    found = {name: value for name, value in notes.items() if name != "meta"}
    if "data" in request.parts:
        found["data"] = data(page, request.context)
    if "links" in request.parts:
        found["links"] = link_records(page, request.links)
    if "meta" in notes:
        found["meta"] = notes["meta"]
    if tables:
        found["tables"] = tables
    return found


# ------------------------------------------------------------------------------------------- revision, meta


def _revision_keys(state: PageState, changes: list[Change]) -> dict[str, Any]:
    change = next((change for change in reversed(changes) if change.time == state.modified), None)
    return {
        "revision": state.revision,
        "deleted": state.deleted,
        "author": _author(change),
        "summary": None if change is None else change.summary,
        "change": None if change is None else change.kind or None,
    }


def _author(change: Change | None) -> str | None:
    """Return the user, or else the address, that made a change."""
    return None if change is None else change.user or change.ip or None


def _metadata(state: PageState, changes: list[Change], stored: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata from the changelog and the ``.meta`` file; the changelog takes precedence."""
    lasting = _mapping(stored, "persistent") or _mapping(stored, "current") or stored
    dates = _mapping(lasting, "date")
    first, last = (changes[0], changes[-1]) if changes else (None, None)
    stored_last = _mapping(lasting, "last_change")
    contributors = [_author(change) for change in changes] + list(map(str, _mapping(lasting, "contributor")))
    return {
        "created": first.time if first else _time(dates.get("created")),
        "modified": state.modified if state.modified is not None else _time(dates.get("modified")),
        "author": _author(last) or _text(stored_last.get("user")) or _text(lasting.get("user")),
        "creator": (_author(first) if first and first.kind == "C" else None) or _text(lasting.get("user")),
        "creator_name": _text(lasting.get("creator")),
        "contributors": list(dict.fromkeys(filter(None, contributors))),
        "summary": last.summary if last else _text(stored_last.get("sum")),
    }


def _mapping(values: dict[str, Any], name: str) -> dict[Any, Any]:
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _time(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and value not in ("", False) else None


# ----------------------------------------------------------------------------------------------------- data


def data(page: Page, context: Context) -> dict[str, Any]:
    """Return the entries and queries of a page as plain values.

    Values are as the plugin stores them. Those that do not fit their type are left out, and times are in ISO 8601.

    Args:
        page: The page.
        context: Provides the wiki's type aliases.
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
