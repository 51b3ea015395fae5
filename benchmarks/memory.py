"""How much memory is taken: the peak of a process that does the work, Python included.

    python benchmarks/memory.py                 # parses a page of 1.4 MB: the example wiki over and over
    python benchmarks/memory.py WIKI.tar.xz     # converts an archive, and one of four times as many pages

Ends with 1 if the page takes more than 150 MB, the archive more than 300, or the larger one 50 more than that.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ALLOWED = 150.0  # megabytes
ALLOWED_FOR_A_WIKI, ALLOWED_GROWTH = 300.0, 50.0
TIMES = 4
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


def of_a_page() -> int:
    command = [sys.executable, __file__, "--parse"]
    before, after, nodes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    print(f"before {float(before):6.1f} MB\npeak   {float(after):6.1f} MB, allowed {ALLOWED:.0f}; {int(nodes):,} nodes")
    return 1 if float(after) > ALLOWED else 0


def convert(archive: str) -> None:
    """Convert an archive with one process, and print what it took."""
    sys.path.insert(0, str(ROOT))
    from dokuwiki_data.command.main import main as command

    assert command(["convert", archive, "--jobs", "1", "--quiet", "--output", os.devnull]) == 0
    print(peak())


def larger(archive: Path, folder: Path) -> Path:
    """An archive with the pages of another, each several times under namespaces of its own."""
    path = folder / "larger.tar"
    with tarfile.open(archive) as source, tarfile.open(path, "w") as output:
        for member in source:
            file = source.extractfile(member)
            content = file.read() if file else b""
            above, pages, below = member.name.partition("pages/")
            for number in range(TIMES if pages else 1):
                member.name = f"{above}{pages}copy{number}/{below}" if pages else above
                output.addfile(member, io.BytesIO(content) if file else None)
    return path


def of_a_wiki(archive: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--convert"]
        one, four = (
            float(subprocess.run([*command, path], capture_output=True, text=True, check=True).stdout)
            for path in (archive, larger(archive, Path(folder)))
        )
    print(f"peak   {one:6.1f} MB, allowed {ALLOWED_FOR_A_WIKI:.0f}")
    print(f"growth {four - one:6.1f} MB for {TIMES} times as many pages, allowed {ALLOWED_GROWTH:.0f}")
    return 1 if one > ALLOWED_FOR_A_WIKI or four - one > ALLOWED_GROWTH else 0


def main(arguments: list[str]) -> int:
    if arguments == ["--parse"]:
        parse()
    elif arguments[:1] == ["--convert"]:
        convert(arguments[1])
    else:
        return of_a_wiki(Path(arguments[0])) if arguments else of_a_page()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
