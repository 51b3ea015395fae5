"""A small wiki in a folder for tests of what saving does: made, changed, and looked at."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import dokuwiki_data as dw
from dokuwiki_data import edit

TIME, NOW = 1_600_000_000, 1_700_000_000
ENTRY = "---- dataentry ----\nname : {}  # kept\n----\n"


def put(root: Path, **texts: str) -> Path:
    """Write pages whose last revision is the time of their files."""
    for name, text in texts.items():
        page = root / "pages" / f"{name}.txt"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(text.encode())
        os.utime(page, (TIME, TIME))
        (root / "meta" / f"{name}.changes").write_text(f"{TIME}\t1.2.3.4\tC\t{name}\tann\tmade\t\t{len(text)}\n")
        (root / "attic" / f"{name}.{TIME}.txt.gz").write_bytes(gzip.compress(text.encode()))
    return root


def make(root: Path, *folders: str) -> Path:
    """The data folder of a wiki with two entries and a page without one."""
    for folder in ("pages", "meta", "attic", *folders):
        (root / folder).mkdir(parents=True)
    return put(root, a=ENTRY.format("one"), b=ENTRY.format("two"), c="no entry\n")


def rename(page: dw.Page) -> dw.Page:
    """The page with its field called otherwise."""
    return edit.rename_field(page, "name", "title")


def files(root: Path) -> dict[str, bytes]:
    """All files below a folder with what they hold."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def history(root: Path, name: str) -> list[list[str]]:
    """The lines of a history, in columns."""
    return [line.split("\t") for line in (root / "meta" / f"{name}.changes").read_text().splitlines()]
