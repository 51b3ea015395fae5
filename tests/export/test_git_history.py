"""A wiki's history as that of a git repository: each change a commit, as the changelog and the attic have it."""

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from exported import write_wiki
from git_history import (
    CHANGES,
    EPOCH,
    check_repository,
    files_of,
    git,
    history,
    needs_git,
    put,
    read_stream,
    stream_of,
    tip,
    today,
    write_changes,
)

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import exporting
from dokuwiki_data.exports.git import commits, repository
from dokuwiki_data.exports.git.commits import CommitWriter


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_changes(tmp_path_factory.mktemp("wiki"))


@pytest.fixture(scope="module")
def written(wiki):
    return read_stream(stream_of(wiki))


# ---------------------------------------------------------------------------------------------------- the commits


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_every_change_is_a_commit(written, number):
    change, made = CHANGES[number], written[number]
    expected = change["commit"]
    summary, _, notes = made.message.partition("\n\n")
    assert (summary, notes) == (expected["summary"], expected["notes"] + "\n")
    user = change["line"][1] if "line" in change else "unknown"
    name = user or "192.0.2.1"
    assert made.author.startswith(f"{name} <")
    assert made.author.endswith(f"> {EPOCH + change['time']} +0000")
    text = change.get("current") or change.get("text", "")
    content = text.encode("latin-1" if "media" in change else "utf-8")
    files = {expected["file"]: content} if "file" in expected else {}
    assert made.files == (files or ({expected["gone"]: None} if "gone" in expected else {}))


def test_there_is_nothing_else(written):
    assert len(written) == len(CHANGES)
    assert [commit.parent for commit in written] == [""] * len(CHANGES)


def test_a_change_whose_text_is_not_kept_may_be_left_out(wiki):
    output = io.BytesIO()
    done = history(wiki, not_kept="skip").to_stream(output)
    made = read_stream(output.getvalue())
    assert (done.commits, done.not_kept) == (len(made), 1)
    assert len(made) == len(CHANGES) - 1
    assert not any("not kept" in commit.message for commit in made)


@pytest.mark.parametrize("as_", ["", "gfm", "html"])
def test_several_processes_write_the_same_stream(wiki, as_):
    assert stream_of(wiki, as_=as_, jobs=2) == stream_of(wiki, as_=as_)


def test_what_nobody_may_read_is_nowhere(wiki, tmp_path):
    folder = shutil.copytree(wiki, tmp_path / "wiki")
    (folder / "conf").mkdir()
    (folder / "conf" / "local.php").write_text("<?php\n$conf['useacl'] = 1;\n$conf['superuser'] = '@admin';\n")
    (folder / "conf" / "acl.auth.php").write_text("* @ALL 1\na:* @ALL 0\n")
    request = exporting.ExportRequest(readable_by=("@ALL",))
    stream = stream_of(folder, request=request)
    assert b"a:b" not in stream.replace(b"[[a:b]]", b"")
    assert b"photo" not in stream
    assert len(read_stream(stream)) == sum("a:" not in (one.get("page") or one["media"]) for one in CHANGES)


def test_pages_are_chosen_with_their_media(wiki):
    request = exporting.ExportRequest(choice=exporting.PageChoice(namespaces=("a",)))
    paths = {path for commit in read_stream(stream_of(wiki, request=request)) for path in commit.files}
    assert paths == {"pages/a/b.txt", "media/a/photo.png"}
    request = exporting.ExportRequest(media="none")
    paths = {path for commit in read_stream(stream_of(wiki, request=request)) for path in commit.files}
    assert not any(path.startswith("media/") for path in paths)


def test_a_text_that_cannot_be_read_is_told_and_counts_as_not_kept(tmp_path):
    folder = write_changes(tmp_path)
    damaged = folder / "data" / "attic" / "a" / f"b.{EPOCH + 20}.txt.gz"
    damaged.write_bytes(b"no gzip")
    told = []
    made = read_stream(stream_of(folder, report=told.append))
    assert [error.path for error in told] == [damaged]
    assert made[2].message.endswith("Change: edit\nContent: not kept\n")
    assert made[2].files == {}
    assert len(made) == len(CHANGES)


# ---------------------------------------------------------------------------------------------------- the repository


@needs_git
def test_the_repository_is_sound_and_is_the_wiki_of_today(wiki, tmp_path):
    done = history(wiki).to_folder(tmp_path / "out")
    check_repository(tmp_path / "out")
    assert files_of(tmp_path / "out") == today(wiki)
    assert (done.commits, done.not_kept, done.pages, done.media) == (len(CHANGES), 1, 4, 1)
    assert done.placeholders == ["192.0.2.1", "ann", "größe", "jim", "unknown"]


@needs_git
def test_git_says_the_same_of_every_commit(wiki, written, tmp_path):
    history(wiki).to_folder(tmp_path)
    log = git(tmp_path, "log", "--reverse", "--format=%an <%ae> %at +0000%n%B%x00", "main").split("\0\n")
    assert log[:-1] == [f"{commit.author}\n{commit.message}" for commit in written]


