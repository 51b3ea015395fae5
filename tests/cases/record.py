"""Record what DokuWiki makes of the cases in this folder, and the trees that we make of them.

    python tests/cases/record.py DOKUWIKI [FILE…]

DOKUWIKI is the folder of an installed DokuWiki of a known release, with the data plugin; PHP must be installed.
A case needs a title and an input; the rest is written here: first with the newest release, then with the earlier
ones, whose list and tree are written under their name where they differ. Look at the difference before you commit it:
what DokuWiki says is right, what the tree says has to be judged.
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

from helpers import as_lines, is_read, normalised, syntax_of  # noqa: E402

import dokuwiki_data as dw  # noqa: E402
from dokuwiki_data.syntax.configuration import RELEASES  # noqa: E402

NEWEST = RELEASES[0]


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


def record(path: Path, dokuwiki: Path, release: str) -> None:
    """Write a file of cases anew; the comment at its top stays."""
    text = path.read_text("utf-8")
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    cases = yaml.safe_load(text)
    groups: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        if not is_read(case, release):
            continue
        groups.setdefault(json.dumps(case.get("settings", {})), []).append(case)
    for settings, group in groups.items():
        lists = ask(dokuwiki, [case["input"] for case in group], json.loads(settings))
        for case, calls in zip(group, lists, strict=True):
            page = dw.parse(case["input"], syntax=syntax_of(case, release))
            ours = as_lines(dw.render.instructions(page))
            _say(case, release, {"calls": as_lines(calls), "tree": page.pretty() + "\n"})
            if as_lines(calls) != ours:
                print(f"{path.name}: {case['title']}: we differ")
    body = "\n".join(
        yaml.dump([case], Dumper=Dumper, allow_unicode=True, sort_keys=False, width=2**31 - 1) for case in cases
    )
    path.write_text(f"{comment}\n{body}", "utf-8")


def _say(case: dict[str, Any], release: str, said: dict[str, str]) -> None:
    """Put what a release says into a case: an earlier one only where it differs from the newest."""
    if release == NEWEST:
        case |= said
    elif said == {name: case.get(name) for name in said}:
        case.pop(release, None)
    else:
        case[release] = said


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("dokuwiki", type=Path, metavar="DOKUWIKI")
    arguments.add_argument("files", type=Path, nargs="*", metavar="FILE")
    given = arguments.parse_args()
    version = (given.dokuwiki / "VERSION").read_text()
    release = next((release for release in RELEASES if version.startswith(release)), None)
    if release is None:
        raise SystemExit(f"the cases are for releases {' and '.join(RELEASES)}, this is {version.strip()}")
    for path in given.files or sorted(HERE.glob("*.yaml")):
        record(path, given.dokuwiki, release)


if __name__ == "__main__":
    main()
