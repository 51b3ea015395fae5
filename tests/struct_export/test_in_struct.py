"""What the report of `struct` calls exact, the plugin struct itself shows as the plugin data does.

The environment variable DOKUWIKI names the folder of an installed DokuWiki, or several as PATH does; those with the
plugins struct and sqlite are asked. PHP must be there.
"""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from struct_answers import check_import, import_into_struct, make_wiki, wrong_blocks
from test_struct_folder import TEMPLATES

import dokuwiki_data as dw
from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.struct_export.exporting import StructExport
from dokuwiki_data.struct_export.types import SETTINGS

HERE = Path(__file__).parent
EXAMPLE = HERE.parent.parent / "examples" / "wiki"
WIKIS = [json.loads(line) for line in (HERE.parent / "data" / "wikis.jsonl").read_text("utf-8").splitlines()]
INSTALLED = [
    folder
    for folder in os.environ.get("DOKUWIKI", "").split(os.pathsep)
    if folder and (Path(folder) / "lib" / "plugins" / "struct").is_dir()
]

pytestmark = pytest.mark.skipif(
    not INSTALLED or shutil.which("php") is None, reason="DOKUWIKI names no DokuWiki with the plugin struct, or no PHP"
)


@pytest.fixture(params=INSTALLED or [""])
def dokuwiki(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def check(texts: dict[str, str], context: Context, dokuwiki: Path, folder: Path, shared=None) -> StructExport:
    make_wiki(dokuwiki, texts, folder / "wiki")
    wiki = dw.Wiki.open(folder / "wiki")
    done = dw.struct(wiki, folder / "export", schemas=shared, context=context)
    told = import_into_struct(dokuwiki, folder / "wiki", folder / "export", context.user)
    check_import(done, told)
    assert wrong_blocks(done, told, wiki, context) == {}
    return done


@pytest.mark.parametrize("shared", [None, {"all": ["*"]}], ids=["schemas by class", "one schema"])
def test_the_example(dokuwiki: Path, tmp_path: Path, shared) -> None:
    wiki = dw.Wiki.open(EXAMPLE)
    texts = {page_id: str(wiki[page_id]) for page_id in wiki}
    done = check(texts, wiki.context(today=date.today()), dokuwiki, tmp_path, shared)
    assert done.states["exact"] >= 32


def check_recorded(recorded: dict[str, Any], dokuwiki: Path, folder: Path) -> StructExport:
    aliases = tuple(
        TypeAlias(alias["name"], *(alias.get(name) or "" for name in ("type", "prefix", "postfix", "enum")))
        for alias in recorded["aliases"]
    )
    context = Context(recorded["user"] or "", tuple(recorded["groups"]), aliases=aliases, today=date.today())
    texts = {page["id"]: page["text"] for page in recorded["pages"]}
    texts |= {f"asks:q{number}": question["text"] for number, question in enumerate(recorded["queries"])}
    return check(texts, context, dokuwiki, folder, {"all": ["*"]})


@pytest.mark.parametrize("recorded", WIKIS, ids=range(len(WIKIS)))
def test_our_wikis(dokuwiki: Path, tmp_path: Path, recorded) -> None:
    check_recorded(recorded, dokuwiki, tmp_path)


#: Values at the borders of what struct's types take.
VALUES = """
    7; 7.50; 1,5; +5; -.5; 5.; 1e3; .; -; 0; 007; 12345678901234567890; 0.1234567890123456; 3 cm; ²; ٣
    2026-01-31; 2026-1-5; 2026-02-30; 2026-01-31 10:00; 2026-01-31T10:00:59; 2026-01-31 25:00; 0026-01-31; 10:00
    #ff0000; #FF00AA; #ffffff; red; #ff00; ann; Ann B; a:b; :a; ?; a@example.org; a@b; example.org; http://; ftp://x
    wiki:logo.png; wiki:logo.pdf; png; [x; a\\; "q"
"""


@pytest.mark.parametrize("type_", SETTINGS)
def test_values_that_struct_refuses_are_known(dokuwiki: Path, tmp_path: Path, type_: str) -> None:
    values = [value.strip().replace("#", "\\#") for value in VALUES.replace("\n", ";").split(";") if value.strip()]
    texts = {f"p{number}": f"---- dataentry x ----\nvalue: {value}\n----\n" for number, value in enumerate(values)}
    given = {"x": {"columns": {"value": {"type": type_}}}}
    check(texts, Context(today=date.today()), dokuwiki, tmp_path, given)


#: Names of columns and classes that could mean something else to struct, SQL, JSON or CSV, and values likewise.
NAMES = [
    'a "b" c', "'; drop table x; --", "a.b", "%x", "%pageid", "^x", "-x", "*", "a, b", "\\#1", "x\ty", "ä", "pid", "0",
    "c=d", "c<d", "c ~ d", "schema.x", "x]", "<b>", "a\\b", "`x`", "$user$", "rev", "published", "col1", "x" * 300,
]  # fmt: skip
CLASSES = ["pages", "sqlite_master", "schema_assignments", "schemas", "titles", "select", "x" * 90, "y" * 90]
HOSTILE = [
    "'",
    '"',
    '""',
    "\\",
    "a\\",
    "x, y",
    "[",
    "[x], y",
    "<b>",
    "$USER$",
    "a$b",
    "%",
    "_",
    "*",
    "--",
    "0",
    "{{a}}",
    "é",
]


def test_names_that_could_mean_something_else(dokuwiki: Path, tmp_path: Path) -> None:
    texts = {}
    for number, value in enumerate(HOSTILE):
        fields = "".join(f"{name}: {value}\n" for name in NAMES)
        texts[f"p{number}"] = f"====== P ======\n---- dataentry x ----\n{fields}many {number}s: {value}, 1\n----\n"
    for number, name in enumerate(NAMES):
        column, value = f'"{name}"' if "," in name else name, HOSTILE[number % len(HOSTILE)]
        filters = ["", *(f"filter: {name} {operator} {value}\n" for operator in ("=", "!=", "~", "~~"))]
        table = f"---- datatable ----\ncols: %pageid%, {column}\nsort: {column}\n"
        tables = "".join(f"{table}{filter_}----\n" for filter_ in filters)
        texts[f"asks:{number}"] = f"{tables}---- datacloud ----\ncols: {column}\n----\n"
    done = check(texts, Context("eve", today=date.today()), dokuwiki, tmp_path)
    assert done.states["exact"] > 50
    assert all(report.block.reason for report in done.blocks if report.block.state == "left")


def test_classes_that_have_the_name_of_a_table(dokuwiki: Path, tmp_path: Path) -> None:
    texts = {f"p{number}": f"---- dataentry {name} ----\na: 1\n----\n" for number, name in enumerate(CLASSES)}
    texts["many"] = (
        "---- dataentry many ----\n" + "".join(f"k{number}_: {number}\n" for number in range(300)) + "----\n"
    )
    texts["asks"] = "---- datatable ----\ncols: k7_, k299_\nfilter: %class% = many\n----\n" + "".join(
        f"---- datatable ----\ncols: a\nfilter: %class% = {name}\n----\n" for name in CLASSES
    )
    done = check(texts, Context(today=date.today()), dokuwiki, tmp_path)
    assert done.states == {"exact": len(CLASSES) + 1}


def test_the_import_tells_what_struct_refuses(dokuwiki: Path, tmp_path: Path) -> None:
    make_wiki(dokuwiki, {"a": "---- dataentry x ----\nday_dt: 2026-01-31\n----\n"}, tmp_path / "wiki")
    dw.struct(tmp_path / "wiki", tmp_path / "export")
    with (tmp_path / "export" / "values" / "x.csv").open("a", newline="") as values:
        values.write("b,2026-01-31\r\na,never\r\n")
    script, conf = tmp_path / "export" / "import.php", tmp_path / "wiki" / "conf"
    done = subprocess.run(["php", script, dokuwiki, conf], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "schemas imported: 1, pages refused: 2\n")
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == ["values/x.csv", "values/x.csv"]
    assert 'Page "b" does not exist' in done.stderr
    done = subprocess.run(["php", script, tmp_path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "usage: php import.php DOKUWIKI [CONF]\n")


def test_new_pages_get_the_schema_of_their_template(dokuwiki: Path, tmp_path: Path) -> None:
    make_wiki(dokuwiki, TEMPLATES, tmp_path / "wiki")
    done = dw.struct(tmp_path / "wiki", tmp_path / "export")
    new = {"tools:new": "tool", "tools:hand:new": "tool", "tools:lent:new": "", "people:new": "person", "new": ""}
    for page_id in new:
        path = tmp_path / "wiki" / "data" / "pages" / (page_id.replace(":", "/") + ".txt")
        path.write_text("New.\n")
    told = import_into_struct(dokuwiki, tmp_path / "wiki", tmp_path / "export")
    assert {page_id: told["assigned"].pop(page_id) for page_id in new} == {
        page_id: [name] if name else [] for page_id, name in new.items()
    }
    check_import(done, told)


@pytest.mark.slow
def test_random_wikis(dokuwiki: Path, tmp_path: Path, shared: Path) -> None:
    states: Counter[str] = Counter()
    with lzma.open(shared / "wikis" / "random.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, 60)):
            states += check_recorded(json.loads(line), dokuwiki, tmp_path / str(number)).states
    assert states["exact"] >= 90


@pytest.mark.slow
def test_a_real_wiki(dokuwiki: Path, tmp_path: Path, shared: Path) -> None:
    """At least 85 % of its blocks are exact."""
    wiki = dw.Wiki.open(shared / "wikis" / "lede-dump.tar.xz")
    texts = {page.page_id: str(page) for page in wiki.readable_pages()}
    done = check(texts, wiki.context(today=date.today()), dokuwiki, tmp_path)
    assert done.states.total() == 424
    assert done.states["exact"] >= 0.85 * 424
