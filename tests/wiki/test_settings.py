"""What a wiki's conf folder says: settings, names that count as markup, the release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dokuwiki_data as dw
from dokuwiki_data.syntax.configuration import RELEASES
from dokuwiki_data.wiki.conf import merged_pairs, merged_schemes, read_pairs, read_php
from dokuwiki_data.wiki.settings import Settings, read_settings, release_of
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.opening import source_of_files

#: Files of ours, the names that DokuWiki 2026-07-14 makes of them, and its instructions of a page under them.
RECORDED = json.loads((Path(__file__).parent / "conf.json").read_text("utf-8"))
KINDS = ("acronyms", "smileys", "entities", "schemes")


def test_names_are_those_that_dokuwiki_makes_of_the_files() -> None:
    syntax = read_settings(RECORDED["files"].get).syntax
    for kind in KINDS:
        assert list(syntax.names(kind)) == RECORDED["names"][kind]
    assert syntax.addresses() == RECORDED["names"]["interwiki"]


def test_a_page_is_read_with_the_names_and_settings_of_its_wiki() -> None:
    files = {f"conf/{name}": text for name, text in RECORDED["files"].items()}
    wiki = dw.Wiki(source_of_files(MemoryFiles({**files, "data/pages/p.txt": RECORDED["text"]})))
    assert json.loads(json.dumps(dw.render.instructions(wiki["p"]))) == RECORDED["calls"]


def test_local_names_come_on_top_of_dokuwikis_own_where_its_files_are_missing() -> None:
    own = dw.Syntax()
    assert read_settings({}.get) == Settings(syntax=read_settings({}.get).syntax)
    for kind in KINDS:
        assert read_settings({}.get).syntax.names(kind) == own.names(kind)
    syntax = read_settings({
        "acronyms.local.conf": "FOO bar\nCSS\n", "scheme.local.conf": "!ftp", "interwiki.local.conf": "own x",
    }.get).syntax  # fmt: skip
    assert syntax.names("acronyms") == (*(name for name in own.names("acronyms") if name != "CSS"), "FOO")
    assert syntax.names("schemes") == tuple(name for name in own.names("schemes") if name != "ftp")
    assert syntax.addresses() == {**own.addresses(), "own": "x"}


@pytest.mark.parametrize(
    ("settings", "typography", "camelcase"),
    [
        ("", 1, False),
        ("$conf['typography'] = 0;", 0, False),
        ("$conf['typography'] = '2'; $conf['camelcase'] = true;", 2, True),
        ("$conf['typography'] = -7;", 0, False),
        ("$conf['typography'] = 'much'; $conf['camelcase'] = '0';", 1, False),
        ("$conf['typography'] = 99;", 2, False),
    ],
)
def test_settings_of_the_syntax(settings: str, typography: int, camelcase: bool) -> None:
    syntax = read_settings({"local.php": "<?php " + settings}.get).syntax
    assert (syntax.typography, syntax.camelcase) == (typography, camelcase)


def test_the_release_is_the_newest_that_is_not_younger_than_the_wiki() -> None:
    for release in RELEASES:
        assert release_of(f'{release}b "Name"') == release_of(f"rc{release}") == release
    assert release_of('2008-05-05 "Old"') == release_of("0000-00-00") == min(RELEASES)
    assert release_of("2999-01-01") == max(RELEASES)
    assert release_of("") == release_of("Git") == dw.Syntax().release
    files = {"wiki/conf/local.php": "", "wiki/data/pages/a.txt": "", "wiki/VERSION": f"{min(RELEASES)}b\n"}
    settings = source_of_files(MemoryFiles(files)).settings
    assert (settings.version, settings.syntax.release) == (f"{min(RELEASES)}b", min(RELEASES))


PLUGINS = ("data", "comment", "wrap", "tag", "acl", "unknown", "pageredirect")


@pytest.mark.parametrize(
    ("installed", "files", "expected"),
    [
        ((), {}, dw.Syntax().plugins),
        (PLUGINS, {}, ("data", "comments", "wrap", "tag", "redirect")),
        (PLUGINS, {"plugins.local.php": "<?php $plugins['wrap'] = 0;"}, ("data", "comments", "tag", "redirect")),
        (
            PLUGINS,
            {
                "plugins.php": "<?php $plugins['wrap'] = 0; $plugins['data'] = 1;",
                "plugins.local.php": "<?php $plugins['wrap'] = 1; $plugins['tag'] = 0;",
                "plugins.protected.php": "<?php $plugins['data'] = 0;",
            },
            ("comments", "wrap", "redirect"),
        ),
        (("acl",), {}, ()),
    ],
)
def test_the_plugins_are_those_that_are_installed_and_not_switched_off(
    installed: tuple[str, ...], files: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert read_settings(files.get, installed=installed).syntax.plugins == expected
    lying = {f"conf/{name}": text for name, text in files.items()} | {"data/pages/a.txt": "", "conf/x": ""}
    lying |= {f"lib/plugins/{name}/plugin.info.txt": "" for name in installed}
    assert source_of_files(MemoryFiles(lying)).settings.syntax.plugins == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", False), ("''", False), ("'navigation'", False), ("1", True), ("'content'", True), ("true", True)],
)
def test_whether_pages_are_named_by_their_headings(value: str, expected: bool) -> None:
    settings = read_settings({"local.php": f"$conf['useheading'] = {value};"}.get)
    assert settings.context().useheading is expected


def test_labels_of_the_language_come_on_top_of_the_english_ones() -> None:
    settings = read_settings({
        "local.php": "$conf['lang'] = 'de'; $conf['plugin']['data']['use_dataresolve'] = 0;",
        "lang/en/data-plugin.php": "<?php $lang['Name'] = 'Name!'; $lang['Size'] = 'Size!'; $conf['x'] = 'y';",
        "lang/de/data-plugin.php": "<?php $lang['name'] = 'Der Name';",
    }.get)  # fmt: skip
    context = settings.context((dw.TypeAlias("a"),), user="joe")
    assert context.labels == {"name": "Der Name", "size": "Size!"}
    assert (context.language, context.use_dataresolve, context.rownumbers, context.user) == ("de", False, False, "joe")
    assert settings.values == {"lang": "de", "plugin/data/use_dataresolve": 0}


@pytest.mark.parametrize("language", ["../../secret", "/etc", "..", "a/b"])
def test_a_language_does_not_lead_to_other_files(language: str) -> None:
    read = []

    def reading(name: str) -> str | None:
        read.append(name)
        return f"$conf['lang'] = '{language}';" if name == "local.php" else None

    read_settings(reading)
    assert not [name for name in read if ".." in name or language in name]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("<?php $conf['a'] = 'x';", {"a": "x"}),
        ("<?php\n# $conf['a'] = 1;\n// $conf['b'] = 1;\n/* $conf['c'] = 1; */ $conf[\"d\"]=-12;", {"d": -12}),
        (r"$conf['a'] = 'it\'s \\ \n'; $conf['b'] = " + r'"a\n\$b";', {"a": "it's \\ \\n", "b": "a\n$b"}),
        ("$conf['a']['b'] = true; $conf['c'] = NULL; $conf['d'] = 1.5;", {"a/b": True, "c": None, "d": 1.5}),
        ("$conf['a'] = 1; $conf['a'] = 2;", {"a": 2}),
        ("$conf['a'] = 'x'.'y'; $conf['b'] = f('x'); $conf['c'] = \"$x\"; $conf['d'] = $conf['a'];", {}),
        ("if (1) { $conf['a'] = 1; } $conf['b'] = 2;", {"b": 2}),
        ("$other['a'] = 1; $conf = 1; $conf[] = 1; $conf['a'] .= 'x'; system('x');", {}),
        ("$conf['a'] = 'no end", {}),
    ],
)
def test_settings_are_assignments_of_literals(text: str, values: dict[str, object]) -> None:
    assert read_php(text) == values


def test_pairs() -> None:
    text = "# comment\nDoku  https://x/y\\#{NAME} # comment\n\nfoo\tbar baz\nalone\n&#38; and\n"
    expected = {"doku": "https://x/y#{NAME}", "foo": "bar baz", "alone": "", "&#38;": "and"}
    assert read_pairs(text, lower=True) == expected


def test_names_that_are_numbers_are_counted_as_php_does_it() -> None:
    assert merged_pairs({}, ["404 a\nx b\n405 c", "7 d\n404 e\nx f"]) == {
        "0": "a", "x": "f", "1": "c", "2": "d", "3": "e",
    }  # fmt: skip


def test_schemes_are_taken_away_in_order() -> None:
    assert merged_schemes(["a", "b"], ["!a\na\n!c", "c\n!b"]) == ("a", "c")
