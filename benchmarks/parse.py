"""How fast pages are parsed, beside DokuWiki's own parser and pandoc.

    python benchmarks/parse.py CORPUS [--dokuwiki FOLDER] [--pandoc] [--runs N]

CORPUS is a file of JSON lines (.xz as well) with the ``text`` of a page in each, or a wiki. DokuWiki needs PHP, and the
folder of an installation; what counts is the processor's time inside its parser, not that of starting it.
Both read every page once, after one page to warm up. Ends with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sources import CLASSES, class_of, texts_of

import dokuwiki_data as dw

DRIVER = Path(__file__).parent.parent / "tests" / "cases" / "dokuwiki.php"

#: How many times DokuWiki's speed is wanted, over all pages and in every class.
GOAL, GOAL_OF_CLASS = 5.0, 3.5

#: How many bytes of a class pandoc gets to read; it takes its time.
SAMPLE = 100_000

WARM_UP = "== a ==\n**b** [[c]] {{d.png}}\n  * e\n| f |\n---- dataentry ----\ng: h\n----\n"


def read(corpus: Path) -> list[str]:
    """The pages' texts."""
    return [page.text for page in texts_of(corpus)]


Times = list[float | None]


def seconds_here(texts: list[str]) -> Times:
    """How long our parser takes for each page, in seconds of the processor."""
    dw.parse(WARM_UP)
    times: Times = []
    for text in texts:
        start = time.process_time()
        dw.parse(text)
        times.append(time.process_time() - start)
    return times


def seconds_of_dokuwiki(texts: list[str], folder: Path) -> Times:
    """How long DokuWiki's parser takes for each page, likewise; None where it stops."""
    pages = "".join(json.dumps({"text": text}) + "\n" for text in [WARM_UP, *texts])
    command = ["php", str(DRIVER), str(folder), '{"calls": false}']
    answers = subprocess.run(command, input=pages, capture_output=True, text=True, check=True).stdout
    return [json.loads(line).get("seconds") for line in answers.splitlines()][1:]


def best(runs: list[Times]) -> Times:
    """The shortest time of each page."""
    return [None if None in times else min(filter(None, times), default=0.0) for times in zip(*runs, strict=True)]


def speed_of_pandoc(texts: Iterable[str]) -> float:
    """Megabytes a second that pandoc reads, the time to start it taken off."""
    sample = ""
    for text in texts:
        if len(sample) < SAMPLE:
            sample += text + "\n\n"

    def run(text: str) -> float:
        start = time.perf_counter()
        command = ["pandoc", "--from=dokuwiki", "--to=native"]
        subprocess.run(command, input=text.encode(), stdout=subprocess.DEVNULL, check=True, timeout=600)
        return time.perf_counter() - start

    return len(sample.encode()) / 1e6 / max(run(sample) - run(""), 1e-6)


def measure(texts: list[str], folder: Path | None, pandoc: bool, runs: int) -> dict[str, dict[str, Any]]:
    """Pages, megabytes and speeds of every class and of all."""
    ours = best([seconds_here(texts) for _ in range(runs)])
    theirs: Times = [0.0] * len(texts)
    if folder:
        theirs = best([seconds_of_dokuwiki(texts, folder) for _ in range(runs)])
    pages = [
        (class_of(text), text, mine or 0.0, its)
        for text, mine, its in zip(texts, ours, theirs, strict=True)
        if its is not None
    ]
    table: dict[str, dict[str, Any]] = {}
    for name in ("all", *CLASSES):
        chosen = [page for page in pages if name in ("all", page[0])]
        if not chosen:
            continue
        size = sum(len(text.encode()) for _, text, _, _ in chosen) / 1e6
        row = table[name] = {"pages": len(chosen), "megabytes": size, "ours": size / sum(page[2] for page in chosen)}
        if folder:
            row["dokuwiki"] = size / sum(page[3] for page in chosen)
            row["ratio"] = row["ours"] / row["dokuwiki"]
        if pandoc:
            row["pandoc"] = speed_of_pandoc(text for _, text, _, _ in chosen)
    return table


COLUMNS: dict[str, Callable[[Any], str]] = {
    "pages": "{:,}".format, "megabytes": "{:.2f}".format, "ours": "{:.2f}".format,
    "dokuwiki": "{:.2f}".format, "ratio": "{:.2f}".format, "pandoc": "{:.3f}".format,
}  # fmt: skip


def show(table: dict[str, dict[str, Any]]) -> None:
    """Print the table; speeds are in megabytes a second."""
    shown = [name for name in COLUMNS if any(name in row for row in table.values())]
    print("MB/s".ljust(8) + "".join(name.rjust(11) for name in shown))
    for kind, row in table.items():
        print(kind.ljust(8) + "".join((COLUMNS[name](row[name]) if name in row else "").rjust(11) for name in shown))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus", type=Path, metavar="CORPUS")
    arguments.add_argument("--dokuwiki", type=Path, metavar="FOLDER", help="compare with an installed DokuWiki")
    arguments.add_argument("--pandoc", action="store_true", help="compare with pandoc on a sample of each class")
    arguments.add_argument(
        "--runs", type=int, default=1, help="read so many times, and take the best time of each page"
    )
    given = arguments.parse_args()
    table = measure(read(given.corpus), given.dokuwiki, given.pandoc, given.runs)
    print(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.2f}\n")
    show(table)
    missed = [
        kind
        for kind, row in table.items()
        if "ratio" in row and row["ratio"] < (GOAL if kind == "all" else GOAL_OF_CLASS)
    ]
    if missed:
        print(f"\nless than wanted ({GOAL} times DokuWiki's speed, {GOAL_OF_CLASS} in a class): {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
