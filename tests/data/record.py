"""Records what the data plugin makes of the cases in this folder.

    python record.py DOKUWIKI EVALUATE

DOKUWIKI is the folder of an installed DokuWiki with the data plugin, EVALUATE a PHP script that is given that folder
and a wiki as a JSON file, and prints what the plugin stores and answers (such a one lies beside the evidence).
The inputs stay as they are; what was recorded before is replaced.
"""

import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from plugin_view import cells_of

HERE = Path(__file__).parent


def ask(dokuwiki, evaluate, wiki):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(wiki, file)
        file.flush()
        answer = subprocess.run(["php", evaluate, dokuwiki, file.name], capture_output=True, check=True)
    return json.loads(answer.stdout)


def record_entries(dokuwiki, evaluate):
    path = HERE / "entries.json"
    cases = json.loads(path.read_text("utf-8"))
    for case in cases["cases"]:
        text = f"---- dataentry ----\n{case['body']}\n----\n"
        wiki = {**cases["context"], "pages": [{"id": "p", "text": text}], "queries": []}
        case["stored"] = [
            [row["key"], row["value"]] for row in ask(dokuwiki, evaluate, wiki)["stored"] if row["key"] is not None
        ]
    write(path, cases)


def record_queries(dokuwiki, evaluate):
    path = HERE / "queries.json"
    cases = json.loads(path.read_text("utf-8"))
    queries = [
        {"id": str(number), "page": "p", "text": f"---- datatable ----\n{case['body']}\n----\n"}
        for number, case in enumerate(cases)
    ]
    answers = ask(dokuwiki, evaluate, {"pages": [], "queries": queries})["results"]
    for case, answer in zip(cases, answers, strict=True):
        case["parsed"] = answer["handled"] and simplified(answer["handled"])
    write(path, cases)


def simplified(handled):
    """The plugin's own reading, without its SQL and without what says nothing."""
    parsed = {
        name: value
        for name, value in handled.items()
        if name not in ("sql", "cur_param") and value not in ([], "", 0, False)
    }
    parsed["cols"] = [
        [column["key"], column["colname"], column["type"], column["multi"]] for column in handled["cols"].values()
    ]
    parsed["filter"] = [[part["logic"], part["colname"], part["compare"], part["value"]] for part in handled["filter"]]
    return parsed


def record_wikis(dokuwiki, evaluate):
    path = HERE / "wikis.jsonl"
    wikis = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for wiki in wikis:
        answer = ask(dokuwiki, evaluate, wiki)
        results = {result["id"]: result for result in answer["results"]}
        wiki["unreadable"] = list(answer["load_errors"] or [])
        wiki["stored"] = [list(row.values()) for row in answer["stored"]]
        wiki["results"] = [result_of(results.get(query["id"], {})) for query in wiki["queries"]]
    path.write_text("".join(json.dumps(wiki, ensure_ascii=False) + "\n" for wiki in wikis), "utf-8")


def result_of(result):
    if "rows" not in result:
        return None
    if result["plugin"] in ("data_table", "data_list"):
        return result["rows"]
    if result["plugin"] == "data_related":
        return [[row["page"], row["rel"]] for row in result["rows"]]
    # Values of some types are shown as something else; of those the order is not known.
    shown = [html.unescape(name) for name in re.findall(r"<a [^>]*>([^<]*)</a>", result["xhtml"])]
    return {
        "counts": {str(row["value"]): row["cnt"] for row in result["rows"]},
        "shown": shown if len(shown) == len(result["rows"]) else None,
        "weights": [int(weight) for weight in re.findall(r'class="cl(\d)"', result["xhtml"])],
    }


def record_shown(dokuwiki, evaluate):
    path = HERE / "shown.jsonl"
    wikis = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for wiki in wikis:
        queries = [{"id": str(number), "text": text} for number, text in enumerate(wiki["queries"])]
        answers = ask(dokuwiki, evaluate, {**wiki, "queries": queries})["results"]
        wiki["shown"] = [cells_of(answer["xhtml"]) for answer in answers]
    path.write_text("".join(json.dumps(wiki, ensure_ascii=False) + "\n" for wiki in wikis), "utf-8")


def write(path, data):
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    for record in (record_entries, record_queries, record_wikis, record_shown):
        record(*sys.argv[1:3])
