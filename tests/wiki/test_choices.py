"""What may be said about a wiki when it is opened, in Python and on the command line alike."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import dokuwiki_data as dw
from dokuwiki_data import plugins
from dokuwiki_data.command.main import main
from dokuwiki_data.wiki.conf import parse_literal
from dokuwiki_data.wiki.settings import USED_SETTINGS
from dokuwiki_data.wiki.sources.folder_settings import FOLDERS
from dokuwiki_data.writers.expansions import inclusion

DEFAULT = dw.Syntax().plugins


@pytest.fixture
def place(tmp_path: Path) -> Path:
    files = {
        "conf/local.php": "<?php $conf['useslash'] = 0; $conf['start'] = 'home';",
        "data/pages/a.txt": "<note>[[b/c]]</note> /* x */",
        "data/pages/b/c.txt": "text",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("wrap,note", ("wrap", "note")),
        (["wrap"], ("wrap",)),
        ("", ()),
        ("+wrap", (*DEFAULT, "wrap")),
        ("+wrap,-comments", ("data", "keywords", "description", "wrap")),
        (["-data", "+data"], (*DEFAULT[1:], "data")),
        ("+comments,-wrap", DEFAULT),
    ],
)
def test_plugins_are_named_all_or_added_and_left_out(names: str | list[str], expected: tuple[str, ...]) -> None:
    assert plugins.chosen(names, DEFAULT) == expected


@pytest.mark.parametrize("names", ["+wrap,comments", "-nothing", "+nothing", "nothing", "+", "-"])
def test_plugins_that_cannot_be_chosen(place: Path, names: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match=r"plugin"):
        dw.Wiki.open(place, plugins=names)
    assert main(["convert", str(place), f"--plugins={names}"]) == 2
    assert len(capsys.readouterr().err.splitlines()) <= 2


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ({}, []),
        ({"settings": {"useslash": True}}, ["--set", "useslash=true"]),
        ({"settings": {"useslash": 1, "start": "a b"}}, ["--set=useslash=1", "--set", "start=a b"]),
        ({"plugins": "+note,-comments"}, ["--plugins=+note,-comments"]),
        ({"plugins": ["note"], "release": "2025-05-14"}, ["--plugins", "note", "--release", "2025-05-14"]),
        ({"layout": "texts"}, ["--layout", "texts"]),
        ({"file_names": "utf-8", "limit": 1 << 20}, ["--file-names", "utf-8", "--limit", "1M"]),
    ],
)
def test_python_takes_what_the_command_takes(
    place: Path, arguments: dict[str, Any], options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    wiki = dw.Wiki.open(place, **arguments)
    assert main(["convert", str(place), "-q", *options]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert records == [dw.render.json(page) for page in wiki.values()]


def test_settings_that_are_given_override_those_of_the_wiki(place: Path) -> None:
    assert dw.Wiki.open(place).wanted == {"b_c": ["a"]}
    wiki = dw.Wiki.open(place, settings={"useslash": True, "plugin/data/rownumbers": 1}, plugins="+note")
    assert (wiki.wanted, wiki.settings.link_rules.start_page, wiki.context().rownumbers) == ({}, "home", True)
    assert dw.Wiki.open(place / "data" / "pages" / "b", settings={"camelcase": 1}).settings.syntax.camelcase


@pytest.mark.parametrize(
    "arguments",
    [{"layout": "x"}, {"file_names": "x"}, {"release": "x"}, {"plugins": ["x"]}, {"settings": {"start": ["x"]}}],
)
def test_what_is_not_known_is_refused(place: Path, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="x"):
        dw.Wiki.open(place, **arguments)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("useslah", "unknown setting 'useslah': did you mean 'useslash'?"),
        ("UseSlash", "unknown setting 'UseSlash': did you mean 'useslash'?"),
        ("plugin/data/rownumber", "unknown setting 'plugin/data/rownumber': did you mean 'plugin/data/rownumbers'?"),
        ("template", "the setting 'template' has no effect here; known: autoplural, basedir, baseurl, camelcase, "),
        ("", "the setting '' has no effect here; known: "),
    ],
)
def test_a_setting_without_an_effect_is_refused(
    name: str, message: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=r"setting") as refused:
        dw.Wiki.open(place, settings={name: 1})
    assert str(refused.value).startswith(message)
    if name:
        assert main(["convert", str(place), "--set", f"{name}=1"]) == 2
        assert capsys.readouterr().err == f"dokuwiki-data: {refused.value}\n"


def test_the_settings_with_an_effect_are_those_that_the_code_reads() -> None:
    package = Path(dw.__file__).parent
    asked = re.compile(r"""(?:settings|self)\.(?:text|number)\(\s*"([a-z_/]+)\"""")
    read = {name for path in package.rglob("*.py") for name in asked.findall(path.read_text("utf-8"))}
    of_include = {f"plugin/include/{name}" for name, _ in inclusion._FLAGS.values()}
    assert read | set(FOLDERS.values()) | {"savedir"} | of_include == USED_SETTINGS


@pytest.mark.parametrize("argument", ["useslash", "=1", "", " =1"])
def test_an_argument_that_is_no_setting(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["convert", ".", "--set", argument])
    assert "is not a setting such as useslash=1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("-2", -2), ("1.5", 1.5), ("true", True), ("False", False), ("null", None), ("x", "x"), ("", "")],
)
def test_values_without_quotes(text: str, value: object) -> None:
    found = parse_literal(text)
    assert (found, type(found)) == (value, type(value))
