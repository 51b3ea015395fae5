"""A project of Docusaurus: its settings, and the addresses of its pages."""

import json

import yaml
from exported import write_wiki

from dokuwiki_data.exports.exporting import export


def settings(folder):
    text = (folder / "docusaurus.config.js").read_text("utf-8")
    return json.loads(text.removeprefix("export default ").removesuffix(";\n"))


def slug(folder, file):
    return yaml.safe_load((folder / "docs" / file).read_text("utf-8").split("---\n")[1])["slug"]


def test_pages_have_the_addresses_of_their_files(tmp_path):
    pages = dict.fromkeys(("start", "a", "a:b", "a:index", "readme:readme", "01-x"), "Text")
    export(
        write_wiki(tmp_path / "wiki", pages) / "data", tmp_path / "out", "docusaurus", site_address="https://x.org/w"
    )
    files = {"index.md": "/", "a/index.md": "/a/", "a/b.md": "/a/b/", "a/index_.md": "/a/index_/"}
    files |= {"readme/readme.md": "/readme/readme/", "01-x.md": "/01-x/"}
    assert {file: slug(tmp_path / "out", file) for file in files} == files
    found = settings(tmp_path / "out")
    assert (found["url"], found["baseUrl"]) == ("https://x.org", "/w/")


def test_a_wiki_without_a_start_page_gets_a_first_page(tmp_path):
    export(write_wiki(tmp_path / "wiki", {"a": "x"}) / "data", tmp_path / "out", "docusaurus")
    assert slug(tmp_path / "out", "index.md") == "/"


def test_images_of_a_size_lead_to_the_site_that_is_built(tmp_path):
    pages = {"a:b": "{{:x.png?20|p}} {{:x.png|p}}"}
    export(write_wiki(tmp_path / "wiki", pages, ["x.png"]) / "data", tmp_path / "out", "docusaurus")
    text = (tmp_path / "out/docs/a/b.md").read_text("utf-8")
    assert '<img src="../../_media/x.png" alt="p" width="20"> ![p](../../static/_media/x.png)' in text
