"""Exports of Markdown: which files there are, and that the programs that read them find nothing to complain about."""

import csv
import logging
import re
import subprocess
import sys

import pytest
import yaml
from exported import manifest, write_wiki
from hugo_program import hugo_program
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.exporting import export
from dokuwiki_data.exports.front_matter import as_yaml

PAGES = {
    "start": "====== Home ======\n[[a:b#part]] {{x.png|a picture}}",
    "a:start": "====== A <b> ======\n[[b]] and [[:start]]",
    "a:b": "Text\n===== Part =====\n",
    "c:d:e": "[[a:]]",
}
FILES = {
    "gfm": {"start": "README.md", "a:start": "a/README.md", "a:b": "a/b.md", "c:d:e": "c/d/e.md"},
    "hugo": {
        "start": "content/_index.md",
        "a:start": "content/a/_index.md",
        "a:b": "content/a/b.md",
        "c:d:e": "content/c/d/e.md",
    },
    "mkdocs": {"start": "docs/index.md", "a:start": "docs/a/index.md", "a:b": "docs/a/b.md", "c:d:e": "docs/c/d/e.md"},
    "obsidian": {"start": "index.md", "a:start": "a/index.md", "a:b": "a/b.md", "c:d:e": "c/d/e.md"},
}


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_wiki(tmp_path_factory.mktemp("wiki"), PAGES, ["x.png"]) / "data"


@pytest.mark.parametrize("target", FILES)
def test_every_page_is_a_file_and_start_pages_stand_for_their_folders(wiki, tmp_path, target):
    export(wiki, tmp_path, target)
    made = manifest(tmp_path)["pages"]
    assert {page_id: one["file"] for page_id, one in made.items()} == FILES[target]
    start = (tmp_path / FILES[target]["start"]).read_text("utf-8")
    media = {"hugo": "../static/_media/x.png"}.get(target, "_media/x.png")
    part = {"obsidian": "Part"}.get(target, "part")
    assert f"[part](a/b.md#{part}) ![a picture]({media})" in start


def test_the_project_of_mkdocs_lists_its_pages_as_the_wiki_does(wiki, tmp_path):
    export(wiki, tmp_path, "mkdocs", site_address="https://x.org/wiki")
    project = yaml.safe_load((tmp_path / "mkdocs.yml").read_text("utf-8"))
    assert project["site_url"] == "https://x.org/wiki/"
    assert project["nav"] == [
        {"Home": "index.md"},
        {"A &lt;b&gt;": ["a/index.md", {"Part": "a/b.md"}]},
        {"c": [{"d": [{"c:d:e": "c/d/e.md"}]}]},
    ]


def test_the_project_of_mkdocs_follows_the_sidebar(tmp_path):
    pages = {
        "start": "====== Home ======",
        "a:start": "====== A ======",
        "a:b": "====== B ======",
        "a:c": "====== C ======",
        "d": "====== D ======",
        "e": "====== E ======",
        "f:g:h": "====== H ======",
        "i:j": "====== J ======",
        "i:k": "====== K ======",
        "i:sidebar": "====== Beside ======\n[[k]] [[https://x.org]] [[gone]]",
        "sidebar": "====== Beside ======\n  * [[e]]\n    * [[f:g:h|first]] [[a:c]]\n  * [[start]] [[e]] [[i:j]]",
    }
    export(write_wiki(tmp_path / "wiki", pages) / "data", tmp_path / "out", "mkdocs")
    assert yaml.safe_load((tmp_path / "out/mkdocs.yml").read_text("utf-8"))["nav"] == [
        {"E": "e.md"},
        {"f": [{"g": [{"H": "f/g/h.md"}]}]},
        {"A": ["a/index.md", {"C": "a/c.md"}, {"B": "a/b.md"}]},
        {"Home": "index.md"},
        {"i": [{"K": "i/k.md"}, {"Beside": "i/sidebar.md"}, {"J": "i/j.md"}]},
        {"Beside": "sidebar.md"},
        {"D": "d.md"},
    ]


