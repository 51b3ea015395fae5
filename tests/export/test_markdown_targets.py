"""Exports of Markdown: which files there are, and that the programs that read them find nothing to complain about."""

import logging

import pytest
import yaml
from exported import manifest, write_wiki

from dokuwiki_data.exports.exporting import export

PAGES = {
    "start": "====== Home ======\n[[a:b#part]] {{x.png|a picture}}",
    "a:start": "====== A <b> ======\n[[b]] and [[:start]]",
    "a:b": "Text\n===== Part =====\n",
    "c:d:e": "[[a:]]",
}
FILES = {
    "gfm": {"start": "README.md", "a:start": "a/README.md", "a:b": "a/b.md", "c:d:e": "c/d/e.md"},
    "mkdocs": {"start": "docs/index.md", "a:start": "docs/a/index.md", "a:b": "docs/a/b.md", "c:d:e": "docs/c/d/e.md"},
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
    assert "[part](a/b.md#part) ![a picture](_media/x.png)" in start


def test_the_project_of_mkdocs_lists_its_pages_as_the_wiki_does(wiki, tmp_path):
    export(wiki, tmp_path, "mkdocs", site_address="https://x.org/wiki")
    project = yaml.safe_load((tmp_path / "mkdocs.yml").read_text("utf-8"))
    assert project["site_url"] == "https://x.org/wiki/"
    assert project["nav"] == [
        {"Home": "index.md"},
        {"A &lt;b&gt;": ["a/index.md", {"Part": "a/b.md"}]},
        {"c": [{"d": [{"c:d:e": "c/d/e.md"}]}]},
    ]


def test_a_wiki_without_a_start_page_gets_a_first_page(tmp_path):
    wiki = write_wiki(tmp_path / "wiki", {"a": "====== A [b] ======", "c:d": "x"})
    export(wiki / "data", tmp_path / "out", "mkdocs")
    first = (tmp_path / "out/docs/index.md").read_text("utf-8")
    assert first == "# Wiki\n\n- [A [b]](a.md)\n- [c](c/d.md)\n"


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
