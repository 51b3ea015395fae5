"""The command ``export``: what it writes, what it says, and its exit codes."""

import pytest
from exported import manifest, write_wiki
from program import run_text

from dokuwiki_data.exports.targets.html import HtmlTarget

PAGES = {"start": "[[a:b]] [[gone]]", "a:b": "text", "a:c": "more"}


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_wiki(tmp_path_factory.mktemp("wiki"), PAGES) / "data"


def test_the_summary_counts_what_was_written_and_lost(wiki, tmp_path):
    done = run_text("export", wiki, tmp_path, "--to", "html", "--no-search")
    assert done.returncode == 0
    assert "3 pages, 0 media files, 11 redirects, 1 loss (missing-page 1) in " in done.stderr
    assert set(manifest(tmp_path)["pages"]) == set(PAGES)


def test_options_choose_pages(wiki, tmp_path):
    assert run_text("export", "-q", wiki, tmp_path, "--no-search", "--namespace", "a").stderr == ""
    assert set(manifest(tmp_path)["pages"]) == {"a:b", "a:c"}


def test_a_copy_is_verified(wiki, tmp_path):
    done = run_text("export", wiki, tmp_path, "--no-search", "--verify")
    assert done.returncode == 0
    assert "1 loss (missing-page 1), 0 differences in " in done.stderr


def test_differences_are_listed_and_the_exit_code_tells(wiki, tmp_path, monkeypatch):
    def spoil(target, folder):
        page = folder.root / "a" / "c.html"
        page.write_text(page.read_text("utf-8").replace("more\n", "less\n"), "utf-8")

    monkeypatch.setattr(HtmlTarget, "finish", spoil)
    done = run_text("export", wiki, tmp_path, "--no-search", "--verify")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert "dokuwiki-data: a/c.html: is missing: p: 'more'" in lines
    assert "dokuwiki-data: a/c.html: is not in the wiki: p: 'less'" in lines
    assert ", 2 differences in " in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--media", "link"), "whose address is needed"),
        (("--readable-by", "@ALL"), "conf"),
        (("--templates", "nowhere"), "is no folder of templates"),
    ],
)
def test_wrong_use_is_one_line(wiki, tmp_path, arguments, message):
    done = run_text("export", "-q", wiki, tmp_path / "site", "--no-search", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "site" / "export.json").exists()
