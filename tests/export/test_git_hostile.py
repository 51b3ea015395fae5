"""Histories that somebody wrote to break the stream or to leave the repository, and laws of all histories."""

import io
import re

import pytest
from git_history import check_repository, files_of, git, history, needs_git, read_stream, stream_of
from hypothesis import given
from hypothesis import strategies as st

from dokuwiki_data.exports.exporting import ExportRequest
from dokuwiki_data.exports.git.authors import CommitAuthors
from dokuwiki_data.exports.git.commits import CommitSink, CommitWriter
from dokuwiki_data.exports.git.plan import GitOptions, plan_history
from dokuwiki_data.exports.git.texts import StateTexts
from dokuwiki_data.ids import is_hidden
from dokuwiki_data.portable_names import folded
from dokuwiki_data.wiki.file_names import file_name
from dokuwiki_data.wiki.settings import Settings
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.layouts import find_layout
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.timeline import timeline

AUTHOR = re.compile(r"[^<>\n\0]+ <[^<>\n\0 ]*> (?:0|[1-9][0-9]*) [+-][0-9]{4}")
TEXTS = st.one_of(
    st.sampled_from(
        [
            "a < b > c",
            "two\rlines",
            "\0",
            '"',
            "",
            " ",
            "=",
            "from :1",
            "\x1b[31mred",
            "\u2028",
            "ä",
            "\udcff",
            "#x",
            ".",
        ]
    ),
    st.text(max_size=8),
)
#: Names of files that mean something to git, to a shell or to a system, beside plain ones.
NAMES = st.one_of(
    st.sampled_from(
        [".git", ".GIT", "git~1", ".gitmodules", ".gitattributes", "..", ".", "con", "nul.x", "A", "a", "ä", "a\u0308",
         "start", '"q"', "a\nb", "a b", "-rf", "a\\b", "a\u200cb", ".g\u200cit", "\udcff", "x" * 200, "readme", "~"]
    ),
    st.text("ab:_.", min_size=1, max_size=6),
)  # fmt: skip
IDS = st.lists(NAMES, min_size=1, max_size=3).map(":".join)


def wiki_of(files, modified=None) -> WikiSource:
    """A wiki in memory: the contents of files in its data folder by path."""
    found = MemoryFiles({"pages/_": b"", "meta/_": b"", "attic/_": b"", **files}, modified)
    layout = find_layout(found)
    assert layout is not None
    return WikiSource(found, layout, Settings(), "url")


def check_stream(stream: bytes) -> dict[str, bytes]:
    """Assert that a stream is valid and stays in its folders, and return the files at its end."""
    tree: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for commit in read_stream(stream):
        assert AUTHOR.fullmatch(commit.author), commit.author
        assert "\0" not in commit.message
        summary, _, notes = commit.message.partition("\n\n")
        assert "\n" not in summary
        assert all(re.fullmatch("(Page|Media|Change|Restored|Content): .*", line) for line in notes.split("\n")[:-1])
        assert len(commit.files) <= 1
        for path, content in commit.files.items():
            assert path.startswith(("pages/", "media/"))
            for part in path.split("/"):
                assert not part.startswith(".")
                assert not re.search(r"[\x00-\x1f\\:*?\"<>|]", part)
                assert len(part.encode()) < 256
            assert names.setdefault(folded(path), path) == path
            tree.pop(path, None) if content is None else tree.update({path: content})
    return tree


@given(st.lists(st.tuples(IDS, TEXTS, TEXTS, TEXTS, st.sampled_from("CEeRD?"), st.integers(0, 10**17)), max_size=6))
def test_no_changelog_breaks_the_stream(changes):
    files: dict[str, bytes] = {}
    for page_id, user, summary, extra, kind, time in changes:
        name = file_name(page_id, "url")
        line = f"{time}\t192.0.2.1\t{kind}\t{page_id}\t{user}\t{summary}\t{extra}\t5\n"
        files[f"meta/{name}.changes"] = files.get(f"meta/{name}.changes", b"") + line.encode(errors="surrogatepass")
        files[f"attic/{name}.{time}.txt"] = summary.encode(errors="surrogatepass")
        files[f"media/{name}.png"] = user.encode(errors="surrogatepass")
    check_stream(stream_of(wiki_of(files)))


@given(st.lists(IDS, max_size=8, unique=True), st.sampled_from(["", "gfm", "hugo", "html"]))
def test_no_id_leads_out_of_the_repository(ids, as_):
    files: dict[str, bytes] = {}
    for page_id in ids:
        name = file_name(page_id, "url")
        files |= {f"pages/{name}.txt": b"[[a]] {{a.png}}", f"media/{name}": page_id.encode(errors="surrogatepass")}
    check_stream(stream_of(wiki_of(files), as_=as_))


HOSTILE_IDS = [
    ".git:config", "a:..:..:x", ".gitmodules", "git~1", "con", "A:b", "a:B", "a\nb", 'q"q', "x" * 300, "ä:\u0308",
    "\udcff",
]  # fmt: skip


