"""The command: what it writes, where, in which order, and what it says when something is wrong."""

import errno
import importlib.metadata
import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import program
import pytest
import yaml
from helpers import YAML
from terminal import shown_on

import dokuwiki_data as dw
from dokuwiki_data.command import main as cli
from dokuwiki_data.command import messages
from dokuwiki_data.conversion import worker
from dokuwiki_data.wiki.sources import folder

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "wiki"
COMMAND = [sys.executable, "-m", "dokuwiki_data"]


def run(*arguments, stdin=b""):
    return program.run(*arguments, *["--quiet"] * (arguments[:1] == ("convert",)), stdin=stdin)


def records(*arguments):
    done = run("convert", *arguments)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def write(folder, **pages):
    for name, content in pages.items():
        path = folder / f"{name.replace('__', '/')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["convert", EXAMPLE], b""),
        (["parse", "-"], "**Käse** \0".encode()),
        (["query", EXAMPLE, "cols: a; filter: a =< 3"], b""),
        (["nothing"], b""),
        (["--version"], b""),
    ],
)
def test_a_process_of_its_own_does_what_the_command_does_in_this_one(arguments, stdin):
    """The other tests run it in this one, see `program`."""
    process = subprocess.run([*COMMAND, *map(str, arguments)], input=stdin, capture_output=True)
    here = program.run(*arguments, stdin=stdin)
    one, other = ((done.returncode, done.stdout, SECONDS.sub(b"", done.stderr)) for done in (process, here))
    assert one == other


SECONDS = re.compile(rb"in [0-9.]+ s .*")


