"""The timeline of a wiki: where its changes come from, and what is made of contradictions."""

import gzip
import os

import pytest

from dokuwiki_data.wiki.sources.opening import open_source
from dokuwiki_data.wiki.timeline import timeline

#: Cases: the files of a data folder (with ``time``: the time of the file), and the changes as
#: "time id effect change.kind", with ``*`` for one outside of DokuWiki.
CASES = {
    "a page without a history was made when its file was": (
        {"pages/a.txt": ("x", 50)}, ["50 a written *"],
    ),
    "the file is the state of the last change, whose text the attic does not have": (
        {"pages/a.txt": ("x", 20), "meta/a.changes": "10 C\n20 E\n", "attic/a.10.txt.gz": "w"},
        ["10 a written C", "20 a written E"],
    ),
    "the attic has the last text as well": (
        {"pages/a.txt": ("x", 20), "meta/a.changes": "20 C\n", "attic/a.20.txt.gz": "x"}, ["20 a written C"],
    ),
    "a copied file has another time, and the same text": (
        {"pages/a.txt": ("x", 99), "meta/a.changes": "20 C\n", "attic/a.20.txt.gz": "x"}, ["20 a written C"],
    ),
    "an older changelog does not say how long the text was": (
        {"pages/a.txt": ("x", 99), "meta/a.changes": "20 C\n"}, ["20 a written C"],
    ),
    "a copied file is as long as the changelog says": (
        {"pages/a.txt": ("xyz", 99), "meta/a.changes": "10 C 2\n20 E 1\n"}, ["10 a not kept C", "20 a written E"],
    ),
    "a file is longer than the changelog says": (
        {"pages/a.txt": ("xyz!", 99), "meta/a.changes": "10 C 2\n20 E 1\n"},
        ["10 a not kept C", "20 a not kept E", "99 a written *"],
    ),
    "a file was edited outside": (
        {"pages/a.txt": ("y", 30), "meta/a.changes": "20 C\n", "attic/a.20.txt.gz": "x"},
        ["20 a written C", "30 a written *"],
    ),
    "a file was edited outside, and is older than its last change": (
        {"pages/a.txt": ("y", 5), "meta/a.changes": "20 C\n", "attic/a.20.txt.gz": "x"},
        ["20 a written C", "21 a written *"],
    ),
    "a file was deleted outside": (
        {"pages/b.txt": ("y", 1), "meta/a.changes": "20 C\n", "attic/a.20.txt.gz": "x"},
        ["1 b written *", "20 a written C", "21 a deleted *"],
    ),
    "a deleted page was put back outside": (
        {
            "pages/a.txt": ("y", 30), "meta/a.changes": "20 C\n25 D\n",
            "attic/a.20.txt.gz": "x", "attic/a.25.txt.gz": "x",
        },
        ["20 a written C", "25 a deleted D", "30 a written *"],
    ),
    "a state without a line": (
        {"pages/a.txt": ("y", 20), "meta/a.changes": "20 E\n", "attic/a.10.txt.gz": "x"},
        ["10 a written", "20 a written E"],
    ),
    "a page with lines alone": (
        {"pages/b.txt": ("y", 1), "meta/a.changes": "20 C\n"}, ["1 b written *", "20 a not kept C"],
    ),
    "the global changelog says what the page's own does not": (
        {
            "pages/a.txt": ("y", 40), "meta/a.changes": "20 E\n", "attic/a.10.txt.gz": "x", "attic/a.20.txt.gz": "y",
            "meta/_dokuwiki.changes": "5 C a\n10 C a\n20 E a\n40 E a\n",
        },
        ["10 a written C", "20 a written E", "40 a written E"],
    ),
    "the global changelog stands for one that is missing": (
        {"pages/a.txt": ("y", 20), "attic/a.10.txt.gz": "x", "meta/_dokuwiki.changes": "5 C a\n10 E a\n20 E a\n"},
        ["5 a not kept C", "10 a written E", "20 a written E"],
    ),
    "a page of which nothing is left but lines in the global changelog was moved": (
        {"pages/b.txt": ("y", 20), "meta/_dokuwiki.changes": "5 C a\n10 E a\n"}, ["20 b written *"],
    ),
    "a page was moved: the new one is there before the old one is gone": (
        {
            "pages/b.txt": ("x", 20), "meta/b.changes": "20 C\n",
            "meta/a.changes": "10 C\n20 D\n", "attic/a.10.txt.gz": "x",
        },
        ["10 a written C", "20 b written C", "20 a deleted D"],
    ),
    "deleted and made again within a second": (
        {"pages/a.txt": ("x", 20), "meta/a.changes": "10 C\n20 D\n20 C\n", "attic/a.10.txt.gz": "w"},
        ["10 a written C", "20 a deleted D", "20 a written C"],
    ),
    "media files have a history of their own": (
        {
            "pages/b.txt": ("y", 1), "media/a.png": ("2", 20), "media_meta/a.png.changes": "10 C\n20 E\n",
            "media_attic/a.10.png": "1",
        },
        ["1 b written *", "10 a.png written C", "20 a.png written E"],
    ),
    "media files have a global changelog": (
        {
            "pages/b.txt": ("y", 1), "media/a.png": ("2", 20), "media_attic/a.10.png": "1",
            "meta/_media.changes": "10 C a.png\n20 E a.png\n",
        },
        ["1 b written *", "10 a.png written C", "20 a.png written E"],
    ),
    "files of servers and of DokuWiki are none": (
        {"pages/b.txt": ("y", 1), "media/.htaccess": ("x", 1), "media_attic/_dummy": "", "attic/_dummy": ""},
        ["1 b written *"],
    ),
    "the encoding of names may differ": (
        {"pages/%C3%A4.txt": ("x", 20), "meta/ä.changes": "10 C\n20 E\n", "attic/%C3%A4.10.txt.gz": "w"},
        ["10 ä written C", "20 ä written E"],
    ),
}  # fmt: skip


