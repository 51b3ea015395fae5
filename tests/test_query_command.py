"""The commands `query` and `tables`: what they write, where, and what they say when something is wrong."""

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
from datetime import date
from pathlib import Path

import program
import pytest
from hypothesis import given
from hypothesis import strategies as st
from terminal import shown_on

import dokuwiki_data as dw
from dokuwiki_data.command.tables import folders_of
from dokuwiki_data.engine.formats import FORMATS

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "wiki"
TOOLS = "cols: name, category; filter: type=tool; sort: name"


def run(*arguments, stdin=b"", command="query", quiet=True):
    return program.run(command, *["--quiet"] * quiet, *arguments, stdin=stdin)


def output(*arguments, **options):
    done = run(*arguments, **options)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def messages(done):
    return [line.removeprefix("dokuwiki-data: ") for line in done.stderr.decode().splitlines()]


def write(folder, pages):
    for name, text in pages.items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(errors="surrogateescape"))
    return folder


@pytest.fixture(scope="module")
def example():
    pages = [
        dw.parse(path.read_text("utf-8"), page_id=str(path.relative_to(EXAMPLE / "pages"))[:-4].replace("/", ":"))
        for path in sorted(EXAMPLE.rglob("*.txt"))
    ]
    return dw.Wiki.from_pages(pages), {page.page_id: page for page in pages}


# ------------------------------------------------------------------------------------------------ query


@pytest.mark.parametrize("format_", FORMATS)
def test_a_query_is_answered_in_every_format(example, format_):
    wiki, _ = example
    expected = FORMATS[format_].write(wiki.evaluate(dw.Query.parse(TOOLS)))
    assert output(EXAMPLE, TOOLS, "--format", format_).encode() == expected.encode()
    assert "Library system" in expected


def test_a_query_may_come_from_a_file_or_from_standard_input(tmp_path):
    block = "---- datalist ----\ncols: name # a comment\nfilter: type=tool\nsort: name\n----\n"
    (tmp_path / "block").write_text(block)
    lines = "cols: name\nfilter: type=tool\nsort: name\n"
    expected = output(EXAMPLE, "cols: name; filter: type=tool; sort: name", "--format", "csv")
    assert output(EXAMPLE, "--block", tmp_path / "block", "--format", "csv") == expected
    assert output(EXAMPLE, "--block", "-", "--format", "csv", stdin=block.encode()) == expected
    assert output(EXAMPLE, "--block", "-", "--format", "csv", stdin=lines.encode()) == expected


def test_a_page_answers_with_all_its_queries_or_with_one(example):
    wiki, pages = example
    queries = pages["wiki:queries"].queries
    answers = [wiki.evaluate(query, page_id="wiki:queries").to_csv() for query in queries]
    assert len(answers) == 6
    written = output(EXAMPLE, "--page", "wiki:queries", "--format", "csv")
    assert written == "\n".join(answers)
    for number, answer in enumerate(answers, start=1):
        assert output(EXAMPLE, "--page", "wiki:queries", "--number", number, "--format", "csv") == answer


def test_the_query_may_stand_behind_options():
    assert output(EXAMPLE, "--format", "csv", TOOLS) == output(EXAMPLE, TOOLS, "--format", "csv")


def test_the_id_of_a_page_may_be_written_as_in_a_link():
    assert output(EXAMPLE, "--page", "Wiki:Queries") == output(EXAMPLE, "--page", "wiki:queries")


def test_who_asks_and_when_is_said(tmp_path):
    write(tmp_path, {
        "a": "---- dataentry ----\nby: joe\ndue_dt: 2026-11-20\nteam: red\n----\n",
        "b": "---- dataentry ----\nby: ann\ndue_dt: 2026-11-22\nteam: blue\n----\n",
    })  # fmt: skip

    def found(condition, *options):
        return output(tmp_path, f"cols: %pageid%; filter: {condition}", "--format", "csv", *options).split()[1:]

    assert found("by = %user%", "--user", "joe") == ["a"]
    assert found("by = %user%") == []
    assert found("team ~~ %groups%", "--groups", "green, blue") == ["b"]
    assert found("due_dt < %now%", "--today", "2026-11-21") == ["a"]
    assert found("due_dt <= %now%", "--today", "2026-11-22") == ["a", "b"]
    # Without --today it is today.
    write(tmp_path, {"c": f"---- dataentry ----\ndue_dt: {date.today()}\n----\n"})
    assert "c" in found("due_dt = %now%")


