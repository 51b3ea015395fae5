"""Wikis of GitHub and GitLab: the names of pages, the sidebar, links that lead to pages."""

import re

import pytest
import yaml
from exported import files, manifest, write_wiki
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.places import Places
from dokuwiki_data.exports.targets import find_target
from dokuwiki_data.portable_names import folded

WIKIS = {"github-wiki": ("Home", "_Sidebar"), "gitlab-wiki": ("home", "_sidebar")}
RESERVED = {"github-wiki": ("_sidebar", "_footer", "_header"), "gitlab-wiki": ("_sidebar", "templates", "uploads")}
PAGES = {
    "start": "====== Welcome ======\n[[a:b#part|there]] [[a:]] {{a:x.png|a picture}} [[gone]]",
    "a:start": "====== A <b> ======\n[[b]]",
    "a:b": "====== B ======\nText [[:start]]\n===== Part =====\n",
    "a": "beside the namespace",
    "c:d:e": "====== E ======\n",
}


@pytest.fixture(scope="module", params=WIKIS)
def done(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wiki")
    source = write_wiki(folder / "source", PAGES, ["a:x.png"])
    result = dw.export(source, folder / "out", request.param, verify=True)
    return request.param, folder / "out", result


def links(text):
    return re.findall(r"(?<!!)\[[^]]*\]\(([^)]*)\)", text)


def test_pages_are_in_one_folder_and_named_by_their_ids(done):
    target, folder, _ = done
    home, _ = WIKIS[target]
    found = {page_id: page["file"] for page_id, page in manifest(folder)["pages"].items()}
    assert found == {
        "start": f"{home}.md", "a": "a.md", "a:start": "a-start.md", "a:b": "a-b.md", "c:d:e": "c-d-e.md",
    }  # fmt: skip


def test_links_are_the_names_of_pages(done):
    target, folder, result = done
    text = (folder / f"{WIKIS[target][0]}.md").read_text("utf-8")
    assert "[there](a-b#part) [a](a-start) ![a picture](_media/a/x.png) gone" in text
    assert result.differences == []
    assert result.losses == {"missing-page": 1}


def test_the_sidebar_lists_all_pages(done):
    target, folder, _ = done
    home, sidebar = WIKIS[target]
    assert (folder / f"{sidebar}.md").read_text("utf-8") == (
        f"- [Welcome]({home})\n- [a](a)\n- [A \\<b>](a-start)\n  - [B](a-b)\n- c\n  - d\n    - [E](c-d-e)\n"
    )


def test_every_link_leads_to_a_page(done):
    _, folder, _ = done
    names = {path.removesuffix(".md") for path in files(folder)}
    for path, content in files(folder).items():
        if path.endswith(".md"):
            assert {address.partition("#")[0] for address in links(content.decode())} <= names


def test_only_gitlab_has_front_matter(done):
    target, folder, _ = done
    text = (folder / "a-start.md").read_text("utf-8")
    if target == "github-wiki":
        assert text.startswith("# A")
    else:
        assert yaml.safe_load(text.split("---\n")[1]) == {"title": "A <b>"}


@pytest.mark.parametrize("target", WIKIS)
def test_with_the_address_of_the_wiki_links_are_whole(tmp_path, target):
    source = write_wiki(tmp_path / "source", PAGES, ["a:x.png"])
    dw.export(source, tmp_path / "out", target, site_address="https://example.org/wiki")
    text = (tmp_path / "out" / f"{WIKIS[target][0]}.md").read_text("utf-8")
    assert "[there](https://example.org/wiki/a-b#part)" in text


@pytest.mark.parametrize("target", WIKIS)
def test_the_own_sidebar_of_a_wiki_is_taken(tmp_path, target):
    source = write_wiki(tmp_path / "source", {"start": "x", "a:b": "y", "sidebar": "  * [[a:b|First]]\n"})
    dw.export(source, tmp_path / "out", target)
    assert (tmp_path / "out" / f"{WIKIS[target][1]}.md").read_text("utf-8") == "- [First](a-b)\n"


@pytest.mark.parametrize("target", WIKIS)
def test_a_wiki_without_a_start_page_gets_a_first_one(tmp_path, target):
    dw.export(write_wiki(tmp_path / "source", {"a:b": "====== B ======"}), tmp_path / "out", target)
    assert (tmp_path / "out" / f"{WIKIS[target][0]}.md").read_text("utf-8") == "# Wiki\n\n- a\n  - [B](a-b)\n"


def test_github_knows_no_front_matter_for_entries():
    with pytest.raises(OutputError, match="have no front matter"):
        find_target("github-wiki", data="front-matter")


@pytest.mark.parametrize("target", WIKIS)
@given(
    st.lists(st.lists(st.text("ab-_.:<*", min_size=1, max_size=4), min_size=1, max_size=3).map(":".join), unique=True)
)
def test_names_are_different_and_legal_whatever_the_ids_are(target, ids):
    """GitHub and systems refuse some signs; files of the wiki itself keep their names."""
    special = ["home", *RESERVED[target], "start", "x" * 300, "a-b", "a:b"]
    ids = list(dict.fromkeys([*ids, *special]))
    places = Places(find_target(target).place_rules("start"), ids)
    names = [places.pages[page_id] for page_id in ids]
    assert len({folded(name) for name in names}) == len(names)
    assert not any(re.search(r'[\\/:*?"<>|\x00-\x1f]', name) for name in names)
    assert all(len(name.encode()) <= 245 and name.endswith(".md") for name in names)
    taken = {page_id: folded(places.pages[page_id]) for page_id in ids}
    assert [page_id for page_id, name in taken.items() if name == "home.md"] == ["start"]
    assert not {f"{name}.md" for name in RESERVED[target]} & set(taken.values())
