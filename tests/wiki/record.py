"""Asks an installed DokuWiki about names, links and names of files: ``record.py DOKUWIKI_DIR [SEED]``.

Without a seed the answers to the names of ``names.txt`` are written to ``ids.jsonl``; with one, as many random names
are made, and what this library says otherwise is shown.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGES = [
    "start",
    "page",
    "ns:start",
    "ns:sub",
    "ns:sub:sub",
    "ns:links",
    "a:b:c",
    "a:b:ç",
    "kana:sha",
    "wiki",
    "wiki:wiki",
]
PLACES = ["start", "ns:page", "a:b:c", "ns:sub:start", ""]
SETTINGS = [
    {"sepchar": sepchar, "deaccent": deaccent, "useslash": useslash, "fnencode": fnencode, "autoplural": autoplural,
     "start": start}
    for sepchar in "_-."
    for deaccent, useslash, fnencode, autoplural, start in [
        (1, 0, "url", 0, "start"), (2, 1, "safe", 1, "start"), (0, 0, "utf-8", 1, "home"),
    ]
]  # fmt: skip
PIECES = [
    *"::::....__--~~//;;##ssaAzZ09 \t\n", "..", ":..:", "...", "start", "page", "ns", "sub", "links", "link", "wiki",
    *"äÄßøÐÞıİŁµΣςΩЖщьёイーッチャしゃっきんあรียวऋं한국字é\u0301 %5l]%+%41",
]  # fmt: skip


def questions(names: list[str], rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "settings": settings,
            "pages": sorted(rng.sample(PAGES, rng.randint(0, len(PAGES)))),
            "name": name,
            "page": rng.choice(PLACES),
        }
        for settings in SETTINGS
        for name in names
    ]


def random_name(rng: random.Random) -> str:
    pieces = [
        rng.choice(PIECES)
        if rng.random() < 0.9
        else chr(rng.choice([rng.randint(0, 0x2FFF), rng.randint(0xE000, 0x10FFFF)]))
        for _ in range(rng.randint(1, 8))
    ]  # fmt: skip
    return "".join(pieces)


def answers(dokuwiki: str, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One process for each separator, since DokuWiki remembers the first."""
    found: list[dict[str, Any]] = []
    for _, group in groupby(asked, key=lambda question: question["settings"]["sepchar"]):
        lines = "".join(json.dumps(question) + "\n" for question in group)
        run = subprocess.run(
            ["php", str(HERE / "ids.php"), dokuwiki], input=lines.encode(), stdout=subprocess.PIPE, check=True
        )
        found += map(json.loads, run.stdout.decode().removesuffix("\n").split("\n"))
    return found


def main(dokuwiki: str, seed: str | None = None) -> None:
    rng = random.Random(seed or "names")
    if seed is None:
        names = [json.loads(line) for line in (HERE / "names.txt").read_text().splitlines()]
        asked = questions(names, rng)
        with (HERE / "ids.jsonl").open("w") as output:
            for question, answer in zip(asked, answers(dokuwiki, asked), strict=True):
                output.write(json.dumps({**question, "answer": answer}) + "\n")
        return
    sys.path.insert(0, str(HERE.parent.parent))
    from tests.wiki.test_ids import differences

    asked = questions([random_name(rng) for _ in range(4000)], rng)
    different = 0
    for question, answer in zip(asked, answers(dokuwiki, asked), strict=True):
        if found := differences(question, answer):
            different += 1
            print(question, found)
    print(f"{different} of {len(asked)} differ")


if __name__ == "__main__":
    main(*sys.argv[1:])
