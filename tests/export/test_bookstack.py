"""The archives for BookStack, by the document of their format: books, chapters, pages, references, tags."""

import json
import re
import zipfile

import pytest
from exported import PIXEL, TITLED, files, write_wiki

import dokuwiki_data as dw
from dokuwiki_data.errors import OutputError
from dokuwiki_data.wiki.sources.opening import open_source

ENTRY = "---- dataentry book ----\npages : 12\nauthors : Ann, Bea\n----\n"
PAGES = {
    "start": "====== Welcome ======\n[[tea:]] {{:a.jpg|a picture}}",
    "about": "====== About ======\n[[start]]",
    "tea:start": f"====== Tea ======\n[[green#part|there]] [[tea:kinds:]] [[:start]] {{{{tag>hot}}}}\n{ENTRY}",
    "tea:green": "====== Green ======\n===== Part =====\n{{:b.pdf}} {{:a.jpg}}",
    "tea:kinds:start": "====== Kinds ======\n",
    "tea:kinds:deep:down": "deep",
}

#: The properties of the format, by object: their types, and whether they are required.
FORMAT = {
    "book": {"id": int, "name!": str, "chapters": list, "pages": list},
    "chapter": {"id": int, "name!": str, "priority": int, "pages": list},
    "page": {
        "id": int, "name!": str, "markdown": str, "priority": int, "images": list, "attachments": list, "tags": list,
    },
    "image": {"name!": str, "file!": str},
    "attachment": {"name!": str, "file": str, "order": int},
    "tag": {"name!": str, "value": str, "order": int},
}  # fmt: skip


def conforms(kind, value):
    """Assert that an object has the properties of the format and no others."""
    known = {name.rstrip("!"): type_ for name, type_ in FORMAT[kind].items()}
    assert set(value) <= set(known)
    assert {name[:-1] for name in FORMAT[kind] if name.endswith("!")} <= set(value)
    for name, found in value.items():
        assert isinstance(found, known[name]), (kind, name)
        for inside in found if isinstance(found, list) else ():
            conforms(name.rstrip("s") if name != "pages" else "page", inside)


def archives(folder):
    """The archives of an export: what data.json has, and the other files."""
    found = {}
    for path in sorted((folder / "books").iterdir()):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            inside = {name: archive.read(name) for name in archive.namelist()}
        data = json.loads(inside.pop("data.json"))
        assert set(data) == {"book"}
        conforms("book", data["book"])
        found[path.stem] = data["book"], inside
    return found


def pages_of(book):
    return [*book["pages"], *(page for chapter in book["chapters"] for page in chapter["pages"])]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = write_wiki(tmp_path_factory.mktemp("wiki"), PAGES, ["a.jpg", "b.pdf", "unused.png"])
    return open_source(folder, pytest.fail, plugins="+tag")


@pytest.fixture(scope="module")
def done(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    result = dw.export(source, folder, "bookstack")
    return result, folder, archives(folder)


def test_namespaces_are_books_and_chapters(done):
    shape = {
        name: (
            book["name"],
            [page["name"] for page in book["pages"]],
            {chapter["name"]: [page["name"] for page in chapter["pages"]] for chapter in book["chapters"]},
        )
        for name, (book, _) in done[2].items()
    }
    assert shape == {
        "index": ("Wiki", ["Welcome", "About"], {}),
        "tea": ("Tea", ["Tea", "Green"], {"Kinds": ["Kinds", "tea:kinds:deep:down"]}),
    }


def test_the_order_is_told_by_priorities(done):
    book, _ = done[2]["tea"]
    assert [page["priority"] for page in book["pages"]] == [0, 1]
    assert [chapter["priority"] for chapter in book["chapters"]] == [3]


@pytest.mark.parametrize("is_book", [False, True])
def test_references_lead_to_what_is_in_the_archive(source, tmp_path, is_book):
    dw.export(source, tmp_path, "bookstack", book=is_book)
    for book, inside in archives(tmp_path).values():
        numbers = {str(page["id"]) for page in pages_of(book)}
        assert len(numbers) == len(pages_of(book))
        wanted = set()
        for page in pages_of(book):
            own = {kind: {one["file"] for one in page[f"{kind}s"]} for kind in ("image", "attachment")}
            for kind, name in re.findall(r"\[\[bsexport:(\w+):([^]]+)\]\]", page["markdown"]):
                assert name in (numbers if kind == "page" else own[kind])
            wanted |= {f"files/{name}" for names in own.values() for name in names}
        assert set(inside) == wanted


def test_links_to_other_books_are_lost_unless_there_is_one_book(source, done, tmp_path):
    assert done[0].losses["left-out-page"] == 2
    result = dw.export(source, tmp_path, "bookstack", book=True)
    assert "left-out-page" not in result.losses
    ((book, _),) = archives(tmp_path).values()
    assert [chapter["name"] for chapter in book["chapters"]] == ["Tea"]
    assert len(pages_of(book)) == len(PAGES)


def test_images_and_other_files_are_those_of_a_page(done):
    green = done[2]["tea"][0]["pages"][1]
    (image,), (attachment,) = green["images"], green["attachments"]
    assert (image["name"], attachment["name"]) == ("a.jpg", "b.pdf")
    assert done[2]["tea"][1][f"files/{image['file']}"] == TITLED
    assert done[2]["tea"][1][f"files/{attachment['file']}"] == PIXEL


def test_tags_are_those_of_the_page_and_the_fields_of_its_entries(source, done, tmp_path):
    tea = done[2]["tea"][0]["pages"][0]
    assert [(tag["name"], tag["value"]) for tag in tea["tags"]] == [
        ("hot", ""), ("page", "12"), ("author", "Ann"), ("author", "Bea"),
    ]  # fmt: skip
    dw.export(source, tmp_path / "table", "bookstack", data="table")
    assert len(archives(tmp_path / "table")["tea"][0]["pages"][0]["tags"]) == 1
    dw.export(source, tmp_path / "tags", "bookstack", data="front-matter")
    assert "| 12" not in archives(tmp_path / "tags")["tea"][0]["pages"][0]["markdown"]


def test_the_same_wiki_makes_the_same_archives(source, done, tmp_path):
    dw.export(source, tmp_path, "bookstack", jobs=2)
    assert files(tmp_path) == files(done[1])


def test_it_cannot_be_verified(source, tmp_path):
    with pytest.raises(OutputError, match="cannot be verified"):
        dw.export(source, tmp_path, "bookstack", verify=True)
