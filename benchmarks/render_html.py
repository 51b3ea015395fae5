"""How fast pages become HTML, from their text on, beside DokuWiki's own parser and renderer.

    python benchmarks/render_html.py CORPUS [--dokuwiki FOLDER] [--runs N]

CORPUS and FOLDER are as for parse.py. Code is highlighted on both sides: here by Pygments, there by GeSHi, whose cache
is not used. Time is that of the processor. Ends with 1 if the goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from parse import WARM_UP, Times, best, read

import dokuwiki_data as dw

HERE = Path(__file__).parent

#: How many times DokuWiki's speed is wanted.
GOAL = 3.0

_CODE = "<code python>\nx = 1\n</code>\n"


def seconds_here(texts: list[str]) -> Times:
    """How long each page takes here, in seconds of the processor."""
    dw.render.html(dw.parse(WARM_UP + _CODE))
    times: Times = []
    for text in texts:
        start = time.process_time()
        dw.render.html(dw.parse(text))
        times.append(time.process_time() - start)
    return times


def seconds_of_dokuwiki(texts: list[str], folder: Path) -> Times:
    """How long each page takes DokuWiki, likewise; None where it stops."""
    pages = "".join(json.dumps({"text": text}) + "\n" for text in [WARM_UP + _CODE, *texts])
    command = ["php", str(HERE / "render_html.php"), str(folder)]
    answers = subprocess.run(command, input=pages, capture_output=True, text=True, check=True).stdout
    return [json.loads(line).get("seconds") for line in answers.splitlines() if line.startswith("{")][1:]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus", type=Path, metavar="CORPUS")
    arguments.add_argument("--dokuwiki", type=Path, metavar="FOLDER", help="compare with an installed DokuWiki")
    arguments.add_argument("--runs", type=int, default=1, help="take the best time of each page of so many runs")
    given = arguments.parse_args()
    texts = read(given.corpus)
    ours = best([seconds_here(texts) for _ in range(given.runs)])
    theirs: Times = [0.0] * len(texts)
    if given.dokuwiki:
        theirs = best([seconds_of_dokuwiki(texts, given.dokuwiki) for _ in range(given.runs)])
    read_by_both = [at for at, its in enumerate(theirs) if its is not None]
    size = sum(len(texts[at].encode()) for at in read_by_both) / 1e6
    here, there = (sum(times[at] or 0.0 for at in read_by_both) for times in (ours, theirs))
    print(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.2f}\n")
    print(f"{len(read_by_both):,} pages, {size:.2f} MB: {size / here:.2f} MB/s")
    if not given.dokuwiki:
        return 0
    print(f"DokuWiki: {size / there:.2f} MB/s; {there / here:.2f} times as fast as that, wanted are {GOAL}")
    return 0 if there / here >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
