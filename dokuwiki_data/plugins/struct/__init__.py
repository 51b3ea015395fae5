"""The plugin *struct*: blocks that show rows of its schemas, and ``{{$schema.column}}``, a value within a line."""

from __future__ import annotations

import re
from dataclasses import field, replace
from typing import Literal, cast

from dokuwiki_data.plugins import Leaf, Node, Plugin, PluginBlock, PluginMarkup, node
from dokuwiki_data.plugins.struct.reader import read_search, read_value
from dokuwiki_data.plugins.struct.search import SchemaColumn, Search
from dokuwiki_data.text import Diagnostic

Kind = Literal["table", "list", "cloud", "serial", "global", "lookup", "filter"]

#: The options with which the blocks of a kind show nothing.
_REFUSED = {"list": ("dynfilters", "summarize", "rownumbers", "widths"), "cloud": ()}
_REFUSED_ELSEWHERE = ("nesting", "index")


@node
class StructSearch(PluginBlock):
    """A block that shows rows of schemas.

    Attributes:
        kind: A ``table``, a ``list``, a ``cloud``, a form to ``filter`` by, or a table that can be edited in place: of
            the rows of this page (``serial``) or of the rows that belong to no page (``global``, ``lookup``).
        search: The search for the rows.
    """

    kind: Kind
    search: Search
    _problems: tuple[Diagnostic, ...] = field(default=(), compare=False, kw_only=True)

    @property
    def component(self) -> str:  # type: ignore[override]  # depends on the node
        return "struct_global" if self.kind == "lookup" else f"struct_{self.kind}"

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The reasons why the plugin shows nothing: unknown options, filters without comparison, refused options."""
        return _in_page(self, self._problems)


@node
class StructValue(PluginMarkup):
    """The value of a column on this page or another, or in the rows that filters select.

    Attributes:
        search: The search for the value.
    """

    search: Search
    _problems: tuple[Diagnostic, ...] = field(default=(), compare=False, kw_only=True)

    component = "struct_value"

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The reasons why the plugin shows nothing."""
        return _in_page(self, self._problems)


def _in_page(of: Node, problems: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return the problems of a node, whose places count from its start, with their places in the page."""
    text, at = of.source_text, of.starts_at
    return tuple(
        text.diagnostic(kind, message, text.span(at + start, at + end) if end else of.span)
        for kind, message, (start, end), _ in problems
    )


_HEAD = re.compile(r"-+ *struct (?P<kind>\w+) *-+\n")


def _search(text: str) -> StructSearch:
    head = _HEAD.match(text)
    assert head is not None
    kind = cast(Kind, head["kind"])
    search, problems = read_search(text, head.end())
    refused = [name for name in _REFUSED.get(kind, _REFUSED_ELSEWHERE) if getattr(search, name)]
    problems += tuple(
        Diagnostic("refused-option", f"the option {name!r} is not for struct {kind}, so nothing is shown")
        for name in refused
    )
    if kind in ("global", "lookup", "serial"):
        search = replace(search, columns=search.columns or (SchemaColumn.parse("*"),), rownumbers=False)
    return StructSearch(kind, search, _problems=problems)


def _value(text: str) -> StructValue:
    search, problems = read_value(text[len("{{$") : -2])
    return StructValue(search, _problems=problems)


# Try a run of dashes only at its start, or after the marker of a list item; else long runs take quadratic time.
_DASHES = r"-(?:(?<!--)|(?<=[ \t]--))-{3,}+"
_CLOSING = r"\n-{4,}+"

PLUGIN = Plugin(
    "struct",
    (
        Leaf(rf"{_DASHES} *struct cloud *-++\n", _search, end=_CLOSING, sort=151),
        Leaf(rf"{_DASHES} *struct (?:table|list|serial|global|lookup|filter) *-++\n", _search, end=_CLOSING, sort=155),
        Leaf(r"\{\{\$(?!\})", _value, end=r"\}\}", without=r"\}(?!\})", sort=315),
    ),
)