def test_a_wiki_without_a_start_page_gets_a_first_page(tmp_path):
    wiki = write_wiki(tmp_path / "wiki", {"a": "====== A [b] ======", "c:d": "x"})
    export(wiki / "data", tmp_path / "out", "mkdocs")
    first = (tmp_path / "out/docs/index.md").read_text("utf-8")
    assert first == "# Wiki\n\n- [A [b]](a.md)\n- [c](c/d.md)\n"


DATA = {
    "start": """====== Tea: a guide ======
{{tag>hot "green tea"}} {{description>All of it}}
---- dataentry tea ----
brewed_dt: 2026-01-20
minutes: 3
kinds: green, 7, 1.50
maker_page: maker
draft: yes
secret_hidden: x
site_url: http://x.org
----
---- dataentry ----
a: b
----
""",
    "maker": "x",
    "old": "~~REDIRECT>start~~",
}
FRONT_MATTER = """\
---
title: "Tea: a guide"
description: All of it
tags:
- hot
- green tea
aliases:
- old
data:
  tea:
    brewed: 2026-01-20
    minute:
    - 3
    kind:
    - green
    - 7
    - "1.50"
    maker: maker.md
    draft: "yes"
    secret: x
    site: http://x.org
  entry:
    a: b
---

# Tea: a guide
"""


def first_page(tmp_path, **options):
    wiki = write_wiki(tmp_path / "wiki", DATA)
    syntax = dw.Syntax().chosen(None, "+redirect,+tag,+description")
    export(wiki / "data", tmp_path / "out", "gfm", syntax=syntax, **options)
    return (tmp_path / "out/README.md").read_text("utf-8")


@pytest.mark.parametrize(("mode", "in_front", "in_text"), [("both", 1, 1), ("front-matter", 1, 0), ("table", 0, 1)])
def test_entries_are_front_matter_or_tables(tmp_path, mode, in_front, in_text):
    text = first_page(tmp_path, data=mode)
    assert text.count("brewed: 2026-01-20") == in_front
    assert text.count("| brewed |") == in_text


def test_front_matter_has_what_is_known_of_a_page(tmp_path):
    text = first_page(tmp_path)
    assert text[: len(FRONT_MATTER)] == FRONT_MATTER


@pytest.mark.parametrize(
    ("target", "file", "owner"),
    [
        ("gfm", "a/b.md", "../c/README.md"),
        ("mkdocs", "docs/a/b.md", "../c/index.md"),
        ("hugo", "content/a/b.md", "/c"),
        ("docusaurus", "docs/a/b.md", "/c/"),
        ("obsidian", "a/b.md", "[[c/index]]"),
    ],
)
def test_pages_in_front_matter_are_links_as_the_program_has_them(tmp_path, target, file, owner):
    pages = {"a:b": "---- dataentry ----\nowner_page: c:start\nother_page: gone\n----\n", "c:start": "x"}
    export(write_wiki(tmp_path / "wiki", pages) / "data", tmp_path / "out", target)
    front = (tmp_path / "out" / file).read_text("utf-8").split("---\n")[1]
    found = re.findall(r"(?:entry_)?(owner|other): (.*)", front)
    assert [(name, yaml.safe_load(value)) for name, value in found] == [("owner", owner), ("other", "gone")]


def test_front_matter_has_the_dates_and_the_author_of_the_changelog(tmp_path):
    wiki = write_wiki(tmp_path / "wiki", {"a": "----\nx"})
    changes = "1700000000\t127.0.0.1\tC\ta\tanna\tcreated\t\n1700000500\t127.0.0.1\tE\ta\tbert\t\t\n"
    (wiki / "data/meta/a.changes").write_text(changes)
    export(wiki / "data", tmp_path / "out", "gfm")
    assert (tmp_path / "out/a.md").read_text("utf-8") == (
        "---\nauthor: anna\ncreated: 2023-11-14 22:13:20+00:00\nmodified: 2023-11-14 22:21:40+00:00\n---\n\n---\n\nx\n"
    )


