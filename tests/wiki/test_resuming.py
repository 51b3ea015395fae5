"""`convert --resume`: records are added only to such as were made in the same way; what is stale is renewed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dokuwiki_data.command import resuming
from dokuwiki_data.command.main import main

NOTHING = "dokuwiki-data: --resume: no record of an earlier run can be used, so all pages are converted again\n"
TEXTS = {
    "a": "====== A ======\n[[b]] [[z]] {{x.png}} {{y.png}} <note>n</note>\n---- datatable ----\ncols: n\n----\n",
    "b": "---- dataentry ----\nn: %now%, b\n----\n",
    "c": "[[a]]\n---- dataentry ----\nn: c\n----\n",
}


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    """A wiki with settings, media, and a history."""
    root = tmp_path / "wiki"
    for name in ("conf", "data/pages", "data/media", "data/meta", "data/attic"):
        (root / name).mkdir(parents=True)
    (root / "conf" / "dokuwiki.php").write_text("<?php $conf['useacl'] = 1;")
    (root / "conf" / "acl.auth.php").write_text("*\t@ALL\t1\n*\tann\t1\n")
    (root / "data" / "media" / "x.png").write_text("")
    for page_id, text in TEXTS.items():
        write(root, page_id, text)
    return root


def write(root: Path, page_id: str, text: str) -> None:
    path = root / "data" / "pages" / f"{page_id}.txt"
    path.write_text(text)
    os.utime(path, (1_600_000_000, 1_600_000_000))
    (root / "data" / "meta" / f"{page_id}.changes").write_text(f"1600000000\t1.2.3.4\tC\t{page_id}\tann\tmade\t\t1\n")


def convert(wiki: Path, *arguments: str) -> int:
    return main(["convert", str(wiki), *arguments])


def interrupt(wiki: Path, output: Path, *arguments: str) -> Path:
    """Leave two records of a run that was stopped in the middle; return where they are."""
    part = resuming.part_of(output)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "replace", stopping(part, Path.replace))
        with pytest.raises(SystemExit):
            convert(wiki, "-q", "-o", str(output), *arguments)
    lines = part.read_bytes().splitlines(keepends=True)
    part.write_bytes(b"".join(lines[:2]) + lines[2][:10])
    return part


def stopping(part: Path, replace):  # type: ignore[no-untyped-def]
    def function(self: Path, target: Path) -> Path:
        if self == part:
            raise SystemExit
        return replace(self, target)  # type: ignore[no-any-return]

    return function


ALL = ("--with", "text,ast,data,links,meta,tables", "--revisions")


def test_what_was_made_in_the_same_way_is_gone_on_with(wiki, tmp_path, capsys):  # type: ignore[no-untyped-def]
    pytest.importorskip("phpserialize")
    output = tmp_path / "out.jsonl"
    assert convert(wiki, "-q", "-o", str(output), *ALL) == 0
    whole = output.read_bytes()
    output.unlink()
    interrupt(wiki, output, *ALL)
    assert convert(wiki, "-o", str(output), *ALL, "--resume") == 0
    assert "dokuwiki-data: --resume: 2 of 3 were done before\n" in capsys.readouterr().err
    assert output.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir() if path != wiki] == ["out.jsonl"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["--release", "2025-05-14"], [], "release 2025-05-14 instead of 2026-07-14"),
        (["--plugins", "data"], ["--plugins", "data,wrap"], "plugins data instead of data,wrap"),
        (["--plugins", ""], ["--plugins", "wrap"], "plugins none instead of wrap"),
        (["--with", "text"], ["--with", "text,ast"], "parts text instead of text,ast"),
        (["--revisions"], [], "revisions yes instead of no"),
        (["--exclude", "x"], ["--include", "*"], "pages of exclude=x instead of include=*"),
        (["--readable-by", "@ALL"], [], "pages of readable_by=@ALL instead of all"),
        (["--readable-by", "ann"], ["--readable-by", "@ALL"], "pages of readable_by=ann instead of readable_by=@ALL"),
        (["--release", "2025-05-14", "--with", "text"], [], "release 2025-05-14 instead of 2026-07-14, parts text"),
    ],
)  # fmt: skip
def test_what_was_made_otherwise_is_refused(wiki, tmp_path, capsys, before, after, said):  # type: ignore[no-untyped-def]
    output = tmp_path / "out.jsonl"
    part = interrupt(wiki, output, *before)
    capsys.readouterr()
    kept = part.read_bytes()
    assert convert(wiki, "-q", "-o", str(output), *after, "--resume") == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "left out" not in line]
    assert line.startswith(f"dokuwiki-data: --resume: the records so far were made with {said}")
    assert part.read_bytes() == kept
    assert convert(wiki, "-q", "-o", str(output), *before, "--resume") == 0
    assert output.read_bytes().startswith(b"".join(kept.splitlines(keepends=True)[:2]))


def test_other_settings_and_versions_are_refused(wiki, tmp_path, capsys, monkeypatch):  # type: ignore[no-untyped-def]
    output = tmp_path / "out.jsonl"
    interrupt(wiki, output)
    (wiki / "conf" / "local.php").write_text("<?php $conf['typography'] = 0;")
    assert convert(wiki, "-q", "-o", str(output), "--resume") == 2
    assert "made with settings " in capsys.readouterr().err
    (wiki / "conf" / "local.php").unlink()
    monkeypatch.setattr("importlib.metadata.version", lambda name: "99")
    assert convert(wiki, "-q", "-o", str(output), "--resume") == 2
    assert " instead of 99;" in capsys.readouterr().err


def add_page(wiki: Path) -> None:
    write(wiki, "z", "new")


def add_media(wiki: Path) -> None:
    (wiki / "data" / "media" / "y.png").write_text("")


def remove_media(wiki: Path) -> None:
    (wiki / "data" / "media" / "x.png").unlink()


def change_entry(wiki: Path) -> None:
    write(wiki, "c", TEXTS["c"].replace("n: c", "n: d"))
    os.utime(wiki / "data" / "pages" / "c.txt", (1_600_000_001, 1_600_000_001))


def change_history(wiki: Path) -> None:
    (wiki / "data" / "meta" / "a.changes").write_text("1600000000\t1.2.3.4\tC\ta\tjoe\tmade by joe\t\t1\n")


def close_media(wiki: Path) -> None:
    (wiki / "conf" / "acl.auth.php").write_text("*\t@ALL\t1\n*\tann\t1\na\t@ALL\t1\nb\t@ALL\t1\nc\t@ALL\t0\n")


@pytest.mark.parametrize("change", [add_page, add_media, remove_media, change_entry, change_history, close_media])
@pytest.mark.parametrize("is_noted", [True, False])
def test_what_has_changed_around_is_renewed(wiki, tmp_path, change, is_noted):  # type: ignore[no-untyped-def]
    pytest.importorskip("phpserialize")
    output, other = tmp_path / "out.jsonl", tmp_path / "other.jsonl"
    arguments = [*ALL, "--readable-by", "@ALL"]
    interrupt(wiki, output, *arguments)
    if not is_noted:
        (tmp_path / ".out.jsonl.made-with").unlink()
    change(wiki)
    assert convert(wiki, "-q", "-o", str(output), *arguments, "--resume") == 0
    assert convert(wiki, "-q", "-o", str(other), *arguments) == 0
    assert output.read_bytes() == other.read_bytes()


def test_without_a_note_it_is_found_that_pages_were_read_otherwise(wiki, tmp_path, capsys):  # type: ignore[no-untyped-def]
    output = tmp_path / "out.jsonl"
    part = interrupt(wiki, output, "--plugins", "data,note")
    (tmp_path / ".out.jsonl.made-with").unlink()
    capsys.readouterr()
    kept = part.read_bytes()
    assert convert(wiki, "-q", "-o", str(output), "--resume") == 2
    assert capsys.readouterr().err.startswith("dokuwiki-data: --resume: the records so far were made differently")
    assert part.read_bytes() == kept


@pytest.mark.parametrize(
    "left",
    [b"", b"\n", b"[" * 100_000, b"[" * 100_000 + b"\n", b'{"a":' * 100_000 + b"\n", b"{}\n", b"[]\n", b"1\n",
     b"\xff\n", b'{"page_id":"a","modified":1600000000,"text":1,"diagnostics":[[]]}\n', b"1" * 10_000 + b"\n"],
)  # fmt: skip
@pytest.mark.parametrize("is_noted", [True, False])
def test_what_is_no_record_is_of_no_use(wiki, tmp_path, capsys, left, is_noted):  # type: ignore[no-untyped-def]
    output = tmp_path / "out.jsonl"
    interrupt(wiki, output).write_bytes(left)
    if not is_noted:
        (tmp_path / ".out.jsonl.made-with").write_bytes(left)
    capsys.readouterr()
    assert convert(wiki, "-o", str(output), "--resume") == 0
    assert NOTHING in capsys.readouterr().err
    assert [json.loads(line)["page_id"] for line in output.read_text().splitlines()] == ["a", "b", "c"]


def test_too_little_memory_is_one_line(wiki, tmp_path, capsys, monkeypatch):  # type: ignore[no-untyped-def]
    output = tmp_path / "out.jsonl"
    interrupt(wiki, output)

    def loads(line: bytes) -> None:
        raise MemoryError

    capsys.readouterr()
    monkeypatch.setattr(resuming.json, "loads", loads)
    assert convert(wiki, "-q", "-o", str(output), "--resume") == 2
    *_, line = capsys.readouterr().err.splitlines()
    assert line == "dokuwiki-data: there is not enough memory"


def test_unfinished_output_with_another_name_is_not_written(wiki, tmp_path, capsys):  # type: ignore[no-untyped-def]
    page = wiki / "data" / "pages" / "a.txt"
    (tmp_path / ".out.jsonl.part").hardlink_to(page)
    for more in ([], ["--resume"]):
        assert convert(wiki, "-q", "-o", str(tmp_path / "out.jsonl"), *more) == 2
        assert "has a hard link" in capsys.readouterr().err
    assert page.read_text() == TEXTS["a"]
