"""Queries over Parquet: the rows of the evaluator, of one wiki and of many."""

from __future__ import annotations

import importlib.util
import json
import lzma
import random
import runpy
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import dokuwiki_data as dw
from dokuwiki_data.dataset.folder import replacing_wiki, wiki_metadata
from dokuwiki_data.dataset.writing import ShardBuilder
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.query_engine import QueryEngine

sys.path.insert(0, str(Path(__file__).parent.parent / "data"))
from plugin_view import context_of

if importlib.util.find_spec("duckdb") is None or importlib.util.find_spec("pyarrow") is None:
    pytest.skip("needs the extras duckdb and parquet", allow_module_level=True)

from dokuwiki_data.dataset.reading import Dataset, with_wiki

SEMANTICS = ("plugin", "intuitive")


def write(folder: Path, name: str, pages: list[dw.Page], at_a_time: int = 4) -> None:
    """Pages as a wiki of a dataset, in several shards."""
    with replacing_wiki(folder, name) as places:
        for start in range(0, len(pages), at_a_time):
            builder = ShardBuilder(wiki_metadata(dw.Syntax(), Context()))
            for page in pages[start : start + at_a_time]:
                builder.add(page, "{}")
            for table, shard in builder.build().items():
                places.add(table, shard)


def random_wikis(shared: Path) -> list[dict[str, Any]]:
    with lzma.open(shared / "wikis" / "random.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def pages_of(recorded: dict[str, Any], namespace: str = "") -> list[dw.Page]:
    pages = [
        dw.parse(page["text"], page_id=namespace + page["id"], modified=page.get("mtime")) for page in recorded["pages"]
    ]
    return sorted(pages, key=lambda page: page.page_id)


def answer(wiki: Any, *arguments: Any, **named: Any) -> Any:
    """The table, or the problem with the query."""
    try:
        return wiki.evaluate(*arguments, **named)
    except dw.QueryError as error:
        return str(error)


def test_every_query_of_random_wikis_has_the_evaluators_rows(shared: Path, tmp_path: Path) -> None:
    asked = 0
    for number, one in enumerate(random_wikis(shared)[::8]):  # DuckDB takes 10 ms for each query
        pages = pages_of(one)
        write(tmp_path / str(number), "a", pages, at_a_time=8)
        dataset, evaluator = Dataset(tmp_path / str(number)), QueryEngine(pages)
        context = context_of(one, today=date.fromisoformat(one["now"]))
        for question in one["queries"]:
            (node,) = dw.parse(question["text"]).queries
            named = {"page_id": question["page"], "context": context, "semantics": SEMANTICS[asked % 10 == 9]}
            assert answer(dataset, node, **named) == answer(evaluator, node, **named)
            asked += 1
    assert asked == 228


def test_many_wikis_answer_as_one(shared: Path, tmp_path: Path) -> None:
    choose = random.Random(4)
    recorded = random_wikis(shared)
    for round_ in range(2):
        chosen = choose.sample(recorded, choose.randint(2, 6))
        pages = {f"w{number}": pages_of(one, f"w{number}:") for number, one in enumerate(chosen)}
        folder = tmp_path / str(round_)
        for name in choose.sample(sorted(pages), len(pages)):
            write(folder, name, pages[name])
        dataset, evaluator = Dataset(folder), QueryEngine(page for of_wiki in pages.values() for page in of_wiki)
        for number, one in enumerate(chosen):
            context = context_of(one, today=date.fromisoformat(one["now"]), useheading=bool(round_ % 2))
            for question in one["queries"]:
                (node,) = dw.parse(question["text"]).queries
                named = {"page_id": f"w{number}:{question['page']}", "context": context}
                expected = answer(evaluator, node, **named)
                assert answer(dataset, node, **named) == expected
                if isinstance(expected, dw.Result) and node.kind in ("table", "list"):
                    table = dataset.evaluate(with_wiki(node.query), **named)
                    assert [row.page_id for row in table] == [row.page_id for row in expected]
                    assert [row.cells[-1] for row in table] == [(row.page_id.partition(":")[0],) for row in table]


def test_the_connection_reads_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "wikis", "a", [dw.parse("text", page_id="p")])
    (tmp_path / "other.csv").write_text("a\n1\n")
    connection = Dataset(tmp_path / "wikis").connect()
    assert connection.execute("SELECT wiki, page_id, text FROM pages").fetchall() == [("a", "p", "text")]
    with pytest.raises(Exception, match="disabled by configuration"):
        connection.execute(f"SELECT * FROM read_csv('{tmp_path / 'other.csv'}')")


def test_a_wiki_can_be_asked_for_compared_and_counted(tmp_path: Path) -> None:
    for name, values in (("one", "ab"), ("two", "bcd")):
        write(tmp_path, name, [dw.parse(f"---- dataentry ----\nv: {v}\n----\n", page_id=v) for v in values])
    dataset = Dataset(tmp_path)

    def cells(query: str) -> list[tuple[Any, ...]]:
        return [tuple(cell[0] for cell in row.cells) for row in dataset.evaluate(dw.Query.parse(query))]

    assert cells("cols: v, %wiki%") == [("a", "one"), ("b", "one"), ("b", "two"), ("c", "two"), ("d", "two")]
    assert cells("cols: v; filter: %wiki% = two; sort: ^v") == [("d",), ("c",), ("b",)]
    assert cells("cols: v; sort: ^%wiki%; limit: 1") == [("d",)]
    assert cells("---- datacloud ----\nfield: %wiki%\n----\n") == [("one", 2), ("two", 3)]


def test_the_example(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    root = Path(__file__).parent.parent.parent
    script = runpy.run_path(str(root / "examples" / "data_frame.py"))
    reviews, maturity = script["frames"]([root / "examples" / "wiki"], tmp_path)
    assert list(reviews.columns) == ["%wiki%", "Title", "type", "reviewed", "maturity"]
    assert len(reviews) == 26
    assert reviews["reviewed"].is_monotonic_increasing
    assert maturity.set_index("type")["pages"].to_dict() == {"practice": 5, "process": 7, "tool": 5}
