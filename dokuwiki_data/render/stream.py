"""Records one after another, as text: JSON lines, one JSON array, or YAML documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.record import Record


def _json_lines(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        yield as_json(record) + "\n"


def _json_array(records: Iterable[Record]) -> Iterator[str]:
    before = "[\n"
    for record in records:
        yield before + as_json(record)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _yaml_documents(records: Iterable[Record]) -> Iterator[str]:
    import yaml  # only who asks for YAML pays for it

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(base):  # type: ignore[misc]
        """Writes texts of several lines as such."""

    def represent(dumper: Any, text: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)

    Dumper.add_representer(str, represent)
    for record in records:
        yield yaml.dump(
            record, Dumper=Dumper, explicit_start=True, default_flow_style=None, allow_unicode=True,
            sort_keys=False, width=_NO_FOLDING,
        )  # fmt: skip


_NO_FOLDING = 2**31 - 1

#: How records are written, by the name of the format.
STREAMS: dict[str, Callable[[Iterable[Record]], Iterator[str]]] = {
    "jsonl": _json_lines,
    "json": _json_array,
    "yaml": _yaml_documents,
}
