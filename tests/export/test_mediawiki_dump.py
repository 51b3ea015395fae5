"""The export to MediaWiki: every state of every page as a revision of a dump, and the files beside it."""

from __future__ import annotations

import gzip
import json
import os
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from git_history import CHANGES, EPOCH, write_changes
from program import run_text

import dokuwiki_data as dw
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.mediawiki.dump import TAIL, DumpWriter, head
from dokuwiki_data.exports.mediawiki.revisions import PageHistoryState, revision_xml
from dokuwiki_data.exports.mediawiki.titles import file_names, namespace_numbers, page_titles
from dokuwiki_data.writers.mediawiki.titles import TitleRules

_NAMESPACE = "{http://www.mediawiki.org/xml/export-0.11/}"


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_changes(tmp_path_factory.mktemp("wiki"))


@pytest.fixture(scope="module")
def written(wiki, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    dw.export(wiki, folder, "mediawiki")
    return folder


def revisions(path):
    """The revisions of a dump: title, time, author, comment, whether it is minor, and text."""
    for page in ElementTree.parse(path).getroot().iter(f"{_NAMESPACE}page"):
        for revision in page.iter(f"{_NAMESPACE}revision"):
            found = {child.tag.removeprefix(_NAMESPACE): child for child in revision}
            time = datetime.fromisoformat(found["timestamp"].text)
            author = found["contributor"][0]
            yield (
                page.find(f"{_NAMESPACE}title").text,
                int(time.timestamp()),
                author.text,
                found["comment"].text if "comment" in found else "",
                "minor" in found,
                found["text"].text or "",
            )


def expected(wiki, titles):
    """What the changes of pages are as revisions."""
    site = dw.Wiki.open(wiki)
    for change in CHANGES:
        title = titles.get(change.get("page"))
        kind, user, summary = change.get("line", ("", "", "", ""))[:3]
        text = change.get("current") or change.get("text", "" if change.get("current") is False else None)
        text = "" if kind == "D" else text
        if title is None or text is None:  # a media file, or a state that is not kept
            continue
        wikitext = dw.render.mediawiki(dw.parse(text, page_id=change["page"]), site).rstrip("\n")
        author = user or ("192.0.2.1" if "line" in change else "unknown")
        yield title, EPOCH + change["time"], author, summary, kind == "e", wikitext


def titles_of(folder):
    """The titles of the pages of today, by id, and those of deleted pages."""
    pages = json.loads((folder / "export.json").read_text("utf-8"))["pages"]
    there = {page_id: entry["title"] for page_id, entry in pages.items()}
    page_ids = {change["page"] for change in CHANGES if "page" in change}
    return there, {page_id: TitleRules().page(page_id) for page_id in page_ids - there.keys()}


def test_every_state_of_a_page_is_a_revision(wiki, written):
    there, gone = titles_of(written)
    assert there == {"start": "Start", "a:b": "A/b", "later": "Later", "outside": "Outside"}
    for name, titles in (("pages-1.xml", there), ("deleted-1.xml", gone)):
        assert sorted(revisions(written / name)) == sorted(expected(wiki, titles))
    assert (written / "deleted.txt").read_text("utf-8").splitlines() == sorted(gone.values())


def test_only_the_pages_of_today_if_that_is_asked_for(wiki, tmp_path):
    done = dw.export(wiki, tmp_path, "mediawiki", revisions=False)
    there, _ = titles_of(tmp_path)
    newest = {row[0]: row for row in sorted(expected(wiki, there), key=lambda row: row[1])}
    assert sorted(revisions(tmp_path / "pages-1.xml")) == sorted(newest.values())
    assert (done.pages, done.states) == (4, 0)
    assert not (tmp_path / "deleted-1.xml").exists()


def test_a_damaged_state_is_left_out_and_told(tmp_path):
    wiki = write_changes(tmp_path / "wiki")
    for number in (0, 10, 80):
        (state,) = (wiki / "data/attic").rglob(f"*.{EPOCH + number}.txt.gz")
        state.write_bytes(b"no gzip")
    told = []
    done = dw.export(wiki, tmp_path / "out", "mediawiki", report=told.append)
    # The newest state of a:b is read from the page itself; that of the start page is its only one.
    assert {row[0]: row[5] for row in revisions(tmp_path / "out/pages-1.xml")}["A/b"] == "made again"
    assert (done.pages, len(told), len(done.lost)) == (4, 1, 1)


def test_a_change_whose_text_is_not_kept_is_counted(wiki, tmp_path):
    assert dw.export(wiki, tmp_path, "mediawiki").not_kept == 1


def test_several_processes_write_the_same(wiki, written, tmp_path):
    dw.export(wiki, tmp_path, "mediawiki", jobs=2)
    for name in ("pages-1.xml", "deleted-1.xml", "export.json"):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes()


def test_a_second_export_updates_the_folder(wiki, written, tmp_path):
    dw.export(wiki, tmp_path, "mediawiki")
    dw.export(wiki, tmp_path, "mediawiki", exclude=["vanished"])
    assert (tmp_path / "pages-1.xml").read_bytes() == (written / "pages-1.xml").read_bytes()
    assert not (tmp_path / "deleted-1.xml").exists()
    assert not (tmp_path / "deleted.txt").exists()


def test_a_large_dump_is_in_pieces(tmp_path):
    """Also in the middle of a page; each piece is a dump of its own."""

    def opened(name):
        return (tmp_path / name).open("wb")

    with DumpWriter("pages", opened, head("Wiki", "", "en", {}), 5000) as dump:
        for number in range(3):
            dump.page(f"Page {number}", 0)
            for at in range(20):
                dump.revision(revision_xml(PageHistoryState(at, "x", None), f"{number}.{at} " + "x" * 500))
    pieces = sorted(tmp_path.iterdir(), key=lambda path: int(path.stem.partition("-")[2]))
    assert len(pieces) > 5
    assert all(path.stat().st_size < 7000 for path in pieces)
    found = [row for path in pieces for row in revisions(path)]
    assert [(row[0], row[5].split()[0]) for row in found] == [
        (f"Page {number}", f"{number}.{at}") for number in range(3) for at in range(20)
    ]


# --------------------------------------------------------------------------------------------------- titles, files


def put(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_titles_that_would_be_one_stay_different():
    page_ids = ["a_b", "a__b", "A_b", "x" * 300, "x" * 300 + "y"]
    titles = page_titles(page_ids, TitleRules())
    assert titles["a_b"] == "A b"
    assert len(set(titles.values())) == len(page_ids)
    assert max(len(title.encode()) for title in titles.values()) <= 255
    names = file_names(["a:b_c.png", "a_b:c.png", "a:B_c.PNG", "a:b_c.jpg"])
    assert names["a:b_c.png"] == "A_b_c.png"
    assert names["a:b_c.jpg"] == "A_b_c.jpg"
    assert len({name.lower() for name in names.values()}) == 4


def test_namespaces_have_numbers():
    page_ids = ["start", "tool:x", "tool:y:z", "help:x", "talk:x", "größe:x"]
    assert namespace_numbers(page_ids, TitleRules("namespaces")) == {"Größe": 3000, "Tool": 3002}
    assert namespace_numbers(page_ids, TitleRules()) == {}


def test_namespaces_are_in_the_dump_and_in_the_settings(tmp_path):
    names = ("start", "it's/x", "tool/x")
    wiki = put(tmp_path / "data", {f"pages/{name}.txt": b"x" for name in names})
    dw.export(wiki, tmp_path / "out", "mediawiki", titles="namespaces")
    root = ElementTree.parse(tmp_path / "out/pages-1.xml").getroot()
    numbers = {page[0].text: page[1].text for page in root.iter(f"{_NAMESPACE}page")}
    assert numbers["Tool:X"] == "3002"
    assert {space.get("key"): space.text for space in root.iter(f"{_NAMESPACE}namespace")}["3002"] == "Tool"
    assert "$wgExtraNamespaces[3002] = 'Tool';" in (tmp_path / "out/settings.php").read_text("utf-8")


def test_media_files_have_flat_names(tmp_path):
    wiki = put(
        tmp_path / "data",
        {"pages/start.txt": b"{{a:photo.png}} {{a:paper.pdf}}", "media/a/photo.png": b"p", "media/a/paper.pdf": b"q"},
    )
    dw.export(wiki, tmp_path / "out", "mediawiki")
    (row,) = revisions(tmp_path / "out/pages-1.xml")
    assert row[5] == "[[File:A_photo.png]] [[Media:A_paper.pdf|paper.pdf]]"
    assert (tmp_path / "out/images/A_photo.png").read_bytes() == b"p"
    manifest = json.loads((tmp_path / "out/export.json").read_text("utf-8"))
    assert manifest["media"]["a:photo.png"] == {"file": "images/A_photo.png"}
    assert "[ 'pdf', 'png' ]" in (tmp_path / "out/settings.php").read_text("utf-8")
    assert "Start" in (tmp_path / "out/mainpage.xml").read_text("utf-8")


def test_old_addresses_lead_to_titles(tmp_path):
    wiki = put(tmp_path / "data", {"pages/a/b_c.txt": b"x", "media/a/photo.png": b"p"})
    dw.export(wiki, tmp_path / "out", "mediawiki", site_address="https://x.org/wiki")
    lines = (tmp_path / "out/redirects/redirects.csv").read_text("utf-8").splitlines()
    assert any("doku.php?id=a:b_c" in line and line.endswith("https://x.org/wiki/A/b_c") for line in lines)
    assert any("Special%3ARedirect/file/A_photo.png" in line for line in lines)


def test_links_to_missing_pages_are_red_if_that_is_asked_for(tmp_path):
    wiki = put(tmp_path / "data", {"pages/start.txt": b"[[a:missing|gone]]"})
    for red_links, text in ((False, "gone"), (True, "[[A/missing|gone]]")):
        dw.export(wiki, tmp_path / f"out{red_links}", "mediawiki", red_links=red_links)
        (row,) = revisions(tmp_path / f"out{red_links}/pages-1.xml")
        assert row[5] == text


# ----------------------------------------------------------------------------------------------------- what is XML


def test_characters_that_xml_cannot_hold_are_losses(tmp_path):
    content = "one\x01 <&>\ntwo \uffff ".encode() + b"\xff end"
    wiki = put(tmp_path / "data", {"pages/start.txt": content})
    done = dw.export(wiki, tmp_path / "out", "mediawiki")
    (row,) = revisions(tmp_path / "out/pages-1.xml")
    assert row[5] == "one\ufffd <&>\ntwo \ufffd \ufffd end"
    losses = json.loads((tmp_path / "out/export.json").read_text("utf-8"))["pages"]["start"]["losses"]
    assert losses[0] == {"kind": "character", "what": "U+0001", "line": 1, "column": 4}
    assert done.losses["character"] == 3


def test_users_may_have_any_name(tmp_path):
    line = "1600000000\t192.0.2.1,10.0.0.1\tE\tstart\t{}\t<b>&\x01\t\t\n"
    for user, author in (("a|b<c>", "a-b-c-"), ("", "192.0.2.1"), ("größe", "größe")):
        folder = tmp_path / author
        changes = line.format(user).encode()
        put(folder / "data", {"pages/start.txt": b"x", "meta/start.changes": changes, "attic/x": b""})
        os.utime(folder / "data/pages/start.txt", (1600000000, 1600000000))
        dw.export(folder / "data", folder / "out", "mediawiki")
        (row,) = revisions(folder / "out/pages-1.xml")
        assert row[2:4] == (author, "<b>&\ufffd")


def test_names_of_a_wiki_are_text():
    text = head('<&"', "https://x.org/?a&b", 'en"><x', {"<&": 3000}) + TAIL
    root = ElementTree.fromstring(text)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == 'en"><x'
    assert [element.text for element in root[0]][:2] == ['<&"', "https://x.org/?a&b"]
    assert root[0][-1][-1].text == "<&"


def schema():
    """MediaWiki's schema of dumps, where it is installed."""
    etree = pytest.importorskip("lxml.etree")
    places = [Path(os.environ.get("MEDIAWIKI", "/usr/share/mediawiki")), Path("/usr/share/doc/mediawiki")]
    found = [path for place in places for path in place.glob("docs/export-0.11.xsd*")]
    if not found:
        pytest.skip("MediaWiki's schema of dumps is not installed")
    content = gzip.decompress(found[0].read_bytes()) if found[0].suffix == ".gz" else found[0].read_bytes()

    class Local(etree.Resolver):
        """Says what the attributes xml:lang and xml:space are, so that nothing is fetched."""

        def resolve(self, url, public_id, context):
            return self.resolve_string(
                '<schema xmlns="http://www.w3.org/2001/XMLSchema" '
                'targetNamespace="http://www.w3.org/XML/1998/namespace">'
                '<attribute name="lang" type="string"/><attribute name="space" type="string"/></schema>',
                context,
            )

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.fromstring(content, parser))


@pytest.mark.parametrize("name", ["pages-1.xml", "deleted-1.xml", "mainpage.xml"])
def test_dumps_are_valid(written, name):
    rules = schema()
    etree = pytest.importorskip("lxml.etree")
    rules.assertValid(etree.parse(written / name))


def test_the_command_says_what_it_wrote(wiki, tmp_path):
    done = run_text("export", wiki, tmp_path, "--to", "mediawiki", "--titles", "namespaces", "--piece-size", "1")
    assert done.returncode == 0
    assert "4 pages, 9 old states (1 change not kept), 1 media file, " in done.stderr
    assert titles_of(tmp_path)[0]["a:b"] == "A:B"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "gfm", "--titles", "namespaces"], "--titles is an option of --to mediawiki"),
        (["--to", "mediawiki", "--data", "table"], "an export to mediawiki has no option data"),
        (["--to", "mediawiki", "--piece-size", "-1"], "a piece of a dump has at least one MiB"),
    ],
)
def test_options_that_do_not_fit_are_errors(wiki, tmp_path, arguments, message):
    done = run_text("export", wiki, tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_unknown_options_are_errors(wiki, tmp_path):
    with pytest.raises(OutputError, match="no option templates"):
        dw.export(wiki, tmp_path, "mediawiki", templates=Path("x"))
    with pytest.raises(OutputError, match="titles are one of"):
        dw.export(wiki, tmp_path, "mediawiki", titles="flat")
    with pytest.raises(OutputError, match="cannot be verified"):
        dw.export(wiki, tmp_path, "mediawiki", verify=True)