@needs_git
def test_the_account_is_in_the_folder_of_git(wiki, tmp_path):
    history(wiki, as_="gfm").to_folder(tmp_path)
    made = json.loads((tmp_path / ".git" / "export.json").read_text("utf-8"))
    assert made["target"] == "git"
    assert {page_id: page["file"] for page_id, page in made["pages"].items()} == {
        "start": "pages/README.md", "a:b": "pages/a/b.md", "later": "pages/later.md", "outside": "pages/outside.md",
    }  # fmt: skip
    assert made["media"] == {"logo.svg": {"file": "media/logo.svg"}}
    assert made["pages"]["start"]["losses"] == []


@needs_git
def test_a_stream_makes_the_same_commits_as_an_export_into_a_folder(wiki, tmp_path):
    (tmp_path / "from_stream").mkdir()
    git(tmp_path / "from_stream", "init", "--quiet", "--initial-branch=main")
    git(tmp_path / "from_stream", "fast-import", "--quiet", given=stream_of(wiki))
    history(wiki).to_folder(tmp_path / "folder")
    assert tip(tmp_path / "from_stream") == tip(tmp_path / "folder")


@needs_git
def test_an_empty_wiki_is_an_empty_repository(tmp_path):
    folder = write_wiki(tmp_path / "wiki", {})
    assert history(folder).to_folder(tmp_path / "out").commits == 0
    check_repository(tmp_path / "out")


# ----------------------------------------------------------------------------------------------------- again and again


@needs_git
@pytest.mark.parametrize("count", [1, 5, 11, 17])
def test_a_second_export_adds_what_is_new(wiki, tmp_path, count):
    """However often a wiki is exported: the commits are those of one export, except for what DokuWiki did not see."""
    folder = write_changes(tmp_path / "wiki", CHANGES[:count])
    history(folder).to_folder(tmp_path / "out")
    before = tip(tmp_path / "out")
    write_changes(folder)
    again = history(folder).to_folder(tmp_path / "out")
    check_repository(tmp_path / "out")
    assert files_of(tmp_path / "out") == today(wiki)
    assert git(tmp_path / "out", "merge-base", before, "main").strip() == before
    assert again.too_late == 0
    history(wiki).to_folder(tmp_path / "once")
    assert tip(tmp_path / "out") == tip(tmp_path / "once")
    assert history(folder).to_folder(tmp_path / "out").commits == 0
    assert tip(tmp_path / "out") == tip(tmp_path / "once")


@needs_git
@pytest.mark.parametrize("as_", ["", "mkdocs"])
def test_an_export_that_was_interrupted_goes_on(wiki, tmp_path, monkeypatch, as_):
    history(wiki, as_=as_).to_folder(tmp_path / "once")
    monkeypatch.setattr(commits, "COMMITS_BETWEEN_CHECKPOINTS", 4)
    write = CommitWriter._write_commit
    left = [7]

    def interrupted(self, *arguments):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        write(self, *arguments)

    monkeypatch.setattr(CommitWriter, "_write_commit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        history(wiki, as_=as_).to_folder(tmp_path / "out")
    monkeypatch.setattr(CommitWriter, "_write_commit", write)
    rest = history(wiki, as_=as_).to_folder(tmp_path / "out")
    assert rest.commits <= len(CHANGES)
    assert tip(tmp_path / "out") == tip(tmp_path / "once")
    check_repository(tmp_path / "out")
    assert history(wiki, as_=as_).to_folder(tmp_path / "out").commits == 0


#: An export that is killed while it writes a file of 200,000 bytes, of which git has the half.
KILLED = """
import os, signal, sys
from pathlib import Path
from git_history import history
from dokuwiki_data.exports.git import commits

def killed(write, path, size, pieces):
    if size < 200_000:
        return written(write, path, size, pieces)
    write(b"M 100644 inline x\\ndata %d\\n" % size + bytes(size // 2))
    write.__self__.flush()
    os.kill(os.getpid(), signal.SIGKILL)

written, commits.write_file, commits.COMMITS_BETWEEN_CHECKPOINTS = commits.write_file, killed, 2
history(Path(sys.argv[1])).to_folder(Path(sys.argv[2]))
"""


@needs_git
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system cannot kill a process so")
def test_an_export_that_was_killed_leaves_a_sound_repository_and_goes_on(tmp_path):
    folder = write_changes(tmp_path / "wiki", CHANGES[:5])
    put(folder / "data" / "media" / "large.bin", random.Random(1).randbytes(200_000), EPOCH + 35)
    command = [sys.executable, "-c", KILLED, folder, tmp_path / "out"]
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent.parent)])
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert git(tmp_path / "out", "fsck", "--strict", "--no-dangling") == ""
    history(folder).to_folder(tmp_path / "out")
    check_repository(tmp_path / "out")
    history(folder).to_folder(tmp_path / "once")
    assert tip(tmp_path / "out") == tip(tmp_path / "once")


