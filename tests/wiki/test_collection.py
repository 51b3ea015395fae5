"""A whole wiki as objects: pages on demand, links between them, histories, metadata, media, access, the store."""

from __future__ import annotations

import bz2
import gzip
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from program import run

import dokuwiki_data as dw
from dokuwiki_data.errors import PageReadError, StoreError
from dokuwiki_data.wiki.access import AccessRules
from dokuwiki_data.wiki.broken_links import BrokenLinks
from dokuwiki_data.wiki.history import Revision
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.opening import source_of_files

TIME = 1_600_000_000
ENTRY = "====== Tool ======\n---- dataentry c ----\nname: {0}\ntags: a, b\nsite_link: x\n----\n"

PAGES = {
    "start": "[[a:]] [[wanted|W]] [[start]] {{logo.png}} {{a:b.pdf?direct|B}}",
    "a/start": "[[..:start#s]] [[b?do=edit]] [[Other Page]] {{.:b.pdf}} [[https://x.org]]",
    "a/b": ENTRY.format("hammer"),
    "lonely": ENTRY.format("saw") + "[[lonely]]",
    "%C3%BC": "text",
}
CHANGES = (
    f"{TIME - 20}\t1.2.3.4\tC\ta:b\tann\tfirst\t\n"
    f"{TIME - 10}\t1.2.3.5\tE\ta:b\t\tsecond\t\t5\n"
    f"{TIME}\t1.2.3.4\tE\ta:b\tbob\tthird\n"
)
META = b'a:2:{s:7:"current";a:1:{s:5:"title";s:4:"Tool";}s:10:"persistent";a:1:{s:7:"creator";s:3:"ann";}}'
ACCESS = "# <?php exit()?>\n*\t@ALL\t1\na:*\t@ALL\t0\na:*\t@staff\t2\na:b\tann\t16\n%USER%:*\t%USER%\t8\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    files = {f"pages/{name}.txt": text.encode() for name, text in PAGES.items()}
    files["meta/a/b.changes"] = CHANGES.encode()
    files["meta/a/b.meta"] = META
    files[f"attic/a/b.{TIME - 20}.txt.gz"] = gzip.compress(b"one")
    files[f"attic/a/b.{TIME - 15}.txt.bz2"] = bz2.compress(b"half")
    files[f"attic/a/b.{TIME - 10}.txt"] = b"two"
    files["attic/a/b.c.1.txt"] = b"of another page"
    files["media/a/b.pdf"] = b"12345"
    files["media/unused.png"] = b""
    for name, content in files.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(content)
        os.utime(data / name, (TIME, TIME))
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "dokuwiki.php").write_text("<?php $conf['useacl'] = 1; $conf['superuser'] = '@admin';")
    (tmp_path / "conf" / "acl.auth.php").write_text(ACCESS)
    store(data / "meta" / "data.sqlite3")
    return tmp_path


def store(path: Path, view: bool = False) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE pages (pid INTEGER PRIMARY KEY, page, title, class, lastmod)")
        connection.execute("CREATE TABLE data (eid INTEGER PRIMARY KEY, pid INTEGER, key, value)")
        if view:
            connection.execute("CREATE VIEW aliases AS SELECT 1 name, 2 type, 3 prefix, 4 postfix, 5 enum")
        else:
            connection.execute("CREATE TABLE aliases (name, type, prefix, postfix, enum)")
            connection.execute("INSERT INTO aliases VALUES ('link', 'url', 'https://', NULL, '')")
        connection.execute("INSERT INTO pages VALUES (1, 'a:b', 'Tool', 'c', '0'), (2, 'gone', 'Gone', '', '0')")
        connection.execute("INSERT INTO pages VALUES (3, 'lonely', 'Tool', 'd', '0')")
        rows = [(1, "name", "hammer"), (1, "tag", "a"), (1, "tag", "b"), (2, "name", "x"), (3, "name", "axe")]
        rows += [(1, "site", "http://x"), (3, "site", "http://x"), (3, "tag", "a"), (3, "tag", "b")]
        connection.executemany("INSERT INTO data (pid, key, value) VALUES (?, ?, ?)", rows)
    connection.close()


