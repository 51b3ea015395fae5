"""Write pages as records, which have a version and a schema: as values, JSON lines, a JSON array or YAML documents."""

from __future__ import annotations

import json as _json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.nodes import blocks, data
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.field_places import name_end, value_places
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.nodes.plain_rows import alignment_of_text, plain_places
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.query.columns import Column
from dokuwiki_data.render.characters import as_json, replace_surrogates, safe_json
from dokuwiki_data.text import PageText, Span

FORMAT = "dokuwiki-data/page"
VERSION = 1

Record = dict[str, Any]

#: The parts of a record that describe the page itself; a record has both of them by default.
PAGE_PARTS = ("text", "ast")
NOTHING_MORE: Mapping[str, Any] = {}

#: Properties of nodes that a record includes besides the fields, since they cannot be derived from the record.
_PROPERTIES: dict[type[Node], tuple[str, ...]] = {
    data.DataEntry: ("classes",),
    data.DataQuery: (),
    data.DataField: ("column_span", "value_spans", "comment_span"),
    data.DataOption: ("value_span",),
}


def json(page: Page, parts: Collection[str] = PAGE_PARTS, more: Mapping[str, Any] = NOTHING_MORE) -> Record:
    """Return the page as a dictionary that ``json.dumps`` accepts; `json_schema` describes it.

    A node becomes an object: ``type`` is the name of its class, ``span`` its start and end in ``text`` in characters,
    and the other keys are its fields, including the nodes inside it. Lone surrogates (bytes that were not UTF-8) become
    U+FFFD, one for one, so that all spans stay valid.

    Args:
        page: The page.
        parts: Which of the source (``text``) and the tree (``ast``) to include.
        more: Further keys of the record with their values: plain ones, or columns and queries of the data plugin.

    Example:
        >>> import dokuwiki_data as dw
        >>> dw.render.json(dw.parse("Hi"))["content"]
        [{'type': 'Paragraph', 'span': [0, 2], 'content': [{'type': 'Text', 'span': [0, 2], 'text': 'Hi'}]}]
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
        record["content"] = _plain(page.content, waiting)
    record.update(_plain(dict(more), waiting))
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
    while waiting:  # no recursion: trees that were not parsed may be of any depth
        node, unfinished = waiting.pop()
        kind: Any = type(node)
        for name in _keys(kind):
            unfinished[name] = _plain(getattr(node, name), waiting)
    return record


def json_schema() -> Record:
    """Return the JSON Schema (draft 2020-12) of the records that `json` returns.

    Example:
        >>> import dokuwiki_data as dw
        >>> dw.render.json_schema()["required"][:3]
        ['format', 'version', 'page_id']
    """
    schema: Record = _json.loads(Path(__file__).with_name("page.schema.json").read_text("utf-8"))
    return schema


def _plain(value: Any, waiting: list[tuple[Node, Record]]) -> Any:
    """Return a value as `json` includes it; nodes are added to ``waiting`` with their unfinished objects."""
    kind: Any = type(value)
    if kind is str:
        return value if value.isascii() else replace_surrogates(value)
    if value is None or kind in _SCALARS:
        return value
    if kind is Span:
        return list(value)
    if kind in _SEQUENCES:
        return [_plain(part, waiting) for part in value]
    if isinstance(value, Node):
        record = {"type": kind.__name__, "span": list(value.span)}
        waiting.append((value, record))
        return record
    if kind is dict:
        return {replace_surrogates(name): _plain(part, waiting) for name, part in value.items()}
    # Values of the data plugin's language: columns, comparisons, queries.
    return {name: _plain(getattr(value, name), waiting) for name in _keys(kind)}


_SCALARS = frozenset((bool, int, float))
_SEQUENCES = frozenset((tuple, list))


@cache
def _keys(kind: Any) -> tuple[str, ...]:
    """Return the fields and properties that a record includes of the values of a class."""
    own = tuple(field.name for field in fields(kind) if not field.name.startswith("_"))
    of_plugin = issubclass(kind, (PluginMarkup, data.DataEntry, data.DataQuery))
    return own + _PROPERTIES.get(kind, ("component",) if of_plugin else ())


# ------------------------------------------------------------------------------------------------ as text
# `json_line` writes the text without building the record: each class of nodes gets a function that is generated from
# its fields. On a wiki of 26 MB this takes 2.0 s instead of 3.7 s; the function for lines of entries, which are written
# by hand since they have more than fields, another second less.

Writer = Callable[[Any], str]


def json_line(page: Page, parts: Collection[str] = PAGE_PARTS, more: Mapping[str, Any] = NOTHING_MORE) -> str:
    """Return the record of a page as one line of JSON without a line end; the arguments are those of `json`."""
    try:
        pieces = [
            f'{{"format":"{FORMAT}","version":{VERSION},"page_id":{encode_basestring(page.page_id)},'
            f'"title":{encode_basestring(page.title)},"modified":{_text(page.modified)}'
        ]
        if "text" in parts:
            pieces.append(f'"text":{encode_basestring(str(page))}')
        if "ast" in parts:
            pieces.append(f'"content":{_array(page.content)}')
        pieces += [f'"{name}":{_text(value)}' for name, value in more.items()]
        pieces.append(f'"diagnostics":[{",".join(map(_diagnostic, page.diagnostics))}]}}')
        return safe_json(",".join(pieces))
    except RecursionError:  # a very deep tree
        return as_json(json(page, parts, more))


def _diagnostic(found: Any) -> str:
    line, column = found.position
    return (
        f'{{"kind":{encode_basestring(found.kind)},"message":{encode_basestring(found.message)},'
        f'"span":{_array(found.span)},"line":{line},"column":{column}}}'
    )


class _Writers(dict[type, Writer]):
    """The functions that write values, by class; those of dataclasses are generated at their first use."""

    def __missing__(self, kind: type) -> Writer:
        writer = _generated(kind) if is_dataclass(kind) else as_json
        self[kind] = writer
        return writer


def _text(value: Any) -> str:
    return _WRITERS[value.__class__](value)


def _array(values: Any) -> str:
    if len(values) == 1:  # most cells, items and formatting
        return f"[{_text(values[0])}]"
    return f"[{','.join([_WRITERS[value.__class__](value) for value in values])}]"


def _object(values: dict[str, Any]) -> str:
    return f"{{{','.join([f'{encode_basestring(name)}:{_text(value)}' for name, value in values.items()])}}}"


def _is_plain(source: PageText, start: int, end: int) -> bool:
    """Return whether offsets of a node's place are, less one, those in the page's text, as in most pages."""
    return source.__class__ is PageText and source._returns is None and start > 0 < end <= len(source.text) + 1


def _span(source: PageText, start: int, length: int) -> str:
    """Return the text of `Node.span`."""
    end = start + length
    if _is_plain(source, start, end):
        return f"[{start - 1},{end - 1}]"
    return f"[{source.offset(start)},{source.offset(end)}]"


#: The texts of columns, by their identity: a wiki has few columns and repeats them in every entry.
_COLUMNS: dict[int, tuple[Column, str]] = {}
_MOST_COLUMNS = 4096


def _column(value: Column) -> str:
    """Return the text of a column."""
    known = _COLUMNS.get(id(value))
    if known is None:
        if len(_COLUMNS) >= _MOST_COLUMNS:
            _COLUMNS.clear()
        known = _COLUMNS[id(value)] = value, _text(value)
    return known[1]


def _data_field(field: data.DataField) -> str:
    """Return the text of a line of an entry, of which a wiki can have 300,000: 4 µs instead of 11 with properties."""
    source, start, values, comment = field._source, field._start, field.values, field.comment
    end, value_start, value_end = start + field._to_end, start + field._to_value_start, start + field._to_value_end
    read = source.normalized
    behind_name = name_end(read, start, value_start)
    places = value_places(read, value_start, value_end, field.column.many)
    if _is_plain(source, start, end):
        places_of_values = [f"[{first - 1},{last - 1}]" for first, last in places]
        own, name, said = f"[{start - 1},{end - 1}]", f"[{start - 1},{behind_name - 1}]", f"[{value_end - 1},{end - 1}]"
    else:
        places_of_values = [_span(source, first, last - first) for first, last in places]
        own, name = _span(source, start, end - start), _span(source, start, behind_name - start)
        said = _span(source, value_end, end - value_end)
    return (
        f'{{"type":"DataField","span":{own},"column":{_column(field.column)},'
        f'"values":[{encode_basestring(values[0]) if len(values) == 1 else ",".join(map(encode_basestring, values))}],'
        f'"comment":{"null" if comment is None else encode_basestring(comment)},"column_span":{name},'
        f'"value_spans":[{",".join(places_of_values)}],"comment_span":{"null" if comment is None else said}}}'
    )


_ALIGNMENTS = {None: "null", "left": '"left"', "right": '"right"', "center": '"center"'}


def _table_row(row: blocks.TableRow) -> str:
    """Return the text of a row; of one with only text in its cells, without making them."""
    source, start, length = row._source, row._start, row._to_end
    if blocks.has_cells(row):
        cells = _array(row.cells)
    else:
        read = source.normalized
        places = plain_places(read, start, start + length)
        cells = f"[{','.join([_plain_cell(source, read, first, last) for first, last in places])}]"
    return f'{{"type":"TableRow","span":{_span(source, start, length)},"cells":{cells},"width":{row.width}}}'


def _plain_cell(source: PageText, read: str, start: int, end: int) -> str:
    text = read[start + 1 : end]
    align = alignment_of_text(text)
    return (
        f'{{"type":"TableCell","span":{_span(source, start, end - start)},'
        f'"content":[{{"type":"Text","span":{_span(source, start + 1, end - start - 1)},'
        f'"text":{encode_basestring(text)}}}],"header":{"true" if read[start] == "^" else "false"},'
        f'"align":{_ALIGNMENTS[align]},"colspan":1,"rowspan":1}}'
    )


_BUILT_IN: dict[type, Writer] = {
    str: encode_basestring,
    int: repr,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    tuple: _array,
    list: _array,
    Span: _array,
    dict: _object,
    data.DataField: _data_field,
    blocks.TableRow: _table_row,
}
_WRITERS = _Writers(_BUILT_IN)


#: How generated functions write fields of some types without a look at the value's class.
_KNOWN = {
    "str": "{text(node.%s)}",
    "str | None": "{'null' if (value := node.%s) is None else text(value)}",
    "int": "{node.%s}",
    "bool": "{'true' if node.%s else 'false'}",
    "Column": "{column(node.%s)}",
    "tuple[Node, ...]": "{array(node.%s)}",
}
_OTHER = "{writers[(value := node.%s).__class__](value)}"


def _generated(kind: Any) -> Writer:
    """Return ``lambda node: f'{"type":…}'`` with a placeholder for every field of a class."""
    parts = []
    if issubclass(kind, Node):
        parts = [f'"type":"{kind.__name__}"', '"span":{span(node._source, node._start, node._to_end)}']
    types = {field.name: str(field.type) for field in fields(kind)}
    for name in _keys(kind):
        parts.append(f'"{name}":' + _KNOWN.get(types.get(name, ""), _OTHER) % name)
    scope: dict[str, Any] = {
        "span": _span, "writers": _WRITERS, "array": _array, "text": encode_basestring, "column": _column,
    }  # fmt: skip
    exec(f'def write(node): return f"""{{{{{",".join(parts)}}}}}"""', scope)
    writer: Writer = scope["write"]
    return writer


# ---------------------------------------------------------------------------------------- many records


class Stream(NamedTuple):
    """A format of records. Call it with records to write all of them.

    Attributes:
        written: Returns the text of a record.
        before: The text before the first record.
        between: The text between two records.
        after: The text after the last record.
        nothing: The whole text if there are no records.
        gap: Returns the text of a word as the value of a key.
    """

    written: Callable[[Record], str]
    before: str = ""
    between: str = ""
    after: str = ""
    nothing: str = ""
    gap: Callable[[str], str] = '"{}"'.format

    def __call__(self, records: Iterable[Record]) -> Iterator[str]:
        """Iterate over the pieces of the text of all records."""
        before = self.before
        for record in records:
            yield before + self.written(record)
            before = self.between
        yield self.nothing if before == self.before != self.between else self.after


def written_page(
    page: Page, format_: str, parts: Collection[str] = PAGE_PARTS, more: Mapping[str, Any] = NOTHING_MORE
) -> str:
    """Return the record of a page in a format of `STREAMS`; the other arguments are those of `json`."""
    if format_ == "yaml":
        return _document(json(page, parts, more))
    return json_line(page, parts, more) + ("\n" if format_ == "jsonl" else "")


def yaml_items(values: Iterable[Any]) -> Iterator[str]:
    """Iterate over the YAML text of a list, item by item, for a list that is the value of a key of a record."""
    is_empty = True
    for value in values:
        yield ("\n" if is_empty else "") + _dumped([value])
        is_empty = False
    if is_empty:
        yield " []\n"


def _line(record: Record) -> str:
    return as_json(record) + "\n"


def _document(record: Record) -> str:
    return _dumped(record, explicit_start=True)


def _dumped(value: object, *, explicit_start: bool = False) -> str:
    import yaml  # takes long, and is needed only for YAML

    text: str = yaml.dump(
        value, Dumper=_dumper(), explicit_start=explicit_start, default_flow_style=None, allow_unicode=True,
        sort_keys=False, width=_NO_FOLDING,
    )  # fmt: skip
    return text


@cache
def _dumper() -> Any:
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    dumper: Any = type("Dumper", (base,), {})
    dumper.add_representer(str, _represent)
    return dumper


def _represent(dumper: Any, text: str) -> Any:
    """Represent texts of several lines as block scalars."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_NO_FOLDING = 2**31 - 1

#: The formats of records by name.
STREAMS: dict[str, Stream] = {
    "jsonl": Stream(_line),
    "json": Stream(as_json, before="[\n", between=",\n", after="\n]\n", nothing="[]\n"),
    "yaml": Stream(_document, gap=" {}\n".format),
}
