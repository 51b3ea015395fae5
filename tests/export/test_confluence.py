"""Confluence's storage format: well-formed, with the elements that its documentation has, and links by titles."""

import json
import xml.etree.ElementTree as ET

import pytest
from exported import files, write_wiki
from hypothesis import given
from markup import PAGES as MARKUP
from markup import SYNTAXES, TEXTS

import dokuwiki_data as dw
from dokuwiki_data.exports.storage_format import StorageLink, storage_format

AC, RI = "{urn:ac}", "{urn:ri}"

#: The elements of the format with their attributes, as far as pages of DokuWiki need them.
ALLOWED = {
    **dict.fromkeys(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "tbody"), frozenset()),
    **dict.fromkeys(("ul", "ol", "li", "tr", "br", "hr", "strong", "em", "u", "code", "sub", "sup"), frozenset()),
    "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}, "span": {"style"}, "a": {"href"},
    f"{AC}link": {f"{AC}anchor"}, f"{AC}link-body": set(), f"{RI}page": {f"{RI}content-title"},
    f"{RI}attachment": {f"{RI}filename"}, f"{RI}url": {f"{RI}value"},
    f"{AC}image": {f"{AC}alt", f"{AC}height", f"{AC}title", f"{AC}width"},
    f"{AC}structured-macro": {f"{AC}name"}, f"{AC}parameter": {f"{AC}name"}, f"{AC}plain-text-body": set(),
    f"{AC}rich-text-body": set(),
}  # fmt: skip
MACROS = {"anchor", "code", "info", "note", "tip", "warning"}

PAGES = {
    "start": "====== Welcome ======\n"
    "[[a:b#part|there]] [[gone]] [[https://x.org?a=1&b=2|out]] {{a:x.png?20|one}} {{y.pdf}}",
    "a:start": "====== Namespace ======\n[[b]] [[:start]]",
    "a:b": "====== Same title ======\n===== Part =====\n<note tip>hint</note>\nto ((a note))\n"
    "<code html a.html>\n]]> <b>\n</code>",
    "a:c": "====== Same title ======\n{{https://x.org/i.png?10x20}}",
    "a:d:e": "====== Below ======\n",
}


def checked(text):
    """Assert that a text is in the format, and return its elements."""
    root = ET.fromstring(f'<root xmlns:ac="urn:ac" xmlns:ri="urn:ri">{text}</root>')
    for element in list(root.iter())[1:]:
        assert element.tag in ALLOWED, element.tag
        assert set(element.attrib) <= ALLOWED[element.tag], element.attrib
        if element.tag == f"{AC}structured-macro":
            assert element.get(f"{AC}name") in MACROS
        if element.tag == "span":
            assert element.get("style") == "text-decoration: line-through;"
    return root


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wiki")
    source = write_wiki(folder / "source", PAGES, ["a:x.png", "y.pdf"])
    wiki = dw.Wiki.open(source, plugins="+note")
    return wiki.source, folder / "out", dw.export(wiki.source, folder / "out", "confluence")


def page(done, path):
    return (done[1] / "pages" / f"{path}.xml").read_text("utf-8")


def about(done, path):
    return json.loads((done[1] / "pages" / f"{path}.json").read_text("utf-8"))


def test_every_page_is_in_the_format(done):
    for path, content in files(done[1] / "pages").items():
        if path.endswith(".xml"):
            checked(content.decode())
    assert done[2].pages == len(PAGES)


def test_links_name_titles_files_and_anchors(done):
    text = page(done, "index")
    assert (
        '<ac:link ac:anchor="part"><ri:page ri:content-title="Same title"/><ac:link-body>there</ac:link-body></ac:link>'
        ' gone <a href="https://x.org?a=1&amp;b=2">out</a>'
    ) in text
    assert (
        '<ac:image ac:alt="one" ac:title="one" ac:width="20"><ri:attachment ri:filename="a-x.png"/></ac:image>' in text
    )
    assert '<ac:link><ri:attachment ri:filename="y.pdf"/><ac:link-body>y.pdf</ac:link-body></ac:link>' in text
    assert '<ri:url ri:value="https://x.org/i.png"/>' in page(done, "a/c")


def test_headings_have_the_anchors_to_which_links_lead(done):
    anchor = '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">part</ac:parameter></ac:structured-macro>'
    assert f"<h2>{anchor}Part</h2>" in page(done, "a/b")
    assert "<h1>Welcome</h1>" in page(done, "index")


def test_code_and_boxes_are_macros(done):
    text = page(done, "a/b")
    assert (
        '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">xml</ac:parameter>'
        '<ac:parameter ac:name="title">a.html</ac:parameter>'
        "<ac:plain-text-body><![CDATA[]]]]><![CDATA[> <b>]]></ac:plain-text-body></ac:structured-macro>"
    ) in text
    assert (
        '<ac:structured-macro ac:name="tip"><ac:rich-text-body>hint\n</ac:rich-text-body></ac:structured-macro>' in text
    )


def test_titles_are_different_and_pages_have_parents_and_attachments(done):
    assert about(done, "index") == {
        "title": "Welcome", "parent": None,
        "attachments": [{"name": "a-x.png", "file": "media/a/x.png"}, {"name": "y.pdf", "file": "media/y.pdf"}],
    }  # fmt: skip
    assert about(done, "a/index") == {"title": "Namespace", "parent": None, "attachments": []}
    assert about(done, "a/b") == {"title": "Same title", "parent": "Namespace", "attachments": []}
    assert about(done, "a/c")["title"] == "Same title (a:c)"
    assert about(done, "a/d/e")["parent"] == "Namespace"


def test_several_processes_write_the_same(done, tmp_path):
    dw.export(done[0], tmp_path, "confluence", jobs=2)
    assert files(tmp_path) == files(done[1])


def meaning(address):
    kind = "page" if "doku.php" in address else "attachment" if "fetch.php" in address else "address"
    return StorageLink(kind, address)


@given(MARKUP | TEXTS, SYNTAXES)
def test_everything_is_in_the_format(text, syntax):
    parsed = dw.parse(text, syntax=syntax)
    checked(storage_format(dw.render.html(parsed), meaning))


def test_deep_markup_is_in_the_format():
    for text in (">" * 3000 + "x", "\n".join("  " * depth + "  * x" for depth in range(1, 300))):
        checked(storage_format(dw.render.html(dw.parse(text)), meaning))
