"""Our side of what is measured beside others, in a process of its own, with whatever Python runs it.

    python benchmarks/sides.py parse|instructions|html PAGES
    python benchmarks/sides.py convert WIKI JOBS
    python benchmarks/sides.py queries WIKI [STATEMENTS]

Prints JSON: the seconds of each page; the seconds of the processor and of the clock; the seconds of all queries here
and in SQLite, and on which pages both find different numbers of rows.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from sources import texts_of, warming

import dokuwiki_data as dw

#: What is made of each page.
WORK = {
    "parse": lambda text: dw.parse(text),
    "instructions": lambda text: dw.render.instructions(dw.parse(text)),
    "html": lambda text: dw.render.html(dw.parse(text)),
}


def of_pages(kind: str, pages: Path) -> list[float]:
    """Return the seconds of the processor that each page takes."""
    work, times = WORK[kind], []
    texts = texts_of(pages)
    for text in warming([page.text for page in texts]):
        work(text)
    for page in texts:
        start = time.process_time()
        work(page.text)
        times.append(time.process_time() - start)
    return times


def of_convert(wiki: Path, jobs: str) -> dict[str, float]:
    """Return the time to convert a wiki to JSON lines."""
    from dokuwiki_data.command.main import main as command

    start, cpu = time.perf_counter(), time.process_time()
    command(["convert", str(wiki), "--jobs", jobs, "--quiet", "--output", os.devnull])
    return {"processor": time.process_time() - cpu, "clock": time.perf_counter() - start}


def of_queries(wiki: Path, statements: Path | None) -> dict[str, Any]:
    """Return the time to answer all queries of a wiki, and that of SQLite; see queries.py."""
    from queries import beside_sqlite

    said = json.loads(statements.read_text("utf-8")) if statements else None
    return beside_sqlite(texts_of(wiki), said)


def main(kind: str, source: str, *more: str) -> None:
    """Print what is measured as JSON."""
    if kind == "queries":
        measured: Any = of_queries(Path(source), Path(more[0]) if more else None)
    else:
        measured = of_convert(Path(source), *more) if kind == "convert" else of_pages(kind, Path(source))
    print(json.dumps(measured))


if __name__ == "__main__":
    main(*sys.argv[1:])
