"""Record what DokuWiki makes of the cases in this folder, and the trees that we make of them.

    python tests/cases/record.py DOKUWIKI [FILE…]

DOKUWIKI is the folder of an installed DokuWiki of the release that the cases are for, with the data plugin;
PHP must be installed. A case needs a title and an input; the rest is written here. Look at the
difference before you commit it: what DokuWiki says is right, what the tree says has to be judged.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from helpers import as_lines, normalised, syntax_of  # noqa: E402

import dokuwiki_data as dw  # noqa: E402

RELEASE = "2026-07-14"


class Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, where YAML can."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Dumper.add_representer(str, _represent)


def ask(dokuwiki: Path, texts: Iterable[str], settings: dict[str, Any]) -> list[Any]:
    """DokuWiki's instruction lists of some texts under some settings."""
    command = ["php", str(HERE / "dokuwiki.php"), str(dokuwiki), json.dumps(settings)]
    pages = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    answers = subprocess.run(command, input=pages, capture_output=True, text=True, check=True).stdout
    return [normalised(json.loads(line)["calls"]) for line in answers.splitlines()]


def record(path: Path, dokuwiki: Path) -> None:
    """Write a file of cases anew; the comment at its top stays."""
    text = path.read_text("utf-8")
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    cases = yaml.safe_load(text)
    groups: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        groups.setdefault(json.dumps(case.get("settings", {})), []).append(case)
    for settings, group in groups.items():
        lists = ask(dokuwiki, [case["input"] for case in group], json.loads(settings))
        for case, calls in zip(group, lists, strict=True):
            page = dw.parse(case["input"], syntax=syntax_of(case))
            ours = as_lines(dw.render.instructions(page))
            if "reason" in case:
                case |= {"reference": as_lines(calls), "ours": ours}
            else:
                case |= {"calls": as_lines(calls), "tree": page.pretty() + "\n"}
            if (as_lines(calls) != ours) != ("reason" in case):
                print(f"{path.name}: {case['title']}: we {'differ' if 'reason' not in case else 'agree'}")
    body = "\n".join(
        yaml.dump([case], Dumper=Dumper, allow_unicode=True, sort_keys=False, width=2**31 - 1) for case in cases
    )
    path.write_text(f"{comment}\n{body}", "utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("dokuwiki", type=Path, metavar="DOKUWIKI")
    arguments.add_argument("files", type=Path, nargs="*", metavar="FILE")
    given = arguments.parse_args()
    version = (given.dokuwiki / "VERSION").read_text()
    if not version.startswith(RELEASE):
        raise SystemExit(f"the cases are for release {RELEASE}, this is {version.strip()}")
    for path in given.files or sorted(HERE.glob("*.yaml")):
        record(path, given.dokuwiki)


if __name__ == "__main__":
    main()
