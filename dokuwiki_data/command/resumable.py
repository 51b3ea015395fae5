"""Output that a later run can go on with: records beside the file that they become when they are complete."""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from dokuwiki_data.command.files import opened, umask
from dokuwiki_data.conversion import Converted
from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import PageFile, Source


def part_of(path: Path) -> Path:
    """Where the records of a file are while they are not complete."""
    real = Path(os.path.realpath(path))
    return real.parent / f".{real.name[:200]}.part"


def output_file(path: Path | None, *, resume: bool) -> contextlib.AbstractContextManager[IO[bytes]]:
    """Standard output, or a file that takes its place only when it is complete; what is left of a run stays beside.

    With ``resume`` it still holds what an earlier run wrote. Raises `OutputError` where it cannot be written.
    """
    return opened(path, lambda path: _part(path, resume))


@contextlib.contextmanager
def _part(path: Path, resume: bool) -> Iterator[IO[bytes]]:
    part, real = part_of(path), Path(os.path.realpath(path))
    flags = os.O_RDWR | os.O_CREAT | (0 if resume else os.O_TRUNC) | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(part, flags, 0o600), "r+b") as output:  # noqa: PTH123 - Path.open() follows links
        try:
            yield output
        except BaseException as error:
            output.flush()
            if isinstance(error, DokuWikiDataError) or not output.tell():
                part.unlink()
            raise
    part.chmod(real.stat().st_mode & 0o777 if real.exists() else 0o666 & ~umask())
    part.replace(real)


def go_on(output: IO[bytes], source: Source, files: list[PageFile], report: Report) -> tuple[Converted, int]:
    """What an earlier run left of JSON lines: its pages, and how many of ``files`` are done with.

    A record counts if it says the same as the page's file does now. From the first that does not, all is cut off.
    Pages that cannot be read, of which there are no records, go to ``report``.
    """
    done, kept, finished = Converted(), 0, 0
    output.seek(0)
    line = output.readline()
    for number, file in enumerate(files):
        if not line.endswith(b"\n"):
            break
        try:
            content = source.read(file.path)
        except PageReadError as error:
            done.lost.append(error)
            continue
        if not _is_record_of(line, file, content):
            break
        done.pages += 1
        done.read += len(content)
        done.entries += line.count(b'"type":"DataEntry"')  # a text has its quotes escaped
        done.diagnostics += Counter(found["kind"] for found in json.loads(line)["diagnostics"])
        kept, finished = kept + len(line), number + 1
        line = output.readline()
        lost, done.lost = done.lost, []
        for one in lost:
            report(one)
    done.lost = []  # those after the last record are met again
    output.seek(kept)
    output.truncate()
    return done, finished


def _is_record_of(line: bytes, file: PageFile, content: bytes) -> bool:
    try:
        record = json.loads(line)
        found = record["page_id"], record["modified"], record["text"]
    except (ValueError, KeyError, TypeError):
        return False
    text = replace_surrogates(content.decode("utf-8", "surrogateescape"))
    return bool(found == (replace_surrogates(file.page_id), file.modified, text))
