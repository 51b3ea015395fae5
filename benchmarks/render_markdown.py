"""How fast pages become Markdown of the dialect gfm, or pandoc's syntax tree, from their text on.

    python benchmarks/render_markdown.py CORPUS [--to gfm|pandoc] [--runs N] [--profile]

CORPUS is as for parse.py. Time is that of the processor, and one core is used. Ends with 1 if the goal is missed.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import platform
import pstats
import sys
import time
from collections.abc import Callable
from pathlib import Path

from parse import WARM_UP, Times, best, read

import dokuwiki_data as dw

#: How many megabytes a second are wanted.
GOAL = 5.0


#: What writes pages.
WRITERS = {"gfm": dw.render.markdown, "pandoc": dw.render.pandoc}


def seconds(texts: list[str], write: Callable[[dw.Page], str]) -> tuple[Times, Times]:
    """How long each page takes to be parsed, and to be written, in seconds of the processor."""
    write(dw.parse(WARM_UP))
    parsing: Times = []
    writing: Times = []
    for text in texts:
        start = time.process_time()
        page = dw.parse(text)
        parsed = time.process_time()
        write(page)
        parsing.append(parsed - start)
        writing.append(time.process_time() - parsed)
    return parsing, writing


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus", type=Path, metavar="CORPUS")
    arguments.add_argument("--to", choices=WRITERS, default="gfm", help="what is written (default: gfm)")
    arguments.add_argument("--runs", type=int, default=1, help="take the best time of each page of so many runs")
    arguments.add_argument("--profile", action="store_true", help="print where writing spends its time instead")
    given = arguments.parse_args()
    texts = read(given.corpus)
    if given.profile:
        pages = [dw.parse(text) for text in texts]
        with cProfile.Profile() as profile:
            for page in pages:
                WRITERS[given.to](page)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
        return 0
    runs = [seconds(texts, WRITERS[given.to]) for _ in range(given.runs)]
    parsing, writing = (sum(one or 0.0 for one in best([run[at] for run in runs])) for at in (0, 1))
    size = sum(len(text.encode()) for text in texts) / 1e6
    speed = size / (parsing + writing)
    print(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.2f}\n")
    print(f"{len(texts):,} pages, {size:.2f} MB: {speed:.2f} MB/s, wanted are {GOAL}")
    print(f"parsing alone {size / parsing:.2f} MB/s, writing alone {size / writing:.2f} MB/s")
    return 0 if speed >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
