"""How much memory is taken: the peak of a process that does the work, Python included.

    python benchmarks/memory.py [PAGE…]         # parses large pages, each in a process of its own
    python benchmarks/memory.py WIKI.tar.xz     # converts an archive, and one of four times as many pages

Ends with 1 if a page takes more than it may, the archive more than 300 MB, or the larger one 50 more than that.
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

ALLOWED_FOR_A_WIKI, ALLOWED_GROWTH = 300.0, 50.0  # megabytes
TIMES = 4

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "wiki" / "pages"
PROSE = "In the **beginning** there was a //page// with a [[wiki:link|link]], and it grew by a line a day.\n\n"

#: Pages by name: the text that repeats, the size in bytes, and how many times its size parsing the page may take.
PAGES: dict[str, tuple[str, int, float]] = {
    "examples": ("\n\n".join(path.read_text("utf-8") for path in sorted(EXAMPLES.rglob("*.txt"))), 1_400_000, 107),
    "prose": (PROSE, 20_000_000, 20),
    "plain text": ("All of it is text, and nothing else is in it but lines that end.\n", 20_000_000, 20),
    "rows of two cells": ("|a|b|\n", 1_400_000, 107),
    "a row of cells": ("|a", 1_400_000, 107),
    "rows of empty cells": ("| | |\n", 1_400_000, 107),
    "items": ("  * a\n", 1_400_000, 107),
    "items within items": ("  * a\n    * b\n      * c\n", 1_400_000, 107),
    "quotations": ("> a\n>> b\n>>> c\n", 1_400_000, 107),
    "formatting": ("**a** ", 1_400_000, 107),
    "formatting within formatting": ("**a //b __c__//** ", 1_400_000, 107),
    "links": ("[[a]] ", 1_400_000, 107),
    "footnotes": ("((a)) ", 1_400_000, 107),
    "headings": ("== a ==\n", 1_400_000, 107),
    "fields": ("---- dataentry ----\na: b\n----\n", 1_400_000, 107),
}


def text(name: str) -> str:
    """Return a page by its name."""
    repeated, size, _ = PAGES[name]
    return (repeated * (size // len(repeated.encode()) + 1)).encode()[:size].decode(errors="ignore")


def peak() -> float:
    """The most memory that this process ever took, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def parse(name: str) -> None:
    """Parse a page, and print what the process took before and after."""
    sys.path.insert(0, str(ROOT))
    import dokuwiki_data as dw

    page = text(name)
    dw.parse("")
    before = peak()
    tree = dw.parse(page)
    print(before, peak())
    assert str(tree) == page


def of_pages(names: list[str]) -> int:
    """Print what pages take, and return the status of the process."""
    failed = False
    print(f"{'':<30}{'MB':>6}{'before':>8}{'peak':>8}{'times':>8}{'allowed':>9}")
    for name in names:
        command = [sys.executable, __file__, "--parse", name]
        before, after = map(float, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
        _, size, allowed = PAGES[name]
        times = (after - before) * 1e6 / size
        failed = failed or times > allowed
        mark = " !" if times > allowed else ""
        print(f"{name:<30}{size / 1e6:>6.1f}{before:>8.0f}{after:>8.0f}{times:>8.1f}{allowed:>9.0f}{mark}")
    return 1 if failed else 0


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
    if arguments[:1] == ["--parse"]:
        parse(arguments[1])
    elif arguments[:1] == ["--convert"]:
        convert(arguments[1])
    elif arguments and arguments[0] not in PAGES:
        return of_a_wiki(Path(arguments[0]))
    else:
        return of_pages(arguments or list(PAGES))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
