"""Measure everything beside the reference in one run, and write the page ``docs/benchmarks.md``.

    python benchmarks/page.py --pages CORPUS --dokuwiki FOLDER [--wiki WIKI] [--compiled PYTHON] [--runs 5]
        [--only NAME…] [--output FILE] [--history FILE]

CORPUS has the pages, as for parse.py; FOLDER is an installed DokuWiki with the plugins data and sqlite. WIKI is a wiki
with data queries; by default one is generated. PYTHON is an interpreter of an environment in which the package is
installed compiled; this interpreter runs the checkout, which is pure. In each run all sides take turns, each in a
process of its own; what counts is the median of the runs' ratios. ``--output`` writes the page, ``--history`` adds a
line of JSON, see history.py. ``--only`` measures some rows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from queries import questions_of, statements
from sources import CLASSES, Text, class_of, generated_wiki, texts_of, warming, write

ROOT = Path(__file__).parent.parent
SIDES = ROOT / "benchmarks" / "sides.py"

#: How many bytes pandoc reads, which is slow; the pages of a generated wiki; and the size of a wiki for two cores.
SAMPLE, GENERATED, MEGABYTES = 100_000, 6000, 26.0


class Row(NamedTuple):
    """A row of the page: what is measured, in which unit, and what is wanted pure and compiled."""

    what: str
    unit: str
    pure: float | None = None
    compiled: float | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether it compares two sides, so that it can be compared between machines."""
        return self.unit == "×"


ROWS = {
    "parse": Row("pages parsed, beside DokuWiki's `p_get_instructions`", "×", 5, 9),
    "weakest": Row("the weakest class of pages: {weakest}", "×", 3.5, 6),
    "instructions": Row("parsed and written as instruction lists, beside the same", "×", 3.5, 6),
    "html": Row("from text to HTML, beside DokuWiki's parser and renderer", "×", 3, 6),
    "pandoc": Row("pages parsed, beside pandoc's reader", "×"),
    "convert": Row("a wiki converted to JSON lines by one process", "MB/s", 6.5, 11),
    "queries": Row("a wiki's {queries} data queries, beside the plugin's SQL in SQLite", "×", 100, 150),
    "cores": Row("26 MB converted by two processes, beside one", "×", 1.75, 1.7),
    "startup": Row("from the start to the first parsed page, over a bare interpreter", "ms", 120, 120),
}


class Build(NamedTuple):
    """A build of the package: its name, and the interpreter and the environment that run it."""

    name: str
    python: str
    environment: dict[str, str]

    def check(self) -> None:
        """End the program if the package is not what the name says."""
        # Python looks for packages in the current folder first, which may be the checkout.
        command = [self.python, "-c", "import dokuwiki_data; print(dokuwiki_data.compiled)"]
        said = subprocess.run(command, env=self.environment, cwd=SIDES.parent, capture_output=True, text=True).stdout
        if said.strip() != str(self.name == "compiled"):
            raise SystemExit(f"{self.python}: there is no {self.name} dokuwiki_data")

    def run(self, *arguments: object) -> Any:
        """Run our side of something, and return what it measures."""
        command = [self.python, str(SIDES), *map(str, arguments)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)