def test_pages_are_a_mapping_by_id(root: Path) -> None:
    wiki = dw.Wiki.open(root)
    assert list(wiki) == ["a:b", "a:start", "lonely", "start", "ü"]
    assert (len(wiki), "a:b" in wiki, "b" in wiki, "none" in wiki) == (5, True, False, False)
    page = wiki["a:b"]
    assert (page.page_id, page.title, page.modified) == ("a:b", "Tool", TIME)
    with pytest.raises(KeyError):
        wiki["none"]
    assert wiki.namespaces == ["a"]


def test_pages_at_hand_are_a_wiki_too() -> None:
    pages = [
        dw.parse(text, page_id=page_id) for page_id, text in (("b", ""), ("a:b", "[[.:c]] {{x.png}}"), ("b", "two"))
    ]
    wiki = dw.Wiki.from_pages(pages)
    assert list(wiki) == ["b", "a:b"]
    assert wiki["a:b"] is pages[1]
    assert str(wiki["b"]) == "two"
    assert (wiki.namespaces, wiki.wanted, wiki.media_usage()) == (["a"], {"a:c": ["a:b"]}, {"a:x.png": ["a:b"]})
    assert (wiki.changes("b"), wiki.meta("b"), wiki.media, wiki.lost, wiki.aliases) == ([], {}, {}, [], ())
    assert wiki.readable_by() == ["b", "a:b"]
    assert len(dw.Wiki.from_pages([])) == 0
    with pytest.raises(StoreError):
        wiki.compare_store()


def test_links_between_pages(root: Path) -> None:
    wiki = dw.Wiki.open(root)
    assert wiki.links("start") == {"a:start", "wanted", "start"}
    assert wiki.links("a:start") == {"start", "a:b", "a:other_page"}
    assert wiki.backlinks("start") == ["a:start", "start"]
    assert wiki.wanted == {"a:other_page": ["a:start"], "wanted": ["start"]}
    assert wiki.orphaned == ["lonely", "ü"]


def test_camel_case_words_are_links_everywhere(tmp_path: Path) -> None:
    """The links are the references in DokuWiki's metadata of the same pages."""
    pages = {
        "start": "OtherPage [[a]] NotThere BB aB AbC [[x|LabelWord]] ''MonoWord'' %%NoWord%%\n\n  CodeBlock\n",
        "ns/page": "OtherPage **BoldWord** ((FootNote))\n^ TableHead ^\n| CellWord |\n====== HeadLine ======\n",
        "ns/otherpage": "[[doku>OtherWiki]]",
    }
    (tmp_path / "pages/ns").mkdir(parents=True)
    for name, text in pages.items():
        (tmp_path / f"pages/{name}.txt").write_text(text)
    wiki = dw.Wiki.open(tmp_path, settings={"camelcase": 1})
    assert wiki.links("start") == {"otherpage", "a", "notthere", "abc", "x", "monoword"}
    assert wiki.links("ns:page") == {
        f"ns:{name}" for name in ("otherpage", "boldword", "footnote", "tablehead", "cellword")
    }
    assert (wiki.backlinks("ns:otherpage"), wiki.orphaned) == (["ns:page"], ["ns:page", "start"])
    broken = BrokenLinks(wiki)
    for page in wiki.values():
        broken.add(page)
    report = wiki.report(targets=[])
    assert {link.target for link in broken.broken()} == set(wiki.wanted)
    assert {row[0] for row in report.table("wanted_pages").rows} == set(wiki.wanted)
    assert [row[0] for row in report.table("orphaned_pages").rows] == ["ns:page"]  # the start page is none


def test_media_and_where_they_are_used(root: Path) -> None:
    wiki = dw.Wiki.open(root)
    assert {media_id: file.size for media_id, file in wiki.media.items()} == {"a:b.pdf": 5, "unused.png": 0}
    assert wiki.media_usage() == {"a:b.pdf": ["a:start", "start"], "logo.png": ["start"]}


