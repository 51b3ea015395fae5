"""Nodes of the data plugin: entries with fields, and queries with options."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, ClassVar

from dokuwiki_data.nodes.base import Node, node, shortened
from dokuwiki_data.nodes.blocks import Block
from dokuwiki_data.nodes.field_places import name_end, value_places
from dokuwiki_data.text import Diagnostic, Span

if TYPE_CHECKING:  # only pages with data blocks need them
    from dokuwiki_data.query.columns import Column
    from dokuwiki_data.query.queries import Query


#: What every entry begins with.
_HEADS = re.compile("- *data(?:template)?entry")


def may_have_entries(text: str) -> bool:
    """Return whether a text could have entries, which is much faster to find out than by a walk through its nodes."""
    return "dataentry" in text or "datatemplateentry" in text


def most_entries(text: str) -> int:
    """Return the number of places in a text that could be the head of an entry."""
    return len(_HEADS.findall(text))


@node
class DataField(Block):
    """A line of an entry: ``column: value, value # comment``.

    Attributes:
        column: The column, with its type.
        values: The values as written, trimmed, without empty ones. Only a many-valued column has several. The plugin
            stores them cleaned by their type, see `Wiki.stored`.
        comment: The text after the ``#``, or None.
    """

    #: The name of the token in the grammar.
    type: ClassVar[str] = "FIELD"

    column: Column
    values: tuple[str, ...]
    comment: str | None = None
    _to_value_start: int = field(default=0, compare=False, kw_only=True)
    _to_value_end: int = field(default=0, compare=False, kw_only=True)

    @property
    def value_starts_at(self) -> int:
        """The offset in the normalized text at which the value starts."""
        return self._start + self._to_value_start

    @property
    def value_ends_at(self) -> int:
        """The offset in the normalized text at which the value ends."""
        return self._start + self._to_value_end

    _value_start, _value_end = value_starts_at, value_ends_at

    def _headline(self) -> str:
        comment = f", comment={self.comment!r}" if self.comment is not None else ""
        return f"DataField(column={str(self.column)!r}, values={self.values!r}{comment})"

    @property
    def column_span(self) -> Span:
        """The place of the column's name."""
        return self._source.span(self._start, name_end(self._source.normalized, self._start, self._value_start))

    @property
    def value_spans(self) -> tuple[Span, ...]:
        """The places of the values."""
        read, source = self._source.normalized, self._source
        places = value_places(read, self._value_start, self._value_end, self.column.many)
        return tuple([source.span(start, end) for start, end in places])

    @property
    def comment_span(self) -> Span | None:
        """The place of the comment including its ``#``, or None."""
        return None if self.comment is None else self._source.span(self._value_end, self._end)

    def plain_text(self) -> str:
        return f"{self.column.title}: {', '.join(self.values)}"


@node
class DataEntry(Block):
    """An entry of the data plugin: a block of fields that describe the page.

    Attributes:
        fields: The fields in order.
        class_name: The text after ``dataentry``, which queries get as ``%class%``.
    """

    fields: tuple[DataField, ...]
    class_name: str = ""
    _problems: tuple[Diagnostic, ...] = field(default=(), compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.fields

    def __repr__(self) -> str:
        fields = (f"{field.column.name}={', '.join(field.values)!r}" for field in self.fields)
        return shortened(f"{type(self).__name__}({', '.join([f'class_name={self.class_name!r}', *fields])})")

    @property
    def classes(self) -> tuple[str, ...]:
        """The CSS classes of the entry's box."""
        return tuple(self.class_name.split())

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The lines that the plugin drops because they end with ``&`` or a backslash."""
        return self._problems


@node
class DataOption(Node):
    """A line of a query: ``name: value # comment``.

    Attributes:
        option: The meaning of the name: ``columns``, ``headers``, ``filter``, ``filter_or``, ``sort``, ``limit``,
            ``minimum``, ``align``, ``widths``, ``title``, ``page``, ``dynfilters``, ``rownumbers``, ``summarize``,
            ``sepbyheaders`` or ``unknown``.
        name: The name as written.
        value: The value.
        comment: The text after the ``#``, or None.
    """

    option: str
    name: str
    value: str
    comment: str | None = None
    _to_value_start: int = field(default=0, compare=False, kw_only=True)
    _to_value_end: int = field(default=0, compare=False, kw_only=True)

    @property
    def value_starts_at(self) -> int:
        """The offset in the normalized text at which the value starts."""
        return self._start + self._to_value_start

    @property
    def value_ends_at(self) -> int:
        """The offset in the normalized text at which the value ends."""
        return self._start + self._to_value_end

    _value_start, _value_end = value_starts_at, value_ends_at

    @property
    def value_span(self) -> Span:
        """The place of the value."""
        return self._source.span(self._value_start, self._value_end)

    def plain_text(self) -> str:
        return ""


@node
class DataQuery(Block):
    """A query of the data plugin: a table, list, cloud, list of tags or list of related pages.

    Attributes:
        query: The query, which `Wiki.evaluate` answers.
        options: Its lines.
    """

    query: Query
    options: tuple[DataOption, ...] = ()
    _problems: tuple[Diagnostic, ...] = field(default=(), compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.options

    @property
    def kind(self) -> str:
        """``table``, ``list``, ``cloud``, ``taglist`` or ``related``."""
        return self.query.kind

    @property
    def classes(self) -> tuple[str, ...]:
        """The CSS classes of the query's output."""
        return self.query.classes

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The problems of the query: unknown options and operators, no columns."""
        return self._problems

    def _headline(self) -> str:
        return f"{type(self).__name__}(kind={self.kind!r}, columns={', '.join(map(str, self.query.columns))!r})"
