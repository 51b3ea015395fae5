"""Archives, settings, histories and stores that somebody made in order to harm: each costs little, and is told."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import sqlite3
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from dokuwiki_data.errors import ArchiveError, PageReadError, SourceError, StoreError
from dokuwiki_data.wiki import store
from dokuwiki_data.wiki.changes import Change, parse_changes
from dokuwiki_data.wiki.conf import merged_schemes, read_php
from dokuwiki_data.wiki.file_names import id_of_file
from dokuwiki_data.wiki.settings import read_settings
from dokuwiki_data.wiki.sources.files import Limits
from dokuwiki_data.wiki.sources.opening import open_source
from dokuwiki_data.wiki.sources.source import WikiSource

PAGE = b"A page."


def opened(path: Path, lost: list[PageReadError], limits: Limits = Limits()) -> WikiSource:
    return open_source(path, lost.append, limits=limits)


def tar_with(path: Path, attributes: Mapping[str, str]) -> Path:
    """A tar with a page whose header says what ``attributes`` say."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, more in (("pages/a.txt", attributes), ("pages/b.txt", {})):
            member = tarfile.TarInfo(name)
            member.size, member.pax_headers = len(PAGE), dict(more)
            tar.addfile(member, io.BytesIO(PAGE))
    return path


@pytest.mark.parametrize("time", ["inf", "-inf", "nan", "1e300", "9" * 5000])
def test_times_that_are_none(tmp_path: Path, time: str) -> None:
    lost: list[PageReadError] = []
    source = opened(tar_with(tmp_path / "a.tar", {"mtime": time}), lost)
    first, second = source.pages(lost.append)
    assert (first.page_id, second.page_id, second.modified, lost) == ("a", "b", 0, [])
    assert first.modified in (None, 0)


@pytest.mark.parametrize("size", ["-1", "-512", "9" * 30, "9" * 5000])
def test_sizes_that_are_none(tmp_path: Path, size: str) -> None:
    lost: list[PageReadError] = []
    with contextlib.suppress(SourceError):  # no page is left
        opened(tar_with(tmp_path / "a.tar", {"size": size}), lost)
    assert len(lost) == 1


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_header_of_a_tar_that_would_fill_the_memory(tmp_path: Path, kind: bytes) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, 8 << 20
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(8 << 20)))
    with pytest.raises(ArchiveError, match="a header has more than 1048576 bytes"):
        opened(path, [])


def test_holes_of_a_tar_count(tmp_path: Path) -> None:
    holes = 1 << 20
    member = tarfile.TarInfo("pages/a.txt")
    member.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[386:410] = b"%011o\0%011o\0" % (holes, 0)  # where the data begin, and how many there are
    header[483:495] = b"%011o\0" % holes
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path = tmp_path / "a.tar"
    path.write_bytes(bytes(header) * 9 + bytes(1024))
    lost: list[PageReadError] = []
    opened(path, lost, Limits(total=9 * holes + 20_000))
    assert lost == []
    opened(path, lost, Limits(total=8 * holes))
    assert [error.reason for error in lost] == [
        f"unpacks to more than {8 * holes} bytes; the rest was not read (see --limit)"
    ]


def test_a_zst_with_a_window_that_is_too_large(tmp_path: Path) -> None:
    pytest.importorskip("zstandard")
    path = tmp_path / "a.tar.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd\x00\xff" + bytes(100))
    with pytest.raises(ArchiveError, match="zstd decompress error"):
        opened(path, [])


