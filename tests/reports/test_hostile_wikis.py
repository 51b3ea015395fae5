"""Reports about wikis that are damaged, incomplete, or made to break things: chapters say what is not known."""

import json
import tarfile

import jsonschema
import pytest
from program import run_text

import dokuwiki_data as dw
from dokuwiki_data.reports.chapters import CHAPTERS
from dokuwiki_data.reports.record import report_json, report_schema
from dokuwiki_data.reports.reporting import report_wiki
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.opening import open_source, source_of_files

OWN = [chapter for chapter in CHAPTERS if chapter.name != "targets"]

LONG = "x" * 300
WIKIS = {
    "bytes that are not UTF-8": {
        "pages/a.txt": b"\xff[[\xfe]] {{\xfd.png}} \xc3 pass\xff: \xff@\xff.org\n"
        b"---- dataentry \xff ----\n\xff: \xff\n----\n",
        "pages/%FF.txt": b"\xff",
        "media/\udcff.png": b"\xff",
        "meta/a.changes": b"\xff\t\xff\t\xff\n1600000000\t\xff\tE\t\xff\t\xff\n",
    },
    "NUL and controls": {
        "pages/a.txt": "\0[[a\0b]] {{\0.png}}\x1b[31m\u202e password: \0\0\0\0\0\0\0\n"
        "---- dataentry a\0 ----\n\0: \0\n----\n",
        "media/a.png": b"\0",
        "meta/a.changes": "1600000000\t\0\tE\ta\t\0\n",
    },
    "long names": {
        f"pages/{LONG}.txt": f"[[{LONG}]] [[{'y' * 5000}#{'z' * 5000}]] {{{{{'w' * 5000}.png}}}}",
        f"media/{LONG}.png": b"a",
    },
    "times that cannot be": {
        "pages/a.txt": "a",
        "meta/a.changes": "1\t::1\tC\ta\tjo\n999999999999999999\t::1\tE\ta\tjo\n0\t::1\tE\ta\tjo\n",
        "attic/a.999999999999999.txt": "a",
    },
    "damaged settings": {
        "data/pages/a.txt": "[[b]]",
        "conf/local.php": "<?php $conf['useacl'] = 1; $conf['start'] = ",
        "conf/acl.auth.php": b"\xff \xff 1\n* @ALL x\n* @ALL 99999999999\n%USER% %GROUP% 1\na:*\t@\t1\n",
        "conf/plugins.local.php": b"<?php \xff",
        "data/meta/data.sqlite3": b"not a database",
    },
    "nothing but a page": {"pages/a.txt": b""},
    "many of everything": {
        "pages/a.txt": "[[x]]" * 500 + "{{y.png}}" * 500 + "a@b.org " * 500 + "password: a1b2c3d4\n" * 500,
        "media/_": b"",
    },
}


@pytest.mark.parametrize("name", WIKIS)
def test_there_is_a_report(name):
    report = report_wiki(source_of_files(MemoryFiles(WIKIS[name])), chapters=OWN)
    record = json.loads("".join(report_json(report)).encode())
    jsonschema.validate(record, report_schema())


def test_names_of_folders_and_rules_may_be_anything():
    acl = f"* @ALL {'9' * 5000}\n* jane@library.org 1\n* john@library.org 1\n"
    pages = {"data/pages/\udcff/\udcff.txt": "[[a]]", "data/pages/a.txt": "[[\udcff:\udcff]] <script>"}
    files = {**pages, "conf/local.php": "<?php $conf['useacl'] = 1;", "conf/acl.auth.php": acl}
    report = report_wiki(source_of_files(MemoryFiles(files)))
    jsonschema.validate(json.loads("".join(report_json(report)).encode()), report_schema())
    columns = report.table("access").columns[2:]
    assert [column.title for column in columns] == ["everybody", "j•••@library.org", "j•••@library.org (2)"]
    assert report.table("access_rules").rows[0] == ("*", "@ALL", "delete", 2)


def test_what_cannot_be_read_is_told():
    source = source_of_files(MemoryFiles(WIKIS["damaged settings"]))
    report = report_wiki(source, chapters=OWN)
    (row,) = report.table("unreadable").rows
    assert "the type aliases are not known" in row[1]
    assert report.table("access_rules").rows[-1] == ("a:*", "@", "read", 0)


def test_what_is_not_there_is_not_known():
    report = dw.Wiki.from_pages([dw.parse("{{a.png}}", page_id="a")]).report(targets=["gfm"])
    figures = {figure.name: figure.value for chapter in report.chapters for figure in chapter.figures}
    unknown = ("media", "missing_media", "unused_media", "installed_plugins", "access_rules", "edits", "first_change")
    assert {name: figures[name] for name in unknown} == dict.fromkeys(unknown)


def test_archives_and_crawls(tmp_path):
    crawl = tmp_path / "crawl"
    for path, text in {
        "pages/a.txt": "{{p.png}} [[b]]", "media/p.png": "one", "media/q.png": "one", "dumpMeta/info.json": "{}",
        "meta/a.changes": "1600000000\t192.0.2.1\tC\ta\tjo\n",
    }.items():  # fmt: skip
        (crawl / path).parent.mkdir(parents=True, exist_ok=True)
        (crawl / path).write_text(text)
    with tarfile.open(tmp_path / "crawl.tar.gz", "w:gz") as archive:
        archive.add(crawl, "crawl")
    for source in (crawl, tmp_path / "crawl.tar.gz"):
        report = report_wiki(open_source(source, print), chapters=OWN)
        assert report.table("doubled_media").rows == (("q.png", 3, "p.png", 0),)
        assert report.table("unused_media").rows[0][0] == "q.png"
        assert report.table("oldest_pages").rows == (("a", 1600000000, 15),)
        assert report.table("author_addresses").rows == (("192.0.…", 1, 1, 1600000000, 1600000000),)


def test_secrets_are_nowhere_in_the_folder(tmp_path):
    pytest.importorskip("jinja2")
    pytest.importorskip("pygal")
    pages = tmp_path / "wiki"
    pages.mkdir()
    text = (
        "The password: hunter22 of jane.doe@library.org ** is\n\n** ftp://jo:s3same@host [[missing]]\n\n"
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow12345\n-----END RSA PRIVATE KEY-----\n\n"
        "---- dataentry ----\nsince_dt: password: Xk7-pq9z\n----\n"
    )
    (pages / "a.txt").write_text(text)
    done = run_text("report", pages, tmp_path / "report", "--targets", "gfm", "--fail-on", "passwords")
    assert done.returncode == 1
    written = [path for path in (tmp_path / "report").rglob("*") if path.is_file()]
    assert any(b"library.org" in path.read_bytes() for path in written)
    for path in written:
        for secret in (b"hunter22", b"jane", b"s3same", b"MIIEow", b"Xk7-pq9z"):
            assert secret not in path.read_bytes(), path