def write(folder, files):
    for name in ("pages", "meta", "attic", "media", "media_meta", "media_attic"):
        (folder / name).mkdir()
    for path, given in files.items():
        text, time = given if isinstance(given, tuple) else (given, 1)
        if path.endswith(".changes"):
            text = "".join(line(path, words.split()) for words in text.splitlines())
        place = folder / path
        place.write_bytes(gzip.compress(text.encode()) if path.endswith(".gz") else text.encode())
        os.utime(place, (time, time))
    return folder


def line(path, words):
    """A line of a changelog: of "time kind size", or of "time kind id" in the global one."""
    time, kind, *more = words
    is_global = path.startswith("meta/_")
    page_id = more[0] if is_global else "x"
    size = more[0] if more and not is_global else ""
    return f"{time}\t192.0.2.1\t{kind}\t{page_id}\tann\tsummary\t\t{size}\n"


@pytest.mark.parametrize("title", CASES)
def test_changes_are_found(title, tmp_path):
    files, expected = CASES[title]
    events = timeline(open_source(write(tmp_path, files), pytest.fail), pytest.fail)
    found = []
    for event in events:
        what = "*" if event.is_outside else event.change.kind if event.change is not None else ""
        found.append(f"{event.time} {event.id} {event.effect} {what}".rstrip())
    assert found == expected


def test_in_a_git_checkout_the_times_of_files_say_nothing(tmp_path):
    files = {"pages/a.txt": ("x", 99), "meta/a.changes": "10 C 2\n20 E 1\n", "pages/b.txt": ("y", 77)}
    write(tmp_path, files)
    (tmp_path / ".git").mkdir()
    events = timeline(open_source(tmp_path, pytest.fail), pytest.fail)
    assert [(event.time, event.id, str(event.effect)) for event in events] == [
        (0, "b", "written"), (10, "a", "not kept"), (20, "a", "written"),
    ]  # fmt: skip


def test_a_folder_of_texts_has_no_attic(tmp_path):
    (tmp_path / "attic").mkdir()
    (tmp_path / "attic" / "a.10.txt").write_text("a page")
    (tmp_path / "b.txt").write_text("another")
    events = timeline(open_source(tmp_path, pytest.fail, kind="texts"), pytest.fail)
    assert sorted(event.id for event in events) == ["attic:a.10", "b"]