def test_what_is_read_again_from_a_zip_does_not_count_again(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as output:
        for name in ("a", "b", "c"):
            output.writestr(f"pages/{name}.txt", b"x" * 1000)
    source = opened(path, [], Limits(total=2500))
    for _ in range(4):
        assert len(source.read("pages/a.txt") + source.read("pages/b.txt")) == 2000
    with pytest.raises(PageReadError, match="with it the archive unpacks to more than 2500 bytes"):
        source.read("pages/c.txt")
    assert len(source.read("pages/a.txt")) == 1000


def test_the_name_of_a_file_with_a_number_of_many_digits() -> None:
    assert id_of_file("a%" + "z" * 5000 + "]b", "safe") == "ab"
    assert id_of_file("a%" + "0" * 5000 + "1]b", "safe") == "a!b"


# About 0.1 s each; what went through the text again at every quote, or through all schemes at every line, took hours.


@pytest.mark.parametrize("quote", ["'", '"'])
def test_strings_of_settings_that_are_left_open(quote: str) -> None:
    text = f"<?php $conf['a'] = 1; $conf['b'] = {quote}" + f"\\{quote}" * 1_000_000
    assert read_php(text) == {"a": 1}
    assert read_php(text + "\\") == {"a": 1}


def test_schemes_that_are_taken_away() -> None:
    names = [f"s{number}" for number in range(200_000)]
    text = "\n".join([*names, "s0", "kept", *(f"! {name}" for name in reversed(names))])
    assert merged_schemes(["http", "s7"], [text, "!s7\n!https\n"]) == ("http", "s0", "kept")


def test_a_setting_beyond_all_numbers() -> None:
    text = f"<?php $conf['deaccent'] = {'9' * 400}.5; $conf['useslash'] = -{'9' * 400}.5;"
    settings = read_settings({"local.php": text}.get)
    assert (settings.id_rules.deaccent, settings.id_rules.use_slash) == (1, True)


@pytest.mark.parametrize("size", ["--5", "- 5", "5-", "9" * 19, "9" * 5000, "\u0665"])
def test_sizes_in_a_history_that_are_none(size: str) -> None:
    assert parse_changes(f"1\t\tE\ta\t\t\t\t{size}\n") == [Change(1, kind="E", page_id="a")]


@pytest.mark.parametrize("time", ["9" * 19, "9" * 5000, "-1", "\u0665"])
def test_times_in_a_history_that_are_none(time: str) -> None:
    assert parse_changes(f"{time}\t\tE\ta\n") == []


def with_store(root: Path, *statements: str) -> WikiSource:
    """A wiki with a store of the data plugin that SQL made."""
    for name in ("pages", "meta"):
        (root / name).mkdir()
    (root / "pages" / "a.txt").write_bytes(PAGE)
    if statements:
        connection = sqlite3.connect(root / "meta" / "data.sqlite3")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
    return opened(root, [])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_store_that_is_a_pipe(tmp_path: Path) -> None:
    source = with_store(tmp_path)
    os.mkfifo(tmp_path / "meta" / "data.sqlite3")
    with pytest.raises(StoreError) as error:
        store.read_aliases(source)
    assert str(error.value) == f"{tmp_path}/meta/data.sqlite3: is not a regular file"


def test_a_store_that_makes_values_up(tmp_path: Path) -> None:
    made_up = "name AS (hex(zeroblob(400000000)))"
    source = with_store(
        tmp_path,
        f"CREATE TABLE aliases (id, {made_up}, type, prefix, postfix, enum)",
        "INSERT INTO aliases (id) VALUES (1)",
    )
    with pytest.raises(StoreError, match="too big"):
        store.read_aliases(source)


def test_a_store_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = with_store(
        tmp_path,
        "CREATE TABLE pages (pid, page, title, class, lastmod)",
        "CREATE TABLE data (eid, pid, key, value)",
        "INSERT INTO pages VALUES (1, 'a', 'A', '', 0)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) INSERT INTO data "
        "SELECT i, 1, 'key', i FROM n",
    )
    stored = store.read_stored(source)
    assert stored is not None
    assert len(stored["a"].values["key"]) == 999
    monkeypatch.setattr(store, "_STEPS_AT_ONCE", 100)
    monkeypatch.setattr(store, "_STEPS_PER_BYTE", 0)
    with pytest.raises(StoreError, match="interrupted"):
        store.read_stored(source)
