"""The command ``check``: what a wiki says to an admin before a migration or an upgrade."""

import pytest

from dokuwiki_data.command import main as cli

PAGES = {
    "start.txt": "<note tip>Mind the step.</note>\n\nWrite <name> here, /* not yet */ {{tag>a b}}\n",
    "a/b.txt": "One ** two** and **three.\n\nFour** five.\n",
    "plain.txt": "Nothing.\n",
}


@pytest.fixture
def wiki(tmp_path):
    for name, text in PAGES.items():
        path = tmp_path / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(tmp_path)


def test_everything_is_checked(wiki, capsys):
    assert cli.main(["check", wiki]) == 0
    output, messages = capsys.readouterr()
    assert output.splitlines() == [
        "a:b:1:5: `**` is bold only in 2025-05-14 (upgrade)",
        "a:b:1:18: `**` is bold only in 2025-05-14 (upgrade)",
        "start:1:1: <note> looks like syntax of the plugin note, which is not active (plugin)",
        "start:3:34: {{tag>}} looks like syntax of the plugin tag, which is not active (plugin)",
    ]
    assert [line.partition(": ")[2] for line in messages.splitlines()][1:] == [
        f"{wiki}: has no store of the data plugin to compare with",
        "<note> looks like syntax of the plugin note, which is not active: 1 on 1 page",
        "{{tag>}} looks like syntax of the plugin tag, which is not active: 1 on 1 page",
        "2 passages on 1 page read differently in 2025-05-14 and 2026-07-14",
        "0 links to a page, file or heading that does not exist",
    ]


def test_one_thing_is_checked(wiki, capsys):
    assert cli.main(["check", "-q", wiki, "--only", "plugins"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_links_to_pages_files_and_headings_that_do_not_exist(tmp_path, capsys):
    pages = {
        "a.txt": "====== Top ======\n[[b#2_second_part]] [[b#Second part]] [[b#third]] [[c]] [[#top]] [[#bottom]]\n",
        "b.txt": "===== 2. Second part =====\n\n===== Twice =====\n\n===== Twice =====\n[[#twice1]] [[#twice2]]\n"
        "{{x.png}} {{y.png}} [[https://x.org/#none]] [[c#none]]\n",
    }
    for name, text in pages.items():
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "pages" / name).write_text(text)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "x.png").write_bytes(b"png")
    assert cli.main(["check", "-q", str(tmp_path), "--only", "links"]) == 0
    output, messages = capsys.readouterr()
    assert output.splitlines() == [
        "a:2:39: the heading third of the page b does not exist (link)",
        "a:2:51: the page c does not exist (link)",
        "a:2:66: the heading bottom of the page a does not exist (link)",
        "b:6:13: the heading twice2 of the page b does not exist (link)",
        "b:7:11: the file y.png does not exist (link)",
        "b:7:45: the page c does not exist (link)",
    ]
    assert messages.splitlines()[-1] == "dokuwiki-data: 6 links to a page, file or heading that does not exist"


def test_links_to_footnotes_lead_nowhere_in_dokuwiki_either(tmp_path, capsys):
    """It gives footnotes the id ``fn__1`` and writes links to them as ``#fn_1`` (asked of both releases)."""
    (tmp_path / "a.txt").write_text("x ((note)) [[#fn__1]] [[a#fnt__1|up]]")
    assert cli.main(["check", "-q", str(tmp_path), "--only", "links"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "a:1:12: the anchor fn_1 of the page a does not exist, since DokuWiki cleans fn__1 in links (link)",
        "a:1:23: the anchor fnt_1 of the page a does not exist, since DokuWiki cleans fnt__1 in links (link)",
    ]


def test_that_nothing_was_found_is_said(tmp_path, capsys):
    (tmp_path / "start.txt").write_text("Words, ~~NOFOO~~")
    assert cli.main(["check", "-q", str(tmp_path), "--only", "plugins"]) == 0
    output, messages = capsys.readouterr()
    assert output == "start:1:8: ~~NOFOO~~ looks like syntax of a plugin that is not active (plugin)\n"
    (tmp_path / "start.txt").write_text("Words")
    assert cli.main(["check", "-q", str(tmp_path), "--only", "plugins"]) == 0
    output, messages = capsys.readouterr()
    assert (output, messages) == ("", "dokuwiki-data: nothing looks like the syntax of a plugin that is not active\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "store"], "has no store of the data plugin"),
        (["--only", "plugins,spelling"], "no check 'spelling'; known: pages, plugins, upgrade, links, store"),
    ],
)
def test_what_cannot_be_checked(wiki, capsys, arguments, message):
    try:
        code = cli.main(["check", wiki, *arguments])
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert message in capsys.readouterr().err
