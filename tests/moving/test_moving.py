"""Moving pages and media files: links and answers stay under the new names, and all files change or none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_wikis import FILES, IDS, MEDIA, NEW_FILES, NEW_PAGES, NOW, PAGES, TIME, answers, files, graph, moves, write

import dokuwiki_data as dw
from dokuwiki_data.moving import journal
from dokuwiki_data.moving.moving import move
from dokuwiki_data.moving.renaming import Renaming, id_map


@pytest.fixture(autouse=True, scope="module")
def no_flushing() -> Iterator[None]:
    """Files are not written through to the disk, which takes most of the time and matters only without power."""
    with mock.patch("os.fsync"):
        yield


# -------------------------------------------------------------------------------------------------- laws


def renaming(wiki: dw.Wiki, pages: dict[str, str], media: dict[str, str]) -> Renaming:
    rules = wiki.settings.id_rules
    return Renaming(id_map(pages, wiki.keys(), rules), id_map(media, wiki.media, rules))


@settings(max_examples=25)  # each writes a wiki
@given(PAGES, FILES, st.data())
def test_links_and_media_stay_and_undo_is_the_identity(
    pages: dict[str, str], media: set[str], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), pages, media)
        before = files(root)
        wiki = dw.Wiki.open(root)
        moved = data.draw(moves(sorted(pages), [*IDS, *NEW_PAGES]))
        moved_files = data.draw(moves(sorted(media), [*MEDIA, *NEW_FILES])) if media else {}
        if all(old == new for old, new in (moved | moved_files).items()):
            return
        expected = graph(wiki, renaming(wiki, moved, moved_files))
        done = wiki.move(moved, media=moved_files)
        after = files(root)
        assert graph(dw.Wiki.open(root)) == expected
        changed = {*done.pages, *(page.page_id for page in done.changed)}
        for page_id in set(pages) - changed - set(done.pages.values()):
            name = f"pages/{page_id.replace(':', '/')}.txt"
            assert after[name] == before[name]
        wiki.undo_move()
        assert files(root) == before


@settings(max_examples=25)  # each writes a wiki
@given(PAGES, FILES, st.data())
def test_answers_stay_and_the_reverse_move_restores_everything(
    pages: dict[str, str], media: set[str], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), pages, media)
        wiki = dw.Wiki.open(root)
        moved = data.draw(moves(sorted(pages), list(NEW_PAGES)))
        moved_files = data.draw(moves(sorted(media), list(NEW_FILES))) if media else {}
        expected, found = answers(wiki, renaming(wiki, moved, moved_files)), (graph(wiki), answers(wiki))
        wiki.move(moved, media=moved_files)
        there = dw.Wiki.open(root)
        assert answers(there) == expected
        there.move({new: old for old, new in moved.items()}, media={new: old for old, new in moved_files.items()})
        back = dw.Wiki.open(root)
        assert (graph(back), answers(back)) == found


# ----------------------------------------------------------------------------------------------- files

TEXTS = {"tool:pot": "[[kettle]]\n", "tool:kettle": "[[start]] {{kettle.png}}\n", "start": "[[tool:kettle]]\n", "x": ""}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "data", TEXTS, ["tool:kettle.png"])


def history(root: Path, name: str) -> list[list[str]]:
    return [line.split("\t") for line in (root / f"meta/{name}.changes").read_text().splitlines()]


def moved_at(root: Path, pages: dict[str, str], media: dict[str, str] = {}, **options: object) -> None:  # noqa: B006
    move(dw.Wiki.open(root), pages, media, now=NOW, **options)


def test_a_page_moves_with_everything_that_belongs_to_it(root: Path) -> None:
    moved_at(root, {"tool:kettle": "kitchen:kettle"}, author=dw.Author("ann"))
    assert not [name for name in files(root) if "tool/kettle" in name and "png" not in name and "media" not in name]
    assert (root / "pages/kitchen/kettle.txt").read_text() == "[[tool:start]] {{tool:kettle.png}}\n"
    assert int((root / "pages/kitchen/kettle.txt").stat().st_mtime) == NOW
    assert (root / f"attic/kitchen/kettle.{TIME}.txt").read_text() == TEXTS["tool:kettle"]
    assert (root / f"attic/kitchen/kettle.{NOW}.txt.gz").exists()
    assert (root / "meta/kitchen/kettle.meta").exists()
    assert not (root / "meta/kitchen/kettle.indexed").exists()  # so that DokuWiki's indexer reads it again
    summary = "Moved from tool:kettle to kitchen:kettle"
    assert history(root, "kitchen/kettle") == [
        [str(TIME), "127.0.0.1", "C", "tool:kettle", "ann", "made", "", "25"],
        [str(NOW), "127.0.0.1", "E", "kitchen:kettle", "ann", summary, "", "10"],
    ]
    assert [line[2:4] for line in history(root, "_dokuwiki")] == [
        ["e", "start"], ["D", "tool:kettle"], ["E", "kitchen:kettle"], ["e", "tool:pot"],
    ]  # fmt: skip


def test_a_rewritten_page_is_saved_as_dokuwiki_saves(root: Path) -> None:
    moved_at(root, {"tool:kettle": "kitchen:kettle"})
    assert (root / "pages/start.txt").read_text() == "[[kitchen:kettle]]\n"
    assert history(root, "start")[-1] == [
        str(NOW), "127.0.0.1", "e", "start", "", "Links adapted to moved pages", "", "3",
    ]  # fmt: skip


def test_a_media_file_moves_with_its_history(root: Path) -> None:
    moved_at(root, {}, {"tool:kettle.png": "pictures:kettle.png"})
    found = files(root)
    assert {name for name in found if "png" in name} == {
        "media/pictures/kettle.png", f"media_attic/pictures/kettle.{TIME}.png",
        "media_meta/pictures/kettle.png.changes",
    }  # fmt: skip
    assert not (root / "media/tool").exists()
    assert found["pages/tool/kettle.txt"][0] == b"[[start]] {{pictures:kettle.png}}\n"


def test_subscribers_of_a_namespace_move_with_it(root: Path) -> None:
    (root / "meta/tool/.mlist").write_text("ann every\n")
    moved_at(root, {"tool:": "kitchen:"})
    assert (root / "meta/kitchen/.mlist").read_text() == "ann every\n"
    assert not (root / "pages/tool").exists()


def test_a_redirect_takes_the_place_of_a_page(root: Path) -> None:
    moved_at(root, {"tool:kettle": "kettle"}, redirects=True)
    assert (root / "pages/tool/kettle.txt").read_text() == "~~REDIRECT>:kettle~~\n"
    assert history(root, "tool/kettle") == [[str(NOW), "127.0.0.1", "C", "tool:kettle", "", "", "", "21"]]


def test_the_history_of_a_page_that_was_deleted_there_comes_first(root: Path) -> None:
    (root / "meta/new.changes").write_text(f"{TIME - 9}\t127.0.0.1\tD\tnew\tjoe\tgone\t\t-5\n")
    moved_at(root, {"x": "new"})
    assert [line[2] for line in history(root, "new")] == ["D", "C", "E"]


def test_a_change_by_another_program_is_added_to_the_changelog_first(root: Path) -> None:
    (root / "pages/x.txt").write_text("other")
    moved_at(root, {"x": "y"})
    assert [line[5] for line in history(root, "y")][1] == "external edit"


def test_names_of_files_are_encoded_as_those_of_the_wiki(tmp_path: Path) -> None:
    """With the setting fnencode on "safe", DokuWiki has a page ``tool:kühlung`` in ``tool/k%64]hlung.txt``."""
    write(tmp_path / "data", {"tool:k%64]hlung": "[[start]]", "start": "[[tool:kühlung]]"})
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/local.php").write_text("<?php $conf['fnencode'] = 'safe'; $conf['deaccent'] = 0;")
    before = files(tmp_path)
    wiki = dw.Wiki.open(tmp_path)
    wiki.move({"tool:kühlung": "日本:größe"})
    there = dw.Wiki.open(tmp_path)
    assert (list(there), there.links("start")) == (["start", "日本:größe"], {"日本:größe"})
    new = "%k3p%kcs]/gr%5y%5b]e"
    for name in (f"pages/{new}.txt", f"meta/{new}.changes", f"meta/{new}.meta", f"attic/{new}.{TIME}.txt"):
        assert (tmp_path / "data" / name).is_file()
    wiki.undo_move()
    assert {name: one for name, one in files(tmp_path).items() if "_move_journal" not in name} == before


def test_a_swap(root: Path) -> None:
    moved_at(root, {"start": "x", "x": "start"})
    assert (root / "pages/x.txt").read_text() == TEXTS["start"]
    assert [line[3] for line in history(root, "x")] == ["start", "x"]


# ------------------------------------------------------------------------------------ refusals, undo, kills

REFUSALS = [
    ({"nowhere": "z"}, {}, "there is no page nowhere"),
    ({"nowhere:": "z:"}, {}, "there is no page in nowhere:"),
    ({"x": "start"}, {}, "x cannot become start, since there is a page start"),
    ({"x": "z", "start": "z"}, {}, "start and x cannot both become z"),
    ({"x": "z:"}, {}, "x → z:: both or neither must be a namespace, which ends with a colon"),
    ({"x": "?"}, {}, "x → ?: the new name has no letters or digits"),
    ({"x": "x"}, {}, "nothing moves"),
    ({}, {"tool:kettle.png": "a.jpg"}, "tool:kettle.png cannot become a.jpg, since its ending would change"),
]


@pytest.mark.parametrize(("pages", "media", "message"), REFUSALS, ids=[message for *_, message in REFUSALS])
def test_what_cannot_move_is_refused(root: Path, pages: dict[str, str], media: dict[str, str], message: str) -> None:
    before = files(root)
    with pytest.raises(dw.MoveError) as refused:
        moved_at(root, pages, media)
    assert str(refused.value) == message
    assert files(root) == before


def test_nothing_moves_while_somebody_edits(root: Path) -> None:
    import hashlib

    (root / f"locks/{hashlib.md5(b'start').hexdigest()}.lock").write_text("joe")
    before = files(root)
    with pytest.raises(dw.SaveError, match="joe has locked it for editing"):
        moved_at(root, {"tool:kettle": "kettle"})
    assert files(root) == before


def test_nothing_moves_to_a_name_under_which_somebody_writes_a_new_page(root: Path) -> None:
    import hashlib

    (root / f"locks/{hashlib.md5(b'new').hexdigest()}.lock").write_text("joe")
    with pytest.raises(dw.SaveError, match=r"new\.txt: joe has locked it for editing"):
        moved_at(root, {"x": "new"})


def test_a_page_with_other_bytes_than_utf_8_is_read_as_latin_1(root: Path) -> None:
    """As DokuWiki reads it; its own name for the link ``[[café]]`` is then ``cafe``."""
    (root / "pages/cafe.txt").write_text("")
    (root / "pages/start.txt").write_bytes(b"[[caf\xe9]] [[caf\xc3\xa9]] \xff")
    moved_at(root, {"cafe": "bistro"})
    assert (root / "pages/start.txt").read_bytes() == b"[[bistro]] [[caf\xc3\xa9]] \xff"


def test_what_dokuwiki_takes_for_utf_8_is_no_latin_1(root: Path) -> None:
    (root / "pages/start.txt").write_bytes(b"[[x]] caf\xc3\xa9 \xed\xa0\x80 \xc0\x80")
    moved_at(root, {"x": "日本"})
    assert (root / "pages/start.txt").read_bytes() == "[[日本]] café ".encode() + b"\xed\xa0\x80 \xc0\x80"


def test_a_name_that_latin_1_lacks_is_refused(root: Path) -> None:
    (root / "pages/start.txt").write_bytes(b"[[x]] \xff")
    with pytest.raises(dw.MoveError, match=r"reads it as Latin-1, which has no 日本"):
        moved_at(root, {"x": "日本"})


# ----------------------------------------------------------------------------------------- symbolic links


@pytest.mark.parametrize("folder", ["pages", "attic", "meta", "media", "media_meta", "media_attic"])
def test_no_link_leads_out_of_the_wiki(root: Path, tmp_path: Path, folder: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / folder / "new").symlink_to(outside)
    before = files(root)
    with pytest.raises((dw.SaveError, dw.MoveError)):
        moved_at(root, {"x": "new:x"}, {"tool:kettle.png": "new:kettle.png"}, partly=True)
    assert not list(outside.iterdir())
    assert files(root) == before


@pytest.mark.parametrize(
    ("link", "pages", "media"),
    [
        ("pages/alias.txt", {"x": "y"}, {}),  # the page alias would be lost
        ("media/alias.png", {}, {"alias.png": "tool:alias.png"}),  # a relative link would lead nowhere
    ],
)
def test_no_link_within_the_wiki_breaks(root: Path, link: str, pages: dict[str, str], media: dict[str, str]) -> None:
    (root / link).symlink_to("x.txt" if pages else "tool/kettle.png")
    with pytest.raises(dw.MoveError, match="would lead nowhere after the move"):
        moved_at(root, pages, media)


# -------------------------------------------------------------------------------------- settings and rules

CONF = """
$conf['useacl'] = 1;
$conf['start'] = 'start';
$conf['sidebar'] = 'menu';
$conf['plugin']['translation']['translations'] = 'de, tool';
$conf['tocminheads'] = '4';
$conf['hidepages'] = '^:(tool|x:)|:Menus?$';
"""
RULES = "* @ALL 1\ntool:* @staff 16\ntool:pot ann 2\nother:* ann 1\n"


def configured(root: Path, conf: str) -> Path:
    """A wiki with settings."""
    write(root / "data", {**TEXTS, "tool:menu": ""})
    (root / "conf").mkdir()
    (root / "conf/local.php").write_text(f"<?php {conf}")
    return root


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ({"x": "y"}, []),
        ({"start": "home"}, ["the setting start still names start, which is home now"]),
        (
            {"tool:menu": "tool:other"},
            [
                "the setting hidepages still names tool:menu, which is tool:other now",
                "the setting sidebar still names tool:menu, which is tool:other now",
            ],
        ),
        (
            {"tool:": "kitchen:"},
            [
                "the access rule of @staff in acl.auth.php still names tool:, which is kitchen: now",
                "the access rule of ann in acl.auth.php still names tool:pot, which is kitchen:pot now",
                "the setting plugin/translation/translations still names tool:, which is kitchen: now",
                "the setting hidepages still names tool:, which is kitchen: now",
            ],
        ),
    ],
)
def test_settings_and_access_rules_that_name_what_moved_are_told(
    tmp_path: Path, moves: dict[str, str], expected: list[str]
) -> None:
    configured(tmp_path, CONF)
    (tmp_path / "conf/acl.auth.php").write_text(RULES)
    done = move(dw.Wiki.open(tmp_path), moves, {}, now=NOW)
    assert [str(mention) for mention in done.mentions] == expected
    assert (tmp_path / "conf/acl.auth.php").read_text() == RULES


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("tool", "tool:"),
        ("^:(?:private|TOOL):", "tool:"),
        (r"^:tools?|(?i)\btool[a-z]+:|:too\.l", "tool:"),
        (":tool:pot$", "tool:pot"),
        (r"[tool]:pots?$|:kitchen:|tool\.|(?<=x)", None),  # no name in it is gone
        ("(((((a+)+)+)+)+)+$", None),  # would take ages, if it were executed
        ("[[[((\\", None),
    ],
)
def test_names_in_patterns_for_hidden_pages_are_told(tmp_path: Path, pattern: str, expected: str | None) -> None:
    done = dw.Wiki.open(configured(tmp_path, f"$conf['hidepages'] = '{pattern}';")).move(
        {"tool:": "kitchen:"}, dry_run=True
    )
    assert [mention.old for mention in done.mentions] == [expected] * (expected is not None)


def test_words_that_name_nothing_are_not_told(tmp_path: Path) -> None:
    conf = "$conf['tocminheads'] = '4'; $conf['plugin']['x']['skip'] = 'tool, old, a:b, tool:old';"
    done = dw.Wiki.open(configured(tmp_path, conf)).move({":": "all:"}, dry_run=True)
    assert [mention.old for mention in done.mentions] == ["start", "tool:", "tool:old"]


def test_a_move_is_not_taken_back_over_later_changes(root: Path) -> None:
    moved_at(root, {"x": "y"})
    (root / "pages/y.txt").write_text("later")
    with pytest.raises(dw.MoveError, match="was changed since"):
        dw.Wiki.open(root).undo_move()


def test_only_the_last_move_can_be_taken_back(root: Path) -> None:
    with pytest.raises(dw.MoveError, match="there is no move to continue or undo"):
        dw.Wiki.open(root).undo_move()
    moved_at(root, {"x": "y"})
    between = files(root)
    moved_at(root, {"y": "z"})
    dw.Wiki.open(root).undo_move()
    assert files(root) == between
    with pytest.raises(dw.MoveError, match="there is no move to continue or undo"):
        dw.Wiki.open(root).undo_move()


def test_an_impossible_step_undoes_all_others(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(root)
    do = journal._do

    def fail(folder: Path, step: journal.FileStep) -> None:
        if step.to.endswith("start.txt"):
            raise OSError(28, "No space left on device", str(folder / step.to))
        do(folder, step)

    monkeypatch.setattr(journal, "_do", fail)
    with pytest.raises(dw.MoveError, match="no space left on device; nothing was changed"):
        moved_at(root, {"tool:": "kitchen:"})
    assert files(root) == before


@pytest.mark.parametrize("is_done", [False, True], ids=["before a step", "between a step and its count"])
def test_a_killed_move_is_ended_or_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, is_done: bool
) -> None:
    """The process ends at each of the steps in turn; every other time the move is taken back."""
    do = journal._do
    whole = write(tmp_path / "whole", TEXTS, ["tool:kettle.png"])
    before = files(whole)
    moved_at(whole, {"tool:": "kitchen:", "x": "start", "start": "x"}, {"tool:": "kitchen:"})
    after, count = files(whole), len(journal._steps(whole, ""))
    assert count > 40
    for number in range(count):
        for way in ("undo_move" if number % 2 == is_done else "continue_move",):
            root = write(tmp_path / f"{number}-{way}", TEXTS, ["tool:kettle.png"])
            left = [number]

            def stop(folder: Path, step: journal.FileStep, left: list[int] = left) -> None:
                left[0] -= 1
                if left[0] >= 0 or is_done:
                    do(folder, step)
                if left[0] < 0:
                    raise KeyboardInterrupt

            with monkeypatch.context() as patched:
                patched.setattr(journal, "_do", stop)
                with pytest.raises(KeyboardInterrupt):
                    moved_at(root, {"tool:": "kitchen:", "x": "start", "start": "x"}, {"tool:": "kitchen:"})
            caplog.clear()
            wiki = dw.Wiki.open(root)
            assert f"a move of pages was interrupted after {number} of {count} steps" in caplog.text
            with pytest.raises(dw.MoveError, match="interrupted"):
                wiki.move({"tool:pot": "y"} if "tool:pot" in wiki else {"kitchen:pot": "y"})
            getattr(wiki, way)()
            assert files(root) == (before if way == "undo_move" else after)


def test_a_move_that_was_killed_while_it_was_prepared_changes_nothing(root: Path) -> None:
    before = files(root)
    (root / "_move_journal.new/old").mkdir(parents=True)
    (root / "_move_journal.new/old/0").write_text("left over")
    moved_at(root, {"x": "y"})
    dw.Wiki.open(root).undo_move()
    assert files(root) == before
    assert not (root / "_move_journal.new").exists()
