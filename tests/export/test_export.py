"""What an export writes: a file for every page, its media, an account of all of it, and nothing anywhere else."""

import logging
import os

import pytest
from exported import addresses, article, exported, files, manifest, write_wiki

import dokuwiki_data as dw
from dokuwiki_data.errors import DokuWikiDataError, OutputError
from dokuwiki_data.exports.exporting import export

PAGES = {
    "start": "====== Home ======\n\n[[a:b]] [[a:]] [[gone|a label]] {{x.png|a picture}} {{gone.png}}",
    "a:start": "Namespace, [[:start]], [[b#part|part]]",
    "a:b": "====== B ======\n===== Part =====\n{{:a:y.png?20}} {{:papers:z.pdf|paper}}",
    "old": "~~REDIRECT>a:b#part~~",
}
SYNTAX = dw.Syntax().chosen(None, "+redirect")
MEDIA = ["x.png", "a:y.png", "papers:z.pdf", "unused.png", "_dummy"]


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_wiki(tmp_path_factory.mktemp("wiki"), PAGES, MEDIA)


@pytest.fixture(scope="module")
def site(wiki, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    exported(wiki / "data", folder, syntax=SYNTAX)
    return folder


def test_the_manifest_says_which_file_every_id_became(site):
    made = manifest(site)
    assert list(made) == ["format", "version", "target", "pages", "media"]
    assert (made["format"], made["version"], made["target"]) == ("dokuwiki-data/export", 1, "html")
    assert {page_id: one["file"] for page_id, one in made["pages"].items()} == {
        "a:b": "a/b.html", "a:start": "a/index.html", "old": "old.html", "start": "index.html",
    }  # fmt: skip
    assert made["media"] == {
        "a:y.png": {"file": "_media/a/y.png"},
        "papers:z.pdf": {"file": "_media/papers/z.pdf"},
        "unused.png": {"file": "_media/unused.png"},
        "x.png": {"file": "_media/x.png"},
    }
    for one in (*made["pages"].values(), *made["media"].values()):
        assert (site / one["file"]).is_file()


def test_losses_are_told_with_their_places(site):
    losses = manifest(site)["pages"]["start"]["losses"]
    assert losses == [
        {"kind": "missing-page", "what": "gone", "line": 3, "column": 16},
        {"kind": "missing-media", "what": "gone.png", "line": 3, "column": 53},
    ]


def test_links_lead_to_files_and_what_is_missing_leads_nowhere(site):
    made = manifest(site)
    content = article(site, made, "start")
    assert [one for one in addresses(content) if one] == ["a/b.html", "a/index.html", "_media/x.png", "_media/x.png"]
    assert '<span class="wikilink2" title="gone">a label</span>' in content
    assert "gone.png" in content
    assert "b.html#part" in addresses(article(site, made, "a:start"))


def test_every_page_has_one_article(site):
    for one in manifest(site)["pages"].values():
        assert (site / one["file"]).read_text("utf-8").count("<article") == 1


def test_redirects_lead_to_the_end(site):
    rows = (site / "redirects" / "redirects.csv").read_text("utf-8").splitlines()
    assert "/doku.php?id=old,/a/b.html#part" in rows
    assert "/doku.php?id=a:start,/a/index.html" in rows
    assert "/lib/exe/fetch.php?media=a:y.png,/_media/a/y.png" in rows


def test_a_second_export_is_the_same_and_updates(wiki, tmp_path):
    site = tmp_path / "site"
    exported(wiki / "data", site)
    before = files(site)
    exported(wiki / "data", site)
    assert files(site) == before
    (site / "own.html").write_text("mine")
    exported(wiki / "data", site, exclude=["a:*"])
    gone = ("a/", "_media/a/", "_media/papers/", "_media/unused")
    assert set(files(site)) == {"own.html", *(name for name in before if not name.startswith(gone))}


def test_what_is_left_out_is_a_loss_of_its_own_kind(wiki, tmp_path):
    made = exported(wiki / "data", tmp_path, include=["start"], media="none")
    losses = [(one["kind"], one["what"]) for one in made["pages"]["start"]["losses"]]
    assert losses == [
        ("left-out-page", "a:b"), ("left-out-page", "a:start"), ("missing-page", "gone"), ("left-out-media", "x.png"),
        ("missing-media", "gone.png"),
    ]  # fmt: skip


def test_a_page_that_moved_leads_on(site):
    text = (site / "old.html").read_text("utf-8")
    assert '<meta http-equiv="refresh" content="0; url=a/b.html#part">' in text
    assert '<link rel="canonical" href="a/b.html#part">' in text
    assert "refresh" not in (site / "a" / "b.html").read_text("utf-8")


@pytest.mark.parametrize("address", ["/copy/", "/copy", "https://new.example.org/copy"])
def test_redirects_and_the_page_for_missing_pages_know_the_address(wiki, tmp_path, address):
    done = export(wiki / "data", tmp_path, search=False, site_address=address, syntax=SYNTAX, verify=True)
    assert done.differences == []
    rows = (tmp_path / "redirects" / "redirects.csv").read_text("utf-8").splitlines()
    root = address.rstrip("/") + "/"
    assert f"/doku.php?id=old,{root}a/b.html#part" in rows
    assert f"/a:b,{root}a/b.html" in rows
    assert f'<base href="{root}">' in (tmp_path / "404.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "conf", "address"),
    [
        ({"site_address": "https://new.org/w"}, "https://old.org", "https://new.org/w/doku.php?id=a"),
        ({"site_address": "/w"}, "https://old.org", "https://old.org/doku.php?id=a"),
        ({}, "", None),
    ],
)
def test_this_is_the_address_of_the_copy_or_else_of_the_wiki(tmp_path, options, conf, address):
    conf = {"local.php": f"<?php\n$conf['baseurl'] = '{conf}';\n"}
    wiki = write_wiki(tmp_path / "wiki", {"start": "[[this>doku.php?id=a]]"}, conf=conf)
    made = exported(wiki, tmp_path / "site", **options)
    assert addresses(article(tmp_path / "site", made, "start")) == ([address] if address else [])
    assert [loss["kind"] for loss in made["pages"]["start"]["losses"]] == ([] if address else ["unknown-interwiki"])


def test_films_are_links_or_shown_in_place(tmp_path):
    folder = write_wiki(tmp_path / "wiki", {"a": "{{youtube>abc}}"}) / "data"
    syntax = dw.Syntax().chosen(None, "+vshare")
    for embed in (False, True):
        done = export(folder, tmp_path / "site", search=False, syntax=syntax, embed=embed, verify=True)
        text = (tmp_path / "site" / "a.html").read_text("utf-8")
        assert ("<iframe" in text, "frame-src https:" in text, done.losses["video"]) == (embed, embed, not embed)
        assert done.differences == []


@pytest.mark.parametrize(
    ("options", "pages"),
    [
        ({"namespaces": ["a"]}, ["a:b", "a:start"]),
        ({"include": ["*start"]}, ["a:start", "start"]),
        ({"exclude": ["a:*", "old"]}, ["start"]),
        ({"namespaces": ["a"], "include": ["*:b"]}, ["a:b"]),
    ],
)
def test_pages_are_chosen(wiki, tmp_path, options, pages):
    made = exported(wiki / "data", tmp_path, **options)
    assert list(made["pages"]) == pages
    for page_id in pages:
        for one in addresses(article(tmp_path, made, page_id)):
            path = one.partition("#")[0]
            assert (tmp_path / made["pages"][page_id]["file"]).parent.joinpath(path).exists()


def test_media_of_the_old_wiki_are_linked(wiki, tmp_path):
    made = exported(wiki / "data", tmp_path, media="link", old_address="https://wiki.example.org/w")
    assert made["media"] == {}
    content = article(tmp_path, made, "a:b")
    assert "https://wiki.example.org/w/lib/exe/fetch.php?media=a:y.png" in addresses(content)
    assert not (tmp_path / "_media").exists()
    with pytest.raises(OutputError, match="address is needed"):
        exported(wiki / "data", tmp_path / "other", media="link")


def test_media_are_left_out(wiki, tmp_path):
    made = exported(wiki / "data", tmp_path, media="none")
    assert made["media"] == {}
    assert "a picture" in article(tmp_path, made, "start")
    assert addresses(article(tmp_path, made, "a:b")) == []


def test_several_processes_write_the_same(wiki, site, tmp_path):
    exported(wiki / "data", tmp_path, jobs=2, syntax=SYNTAX)
    assert files(tmp_path) == files(site)


@pytest.mark.parametrize("where", ["", "pages", "new/folder"])
def test_nothing_is_written_between_the_files_of_a_wiki(wiki, where):
    before = files(wiki)
    with pytest.raises(OutputError, match=r"in it|between the files"):
        exported(wiki / "data", wiki / "data" / where)
    with pytest.raises(OutputError, match="in it"):
        exported(wiki / "data", wiki)
    assert files(wiki) == before


def test_a_page_that_cannot_be_read_is_reported_once(wiki, tmp_path):
    folder = write_wiki(tmp_path / "wiki", {"a": "[[b]]", "b": "text"})
    (folder / "data/pages/b.txt").unlink()
    os.mkfifo(folder / "data/pages/b.txt")
    said = []
    done = export(folder / "data", tmp_path / "site", search=False, report=said.append)
    assert len(said) == len(done.lost) == 1
    assert list(manifest(tmp_path / "site")["pages"]) == ["a"]
    assert not (tmp_path / "site/b.html").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [({"to": "tex"}, "unknown target"), ({"media": "all"}, "copy, link, none")],
)
def test_wrong_arguments_are_refused(wiki, tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        export(wiki / "data", tmp_path / "site", **options)
    assert not (tmp_path / "site").exists()


def test_readers_need_the_rules(wiki, tmp_path):
    with pytest.raises(DokuWikiDataError, match="conf"):
        exported(wiki / "data", tmp_path, readable_by=["@ALL"])


def test_templates_are_replaced_one_by_one(wiki, tmp_path):
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html").write_text("<main>{{ title }}</main><article>\n{{ content|safe }}\n</article>", "utf-8")
    (templates / "site.css").write_text("body { color: red }", "utf-8")
    site = tmp_path / "site"
    exported(wiki / "data", site, templates=templates)
    assert (site / "a/b.html").read_text("utf-8").startswith("<main>B</main><article>")
    assert "<header" in (site / "404.html").read_text("utf-8")
    assert (site / "_site/site.css").read_text("utf-8") == "body { color: red }"


def test_a_wiki_without_a_start_page_begins_with_its_index(tmp_path, caplog):
    caplog.set_level(logging.ERROR)
    folder = write_wiki(tmp_path / "wiki", {"x": "a page"})
    exported(folder / "data", tmp_path / "site")
    assert "x.html" in addresses((tmp_path / "site/index.html").read_text("utf-8"))
