"""Every page and media file of an export has a file of its own, on every system."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dokuwiki_data.exports.places import PlaceRules, Places, address

RULES = PlaceRules(reserved=frozenset({"404", "_media", "_site"}))

PARTS = st.sampled_from(
    [
        *["a", "b", "A", "start", "Start", "index", "index_", "con", "CON", "con_", "aux.x", "404", "_media", "_site"],
        *[
            "a.html",
            "b.html_",
            "é",
            "e\u0301",
            "É",
            "ß",
            "日本",
            ".",
            "..",
            "a b",
            "x~1",
            "\udce9",
            "l" * 300,
            "",
            "a.",
        ],
    ]
) | st.text(max_size=3)
IDS = st.lists(st.lists(PARTS, min_size=1, max_size=3).map(":".join), max_size=8, unique=True)


def compared(path):
    """What a system compares that knows neither case nor accents, nor dots and blanks at the end of a name."""
    return [unicodedata.normalize("NFD", part.casefold()).casefold().rstrip(". ") for part in path.split("/")]


@pytest.mark.parametrize(
    ("page_id", "file"),
    [
        ("a:b", "a/b.html"),
        ("start", "index.html"),
        ("a:start", "a/index.html"),
        ("index", "index_.html"),
        ("a:index", "a/index_.html"),
        ("index_", "index__.html"),
        ("index:a", "index/a.html"),
        ("con", "con_.html"),
        ("aux:nul.x", "aux_/nul.x_.html"),
        ("404", "404_.html"),
        ("a:404", "a/404.html"),
        ("a.html:b", "a.html_/b.html"),
        ("größe", "groesse~c69c4b4e9f.html"),
        ("日本:語", "日本/語.html"),
        ("Copy of real", "copy_of_real~2b0b83a3ba.html"),
        ("_template", "_template.html"),
        ("a;b/c", "a_b_c~0000000000.html"),
        ("\u202egpj", "gpj~0000000000.html"),
    ],
)
def test_a_page_is_placed_by_its_id(page_id, file):
    placed = Places(RULES, [page_id]).pages[page_id]
    if "~" in file:  # the digits are a digest
        head, _, tail = placed.partition("~")
        assert (head, tail[10:]) == (file.partition("~")[0], ".html")
    else:
        assert placed == file


@pytest.mark.parametrize(
    ("media_id", "file"),
    [
        ("a:b.png", "_media/a/b.png"),
        ("x.tar.gz", "_media/x.tar.gz"),
        ("readme", "_media/readme"),
        (".htaccess", "_media/htaccess~"),
        ("a:con.png", "_media/a/con_.png"),
    ],
)
def test_a_media_file_keeps_its_name_and_ending(media_id, file):
    placed = Places(RULES, [], [media_id]).media[media_id]
    assert placed.startswith(file)
    assert placed == file or "~" in file


def test_a_start_page_is_named_by_the_setting():
    places = Places(PlaceRules(start_page="home", index="README", suffix=".md"), ["a:home", "a:start", "a:readme"])
    assert list(places.pages.values()) == ["a/README.md", "a/start.md", "a/readme_.md"]


@given(IDS, IDS)
@example(["a", "a.html:b", "A"], [])
@example(["a:b", "a:b.html:c", "_media:x", "index", "start"], ["a", "a:b"])
def test_no_two_files_meet_and_none_is_lost(pages, media):
    places = Places(RULES, pages, media)
    assert (list(places.pages), list(places.media)) == (pages, media)
    files = [*places.pages.values(), *places.media.values()]
    keys = [compared(path) for path in files]
    assert len({tuple(key) for key in keys}) == len(files)
    folders = {tuple(key[:depth]) for key in keys for depth in range(1, len(key))}
    assert not folders & {tuple(key) for key in keys}
    for path in files:
        path.encode()
        for part in path.split("/"):
            assert part not in ("", ".", "..")
            assert len(part.encode()) <= 255
            assert not set(part) & set('<>:"\\|?*\0\n')


@given(st.lists(PARTS, min_size=1, max_size=3).map(":".join))
def test_where_a_page_lies_depends_on_its_id_alone(page_id):
    alone = Places(RULES, [page_id]).pages[page_id]
    assert Places(RULES, ["0", "other", page_id]).pages[page_id] == alone


@pytest.mark.parametrize(
    ("page", "path", "written"),
    [
        ("index.html", "a/b.html", "a/b.html"),
        ("a/b.html", "a/c.html", "c.html"),
        ("a/b.html", "index.html", "../index.html"),
        ("a/b.html", "a/b.html", "b.html"),
        ("x/y/z.html", "a/b c?.html", "../../a/b%20c%3F.html"),
        ("index.html", "é.html", "%C3%A9.html"),
        ("x.html", "a:b.html", "a%3Ab.html"),
    ],
)
def test_addresses_are_relative_to_the_page(page, path, written):
    assert address(path, page=page) == written
    assert address(path, "part", page=page) == f"{written}#part"


def test_a_page_stands_for_its_folder_where_both_have_one_address():
    rules = PlaceRules(suffix=".md", index="_index", taken="index_*", is_folder_address=True)
    pages = ["a", "a:b", "c", "c:start", "d", "e:index"]
    assert Places(rules, pages).pages == {
        "a": "a/_index.md",
        "a:b": "a/b.md",
        "c": "c_.md",
        "c:start": "c/_index.md",
        "d": "d.md",
        "e:index": "e/index_.md",
    }
