"""Output that a later run can go on with: records beside the file that they become when they are complete."""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from dokuwiki_data.command.files import opened, umask
from dokuwiki_data.command.made_with import ResumeError, note_of
from dokuwiki_data.command.messages import echo
from dokuwiki_data.conversion import PARTS, Converted, PageState
from dokuwiki_data.conversion.parts import Reader, RecordRequest
from dokuwiki_data.errors import OutputError, PageReadError
from dokuwiki_data.render.characters import as_json, replace_surrogates
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import WikiSource
from dokuwiki_data.wiki.writing import flush, flush_folder


def part_of(path: Path) -> Path:
    """Where the records of a file are while they are not complete."""
    real = Path(os.path.realpath(path))
    return real.parent / f".{real.name[:200]}.part"


def output_file(path: Path | None, *, resume: bool, keep: bool) -> contextlib.AbstractContextManager[IO[bytes]]:
    """Standard output, or a file that takes its place only when it is complete.

    Whatever ends a run before, what it has written stays beside, if ``keep``, and a message says so. With ``resume``
    it still holds what an earlier run wrote. Raises `OutputError` where it cannot be written, or another run does it.
    """
    return opened(path, lambda path: _part(path, resume, keep))


@contextlib.contextmanager
def _part(path: Path, resume: bool, keep: bool) -> Iterator[IO[bytes]]:
    part, real = part_of(path), Path(os.path.realpath(path))
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(part, flags, 0o600), "r+b") as output:  # noqa: PTH123 - Path.open() follows links
        if os.fstat(output.fileno()).st_nlink > 1:
            raise OutputError(f"{part}: not written, since the file has another name as well")
        _lock(output, part)
        if not resume:
            output.truncate(0)
        try:
            yield output
            flush(output)
        except ResumeError:
            raise
        except BaseException:
            with contextlib.suppress(OSError):  # a full disk, which is what ended the run
                output.flush()
            if keep and part.stat().st_size:
                echo(f"the same command with --resume goes on from {part}")
            else:
                part.unlink()
                note_of(path).unlink(missing_ok=True)
            raise
    part.chmod(real.stat().st_mode & 0o777 if real.exists() else 0o666 & ~umask())
    part.replace(real)
    flush_folder(real.parent)
    note_of(path).unlink(missing_ok=True)


def _lock(output: IO[bytes], part: Path) -> None:
    """Let no other run write this file, where the system can do that. Raises `OutputError` if one does."""
    try:
        import fcntl  # not on every system
    except ImportError:
        return
    try:
        fcntl.lockf(output, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not flock: orphaned workers would hold that
    except (BlockingIOError, PermissionError) as error:
        raise OutputError(f"{part}: another run is writing it") from error
    except OSError:  # a file system without locks
        pass


def resume(
    output: IO[bytes],
    source: WikiSource,
    states: Sequence[PageState],
    parts: Sequence[str],
    revisions: bool,
    report: Report,
) -> tuple[Converted, int]:
    """What an earlier run left of JSON lines: its pages, and how many of ``states`` are done with.

    A record counts if it has the parts that are asked for, and says the same as the page's file and its history do
    now. (Without its text the time of change has to do.) From the first that does not, all is cut off. Pages that
    cannot be read, of which there are no records, go to ``report``.
    """
    reader = Reader(source, RecordRequest(tuple(parts), revisions), report)
    done, kept, finished = Converted(), 0, 0
    lost: list[PageReadError] = []
    output.seek(0)
    line = output.readline()
    for number, state in enumerate(states, start=1):
        if not line.endswith(b"\n"):
            break
        try:
            content = reader.content(state)
        except PageReadError as error:
            lost.append(error)
            continue
        record = _record_of(line, state, content, parts, revisions)
        if record is None or _noted(record, reader.notes(state)):
            break
        done.pages += state.revision is None
        done.revisions += state.revision is not None
        done.read += len(content)
        done.entries += _entries(line, content, parts)
        done.diagnostics += Counter(found["kind"] for found in record["diagnostics"])
        kept, finished = kept + len(line), number
        line = output.readline()
        while lost:  # those after the last record are met again
            report(lost.pop(0))
    output.seek(kept)
    output.truncate()
    return done, finished


def go_on_unnoted(
    output: IO[bytes], remade: Callable[[Report], Iterator[Converted]], report: Report
) -> tuple[Converted, int]:
    """The same where nobody noted how the records were made: ``remade`` makes one after the other once more.

    From the first that is another, all is cut off. Raises `ResumeError` if a page is the same and was read otherwise.
    """
    total, kept, finished = Converted(), 0, 0
    lost: list[PageReadError] = []
    output.seek(0)
    for number, done in enumerate(remade(lost.append), start=1):
        if not done.output:
            continue
        line, now = output.readline(), b"".join(done.pieces)
        if line != now:
            if _is_read_otherwise(line, now):
                raise ResumeError("--resume: the records so far were made in another way, such as by another release")
            break
        total.add(done)
        kept, finished = kept + len(line), number
        while lost:
            report(lost.pop(0))
    output.seek(kept)
    output.truncate()
    return total, finished


def _is_read_otherwise(line: bytes, now: bytes) -> bool:
    """Whether the same text of the same page, asked for the same, became another tree."""
    found, wanted = _loaded(line), _loaded(now)
    same = ("page_id", "modified", "revision", "text")
    return (
        found is not None
        and wanted is not None
        and "text" in found
        and found.keys() == wanted.keys()
        and [found.get(name) for name in same] == [wanted.get(name) for name in same]
        and any(found.get(name) != wanted[name] for name in ("title", "content", "diagnostics") if name in wanted)
    )


def _loaded(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _noted(record: dict[str, Any], notes: dict[str, Any]) -> bool:
    """Whether the wiki has noted something else of a page since."""
    return any(record[name] != value for name, value in json.loads(as_json(notes)).items())


def _entries(line: bytes, content: bytes, parts: Sequence[str]) -> int:
    """How many entries a page has."""
    if "ast" in parts:
        return line.count(b'"type":"DataEntry"')  # a text has its quotes escaped
    return len(parse(content.decode("utf-8", "surrogateescape")).entries) if b"dataentry" in content else 0


def _record_of(
    line: bytes, state: PageState, content: bytes, parts: Sequence[str], revisions: bool
) -> dict[str, Any] | None:
    """The record of a line, if it is what would be written now."""
    record = _loaded(line)
    if record is None:
        return None
    names = {name for name in _NAMES if name in record}
    try:
        found = record["page_id"], record["modified"], record.get("revision"), record.get("text")
        kinds = {found["kind"] for found in record["diagnostics"]}
    except (KeyError, TypeError):
        return None
    text = replace_surrogates(content.decode("utf-8", "surrogateescape")) if "text" in parts else None
    expected = {_KEYS.get(part, part) for part in parts} | ({"revision"} if revisions else set())
    if state.revision is not None:
        expected -= {"meta", "tables"}
    is_same = found == (replace_surrogates(state.page_id), state.modified, state.revision, text)
    return record if is_same and names == expected and all(isinstance(kind, str) for kind in kinds) else None


#: The keys of a record's parts, where they are called otherwise, and all that a record may have or not.
_KEYS = {"ast": "content"}
_NAMES = {"revision", *(_KEYS.get(part, part) for part in PARTS)}