def test_the_history_of_a_page(root: Path) -> None:
    wiki = dw.Wiki.open(root)
    found = wiki.revisions("a:b")
    assert [(revision.time - TIME, revision.change and revision.change.summary) for revision in found] == [
        (-20, "first"), (-15, None), (-10, "second"), (0, "third"),
    ]  # fmt: skip
    assert [str(wiki.at("a:b", revision)) for revision in found] == ["one", "half", "two", PAGES["a/b"]]
    assert (wiki.last_author("a:b"), wiki.created("a:b")) == ("bob", TIME - 20)
    assert (wiki.last_author("ü"), wiki.created("ü"), len(wiki.revisions("ü"))) == (None, None, 1)
    packed = root / "data" / "attic" / "a" / f"b.{TIME - 20}.txt.gz"
    packed.write_bytes(b"\x1f\x8b broken")
    with pytest.raises(PageReadError) as damaged:
        wiki.at("a:b", found[0])
    assert str(damaged.value).startswith(f"{packed}: ")
    assert str(damaged.value).endswith(f" (the revision {TIME - 20} of the page a:b)")
    with pytest.raises(PageReadError, match=f": the revision {TIME - 5} of the page a:b is not kept"):
        wiki.at("a:b", Revision(TIME - 5, None, None))


def test_a_page_behind_a_link_is_named_with_its_file_and_the_place_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.txt").write_text("secret")
    pages = tmp_path / "wiki" / "pages" / "a%C3%A9"
    pages.mkdir(parents=True)
    (pages / "b.txt").symlink_to(tmp_path / "secret" / "s.txt")
    (pages / "c.txt").write_text("c")
    wiki = dw.Wiki.open(tmp_path / "wiki")
    target = tmp_path / "secret" / "s.txt"
    (error,) = wiki.lost
    assert str(error) == (
        f"{pages / 'b.txt'}: not followed, since it is a link to {target}, outside of {pages.parent} (the page aé:b)"
    )
    (pages / "c.txt").unlink()
    (pages / "c.txt").symlink_to(target)
    with pytest.raises(PageReadError) as refused:
        wiki["aé:c"]
    assert str(refused.value) == (
        f"{pages / 'c.txt'}: not followed, since {pages / 'c.txt'} is a link to {target}, "
        f"outside of {tmp_path / 'wiki'} (the page aé:c)"
    )


def test_metadata(root: Path) -> None:
    pytest.importorskip("phpserialize")
    wiki = dw.Wiki.open(root)
    assert wiki.meta("a:b") == {"current": {"title": "Tool"}, "persistent": {"creator": "ann"}}
    assert wiki.meta("start") == {}
    for hostile in (b'O:8:"stdClass":0:{}', b"a:1:{" * 5000, b"", b's:99:"x";', b"i:x;"):
        (root / "data" / "meta" / "start.meta").write_bytes(hostile)
        with pytest.raises(PageReadError):
            wiki.meta("start")


@pytest.mark.parametrize(
    ("who", "groups", "expected"),
    [
        ("", [], ["lonely", "start", "ü"]),
        ("joe", [], ["lonely", "start", "ü"]),
        ("joe", ["staff"], ["a:b", "a:start", "lonely", "start", "ü"]),
        ("ann", [], ["a:b", "lonely", "start", "ü"]),
        ("a", [], ["a:b", "a:start", "lonely", "start", "ü"]),  # the namespace of one's own name
        ("joe", ["admin"], ["a:b", "a:start", "lonely", "start", "ü"]),
    ],
)
def test_who_may_read(root: Path, who: str, groups: list[str], expected: list[str]) -> None:
    assert dw.Wiki.open(root).readable_by(who, groups) == expected


@pytest.mark.parametrize(
    ("page_id", "user", "groups", "level"),
    [
        ("a:b", "ann", [], 16),
        ("a:x", "ann", ["staff"], 2),
        ("x", "", [], 1),
        ("joe:x", "joe", [], 8),
        ("joe:x", "", [], 1),
        ("x", "ann", ["admin"], 255),
    ],
)
def test_levels(page_id: str, user: str, groups: list[str], level: int) -> None:
    assert AccessRules.parse(ACCESS, "@admin, root").level(page_id, user, groups) == level


