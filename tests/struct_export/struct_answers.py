"""What the plugin struct answers after an import of what `struct` wrote, and whether it is what the report says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dokuwiki_data as dw
from dokuwiki_data.engine.context import Context
from dokuwiki_data.struct_export.blocks import TranslatedBlock
from dokuwiki_data.struct_export.exporting import StructExport

SCRIPT = Path(__file__).with_name("asking.php")
#: What the values of some types link to.
LINKS = {"pageid": "{page}", "nspage": "{key}:{value}"}
FOLDERS = "attic cache index locks log media media_attic media_meta meta pages tmp".split()


def make_wiki(dokuwiki: Path, texts: Mapping[str, str], root: Path) -> None:
    """Make a wiki of an installation in an empty folder; the plugin data is not active there.

    Args:
        dokuwiki: The folder of the installation.
        texts: The pages by id.
        root: The folder for the wiki's data and configuration.
    """
    shutil.copytree(dokuwiki / "conf", root / "conf")
    settings = {"savedir": f"{root}/data", "useacl": "0", "fnencode": "utf-8"}
    lines = [f"$conf['{name}'] = '{value}';\n" for name, value in settings.items()]
    (root / "conf" / "local.php").write_text("<?php\n" + "".join(lines))
    (root / "conf" / "plugins.local.php").write_text("<?php\n$plugins['data'] = 0;\n")
    for name in FOLDERS:
        (root / "data" / name).mkdir(parents=True)
    for page_id, text in texts.items():
        path = root / "data" / "pages" / (page_id.replace(":", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        os.utime(path, (1_600_000_000, 1_600_000_000))  # else DokuWiki waits a second before it saves the page


def import_into_struct(dokuwiki: Path, root: Path, export: Path, user: str = "") -> Any:
    """Import an export of a wiki of `make_wiki` by its script, and return what struct says then, see `asking.php`.

    What the import refuses is added as ``refused``.
    """
    done = _run(export / "import.php", dokuwiki, root / "conf")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    answer = _run(SCRIPT, dokuwiki, root, export, user)
    assert answer.returncode == 0, answer.stderr[-2000:] + answer.stdout[-2000:]
    return {"refused": done.stderr.splitlines(), **json.loads(answer.stdout)}


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["php", *map(str, arguments)], capture_output=True, text=True)


def check_import(done: StructExport, told: Any) -> None:
    """Check that struct takes every value, and that each page has the schemas of its entries."""
    assert told["refused"] == []
    expected = {page: [schema.name for schema in done.schemas if page in schema.entries] for page in told["assigned"]}
    assert {page: sorted(names) for page, names in told["assigned"].items()} == {
        page: sorted(names) for page, names in expected.items()
    }


def wrong_blocks(done: StructExport, told: Any, wiki: dw.Wiki, context: Context) -> dict[str, str]:
    """Return what struct shows otherwise for blocks that the report calls exact, by the block's place."""
    wrong = {}
    queries = {(page_id, number): node.query for page_id, number, node in wiki.queries}
    for report, answer in zip(done.blocks, told["answers"], strict=True):
        if report.block.state == "exact":
            query = queries[report.page_id, report.number]
            problem = _problem(query, report.block, answer, wiki, report.page_id, context)
            if problem:
                wrong[f"{report.page_id}:{report.number}"] = f"{problem}\n{query}\n{report.block.text}"
    return wrong


def _problem(
    query: dw.Query, block: TranslatedBlock, answer: Any, wiki: dw.Wiki, page_id: str, context: Context
) -> str:
    if isinstance(answer, dict):
        return f"struct refuses it: {answer['error']}"
    expected = wiki.evaluate(query, page_id=page_id, context=context)
    if query.kind == "cloud":
        counts = [[str(row.cells[0][0]), row.cells[1][0]] for row in expected]
        wanted = [[value, count] for value, count in counts if value.strip()]
        if len(wanted) < len(counts) and not block.notes:
            return "no note says that struct leaves out the empty value"
        return "" if answer == wanted else f"struct counts {answer}, data {wanted}"
    rows = dict(answer)
    wanted_rows = {row.page_id: row for row in expected}
    if len(answer) != len(rows) or rows.keys() != wanted_rows.keys():
        return f"struct shows {[page for page, _ in answer]}, data {list(wanted_rows)}"
    if any(len(cells) != len(query.selected) for cells in rows.values()):
        return f"struct shows other columns: {rows}"
    for page, cells in rows.items():
        for column, (raw, shown), cell in zip(query.selected, cells, wanted_rows[page].cells, strict=True):
            raw = [text for text in raw if text]
            values = [str(value) for value in cell if str(value).strip()]
            if column.key == "%title%":
                titles = [wiki[page].title] if page in wiki else []
                if (raw, shown) != ([page], titles):
                    return f"{page}: struct shows {raw} as {shown}, data {titles}"
            if target := LINKS.get(context.type_of(column).base):
                values = [f"[[:{target.format(page=page, key=column.key, value=value)}|{value}]]" for value in values]
            if column.key != "%title%" and raw != values:
                return f"{page}, {column.name}: struct shows {raw}, data {values}"
    keys = _sort_keys(query, wiki, page_id, context)
    order = [[keys[page] for page in pages] for pages in (rows, wanted_rows)]
    return "" if order[0] == order[1] else f"struct's order is {list(rows)}, that of data {list(wanted_rows)}: {order}"


def _sort_keys(query: dw.Query, wiki: dw.Wiki, page_id: str, context: Context) -> dict[str, Any]:
    """Return what each page is sorted by: pages of an equal one are in any order."""
    column = query.sort.column if query.sort else query.selected[0]
    asked = replace(query, columns=(column,), sort=None, limit=None)
    return {row.page_id: row.cells[0] for row in wiki.evaluate(asked, page_id=page_id, context=context)}
