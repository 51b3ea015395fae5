"""Pages that DokuWiki's search passes over: their entries count nowhere, and yet they are pages."""

from __future__ import annotations

from pathlib import Path

import pytest

import dokuwiki_data as dw
from dokuwiki_data.command.main import main
from dokuwiki_data.conversion import convert
from dokuwiki_data.ids import IdRules, is_listed

ENTRY = "====== Title ======\n---- dataentry tool ----\nname: {}\ntags: x\n----\n"
ASKING = "---- datatable ----\ncols: name\n----\n"
QUERY = dw.Query.parse("cols: name\nsort: name")


@pytest.mark.parametrize(
    ("page_id", "expected"),
    [
        ("a", True),
        ("a:b_c.d-e", True),
        ("全:ü", True),
        ("_template", False),
        ("a:__template", False),
        ("_hidden:a", False),
        ("a:.b", False),
        ("a:", False),
        ("", False),
        ("Copy of real", False),
        ("copy of real", False),
        ("a:Real", False),
        ("a+b", False),
        ("a_", False),
        ("a__b", True),
        ("caf\udce9", False),
    ],
)
def test_ids_under_any_rules(page_id: str, expected: bool) -> None:
    rules = [IdRules(deaccent=0, separator=separator) for separator in "_-."]
    assert is_listed(page_id, rules) is expected
    assert is_listed(page_id, None)


FILES = {
    "a": ENTRY.format("first"),
    "_template": ENTRY.format("@NAME@") + ASKING,
    "ns/__template": ENTRY.format("@NAME@"),
    "_old/b": ENTRY.format("old"),
    "Copy of real": ENTRY.format("copy") + ASKING,
    "ns/c": ENTRY.format("second") + ASKING,
}
IDS = sorted(name.replace("/", ":") for name in FILES)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "wiki" / "pages" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "wiki"


def names(table: dw.Result) -> list[str]:
    return [row.cells[0][0] for row in table]


def test_they_are_in_no_answer_and_not_stored(place: Path) -> None:
    wiki = dw.Wiki.open(place)
    assert list(wiki) == IDS
    assert names(wiki.evaluate(QUERY)) == ["first", "second"]
    assert [record.page_id for record in wiki.stored()] == ["a", "ns:c"]
    cloud = wiki.evaluate(dw.Query.parse("---- datacloud ----\nfield: tags\n----"))
    assert [(row.cells[0][0], row.cells[1][0]) for row in cloud] == [("x", 2)]
    assert [page_id for page_id in wiki if not wiki.is_listed(page_id)] == [
        "Copy of real", "_old:b", "_template", "ns:__template",
    ]  # fmt: skip


def test_pages_given_by_hand_all_count(place: Path) -> None:
    wiki = dw.Wiki.from_pages(dw.Wiki.open(place).values())
    assert names(wiki.evaluate(QUERY)) == ["@NAME@", "@NAME@", "copy", "first", "old", "second"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_they_are_converted_and_their_queries_answered(place: Path, jobs: int) -> None:
    records = {record["page_id"]: record for record in convert(place, parts=["tables"], jobs=jobs)}
    assert sorted(records) == IDS
    for page_id in ("_template", "Copy of real", "ns:c"):
        (table,) = records[page_id]["tables"]
        assert [row["name"] for row in table["rows"]] == ["first", "second"]


def test_a_dataset_has_them_and_asks_them_nothing(place: Path, tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    dw.add_wiki(tmp_path / "wikis", place)
    dataset = dw.Dataset(tmp_path / "wikis")
    assert [page.page_id for _, page in dataset.pages()] == IDS
    assert names(dataset.evaluate(QUERY)) == ["first", "second"]


def test_the_settings_say_what_is_clean(place: Path) -> None:
    (place / "pages" / "ü.txt").write_text(ENTRY.format("accent"))
    (place / "pages" / "a__b.txt").write_text(ENTRY.format("twice"))

    def listed(**settings: int | str) -> list[str]:
        return names(dw.Wiki.open(place, settings=settings).evaluate(QUERY))

    assert listed() == ["accent", "first", "second", "twice"]
    assert listed(deaccent=1) == ["first", "second", "twice"]
    assert listed(deaccent=0, sepchar="_") == ["accent", "first", "second"]


def test_check_lists_them(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-q", str(place), "--only", "pages"]) == 0
    output, messages = capsys.readouterr()
    assert output.splitlines() == [
        "Copy of real: is in no list and no query of DokuWiki, since its id is not clean (page)",
        *(
            f"{page_id}: is in no list and no query of DokuWiki, since a name in its id begins with _ or . (page)"
            for page_id in ("_old:b", "_template", "ns:__template")
        ),
    ]
    assert messages == "dokuwiki-data: 4 pages in no list and no query of DokuWiki\n"
