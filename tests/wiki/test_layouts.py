"""Wikis as they lie: folders put elsewhere by settings and links, loose files, parts of a wiki that are opened.

Nothing outside of what was opened is read or written unless it is named.
"""

from __future__ import annotations

import logging
import os
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import dokuwiki_data as dw
from dokuwiki_data.command.main import main
from dokuwiki_data.conversion import convert
from dokuwiki_data.errors import FolderError, SourceError
from dokuwiki_data.wiki.saving import SaveError
from dokuwiki_data.wiki.sources.layouts import LayoutKind

FIRST, NOW = 1_600_000_000, 1_600_000_200
CHANGES = f"{FIRST}\t127.0.0.1\tE\ta\tjoe\tfirst\t\t"


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
        os.utime(root / name, (NOW, NOW))
    return root


def as_folder(path: Path, files: Mapping[str, str]) -> Path:
    return write(path / "source", files)


def as_tar(path: Path, files: Mapping[str, str]) -> Path:
    write(path / "files", files)
    with tarfile.open(path / "source.tar", "w") as tar:
        tar.add(path / "files", ".")
    return path / "source.tar"


CONTAINERS: dict[str, Callable[[Path, Mapping[str, str]], Path]] = {"folder": as_folder, "tar": as_tar}


def seen(wiki: dw.Wiki) -> dict[str, list[str | None]]:
    """The pages with the texts of their states; None for one that is not kept."""
    return {page_id: [one.path and str(wiki.at(page_id, one)) for one in wiki.revisions(page_id)] for page_id in wiki}


#: A wiki's folders, by where they are else.
DATA = {"pages/a.txt": "now", f"attic/a.{FIRST}.txt": "first", "meta/a.changes": CHANGES, "media/b.png": ""}
LEFTOVER = {"data/pages/wiki/syntax.txt": "leftover"}


def data(at: str, **elsewhere: str) -> dict[str, str]:
    """The wiki's data in a folder, some of its folders elsewhere."""
    found = {}
    for path, text in DATA.items():
        name, _, rest = path.partition("/")
        found[f"{elsewhere.get(name, f'{at}/{name}')}/{rest}".lstrip("/")] = text
    return found


def conf(**settings: str) -> dict[str, str]:
    lines = [f"$conf['{name}'] = '{value}';" for name, value in settings.items()]
    return {"conf/dokuwiki.php": "<?php\n$conf['savedir'] = './data';", "conf/local.php": "<?php\n" + "\n".join(lines)}


WHOLE = (["a"], ["b.png"], [["first", "now"]])


def found_in(wiki: dw.Wiki) -> tuple[Any, ...]:
    return list(wiki), list(wiki.media), list(seen(wiki).values())


# --------------------------------------------------------------------------------- settings that move folders


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    ("settings", "files"),
    [
        ({}, data("data")),
        ({"savedir": "./store"}, {**data("store"), **LEFTOVER}),
        ({"savedir": "store/"}, data("store")),
        ({"datadir": "./data/gitrepo/pages"}, {**data("data", pages="data/gitrepo/pages"), **LEFTOVER}),
        (
            {"datadir": "./data/gitrepo/pages", "mediadir": "./data/gitrepo/media"},
            {**data("data", pages="data/gitrepo/pages", media="data/gitrepo/media"), **LEFTOVER},
        ),
        ({"olddir": "old", "metadir": "./x/../notes"}, data("data", attic="old", meta="notes")),
        ({"datadir": "", "olddir": "0"}, data("data")),
        ({"savedir": "./store", "datadir": "texts"}, data("store", pages="texts")),
        ({"mediaolddir": "./x", "mediametadir": "./y"}, data("data")),
        ({"datadir": "./not/there"}, data("data")),
    ],
)
def test_folders_are_where_the_settings_say(
    tmp_path: Path, container: str, settings: dict[str, str], files: dict[str, str]
) -> None:
    wiki = dw.Wiki.open(CONTAINERS[container](tmp_path, {**conf(**settings), **files}))
    assert found_in(wiki) == WHOLE
    assert str(wiki.source.layout) == "a whole DokuWiki"
    assert [one["deleted"] for one in convert(wiki.source, revisions=True)] == [False, False]


