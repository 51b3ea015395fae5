"""Who made a commit: files of authors, the users of a wiki, placeholders."""

import pytest
from exported import write_wiki
from git_history import needs_git

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.git.authors import CommitAuthors, read_authors, wiki_authors
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.sources.opening import open_source

#: 2023-11-14, a day in winter, and 2023-07-14.
WINTER, SUMMER = 1_700_000_000, 1_689_300_000


def change(user="", ip="192.0.2.1"):
    return Change(WINTER, ip, "E", "a:b", user)


@pytest.mark.parametrize(
    ("line", "user", "expected"),
    [
        ("ann = Ann Example <ann@example.org>", "ann", "Ann Example <ann@example.org> 1700000000 +0000"),
        ("ann=Ann Example <ann@example.org>", "ann", "Ann Example <ann@example.org> 1700000000 +0000"),
        ("  a b  =  Ann   Example  <ann@example.org>  ", "a b", "Ann Example <ann@example.org> 1700000000 +0000"),
        ("ann = <ann@example.org>", "ann", "ann <ann@example.org> 1700000000 +0000"),
        ("ann = Ann <>", "ann", "Ann <> 1700000000 +0000"),
        ("ann = A = B <a=b@example.org>", "ann", "A = B <a=b@example.org> 1700000000 +0000"),
        ("ann = Änn <ann@example.org> Europe/Berlin", "ann", "Änn <ann@example.org> 1700000000 +0100"),
        ("ann = Ann <ann@example.org> America/St_Johns", "ann", "Ann <ann@example.org> 1700000000 -0330"),
        ("192.0.2.1 = The office <office@example.org>", "", "The office <office@example.org> 1700000000 +0000"),
    ],
)
def test_a_line_names_an_author(tmp_path, line, user, expected):
    (tmp_path / "authors").write_text(f"# who is who\n\n{line}\n", "utf-8")
    authors = CommitAuthors(read_authors(tmp_path / "authors"))
    assert authors.of(change(user)).at(WINTER) == expected
    assert not authors.placeholders


def test_a_time_zone_is_that_of_the_moment(tmp_path):
    (tmp_path / "authors").write_text("ann = Ann <ann@example.org> Europe/Berlin\n", "utf-8")
    author = CommitAuthors(read_authors(tmp_path / "authors")).of(change("ann"))
    assert author.at(SUMMER).endswith(f"{SUMMER} +0200")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ann", "authors:2: is not like: ann = Ann Example <ann@example.org>"),
        ("= Ann <ann@example.org>", "authors:2: is not like"),
        ("ann = Ann", "authors:2: is not like"),
        ("ann = Ann <a@b> <c@d>", "authors:2: unknown time zone <c@d>"),
        ("ann = Ann <a@b> Mars/Olympus", "authors:2: unknown time zone Mars/Olympus"),
        ("ann = Ann <a@b> ../../../etc/passwd", "authors:2: unknown time zone"),
    ],
)
def test_a_line_that_names_nobody_is_refused(tmp_path, line, message):
    (tmp_path / "authors").write_text(f"jim = Jim <jim@example.org>\n{line}\n", "utf-8")
    with pytest.raises(OutputError, match=message):
        read_authors(tmp_path / "authors")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (change("ann"), "ann <ann@wiki.invalid>"),
        (change(), "192.0.2.1 <anonymous@wiki.invalid>"),
        (change(ip=""), "unknown <unknown@wiki.invalid>"),
        (None, "unknown <unknown@wiki.invalid>"),
        (change("a<b> c\x00\n"), "a b c <a%3Cb%3E%20c%00%0A@wiki.invalid>"),
        (change("größe"), "größe <gr%C3%B6%C3%9Fe@wiki.invalid>"),
        (change("<>"), "unknown <%3C%3E@wiki.invalid>"),
    ],
)
def test_who_is_not_named_has_a_placeholder(found, expected):
    authors = CommitAuthors()
    assert authors.of(found).at(0) == f"{expected} 0 +0000"
    assert len(authors.placeholders) == 1


def test_users_of_the_wiki_are_names_and_addresses_alone(tmp_path):
    users = (
        "# users.auth.php\n# <?php exit()?>\n"
        "ann:$2y$10$secrethash:Ann Example:ann@example.org:admin,user\n"
        "jim:$1$x:Jim \\: Smith\\\\:jim@example.org:user  # since 2010\n"
        "nobody:$1$x:No Address::user\nshort:line\n\n"
    )
    folder = write_wiki(tmp_path, {"start": "x"}, conf={"users.auth.php": users})
    found = wiki_authors(open_source(folder, pytest.fail))
    assert {user: author[:2] for user, author in found.items()} == {
        "ann": ("Ann Example", "ann@example.org"),
        "jim": ("Jim : Smith\\", "jim@example.org"),
    }
    assert "secret" not in str(found)


def test_a_wiki_without_users_is_an_error(tmp_path):
    with pytest.raises(OutputError, match=r"has no conf/users.auth.php"):
        wiki_authors(open_source(write_wiki(tmp_path, {"start": "x"}), pytest.fail))


@needs_git
def test_git_knows_the_authors(tmp_path):
    """The command takes them from a file and from the wiki; the file comes first."""
    from git_history import git
    from program import run_text

    folder = write_wiki(
        tmp_path / "wiki", {"a": "x", "b": "y", "c": "z"},
        conf={"users.auth.php": "ann:$1$x:Ann:ann@example.org:user\njim:$1$x:Jim:jim@example.org:user\n"},
    )  # fmt: skip
    for number, (page_id, user) in enumerate({"a": "ann", "b": "jim", "c": "eve"}.items()):
        line = f"{WINTER + number}\t192.0.2.1\tC\t{page_id}\t{user}\t\t\t1\n"
        (folder / "data" / "meta" / f"{page_id}.changes").write_text(line)
    (tmp_path / "authors").write_text("jim = Jimmy <jimmy@example.org>\n")
    arguments = ["--authors", tmp_path / "authors", "--wiki-authors"]
    done = run_text("export", folder, tmp_path / "out", "--to", "git", *arguments)
    assert done.returncode == 0
    assert ", 1 author with a placeholder, " in done.stderr
    names = git(tmp_path / "out", "log", "--reverse", "--format=%an <%ae>").splitlines()
    assert names == ["Ann <ann@example.org>", "Jimmy <jimmy@example.org>", "eve <eve@wiki.invalid>"]
