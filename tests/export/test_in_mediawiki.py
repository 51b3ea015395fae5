"""What MediaWiki itself makes of an export: it imports the dumps, and shows text as text."""

from __future__ import annotations

import html
import random
import re

import pytest
from git_history import write_changes
from installed_mediawiki import installed_mediawiki
from test_mediawiki_dump import revisions

import dokuwiki_data as dw
from dokuwiki_data.nodes import Page, Paragraph, Table, TableCell, TableRow, Text
from dokuwiki_data.writers.mediawiki import TitleRules

#: What counts in wikitext, as pieces of random text.
PIECES = [
    "{{", "}}", "{{{", "{{PAGENAME}}", "{{!}}", "{{subst:x}}", "-{", "}-", "[[", "]]", "[", "]", "[[Category:X]]",
    "[[File:x.png]]", "[//x.org y]", "|", "||", "!!", "{|", "|}", "|-", "'", "''", "'''", "__TOC__", "__NOTOC__",
    "__", "_", "~~~", "~~~~", "<nowiki>", "</nowiki>", "<pre>", "</pre>", "<ref>", "</ref>", "<references/>", "<b>",
    "</b>", "<!--", "-->", "<br>", "<includeonly>", "<gallery>", "<syntaxhighlight>", "<", ">", "&lt;", "&amp;amp;",
    "&#123;", "&", "#REDIRECT [[A]]", "*", "#", ":", ";", "=", "==", "----", "http://", "https://x.org/a.png",
    "mailto:a@b.c", "news:x", "urn:x", "ISBN 1234567890", "RFC 123", "PMID 12", " :", " ?", "« ", " »", " ", "\n",
    "a", "word", "é", "1",
]  # fmt: skip


@pytest.fixture(scope="module")
def mediawiki(tmp_path_factory):
    return installed_mediawiki(tmp_path_factory.mktemp("mediawiki"))


def random_texts(count):
    chance = random.Random(1)
    return ["x" + "".join(chance.choices(PIECES, k=chance.randint(1, 9))) + "x" for _ in range(count)]


def visible(shown):
    """The text of HTML; the cells of tables are separate words."""
    return " ".join(html.unescape(re.sub("<[^>]*>", "", shown)).split(" "))


def in_paragraph(text):
    return Page((Paragraph((Text(text),)),))


def in_bold(text):
    return Page((Paragraph((Text("a "), dw.nodes.Strong((Text(text),)), Text(" b"))),))


def in_link(text):
    return Page((Paragraph((dw.nodes.ExternalLink("https://example.org/", " ".join(text.split("\n"))),)),))


def in_cell(text):
    return Page((Table((TableRow((TableCell((Text(text),)), TableCell((Text("b"),), header=True)), 2),), 2),))


def in_item(text):
    return Page((dw.nodes.List(False, (dw.nodes.ListItem(1, (Text(text),)),)),))


def in_code(text):
    return Page((Paragraph((dw.nodes.Monospace((Text(text),)),)),))


def in_nowiki(text):
    return Page((Paragraph((dw.nodes.Unformatted(text),)),))


def in_note(text):
    return Page((Paragraph((Text("a"), dw.nodes.Footnote((Text(text),)))),))


@pytest.mark.parametrize("place", [in_paragraph, in_bold, in_link, in_cell, in_item, in_code, in_nowiki, in_note])
def test_text_stays_text(mediawiki, place):
    """No text is a template, a switch, a link or a tag by accident."""
    texts = random_texts(150)
    written = [dw.render.mediawiki(place(text)) for text in texts]
    plain = dw.render.mediawiki(place("xwordx"))
    wanted, *found = mediawiki.shown([("Test", wikitext) for wikitext in (plain, *written)])
    for text, wikitext, shown in zip(texts, written, found, strict=True):
        folded = " ".join(visible(wanted).replace("xwordx", text).split())
        assert " ".join(visible(shown).split()) == folded, wikitext
        assert shown.count("<a ") == wanted.count("<a "), wikitext
        assert shown.count("<img") == 0, wikitext


#: What ids of pages that nobody cleaned may have, and what counts in titles.
LETTERS = [
    *"aXY_ -.~%&;#:[]{}|<>/\\'\"+=?*!,@^`$()é日ßﬃ\u0390\u0149\u0301\u00a0\u200e\u3000\x7f", "%41", "&amp;", "~~~",
    "..", "user", "start",
]  # fmt: skip


def test_every_id_has_a_title_that_mediawiki_takes(mediawiki):
    chance = random.Random(1)
    names = ["".join(chance.choices(LETTERS, k=chance.randint(1, 9))) for _ in range(500)]
    titles = [TitleRules().page(name) for name in names]
    titles += [f"File:{TitleRules.file(name)}" for name in names] + [
        f"Category:{TitleRules.category(name)}" for name in names
    ]
    found = mediawiki.shown([("Test", f"[[:{title}|x]]") for title in titles])
    for title, shown in zip(titles, found, strict=True):
        (there,) = re.findall('title="([^"]*) \\(page does not exist\\)"', shown)
        assert html.unescape(there) == title.replace("_", " ")


def test_dumps_are_imported(mediawiki, tmp_path):
    wiki = write_changes(tmp_path / "wiki")
    dw.export(wiki, tmp_path / "dump", "mediawiki")
    ours = []
    for name in ("pages-1.xml", "deleted-1.xml", "mainpage.xml"):
        mediawiki.run("importDump.php", "--no-updates", tmp_path / "dump" / name)
        ours += revisions(tmp_path / "dump" / name)
    theirs = mediawiki.asked(
        "SELECT page_title, strftime('%s', substr(rev_timestamp, 1, 4) || '-' || substr(rev_timestamp, 5, 2) || '-' || "
        "substr(rev_timestamp, 7, 2) || ' ' || substr(rev_timestamp, 9, 2) || ':' || substr(rev_timestamp, 11, 2) || "
        "':' || substr(rev_timestamp, 13, 2)), actor_name, rev_minor_edit, rev_len FROM revision "
        "JOIN page ON rev_page = page_id JOIN actor ON rev_actor = actor_id "
        "WHERE CAST(page_title AS TEXT) != 'Main_Page'"
    )
    expected = [
        (
            title.replace(" ", "_").removeprefix("MediaWiki:"),
            str(time),
            author if author[0].isdigit() else f"imported>{author}",
            int(is_minor),
            len(text.encode()),
        )
        for title, time, author, _, is_minor, text in ours
    ]
    assert sorted(theirs) == sorted(expected)


def test_namespaces_are_those_of_the_settings(mediawiki, tmp_path):
    wiki = tmp_path / "data"
    for name in ("start", "tool/x", "größe/y"):
        path = wiki / f"pages/{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[[tool:x|there]]", "utf-8")
    dw.export(wiki, tmp_path / "dump", "mediawiki", titles="namespaces")
    settings = mediawiki.folder / "LocalSettings.php"
    before = settings.read_text("utf-8")
    settings.write_text(f"{before}\nrequire '{tmp_path}/dump/settings.php';\n", "utf-8")
    try:
        mediawiki.run("importDump.php", "--no-updates", tmp_path / "dump/pages-1.xml")
        (shown,) = mediawiki.shown([("Größe:Y", "[[Tool:X|there]]")])
    finally:
        settings.write_text(before, "utf-8")
    assert 'href="/index.php/Tool:X"' in shown
    rows = mediawiki.asked("SELECT page_namespace, page_title FROM page WHERE page_namespace >= 3000")
    assert sorted(rows) == [(3000, "Y"), (3002, "X")]
