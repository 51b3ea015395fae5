"""Wikis with a history, and the commits that were made of them: read from a stream, and from a repository by git."""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from dokuwiki_data.exports.exporting import ExportRequest
from dokuwiki_data.exports.git.exporting import HistoryExport
from dokuwiki_data.exports.git.plan import GitOptions
from dokuwiki_data.wiki.sources.opening import open_source

EPOCH = 1_600_000_000
CHANGES = yaml.safe_load((Path(__file__).parent / "history.yaml").read_text("utf-8"))

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Commit(NamedTuple):
    """A commit: its author with the time, its message, and what became of files: their contents, None if removed."""

    author: str
    message: str
    files: dict[str, bytes | None]
    parent: str = ""


# ------------------------------------------------------------------------------------------------------------ wikis


def put(path: Path, content: bytes, time: int) -> None:
    """Write a file with a time of modification."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time, time))


def write_changes(folder: Path, changes=CHANGES) -> Path:
    """Write a wiki as DokuWiki has it after some changes of `CHANGES`, and return its folder."""
    data = folder / "data"
    for name in ("pages", "meta", "attic", "media", "media_meta", "media_attic"):
        (data / name).mkdir(parents=True, exist_ok=True)
    current: dict[Path, tuple[bytes, int]] = {}
    lines: dict[Path, list[str]] = {}
    for change in changes:
        time = EPOCH + change["time"]
        if "page" in change:
            name, ending, attic, meta = change["page"].replace(":", "/"), ".txt", "attic", "meta"
            file = data / "pages" / f"{name}.txt"
        else:
            whole = change["media"].replace(":", "/")
            name, dot, ending = whole.rpartition(".")
            ending, attic, meta = dot + ending, "media_attic", "media_meta"
            file = data / "media" / whole
        if "line" in change:
            kind, user, summary, extra = change["line"]
            log = data / meta / f"{change.get('page') or change['media']}.changes".replace(":", "/")
            parts = [str(time), "192.0.2.1", kind, change.get("page") or change["media"], user, summary, extra, ""]
            lines.setdefault(log, []).append("\t".join(parts) + "\n")
        text = change.get("text")
        if text is not None:
            content = text.encode("latin-1" if "media" in change else "utf-8")
            packed = gzip.compress(content, mtime=0) if attic == "attic" else content
            put(data / attic / f"{name}.{time}{ending}{'.gz' if attic == 'attic' else ''}", packed, time)
            current[file] = content, time
        if change.get("current"):
            current[file] = change["current"].encode(), time
        if change.get("current") is False or change.get("line", [""])[0] == "D":
            current.pop(file, None)
    for log, found in lines.items():
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(found), "utf-8")
    for kind in ("pages", "media"):
        for file in [path for path in (data / kind).rglob("*") if path.is_file() and path not in current]:
            file.unlink()
    for file, (content, time) in current.items():
        put(file, content, time)
    return folder


def today(folder: Path) -> dict[str, bytes]:
    """The pages and media files of a wiki, by the paths that they have in a repository."""
    data = folder / "data"
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for kind in ("pages", "media")
        for path in (data / kind).rglob("*")
        if path.is_file()
    }


# ---------------------------------------------------------------------------------------------------------- exports


def history(wiki, *, jobs=1, report=None, request=ExportRequest(), **options) -> HistoryExport:
    """The export of a wiki's history; errors fail the test unless they are reported to somebody."""

    def fail(error):
        raise AssertionError(error)

    source = open_source(wiki, report or fail) if isinstance(wiki, Path) else wiki
    return HistoryExport(
        source, request, GitOptions(**options), report=report or fail, say=fail, jobs=lambda states: jobs
    )


def stream_of(wiki, **options) -> bytes:
    """The stream of a wiki's history."""
    output = io.BytesIO()
    history(wiki, **options).to_stream(output)
    return output.getvalue()


_COMMIT = re.compile(rb"commit (?P<ref>\S+)\nmark :(?P<mark>\d+)\nauthor (?P<author>[^\n]*)\ncommitter (?P=author)\n")
_DATA = re.compile(rb"data (\d+)\n")
_FROM = re.compile(rb"from ([^\n]*)\n")
_WRITE = re.compile(rb"M 100644 inline ([^\n]*)\n")
_REMOVE = re.compile(rb"D ([^\n]*)\n")


def read_stream(stream: bytes) -> list[Commit]:
    """The commits of a stream, read by the grammar of git fast-import; it must hold nothing else."""
    at = 0

    def take(pattern):
        nonlocal at
        found = pattern.match(stream, at)
        at = at if found is None else found.end()
        return found

    def content():
        nonlocal at
        size = int(take(_DATA)[1])
        at += size
        assert at <= len(stream)
        return stream[at - size : at]

    assert take(re.compile(rb"feature done\n"))
    commits = []
    while found := take(_COMMIT):
        assert int(found["mark"]) == len(commits) + 1
        message = content()
        parent = take(_FROM)
        files = {}
        while True:
            if written := take(_WRITE):
                files[_path(written[1])] = content()
                assert take(re.compile(rb"\n"))
            elif removed := take(_REMOVE):
                files[_path(removed[1])] = None
            else:
                break
        assert take(re.compile(rb"\n"))
        take(re.compile(rb"checkpoint\n\n"))
        commits.append(Commit(found["author"].decode(), message.decode(), files, parent[1].decode() if parent else ""))
    assert stream[at:] == b"done\n"
    return commits


def _path(written: bytes) -> str:
    text = written.decode()
    if text.startswith('"'):
        assert re.fullmatch(r'"(?:[^"\\\n]|\\["\\n])*"', text)
        return text[1:-1].replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")
    return text


def git(folder: Path, *arguments: str, given: bytes | None = None) -> str:
    """What git prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(folder), "-c", "core.quotepath=off", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "surrogateescape")


def check_repository(folder: Path) -> None:
    """Assert that a repository is sound, and that its files are those of the branch."""
    assert git(folder, "fsck", "--strict", "--no-dangling") == ""
    assert git(folder, "status", "--short") == ""
    assert git(folder, "symbolic-ref", "HEAD") == "refs/heads/main\n"


def files_of(folder: Path) -> dict[str, bytes]:
    """The files in the folder of a repository."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] != ".git"
    }


def tip(folder: Path) -> str:
    """The last commit of the branch."""
    return git(folder, "rev-parse", "main").strip()
