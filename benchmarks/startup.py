"""How long it takes from the start of an interpreter to the first parsed page, over a bare interpreter.

    python benchmarks/startup.py

Ends with 1 if it is more than 120 ms.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ALLOWED = 120.0  # milliseconds
RUNS = 15

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "examples" / "wiki" / "pages" / "start.txt"

BARE = "pass"
FIRST_PAGE = f"import dokuwiki_data as dw; dw.parse(open({str(PAGE)!r}, encoding='utf-8').read())"
FIRST_LIST = f"{FIRST_PAGE.replace('dw.parse', 'page = dw.parse')}; dw.render.instructions(page)"


def milliseconds(program: str) -> float:
    """How long an interpreter runs a program: the best of many times, since the machine may be busy."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def main() -> int:
    bare = milliseconds(BARE)
    print(f"load {os.getloadavg()[0]:.2f}\nbare interpreter      {bare:6.1f} ms")
    first = milliseconds(FIRST_PAGE) - bare
    print(f"first parsed page    +{first:6.1f} ms, allowed {ALLOWED:.0f}")
    print(f"its instruction list +{milliseconds(FIRST_LIST) - bare:6.1f} ms")
    return 1 if first > ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