def test_semantics_are_said(tmp_path):
    write(tmp_path, {"a": "---- dataentry ----\nn: 9\n----\n", "b": "---- dataentry ----\nn: 10\n----\n"})
    asked = (tmp_path, "cols: n; sort: n", "--format", "csv")
    assert output(*asked).split() == ["n", "10", "9"]
    assert output(*asked, "--semantics", "plugin").split() == ["n", "10", "9"]
    assert output(*asked, "--semantics", "intuitive").split() == ["n", "9", "10"]


def test_oddities_of_a_query_follow_on_standard_error_with_their_place(tmp_path):
    write(tmp_path, {"a": "words\n\n---- datatable ----\ncols: %pageid%\nfiltre: a = b\n----\n"})
    done = run(tmp_path, "--page", "a")
    assert done.returncode == 0
    assert messages(done) == ["a:5:1: unknown option 'filtre' (unknown-option)"]


def test_a_query_is_explained_with_the_places_of_its_traps(tmp_path):
    filters = "filter: type=process\nfilterand: a=x\nfilteror: b=x\n"
    write(tmp_path, {
        "a": f"---- datatable ----\ncols: a, AMageid%\n{filters}----\n---- dataentry ----\na: x\nb: x\ntype:\n----\n",
    })  # fmt: skip
    lines = output(tmp_path, "--page", "a", "--explain").splitlines()[:-7]
    words, condition, *traps, other, rows, block = (line for line in lines if not line.startswith("    "))
    assert [line[4:] for line in lines if line.startswith("    ")] == [
        "cols: a, AMageid%", "         ^^^^^^^^",
        "filter: type=process", "        ^^^^^^^^^^^^",
        "filteror: b=x", "          ^^^",
    ]  # fmt: skip
    assert words.startswith("Shows a, AMageid%, of pages where type is “process” and ")
    assert condition == 'Condition: (type = "process" AND a = "x") OR b = "x"'
    assert [trap.partition(": ")[0] for trap in traps] == ["a:2:10", "a:3:9", "a:5:11"]
    assert other == 'The other way to read it: type = "process" AND (a = "x" OR b = "x")'
    assert (rows, block) == ("Rows as it is read: 1, the other way: 0", "This block means the other:")
    assert "did you mean '%pageid%'? (unknown-column)" in traps[0]
    assert output(EXAMPLE, TOOLS, "--explain").startswith("Shows name, category, of pages where type is “tool”")
    assert len(output(EXAMPLE, "--page", "wiki:queries", "--explain").split("\n\n")) == 6


def test_the_semantics_are_compared_for_one_query_a_page_or_all(tmp_path):
    block = "---- datatable ----\ncols: name\nfilter: type=a\nfilteror: type=b\nfilter: name != 10\n{}----\n"
    write(tmp_path, {
        "a": "---- dataentry ----\ntype: a\nname: 10\n----\n",
        "b": "---- dataentry ----\ntype: b\nname: 9\n----\nx\n" + block.format("") + block.format("sort: name\n"),
    })  # fmt: skip
    lines = ["b:6:1: rows as the plugin reads it 2, intuitively 1: 1 vanish", "- a (row 1)"]
    same = "b:12:1: rows as the plugin reads it 2, intuitively 1: 1 vanish"
    assert output(tmp_path, "--compare").splitlines()[:2] == lines
    assert output(tmp_path, "--page", "b", "--compare").splitlines()[2:] == [same, lines[1]]
    assert output(tmp_path, "cols: name; filter: type=a", "--compare") == (
        "query: rows as the plugin reads it 1, intuitively 1: no difference\n"
    )
    for wrong in (["--compare", "--explain"], ["--compare", "cols: name", "--page", "b"]):
        assert run(tmp_path, *wrong).returncode == 2