@needs_git
def test_git_takes_it_and_finds_nothing_to_complain_about(tmp_path):
    files: dict[str, bytes] = {}
    nasty = ["a\0b <c>\t", "<>", "\x1b]0;x\x07", "from :1\r", "\udcff\udcfe", " ", "=== \u2028 ===", '"\\'] * 2
    for number, (page_id, text) in enumerate(zip(HOSTILE_IDS, nasty, strict=False)):
        name, time = file_name(page_id, "url"), 10 ** (number + 6)
        text = text.replace("\t", " ")
        line = f"{time}\t{text}\tE\t{page_id}\t{text}\t{text}\t{text}\t5\n"
        files[f"meta/{name}.changes"] = line.encode(errors="surrogateescape")
        files[f"attic/{name}.{time}.txt"] = f"then {number}".encode()
        files |= {f"pages/{name}.txt": b"M 100644 inline x\ndata 9\n", f"media/{name}.png": b"done\n"}
    done = history(wiki_of(files)).to_folder(tmp_path / "out")
    check_repository(tmp_path / "out")
    assert (done.pages, done.media) == (len(HOSTILE_IDS), sum(not is_hidden(one) for one in HOSTILE_IDS))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert git(tmp_path / "out", "config", "--local", "--get-regexp", "core").count("\n") <= 6
    assert files_of(tmp_path / "out").keys() == check_stream(stream_of(wiki_of(files))).keys()


# ----------------------------------------------------------------------------------------------------------- laws

#: What happens to a page in a second: its kind in the changelog, whether the attic keeps the text, the text.
HAPPENINGS = st.tuples(
    st.sampled_from(["a", "a:b", "start"]), st.sampled_from("CEeRD-"), st.sampled_from([True, True, True, False]),
    st.sampled_from(["", "one", "two\n", "**x** [[a:b]]"]),
)  # fmt: skip


def made(happenings, times=None) -> WikiSource:
    """The wiki after some happenings, as DokuWiki has it."""
    files: dict[str, bytes] = {}
    modified: dict[str, int] = {}
    for number, (page_id, kind, is_kept, text) in enumerate(happenings):
        name, time = page_id.replace(":", "/"), 1000 + (number if times is None else times[number])
        if kind != "-":
            line = f"{time}\t192.0.2.1\t{kind}\t{page_id}\tann\tsummary {number}\t\t\n".encode()
            files[f"meta/{name}.changes"] = files.get(f"meta/{name}.changes", b"") + line
        if is_kept or kind == "-":
            files[f"attic/{name}.{time}.txt"] = text.encode()
        files[f"pages/{name}.txt"] = text.encode()
        modified[f"pages/{name}.txt"] = time
        if kind == "D":
            del files[f"pages/{name}.txt"]
    return wiki_of(files, modified)


class Taken:
    """A list of commits, as a repository keeps it."""

    def __init__(self):
        self.events = []

    def add(self, event):
        self.events.append(event)

    def flush(self):
        pass


def exported(wiki, done, *, as_="") -> tuple[bytes, list]:
    """The stream of what is new in a wiki, and all that was exported."""

    def fail(error):
        raise AssertionError(error)

    options = GitOptions(as_=as_)
    plan = plan_history(wiki, ExportRequest(), options, done, False, fail, fail)
    texts = StateTexts.of(as_, {}, wiki, plan.events, plan.places, "", fail) if as_ else None
    output, taken = io.BytesIO(), Taken()
    CommitWriter(plan, CommitAuthors(), texts, fail).write(
        CommitSink(output.write, "refs/heads/main", "", len(done), taken)
    )
    return output.getvalue(), [*done, *taken.events]


def body(stream: bytes) -> bytes:
    """The commits of a stream without their numbers."""
    return re.sub(rb"^mark :\d+\n", b"", stream.removeprefix(b"feature done\n").removesuffix(b"done\n"), flags=re.M)


@given(st.lists(HAPPENINGS, max_size=12))
def test_the_last_files_are_those_of_the_wiki(happenings):
    wiki = made(happenings)
    tree = check_stream(stream_of(wiki))
    found = {file.path: wiki.read(file.path) for file in wiki.pages(lambda error: None)}
    assert {path: text for path, text in tree.items() if not path.startswith("pages/_")} == {
        path: text for path, text in found.items() if not path.startswith("pages/_")
    }


@given(st.lists(HAPPENINGS, max_size=12), st.integers(0, 12), st.sampled_from(["", "mkdocs"]))
def test_two_exports_make_the_commits_of_one(happenings, count, as_):
    """Except where the text of a change was there at first and is not kept later, or the other way round."""
    happenings = [(page_id, kind, True, text) for page_id, kind, _, text in happenings]
    first, done = exported(made(happenings[:count]), [], as_=as_)
    second, again = exported(made(happenings), done, as_=as_)
    once, _ = exported(made(happenings), [], as_=as_)
    assert body(first) + body(second) == body(once)
    assert body(exported(made(happenings), again, as_=as_)[0]) == b""


@given(st.lists(HAPPENINGS, max_size=8), st.lists(HAPPENINGS, max_size=4))
def test_a_page_that_comes_or_goes_writes_no_other_file(happenings, more):
    _, done = exported(made(happenings), [], as_="gfm")
    second, _ = exported(made([*happenings, *more]), done, as_="gfm")
    written = re.findall(rb"^Page: (.*)$", second, flags=re.M)
    assert {page_id.decode() for page_id in written} <= {page_id for page_id, *_ in more}


@given(st.lists(HAPPENINGS, max_size=10), st.lists(st.integers(0, 3), min_size=10, max_size=10))
def test_changes_of_one_second_have_an_order(happenings, seconds):
    times = sorted(seconds)
    events = timeline(made(happenings, times), pytest.fail)
    assert [event.time for event in events] == sorted(event.time for event in events)
    by_page = {}
    for event in events:
        by_page.setdefault(event.id, []).append((event.time, event.number))
    assert all(found == sorted(found) for found in by_page.values())
    assert stream_of(made(happenings, times)) == stream_of(made(happenings, times))
