"""Which flavour a page is read in, and where we do not read Markdown as DokuWiki does."""

from pathlib import Path

import pytest
from helpers import as_lines, check_page, read_yaml
from program import run

import dokuwiki_data as dw

DEVIATIONS = read_yaml(Path(__file__).with_name("markdown_deviations.yaml"))


def wiki_in(folder, settings="", protected="", version='2026-07-14b "Mort"'):
    """Make a wiki with one page and some settings, and return its folder."""
    for path, text in {
        "VERSION": version,
        "doku.php": "",
        "conf/local.php": f"<?php\n{settings}\n",
        "conf/local.protected.php": f"<?php\n{protected}\n",
        "data/pages/start.txt": "# *Kettle*\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("settings", "flavour"),
    [
        ({}, "dw"),
        ({"settings": "$conf['syntax'] = 'md';"}, "md"),
        ({"settings": "$conf['syntax'] = 'md+dw';"}, "md+dw"),
        ({"settings": "$conf['syntax'] = 'md';", "protected": "$conf['syntax'] = 'dw+md';"}, "dw+md"),
        ({"settings": "$conf['syntax'] = 'creole';"}, "dw"),
        ({"settings": "$conf['syntax'] = 'md';", "version": '2025-05-14b "Librarian"'}, "dw"),
    ],
)
def test_the_settings_of_a_wiki_decide(tmp_path, settings, flavour):
    page = dw.Wiki.open(wiki_in(tmp_path, **settings))["start"]
    assert page.syntax.flavour == flavour
    assert bool(page.headings) == (flavour != "dw")


def test_who_opens_a_wiki_may_choose(tmp_path):
    folder = wiki_in(tmp_path, "$conf['syntax'] = 'md';")
    assert dw.Wiki.open(folder, flavour="dw")["start"].syntax.flavour == "dw"
    assert dw.Wiki.open(folder, settings={"syntax": "dw+md"})["start"].syntax.flavour == "dw+md"
    # An earlier release does not know the setting.
    assert dw.Wiki.open(folder, release="2025-05-14")["start"].syntax.flavour == "dw"
    with pytest.raises(ValueError, match="knows no Markdown"):
        dw.Wiki.open(folder, release="2025-05-14", flavour="md")
    with pytest.raises(ValueError, match="unknown flavour 'creole'; known: dw, md, dw\\+md, md\\+dw"):
        dw.Wiki.open(folder, flavour="creole")


def test_the_command_has_an_option(tmp_path):
    folder = wiki_in(tmp_path)
    assert b'"title":"start"' in run("convert", "-q", folder).stdout
    assert b'"title":"*Kettle*"' in run("convert", "-q", folder, "--flavour", "md").stdout
    refused = run("convert", "-q", folder, "--flavour", "md", "--release", "2025-05-14")
    assert refused.returncode != 0
    assert refused.stderr.decode().strip().splitlines() == [
        "dokuwiki-data: release 2025-05-14 of DokuWiki knows no Markdown: it cannot read 'md'"
    ]


@pytest.mark.parametrize("case", DEVIATIONS, ids=lambda case: case["title"])
def test_deviations_are_as_told(case):
    syntax = dw.Syntax(flavour=case["flavour"])
    page = dw.parse(case["input"], syntax=syntax)
    assert as_lines(dw.render.instructions(page)) == case["ours"] != case["reference"]
    check_page(page, syntax=syntax)