def test_values_do_nothing_to_a_terminal(tmp_path):
    write(tmp_path, {"a": "---- dataentry ----\nname: \x1b]0;owned\x07 \u202e \udcff\n----\n"})
    for format_ in ("table", "json", "jsonl"):
        written = output(tmp_path, "cols: name", "--format", format_)
        assert "\ufffd" in written
        assert not [character for character in written if not character.isprintable() and character != "\n"]


@pytest.mark.parametrize("format_", FORMATS)
def test_no_format_does_anything_to_a_terminal(tmp_path, format_):
    write(tmp_path, {"a": "---- dataentry ----\nname: \x1b]0;owned\x07 \u202e \udcff\n----\n"})
    terminal, inside = os.openpty()
    call = [sys.executable, "-m", "dokuwiki_data", "query", "-q", tmp_path, "cols: name", "--format", format_]
    process = subprocess.Popen(call, stdout=inside, stderr=subprocess.PIPE)
    os.close(inside)
    written = shown_on(terminal)
    assert process.wait() == 0
    assert process.stderr.read() == b""
    process.stderr.close()
    shown = written.decode().replace("\r\n", "\n")
    assert "owned" in shown
    assert not [character for character in shown if not character.isprintable() and character != "\n"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cols: a; filter: a =< 3"], "query:1:18: unknown operator '=<'"),
        (["cols: a; filtre: a = 3"], "query:1:10: unknown option 'filtre'"),
        (["filter: a = 3"], "the query selects no columns"),
        (["--page", "nowhere"], "has no page 'nowhere'"),
        (["--page", "words"], "words: has no query"),
        (["--page", "asking", "--number", "2"], "asking: has no query number 2, only 1 query"),
        (["--page", "broken"], "broken:3:9: unknown operator '=<'"),
        (["--block", "{tmp}/nowhere"], "nowhere: no such file or directory"),
        (["--block", "{tmp}/words.txt"], "words.txt:1:1: "),
        (["cols: a", "--number", "1"], "--number requires --page"),
        (["cols: a", "--page", "a"], "give exactly one of QUERY, --page and --block"),
        (["--page", "a", "cols: a"], "give exactly one of QUERY, --page and --block"),
        (["--page", "asking", "--number", "0"], "--number: '0' is not a positive number"),
        (["cols: a", "cols: b"], "unrecognized arguments: cols: b"),
        (["cols: a", "--today", "tomorrow"], "--today: 'tomorrow' is not a day such as 2026-11-21"),
        (["cols: a", "--semantics", "other"], "'other'"),
        (["cols: a", "--format", "xml"], "'xml'"),
        ([], "give exactly one of QUERY, --page and --block"),
        (["--block", ""], "--block: the path is empty"),
    ],
)
def test_errors_are_one_clear_line_and_exit_code_2(tmp_path, arguments, message):
    write(tmp_path, {
        "words": "words",
        "asking": "---- datatable ----\ncols: a\n----\n",
        "broken": "---- datatable ----\ncols: a\nfilter: a =< 3\n----\n",
    })  # fmt: skip
    done = run(tmp_path, *(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.returncode, done.stdout) == (2, b"")
    line, *excerpt = done.stderr.decode().splitlines()
    assert line.startswith("dokuwiki-data")
    assert message in line
    has_place = re.search(r":\d+:\d+: ", line)
    assert len(excerpt) == (2 if has_place else 0)
    if has_place:
        assert re.fullmatch(r" {4}(\S.*)?", excerpt[0])
        assert re.fullmatch(r" {4,}\^+", excerpt[1])


def test_an_error_of_a_query_shows_its_place_in_the_line(tmp_path):
    write(tmp_path, {"a": "words"})
    assert run(tmp_path, "cols: a; filtre: a = 3").stderr.decode().splitlines() == [
        "dokuwiki-data: query:1:10: unknown option 'filtre'",
        "    cols: a; filtre: a = 3",
        "             ^^^^^^",
    ]


def test_a_page_that_cannot_be_read_is_reported_and_the_rest_is_asked(tmp_path):
    write(tmp_path, {"a": "---- dataentry ----\nname: one\n----\n"})
    (tmp_path / "b.txt").mkdir()
    done = run(tmp_path, "cols: name", "--format", "csv")
    assert (done.returncode, done.stdout) == (1, b"name\r\none\r\n")
    assert messages(done) == [f"{tmp_path / 'b.txt'}: is a folder"]


def test_a_wiki_without_pages_is_asked_with_a_warning(tmp_path):
    (tmp_path / "pages").mkdir()
    done = run(tmp_path, "cols: name", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, b"name\r\n")
    assert messages(done) == [f"{tmp_path}: contains no pages"]
    (tmp_path / "pages").rmdir()
    done = run(tmp_path, "cols: name")
    assert done.returncode == 2
    assert messages(done) == [f"{tmp_path}: contains no pages (.txt)"]


def wiki_with_settings(folder):
    """A wiki with names of files and settings that count for what queries show."""
    write(folder / "data", {
        "pages/%C3%BC": "---- dataentry ----\nname: one\nsite_link: x.org\n----\n",
        "pages/ask": "---- datatable ----\ncols: %pageid%, site\nfilter: site_link ~ <*>\n----\n",
        "meta/x": "",
    })  # fmt: skip
    (folder / "conf").mkdir()
    (folder / "conf" / "dokuwiki.php").write_text("<?php $conf['lang'] = 'de'; $conf['deaccent'] = 0;")
    (folder / "conf" / "lang" / "de").mkdir(parents=True)
    (folder / "conf" / "lang" / "de" / "data-plugin.php").write_text("<?php $lang['site'] = 'Seite';")
    with contextlib.closing(sqlite3.connect(folder / "data" / "meta" / "data.sqlite3")) as store, store:
        store.execute("CREATE TABLE aliases (name, type, prefix, postfix, enum)")
        store.execute("INSERT INTO aliases VALUES ('link', '', '<', '>', '')")
    return folder


@pytest.mark.parametrize("archived", [False, True])
def test_a_wiki_is_asked_wherever_it_lies_with_its_names_types_and_settings(tmp_path, archived):
    source = wiki_with_settings(tmp_path / "wiki")
    if archived:
        with tarfile.open(tmp_path / "wiki.tar.gz", "w:gz") as tar:
            tar.add(source, "wiki")
        source = tmp_path / "wiki.tar.gz"
    assert output(source, "--page", "ask", "--format", "csv") == "Title,Seite\r\nü,x.org\r\n"
    assert output(source, "--output", tmp_path / "out", command="tables") == ""
    assert (tmp_path / "out" / "ask" / "1.csv").read_bytes().decode() == "Title,Seite\r\nü,x.org\r\n"
    done = run(source, "cols: name", quiet=False)
    assert done.returncode == 0
    (line,) = messages(done)
    assert line.startswith(f"{source}: a whole DokuWiki, pages in {source}/")
    asked = output(source, "cols: %pageid%", "--layout", "texts", "--format", "csv")
    assert asked.split() == ["Title", "wiki:data:pages:ü" if archived else "data:pages:ü"]
    asked = output(source, "cols: %pageid%", "--file-names", "utf-8", "--format", "csv")
    # As it is written the name is no clean id, and DokuWiki's own search passes over such pages.
    assert asked.split() == ["Title"]


def test_the_queries_of_a_real_wiki_are_answered_from_its_archive(part_of_a_real_wiki, tmp_path):
    """Each answer is what the library gives for the query."""
    out = tmp_path / "out"
    done = run(part_of_a_real_wiki, "-o", out, "-f", "jsonl", "--today", "2026-11-21", command="tables")
    assert (done.returncode, done.stderr) == (0, b"")
    index = json.loads((out / "index.json").read_text())["tables"]
    wiki = dw.Wiki.open(part_of_a_real_wiki)
    context = wiki.context(today=date(2026, 11, 21))
    expected = [
        (page.page_id, wiki.evaluate(query, page_id=page.page_id, context=context).to_jsonl())
        for page in wiki.readable_pages()
        for query in page.queries
    ]
    assert len(expected) >= 50
    assert [(table["page_id"], (out / table["file"]).read_text()) for table in index] == expected


# ----------------------------------------------------------------------------------------------- tables


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(("format_", "suffix"), [(name, FORMATS[name].suffix) for name in FORMATS])
def test_every_query_of_a_wiki_has_its_file(example, tmp_path, format_, suffix):
    wiki, pages = example
    today = "2026-11-21"
    folder = tmp_path / "new" / "tables"
    assert output(EXAMPLE, "--output", folder, "--format", format_, "--today", today, command="tables") == ""
    expected = {
        f"{'/'.join(page_id.split(':'))}/{number}.{suffix}": wiki.evaluate(
            query, page_id=page_id, context=dw.Context(today=date.fromisoformat(today))
        )
        for page_id, page in pages.items()
        for number, query in enumerate(page.queries, start=1)
    }
    assert len(expected) >= 30
    assert files(folder) == sorted([*expected, "index.json"])
    for name, table in expected.items():
        assert (folder / name).read_bytes().decode() == FORMATS[format_].write(table)


def test_how_many_tables_there_are_is_said(tmp_path):
    asking, broken = "---- datatable ----\ncols: a\n----\n", "---- datatable ----\ncols: a\nfilter: a =< 3\n----\n"
    write(tmp_path / "wiki", {"a": asking + asking, "b": asking + broken})
    done = run(tmp_path / "wiki", "--output", tmp_path / "out", command="tables", quiet=False)
    assert done.returncode == 1
    assert messages(done)[-1] == f"{tmp_path / 'out'}: 3 tables of 2 pages, 1 query without an answer"


def test_the_index_says_what_is_where(tmp_path):
    wiki = write(tmp_path / "wiki", {
        "a/b": "---- dataentry ----\nname: x\n----\n",
        "start": "\n---- datatable ----\ncols: name\nlimit: 1\n----\n\n"
                 "---- datacloud ----\ncols: n\nfilter: n =< 1\n----\n",
    })  # fmt: skip
    done = run(wiki, "--output", tmp_path / "out", "--today", "2026-11-21", "--user", "joe", command="tables")
    assert done.returncode == 1
    assert messages(done) == ["start:9:9: unknown operator '=<'"]
    index = json.loads((tmp_path / "out" / "index.json").read_text())
    assert index == {
        "format": "dokuwiki-data/tables", "version": 1,
        "today": "2026-11-21", "user": "joe", "groups": [], "semantics": "plugin",
        "tables": [
            {
                "page_id": "start", "number": 1, "line": 2, "kind": "table", "title": "",
                "file": "start/1.csv", "rows": 1, "more": False, "error": None,
            },
            {
                "page_id": "start", "number": 2, "line": 7, "kind": "cloud", "title": "",
                "file": None, "rows": None, "more": None, "error": "unknown operator '=<'",
            },
        ],
    }  # fmt: skip


HOSTILE_NAMES = [
    "...txt", "a:..:..:b.txt", "..:x.txt", ".txt", "1.csv.txt", "index.json.txt", "é ~%.txt", "\udce9.txt", "a\\b.txt",
    "a\nb.txt", f"{'x' * 200}ä.txt", "C:.txt",
]  # fmt: skip


def test_nothing_is_written_outside_of_the_folder_whatever_pages_are_called(tmp_path):
    wiki = tmp_path / "wiki"
    (wiki / "deep").mkdir(parents=True)
    for name in HOSTILE_NAMES:
        for folder in (wiki, wiki / "deep"):
            (folder / name).write_text(f"---- datatable ----\ncols: %pageid%\ntitle: {len(name)}\n----\n")
    before = files(tmp_path)
    assert output(wiki, "--output", tmp_path / "out", command="tables") == ""
    assert [name for name in files(tmp_path) if not name.startswith("out/")] == before
    index = json.loads((tmp_path / "out" / "index.json").read_text())["tables"]
    assert len({table["file"] for table in index}) == len(index) == 2 * len(HOSTILE_NAMES)
    assert files(tmp_path / "out") == sorted([*(table["file"] for table in index), "index.json"])


@given(st.lists(st.text(st.sampled_from("ab1.:/\\~%_- éA\udce9\0\n"), max_size=6), min_size=2, max_size=2, unique=True))
def test_folders_of_pages_are_harmless_and_different(page_ids):
    one, other = map(folders_of, page_ids)
    assert one != other
    for name in (*one, *other):
        assert re.fullmatch(r"[\w%~-]+", name)
    assert [name.casefold() for name in one] != [name.casefold() for name in other]


def test_a_link_in_the_folder_is_not_followed(tmp_path):
    wiki = write(tmp_path / "wiki", {"a/b": "---- datatable ----\ncols: %pageid%\n----\n"})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").symlink_to(elsewhere)
    done = run(wiki, "--output", tmp_path / "out", command="tables")
    assert done.returncode == 2
    assert messages(done) == [f"{tmp_path / 'out' / 'a'}: not followed, since it is a link"]
    assert files(elsewhere) == []


def test_a_link_in_the_place_of_a_table_is_replaced(tmp_path):
    wiki = write(tmp_path / "wiki", {"a": "---- datatable ----\ncols: %pageid%\n----\n"})
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "out" / "a").mkdir(parents=True)
    for name in ("a/1.csv", "index.json"):
        (tmp_path / "out" / name).symlink_to(tmp_path / "precious")
    assert output(wiki, "--output", tmp_path / "out", command="tables") == ""
    assert (tmp_path / "precious").read_text() == "precious"
    assert (tmp_path / "out" / "a" / "1.csv").read_text() == "Title\n"
    assert not (tmp_path / "out" / "a" / "1.csv").is_symlink()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    wiki = write(tmp_path / "wiki", {"a": "text"})
    (tmp_path / "file").write_text("")
    done = run(wiki, "--output", tmp_path / "file", command="tables")
    assert done.returncode == 2
    assert messages(done) == [f"{tmp_path / 'file'}: is not a folder"]


