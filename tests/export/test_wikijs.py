"""A folder for the storage of Wiki.js: paths as its documentation allows them, and properties of pages."""

import re

import pytest
import yaml
from exported import manifest, write_wiki
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.exports.places import Places
from dokuwiki_data.exports.targets import find_target
from dokuwiki_data.portable_names import folded
from dokuwiki_data.wiki.sources.opening import open_source

PAGES = {
    "start": "====== Welcome ======\n[[a:b#part|there]] [[namespace:]] {{namespace:x.png|a picture}} [[gone]]",
    "namespace:start": "====== Tea, hot ======\n{{tag>green black_tea}}\n",
    "a:b": "====== B ======\n===== Part =====\n[[:start]]",
    "a": "one letter",
    "en:page": "a language",
    "v2.0": "a dot",
    "beside": "beside a namespace",
    "beside:page": "in it",
}
WORDS = ["login", "home", "favicon", "a", "ä", "en", "en-us", "pt-br", "c.d", "start", "x" * 300, "media", "_assets"]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wiki")
    source = write_wiki(folder / "source", PAGES, ["namespace:x.png"])
    log = (
        "1700000000\t192.0.2.1\tC\tnamespace:start\tann\t\t\t1\n1700000500\t192.0.2.1\tE\tnamespace:start\tann\t\t\t1\n"
    )
    (source / "data" / "meta" / "namespace").mkdir()
    (source / "data" / "meta" / "namespace" / "start.changes").write_text(log)
    wiki = open_source(source, pytest.fail, plugins="+tag")
    return folder / "out", dw.export(wiki, folder / "out", "wikijs", verify=True)


def properties(path):
    return yaml.safe_load(path.read_text("utf-8").split("---\n")[1])


def test_paths_are_as_wikijs_wants_them(done):
    found = {page_id: page["file"] for page_id, page in manifest(done[0])["pages"].items()}
    dotted = found.pop("v2.0")
    assert re.fullmatch(r"v2_0~[0-9a-f]{10}\.md", dotted)
    assert found == {
        "start": "home.md", "namespace:start": "namespace.md", "a": "a_.md", "a:b": "a_/b.md", "en:page": "en_/page.md",
        "beside": "beside.md", "beside:page": "beside/page.md",
    }  # fmt: skip


def test_links_begin_at_the_root(done):
    text = (done[0] / "home.md").read_text("utf-8")
    assert "[there](/a_/b#part) [namespace](/namespace) ![a picture](/media/namespace/x.png) gone" in text
    assert done[1].differences == []


def test_properties_are_those_of_wikijs(done):
    assert properties(done[0] / "namespace.md") == {
        "title": "Tea, hot", "published": True, "date": "2023-11-14T22:21:40.000Z", "editor": "markdown",
        "dateCreated": "2023-11-14T22:13:20.000Z", "tags": "green, black tea",
    }  # fmt: skip
    assert properties(done[0] / "a_.md")["title"] == "a"


@given(st.lists(st.lists(st.sampled_from(WORDS) | st.text("ab-_.é", min_size=1, max_size=3), min_size=1, max_size=3)))
def test_no_path_is_reserved_whatever_the_ids_are(parts):
    ids = list(dict.fromkeys([*map(":".join, parts), *WORDS, *(f"{word}:start" for word in WORDS)]))
    places = Places(find_target("wikijs").place_rules("start"), ids)
    paths = {page_id: places.pages[page_id].removesuffix(".md") for page_id in ids}
    assert len({folded(path) for path in paths.values()}) == len(ids)
    assert paths.pop("start") == "home"
    for path in paths.values():
        first = path.split("/")[0]
        assert len(first) > 1
        assert not re.fullmatch("[a-z]{2}(-[a-z]{2})?", first, re.IGNORECASE)
        assert first not in {"login", "home", "favicon", "_assets"}
        assert not re.search(r"[. \\:*?\"<>|]", path)
