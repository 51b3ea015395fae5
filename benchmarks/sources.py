"""The pages that are measured: of a corpus, of a wiki, or generated."""

from __future__ import annotations

import json
import lzma
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_WARM_UP = (
    "== a ==\n**b** [[c]] {{d.png}}\n  * e\n| f |\n---- dataentry ----\ng: h\n----\n<code python>\nx = 1\n</code>\n"
)

#: What most lines of a page can be.
CLASSES = ("prose", "lists", "tables", "code", "data")

_BLOCK = re.compile(
    r"(?P<code><(code|file)\b.*?</\2>)|(?P<data>^---- *data\w+ .*?\n----)"
    r"|^(?:(?P<lists>(?: {2,}|\t+)[*-])|(?P<tables>[|^])|(?P<indented> {2,}|\t))[^\n]*|^(?P<prose>[^\n]*\S[^\n]*)",
    re.DOTALL | re.MULTILINE,
)


class Text(NamedTuple):
    """A page as it lies in a wiki; ``modified`` is in Unix seconds."""

    page_id: str
    text: str
    modified: int


def texts_of(source: Path) -> list[Text]:
    """Return the pages of JSON lines (``.jsonl``, ``.jsonl.xz``) with a ``text`` each, or of a wiki.

    A wiki is a folder or a tar archive. If it has a folder ``data/pages``, the pages are the texts below that, else all
    texts.
    """
    if ".jsonl" in source.suffixes:
        with (lzma.open if source.suffix == ".xz" else open)(source, "rt", encoding="utf-8") as lines:
            return [Text("", json.loads(line)["text"], 0) for line in lines]
    files = sorted(_files(source))
    below = "data/pages/" if any("data/pages/" in name for name, _, _ in files) else ""
    return [
        Text(_behind(below, name).removesuffix(".txt").replace("/", ":"), raw.decode("utf-8", "replace"), modified)
        for name, raw, modified in files
        if below in name and name.endswith(".txt")
    ]


def _behind(folder: str, name: str) -> str:
    return name.rpartition(folder)[2] if folder else name


def _files(wiki: Path) -> Iterator[tuple[str, bytes, int]]:
    if wiki.is_dir():
        for path in wiki.rglob("*.txt"):
            yield path.relative_to(wiki.parent).as_posix(), path.read_bytes(), int(path.stat().st_mtime)
        return
    with tarfile.open(wiki) as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                yield member.name, file.read(), int(member.mtime)


def warming(texts: list[str]) -> list[str]:
    """Return what all sides read before time counts: whatever is made at first use is there then."""
    return [_WARM_UP, *texts[:50]]


def class_of(text: str) -> str:
    """Return what most lines of a page are."""
    lines: Counter[str] = Counter()
    for block in _BLOCK.finditer(text):
        kind = block.lastgroup or "prose"
        lines["code" if kind == "indented" else kind] += block[0].count("\n") + 1
    return max(CLASSES, key=lambda kind: lines[kind])


#: A generated column for each number of pages that share a value of it.
SHARED_BY = (10, 100, 1000)


def generated(total: int) -> Iterator[Text]:
    """Yield pages with entries of seven values."""
    for number in range(total):
        groups = "\n".join(f"by {size}: group {number % max(1, total // size)}" for size in SHARED_BY)
        yield Text(
            f"page{number}",
            f"====== Page {number} ======\n---- dataentry ----\n{groups}\nname: name {number}\n"
            f"due_dt: 2026-{number % 12 + 1}-{number % 28 + 1}\ntags: tag {number % 7}, tag {number % 1009}\n----\n",
            number,
        )


#: Generated queries, each with a number in it.
_QUERIES = (
    "---- datatable ----\ncols: %pageid%, name, due\nfilter: by 10 = group {}\nsort: name\n----\n",
    "---- datatable ----\ncols: %title%, tags\nfilter: tags ~~ tag {}\nsort: ^due\nlimit: 50\n----\n",
    "---- datalist ----\ncols: name, by 100\nfilter: by 100 = group {0}\nor: name = name {0}\n----\n",
    "---- datacloud ----\nfield: tags\nmin: 2\nfilter: by 1000 = group {}\n----\n",
)


def generated_wiki(total: int) -> Iterator[Text]:
    """Yield generated pages, and a query for every twenty of them."""
    yield from generated(total)
    for number in range(total // 20):
        yield Text(f"queries:{number}", _QUERIES[number % len(_QUERIES)].format(number), 0)


def write(texts: Iterator[Text] | list[Text], folder: Path, megabytes: float = 0.0) -> None:
    """Write pages as a wiki into a folder, again and again under other namespaces up to a size."""
    pages, size, copy = list(texts), 0, 0
    while not copy or size < megabytes * 1e6:
        for page in pages:
            path = folder / "data" / "pages" / f"copy{copy}" / f"{page.page_id.replace(':', '/') or 'page'}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page.text, "utf-8", newline="")
            size += len(page.text.encode())
        copy += 1