@pytest.mark.parametrize("names", [["role:data_steward", "role:steward"], ["role:", "people:"]])
def test_old_and_new_names_of_a_move_may_follow_options(names):
    done = program.run("move", EXAMPLE, "--dry-run", "--quiet", *names)
    straight = program.run("move", EXAMPLE, *names, "--dry-run", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (straight.returncode, straight.stdout, straight.stderr)
    assert (done.returncode, bool(done.stdout)) == (0, True)


# ------------------------------------------------------------------------------------------- convert


def test_the_example_wiki_is_one_record_a_page():
    found = records(EXAMPLE)
    files = {path.relative_to(EXAMPLE / "pages"): path for path in EXAMPLE.rglob("*.txt")}
    assert len(found) == len(files) >= 30
    assert [record["page_id"] for record in found] == sorted(record["page_id"] for record in found)
    for record in found:
        path = files[Path(record["page_id"].replace(":", "/") + ".txt")]
        page = dw.parse(path.read_bytes().decode(), page_id=record["page_id"], modified=int(path.stat().st_mtime))
        assert record == dw.render.json(page)


@pytest.mark.parametrize(
    ("path", "page_id"),
    [
        ("a/b_c.txt", "a:b_c"),
        ("_template.txt", "_template"),
        ("a/__template.txt", "a:__template"),
        ("A/Ünï Code.txt", "A:Ünï Code"),
        ("%c3%bc.txt", "%c3%bc"),
        ("v1.2/start.txt.txt", "v1.2:start.txt"),
        ("a/.txt", "a:"),
        ("caf\udce9.txt", "caf\ufffd"),  # a name that is not UTF-8
    ],
)
def test_page_ids_are_paths_as_they_are(tmp_path, path, page_id):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("text")
    assert [record["page_id"] for record in records(tmp_path)] == [page_id]


def test_only_files_named_txt_are_pages(tmp_path):
    write(tmp_path, start="text")
    for name in ("start.txt.gz", "start.TXT", "start.changes", "txt"):
        (tmp_path / name).write_text("no page")
    assert [record["page_id"] for record in records(tmp_path)] == ["start"]


@pytest.mark.parametrize(
    ("source", "files", "page_ids"),
    [
        ("data", ["data/pages/a/b.txt", "data/meta/a/b.changes"], ["a:b"]),
        ("data", ["data/pages/b.txt", "data/attic/b.1.txt", "data/readme.txt"], ["b"]),
        ("data/pages", ["data/pages/a/b.txt"], ["a:b"]),
        ("pages", ["pages/pages/b.txt"], ["pages:b"]),
        ("wiki", ["wiki/b.txt", "wiki/pages/c.txt"], ["c"]),
    ],
)
def test_where_the_pages_of_a_folder_are(tmp_path, source, files, page_ids):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    assert [record["page_id"] for record in records(tmp_path / source)] == page_ids


@pytest.mark.parametrize(("time", "seconds"), [(1_700_000_000.75, 1_700_000_000), (0, 0), (-86400, -86400)])
def test_the_time_of_modification_is_the_files_in_unix_seconds(tmp_path, time, seconds):
    write(tmp_path, start="text")
    os.utime(tmp_path / "start.txt", (0, time))
    assert records(tmp_path)[0]["modified"] == seconds


def test_every_format_says_the_same(tmp_path):
    lines = records(EXAMPLE)
    array = run("convert", EXAMPLE, "--format", "json").stdout
    documents = run("convert", EXAMPLE, "--format", "yaml").stdout
    assert json.loads(array) == lines
    assert list(yaml.load_all(documents, YAML)) == lines
    assert run("convert", EXAMPLE, "--format", "jsonl").stdout == run("convert", EXAMPLE).stdout


@pytest.mark.parametrize(("form", "nothing"), [("jsonl", b""), ("json", b"[]\n"), ("yaml", b"")])
def test_a_folder_without_pages_gives_nothing_and_a_warning(tmp_path, form, nothing):
    (tmp_path / "pages").mkdir()
    done = run("convert", tmp_path, "--format", form)
    assert (done.returncode, done.stdout) == (0, nothing)
    assert done.stderr.decode() == f"dokuwiki-data: {tmp_path}: contains no pages\n"


def test_a_record_is_one_line_whatever_the_page_holds(tmp_path):
    write(tmp_path, start="a\u2028b\u0085c\rd\x0be\x1cf\n")
    (record,) = records(tmp_path)
    assert record["text"] == "a\u2028b\u0085c\rd\x0be\x1cf\n"


@pytest.mark.parametrize("form", ["jsonl", "json", "yaml"])
def test_bytes_that_are_not_utf_8_are_shown_as_replacement_characters(tmp_path, form):
    write(tmp_path, start=b"caf\xe9 \xed\xa0\x80 \x00 \xef\xbb\xbf")
    output = run("convert", tmp_path, "--format", form).stdout.decode()
    (record,) = yaml.safe_load_all(output) if form == "yaml" else [json.loads(output.strip("[]\n"))]
    assert record["text"] == "caf\ufffd \ufffd\ufffd\ufffd \x00 \ufeff"


# --------------------------------------------------------------------------------------- broken files


def a_folder(path):
    path.mkdir()


def a_dangling_link(path):
    path.symlink_to("nowhere")


def a_link_to_itself(path):
    path.symlink_to(path.name)


def a_link_out_of_the_wiki(path):
    path.symlink_to(ROOT / "LICENSE")


def a_pipe(path):
    os.mkfifo(path)


@pytest.mark.parametrize("make", [a_folder, a_dangling_link, a_link_to_itself, a_link_out_of_the_wiki, a_pipe])
def test_what_cannot_be_read_is_reported_and_the_rest_is_done(tmp_path, make):
    write(tmp_path, a="one", z="two")
    make(tmp_path / "broken.txt")
    done = run("convert", tmp_path)
    assert done.returncode == 1
    assert [json.loads(line)["page_id"] for line in done.stdout.splitlines()] == ["a", "z"]
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"dokuwiki-data: {tmp_path / 'broken.txt'}: ")


def test_what_may_not_be_read_is_reported_too(tmp_path, monkeypatch, capfdbinary):
    """Refused by hand, since there are users who may read everything."""

    def refusing(function):
        def maybe(path, *rest, **named):
            if "secret" in Path(path).name:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return function(path, *rest, **named)

        return maybe

    write(tmp_path, a="one", secret="two", secrets__b="three")
    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    monkeypatch.setattr(folder, "open", refusing(open), raising=False)
    assert cli.main(["convert", "--quiet", str(tmp_path)]) == 1
    output, messages = capfdbinary.readouterr()
    assert json.loads(output)["page_id"] == "a"
    assert messages.decode().splitlines() == [
        f"dokuwiki-data: {tmp_path / 'secrets'}: permission denied",
        f"dokuwiki-data: {tmp_path / 'secret.txt'}: permission denied",
    ]


