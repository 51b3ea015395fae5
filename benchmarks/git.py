"""How long the history of a wiki takes to become a git repository.

    python benchmarks/git.py [WIKI] [--states 10000] [--as gfm] [--jobs 2] [--goal 15]

WIKI is a wiki with an attic; without one, a made one has so many states. The commits are counted, and git checks them,
which does not count. Ends with 1 if the goal is missed, or if git finds something.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: Seconds for 10,000 states.
GOAL = 15.0
PAGES, WORDS = 300, 400


def make(folder: Path, states: int) -> Path:
    """Write a wiki whose pages were changed so often in all, a line at a time."""
    drawn = random.Random(1)
    words = ["".join(drawn.choices("abcdefghijklmnopqrstuvwxyz", k=drawn.randint(2, 9))) for _ in range(2000)]
    texts: dict[str, list[str]] = {}
    logs: dict[str, list[str]] = {}
    for name in ("pages", "attic", "meta", "media"):
        (folder / name).mkdir(parents=True)
    for number in range(states):
        name, now = f"page{drawn.randrange(PAGES)}", 1_500_000_000 + 60 * number
        lines = texts.setdefault(name, [" ".join(drawn.choices(words, k=10)) for _ in range(WORDS // 10)])
        lines[drawn.randrange(len(lines))] = f"**{words[number % 2000]}** " + " ".join(drawn.choices(words, k=9))
        text = "\n\n".join(lines).encode()
        (folder / "attic" / f"{name}.{now}.txt.gz").write_bytes(gzip.compress(text, 6))
        kind = "E" if name in logs else "C"
        logs.setdefault(name, []).append(f"{now}\t192.0.2.1\t{kind}\t{name}\tann\tsummary {number}\t\t1\n")
        (folder / "pages" / f"{name}.txt").write_bytes(text)
        os.utime(folder / "pages" / f"{name}.txt", (now, now))
    for name, log in logs.items():
        (folder / "meta" / f"{name}.changes").write_text("".join(log))
    return folder


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("wiki", type=Path, metavar="WIKI", nargs="?")
    arguments.add_argument("--states", type=int, default=10_000, help="the number of states of a made wiki")
    arguments.add_argument("--as", dest="as_", help="the target in whose way states are written")
    arguments.add_argument("--jobs", type=int, default=2, help="the number of processes")
    arguments.add_argument("--goal", type=float, default=GOAL, help="the seconds that 10,000 commits may take")
    given = arguments.parse_args()
    print(f"{given.jobs} processes, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as scratch:
        wiki = given.wiki or make(Path(scratch, "wiki"), given.states)
        output = Path(scratch, "repository")
        command = [sys.executable, "-m", "dokuwiki_data", "export", "--quiet", "--jobs", str(given.jobs)]
        command += ["--to", "git", *(["--as", given.as_] if given.as_ else [])]
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([*command, wiki, output], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        git = ["git", "-C", output]
        commits = int(subprocess.run([*git, "rev-list", "--count", "main"], capture_output=True, check=True).stdout)
        is_sound = subprocess.run([*git, "fsck", "--strict", "--no-dangling"], check=False).returncode == 0
    allowed = given.goal * commits / 10_000
    print(f"{commits:,} commits in {seconds:.1f} s, CPU {cpu:.1f} s, allowed {allowed:.1f} s")
    return 0 if is_sound and seconds <= allowed else 1


if __name__ == "__main__":
    sys.exit(main())
