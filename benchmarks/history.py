"""Find what has become slower: compare the latest ratios with those of earlier runs.

    python benchmarks/history.py HISTORY

HISTORY is a file of JSON lines, one for each run of page.py ``--history``, the latest last. Only ratios are compared,
since the speeds of different machines say nothing. Ends with 1 if one has lost too much.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

#: The share of a ratio that may be lost, and the number of earlier runs whose median counts.
ALLOWED, RUNS = 0.10, 8


def lost(earlier: Sequence[Mapping[str, float]], latest: Mapping[str, float]) -> list[str]:
    """Return a line for each ratio that is more than `ALLOWED` below the median of the last `RUNS` earlier ones.

    A ratio that no earlier run has is not compared.
    """
    lines = []
    for name, ratio in latest.items():
        before = [run[name] for run in earlier if name in run][-RUNS:]
        if before and ratio < (1 - ALLOWED) * (usual := median(before)):
            lines.append(f"{name}: {ratio:.2f} instead of {usual:.2f}, the median of {len(before)}")
    return lines


def main(path: Path) -> int:
    """Print what has become slower."""
    *earlier, latest = (json.loads(line)["ratios"] for line in path.read_text("utf-8").splitlines())
    lines = lost(earlier, latest)
    print("\n".join(lines) or f"no ratio is more than {ALLOWED:.0%} below the median of earlier runs")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
