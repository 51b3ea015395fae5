"""States of pages in the way of another target: by what they say, and by what the wiki had at that time."""

import pytest
from git_history import EPOCH, read_stream, stream_of, write_changes

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import TARGETS
from dokuwiki_data.exports.exporting import ExportRequest, PageChoice
from dokuwiki_data.exports.git.texts import FORMATS


def change(time, page_id, text, kind="E", **more):
    return {"page": page_id, "time": time, "line": [kind, "ann", "", ""], "text": text, **more}


def texts(folder, page_id, **options):
    """What was written of a page, the oldest first; None where it was deleted."""
    return [
        next(iter(commit.files.values()))
        for commit in read_stream(stream_of(folder, **options))
        if f"Page: {page_id}\n" in commit.message and commit.files
    ]


CHANGES = [
    change(0, "start", "====== Start ======\n**See** [[a:b]] {{a:photo.png}}", "C"),
    change(10, "a:b", "====== B ======\n", "C"),
    {"media": "a:photo.png", "time": 15, "line": ["C", "ann", "", ""], "text": "x"},
    change(20, "start", "====== Start ======\n**See** [[a:b]] {{a:photo.png}} 2"),
    change(30, "a:b", "", "D"),
    {"media": "a:photo.png", "time": 35, "line": ["D", "ann", "", ""]},
    change(40, "start", "====== Start ======\n**See** [[a:b]] {{a:photo.png}} 3"),
]


def test_a_link_leads_to_where_its_page_is_or_would_be(tmp_path):
    """So it is right when the page comes later, and the state is the same whenever it is written."""
    found = texts(write_changes(tmp_path, CHANGES), "start", as_="gfm")
    written = b"---\ntitle: Start\n---\n\n# Start\n\n**See** [b](a/b.md) ![](../media/a/photo.png)"
    assert found == [written + b"\n", written + b" 2\n", written + b" 3\n"]


def test_which_page_a_link_means_is_decided_at_its_time(tmp_path):
    """DokuWiki takes the page of a namespace for its start page if that is missing."""
    changes = [change(0, "start", "[[n:]]", "C"), change(10, "n", "x", "C"), change(20, "start", "[[n:]] 2")]
    found = texts(write_changes(tmp_path, changes), "start", as_="gfm")
    assert [text.partition(b"](")[2] for text in found] == [b"n/README.md)\n", b"n.md) 2\n"]


def test_pages_that_are_left_out_have_no_address(tmp_path):
    request = ExportRequest(choice=PageChoice(exclude=("a:*",)))
    found = texts(write_changes(tmp_path, CHANGES), "start", as_="gfm", request=request)
    assert [b"](a/b.md)" in text for text in found] == [True, False, True]


def test_a_state_is_html_of_its_own(tmp_path):
    folder = write_changes(tmp_path, [change(0, "a", "====== <b> & c ======\n//text//", "C")])
    (text,) = texts(folder, "a", as_="html")
    assert text.startswith(b'<!DOCTYPE html>\n<meta charset="utf-8">\n<title>&lt;b&gt; &amp; c</title>\n')
    assert b"<em>text</em>" in text


@pytest.mark.parametrize("as_", FORMATS)
def test_every_format_has_a_file_for_every_page(tmp_path, as_):
    made = read_stream(stream_of(write_changes(tmp_path, CHANGES), as_=as_))
    paths = [path for commit in made for path in commit.files]
    assert len(paths) == len(CHANGES)
    suffix = "html" if as_ == "html" else "md"
    assert {path for path in paths if "/a/" in path} == {f"pages/a/b.{suffix}", "media/a/photo.png"}
    assert len({path for path in paths if "/a/" not in path}) == 1


def test_the_formats_are_those_of_pages_in_files_of_their_own():
    assert {"html", "gfm", "mkdocs", "hugo", "docusaurus", "obsidian"} <= set(FORMATS) <= set(TARGETS)


def test_options_of_the_target_count(tmp_path):
    entry = "---- dataentry book ----\ncount : 12\n----\n"
    folder = write_changes(tmp_path, [change(0, "a", entry, "C")])
    (both,) = texts(folder, "a", as_="gfm")
    (alone,) = texts(folder, "a", as_="gfm", options={"data": "front-matter"})
    assert b"count: 12" in both
    assert b"| 12" in both
    assert alone == b"---\ndata:\n  book:\n    count: 12\n---\n\n"


@pytest.mark.parametrize(
    ("as_", "options", "message"),
    [
        ("", {"data": "table"}, "without --as has no option data"),
        ("html", {"data": "table"}, "states of pages written as html have no option data"),
        ("gfm", {"templates": "x"}, "an export to gfm has no option templates"),
        ("nothing", {}, "states of pages cannot be written as nothing"),
    ],
)
def test_options_of_others_are_refused(tmp_path, as_, options, message):
    folder = write_changes(tmp_path, CHANGES)
    with pytest.raises(OutputError, match=message):
        stream_of(folder, as_=as_, options=options)


def test_a_page_keeps_its_place_whatever_comes_later(tmp_path):
    """A namespace of the same name would move it in some targets."""
    folder = write_changes(tmp_path, [change(0, "a", "x", "C"), change(10, "a:b", "y", "C"), change(20, "a", "z")])
    made = read_stream(stream_of(folder, as_="mkdocs"))
    assert [list(commit.files) for commit in made] == [["pages/a.md"], ["pages/a/b.md"], ["pages/a.md"]]


def test_a_query_shows_its_source_at_any_time(tmp_path):
    query = "---- datatable ----\ncols: name\n----\n"
    folder = write_changes(tmp_path, [change(0, "a", query, "C")])
    (text,) = texts(folder, "a", as_="gfm")
    assert b"cols: name" in text


def test_the_time_of_a_state_is_that_of_its_change(tmp_path):
    (commit,) = read_stream(stream_of(write_changes(tmp_path, [change(7, "a", "x", "C")]), as_="gfm"))
    assert commit.author.split()[-2] == str(EPOCH + 7)