def test_the_command_leaves_out_what_may_not_be_read(root: Path) -> None:
    command = ["convert", root, "--readable-by"]
    done = run(*command, "@ALL")
    assert done.stdout.count(b"\n") == 3
    assert b"2 pages left out" in done.stderr
    assert run(*command, "@staff").stdout.count(b"\n") == 5
    assert run(*command, "joe").stdout.count(b"\n") == 3
    for both in (["joe,@staff"], ["joe", "--readable-by", "@staff"]):
        assert run(*command, *both).stdout.count(b"\n") == 5


@pytest.mark.parametrize(
    ("folder", "who", "message"),
    [
        ("", "", "--readable-by: no name is given"),
        ("", "ann,joe", "--readable-by takes one user and their groups, not ann, joe"),
        ("elsewhere/data", "@ALL", "data: has no conf folder, which --readable-by needs"),
    ],
)
def test_nothing_is_written_where_it_is_not_known_who_may_read_it(
    root: Path, folder: str, who: str, message: str
) -> None:
    shutil.copytree(root / "data", root / "elsewhere" / "data")
    done = run("convert", "-q", root / folder, "--readable-by", who)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert message in line


def test_a_wiki_whose_rules_do_not_count_says_so(root: Path) -> None:
    (root / "conf" / "local.php").write_text("<?php $conf['useacl'] = 0;")
    done = run("convert", "-q", root, "--readable-by", "@ALL")
    assert done.stdout.count(b"\n") == 5
    assert done.stderr.decode().endswith(": its settings have no useacl, so everybody may read everything\n")


def test_type_aliases_and_the_store(root: Path) -> None:
    wiki = dw.Wiki.open(root)
    assert wiki.aliases == (dw.TypeAlias("link", "url", "https://"),)
    found = wiki.compare_store()
    assert [(one.page_id, one.key) for one in found.differences] == [
        ("gone", "name"), ("lonely", "%class%"), ("lonely", "name"),
    ]  # fmt: skip
    assert found.differences[2][2:] == (("saw",), ("axe",))
    done = run("check", root, "--only", "store")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 3


def test_queries_are_answered_with_the_types_and_settings_of_the_wiki(root: Path) -> None:
    (root / "conf" / "local.php").write_text("<?php $conf['plugin']['data']['rownumbers'] = 1; $conf['lang'] = 'de';")
    (root / "conf" / "lang" / "de").mkdir(parents=True)
    (root / "conf" / "lang" / "de" / "data-plugin.php").write_text("<?php $lang['Name'] = 'Werkzeug';")
    wiki = dw.Wiki.open(root)
    query = dw.Query.parse("cols: name, site\nsort: name\nfilter: site_link ~ https://http://*")
    table = wiki.evaluate(query)
    assert [row.cells for row in table.rows] == [(("hammer",), ("http://x",)), (("saw",), ("http://x",))]
    assert (table.labels, table.rownumbers) == (("Werkzeug", "site"), True)
    assert len(wiki.evaluate(query, context=dw.Context())) == 0  # without the alias there is no https:// in front
    context = wiki.context("ann", ["staff"], date(2026, 1, 2))
    assert (context.user, context.groups, context.today, context.language) == (
        "ann",
        ("staff",),
        date(2026, 1, 2),
        "de",
    )
    assert context.aliases == wiki.aliases


@pytest.mark.parametrize(("first", "order"), [("a:b", ["a:b", "lonely"]), ("lonely", ["lonely", "a:b"])])
def test_equal_rows_come_in_the_order_of_the_store(root: Path, first: str, order: list[str]) -> None:
    with closing(sqlite3.connect(root / "data" / "meta" / "data.sqlite3")) as connection, connection:
        connection.execute("UPDATE pages SET pid = 0 WHERE page = ?", [first])
    table = dw.Wiki.open(root).evaluate(dw.Query.parse("cols: tags, %pageid%\nsort: tags"))
    assert [row.page_id for row in table] == order


