"""What looks like a plugin's syntax that no active plugin claimed, and what only looks so to a machine."""

import pytest
from plugin_cases import syntax_with

import dokuwiki_data as dw
from dokuwiki_data.plugins.inactive import inactive_syntax

NONE = syntax_with()


def found_in(text, *plugins):
    return [(one.syntax, one.plugin) for one in inactive_syntax(dw.parse(text, syntax=syntax_with(*plugins)))]


@pytest.mark.parametrize(
    ("text", "syntax", "plugin"),
    [
        ("<note>important</note>", "<note>", "note"),
        ("a\n\n<WRAP center 60%>\n**b**\n\n  * c\n</WRAP>\n", "<WRAP>", "wrap"),
        ("a <wrap em/> b", "<wrap>", "wrap"),
        ("<something else>a</something>", "<something>", None),
        ('<div class>a</div> <div class="a">b</div>', "<div>", "wrap"),
        ("<html><b>a</b> {{x>y}} /* c */</html>", "<html>", "htmlok"),
        ("<table ?a ?b>\n?a is a: b\n</table>", "<table>", "strata"),
        ("<nspages ns -h1>", "<nspages>", "nspages"),
        ("{{tag>a b}}", "{{tag>}}", "tag"),
        ("{{ vimeo>1 }}", "{{vimeo>}}", "vshare"),
        ("{{fields>a}}", "{{fields>}}", None),
        ("{{searchtags&x}}", "{{searchtags}}", "tag"),
        ("the {{$projects.title}}", "{{$}}", "struct"),
        ("a [{{image.png?200|with a caption}}] b", "[{{}}]", "imagebox"),
        ("~~ODT~~", "~~ODT~~", "odt"),
        ("a ~~Title: b c~~", "~~Title~~", "pagetitle"),
        ("~~SOMETHING:x ~ y~~", "~~SOMETHING~~", None),
        ("~~#~~. first", "~~#~~", "autonumbering"),
        ("---- struct table ----\nschema: a\n# b\n\ncols: c\n----", "---- struct ----", "struct"),
        ("a\n---- dbquery xy ----\nq: 1\n----\n", "---- dbquery ----", None),
        ("++++ More | a\n\nb ++++", "++++", "folded"),
        ("a ++ more | b ++ c", "++", "folded"),
        ("a /* b\nc */ d", "/* */", "comment"),
    ],
)
def test_what_looks_like_a_plugins(text, syntax, plugin):
    assert found_in(text) == [(syntax, plugin)]


@pytest.mark.parametrize(
    "text",
    [
        "say <name> or <your name here> or <IP address>",
        "from <a> to <b>",
        "closed </note> but never opened, opened <note important> but never closed",
        '<span>a</span> <b>bold</b> and <a href="x">y</a> and <table><tr><td>z</td></tr></table>',
        "<code><note>a</note></code> ''%%<note>a</note>%%'' <nowiki>~~ODT~~</nowiki>",
        "  <note>indented</note>\n",
        "== <note>a</note> ==",
        "[[a|<note>b</note>]] <me@example.org>",
        "[{{image.png}}] {{image.png|a}}] [b {{image.png|c}}",
        "{{image.png}} {{ns:image.png?100|a > b}} {{https://example.org/a>b}}",
        "~~struck out~~ ~~ ~~ ~~~~ ~~NOTOC~~ ~~NOCACHE~~ ~~INFO:version~~",
        "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n",
        "---- Original message ----\nfrom: a\n----",
        "---- note ----\nsome prose\n----",
        "C++ | D++ and i++ and a++ | b++",
        "^ C++ | a ++ |\n",
        "//**a**// and /etc/*.conf */",
        "/* never closed",
    ],
)
def test_what_does_not(text):
    assert found_in(text) == []


def test_another_wikis_media_are_no_plugins():
    page = dw.parse("{{wp>logo.png}}", syntax=NONE)
    assert inactive_syntax(page, dw.Syntax().addresses()) == ()
    assert [one.syntax for one in inactive_syntax(page)] == ["{{wp>}}"]


@pytest.mark.parametrize(
    ("text", "plugin"),
    [
        ("{{tag>a}}", "tag"),
        ("~~DISCUSSION~~", "discussion"),
        ("---- struct table ----\nschema: a\n----", "struct"),
        ("a /* b */", "comments"),
        ("<WRAP>\n**a** [[b]]\n</WRAP>", "wrap"),
        ("<note>a</note>", "note"),
    ],
)
def test_what_an_active_plugin_claims_is_not_told(text, plugin):
    assert len(found_in(text)) == 1
    assert found_in(text, plugin) == []


def test_what_stands_in_a_claimed_container_is():
    assert found_in("<WRAP>\n<note>a</note> {{tag>b}}\n</WRAP>", "wrap") == [("<note>", "note"), ("{{tag>}}", "tag")]


def test_line_ends_may_have_returns():
    assert found_in("---- struct table ----\r\nschema: a\r\n----\r\n") == [("---- struct ----", "struct")]


def test_all_have_their_places_in_order():
    text = "é\r\n> <note>a</note>\r\n\r\n{{tag>b}} <WRAP>\r\n~~ODT~~\r\n</WRAP>"
    found = inactive_syntax(dw.parse(text, syntax=NONE))
    assert [text[slice(*one.span)] for one in found] == [
        "<note>a</note>", "{{tag>b}}", "<WRAP>\r\n~~ODT~~\r\n</WRAP>", "~~ODT~~",
    ]  # fmt: skip
    assert [one.position for one in found] == [(2, 3), (4, 1), (4, 11), (5, 1)]
    assert [one.kind for one in found] == ["tag", "braces", "tag", "macro"]
