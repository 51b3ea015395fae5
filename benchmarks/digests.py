"""Print a digest of everything that the package makes of some pages and wikis, to compare two builds of it.

    python benchmarks/digests.py SOURCE... [--share N]

SOURCE is a file of JSON lines (.xz as well) with the ``text`` of a page or the ``pages`` and ``queries`` of a wiki in
each, or a folder or an archive with a wiki. Of pages there are the tree, the places of the nodes, the diagnostics, the
instruction list, the record, its line of JSON, the markup, HTML, Markdown, wikitext and pandoc's syntax tree, under
both releases and all flavours; of a wiki the records, the answers to its queries, and its export to every target. Two
builds are equal if the lines are. It takes the package that is installed, or that of PYTHONPATH.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import os
import pickle
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dokuwiki_data as dw
from dokuwiki_data.exports import GIT, MEDIAWIKI, TARGETS
from dokuwiki_data.plugins import BUILT_IN, DATA

#: The syntaxes that pages are read with. Those after the first read every eighth page only.
SYNTAXES = {
    "2026": dw.Syntax(),
    "2025": dw.Syntax(release="2025-05-14"),
    "plugins": dw.Syntax(plugins=(DATA, *BUILT_IN), camelcase=True),
    "dw+md": dw.Syntax(flavour="dw+md"),
    "md+dw": dw.Syntax(flavour="md+dw"),
    "md": dw.Syntax(flavour="md"),
}

#: What is made of a page.
OUTPUTS = {
    "tree": lambda page: page.pretty(),
    "places": lambda page: [[node.span, node.position, node.starts_at, node.ends_at] for node in page.walk()],
    "diagnostics": lambda page: page.diagnostics,
    "pickled": lambda page: pickle.loads(pickle.dumps(page)) == page,
    "instructions": dw.render.instructions,
    "record": dw.render.json,
    "line": dw.Page.to_json,
    "markup": dw.render.markup,
    "html": dw.render.html,
    "markdown": dw.render.markdown,
    "mediawiki": dw.render.mediawiki,
    "pandoc": dw.render.pandoc,
}  # fmt: skip

Digests = dict[str, Any]


def add(digests: Digests, name: str, made: object) -> None:
    """Add something to the digest of its kind."""
    text = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False, default=repr)
    digests[name].update(text.encode("utf-8", "surrogatepass") + b"\n")


def lines_of(path: Path) -> Iterator[Any]:
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def digest_page(digests: Digests, number: int, text: str) -> None:
    for syntax in list(SYNTAXES)[: 1 if number % 8 else None]:
        page = dw.parse(text, page_id="a:page", syntax=SYNTAXES[syntax])
        for output, make in OUTPUTS.items():
            try:
                made = make(page)
            except Exception as error:  # such as an error for text that is no Unicode
                made = f"{type(error).__name__}: {error}"
            add(digests, f"{syntax} {output}", made)


def digest_answers(digests: Digests, wiki: dw.Wiki, recorded: dict[str, Any]) -> None:
    context = wiki.context(user=recorded.get("user") or "", today=date.fromisoformat(recorded["now"]))
    add(digests, "stored", list(wiki.stored(context)))
    for question in recorded["queries"]:
        for node in dw.parse(question["text"]).queries:
            for semantics in ("plugin", "intuitive"):
                try:
                    result: Any = wiki.evaluate(node, page_id=question["page"], context=context, semantics=semantics)
                    made = [result.to_json(), result.to_html(), result.to_csv(), str(result), result.diagnostics]
                except dw.QueryError as error:
                    made = [str(error)]
                add(digests, f"answers, {semantics}", made)


def digest_wiki(digests: Digests, source: Path, exports: bool) -> None:
    for record in dw.convert(source, revisions=True):
        add(digests, "records", record)
    wiki = dw.Wiki.open(source)
    for page_id, node in ((found.page_id, found.query) for found in wiki.queries):
        try:
            add(
                digests,
                "answers",
                wiki.evaluate(node, page_id=page_id, context=wiki.context(today=date(2026, 7, 14))).to_json(),
            )
        except dw.QueryError as error:
            add(digests, "answers", str(error))
    for target in (*TARGETS, GIT, MEDIAWIKI) if exports else ():
        with tempfile.TemporaryDirectory() as folder:
            options = {"search": False} if target == "html" else {}
            try:
                dw.export(source, Path(folder, "out"), target, report=lambda error: None, **options)
            except Exception as error:
                add(digests, f"export: {target}", f"{type(error).__name__}: {error}")
            for path in sorted(Path(folder, "out").rglob("*")):
                if path.is_file() and ".git/" not in path.as_posix():
                    add(digests, f"export: {target}", path.relative_to(folder).as_posix())
                    digests[f"export: {target}"].update(path.read_bytes())


def write_wiki(folder: Path, recorded: dict[str, Any]) -> None:
    """Write the pages of a recorded wiki as files."""
    for page in recorded["pages"]:
        path = folder / "pages" / f"{page['id'].replace(':', '/')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page["text"], "utf-8", newline="")
        os.utime(path, (page["mtime"], page["mtime"]))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("sources", nargs="+", type=Path, metavar="SOURCE")
    arguments.add_argument(
        "--share", type=int, default=1, metavar="N", help="take one of N pages of files of pages only"
    )
    arguments.add_argument("--no-exports", action="store_true", help="export no wiki")
    given = arguments.parse_args()
    for source in given.sources:
        begin, digests = time.process_time(), defaultdict(hashlib.sha256)
        if source.suffix in (".jsonl", ".xz") and ".tar" not in source.name:
            for number, line in enumerate(lines_of(source)):
                if "text" in line and number % given.share == 0:
                    digest_page(digests, number // given.share, line["text"])
                if "pages" in line:
                    with tempfile.TemporaryDirectory() as folder:
                        write_wiki(Path(folder), line)
                        digest_answers(digests, dw.Wiki.open(folder), line)
        else:
            digest_wiki(digests, source, not given.no_exports)
        for name, digest in digests.items():
            print(f"{source.name}, {name}: {digest.hexdigest()[:16]}")
        print(f"{source.name}: {time.process_time() - begin:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