def test_a_line_at_the_beginning_is_no_front_matter(tmp_path):
    wiki = write_wiki(tmp_path / "wiki", {"a": "----\nx\n----\n"})
    export(wiki / "data", tmp_path / "out", "gfm")
    assert (tmp_path / "out/a.md").read_text("utf-8") == "***\n\nx\n\n---\n"


def test_data_is_one_of_three(tmp_path):
    with pytest.raises(OutputError, match="not 'rows'"):
        export("examples/wiki", tmp_path, "gfm", data="rows")


@pytest.mark.parametrize(
    ("target", "folder", "addresses"),
    [
        ("gfm", "", ["/README.md", "/a/README.md", "/a/b.md", "/c.md", "/c/d.md", "/a/b.md#part", "/_media/x.png"]),
        ("mkdocs", "docs", ["/", "/a/", "/a/b/", "/c/", "/c/d/", "/a/b/#part", "/_media/x.png"]),
        ("hugo", "static", ["/", "/a/", "/a/b/", "/c/", "/c/d/", "/a/b/#part", "/_media/x.png"]),
    ],
)
def test_redirects_lead_to_published_addresses(tmp_path, target, folder, addresses):
    pages = PAGES | {"c": "a page and a folder", "c:d": "{{x.png}}", "old": "~~REDIRECT>a:b#part~~"}
    del pages["c:d:e"]
    wiki = write_wiki(tmp_path / "wiki", pages, ["x.png"])
    export(wiki / "data", tmp_path / "out", target, syntax=dw.Syntax().chosen(None, "+redirect"))
    rows = dict(csv.reader((tmp_path / "out/redirects/redirects.csv").read_text("utf-8").splitlines()))
    old = [f"/doku.php?id={name}" for name in ("start", "a:start", "a:b", "c", "c:d", "old")]
    assert [rows[one] for one in (*old, "/lib/exe/fetch.php?media=x.png")] == addresses
    lines = (tmp_path / "out" / folder / "_redirects").read_text("utf-8").splitlines()
    assert all(line.split()[0] not in (line.split()[1], line.split()[1].removesuffix("/")) for line in lines[1:])


ANCHORS = {
    "start": "[[b#part one|1]] [[b#gone|2]] [[#here|3]] [[#gone|4]] [[b#table1|5]]\n^a^[[b#gone|6]]^\n",
    "b": "| x |\n===== Part One =====\n===== Table =====\n===== Other One =====\n",
    "c": "==== Here ====\n{{page>b}}\n[[b#other_two]]",
    "d": "[[c#part_one]]",
    "e": "~~REDIRECT>b#Other One~~",
}


LINKS = "[1](b.md#part_one) [2](b.md#gone) [3](#here) [4](#gone) [5](b.md#table1)\n"
IN_OBSIDIAN = "[1](b.md#Part%20One) [2](b.md) [3](#) [4](#) [5](b.md#Table)\n"


@pytest.mark.parametrize(
    ("target", "file", "heading", "links"),
    [
        ("gfm", "README.md", '<a id="{1}"></a>{0}', LINKS),
        ("mkdocs", "docs/index.md", "{0} {{#{1}}}", LINKS),
        ("hugo", "content/_index.md", "{0} {{#{1}}}", LINKS),
        ("obsidian", "index.md", "{0}", IN_OBSIDIAN),
    ],
)
def test_anchors_that_are_not_there_are_told(tmp_path, target, file, heading, links):
    wiki = write_wiki(tmp_path / "wiki", ANCHORS)
    export(wiki / "data", tmp_path / "out", target, syntax=dw.Syntax().chosen(None, "+include,+redirect"))
    folder = (tmp_path / "out" / file).parent
    first = (tmp_path / "out" / file).read_text("utf-8")
    assert links in first
    linked = (folder / "b.md").read_text("utf-8")
    assert heading.format("Part One", "part_one") in linked
    assert heading.format("Other One", "other_one") in linked
    included = "c.md#Part%20One" if target == "obsidian" else "c.md#part_one"
    assert f"[part_one]({included})" in (folder / "d.md").read_text("utf-8"), "what an included page has is not known"
    pages = manifest(tmp_path / "out")["pages"]
    lost = [(one["kind"], one["what"]) for one in pages["start"]["losses"]]
    assert lost == [("missing-anchor", what) for what in ("b#gone", "start#here", "start#gone", "b#gone")]


