"""Write nodes and the values of their fields as JSON text, without building a record of them first.

Each class has a function, which is generated from its fields. Those of the most frequent nodes are written by hand.
On a wiki of 26 MB this takes less than half of the time of records and their text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from json.encoder import encode_basestring
from typing import Any, Final

from dokuwiki_data.nodes import blocks, data, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.field_places import name_end, value_places
from dokuwiki_data.nodes.plain_rows import alignment_of_text, plain_places
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.php import BLANKS
from dokuwiki_data.query.columns import Column
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.text import PageText, Span

Writer = Callable[[Any], str]

#: Properties of nodes that a record includes besides the fields, since they cannot be derived from the record.
_PROPERTIES: dict[type[Node], tuple[str, ...]] = {
    data.DataEntry: ("classes",),
    data.DataQuery: (),
    data.DataField: ("column_span", "value_spans", "comment_span"),
    data.DataOption: ("value_span",),
}

# Constants that are declared final take no look-up in a compiled build.
_encoded: Final[Writer] = encode_basestring

#: The characters of a page that JSON escapes, and other control characters, which nobody writes.
_ESCAPED: Final = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
_OTHER_CONTROLS: Final = "".join(sorted(set(map(chr, range(32))).difference("\n\r\t")))


@cache
def keys_of(kind: Any) -> tuple[str, ...]:
    """Return the fields and properties that a record includes of the values of a class."""
    own = tuple(field.name for field in fields(kind) if not field.name.startswith("_"))
    of_plugin = issubclass(kind, (PluginMarkup, data.DataEntry, data.DataQuery))
    return own + _PROPERTIES.get(kind, ("component",) if of_plugin else ())


class _Writers(dict[type, Writer]):
    """The functions that write values, by class; those of dataclasses are generated at their first use."""

    def __missing__(self, kind: type) -> Writer:
        writer = _generated(kind) if is_dataclass(kind) else as_json
        self[kind] = writer
        return writer


def value_text(value: Any) -> str:
    """Return the text of a node, or of a value of a field."""
    return _WRITERS[value.__class__](value)


def items_text(values: Any) -> str:
    """Return the text of a list or tuple of values without its brackets, which the text around it can have."""
    writers = _WRITERS
    if len(values) == 1:  # most cells, items and formatting
        return writers[values[0].__class__](values[0])
    return ",".join([writers[value.__class__](value) for value in values])


def array_text(values: Any) -> str:
    """Return the text of a list or tuple of values."""
    return f"[{items_text(values)}]"


def escaped(text: str) -> str:
    """Return the text of a long string without its quotation marks, in half of the time of the encoder."""
    for character in _OTHER_CONTROLS:
        if character in text:
            return encode_basestring(text)[1:-1]
    for character, written in _ESCAPED:
        text = text.replace(character, written)
    return text


def _object(values: dict[str, Any]) -> str:
    return f"{{{','.join([f'{_encoded(name)}:{value_text(value)}' for name, value in values.items()])}}}"


def _span(source: PageText, start: int, end: int) -> str:
    """Return the text of the span between two places of the normalized text."""
    if start > 0 < end <= source.direct:
        return f"[{start - 1},{end - 1}]"
    return f"[{source.offset(start)},{source.offset(end)}]"


# ------------------------------------------------------------------------------------------ lines of entries

#: For names of lines of entries, as written with their colon: the column, the length of the name alone, and the text of
#: the column. A wiki has few of them and repeats them in every entry.
_NAMES: Final[dict[str, tuple[Column, int, str]]] = {}
_MOST_NAMES: Final = 4096


def _name(written: str, column: Column) -> tuple[Column, int, str]:
    if len(_NAMES) >= _MOST_NAMES:
        _NAMES.clear()
    known = _NAMES[written] = column, name_end(written, 0, len(written)), value_text(column)
    return known


def _data_field(field: data.DataField) -> str:
    """Return the text of a line of an entry, of which a wiki can have 300,000.

    With calls of `_span` and `value_places` instead, here and for text, all writing takes a tenth longer.
    """
    source, start, column, values, comment = field._source, field._start, field.column, field.values, field.comment
    end, value_start, value_end = start + field._to_end, start + field._to_value_start, start + field._to_value_end
    read = source.normalized
    written = read[start:value_start]
    known = _NAMES.get(written)
    if known is None or known[0] is not column:
        known = _name(written, column)
    name_end = start + known[1]
    said = _encoded(values[0]) if len(values) == 1 else ",".join([_encoded(value) for value in values])
    written = read[value_start:value_end]
    if start > 0 < end <= source.direct:
        first, last, name_last, comment_first = start - 1, end - 1, name_end - 1, value_end - 1
        if column.many and "," in written:
            places = value_places(read, value_start, value_end, True)
            of_values = ",".join([f"[{at - 1},{behind - 1}]" for at, behind in places])
        elif value := written.strip(BLANKS):
            value_first = value_start + written.find(value) - 1
            of_values = f"[{value_first},{value_first + len(value)}]"
        else:
            of_values = ""
    else:
        first, last, name_last = source.offset(start), source.offset(end), source.offset(name_end)
        comment_first = source.offset(value_end)
        places = value_places(read, value_start, value_end, column.many)
        of_values = ",".join([_span(source, at, behind) for at, behind in places])
    remark, of_remark = "null", "null"
    if comment is not None:
        remark, of_remark = _encoded(comment), f"[{comment_first},{last}]"
    return (
        f'{{"type":"DataField","span":[{first},{last}],"column":{known[2]},"values":[{said}],"comment":{remark},'
        f'"column_span":[{first},{name_last}],"value_spans":[{of_values}],"comment_span":{of_remark}}}'
    )


# ----------------------------------------------------------------- text, and markup that has nothing else in it


def _text_node(node: inline.Text) -> str:
    return _text_at(node._source, node._start, node._start + node._to_end, node.text)


def _text_at(source: PageText, start: int, end: int, text: str) -> str:
    if start > 0 < end <= source.direct:
        return f'{{"type":"Text","span":[{start - 1},{end - 1}],"text":{_encoded(text)}}}'
    return f'{{"type":"Text","span":{_span(source, start, end)},"text":{_encoded(text)}}}'


def _text_between(source: PageText, start: int, end: int) -> str:
    return _text_at(source, start, end, source.normalized[start:end])


def _formatting(node: inline.Formatting) -> str:
    """Return the text of formatting; of one that has only text in it, without making that."""
    source, start = node._source, node._start
    end = start + node._to_end
    made = inline.content_if_made(node)
    if made is None:
        opening, closing = node.delimiters
        content = _text_between(source, start + len(opening), end - len(closing))
    else:
        content = items_text(made)
    return (
        f'{{"type":"{node.__class__.__name__}","span":{_span(source, start, end)},"content":[{content}],'
        f'"closed":{"true" if node.closed else "false"}}}'
    )


_ALIGNMENTS: Final[dict[str | None, str]] = {None: "null", "left": '"left"', "right": '"right"', "center": '"center"'}


def _table_cell(cell: blocks.TableCell) -> str:
    """Return the text of a cell; of one that has only text in it, without making that."""
    source, start = cell._source, cell._start
    end = start + cell._to_end
    made = blocks.content_if_made(cell)
    content = _text_between(source, start + 1, end) if made is None else items_text(made)
    align = _ALIGNMENTS.get(cell.align) or value_text(cell.align)
    return _cell_at(
        source, start, end, content, cell.header, align, f'"colspan":{cell.colspan},"rowspan":{cell.rowspan}'
    )


def _cell_at(source: PageText, start: int, end: int, content: str, header: bool, align: str, spans: str) -> str:
    return (
        f'{{"type":"TableCell","span":{_span(source, start, end)},"content":[{content}],'
        f'"header":{"true" if header else "false"},"align":{align},{spans}}}'
    )


def _table_row(row: blocks.TableRow) -> str:
    """Return the text of a row; of one with only text in its cells, without making them."""
    source, start = row._source, row._start
    end = start + row._to_end
    made = blocks.cells_if_made(row)
    if made is None:
        read = source.normalized
        places = plain_places(read, start, end)
        cells = ",".join([_plain_cell(source, read, first, last) for first, last in places])
    else:
        cells = items_text(made)
    return f'{{"type":"TableRow","span":{_span(source, start, end)},"cells":[{cells}],"width":{row.width}}}'


def _plain_cell(source: PageText, read: str, start: int, end: int) -> str:
    text = read[start + 1 : end]
    content, align = _text_at(source, start + 1, end, text), _ALIGNMENTS[alignment_of_text(text)]
    return _cell_at(source, start, end, content, read[start] == "^", align, '"colspan":1,"rowspan":1')


# ------------------------------------------------------------------------------------------ other classes

_BUILT_IN: dict[type, Writer] = {
    str: encode_basestring,
    int: repr,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    tuple: array_text,
    list: array_text,
    Span: array_text,
    dict: _object,
    data.DataField: _data_field,
    blocks.TableCell: _table_cell,
    blocks.TableRow: _table_row,
    inline.Text: _text_node,
    inline.Strong: _formatting,
    inline.Emphasis: _formatting,
    inline.Underline: _formatting,
    inline.Monospace: _formatting,
    inline.Subscript: _formatting,
    inline.Superscript: _formatting,
    inline.Deleted: _formatting,
}
_WRITERS: Final = _Writers(_BUILT_IN)


#: How generated functions write fields of some types without a look at the value's class.
_KNOWN = {
    "str": "{text(node.%s)}",
    "str | None": "{'null' if (value := node.%s) is None else text(value)}",
    "int": "{node.%s}",
    "bool": "{'true' if node.%s else 'false'}",
}
_ITEMS = "[{items(node.%s)}]"
_OTHER = "{writers[(value := node.%s).__class__](value)}"


def _generated(kind: Any) -> Writer:
    """Return a function that returns ``f'{"type":…}'`` with a placeholder for every field of a class."""
    parts, lines = [], []
    if issubclass(kind, Node):
        lines = ["    source, start = node._source, node._start", "    end = start + node._to_end"]
        span = "{f'[{start - 1},{end - 1}]' if start > 0 < end <= source.direct else span(source, start, end)}"
        parts = [f'"type":"{kind.__name__}"', f'"span":{span}']
    types = {field.name: str(field.type) for field in fields(kind)}
    for name in keys_of(kind):
        type_ = types.get(name, "")
        known = _ITEMS if type_.startswith("tuple[") else _KNOWN.get(type_, _OTHER)
        parts.append(f'"{name}":{known % name}')
    scope: dict[str, Any] = {"span": _span, "writers": _WRITERS, "items": items_text, "text": encode_basestring}
    exec("\n".join(["def write(node):", *lines, f'    return f"""{{{{{",".join(parts)}}}}}"""']), scope)
    writer: Writer = scope["write"]
    return writer
