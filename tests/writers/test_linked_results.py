"""Results as tables whose cells are what their types say."""

from __future__ import annotations

from markdown_it import MarkdownIt

import dokuwiki_data as dw

ENTRY = """====== A | page ======
---- dataentry x ----
who_page: people:anna
site_url: example.org/a b
mails_mail: me@example.org Me
pic_img30: photo.jpg|A <photo>
note_wiki: **bold**
plain: <b>|*x*
----
"""
WIKI = dw.Wiki.from_pages([dw.parse(ENTRY, page_id="a:page")])
RESULT = WIKI.evaluate("cols: %title%, who_page, site_url, mails_mail, pic_img30, note_wiki, plain; rownumbers: 1")


def test_html_with_links():
    cells = RESULT.to_html(links=True).splitlines()[5].removeprefix("<tr><td>").removesuffix("</td></tr>")
    assert cells.split("</td><td>") == [
        "1",
        '<a href="/doku.php?id=a:page" class="wikilink1" title="a:page" data-wiki-id="a:page">A | page</a>',
        '<a href="/doku.php?id=people:anna" class="wikilink1" title="people:anna" data-wiki-id="people:anna">anna</a>',
        '<a href="http://example.org/a%20b" class="urlextern" title="http://example.org/a b" rel="nofollow">'
        "http://example.org/a b</a>",
        '<a href="mailto:me@example.org" class="mail" title="me@example.org">Me</a>',
        '<a href="/lib/exe/fetch.php?media=photo.jpg" class="media" title="photo.jpg">'
        '<img src="/lib/exe/fetch.php?media=photo.jpg" class="media" loading="lazy" title="A &lt;photo&gt;" '
        'alt="A &lt;photo&gt;" width="30" /></a>',
        "<strong>bold</strong>",
        "&lt;b&gt;|*x*",
    ]


def test_markdown_with_links_means_the_same():
    parser = MarkdownIt("commonmark").enable("table")
    html = parser.render(RESULT.to_markdown(links=True))
    for part in [
        '<a href="/doku.php?id=a:page">A | page</a>',
        '<a href="/doku.php?id=people:anna">anna</a>',
        '<a href="http://example.org/a%20b">http://example.org/a b</a>',
        '<a href="mailto:me@example.org">Me</a>',
        '<img src="/lib/exe/fetch.php?media=photo.jpg" alt="A &lt;photo&gt;" />',
        "<td>bold</td>",
        "<td>&lt;b&gt;|*x*</td>",
    ]:
        assert part in html


def test_without_links_cells_are_texts():
    assert "<a " not in RESULT.to_html()
    assert "](" not in RESULT.to_markdown()


def test_values_of_a_count_have_their_links_too():
    counts = WIKI.evaluate(dw.Query.parse("field: who_page", "cloud"))
    row = '<a href="/doku.php?id=people:anna" class="wikilink1" title="people:anna" data-wiki-id="people:anna">anna</a>'
    assert f"<tr><td>{row}</td><td>1</td></tr>" in counts.to_html(links=True)