def test_the_tables_in_pages_are_written_as_csv(tmp_path):
    wiki = write(tmp_path / "wiki", {
        "a/b": "| x |\n\n====== Sizes ======\n\n^ Size ||\n| 1 | 2 |\n",
        "start": "no table\n",
    })  # fmt: skip
    done = run(wiki, "--of", "pages", "--output", tmp_path / "out", command="tables", quiet=False)
    assert done.returncode == 0
    assert messages(done)[-1] == f"{tmp_path / 'out'}: 2 tables of 1 page"
    assert (tmp_path / "out" / "a" / "b" / "2.csv").read_bytes() == b"Size,Size\r\n1,2\r\n"
    index = json.loads((tmp_path / "out" / "index.json").read_text())
    assert index == {
        "format": "dokuwiki-data/tables", "version": 1,
        "tables": [
            {
                "page_id": "a:b", "number": 1, "line": 1, "kind": "page", "title": "",
                "file": "a/b/1.csv", "rows": 1, "more": False, "error": None,
            },
            {
                "page_id": "a:b", "number": 2, "line": 5, "kind": "page", "title": "Sizes",
                "file": "a/b/2.csv", "rows": 2, "more": False, "error": None,
            },
        ],
    }  # fmt: skip


def test_tables_in_pages_have_no_other_format(tmp_path):
    write(tmp_path / "wiki", {"a": "| x |\n"})
    done = run(tmp_path / "wiki", "--of", "pages", "-f", "json", "-o", tmp_path / "out", command="tables")
    assert done.returncode == 2
    assert messages(done) == ["--of pages writes CSV only, no json"]
    assert not (tmp_path / "out").exists()
