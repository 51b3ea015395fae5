"""How long a wiki takes to become a site, and how much memory: of all its pages, and of a quarter of them.

    python benchmarks/export.py WIKI.tar.xz [--jobs 2] [--goal 30]

WIKI is a tar archive with the pages of a wiki below ``data/pages``. It is unpacked first. The site has no search, since
another program makes that. Ends with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent

GOAL = 30.0  # seconds
#: Megabytes of the largest process, and those that four times as many pages add: the index of their values, and larger
#: tables on their pages.
ALLOWED, ALLOWED_GROWTH = 300.0, 80.0


class Measured(NamedTuple):
    """What an export took.

    Attributes:
        seconds: From start to end.
        cpu: The seconds of the processor, of all processes together.
        memory: The peak of the largest process, in megabytes, Python included.
    """

    seconds: float
    cpu: float
    memory: float


def unpack(archive: Path, folder: Path, every: int) -> int:
    """Write every so-many-th page of an archive, and all other files, into a folder; return the number of pages."""
    pages = 0
    with tarfile.open(archive) as source:
        source.extraction_filter = getattr(tarfile, "data_filter", None)  # new in 3.11.4
        members = sorted((member for member in source if member.isfile()), key=lambda member: member.name)
        for member in members:
            is_page = "pages/" in member.name and member.name.endswith(".txt")
            pages += is_page
            if not is_page or pages % every == 0:
                source.extract(member, folder)
    return pages // every


def measured(wiki: Path, output: Path, jobs: int) -> Measured:
    """Export a wiki in a process of its own, and return what that took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "dokuwiki_data", "export", "--quiet", "--no-search", "--jobs", str(jobs)]
    subprocess.run([*command, wiki, output], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(seconds, cpu, after.ru_maxrss * unit / 1e6)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("wiki", type=Path, metavar="WIKI")
    arguments.add_argument("--jobs", type=int, default=2, help="the number of processes")
    arguments.add_argument("--goal", type=float, default=GOAL, help="the seconds that all pages may take")
    given = arguments.parse_args()
    print(f"{given.jobs} processes, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'pages':>8} {'seconds':>8} {'CPU':>8} {'MB':>8}")
    taken = []
    for every in (4, 1):  # the larger one last: the peak is that of all processes so far
        with tempfile.TemporaryDirectory() as folder:
            pages = unpack(given.wiki, Path(folder, "wiki"), every)
            found = measured(Path(folder, "wiki"), Path(folder, "site"), given.jobs)
        print(f"{pages:8,} {found.seconds:8.1f} {found.cpu:8.1f} {found.memory:8.1f}")
        taken.append(found)
    part, whole = taken
    growth = whole.memory - part.memory
    print(f"\ntime   {whole.seconds:6.1f} s, allowed {given.goal:.0f}")
    print(f"peak   {whole.memory:6.1f} MB, allowed {ALLOWED:.0f}")
    print(f"growth {growth:6.1f} MB for 4 times as many pages, allowed {ALLOWED_GROWTH:.0f}")
    return 1 if whole.seconds > given.goal or whole.memory > ALLOWED or growth > ALLOWED_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
