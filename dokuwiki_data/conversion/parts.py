"""What a record can hold beside the page itself: which parts there are, and how each is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from dokuwiki_data.conversion.data_part import data
from dokuwiki_data.conversion.states import PageState
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import MissingExtraError, PageReadError
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.history import History, Revision, read_meta
from dokuwiki_data.wiki.link_targets import LinkContext, link_records
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import PageFile, WikiSource

#: The parts of a record: the page's source and tree, the data plugin's blocks as values, links with where they lead,
#: what the wiki knows of the page, and what its queries show.
PARTS = ("text", "ast", "data", "links", "meta", "tables")


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """Which parts a record has, and what these depend on beside the page.

    ``revisions``: whether it says of which state of the page it is; ``history``: whether a page comes with all
    states that are known of it.
    """

    parts: tuple[str, ...]
    revisions: bool = False
    history: bool = False
    context: Context = field(default_factory=Context)
    around: LinkContext = field(default_factory=LinkContext)


def check_extra(source: WikiSource) -> None:
    """Raises `MissingExtraError` if there are ``.meta`` files, but not the extra that reads them."""
    if (
        not source.layout.is_pages_only
        and next(source.files.walk(source.layout.meta, ".meta", lambda error: None), None) is not None
    ):
        try:
            import_module("phpserialize")
        except ImportError:
            raise MissingExtraError("phpserialize", "meta") from None


class Reader:
    """Reads states of pages, and what the wiki knows of each. One for many, since it knows the history it saw last."""

    def __init__(self, source: WikiSource, asked: RecordRequest, report: Report) -> None:
        self._source = source
        self._asked = asked
        self._report = report
        self._history = History(source)
        self._changes: tuple[str, list[Change]] = "", []
        self._states: tuple[str, list[Revision]] = "", []

    def content(self, state: PageState) -> bytes:
        """The text of a page. Raises `PageReadError`."""
        if state.revision is None:
            return self._source.read(state.path)
        return self._history.read(Revision(state.revision, None, state.path))

    def notes(self, state: PageState) -> dict[str, Any]:
        """What a record says that is not in the text."""
        notes: dict[str, Any] = {}
        if self._asked.revisions:
            notes |= _state(state, self._changes_of(state))
        if "meta" in self._asked.parts and state.revision is None:
            notes["meta"] = self._meta(state)
        return notes

    def history(self, state: PageState) -> list[Revision]:
        """What is known of the states of a page, if that is asked for; of an old state only what it is itself."""
        if not self._asked.history:
            return []
        if self._states[0] != state.page_path:
            file = PageFile(state.page_id, state.page_path, None if state.deleted else state.modified)
            self._states = state.page_path, self._history.revisions(file)
        if state.revision is None:
            return self._states[1]
        return [known for known in self._states[1] if known.time == state.revision]

    def _changes_of(self, state: PageState) -> list[Change]:
        if self._changes[0] != state.page_path:
            self._changes = state.page_path, self._source.changes(state.page_path)
        return self._changes[1]

    def _meta(self, state: PageState) -> dict[str, Any]:
        changes = self._changes_of(state)
        try:
            noted = read_meta(self._source, PageFile(state.page_id, state.path, state.modified))
        except PageReadError as error:
            self._report(error)
            noted = {}
        return _known(state, changes, noted)


def more(
    page: Page, notes: dict[str, Any], tables: list[dict[str, Any]] | str | None, asked: RecordRequest
) -> dict[str, Any]:
    """All of a record that is not the page itself; ``tables``: what its queries show, or what stands for it."""
    found = {name: value for name, value in notes.items() if name != "meta"}
    if "data" in asked.parts:
        found["data"] = data(page, asked.context)
    if "links" in asked.parts:
        found["links"] = link_records(page, asked.around)
    if "meta" in notes:
        found["meta"] = notes["meta"]
    if tables is not None:
        found["tables"] = tables
    return found


def _state(state: PageState, changes: list[Change]) -> dict[str, Any]:
    change = next((change for change in reversed(changes) if change.time == state.modified), None)
    return {
        "revision": state.revision,
        "deleted": state.deleted,
        "author": _author(change),
        "summary": None if change is None else change.summary,
        "change": None if change is None else change.kind or None,
    }


def _author(change: Change | None) -> str | None:
    """Who made a change: the user, else the address."""
    return None if change is None else change.user or change.ip or None


def _known(state: PageState, changes: list[Change], noted: dict[str, Any]) -> dict[str, Any]:
    """What the history and the ``.meta`` file tell about a page; the history counts where both do."""
    lasting = _mapping(noted, "persistent") or _mapping(noted, "current") or noted
    dates = _mapping(lasting, "date")
    first, last = (changes[0], changes[-1]) if changes else (None, None)
    noted_last = _mapping(lasting, "last_change")
    contributors = [_author(change) for change in changes] + list(map(str, _mapping(lasting, "contributor")))
    return {
        "created": first.time if first else _time(dates.get("created")),
        "modified": state.modified if state.modified is not None else _time(dates.get("modified")),
        "author": _author(last) or _text(noted_last.get("user")) or _text(lasting.get("user")),
        "creator": (_author(first) if first and first.kind == "C" else None) or _text(lasting.get("user")),
        "creator_name": _text(lasting.get("creator")),
        "contributors": list(dict.fromkeys(filter(None, contributors))),
        "summary": last.summary if last else _text(noted_last.get("sum")),
    }


def _mapping(values: dict[str, Any], name: str) -> dict[Any, Any]:
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _time(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and value not in ("", False) else None