def test_pages_in_a_folder_with_the_name_of_a_page_are_read_too(tmp_path):
    write(tmp_path, **{"v1.txt__start": "text"})
    done = run("convert", tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["page_id"] == "v1.txt:start"


def test_links_to_folders_are_not_followed(tmp_path):
    wiki = write(tmp_path / "wiki", a__b="text")
    (wiki / "a" / "loop").symlink_to(wiki)
    (wiki / "again").symlink_to("a")
    assert [record["page_id"] for record in records(wiki)] == ["a:b"]
    write(tmp_path / "elsewhere", c="text")
    (wiki / "outside").symlink_to(tmp_path / "elsewhere")
    done = run("convert", wiki)
    assert done.returncode == 1
    assert json.loads(done.stdout)["page_id"] == "a:b"
    assert b"outside: not followed" in done.stderr


def test_the_source_itself_may_be_a_link(tmp_path):
    write(tmp_path / "wiki", start="text")
    (tmp_path / "link").symlink_to("wiki")
    assert [record["page_id"] for record in records(tmp_path / "link")] == ["start"]


def test_names_of_files_send_nothing_to_the_terminal(tmp_path):
    (tmp_path / "a\n\x1b[31m.txt").mkdir()
    done = run("convert", tmp_path)
    assert done.stderr.decode() == f"dokuwiki-data: {tmp_path}/a\\n\\u001b[31m.txt: is a folder\n"


# -------------------------------------------------------------------------------------- to which file


def test_output_goes_to_a_file_with_the_usual_rights(tmp_path):
    output = tmp_path / "out.jsonl"
    done = run("convert", EXAMPLE, "--output", output)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert output.read_bytes() == run("convert", EXAMPLE).stdout
    (tmp_path / "plain").touch()
    assert output.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_that_exists_keeps_its_rights_and_its_links(tmp_path):
    output = tmp_path / "out.jsonl"
    output.write_text("before")
    output.chmod(0o640)
    (tmp_path / "link").symlink_to(output)
    assert run("convert", EXAMPLE, "--output", tmp_path / "link").returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert stat.S_IMODE(output.stat().st_mode) == 0o640
    assert output.read_text().startswith('{"format"')


def test_an_interrupted_run_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    output = tmp_path / "out.jsonl"
    output.write_text("before")
    read = []

    def interrupted(text, **_):
        if read:
            raise KeyboardInterrupt
        read.append(text)
        return dw.Page(())

    monkeypatch.setattr(worker, "parse", interrupted)
    assert cli.main(["convert", "--quiet", str(EXAMPLE), "--output", str(output)]) == 130
    assert output.read_text() == "before"
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_error(tmp_path, unbuffered):
    write(tmp_path, **{f"page{number}": "text " * 5000 for number in range(20)})
    process = subprocess.Popen(
        [*COMMAND, "convert", "--quiet", tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_line():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "convert", "--quiet", EXAMPLE], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_a_progress_bar_shows_on_a_terminal_only(tmp_path):
    terminal, inside = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, "convert", EXAMPLE, "--output", tmp_path / "out.jsonl"],
        stderr=inside,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(inside)
    shown = shown_on(terminal)
    assert process.wait() == 0
    assert b"pages" in shown


# ---------------------------------------------------------------------------------------------- parse

HOSTILE = "====== A ======\n\x1b]0;owned\x07 \x9b31m \u202e [[b|\x1b[2J]] \udcff".encode("utf-8", "surrogateescape")


def test_without_a_terminal_there_is_a_line_of_progress_now_and_then(monkeypatch, capsys):
    clock = iter([0.0, 4.0, 11.0, 12.0, 25.0])
    monkeypatch.setattr(messages.time, "monotonic", lambda: next(clock))
    with messages.progress(100, 10) as advance:
        for _ in range(4):
            advance(11)
    assert capsys.readouterr().err.splitlines() == [
        "dokuwiki-data: 32 of 100 pages, 2/s", "dokuwiki-data: 54 of 100 pages, 2/s",
    ]  # fmt: skip
    with messages.progress(100, is_quiet=True) as advance:
        advance(100)
    assert capsys.readouterr().err == ""


def test_parse_shows_a_tree(tmp_path):
    write(tmp_path, start="====== Welcome ======\nA **bold** word.\n")
    done = run("parse", tmp_path / "start.txt")
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert [line.strip().partition("(")[0] for line in lines] == [
        "Page", "Section", "Heading", "Paragraph", "Text", "Strong", "Text", "Text",
    ]  # fmt: skip
    assert lines[2] == "    Heading(title='Welcome', level=1)"


@pytest.mark.parametrize("form", ["tree", "json", "instructions"])
def test_parse_sends_nothing_to_the_terminal(form):
    done = run("parse", "-", "--format", form, stdin=HOSTILE)
    assert done.returncode == 0
    shown = done.stdout.decode() + done.stderr.decode()
    assert "\ufffd" in shown
    assert not [character for character in shown if not character.isprintable() and character != "\n"]


def test_a_backslash_in_a_page_is_not_taken_for_an_undecodable_byte():
    assert r"'\\udcff'" in run("parse", "-", stdin=rb"\udcff").stdout.decode()


def test_parse_shows_the_record_and_the_instructions(tmp_path):
    path = EXAMPLE / "pages" / "start.txt"
    page = dw.parse(path.read_bytes().decode(), page_id="start", modified=int(path.stat().st_mtime))
    assert json.loads(run("parse", path, "--format", "json").stdout) == dw.render.json(page)
    assert json.loads(run("parse", path, "--format", "instructions").stdout) == dw.render.instructions(page)


# ------------------------------------------------------------------------------------ what goes wrong


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "COMMAND"),
        (["convert"], 2, "SOURCE"),
        (["convert", "{tmp}/nowhere"], 2, "nowhere: no such file or directory"),
        (["convert", "{tmp}/start.txt"], 2, "start.txt: a single page; dokuwiki-data parse shows it"),
        (["convert", "{tmp}/empty"], 2, "empty: contains no pages (.txt)"),
        (["convert", "{tmp}", "--layout", "dumper"], 2, "contains no wiki of the layout dumper"),
        (["convert", "{tmp}", "--resume"], 2, "--resume requires --output"),
        (["convert", "{tmp}", "--jobs", "0"], 2, "--jobs: '0' is not a positive number"),
        (["convert", "{tmp}", "--limit", "x"], 2, "--limit: 'x' is not a size such as 500M or 2G"),
        (["convert", "{tmp}", "--format", "xml"], 2, "'xml'"),
        (["convert", "{tmp}", "--output", "{tmp}/no/where"], 2, "where: no such file or directory"),
        (["convert", "{tmp}", "--output", "{tmp}"], 2, "is a directory"),
        (["parse", "{tmp}/nowhere"], 1, "nowhere: no such file or directory"),
        (["parse", "{tmp}"], 1, "is a folder"),
    ],
)
def test_errors_are_one_clear_line_and_an_exit_code(tmp_path, arguments, code, message):
    write(tmp_path, start="text")
    (tmp_path / "empty").mkdir()
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.returncode, done.stdout) == (code, b"")
    (line,) = [line for line in done.stderr.decode().splitlines() if ": a folder of texts, " not in line]
    assert line.startswith("dokuwiki-data")
    assert message in line


def test_the_version_is_that_of_the_project():
    assert dw.__version__ == importlib.metadata.version("dokuwiki-data")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert run("--version").stdout.decode() == f"dokuwiki-data {project['version']}{' (compiled)' * dw.compiled}\n"


def test_verbose_says_what_was_left_out(tmp_path):
    wiki = write(tmp_path, a__b="text")
    (wiki / "again").symlink_to("a")
    assert b"again: not followed" in run("convert", wiki, "--verbose").stderr


def test_parse_reads_as_it_is_told(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a ** b** <note>c</note>")
    shown = run("parse", path, "--release", "2025-05-14", "--plugins", "note").stdout.decode()
    assert "Strong(" in shown
    assert "Note(" in shown
    failed = run("parse", path, "--plugins", "nothing")
    assert failed.returncode == 2
    assert failed.stderr.startswith(b"dokuwiki-data: unknown plugin 'nothing'; known: data, ")
