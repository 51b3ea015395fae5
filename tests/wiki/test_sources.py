"""Where pages come from: every layout, in every container, gives the same; of hostile ones all that can be had."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from program import run_text

import dokuwiki_data as dw
from dokuwiki_data.errors import ArchiveError, FolderError, MissingExtraError, PageReadError, SourceError
from dokuwiki_data.ids import IdRules
from dokuwiki_data.wiki.changes import Change, parse_changes
from dokuwiki_data.wiki.information import WikiInformation, read_information
from dokuwiki_data.wiki.sources.files import Limits, MemoryFiles
from dokuwiki_data.wiki.sources.opening import open_source, source_of_files, source_of_texts
from dokuwiki_data.wiki.sources.source import WikiSource

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
    ({"license.txt": "x", "pages/c.txt": "text"}, "a wiki's pages without their history", {"c": TIME}),
    ({"b.txt": "text", "wiki/pages/c.txt": "text"}, "a folder of texts", {"b": TIME, "wiki:pages:c": TIME}),
    ({"license.txt": "x", "data/pages/c.txt": "text"}, "a wiki's pages without their history", {"c": TIME}),
    ({"b.txt": "x", "wiki/pages/c.txt": "text", "wiki/media/x.png": ""}, "a wiki's pages", {"c": TIME}),
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


def as_7z(path: Path, files: Mapping[str, str]) -> Path:
    library = pytest.importorskip("py7zr")
    with library.SevenZipFile(path / "source.7z", "w") as output:
        output.writeall(folder(path / "files", files), "")
    return path / "source.7z"


def as_cut_zip(path: Path, files: Mapping[str, str]) -> Path:
    """A zip without its table of contents."""
    place = as_zip(path, files)
    content = place.read_bytes()
    place.write_bytes(content[: content.index(b"PK\1\2") + 10])
    return place


CONTAINERS = {
    "folder": as_folder,
    "zip": as_zip,
    "cut zip": as_cut_zip,
    "7z": as_7z,
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


def times(source: WikiSource, lost: Lost) -> dict[str, int | None]:
    return {page.page_id: page.modified for page in source.pages(lost)}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("files", "description", "expected"), LAYOUTS, ids=[layout[1] for layout in LAYOUTS])
def test_layouts(
    tmp_path: Path, container: str, files: dict[str, str], description: str, expected: dict[str, int | None]
) -> None:
    if container == "zip":  # a zip counts in local time; without a time zone's help only to two seconds
        assert TIME % 2 == 0
    source = open_source(CONTAINERS[container](tmp_path, files), lost := Lost())
    assert source.description.startswith(description)
    assert times(source, lost) == expected
    assert all(source.read(page.path) == b"text" for page in source.pages(lost))
    if container == "cut zip":
        assert "without its table of contents" in lost.pop(0).reason
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
        assert source.settings.id_rules == IdRules(separator="-")
        assert times(source, Lost()) == {"a:b": TIME}


def test_what_it_is_can_be_said(tmp_path: Path) -> None:
    folder(tmp_path, {"data/pages/%C3%BC.txt": "text"})
    assert times(open_source(tmp_path, Lost(), kind="texts"), Lost()) == {"data:pages:ü": TIME}
    assert times(open_source(tmp_path, Lost(), file_names="utf-8"), Lost()) == {"%C3%BC": TIME}
    assert times(open_source(tmp_path, Lost(), kind="dumper"), Lost()) == {"ü": None}
    with pytest.raises(SourceError, match="contains no wiki of the layout installation"):
        open_source(tmp_path, Lost(), kind="installation")


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

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
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


@pytest.mark.parametrize("container", ["zip", "cut zip", "7z", "tar.gz", "tar.xz"])
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
    assert any("100000 bytes" in str(error) for error in lost)


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


@pytest.mark.parametrize("descriptors", [False, True])
@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_is_before_the_end_of_a_truncated_zip_is_read(tmp_path: Path, packing: int, descriptors: bool) -> None:
    pages = {f"pages/p{number:03}.txt": os.urandom(2000).hex() for number in range(100)}
    stream = io.BytesIO()
    # A stream that cannot go back has the sizes behind the content.
    output = zipfile.ZipFile(OneWay(stream) if descriptors else stream, "w", packing)
    with output:
        for name, text in pages.items():
            output.writestr(name, text)
    whole = stream.getvalue()
    (tmp_path / "s.zip").write_bytes(whole[: len(whole) * 8 // 10])
    if descriptors and packing == zipfile.ZIP_STORED:  # nothing tells where a file ends
        with pytest.raises(ArchiveError):
            open_source(tmp_path / "s.zip", Lost())
        return
    source = open_source(tmp_path / "s.zip", lost := Lost())
    found = source.pages(lost)
    assert 50 < len(found) < 100
    assert all(source.read(page.path).decode() == pages[page.path] for page in found)
    assert [error.reason.partition(",")[0] for error in lost] == ["damaged", "damaged"]


class OneWay(io.RawIOBase):
    """What is written to it goes on, and cannot be gone back to."""

    def __init__(self, output: io.BytesIO) -> None:
        self._output = output

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        return self._output.write(content)


def test_bad_members_of_a_cut_zip(tmp_path: Path) -> None:
    files = {"../bad.txt": "no", "/bad2.txt": "no", "pages/image.png": "no text", "pages/good.txt": "text"}
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as output:
        for name, text in files.items():
            output.writestr(name, text)
        output.writestr("pages/wrong.txt", "checksum")
    content = (tmp_path / "s.zip").read_bytes().replace(b"checksum", b"CHECKSUM")
    (tmp_path / "s.zip").write_bytes(content[:-30])
    source = open_source(tmp_path / "s.zip", lost := Lost())
    assert list(times(source, lost)) == ["good"]
    assert lost.names() == ["bad.txt", "bad2.txt", "wrong.txt", "s.zip"]
    with pytest.raises(PageReadError):
        source.read("pages/image.png")


@pytest.mark.parametrize(
    "content", [b"", b"no archive at all", b"PK\3\4 nor this", b"\x1f\x8b\x08 nor this", b"7z\xbc\xaf\x27\x1c nor this"]
)
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


# ------------------------------------------------------------------- crawls, and data that lie elsewhere

CRAWL = {
    "pages/a/b.txt": "text",
    "pages/e\u0301.txt": "text",
    "meta/a/b.changes": CHANGES,
    "attic/a/b.1599999995.txt": "old",
    "media/big.bin": "x" * 1000,
    "dumpMeta/info.json": '{"wiki_name": "Tools", "doku_url": "https://x.org/", "language": "en", "license_url": "l"}',
    "dumpMeta/titles.txt": "a:b\n\u00e9\n--END--\n",
    "content_dumped.mark": "",
}
INFORMATION = WikiInformation("Tools", "https://x.org/", "en", "l")


def as_published(path: Path, crawl: str, plain: tuple[str, ...] = ()) -> Path:
    """A crawl as it is published: each folder an archive of its own, some as they are."""
    library = pytest.importorskip("py7zr")
    folder(path / "files", CRAWL)
    (path / "item").mkdir()
    for name in ("pages", "meta", "attic", "media", "dumpMeta"):
        if name in plain:
            (path / "files" / name).rename(path / "item" / f"{crawl}{name}")
        else:
            with library.SevenZipFile(path / "item" / f"{crawl}{name}.7z", "w") as output:
                output.writeall(path / "files" / name, name)
    return path / "item"


@pytest.mark.parametrize("plain", [(), ("dumpMeta",)])
@pytest.mark.parametrize("crawl", ["", "x.org_wiki-20240101-"])
def test_a_crawl_in_archives_side_by_side(tmp_path: Path, crawl: str, plain: tuple[str, ...]) -> None:
    source = open_source(as_published(tmp_path, crawl, plain), lost := Lost())
    assert times(source, lost) == {"a:b": TIME - 2, "é": None}
    assert source.read("attic/a/b.1599999995.txt") == b"old"
    assert read_information(source) == INFORMATION
    wiki = dw.Wiki(source)
    assert [(one.media_id, one.size) for one in wiki.media.values()] == [("big.bin", 1000)]
    assert [(one.time, one.path is None) for one in wiki.revisions("a:b")] == [(TIME - 5, False), (TIME - 2, False)]
    assert lost == []


def test_one_archive_of_a_crawl_by_itself(tmp_path: Path) -> None:
    item = as_published(tmp_path, "x.org-20240101-")
    source = open_source(item / "x.org-20240101-pages.7z", lost := Lost())
    assert (str(source.layout), times(source, lost)) == ("a crawl by dokuwiki-dumper", {"a:b": None, "é": None})


def test_several_crawls_in_one_folder(tmp_path: Path) -> None:
    item = as_published(tmp_path, "x-20240101-")
    (item / "y-20240101-pages.7z").write_bytes((item / "x-20240101-pages.7z").read_bytes())
    with pytest.raises(SourceError, match="several wikis"):
        open_source(item, Lost())


def test_bad_members_of_a_7z(tmp_path: Path) -> None:
    library = pytest.importorskip("py7zr")
    folder(tmp_path / "files", {"good.txt": "text"})
    (tmp_path / "files" / "bad.txt").symlink_to("/etc/passwd")
    with library.SevenZipFile(tmp_path / "s.7z", "w") as output:
        output.writeall(tmp_path / "files", "pages")
        output.writestr("no", "xx/bad2.txt")
        output.writestr("no", "D/bad3.txt")
        for member, name in zip(output.files.files_list[-2:], ("../bad2.txt", "D:/bad3.txt"), strict=True):
            member["filename"] = name
    source = open_source(tmp_path / "s.7z", lost := Lost())
    assert list(times(source, lost)) == ["good"]
    assert sorted(lost.names()) == ["bad.txt", "bad2.txt", "bad3.txt"]


def test_a_damaged_7z(tmp_path: Path) -> None:
    pages = {f"pages/p{number:03}.txt": os.urandom(2000).hex() for number in range(30)}
    place = as_7z(tmp_path, pages)
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 255
    place.write_bytes(content)
    source = open_source(place, lost := Lost())
    found = [page for page in source.pages(lost) if source.read(page.path).decode() == pages[page.path]]
    assert len(found) < 30
    assert "damaged" in str(lost[0])


def test_without_the_library_for_7z(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = as_7z(tmp_path, GOOD)
    monkeypatch.setitem(sys.modules, "py7zr", None)
    with pytest.raises(MissingExtraError, match="7z"):
        open_source(place, Lost())


@pytest.mark.parametrize(
    ("changes", "incomplete"),
    [
        ({}, ""),
        ({"dumpMeta/titles.txt": None}, ""),
        ({"dumpMeta/titles.txt": "a\n--END--"}, ""),
        ({"content_dumped.mark": None}, "it has no content_dumped.mark"),
        ({"dumpMeta/titles.txt": "a\nb\n"}, "its list of pages (titles.txt) has no --END-- at its end"),
        ({"dumpMeta/titles.txt": "--END--\nb"}, "its list of pages (titles.txt) has no --END-- at its end"),
        ({"dumpMeta/titles.txt": ""}, "its list of pages (titles.txt) has no --END-- at its end"),
    ],
)
def test_what_a_crawl_says_of_itself(changes: dict[str, str | None], incomplete: str) -> None:
    files = {name: text for name, text in {**CRAWL, **changes}.items() if text is not None}
    assert read_information(source_of_files(MemoryFiles(files))) == replace(INFORMATION, incomplete=incomplete)


@pytest.mark.parametrize("told", ["", "[]", "null", '{"wiki_name": 1, "language": ["x"]}', "[" * 100_000, "\udcff"])
def test_a_crawl_with_strange_information(told: str) -> None:
    source = source_of_files(MemoryFiles({**CRAWL, "dumpMeta/info.json": told}))
    assert read_information(source) == WikiInformation()


def test_what_an_installation_says_of_itself() -> None:
    settings = (
        "<?php $conf['title'] = 'Tools'; $conf['lang'] = 'de'; $conf['license'] = 'cc-by'; $conf['baseurl'] = 'x';"
    )
    source = source_of_files(MemoryFiles({"conf/local.php": settings, "data/pages/a.txt": ""}))
    assert read_information(source) == WikiInformation("Tools", "x", "de", "cc-by")
    assert read_information(source_of_texts({})) == WikiInformation()


def test_a_crawl_that_is_incomplete_is_said(tmp_path: Path) -> None:
    folder(tmp_path, {name: text for name, text in CRAWL.items() if not name.endswith(".mark")})
    done = run_text("query", "-q", tmp_path, "cols: name")
    expected = f"dokuwiki-data: {tmp_path}: the crawl is incomplete: it has no content_dumped.mark\n"
    assert (done.returncode, done.stderr) == (0, expected)


@pytest.mark.parametrize("container", ["folder", "zip", "tar.gz", "7z"])
@pytest.mark.parametrize("saved", ["store", "./store/", "store/../store", "../outside/../wiki/store"])
def test_data_that_lie_elsewhere_in_the_root(tmp_path: Path, container: str, saved: str) -> None:
    settings = f"<?php $conf['savedir'] = '{saved}';"
    files = {"wiki/conf/local.php": settings, "wiki/store/pages/a.txt": "text", "wiki/data/pages/wiki/syntax.txt": "x"}
    source = open_source(CONTAINERS[container](tmp_path, files), lost := Lost())
    assert (list(times(source, lost)), lost) == (["a"], [])
    assert (str(source.layout), source.settings.values["savedir"]) == ("a whole DokuWiki", saved)


@pytest.mark.parametrize(("saved", "expected"), [("{root}/store", "a"), ("{root}/../wiki/store", "a"), ("/x", "b")])
def test_data_in_the_root_whose_place_is_absolute(tmp_path: Path, saved: str, expected: str) -> None:
    settings = f"<?php $conf['savedir'] = '{saved.format(root=tmp_path / 'wiki')}';"
    files = {"conf/local.php": settings, "store/pages/a.txt": "text", "data/pages/b.txt": "x", "store/meta/x": ""}
    assert list(times(open_source(folder(tmp_path / "wiki", files), Lost()), Lost())) == [expected]


# ------------------------------------------------------------------------------- histories


def test_rows_of_changes_of_any_age() -> None:
    text = "5\t1.2.3.4\tE\ta:b\tme\tsum mary\t\t-12\n3\t1.2.3.4\ta:b\nno row\n\n4\t1.2.3.4\tR\ta:b\t\tback\t3\n"
    assert parse_changes(text) == [
        Change(3, "1.2.3.4", "a:b"),
        Change(4, "1.2.3.4", "R", "a:b", "", "back", "3"),
        Change(5, "1.2.3.4", "E", "a:b", "me", "sum mary", "", -12),
    ]