@pytest.mark.parametrize("protected", [False, True])
def test_the_last_file_of_settings_counts(tmp_path: Path, protected: bool) -> None:
    files = {**conf(savedir="./store"), **data("store"), **data("other")}
    if protected:
        files["conf/local.protected.php"] = "<?php $conf['savedir'] = 'other';"
    wiki = dw.Wiki.open(write(tmp_path, files))
    assert wiki.source.layout.base == ("other" if protected else "store")


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    ("settings", "files"),
    [
        ({"savedir": "/var/www/wiki/store"}, {**data("store"), **LEFTOVER}),
        ({"savedir": "/srv/data"}, data("data")),
        (
            {"datadir": "/var/www/wiki/data/gitrepo/pages"},
            {**data("data", pages="data/gitrepo/pages"), **LEFTOVER},
        ),
        ({"savedir": "../../elsewhere/store"}, data("store")),
    ],
)
def test_a_copy_is_read_where_its_absolute_paths_lead_within_it(
    tmp_path: Path, container: str, settings: dict[str, str], files: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    place = CONTAINERS[container](tmp_path, {**conf(**settings), **files})
    with caplog.at_level(logging.WARNING):
        assert found_in(dw.Wiki.open(place)) == WHOLE
    (line,) = caplog.messages
    assert next(iter(settings.values())) in line
    assert ("--savedir" in line) is (container == "folder")


@pytest.mark.parametrize("setting", ["savedir", "datadir", "olddir", "metadir", "mediadir", "mediaolddir"])
def test_nothing_of_the_live_wiki_is_read_or_written_from_a_copy(
    tmp_path: Path, setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    live = write(tmp_path / "live", {"x/pages/a.txt": "live", f"x/a.{FIRST}.txt": "live", "x/a.changes": "", **DATA})
    before = {path: path.read_bytes() for path in live.rglob("*") if path.is_file()}
    copy = write(tmp_path / "copy", {**conf(**{setting: str(live / "x")}), **data("data")})
    assert main(["convert", str(copy), "--with", "text"]) == 0
    output, messages = capsys.readouterr()
    assert "live" not in output
    (line,) = [line for line in messages.splitlines() if "its settings lead out of it" in line]
    assert f"({setting} is {live / 'x'})" in line
    assert f"--savedir {live / 'x'}" in line
    wiki = dw.Wiki.open(copy)
    assert found_in(wiki) == WHOLE
    assert len(wiki.transform(lambda page: dw.edit.replace(page, page, "new")).changed) == 1
    assert (copy / "data/pages/a.txt").read_text() == "new"
    assert {path: path.read_bytes() for path in live.rglob("*") if path.is_file()} == before


def test_without_data_of_its_own_the_line_is_the_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = write(tmp_path / "live", DATA)
    files = {**conf(savedir=str(live)), "doku.php": "", "inc/lang/en/edit.txt": "no page"}
    wiki = write(tmp_path / "wiki", files)
    with pytest.raises(SourceError, match="savedir is"):
        dw.Wiki.open(wiki)
    assert main(["convert", str(wiki)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"--savedir {live} (in Python savedir=)" in line


@pytest.mark.parametrize("setting", ["savedir", "datadir"])
@pytest.mark.parametrize("named", ["", ".."])
def test_what_settings_lead_to_is_read_and_written_when_it_is_named(tmp_path: Path, setting: str, named: str) -> None:
    at = {"savedir": "live/x", "datadir": "live/x/pages"}[setting]
    live = write(tmp_path / "root", {**data("live/x")}) / at
    wiki_files = {**conf(**{setting: str(live)}), "data/pages/b.txt": "leftover", "data/attic/a.1.txt": "own"}
    place = write(tmp_path / "root/wiki", wiki_files)
    wiki = dw.Wiki.open(place, savedir=live / named)
    expected = [["first", "now"]] if setting == "savedir" else [["own", "now"]]
    assert list(seen(wiki).values()) == expected
    assert wiki.transform(lambda page: dw.edit.replace(page, page, "new")).errors == ()
    assert (tmp_path / "root/live/x/pages/a.txt").read_text() == "new"
    assert (place / "data/pages/b.txt").read_text() == "leftover"


def test_a_folder_of_data_can_be_named_that_the_settings_do_not_know(tmp_path: Path) -> None:
    other = write(tmp_path / "other", DATA)
    for settings in ({}, {"savedir": "/nowhere"}):
        wiki = dw.Wiki.open(write(tmp_path / "wiki", {**conf(**settings), **LEFTOVER}), savedir=str(other))
        assert found_in(wiki) == WHOLE
        assert wiki.source.layout.conf == "conf"
    assert main(["convert", "-q", str(tmp_path / "wiki"), "--savedir", str(other), "-o", str(tmp_path / "out")]) == 0


def test_settings_that_are_given_name_their_folders(tmp_path: Path) -> None:
    other = write(tmp_path / "other", {"a.txt": "now"})
    wiki = dw.Wiki.open(write(tmp_path / "wiki", {**conf(), **LEFTOVER}), settings={"datadir": str(other)})
    assert list(wiki) == ["a"]


def test_a_folder_that_is_named_has_to_be_one(tmp_path: Path) -> None:
    write(tmp_path, {**conf(), **data("data")})
    with pytest.raises(FolderError, match="nowhere"):
        dw.Wiki.open(tmp_path, savedir=tmp_path / "nowhere")
    with pytest.raises(SourceError, match="an archive"):
        dw.Wiki.open(as_tar(tmp_path / "x", DATA), savedir=tmp_path)


@pytest.mark.parametrize("value", ["\\\\", "a\0b", "..", "/", "../" * 50, "x" * 5000, "./data/pages/a.txt", "~", "con"])
@pytest.mark.parametrize("setting", ["savedir", "datadir", "metadir"])
def test_strange_settings_lead_nowhere(tmp_path: Path, setting: str, value: str) -> None:
    wiki = dw.Wiki.open(write(tmp_path / "a" / "b", {**conf(**{setting: value}), **data("data")}))
    assert list(wiki) == ["a"]
    assert wiki.transform(lambda page: page).errors == ()


# ------------------------------------------------------------------------------------------------------ links


@pytest.mark.parametrize("link", ["data", "data/pages", "pages"])
def test_a_link_to_the_pages_out_of_the_wiki_is_one_error(
    tmp_path: Path, link: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = write(tmp_path / "elsewhere", DATA)
    target = whole if link == "data" else whole / "pages"
    files = {} if link == "pages" else conf()
    wiki = write(tmp_path / "wiki", {**files, "readme.md": "", "data/media/x.png": ""} if link != "data" else files)
    (wiki / link).symlink_to(target)
    expected = f"{wiki / link}: is a link to {target}, outside of {wiki}"
    with pytest.raises(SourceError, match=expected):
        dw.Wiki.open(wiki)
    assert main(["convert", str(wiki)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert expected in line
    assert f"--savedir {target}" in line
    for named in (target, target.parent, tmp_path):
        assert list(dw.Wiki.open(wiki, savedir=named)) == ["a"]
    assert main(["convert", "-q", str(wiki), "--savedir", str(target), "-o", str(tmp_path / "out")]) == 0


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    wiki = write(tmp_path / "wiki", conf())
    (wiki / "data").symlink_to(tmp_path / "gone")
    with pytest.raises(SourceError, match="gone"):
        dw.Wiki.open(wiki)


@pytest.mark.parametrize("link", ["data", "data/pages", "data/attic", "data/meta"])
def test_links_within_the_wiki_are_followed(tmp_path: Path, link: str) -> None:
    wiki = write(tmp_path, {**conf(), **data("data")})
    (wiki / link).rename(wiki / "real")
    (wiki / link).symlink_to(wiki / "real")
    assert found_in(dw.Wiki.open(wiki)) == WHOLE


@pytest.mark.parametrize("opened", ["", "data", "data/pages"])
def test_what_is_opened_may_be_a_link_itself(tmp_path: Path, opened: str) -> None:
    real = write(tmp_path / "real", {**conf(), **data("data")})
    (tmp_path / "links").mkdir()
    name = opened.rpartition("/")[2] or "wiki"
    (tmp_path / "links" / name).symlink_to(real / opened)
    assert list(dw.Wiki.open(tmp_path / "links" / name)) == ["a"]


@pytest.mark.parametrize("link", ["data/attic", "data/meta", "data/media", "conf/local.php", "conf/acl.auth.php"])
def test_other_links_out_of_the_wiki_are_not_followed_and_said(
    tmp_path: Path, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "elsewhere", {**DATA, "local.php": "<?php $conf['start'] = 'x';", "acl.auth.php": "* @ALL 1"})
    files = {name: text for name, text in {**conf(), **data("data")}.items() if not name.startswith(link)}
    wiki = write(tmp_path / "wiki", files)
    (wiki / link).symlink_to(tmp_path / "elsewhere" / link.partition("/")[2])
    with caplog.at_level(logging.WARNING):
        opened = dw.Wiki.open(wiki)
    assert list(opened) == ["a"]
    assert opened.settings.link_rules.start_page == "start"
    (line,) = caplog.messages
    assert line.startswith(f"{wiki / link}: not read, since it is a link to {tmp_path / 'elsewhere'}")
    if link.endswith(("attic", "meta")):
        with_named = dw.Wiki.open(wiki, savedir=tmp_path / "elsewhere" / link.partition("/")[2])
        assert found_in(with_named) == WHOLE


def test_a_page_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    wiki = write(tmp_path / "wiki", {**conf(), **data("data")})
    (wiki / "data/meta/a.changes").unlink()
    (wiki / "data/meta/a.changes").symlink_to(wiki / "conf/local.php")
    ((_, error),) = dw.Wiki.open(wiki).transform(lambda page: dw.edit.replace(page, page, "new")).errors
    assert isinstance(error, SaveError)
    assert (wiki / "data/pages/a.txt").read_text() == "now"


# ------------------------------------------------------------------------------ loose files, parts of a wiki


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("beside", [["license.txt"], ["a.txt", "b.txt", "README.md"], ["scripts/x.txt"], [".git/x"]])
@pytest.mark.parametrize("kind", [None, "pages", "data"])
def test_a_folder_with_pages_is_a_wikis_data(
    tmp_path: Path, container: str, beside: list[str], kind: LayoutKind | None
) -> None:
    files = {"pages/start.txt": "now", "media/x.png": "", **dict.fromkeys(beside, "no page")}
    wiki = dw.Wiki.open(CONTAINERS[container](tmp_path, files), layout=kind)
    assert (list(wiki), list(wiki.media)) == (["start"], ["x.png"])
    texts = sum("/" not in name and name.endswith(".txt") for name in beside)
    assert (f"without {texts} texts beside" in wiki.source.description) is bool(texts)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("kind", ["pages", "data"])
@pytest.mark.parametrize(
    "files",
    [
        {"pages/a.txt": "now"},
        data(""),
        {**conf(), **data("data")},
        {"x/y/pages/a.txt": "now", "z/readme.md": "", "loose.txt": ""},
        {"x/pages/a.txt": "now", "z/b.txt": ""},
    ],
)
def test_both_layouts_work_wherever_there_is_such_a_folder(
    tmp_path: Path, container: str, kind: LayoutKind, files: dict[str, str]
) -> None:
    wiki = dw.Wiki.open(CONTAINERS[container](tmp_path, files), layout=kind)
    assert (list(wiki), wiki.source.layout.kind) == (["a"], kind)


@pytest.mark.parametrize("container", CONTAINERS)
def test_settings_beside_pages_count(tmp_path: Path, container: str) -> None:
    settings = "<?php $conf['useacl'] = 1; $conf['start'] = 'home'; $conf['useslash'] = 1;"
    files = {**data(""), "conf/local.php": settings, "conf/acl.auth.php": "* @ALL 0\na @ALL 1", "pages/b.txt": "x"}
    wiki = dw.Wiki.open(CONTAINERS[container](tmp_path, files))
    assert (wiki.settings.link_rules.start_page, wiki.readable_by()) == ("home", ["a"])
    assert seen(wiki)["a"] == ["first", "now"]
    assert wiki.source.layout.kind == "data"


def test_a_folder_named_conf_without_settings_is_none(tmp_path: Path) -> None:
    wiki = dw.Wiki.open(write(tmp_path, {**data(""), "conf/nginx.ini": ""}))
    assert wiki.source.layout.conf is None


@pytest.mark.parametrize(
    ("files", "opened"),
    [
        (data(""), "pages"),
        ({**data(""), "conf/local.php": "<?php $conf['start'] = 'home';"}, "pages"),
        ({**data("data"), **conf(start="home")}, "data"),
        ({**data("data"), **conf(start="home")}, "data/pages"),
        ({**data("store"), **conf(start="home", savedir="/live"), **LEFTOVER}, "store"),
        ({**data("data", attic="old"), **conf(start="home", olddir="old")}, "data/pages"),
        ({**data("data", pages="data/gitrepo/pages"), **conf(start="home", datadir="data/gitrepo/pages"),
          "data/pages/x.txt": ""}, "data"),
    ],
)  # fmt: skip
def test_what_lies_beside_an_opened_folder_counts(tmp_path: Path, files: dict[str, str], opened: str) -> None:
    wiki = dw.Wiki.open(write(tmp_path, files) / opened)
    assert found_in(wiki) == WHOLE
    has_settings = any(name.startswith("conf/") for name in files)
    assert wiki.settings.link_rules.start_page == ("home" if has_settings else "start")


def test_pages_that_are_opened_are_those_of_the_wiki(tmp_path: Path) -> None:
    files = {**data("data", pages="data/gitrepo/pages"), **conf(datadir="data/gitrepo/pages")}
    assert list(dw.Wiki.open(write(tmp_path, {**files, "data/pages/left.txt": ""}) / "data/pages")) == ["left"]


def test_texts_are_only_those_below_the_folder(tmp_path: Path) -> None:
    write(tmp_path, {**conf(), **data("data")})
    assert list(dw.Wiki.open(tmp_path / "data", layout="texts")) == [f"attic:a.{FIRST}", "pages:a"]
    assert list(dw.Wiki.open(tmp_path / "data/pages", layout="texts")) == ["a"]


def test_in_pages_alone_an_attic_is_a_namespace(tmp_path: Path) -> None:
    files = {"pages/a.txt": "now", f"pages/attic/a.{FIRST}.txt": "a page", "pages/media/b.txt": "x"}
    wiki = dw.Wiki.open(write(tmp_path, files) / "pages")
    assert seen(wiki) == {"a": ["now"], f"attic:a.{FIRST}": ["a page"], "media:b": ["x"]}
    assert wiki.media == {}
    assert [one["deleted"] for one in convert(wiki.source, revisions=True)] == [False] * 3


# ------------------------------------------------------------------------------------------ Debian's package

DEBIAN = {
    **data("var/lib/dokuwiki/data"),
    "etc/dokuwiki/dokuwiki.php": "<?php $conf['savedir'] = '/var/lib/dokuwiki/data';",
    "etc/dokuwiki/local.php": "<?php $conf['useacl'] = 1; $conf['start'] = 'home';",
    "var/lib/dokuwiki/acl/acl.auth.php": "* @ALL 1",
    "var/lib/dokuwiki/lib/plugins/wrap/plugin.info.txt": "",
    "usr/share/dokuwiki/VERSION": "2022-07-31a",
    "usr/share/dokuwiki/doku.php": "",
    "usr/share/dokuwiki/inc/lang/en/edit.txt": "no page",
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_copy_of_debians_package(tmp_path: Path, container: str) -> None:
    wiki = dw.Wiki.open(CONTAINERS[container](tmp_path, DEBIAN))
    assert found_in(wiki) == WHOLE
    assert (wiki.settings.link_rules.start_page, wiki.readable_by()) == ("home", ["a"])
    assert (wiki.settings.version, wiki.settings.syntax.plugins) == ("2022-07-31a", ("wrap",))


def test_debians_package_as_it_is_installed(tmp_path: Path) -> None:
    settings = f"<?php $conf['savedir'] = '{tmp_path}/var/lib/dokuwiki/data';"
    root = write(tmp_path, {**DEBIAN, "etc/dokuwiki/dokuwiki.php": settings})
    (root / "etc/dokuwiki/acl.auth.php").symlink_to(root / "var/lib/dokuwiki/acl/acl.auth.php")
    (root / "usr/share/dokuwiki/lib").mkdir()
    (root / "usr/share/dokuwiki/lib/plugins").symlink_to(root / "var/lib/dokuwiki/lib/plugins")
    assert found_in(dw.Wiki.open(root)) == WHOLE
    assert found_in(dw.Wiki.open(root / "var/lib/dokuwiki")) == WHOLE
    named = dw.Wiki.open(root / "etc/dokuwiki", savedir=root / "var/lib/dokuwiki/data")
    assert found_in(named) == WHOLE
    assert named.settings.link_rules.start_page == "home"
    with pytest.raises(SourceError, match="--savedir"):
        dw.Wiki.open(root / "etc/dokuwiki")
    with pytest.raises(SourceError, match="no pages"):
        dw.Wiki.open(root / "usr/share/dokuwiki")