class Measuring:
    """All that is measured of one set of builds."""

    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self.corpus: Path = given.pages
        self.dokuwiki: Path = given.dokuwiki
        self.builds = [Build("pure", sys.executable, environment(ROOT))]
        if given.compiled:
            self.builds.append(Build("compiled", str(given.compiled.absolute()), environment(None)))
        for build in self.builds:
            build.check()
        self.texts = [page.text for page in texts_of(self.corpus)]
        self.classes = [class_of(text) for text in self.texts]
        self.megabytes = sum(len(text.encode()) for text in self.texts) / 1e6
        self.wiki = folder / "wiki"
        write(texts_of(given.wiki) if given.wiki else generated_wiki(GENERATED), self.wiki)
        self.texts_of_wiki = texts_of(self.wiki)
        self.large = folder / "large"
        self.folder = folder
        #: By row and build: the figure of each run.
        self.figures: dict[tuple[str, str], list[float]] = {}
        self.queries = 0

    def add(self, row: str, build: Build, figure: float) -> None:
        """Keep a figure of this run."""
        self.figures.setdefault((row, build.name), []).append(figure)

    # -- what is measured in one run, by row ---------------------------------------------------------

    def parse(self) -> None:
        """Measure DokuWiki's parser and ours, and instruction lists, which take the same from DokuWiki."""
        theirs = self.of_dokuwiki(ROOT / "tests" / "cases" / "dokuwiki.php", '{"calls": false}')
        for build in self.builds:
            ours = build.run("parse", self.corpus)
            self.add("parse", build, ratio(theirs, ours))
            for kind in CLASSES:
                if kind in self.classes:
                    of_class = [at == kind for at in self.classes]
                    self.add(kind, build, ratio(theirs, ours, of_class))
            self.add("instructions", build, ratio(theirs, build.run("instructions", self.corpus)))

    def html(self) -> None:
        """Measure DokuWiki's renderer and ours."""
        theirs = self.of_dokuwiki(ROOT / "benchmarks" / "render_html.php")
        for build in self.builds:
            self.add("html", build, ratio(theirs, build.run("html", self.corpus)))

    def pandoc(self) -> None:
        """Measure pandoc's reader, without its start, and ours on the same pages."""
        sample = self.folder / "sample.jsonl"
        if not sample.exists():
            size, lines = 0, []
            for text in sorted(self.texts, key=len)[len(self.texts) // 2 :]:
                if size < SAMPLE:
                    size += len(text.encode())
                    lines.append(json.dumps({"text": text}) + "\n")
            sample.write_text("".join(lines), "utf-8")
        whole = "\n\n".join(page.text for page in texts_of(sample))
        theirs = max(seconds_of_pandoc(whole) - seconds_of_pandoc(""), 1e-6)
        for build in self.builds:
            self.add("pandoc", build, theirs / sum(build.run("parse", sample)))

    def convert(self) -> None:
        """Measure how fast a wiki becomes JSON lines."""
        megabytes = sum(len(page.text.encode()) for page in self.texts_of_wiki) / 1e6
        for build in self.builds:
            self.add("convert", build, megabytes / build.run("convert", self.wiki, 1)["processor"])

    def of_queries(self) -> None:
        """Measure the answers to a wiki's queries, and SQLite's."""
        said = self.folder / "statements.json"
        if not said.exists():
            said.write_text(json.dumps(statements(questions_of(self.texts_of_wiki), self.dokuwiki)), "utf-8")
        for build in self.builds:
            found = build.run("queries", self.wiki, said)
            if found["odd"]:
                raise SystemExit(f"other numbers of rows than SQLite on {', '.join(found['odd'])}")
            self.queries = found["queries"]
            self.add("queries", build, found["sqlite"] / found["ours"])

    def cores(self) -> None:
        """Measure two processes beside one, by the clock."""
        if not self.large.exists():
            write(self.texts_of_wiki, self.large, MEGABYTES)
        for build in self.builds:
            one, two = (build.run("convert", self.large, jobs)["clock"] for jobs in (1, 2))
            self.add("cores", build, one / two)

    def startup(self) -> None:
        """Measure the start of an interpreter, and that to the first parsed page, by the clock."""
        page = ROOT / "examples" / "wiki" / "pages" / "start.txt"
        program = f"import dokuwiki_data as dw; dw.parse(open({str(page)!r}, encoding='utf-8').read())"
        for build in self.builds:
            bare, first = (min(seconds_of_start(build, code) for _ in range(5)) for code in ("pass", program))
            self.add("startup", build, 1000 * (first - bare))

    # -- the reference -------------------------------------------------------------------------------

    def of_dokuwiki(self, script: Path, *more: str) -> list[float | None]:
        """Return the seconds that each page takes DokuWiki; None where it stops."""
        pages = "".join(json.dumps({"text": text}) + "\n" for text in [*warming(self.texts), *self.texts])
        command = ["php", str(script), str(self.dokuwiki), *more]
        answers = subprocess.run(command, input=pages, capture_output=True, text=True, check=True).stdout
        return [json.loads(line).get("seconds") for line in answers.splitlines() if line.startswith("{")][
            -len(self.texts) :
        ]


#: What measures rows in one run, by the names that ``--only`` takes.
MEASURED: dict[str, Callable[[Measuring], None]] = {
    "parse": Measuring.parse, "html": Measuring.html, "pandoc": Measuring.pandoc, "convert": Measuring.convert,
    "queries": Measuring.of_queries, "cores": Measuring.cores, "startup": Measuring.startup,
}  # fmt: skip


def environment(checkout: Path | None) -> dict[str, str]:
    """Return the environment of a build: of the checkout, or of what is installed."""
    left_out = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")  # without bytecode, the start would compile every module
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONPATH": str(checkout)} if checkout else kept


def ratio(theirs: list[float | None], ours: list[float], chosen: list[bool] | None = None) -> float:
    """Return how many times as fast we are, on the pages that both read."""
    both = [
        (its, mine)
        for its, mine, is_chosen in zip(theirs, ours, chosen or [True] * len(ours), strict=True)
        if its is not None and is_chosen
    ]
    return sum(its for its, _ in both) / sum(mine for _, mine in both)


def seconds_of_pandoc(text: str) -> float:
    """Return the seconds of the processor in which pandoc reads a text."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["pandoc", "--from=dokuwiki", "--to=native"]
    subprocess.run(command, input=text.encode(), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds_of_start(build: Build, program: str) -> float:
    """Return how long a program takes, with its interpreter."""
    start = time.perf_counter()
    subprocess.run([build.python, "-c", program], env=build.environment, cwd=SIDES.parent, check=True)
    return time.perf_counter() - start


def spread(figures: list[float], unit: str) -> str:
    """Return the median of some figures, with the least and the greatest."""
    digits = 0 if median(figures) >= 20 else 2
    said = [f"{figure:.{digits}f}" for figure in (median(figures), min(figures), max(figures))]
    return f"{said[0]} {unit} ({said[1]}–{said[2]})".replace(" ×", "×")


def lines(measuring: Measuring) -> Iterator[list[str]]:
    """Yield the rows of the page: what is measured, and for each build its figure and what is wanted."""
    for name, row in ROWS.items():
        cells, weakest = [], ""
        for build in measuring.builds:
            figures = measuring.figures
            if name == "weakest" and ("parse", build.name) in figures:
                kinds = [kind for kind in CLASSES if (kind, build.name) in figures]
                weakest = min(kinds, key=lambda kind: median(figures[kind, build.name]))
                found = figures[weakest, build.name]
            else:
                found = figures.get((name, build.name), [])
            wanted = row.pure if build.name == "pure" else row.compiled
            cells += [spread(found, row.unit) if found else "", f"{wanted:g}" if wanted and found else ""]
        if any(cells):
            yield [row.what.format(weakest=weakest, queries=measuring.queries), *cells]


def table(measuring: Measuring) -> str:
    """Return the figures as a table of Markdown."""
    head = ["measured", *(cell for build in measuring.builds for cell in (build.name, "wanted"))]
    rows = [head, ["---"] * len(head), *lines(measuring)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def described(command: str, *words: str) -> str:
    """Return the first line that a program prints of itself, or nothing without it."""
    try:
        return subprocess.run([command, *words], capture_output=True, text=True, cwd=ROOT).stdout.partition("\n")[0]
    except OSError:
        return ""


def processor() -> str:
    """Return the name of the processor."""
    information = Path("/proc/cpuinfo")
    named = (
        [line for line in information.read_text().splitlines() if "model name" in line] if information.exists() else []
    )
    return named[0].partition(":")[2].strip() if named else platform.machine()


def document(measuring: Measuring, runs: int, of_wiki: str) -> str:
    """Return the page."""
    wanted = "" if len(measuring.builds) > 1 else " The compiled build was not measured."
    return f"""# Benchmarks

How fast the package is, beside DokuWiki and others, in one run in which all take turns: the median of {runs} runs, with
the least and the greatest in brackets, and what is wanted. `python benchmarks/page.py` writes this page.{wanted}

{table(measuring)}

- **Pages**: {len(measuring.texts):,} pages, {measuring.megabytes:.2f} MB. **Wiki**: {of_wiki}.
- **Machine**: {processor()}, {os.cpu_count()} cores, {platform.system()}, load {os.getloadavg()[0]:.1f}.
- **Versions**: Python {platform.python_version()}, {described("php", "--version").partition(" (")[0]},
  {described("pandoc", "--version") or "no pandoc"}; DokuWiki in `{measuring.dokuwiki.name}`; commit
  {described("git", "describe", "--always", "--dirty")}, {datetime.now(UTC).date().isoformat()}.

What counts is the time of the processor, inside the parser, renderer or query; only the start of the interpreter and
the two processes are measured by the clock. DokuWiki's time is that of its functions in PHP without a cache, without
the start of PHP. SQLite is asked in the data plugin's own words, with the plugin's tables and indexes. A class of pages
is what most of their lines are: {", ".join(CLASSES)}.

## How to repeat it

```text
python benchmarks/page.py --pages PAGES --dokuwiki FOLDER --wiki WIKI --compiled PYTHON --output docs/benchmarks.md
```

`PAGES` is a folder or an archive with a wiki, or a file of JSON lines with the `text` of a page in each. `FOLDER` is an
installed DokuWiki with the plugins data and sqlite. `WIKI` has data queries; without it, one is generated. `PYTHON` is
the interpreter of an environment in which `DOKUWIKI_DATA_COMPILED=1 pip install .` has built the package; without it,
only the pure build is measured. Every week a workflow measures the same on pages that everybody may use, keeps the
ratios, and fails if one of them is a tenth below the median of the last runs.
"""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pages", type=Path, required=True, metavar="CORPUS")
    arguments.add_argument("--dokuwiki", type=Path, required=True, metavar="FOLDER")
    arguments.add_argument("--wiki", type=Path, metavar="WIKI")
    arguments.add_argument("--compiled", type=Path, metavar="PYTHON")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--only", nargs="+", choices=MEASURED, default=list(MEASURED), metavar="NAME")
    arguments.add_argument("--output", type=Path, metavar="FILE")
    arguments.add_argument("--history", type=Path, metavar="FILE")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measuring = Measuring(given, Path(folder))
        for _ in range(given.runs):
            for name in given.only:
                MEASURED[name](measuring)
        print(table(measuring))
        pages: list[Text] = measuring.texts_of_wiki
        of_wiki = f"{len(pages):,} pages, {sum(len(page.text.encode()) for page in pages) / 1e6:.1f} MB"
        of_wiki += "" if given.wiki else ", generated"
        if given.output:
            given.output.write_text(document(measuring, given.runs, of_wiki), "utf-8")
    if given.history:
        ratios = {
            f"{row}, {build}": round(median(figures), 3)
            for (row, build), figures in measuring.figures.items()
            if row not in ROWS or ROWS[row].is_ratio
        }
        entry = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "ratios": ratios}
        with given.history.open("a", encoding="utf-8") as history:
            history.write(json.dumps(entry) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
