"""Queries as bases of Obsidian: they show the rows of the plugin, or there is a reason why not."""

import json
import lzma
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from bases import Link, Vault
from exported import manifest, write_wiki
from helpers import read_yaml

import dokuwiki_data as dw
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.exporting import export

CASES = read_yaml(Path(__file__).with_name("bases.yaml"))
#: Cases of the random wikis of the evidence that are asked.
STEP = 30


def block(case):
    """The query of a case as it stands in a page."""
    return str(dw.Query.parse(case["query"], case.get("kind", "table")))


def with_queries(blocks):
    """The pages of all cases, and one for each query."""
    return CASES["pages"] | {f"q:{number}": text for number, text in enumerate(blocks)}


def bases_of(vault, file):
    """The bases of a note, in the order of its queries."""
    numbered = sorted((vault / file).parent.glob(f"{Path(file).stem}-*.base"), key=lambda path: (len(path.name), path))
    return [yaml.safe_load(path.read_text("utf-8")) for path in numbered]


def texts(value, pages):
    """A value of a column as the plugin has it: texts."""
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(text for item in value for text in texts(item, pages))
    if isinstance(value, Link):
        return (pages.get(value.path, value.path),)
    if isinstance(value, bool):
        return (str(value).lower(),)
    return (value.isoformat() if isinstance(value, date) else str(value),)


def compared(source, folder):
    """Export a wiki with live queries, and compare what the bases show with the answers. Returns how many there are."""
    export(source, folder, "obsidian", queries="live")
    wiki, vault, count = dw.Wiki.open(source), Vault(folder), 0
    context = wiki.context(today=date.today())
    made = manifest(folder)["pages"]
    pages = {one["file"]: page_id for page_id, one in made.items()}
    for page_id, one in made.items():
        reasons = [loss for loss in one["losses"] if loss["kind"] in ("live-query", "query")]
        bases = bases_of(folder, one["file"])
        lines = {loss["line"] for loss in reasons}
        queries = [query for query in wiki[page_id].queries if query.query.selected]
        queries = [query for query in queries if query.position.line not in lines]
        assert len(bases) == len(queries), page_id
        for base, query in zip(bases, queries, strict=True):
            result = wiki.evaluate(query, page_id=page_id, context=context)
            rows = {pages[note.path]: values for note, values in vault.rows(base)}
            assert rows.keys() == {row.page_id for row in result.rows}, query.source
            for row in result.rows:
                for column, cell, value in zip(result.columns, row.cells, rows[row.page_id], strict=True):
                    # The plugin stores the names of pages in a namespace, and a link has their ids.
                    if not column.special and context.type_of(column).base != "nspage":
                        assert texts(value, pages) == tuple(filter(None, cell)), query.source
            count += 1
    return count


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vault")
    blocks = [block(case) for case in CASES["live"] + CASES["none"]]
    source = write_wiki(folder, with_queries(blocks)) / "data"
    export(source, folder / "vault", "obsidian", queries="live")
    return folder / "vault"


@pytest.mark.parametrize(("number", "case"), [*enumerate(CASES["live"])], ids=lambda case: str(case)[:40])
def test_filters(vault, number, case):
    assert (vault / f"q/{number}.md").read_text("utf-8").endswith(f"![[q/{number}-1.base]]\n")
    (base,) = bases_of(vault, f"q/{number}.md")
    assert base["filters"] == case["filters"]


@pytest.mark.parametrize(("number", "case"), [*enumerate(CASES["none"], len(CASES["live"]))])
def test_what_bases_cannot_say_is_answered(vault, number, case):
    assert not bases_of(vault, f"q/{number}.md")
    (loss,) = (one for one in manifest(vault)["pages"][f"q:{number}"]["losses"] if one["kind"] == "live-query")
    assert case["reason"] in loss["what"]
    assert (loss["line"], loss["column"]) == (1, 1)


def test_bases_of_the_cases_show_the_rows_of_the_plugin(tmp_path):
    source = write_wiki(tmp_path / "wiki", with_queries(map(block, CASES["live"]))) / "data"
    assert compared(source, tmp_path / "vault") == len(CASES["live"])


def test_bases_of_the_example_show_the_rows_of_the_plugin(tmp_path):
    assert compared(Path("examples/wiki"), tmp_path) > 30


def test_bases_of_random_wikis_show_the_rows_of_the_plugin(shared, tmp_path):
    count = 0
    with lzma.open(shared / "wikis" / "random.jsonl.xz", "rt") as lines:
        for number, line in enumerate(lines):
            if number % STEP:
                continue
            wiki = json.loads(line)
            pages = {page["id"]: page["text"] for page in wiki["pages"]}
            asked = [query["text"] for query in wiki["queries"] if re.match("-+ ?data(?:table|list)", query["text"])]
            pages |= {f"q:{number}": text for number, text in enumerate(asked)}
            folder = tmp_path / str(number)
            count += compared(write_wiki(folder, pages) / "data", folder / "vault")
    assert count


def test_a_base_is_written_as_people_do(tmp_path):
    query = {"query": "cols: %title%, minutes_, kind; headers: Tea; filter: minutes_ > 0; sort: ^minutes_; limit: 3"}
    source = write_wiki(tmp_path / "wiki", with_queries([block(query)])) / "data"
    export(source, tmp_path / "vault", "obsidian", queries="live")
    assert (
        (tmp_path / "vault/q/0-1.base").read_text("utf-8")
        == """\
filters:
  and:
  - 'file.hasProperty("tea_minutes") && tea_minutes > 0'
formulas:
  title: "if(title, file.asLink(title), file.asLink())"
properties:
  formula.title:
    displayName: Tea
  note.tea_minutes:
    displayName: minutes
  note.tea_kind:
    displayName: kind
views:
- type: table
  name: Table
  order:
  - formula.title
  - note.tea_minutes
  - note.tea_kind
  sort:
  - property: note.tea_minutes
    direction: DESC
  limit: 3
"""
    )


def test_entries_that_queries_do_not_find_are_in_no_base(tmp_path):
    entry = "---- dataentry tea ----\nkind: {}\n----\n"
    query = block({"query": "cols: kind; filter: kind = green"})
    pages = {"a": entry.format("green") + "\n" + entry.format("black"), "q": query}
    export(write_wiki(tmp_path / "wiki", pages) / "data", tmp_path / "vault", "obsidian", queries="live")
    (loss,) = manifest(tmp_path / "vault")["pages"]["q"]["losses"]
    assert loss["what"] == "tea_kind has values of entries that queries do not find"


def test_pages_that_are_left_out_are_in_no_base(tmp_path):
    source = write_wiki(tmp_path / "wiki", with_queries([block({"query": "cols: kind"})])) / "data"
    export(source, tmp_path / "vault", "obsidian", queries="live", namespaces=["q"])
    (loss,) = (one for one in manifest(tmp_path / "vault")["pages"]["q:0"]["losses"] if one["kind"] == "live-query")
    assert loss["what"] == "some of its pages are not in the vault"


@pytest.mark.parametrize(
    ("options", "message"),
    [({"queries": "asked"}, "not 'asked'"), ({"queries": "live", "data": "table"}, "live queries ask for properties")],
)
def test_options_that_do_not_fit_are_errors(tmp_path, options, message):
    with pytest.raises(OutputError, match=message):
        export("examples/wiki", tmp_path, "obsidian", **options)
