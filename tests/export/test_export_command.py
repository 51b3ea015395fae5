"""The command ``export``: what it writes, what it says, and its exit codes."""

import pytest
from exported import manifest, write_wiki
from git_history import needs_git
from program import run, run_text

from dokuwiki_data.command.histories import moment
from dokuwiki_data.exports.targets.html import HtmlTarget

PAGES = {"start": "[[a:b]] [[gone]]", "a:b": "text", "a:c": "more"}


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_wiki(tmp_path_factory.mktemp("wiki"), PAGES) / "data"


def test_the_summary_counts_what_was_written_and_lost(wiki, tmp_path):
    done = run_text("export", wiki, tmp_path, "--to", "html", "--no-search")
    assert done.returncode == 0
    assert "3 pages, 0 media files, 11 redirects, 1 loss (missing-page 1) in " in done.stderr
    assert set(manifest(tmp_path)["pages"]) == set(PAGES)


def test_options_choose_pages(wiki, tmp_path):
    assert run_text("export", "-q", wiki, tmp_path, "--no-search", "--namespace", "a").stderr == ""
    assert set(manifest(tmp_path)["pages"]) == {"a:b", "a:c"}


def test_a_copy_is_verified(wiki, tmp_path):
    done = run_text("export", wiki, tmp_path, "--no-search", "--verify")
    assert done.returncode == 0
    assert "1 loss (missing-page 1), 0 differences in " in done.stderr


def test_differences_are_listed_and_the_exit_code_tells(wiki, tmp_path, monkeypatch):
    def spoil(target, folder):
        page = folder.root / "a" / "c.html"
        page.write_text(page.read_text("utf-8").replace("more\n", "less\n"), "utf-8")

    monkeypatch.setattr(HtmlTarget, "finish", spoil)
    done = run_text("export", wiki, tmp_path, "--no-search", "--verify")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert "dokuwiki-data: a/c.html: is missing: p: 'more'" in lines
    assert "dokuwiki-data: a/c.html: is not in the wiki: p: 'less'" in lines
    assert ", 2 differences in " in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--media", "link"), "whose address is needed"),
        (("--readable-by", "@ALL"), "conf"),
        (("--templates", "nowhere"), "is no folder of templates"),
    ],
)
def test_wrong_use_is_one_line(wiki, tmp_path, arguments, message):
    done = run_text("export", "-q", wiki, tmp_path / "site", "--no-search", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "site" / "export.json").exists()


# -------------------------------------------------------------------------------------------------------- history


def test_a_history_is_a_stream_on_standard_output(wiki):
    done = run("export", wiki, "--to", "git", "--stream", "-")
    assert done.returncode == 0
    assert done.stdout.startswith(b"feature done\ncommit refs/heads/main\n")
    assert done.stdout.endswith(b"done\n")
    assert b"3 commits, 3 pages, 0 media files, 1 author with a placeholder, 0 losses in " in done.stderr


def test_a_history_is_a_stream_in_a_file(wiki, tmp_path):
    assert run_text("export", "-q", wiki, "--to", "git", "--stream", tmp_path / "stream").stdout == ""
    assert (tmp_path / "stream").read_bytes() == run("export", "-q", wiki, "--to", "git", "--stream", "-").stdout


@needs_git
def test_a_history_is_a_repository(wiki, tmp_path):
    """The folder may stand behind the options."""
    for commits in (3, 0):
        done = run_text("export", wiki, "--to", "git", "--as", "gfm", tmp_path / "out")
        assert done.returncode == 0
        assert f"{commits} commits, 3 pages, 0 media files, " in done.stderr
        assert ", 0 losses in " in done.stderr
    assert (tmp_path / "out" / "pages" / "README.md").is_file()


@pytest.mark.parametrize(
    ("mode", "said"),
    [("commit", "2 commits (1 without content), "), ("skip", "1 commit, 1 change without content left out, ")],
)
def test_changes_without_content_are_said(tmp_path, mode, said):
    folder = write_wiki(tmp_path, {"a": "x"})
    (folder / "data" / "meta" / "a.changes").write_text("10\t\tC\ta\tann\t\t\t\n20\t\tE\ta\tann\t\t\t\n")
    done = run_text("export", folder, "--to", "git", "--stream", tmp_path / "stream", "--not-kept", mode)
    assert said in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "git"), "the folder to write to is missing"),
        ((), "the folder to write to is missing"),
        (("out", "--to", "git", "--stream", "-"), "--stream writes no folder"),
        (("out", "--as", "gfm"), "--as is an option of --to git"),
        (("out", "--since", "2026-11-21"), "--since is an option of --to git"),
        (("--to", "git", "--stream", "-", "--templates", "x"), "without --as has no option templates"),
        (("--to", "git", "--stream", "-", "--verify"), "cannot be verified yet"),
        (("--to", "git", "--stream", "-", "--authors", "nowhere"), "nowhere: no such file"),
        (("--to", "git", "--stream", "-", "--wiki-authors"), "has no conf/users.auth.php"),
        (("--to", "git", "--stream", "-", "--since", "soon"), "'soon' is not a time such as 2026-11-21T08:00"),
        (("--to", "git", "--stream", "nowhere/stream"), "no such file"),
    ],
)
def test_wrong_options_of_a_history_are_one_line(wiki, arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run_text("export", "-q", wiki, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1700000000", 1700000000), ("2023-11-14", 1699920000), ("2023-11-14T23:13:20+01:00", 1700000000)],
)
def test_a_time_is_a_day_a_moment_or_unix_seconds(written, seconds):
    assert moment(written) == seconds