def test_equal_rows_come_in_the_order_of_the_files_without_a_store() -> None:
    pages = ["a/b.txt", "a-b.txt", "a.txt", "a-0.txt"]
    files = MemoryFiles(dict.fromkeys(pages, "---- dataentry ----\nx: 1\n----\n"))
    table = dw.Wiki(source_of_files(files)).evaluate(dw.Query.parse("cols: x, %pageid%\nsort: x"))
    assert [row.page_id for row in table] == ["a-0", "a-b", "a", "a:b"]


def test_the_queries_of_all_pages(root: Path) -> None:
    block = "---- datatable ----\ncols: a\n----\n"
    (root / "data" / "pages" / "a" / "start.txt").write_text(block + "words\n" + block)
    told: list[str] = []
    wiki = dw.Wiki.open(root)
    wiki.read_all(lambda page: told.append(page.page_id))
    assert sorted(told) == list(wiki)
    assert [(one.page_id, one.number, one.query.kind) for one in wiki.queries] == [
        ("a:start", 1, "table"), ("a:start", 2, "table"),
    ]  # fmt: skip


def test_a_page_that_cannot_be_read_is_lost_once(root: Path) -> None:
    (root / "data" / "pages" / "bad.txt").mkdir()
    wiki = dw.Wiki.open(root)
    assert "bad" in wiki
    with pytest.raises(PageReadError):
        wiki["bad"]
    assert (wiki.backlinks("wanted"), wiki.queries) == (["start"], [])
    assert [error.path.name for error in wiki.lost] == ["bad.txt"]


@pytest.mark.parametrize("content", [b"no database", None])
def test_a_store_that_is_none(root: Path, content: bytes | None) -> None:
    path = root / "data" / "meta" / "data.sqlite3"
    path.unlink()
    assert dw.Wiki.open(root).aliases == ()
    with pytest.raises(StoreError, match="no store"):
        dw.Wiki.open(root).compare_store()
    if content is None:
        store(path, view=True)
    else:
        path.write_bytes(content)
    with pytest.raises(StoreError):
        _ = dw.Wiki.open(root).aliases


def test_a_store_with_a_log_is_read_from_an_archive(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As the plugin sqlite leaves it: in an archive, SQLite has no place for the log."""
    with closing(sqlite3.connect(root / "data" / "meta" / "data.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    archive = shutil.make_archive(str(tmp_path_factory.mktemp("archive") / "wiki"), "zip", root)
    assert dw.Wiki.open(archive).aliases == dw.Wiki.open(root).aliases != ()


def test_a_link_is_resolved_and_a_file_is_read(tmp_path: Path) -> None:
    for name, text in {
        "pages/a/b.txt": "[[c#Some part]] [[.:b]] {{x.png}} {{:y.png}} [[doku>wiki]] [[https://x.org]] [[#here]]",
        "media/a/x.png": "an image",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    wiki = dw.Wiki.open(tmp_path)
    nodes = wiki["a:b"].find_all(dw.nodes.Link, dw.nodes.Media)
    found = [wiki.resolve(node, "a:b") for node in nodes]  # type: ignore[arg-type]
    assert [(one.kind, one.id, one.anchor, one.exists, one.address) for one in found] == [
        ("page", "a:c", "some_part", False, None),
        ("page", "a:b", None, True, None),
        ("media", "a:x.png", None, True, None),
        ("media", "y.png", None, False, None),
        ("interwiki", None, None, None, "https://www.dokuwiki.org/wiki"),
        ("external", None, None, None, "https://x.org"),
        ("page", "a:b", "here", True, None),
    ]
    assert wiki.media["a:x.png"].read() == b"an image"
    (tmp_path / "media/a/x.png").unlink()
    with pytest.raises(dw.PageReadError, match=r"x\.png: no such file"):
        wiki.media["a:x.png"].read()
