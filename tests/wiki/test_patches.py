"""The diff of a change of a wiki, applied by the programs that people apply diffs with."""

import os
import random
import shutil
import subprocess
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.wiki.patches import matching_lines, unified_diff
from dokuwiki_data.wiki.transforming import transform

APPLY = {"git": ["git", "apply"], "patch": ["patch", "-p1", "--force"]}


@pytest.fixture(params=APPLY)
def apply(request, tmp_path):
    """Applies a diff in a folder."""
    if shutil.which(request.param) is None:
        pytest.skip(f"there is no {request.param} here")
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CEILING_DIRECTORIES": str(tmp_path)}

    def run(folder, diff):
        done = subprocess.run(
            APPLY[request.param], cwd=folder, input=diff.encode("utf-8", "surrogateescape"), capture_output=True,
            env=environment, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (done.stdout, done.stderr, diff)

    return run


#: Texts before and after.
CHANGES = {
    "one line": ("a\n", "b\n"),
    "no line end": ("a", "b"),
    "a line end comes": ("a\nb", "a\nb\n"),
    "a line end goes": ("a\nb\n", "a\nb"),
    "a line behind one without end": ("a", "a\nb"),
    "the last line goes, and its end": ("a\nb\nc", "a\nb"),
    "CRLF": ("a\r\nb\r\nc\r\n", "a\r\nx\r\nc\r\n"),
    "CRLF without the last": ("a\r\nb", "a\r\nb\r\n"),
    "from CRLF": ("a\r\nb\r\n", "a\nb\n"),
    "returns alone": ("a\rb\r\n", "a\rc\r\n"),
    "other ends of lines": ("a\x0bb\x0cc\x1cd\x85e\u2028f\n", "a\x0bb\x0cc\x1cd\x85e\u2028g\n"),
    "what looks like a diff": ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n", "-- a/x\n++ b/x\n\\ No newline at end of file\n"),
    "bytes that are no text": ("\udcff\n日本\n", "\udcff\n日本語\udcfe\n"),
    "an empty one": ("", "a\n"),
    "many lines": ("".join(f"{n}\n" for n in range(99)), "".join(f"{n}\n" for n in range(99) if n % 20)),
    "a removed one": ("a\nb\n", " \n"),
    "a removed one without end": ("a", ""),
}
NAMES = [
    "a", "a b", "é", "日本 語", '"', 'a"b\\c', "-x", "a\tb", "a'b", "%C3%A9", "a%20b", "\udcff", "n/a", "n m/a b",
    "a=b", " a ", "\u00a0", "\u2028", "a\x01", "\x7f", "a 2026-01-01 12:00:00", "null",
]  # fmt: skip


def written(root, name, text):
    page = root / f"{name}.txt"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(text.encode("utf-8", "surrogateescape"))
    return page


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_diff_can_be_applied(tmp_path, apply, change):
    before, after = change
    page = written(tmp_path, "a", before)
    apply(tmp_path, unified_diff("a.txt", before, after if after.strip() else None))
    if after.strip():
        assert page.read_bytes() == after.encode("utf-8", "surrogateescape")
    else:
        assert not page.exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_found(tmp_path, apply, name):
    try:
        page = written(tmp_path, name, "a\nb\n")
    except OSError:
        pytest.skip("this system has no files of such a name")
    apply(tmp_path, unified_diff(f"{name}.txt", "a\nb\n", "a\nc\n"))
    assert page.read_bytes() == b"a\nc\n"


@pytest.mark.skipif(os.name == "nt", reason="this system has no files of such names")
def test_a_diff_of_a_whole_wiki_can_be_applied(tmp_path, apply):
    """Its pages in folders, with names that have blanks, quotes and letters of all kinds; one loses all its text."""
    chance = random.Random(1)
    lines = ["a\n", "b\r\n", "c", "\n", "-- d\n", "\\ e\n", "日本\n"]
    for name in ("a", "b c", "n/é", 'n/"', "gone"):
        written(tmp_path / "data" / "pages", name, "x\n" + "".join(chance.choices(lines, k=30)))
    shutil.copytree(tmp_path / "data", tmp_path / "copy")

    def function(page):
        return dw.parse(str(page).replace("a", "z").rstrip("\n") if page.page_id != "gone" else "")

    shown = transform(tmp_path / "data", function, dry_run=True)
    saved = transform(tmp_path / "data", function)
    assert shown.diff == saved.diff
    assert len(saved.changed) == 5
    apply(tmp_path / "copy", shown.diff)
    texts = [
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*.txt")}
        for root in (tmp_path / "copy", tmp_path / "data")
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) == 4


def test_paths_are_those_below_the_folder_that_is_named(tmp_path):
    written(tmp_path / "wiki" / "data" / "pages", "n/a", "a\n")
    (tmp_path / "wiki" / "data" / "meta").mkdir()
    for folder, path in (("data", "pages/n/a.txt"), ("data/pages", "n/a.txt")):
        result = transform(tmp_path / "wiki" / folder, lambda page: dw.parse("b"), dry_run=True)
        assert [page.path for page in result.changed] == [path]
        assert result.diff.startswith(f"--- a/{path}\n+++ b/{path}\n")


def test_large_texts_differ_only_where_they_do():
    """Also where a line is there many times, or most of them are others."""
    lines = [f"{number % 90}\n" for number in range(5000)]
    for changed in (
        [*lines[:2500], "x\n", *lines[2500:]],
        [*lines[:2500], *lines[2501:]],
        ["x\n", *lines[1:-1], "y\n"],
    ):
        diff = unified_diff("a", "".join(lines), "".join(changed))
        assert sum(line[0] in "+-" for line in diff.splitlines()[2:]) <= 4
    every_third = [line if number % 3 else "x\n" for number, line in enumerate(lines)]
    diff = unified_diff("a", "".join(lines), "".join(every_third))
    assert diff.count("\n-") == diff.count("\n+") - 1 == len(lines[::3])


LINES = st.lists(st.sampled_from("abcdefgh"), max_size=300)


@settings(max_examples=60)
@given(LINES, LINES, st.integers(0, 300))
def test_the_same_lines_are_in_order_and_the_same(one, other, common):
    before, after = one + one[:common] * 2, one[:common] + other
    pairs = matching_lines(before, after)
    assert all(before[at] == after[there] for at, there in pairs)
    assert all(a < b and c < d for (a, c), (b, d) in pairwise(pairs))
    assert matching_lines(before, before) == [(at, at) for at in range(len(before))]


TEXTS = st.lists(st.sampled_from(["a", "b", "\r", "\n", "\n", "- ", "+", "\\", "\x0c", "\x85"]), max_size=12).map(
    "".join
)


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
@settings(max_examples=60)
@given(TEXTS, TEXTS)
@example("a", "a\n")
def test_git_applies_any_change(tmp_path_factory, before, after):
    if before == after:
        return
    root = tmp_path_factory.mktemp("texts")
    page = written(root, "a", before)
    diff = unified_diff("a.txt", before, after)
    subprocess.run(APPLY["git"], cwd=root, input=diff.encode(), check=True, capture_output=True)
    assert page.read_bytes() == after.encode()
