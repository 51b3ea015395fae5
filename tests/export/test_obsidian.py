"""A vault of Obsidian: its links lead where its help says, and its properties are flat."""

from datetime import date, datetime

import pytest
import yaml
from exported import write_wiki
from vault_links import VaultLinks

from dokuwiki_data.exports.exporting import export


def properties(note):
    return yaml.safe_load(note.read_text("utf-8").split("---\n")[1])


def test_links_lead_to_notes_and_to_headings_by_their_text(tmp_path):
    pages = {
        "start": "[[a:b#two_words|b]] [[a:b#c_sharp_plus|c]] [[#here|h]] [[a:b#nowhere|n]]\n===== Here: [now] =====\n"
        "[[#herenow|x]]",
        "a:b": "[[:start#herenow|up]]\n===== Two words =====\n===== C# sharp | plus =====\n",
    }
    export(write_wiki(tmp_path / "wiki", pages) / "data", tmp_path / "vault", "obsidian")
    start = (tmp_path / "vault/index.md").read_text("utf-8")
    assert "[b](a/b.md#Two%20words) [c](a/b.md#C%20sharp%20plus) [h](#) [n](a/b.md)" in start
    assert "[up](../index.md#Here%20%5Bnow%5D)" in (tmp_path / "vault/a/b.md").read_text("utf-8")


def test_links_lead_to_the_note_that_is_meant(tmp_path):
    """Obsidian looks for a path from the root of the vault first."""
    pages = {
        "b": "at the root",
        "c:d": "below the root",
        "a:start": "[[.b]] [[.c:d]] [[:b|up]] {{.:x.png?20|p}} {{:y.pdf}} [[#how|here]]\n===== How =====",
        "a:b": "near",
        "a:c:d": "===== Part =====\n==== How ====\n===== Other =====\n==== How ====\n[[#how1]] ((A note))",
        "a:e": "[[.c:d#how]] [[.c:d#how1]]",
    }
    export(write_wiki(tmp_path / "wiki", pages, ["a:x.png", "y.pdf"]) / "data", tmp_path / "vault", "obsidian")
    text = (tmp_path / "vault/a/index.md").read_text("utf-8")
    assert "[.b](./b.md) [d](./c/d.md) [up](../b.md) ![p|20](../_media/a/x.png) [y.pdf](../_media/y.pdf)" in text
    assert "[how](./c/d.md#How) [how1](./c/d.md#Other#How)" in (tmp_path / "vault/a/e.md").read_text("utf-8")
    vault = VaultLinks(tmp_path / "vault")
    assert vault.broken() == ([], 9)
    assert vault.place("a/c/d.md", "How") == 1
    assert vault.place("a/c/d.md", "Other#How") == 3


@pytest.mark.parametrize("queries", ["answered", "live"])
def test_every_link_of_the_example_leads_somewhere(tmp_path, queries):
    export("examples/wiki", tmp_path, "obsidian", queries=queries)
    broken, count = VaultLinks(tmp_path).broken()
    assert broken == []
    assert count > 100


BROKEN = {
    "[a](b.md)": "b.md",
    "[a](./b.md)": "./b.md",
    "[a](n.md)": "n.md",
    "[a](../top.md#Two)": "../top.md#Two",
    "[a](#Here)": "#Here",
    "![[x.png]]": "/x.png",
    "[[top#^block]]": "/top#^block",
    "text[^1]": "[^1]",
    "![a](../x.html)": "../x.html",
}


@pytest.mark.parametrize(("text", "link"), BROKEN.items())
def test_links_that_lead_nowhere_are_found(tmp_path, text, link):
    files = {
        "top.md": "# One\ntext ^there",
        "x.html": "",
        "f/n.md": f"[a](../top.md#One) [[top#^there]] [[f/n]] {text}",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    broken, _ = VaultLinks(tmp_path).broken()
    assert broken == [("f/n.md", link)]


def test_properties_are_flat(tmp_path):
    export("examples/wiki", tmp_path, "obsidian")
    found = properties(tmp_path / "tool/ticket_desk.md")
    assert found["tool_maturity"] == 4
    assert found["tags"] == ["tickets", "service-desk"]
    assert not any(isinstance(value, dict) for value in found.values())


def test_entries_of_one_class_become_lists(tmp_path):
    entry = "---- dataentry tea ----\nkind: {}\nweight: {}\n----\n"
    pages = {"start": entry.format("green", 2) + "\n" + entry.format("black", 3)}
    export(write_wiki(tmp_path / "wiki", pages) / "data", tmp_path / "vault", "obsidian")
    assert properties(tmp_path / "vault/index.md") == {"tea_kind": ["green", "black"], "tea_weight": [2, 3]}


#: Fields that are numbers, dates and truth values on one page and something else on another.
VALUES = [
    "size: 7\nday_dt: 2026-01-20\nkinds: a, b\nready: true\nnumber: 1\nowner_page: b\nseen_timestamp: 1700000000",
    "size: large\nday_dt: 2026-01-21\nkind: 5\nready: false\nnumber: 0\nowner_page: gone\nseen_timestamp: 0",
]


def test_a_property_has_one_type_in_the_whole_vault(tmp_path):
    pages = {name: f"---- dataentry Tea ----\n{values}\n----\n" for name, values in zip("ab", VALUES, strict=True)}
    export(write_wiki(tmp_path / "wiki", pages) / "data", tmp_path / "vault", "obsidian")
    found = [properties(tmp_path / f"vault/{name}.md") for name in "ab"]
    assert found == [
        {
            "tea_size": "7",
            "tea_day": date(2026, 1, 20),
            "tea_kind": ["a", "b"],
            "tea_ready": True,
            "tea_number": 1,
            "tea_owner": "[[b]]",
            "tea_seen": datetime(2023, 11, 14, 22, 13, 20),
        },
        {
            "tea_size": "large",
            "tea_day": date(2026, 1, 21),
            "tea_kind": ["5"],
            "tea_ready": False,
            "tea_number": 0,
            "tea_owner": "gone",
            "tea_seen": datetime(1970, 1, 1),
        },
    ]
    assert 'tea_owner: "[[b]]"\n' in (tmp_path / "vault/a.md").read_text("utf-8")
    assert "tea_seen: 2023-11-14T22:13:20\n" in (tmp_path / "vault/a.md").read_text("utf-8")


def test_types_follow_the_pages_that_are_written(tmp_path):
    pages = {"a:x": "---- dataentry ----\nsize: 7\n----\n", "b:x": "---- dataentry ----\nsize: large\n----\n"}
    wiki = write_wiki(tmp_path / "wiki", pages) / "data"
    export(wiki, tmp_path / "vault", "obsidian", namespaces=["a"])
    assert properties(tmp_path / "vault/a/x.md") == {"entry_size": 7}
