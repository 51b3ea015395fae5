"""Records one after another, as text: JSON lines, one JSON array, or YAML documents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.record import NOTHING_MORE, PAGE_PARTS, Record, json, json_line


class Stream(NamedTuple):
    """A format of records: how each is written, and the text around them. Call it with records to write them all."""

    written: Callable[[Record], str]
    before: str = ""
    between: str = ""
    after: str = ""
    #: The whole text if there are no records.
    nothing: str = ""
    #: Returns a word as it is written as the value of a key.
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
    import yaml  # imported only where YAML is written, since it takes long

    text: str = yaml.dump(
        value, Dumper=_dumper(), explicit_start=explicit_start, default_flow_style=None, allow_unicode=True,
        sort_keys=False, width=_NO_FOLDING,
    )  # fmt: skip
    return text


@cache
def _dumper() -> Any:
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(base):  # type: ignore[misc]
        """Writes texts of several lines as block scalars."""

    def represent(dumper: Any, text: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)

    Dumper.add_representer(str, represent)
    return Dumper


_NO_FOLDING = 2**31 - 1

#: The formats of records by name.
STREAMS: dict[str, Stream] = {
    "jsonl": Stream(_line),
    "json": Stream(as_json, before="[\n", between=",\n", after="\n]\n", nothing="[]\n"),
    "yaml": Stream(_document, gap=" {}\n".format),
}
