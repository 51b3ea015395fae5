"""Where pages come from: every layout, in every container, gives the same; of hostile ones all that can be had."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dokuwiki_data.errors import ArchiveError, FolderError, PageReadError, SourceError
from dokuwiki_data.ids import IdRules
from dokuwiki_data.wiki.changes import Change, parse_changes
from dokuwiki_data.wiki.sources.files import Limits, MemoryFiles
from dokuwiki_data.wiki.sources.opening import Source, open_source, source_of_files, source_of_texts

TIME = 1_600_000_000
CHANGES = f"{TIME - 5}\t127.0.0.1\tC\ta:b\tme\tcreated\t\n{TIME - 2}\t127.0.0.1\tE\ta:b\tyou\tlater\t\t12\n"

#: Files of a wiki, what it is said to be, and what its pages and their times are (None: not known).
LAYOUTS: list[tuple[dict[str, str], str, dict[str, int | None]]] = [
    (
        {
            "dokuwiki/conf/dokuwiki.php": "<?php",
            "dokuwiki/data/pages/a/b.txt": "text",
            "dokuwiki/data/meta/a/b.changes": CHANGES,
            "dokuwiki/inc/readme.txt": "no page",
        },
        "a whole DokuWiki",
        {"a:b": TIME},
    ),
    ({"data/pages/a/b.txt": "text", "data/attic/a/b.1.txt": "old"}, "a wiki's data folder", {"a:b": TIME}),
    ({"wiki/data/pages/b.txt": "text", "wiki/data/meta/b.meta": ""}, "a wiki's data folder", {"b": TIME}),
    ({"pages/b.txt": "text", "meta/readme.txt": "no page"}, "a wiki's data folder", {"b": TIME}),
    ({"pages/%C3%BC/b.txt": "text"}, "a wiki's pages without their history", {"ü:b": TIME}),
    ({"b.txt": "text", "pages/c.txt": "text"}, "a folder of texts", {"b": TIME, "pages:c": TIME}),
    ({"one/b.txt": "text", "two/c.txt": "text"}, "a folder of texts", {"one:b": TIME, "two:c": TIME}),
    (
        {
            "host-20240101/pages/a/b.txt": "text",
            "host-20240101/pages/e\u0301.txt": "text",
            "host-20240101/meta/a/b.changes": CHANGES,
            "host-20240101/dumpMeta/info.json": "{}",
        },
        "a crawl by dokuwiki-dumper",
        {"a:b": TIME - 2, "é": None},
    ),
    (
        {"data/.git/HEAD": "x", "data/pages/a/b.txt": "text", "data/meta/a/b.changes": CHANGES},
        "a wiki's data folder in a git checkout",
        {"a:b": TIME - 2},
    ),
]


def folder(path: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
        os.utime(path / name, (TIME, TIME))
    return path


def tar_bytes(files: Mapping[str, str], *members: tarfile.TarInfo) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(text.encode()), TIME
            tar.addfile(member, io.BytesIO(text.encode()))
        for member in members:
            tar.addfile(member)
    return output.getvalue()


def as_folder(path: Path, files: Mapping[str, str]) -> Path:
    return folder(path / "source", files)


def as_zip(path: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path / "source.zip", "w", zipfile.ZIP_DEFLATED) as output:
        for file in sorted(folder(path / "files", files).rglob("*")):
            output.write(file, file.relative_to(path / "files"))
    return path / "source.zip"


def packed(name: str, pack: Callable[[bytes], bytes]) -> Callable[[Path, Mapping[str, str]], Path]:
    def make(path: Path, files: Mapping[str, str]) -> Path:
        (path / name).write_bytes(pack(tar_bytes(files)))
        return path / name

    return make


def zstd(content: bytes) -> bytes:
    return bytes(pytest.importorskip("zstandard").compress(content))


CONTAINERS = {
    "folder": as_folder,
    "zip": as_zip,
    "tar": packed("s.tar", bytes),
    "tar.gz": packed("s.tgz", gzip.compress),
    "tar.bz2": packed("s.tar.bz2", bz2.compress),
    "tar.xz": packed("s.tar.xz", lzma.compress),
    "tar.zst": packed("s.tar.zst", zstd),
}


class Lost(list[PageReadError]):
    """Collects what is reported."""

    def __call__(self, error: PageReadError) -> None:
        self.append(error)

    def names(self) -> list[str]:
        return [error.path.name for error in self]


def times(source: Source, lost: Lost) -> dict[str, int | None]:
    return {page.page_id: page.modified for page in source.pages(lost)}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("files", "description", "expected"), LAYOUTS, ids=[layout[1] for layout in LAYOUTS])
def test_layouts(
    tmp_path: Path, container: str, files: dict[str, str], description: str, expected: dict[str, int | None]
) -> None:
    if container == "zip":  # a zip counts in local time; without a time zone's help only to two seconds
        assert TIME % 2 == 0
    source = open_source(CONTAINERS[container](tmp_path, files), lost := Lost())
    assert source.description.startswith(f"{description}, pages in ")
    assert times(source, lost) == expected
    assert all(source.read(page.path) == b"text" for page in source.pages(lost))
    assert lost == []


def test_memory() -> None:
    source = source_of_texts({"a:b": "text", "ü": "caf\udce9"}, {"a:b": TIME})
    assert times(source, Lost()) == {"a:b": TIME, "ü": None}
    assert [source.read(page.path) for page in source.pages(Lost())] == [b"text", b"caf\xe9"]
    assert str(source_of_files(MemoryFiles(LAYOUTS[0][0])).layout) == "a whole DokuWiki"


def test_the_data_folder_of_an_installation_brings_its_settings(tmp_path: Path) -> None:
    folder(tmp_path, LAYOUTS[0][0])
    (tmp_path / "dokuwiki/conf/local.php").write_text("<?php\n$conf['sepchar'] = '-';")
    for place in ("dokuwiki", "dokuwiki/data"):
        source = open_source(tmp_path / place, Lost())
        assert source.settings.ids == IdRules(separator="-")
        assert times(source, Lost()) == {"a:b": TIME}


def test_what_it_is_can_be_said(tmp_path: Path) -> None:
    folder(tmp_path, {"data/pages/%C3%BC.txt": "text"})
    assert times(open_source(tmp_path, Lost(), kind="texts"), Lost()) == {"data:pages:ü": TIME}
    assert times(open_source(tmp_path, Lost(), file_names="utf-8"), Lost()) == {"%C3%BC": TIME}
    with pytest.raises(SourceError):
        open_source(tmp_path, Lost(), kind="dumper")


@pytest.mark.parametrize(
    ("path", "page_id"),
    [
        ("a/b_c.txt", "a:b_c"),
        ("_template.txt", "_template"),
        ("A/Ünï Code.txt", "A:Ünï Code"),
        ("c++.txt", "c++"),
        ("100%.txt", "100%"),
        ("%c3%bc.txt", "%c3%bc"),
        ("%C3%BC.txt", "ü"),
        ("a/.txt", "a:"),
    ],
)
def test_a_name_that_dokuwiki_would_never_write_stays(path: str, page_id: str) -> None:
    source = source_of_files(MemoryFiles({path: "text"}))
    assert list(times(source, Lost())) == [page_id]


def test_two_files_of_one_page() -> None:
    source = source_of_files(MemoryFiles({"pages/ü.txt": "no", "pages/%C3%BC.txt": "yes"}))
    (page,) = source.pages(lost := Lost())
    assert source.read(page.path) == b"yes"
    assert lost.names() == ["ü.txt"]


# ------------------------------------------------------------------------------------------ hostile ones

GOOD = {"pages/good.txt": "text"}


def member(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


@pytest.mark.parametrize(
    "bad",
    [
        member("../bad.txt", tarfile.REGTYPE),
        member("pages/../../bad.txt", tarfile.REGTYPE),
        member("/etc/bad.txt", tarfile.REGTYPE),
        member("pages/bad.txt", tarfile.SYMTYPE, "/etc/passwd"),
        member("pages/bad.txt", tarfile.SYMTYPE, "bad.txt"),
        member("pages/bad.txt", tarfile.LNKTYPE, "../../etc/passwd"),
        member("pages/bad.txt", tarfile.CHRTYPE),
        member("pages/bad.txt", tarfile.BLKTYPE),
        member("pages/bad.txt", tarfile.FIFOTYPE),
    ],
    ids=lambda bad: f"{bad.name} {bad.type.decode()} {bad.linkname}",
)
def test_bad_members_of_a_tar_are_lost_and_nothing_else(tmp_path: Path, bad: tarfile.TarInfo) -> None:
    (tmp_path / "s.tar").write_bytes(tar_bytes(GOOD, bad))
    source = open_source(tmp_path / "s.tar", lost := Lost())
    assert list(times(source, lost)) == ["good"]
    assert lost.names() == ["bad.txt"]


def test_a_hard_link_to_a_member_before_it_is_that_member(tmp_path: Path) -> None:
    (tmp_path / "s.tar").write_bytes(tar_bytes(GOOD, member("pages/same.txt", tarfile.LNKTYPE, "pages/good.txt")))
    source = open_source(tmp_path / "s.tar", lost := Lost())
    assert [source.read(page.path) for page in source.pages(lost)] == [b"text", b"text"]
    assert lost == []


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("../bad.txt", 0), ("/bad.txt", 0), ("pages/bad.txt", 0o120777), ("pages/bad.txt", 0o20666)],
)
def test_bad_members_of_a_zip_are_lost_and_nothing_else(tmp_path: Path, name: str, attributes: int) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as output:
        output.writestr("pages/good.txt", "text")
        bad = zipfile.ZipInfo(name)
        bad.external_attr = attributes << 16
        output.writestr(bad, "/etc/passwd")
    source = open_source(tmp_path / "s.zip", lost := Lost())
    assert list(times(source, lost)) == ["good"]
    assert lost.names() == ["bad.txt"]


@pytest.mark.parametrize("container", ["zip", "tar.gz", "tar.xz"])
def test_bombs_stop_at_the_limit(tmp_path: Path, container: str) -> None:
    files = {"pages/a.txt": "text", "pages/b.txt": "0" * 3_000_000, "pages/c.txt": "0" * 900_000}
    path = CONTAINERS[container](tmp_path, files)
    source = open_source(path, lost := Lost(), limits=Limits(file=1_000_000))
    assert [len(source.read(page.path)) for page in source.pages(lost) if page.page_id != "b"] == [4, 900_000]
    source = open_source(path, lost := Lost(), limits=Limits(total=100_000))
    read = []
    for page in source.pages(lost):
        try:
            read.append(source.read(page.path))
        except PageReadError as error:
            lost(error)
    assert read == [b"text"]
    assert "100000 bytes" in str(lost[0])


@pytest.mark.parametrize("container", ["tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"])
def test_what_is_before_the_end_of_a_truncated_archive_is_read(tmp_path: Path, container: str) -> None:
    pages = {f"pages/p{number:03}.txt": os.urandom(2000).hex() for number in range(300)}
    path = CONTAINERS[container](tmp_path, pages)
    whole = path.read_bytes()
    for size in (len(whole) * 9 // 10, len(whole) * 9 // 10 // 512 * 512):
        path.write_bytes(whole[:size])
        source = open_source(path, lost := Lost())
        found = source.pages(lost)
        assert 20 < len(found) < 300
        assert all(source.read(page.path).decode() == pages[page.path] for page in found)
        assert len(lost) == 1
        assert "damaged" in str(lost[0])


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"PK\3\4 nor this", b"\x1f\x8b\x08 nor this"])
def test_a_file_that_is_no_archive(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s").write_bytes(content)
    with pytest.raises(ArchiveError, match=str(tmp_path)):
        open_source(tmp_path / "s", Lost())


def test_a_place_without_a_wiki(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no pages"):
        open_source(tmp_path, Lost())
    with pytest.raises(FolderError, match="no such file"):
        open_source(tmp_path / "nowhere", Lost())
    (tmp_path / "s.tar").write_bytes(tar_bytes({"readme.md": "x"}))
    with pytest.raises(SourceError, match="no pages"):
        open_source(tmp_path / "s.tar", Lost())


def test_a_folder_of_pages_that_lies_elsewhere_is_not_followed(tmp_path: Path) -> None:
    folder(tmp_path / "elsewhere", {"secret.txt": "text"})
    folder(tmp_path / "data", {"meta/a.changes": "", "readme.md": ""})
    (tmp_path / "data" / "pages").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SourceError):
        open_source(tmp_path / "data", Lost())


@pytest.mark.parametrize("link", ["data/meta/a.changes", "data/meta", "conf/local.php", "conf", "VERSION"])
def test_no_link_out_of_a_folder_is_read(tmp_path: Path, link: str) -> None:
    secret = {"a.changes": CHANGES, "local.php": "<?php $conf['useslash'] = 1;"}
    folder(tmp_path / "elsewhere", secret)
    (tmp_path / "elsewhere" / "VERSION").write_text("secret")
    folder(tmp_path / "wiki", {"data/pages/a.txt": "text", "data/attic/x.txt": "", "conf/dokuwiki.php": ""})
    place = tmp_path / "wiki" / link
    if place.is_dir():
        (place / "dokuwiki.php").unlink(missing_ok=True)
        place.rmdir()
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(tmp_path / "elsewhere" / ("" if "." not in link and link != "VERSION" else place.name))
    source = open_source(tmp_path / "wiki", lost := Lost())
    assert times(source, lost) == {"a": TIME}
    assert source.changes("data/pages/a.txt") == []
    assert (source.settings.values, source.settings.version) == ({}, "")


def test_a_link_within_a_folder_is_read(tmp_path: Path) -> None:
    folder(tmp_path, {"pages/a.txt": "text", "other/b.changes": CHANGES, "attic/c.txt": ""})
    (tmp_path / "meta").symlink_to(tmp_path / "other")
    (tmp_path / "other" / "a.changes").symlink_to("b.changes")
    assert len(open_source(tmp_path, Lost()).changes("pages/a.txt")) == 2


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "s.tar").write_bytes(tar_bytes({"pages/caf\u00e9.txt": "text"}).replace(b"\xc3\xa9", b"\xe9\xe9"))
    content = bytearray((tmp_path / "s.tar").read_bytes())
    content[148:156] = b" " * 8
    content[148:156] = b"%06o\0 " % sum(content[:512])
    (tmp_path / "s.tar").write_bytes(content)
    source = open_source(tmp_path / "s.tar", lost := Lost())
    assert list(times(source, lost)) == ["caf\udce9\udce9"]
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as output:
        output.writestr("pages/cafXY.txt", "text")
    (tmp_path / "s.zip").write_bytes((tmp_path / "s.zip").read_bytes().replace(b"cafXY", b"caf\xc3\xa9"))
    assert list(times(open_source(tmp_path / "s.zip", lost), lost)) == ["café"]


# ------------------------------------------------------------------------------- histories


def test_rows_of_changes_of_any_age() -> None:
    text = "5\t1.2.3.4\tE\ta:b\tme\tsum mary\t\t-12\n3\t1.2.3.4\ta:b\nno row\n\n4\t1.2.3.4\tR\ta:b\t\tback\t3\n"
    assert parse_changes(text) == [
        Change(3, "1.2.3.4", "a:b"),
        Change(4, "1.2.3.4", "R", "a:b", "", "back", "3"),
        Change(5, "1.2.3.4", "E", "a:b", "me", "sum mary", "", -12),
    ]
