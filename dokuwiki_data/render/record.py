"""Write pages as records, which have a version and a schema: as values, JSON lines, a JSON array or YAML documents."""

from __future__ import annotations

import json as _json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.characters import as_json, encoded_json, replace_surrogates, safe_json
from dokuwiki_data.render.json_text import array_text, escaped, items_text, keys_of, value_text
from dokuwiki_data.text import Span

FORMAT = "dokuwiki-data/page"
VERSION = 1

Record = dict[str, Any]

#: The parts of a record that describe the page itself; a record has both of them by default.
PAGE_PARTS = ("text", "ast")
NOTHING_MORE: Mapping[str, Any] = {}


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
        for name in keys_of(kind):
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
    if isinstance(value, str):  # of a class derived from it
        return replace_surrogates(value)
    if isinstance(value, (int, float)):
        return value
    # Values of the data plugin's language: columns, comparisons, queries.
    return {name: _plain(getattr(value, name), waiting) for name in keys_of(kind)}


_SCALARS = frozenset((bool, int, float))
_SEQUENCES = frozenset((tuple, list))


# ------------------------------------------------------------------------------------------------ as a line


def json_line(page: Page, parts: Collection[str] = PAGE_PARTS, more: Mapping[str, Any] = NOTHING_MORE) -> str:
    """Return the record of a page as one line of JSON without a line end; the arguments are those of `json`."""
    return safe_json(_line_of(page, parts, more))


def _line_of(page: Page, parts: Collection[str], more: Mapping[str, Any], end: str = "") -> str:
    """Return the line before it is made safe, with ``end`` behind it."""
    try:
        # Each piece is copied once.
        pieces = [
            f'{{"format":"{FORMAT}","version":{VERSION},"page_id":{encode_basestring(page.page_id)},'
            f'"title":{encode_basestring(page.title)},"modified":{value_text(page.modified)}'
        ]
        if "text" in parts:
            pieces += (',"text":"', escaped(str(page)), '"')
        if "ast" in parts:
            pieces += (',"content":[', items_text(page.content), "]")
        for name, value in more.items():
            pieces += (f',"{name}":', value_text(value))
        pieces.append(f',"diagnostics":[{",".join(map(_diagnostic, page.diagnostics))}]}}{end}')
        return "".join(pieces)
    except RecursionError:  # a very deep tree
        return as_json(json(page, parts, more)) + end


def _diagnostic(found: Any) -> str:
    line, column = found.position
    return (
        f'{{"kind":{encode_basestring(found.kind)},"message":{encode_basestring(found.message)},'
        f'"span":{array_text(found.span)},"line":{line},"column":{column}}}'
    )


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
) -> bytes:
    """Return the record of a page in a format of `STREAMS`, in UTF-8; the other arguments are those of `json`."""
    if format_ == "yaml":
        return _document(json(page, parts, more)).encode()
    return encoded_json(_line_of(page, parts, more, "\n" if format_ == "jsonl" else ""))


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
