"""Output that ``convert --resume`` can continue: unfinished records, and a note on how they were made.

Both are files beside the output: ``.FILE.part`` and ``.FILE.made-with``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from dokuwiki_data.command.files import opened_output
from dokuwiki_data.command.messages import echo
from dokuwiki_data.conversion import PARTS, ConversionOptions, Converted, PageState
from dokuwiki_data.conversion.parts import RecordRequest, StateReader
from dokuwiki_data.dataset.folder import wiki_metadata
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import DokuWikiDataError, OutputError, PageReadError
from dokuwiki_data.render.characters import as_json, replace_surrogates
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.writing import flush, flush_folder, lock_for_process, mode_for, replacing


class ResumeError(DokuWikiDataError):
    """The records of an earlier run were made differently, so the run cannot be resumed."""


def part_of(path: Path) -> Path:
    """Return the path of the unfinished records of a file."""
    real = Path(os.path.realpath(path))
    return real.parent / f".{real.name[:200]}.part"


def output_file(path: Path | None, *, resume: bool, keep: bool) -> contextlib.AbstractContextManager[IO[bytes]]:
    """Open standard output, or a file that is moved into place when it is complete.

    Args:
        path: The path of the file; None for standard output.
        resume: Whether to keep what an earlier run has written.
        keep: Whether unfinished output stays if the run ends early; then a message says so.

    Raises:
        OutputError: If the file cannot be written, or another run is writing it.
    """
    return opened_output(path, lambda path: _part(path, resume, keep))


@contextlib.contextmanager
def _part(path: Path, resume: bool, keep: bool) -> Iterator[IO[bytes]]:
    part, real = part_of(path), Path(os.path.realpath(path))
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(part, flags, 0o600), "r+b") as output:  # noqa: PTH123 - Path.open() follows links
        if os.fstat(output.fileno()).st_nlink > 1:
            raise OutputError(f"{part}: not written, since it has a hard link")
        try:
            lock_for_process(output)
        except BlockingIOError as error:
            raise OutputError(f"{part}: another run is writing it") from error
        if not resume:
            output.truncate(0)
        try:
            yield output
            flush(output)
        except ResumeError:
            raise
        except BaseException:
            with contextlib.suppress(OSError):  # such as a full disk, which ended the run
                output.flush()
            if keep and part.stat().st_size:
                echo(f"the same command with --resume continues from {part}")
            else:
                part.unlink()
                note_of(path).unlink(missing_ok=True)
            raise
    part.chmod(mode_for(real))
    part.replace(real)
    flush_folder(real.parent)
    note_of(path).unlink(missing_ok=True)


# ------------------------------------------------------------------------------------------ how they are made


class MadeWith(NamedTuple):
    """How records were made.

    Attributes:
        how: Everything that must not change between two runs, as text by name.
        around: A digest of what may change: the pages that links find, and the entries that queries find.
    """

    how: Mapping[str, str]
    around: str

    def differences(self, other: MadeWith) -> str:
        """Return what differs in ``how``, in words; empty if nothing does."""
        names = [name for name in {**self.how, **other.how} if self.how.get(name) != other.how.get(name)]
        return ", ".join(f"{name} {self.how.get(name)} instead of {other.how.get(name)}" for name in names)


def made_with(source: WikiSource, options: ConversionOptions, context: Context, how: Mapping[str, str]) -> MadeWith:
    """Return how records are made from a wiki; ``how`` are further names with what must not change."""
    settings, parts = source.settings, set(options.parts)
    around: list[object] = []
    if parts & {"data", "tables"}:
        around += [wiki_metadata(settings.syntax, context), str(context.today)]
    if "tables" in parts:
        around += options.pages
    elif "links" in parts:
        around += [file.page_id for file in options.pages]
    if "links" in parts:
        around += ["media", *filter(options.sees_media, source.media(lambda error: None))]
    return MadeWith(how, digest(around))


def digest(values: Iterable[object]) -> str:
    """Return a digest of values by their `repr`."""
    found = hashlib.sha256()
    for value in values:
        found.update(repr(value).encode("utf-8", "surrogatepass") + b"\0")
    return found.hexdigest()


def note_of(path: Path) -> Path:
    """Return the path of the note on how the records of a file were made."""
    real = Path(os.path.realpath(path))
    return real.parent / f".{real.name[:200]}.made-with"


def write_note(path: Path, made: MadeWith) -> None:
    """Write the note on how the records of a file are made."""
    with replacing(note_of(path)) as output:
        output.write(as_json({"how": made.how, "around": made.around}, indent=2).encode() + b"\n")


def read_note(path: Path) -> MadeWith | None:
    """Return how the records of a file were made; None if there is no note."""
    try:
        found = json.loads(note_of(path).read_bytes())
        return MadeWith({str(name): str(value) for name, value in found["how"].items()}, str(found["around"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


# ---------------------------------------------------------------------------------------------- resuming


class Resumed(NamedTuple):
    """What an earlier run has done: the numbers of its pages, and how many states are finished."""

    done: Converted
    finished: int


def resume(
    output: IO[bytes], source: WikiSource, states: Sequence[PageState], options: ConversionOptions, report: Report
) -> Resumed:
    """Keep the records of an earlier run that are up to date, and cut off the rest from the first that is not.

    A record is up to date if it has the requested parts, and matches the page's file and changelog. Without its text
    the time of change has to match.

    Args:
        output: The records so far, as JSON lines.
        source: The wiki.
        states: The states to convert.
        options: What to convert them to.
        report: Called with the error of each page that cannot be read, and thus has no record.
    """
    parts, revisions = options.parts, options.revisions
    reader = StateReader(source, RecordRequest(parts, revisions), report)
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
        record = _valid_record(line, state, content, parts, revisions)
        if record is None or _differs(record, reader.notes(state)):
            break
        done.pages += state.revision is None
        done.revisions += state.revision is not None
        done.read += len(content)
        done.entries += _count_entries(line, content, parts)
        done.diagnostics += Counter(found["kind"] for found in record["diagnostics"])
        kept, finished = kept + len(line), number
        line = output.readline()
        while lost:  # errors after the last record occur again
            report(lost.pop(0))
    output.seek(kept)
    output.truncate()
    return Resumed(done, finished)


def resume_by_comparison(output: IO[bytes], remade: Callable[[Report], Iterator[Converted]], report: Report) -> Resumed:
    """Keep the records of an earlier run without a note if they equal records that are made again.

    Args:
        output: The records so far, as JSON lines.
        remade: Makes the records again, one by one; called with a function that takes errors.
        report: Called with the error of each page that cannot be read.

    Raises:
        ResumeError: If the same page was read differently.
    """
    total, kept, finished = Converted(), 0, 0
    lost: list[PageReadError] = []
    output.seek(0)
    for number, done in enumerate(remade(lost.append), start=1):
        if not done.output:
            continue
        line, now = output.readline(), b"".join(done.pieces)
        if line != now:
            if _is_read_differently(line, now):
                raise ResumeError("--resume: the records so far were made differently, such as by another release")
            break
        total.add(done)
        kept, finished = kept + len(line), number
        while lost:
            report(lost.pop(0))
    output.seek(kept)
    output.truncate()
    return Resumed(total, finished)


def _is_read_differently(line: bytes, now: bytes) -> bool:
    """Return whether two records with the same parts of the same text have different trees."""
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


def _differs(record: dict[str, Any], notes: dict[str, Any]) -> bool:
    """Return whether the changelog or the ``.meta`` file of the page has changed."""
    return any(record[name] != value for name, value in json.loads(as_json(notes)).items())


def _count_entries(line: bytes, content: bytes, parts: Sequence[str]) -> int:
    if "ast" in parts:
        # Quotes within texts are escaped.
        return line.count(b'"type":"DataEntry"') + line.count(b'"type":"DataTemplateEntry"')
    return len(parse(content.decode("utf-8", "surrogateescape")).entries) if b"dataentry" in content else 0


#: The keys of parts that have another name than the part, and all keys that depend on the options.
_KEYS = {"ast": "content"}
_OPTIONAL_KEYS = {"revision", *(_KEYS.get(part, part) for part in PARTS)}


def _valid_record(
    line: bytes, state: PageState, content: bytes, parts: Sequence[str], revisions: bool
) -> dict[str, Any] | None:
    """Return the record in a line; None if the record of this state would be another one."""
    record = _loaded(line)
    if record is None:
        return None
    names = {name for name in _OPTIONAL_KEYS if name in record}
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