@needs_git
def test_what_is_changed_outside_of_dokuwiki_is_found_every_time(tmp_path):
    folder = write_changes(tmp_path / "wiki")
    history(folder).to_folder(tmp_path / "out")
    for path, content in (("pages/outside.txt", b"once more"), ("media/logo.svg", b"<svg />"), ("pages/new.txt", b"")):
        put(folder / "data" / path, content, EPOCH + 200)
    (folder / "data" / "pages" / "later.txt").unlink()
    assert history(folder).to_folder(tmp_path / "out").commits == 4
    assert files_of(tmp_path / "out") == today(folder)
    assert history(folder).to_folder(tmp_path / "out").commits == 0


@needs_git
def test_an_old_state_that_appears_later_is_not_written_over_the_new_one(tmp_path):
    folder = write_changes(tmp_path / "wiki")
    history(folder).to_folder(tmp_path / "out")
    put(folder / "data" / "attic" / f"later.{EPOCH + 5}.txt", b"found in a cellar", EPOCH)
    done = history(folder).to_folder(tmp_path / "out")
    assert (done.commits, done.too_late) == (0, 1)
    assert files_of(tmp_path / "out") == today(folder)


@needs_git
def test_a_history_may_begin_later(wiki, tmp_path):
    done = history(wiki, since=EPOCH + 60).to_folder(tmp_path / "out")
    check_repository(tmp_path / "out")
    assert files_of(tmp_path / "out") == today(wiki)
    log = git(tmp_path / "out", "log", "--reverse", "--format=%B%x00").split("\0\n")
    assert log[0] == "The wiki at 2020-09-13 12:27:40 UTC\n\n"
    assert done.commits == len(log) - 1 == 1 + sum(change["time"] > 60 for change in CHANGES)
    tree = git(tmp_path / "out", "ls-tree", "-r", "--name-only", "main~8").split()
    assert tree == ["media/a/photo.png", "pages/a/b.txt", "pages/later.txt", "pages/start.txt"]
    assert history(wiki).to_folder(tmp_path / "out").commits == 0


@needs_git
def test_a_stream_continues_a_branch(wiki, tmp_path):
    folder = write_changes(tmp_path / "wiki", [change for change in CHANGES if change["time"] <= 50])
    history(folder).to_folder(tmp_path / "out")
    stream = stream_of(wiki, since=EPOCH + 50)
    assert read_stream(stream)[0].parent == "refs/heads/main^0"
    git(tmp_path / "out", "fast-import", "--quiet", given=stream)
    history(wiki).to_folder(tmp_path / "once")
    assert tip(tmp_path / "out") == tip(tmp_path / "once")


# ---------------------------------------------------------------------------------------------- folders of others


@needs_git
def test_a_folder_of_others_is_left_alone(wiki, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="is not empty, and no export to git wrote it"):
        history(wiki).to_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@needs_git
def test_files_and_commits_of_others_are_not_lost(wiki, tmp_path):
    folder = write_changes(tmp_path / "wiki", CHANGES[:5])
    out = tmp_path / "out"
    history(folder).to_folder(out)
    (out / "pages" / "a" / "b.txt").write_text("changed by hand")
    write_changes(folder)
    with pytest.raises(OutputError, match="git merge failed"):
        history(folder).to_folder(out)
    assert (out / "pages" / "a" / "b.txt").read_text() == "changed by hand"
    git(out, "checkout", "--quiet", "--", ".")
    history(folder).to_folder(out)
    assert files_of(out) == today(wiki)
    check_repository(out)


@needs_git
def test_another_way_to_export_needs_another_folder(wiki, tmp_path):
    history(wiki, as_="gfm").to_folder(tmp_path)
    with pytest.raises(OutputError, match=r"was exported in another way \(as gfm, media copy\)"):
        history(wiki).to_folder(tmp_path)


def test_without_git_only_the_stream_is_written(wiki, written, tmp_path, monkeypatch):
    monkeypatch.setattr(repository.shutil, "which", lambda name: None)
    with pytest.raises(OutputError, match="git is not installed; --stream"):
        history(wiki).to_folder(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert read_stream(stream_of(wiki)) == written


@needs_git
def test_the_variables_and_settings_of_the_user_do_not_count(wiki, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".gitconfig").write_text("[core]\n\tautocrlf = true\n[init]\n\tdefaultBranch = trunk\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    history(wiki).to_folder(tmp_path / "out")
    assert files_of(tmp_path / "out") == today(wiki)
    assert not (tmp_path / "elsewhere").exists()


# ------------------------------------------------------------------------------------------------------- real wikis


@needs_git
def test_an_archive_has_the_same_history(wiki, tmp_path):
    packed = shutil.make_archive(str(tmp_path / "wiki"), "zip", wiki)
    assert read_stream(stream_of(Path(packed))) == read_stream(stream_of(wiki))
