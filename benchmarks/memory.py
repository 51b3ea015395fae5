"""How much memory a page of 1.4 MB takes: the peak of a process that parses it, Python included.

    python benchmarks/memory.py

The page is the example wiki over and over. Ends with 1 if it takes more than 150 MB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

ALLOWED = 150.0  # megabytes
SIZE = 1_400_000  # bytes

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "examples" / "wiki" / "pages"


def text() -> str:
    """A page of `SIZE` bytes."""
    whole = "\n\n".join(path.read_text("utf-8") for path in sorted(PAGES.rglob("*.txt")))
    repeated = whole * (SIZE // len(whole.encode()) + 1)
    return repeated.encode()[:SIZE].decode(errors="ignore")


def peak() -> float:
    """The most memory that this process ever took, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def parse() -> None:
    """Parse the page, and print what the process took before and after."""
    sys.path.insert(0, str(ROOT))
    import dokuwiki_data as dw

    page = text()
    dw.parse("")
    before = peak()
    tree = dw.parse(page)
    print(before, peak(), sum(1 for _ in tree.walk()))


def main() -> int:
    command = [sys.executable, __file__, "--parse"]
    before, after, nodes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    print(f"before {float(before):6.1f} MB\npeak   {float(after):6.1f} MB, allowed {ALLOWED:.0f}; {int(nodes):,} nodes")
    return 1 if float(after) > ALLOWED else 0


if __name__ == "__main__":
    sys.exit(parse() if sys.argv[1:] == ["--parse"] else main())