@pytest.mark.parametrize("target", FILES)
def test_old_states_are_refused_before_anything_is_written(wiki, tmp_path, target):
    with pytest.raises(OutputError, match=f"^old states of pages cannot be written for {target}, only for html$"):
        export(wiki, tmp_path / "out", target, revisions=True)
    assert not (tmp_path / "out").exists()


SCALARS = st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.dates()


@given(st.dictionaries(st.text(), SCALARS | st.lists(SCALARS, min_size=1) | st.dictionaries(st.text(), SCALARS)))
def test_yaml_is_read_as_it_was_written(values):
    assert yaml.safe_load(as_yaml(values) or "{}") == values


def test_mkdocs_builds_the_example_without_a_warning(tmp_path, caplog):
    pytest.importorskip("material", reason="Material for MkDocs is not installed")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    export("examples/wiki", tmp_path / "wiki", "mkdocs")
    config = load_config(str(tmp_path / "wiki/mkdocs.yml"), site_dir=str(tmp_path / "site"))
    with caplog.at_level(logging.WARNING, "mkdocs"):
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    assert caplog.records == []
    assert (tmp_path / "site/tool/ticket_desk/index.html").is_file()
    assert (tmp_path / "site/_redirects").is_file()


def hugo_site(wiki, folder, **options):
    """What Hugo builds of a wiki. It may not warn."""
    program = hugo_program()
    export(wiki, folder / "wiki", "hugo", **options)
    command = [program, "--quiet", "--panicOnWarning", "--printPathWarnings", "-s", folder / "wiki"]
    done = subprocess.run([*command, "-d", folder / "site"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    return lambda path: (folder / "site" / path / "index.html").read_text("utf-8")


def test_hugo_builds_the_example_without_a_warning(tmp_path):
    site = hugo_site("examples/wiki", tmp_path)
    assert '<a href="/tool/ticket_desk/' in site("tool")
    assert (tmp_path / "site/_redirects").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="the address of an alias is a file name")
def test_hugo_leads_to_the_files_that_links_name(tmp_path):
    pages = {
        "start": "[[a|a]] [[a:b#two_words|b]] [[v1.2:x.html|x]] [[:index|i]] [[old]] [[https://x.org/[y]] {{x.png|p}}",
        "a": "stands for its folder",
        "a:b": "===== Two words =====\n{{:x.png?20|p}}\n^ a ^ b ^\n| [[:start|up]] ||",
        "v1.2:x.html": "a dot",
        "index": "<nowiki>{{< code >}} {{% x %}}</nowiki>\n\n  {{< code\n\n''{{%''",
        "old": "~~REDIRECT>a:b~~",
    }
    syntax = dw.Syntax(plugins=("data", "redirect"))
    site = hugo_site(write_wiki(tmp_path, pages, ["x.png"]) / "data", tmp_path, syntax=syntax, site_address="/w/")
    start = site("")
    for link in (
        '<a href="/w/a/">a</a>',
        '<a href="/w/a/b/#two_words">b</a>',
        '<a href="/w/v1.2/x.html_/">x</a>',
        '<a href="/w/index_/">i</a>',
        '<img src="/w/_media/x.png" alt="p">',
    ):
        assert link in start
    assert '<img src="../../_media/x.png" alt="p" width="20">' in site("a/b")
    assert '<a href="../../">up</a>' in site("a/b")
    assert "{{&lt; code &gt;}} {{% x %}}" in site("index_")
    assert 'content="0; url=/w/a/b/"' in site("old")
