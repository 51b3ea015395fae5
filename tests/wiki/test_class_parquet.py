"""The tables of classes in Parquet: what `Wiki.entries` gives, replaced together with the other tables."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import dokuwiki_data as dw
from dokuwiki_data import strategies as dws
from dokuwiki_data.conversion import ConversionOptions, all_states, current_states
from dokuwiki_data.dataset.writing import write_dataset
from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.wiki.sources.opening import open_source, source_of_texts

if importlib.util.find_spec("pyarrow") is None:
    pytest.skip("needs the extra parquet", allow_module_level=True)

import pyarrow.parquet

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "wiki"

TYPES = "\n".join([
    "---- dataentry x y ----", "n: 1", "m: 1.5", "day_dt: 2026-11-21", "odd_dt: 2026-02-30", "ok: true", "tags: a, b",
    "at_timestamp: 86400", "page_id: mine", "empty:", "who_mail: a@example.org Ann", "----",
    "---- dataentry x ----", "n: -7", "m: 2", "days_dts: 2026-01-01", "tags: 3", "----",
    "---- dataentry ----", "n: 007", "----", "",
])  # fmt: skip


def written(texts: dict[str, str], folder: Path, context: Context = Context()) -> dict[str, Any]:
    """The tables by the names of their folders."""
    source = source_of_texts(texts)
    files = source.pages(pytest.fail)
    options = ConversionOptions(pages=files, context=context)
    for _ in write_dataset(source, current_states(files), folder, "w", pytest.fail, options):
        pass
    return {
        path.parent.name: pyarrow.parquet.read_table(path, partitioning=None)
        for path in sorted(folder.glob("classes/wiki=w/*/part-00000.parquet"))
    }


def expected(texts: dict[str, str], context: Context = Context()) -> dict[str, Any]:
    wiki = dw.Wiki.from_pages(dw.parse(text, page_id=page_id) for page_id, text in texts.items())
    return {
        f"class={name or 'no_class'}": wiki.entries(name, infer=True, context=context).to_arrow()
        for name in wiki.entry_classes
    }


def same(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert list(found) == sorted(wanted)
    for name, table in found.items():
        assert table.to_pylist() == wanted[name].to_pylist()
        # A column without any value has no type to compare.
        for field in wanted[name].schema:
            if any(wanted[name][field.name].to_pylist()):
                type_ = str(field.type).replace("[s,", "[ms,").replace("item:", "element:")  # as Parquet calls them
                assert (field.name, str(table.schema.field(field.name).type)) == (field.name, type_)
        assert table.schema.names == wanted[name].schema.names


def test_values_have_the_types_of_the_library(tmp_path: Path) -> None:
    found = written({"a": TYPES, "b:c": TYPES.replace("007", "8")}, tmp_path)
    same(found, expected({"a": TYPES, "b:c": TYPES.replace("007", "8")}))
    assert {field.name: str(field.type) for field in found["class=x"].schema} == {
        "page_id": "string", "page_title": "string", "entry_number": "int64", "n": "int64", "m": "double",
        "day": "date32[day]", "odd": "string", "ok": "bool", "tag": "list<element: string>",
        "at": "timestamp[ms, tz=UTC]", "page": "string", "empty": "string", "who": "string",
        "days": "list<element: date32[day]>",
    }  # fmt: skip


@settings(max_examples=6)
@given(texts=dws.wikis())
def test_each_class_of_any_wiki(texts: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    pages = {page.page_id: str(page) for page in texts.values()}
    pages = dict(sorted(pages.items()))
    same(written(pages, tmp_path_factory.mktemp("d")), expected(pages))


def test_the_aliases_of_types_count(tmp_path: Path) -> None:
    context = Context(aliases=(TypeAlias("day", "dt"),))
    texts = {"a": "---- dataentry x ----\nseen_day: 2026-1-2\n----\n"}
    same(written(texts, tmp_path, context), expected(texts, context))


def test_a_class_that_is_gone_is_gone(tmp_path: Path) -> None:
    assert list(written({"a": TYPES}, tmp_path)) == ["class=no_class", "class=x", "class=y"]
    assert list(written({"a": "---- dataentry Z ----\n\n----\n"}, tmp_path)) == ["class=%5A"]
    assert list(written({"a": "no entry"}, tmp_path)) == []


def test_old_states_have_no_entries_in_tables_of_classes(tmp_path: Path) -> None:
    source = open_source(EXAMPLE, report=pytest.fail)
    files = source.pages(pytest.fail)
    options = ConversionOptions(pages=files, revisions=True)
    for _ in write_dataset(
        source, all_states(source, files, lambda page_id: True, pytest.fail), tmp_path, "w", pytest.fail, options
    ):
        pass
    wiki = dw.Wiki.open(EXAMPLE)
    for name in wiki.entry_classes:
        (path,) = tmp_path.glob(f"classes/wiki=w/class={name}/*.parquet")
        assert pyarrow.parquet.read_metadata(path).num_rows == len(wiki.entries(name).rows)
