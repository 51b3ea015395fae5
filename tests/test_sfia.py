"""The example with the skills framework: reading a skill, finding drift, writing a page."""

import doctest
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))

from examples.sfia.drift import changes, compare  # noqa: E402
from examples.sfia.role_page import role_page  # noqa: E402
from examples.sfia.skill import Level, Skill, SkillError, read_skill  # noqa: E402

FOLDER = ROOT / "examples" / "sfia"
TEXT = (FOLDER / "shelf_keeping.txt").read_text("utf-8")
SKILL = read_skill(TEXT)


def said(skill, page):
    return list(map(str, compare(skill, dw.parse(page))))


# --------------------------------------------------------------------------------------------- reading


def test_a_skill_has_a_name_a_code_a_description_and_seven_levels():
    assert (SKILL.name, SKILL.code) == ("Shelf keeping", "SHKP")
    assert SKILL.description.startswith("Keeping books")
    assert SKILL.description.endswith("and what goes.")
    assert [level.number for level in SKILL.levels] == [1, 2, 3, 4, 5, 6, 7]
    assert SKILL.levels[0].text.startswith("Puts returned items back")
    assert SKILL.levels[6] == Level(7, "Not observed at this level.", observed=False)
    assert SKILL.observed == SKILL.levels[:5]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("Level ", "Stage ", "there is no level in the text"),
        ("Shelf keeping SHKP", "Shelf keeping", "'Shelf keeping' has no title with a code of four letters"),
        ("what goes.", "what goes", "'Shelf keeping' has no description"),
        ("Shelf keeping: Level 7", "", "'Shelf keeping' has the levels [1, 2, 3, 4, 5, 6], but there are seven"),
        ("Level 7", "Level 6", "'Shelf keeping' has the levels [1, 2, 3, 4, 5, 6, 6], but there are seven"),
        ("1 2 3 4 5", "1 2 3 4", "'Shelf keeping' lists the levels 1 2 3 4, but describes others"),
    ],
)
def test_what_is_missing_in_a_skill_is_said(before, after, message):
    with pytest.raises(SkillError, match=f"^{re.escape(message)}$"):
        read_skill(TEXT.replace(before, after))


# ----------------------------------------------------------------------------------------------- drift


@pytest.mark.parametrize(
    ("expected", "found", "changed"),
    [
        ("Writes it down.", "Writes it  down. ", []),
        ("The reader's “book”", 'The reader’s "book"', []),
        ("Writes it down.", "4 Writes it down.", ["begins with a stray '4'"]),
        ("Writes it down.", "4 Writes it", ["begins with a stray '4'", "lacks 'down .' behind 'it'"]),
        ("4 eyes see more.", "4 eyes see more.", []),
        ("Writes it down.", "Writes it down", ["lacks '.' behind 'down'"]),
        ("Writes it down.", "Always writes it down.", ["says 'Always writes' instead of 'Writes'"]),
        ("Writes it down.", "Writes it all down.", ["adds 'all' behind 'it'"]),
        ("Writes it down.", "It down.", ["says 'It' instead of 'Writes it'"]),
        ("Writes it down.", "", ["lacks 'Writes it down .' at the beginning"]),
    ],
)
def test_changes_are_said_by_the_word(expected, found, changed):
    assert changes(expected, found) == changed


@given(
    st.lists(st.sampled_from("a b c 1 . ,".split())).map(" ".join),
    st.lists(st.sampled_from("a b 1 .".split())).map(" ".join),
)
def test_equal_texts_and_only_they_have_no_changes(one, other):
    assert changes(one, one) == []
    assert bool(changes(one, other)) == (one != other)


@pytest.mark.parametrize(
    ("before", "after", "report"),
    [
        ("(SHKP) =", "(SHKE) =", ["line 1, title: no heading ends with 'Shelf keeping (SHKP)'"]),
        ("name     : Shelf keeping", "name     : Shelves", [
            "line 3, entry: the name is 'Shelves', not 'Shelf keeping'",
        ]),
        ("where readers", "where **readers**", []),
        ("where readers", "where the readers", ["line 10, Description: adds 'the' behind 'where'"]),
        ("SFIA Level 5", "SFIA Level 6", [
            "line 25, SFIA Level 6: the skill is not observed there",
            "line 58, SFIA Level 5: the section is missing",
        ]),
        ("SFIA Level 5", "SFIA Level 9", [
            "line 25, SFIA Level 9: there is no such level",
            "line 58, SFIA Level 5: the section is missing",
        ]),
        ("SFIA Level 5", "SFIA Level 4", [
            "line 25, SFIA Level 4: there is more than one such section",
            "line 58, SFIA Level 5: the section is missing",
        ]),
    ],
)  # fmt: skip
def test_drift_is_reported_with_its_line(before, after, report):
    page = role_page(SKILL)
    assert before in page
    assert said(SKILL, page.replace(before, after)) == report


# --------------------------------------------------------------------------------------------- writing


def test_a_written_page_has_an_entry_the_levels_and_tables_that_mean_what_they_should():
    page = dw.parse(role_page(SKILL), page_id="role:shelf_keeping")
    assert not page.diagnostics
    assert {field.column.name: field.values for field in page.entries[0].fields}["name"] == ("Shelf keeping",)
    assert [heading.title for heading in page.headings] == [
        "Role: Shelf keeping (SHKP)", "Description", *(f"SFIA Level {number}" for number in range(1, 6)),
        "Processes", "Practices", "Tools used",
    ]  # fmt: skip
    entry = "---- dataentry ----\ntype: {}\nname: {}\n{}_pages: role:Shelf keeping\n----\n"
    others = [
        dw.parse(entry.format(type_, page_id, how), page_id=page_id)
        for page_id, type_, how in [
            ("a", "process", "informed"), ("b", "tool", "informed"), ("c", "process", "responsible"),
            ("d", "practice", "accountable"), ("e", "process", "writing"),
        ]
    ]  # fmt: skip
    wiki = dw.Wiki.from_pages([page, *others])
    assert [[row.page_id for row in wiki.evaluate(query)] for query in page.queries] == [["a", "c"], ["d"], ["b"]]


words = st.sampled_from(
    [
        "a",
        "word",
        "**",
        "//",
        "((",
        "))",
        "<nowiki>",
        "%%",
        "[[b]]",
        "----",
        "FIXME",
        "'s",
        "->",
        "640x480",
        "|",
        "~~NOTOC~~",
    ]
)
texts = st.lists(st.lists(words, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=2).map("\n\n".join)


@given(st.lists(texts, min_size=8, max_size=8))
def test_a_written_page_has_not_drifted_whatever_the_skill_says(found):
    description, *said = found
    levels = tuple(Level(number, text) for number, text in enumerate(said, start=1))
    skill = Skill("Name", "NAME", description, levels)
    assert compare(skill, dw.parse(role_page(skill))) == ()


# ----------------------------------------------------------------------------------- README and command


def test_what_the_readme_shows_is_what_happens(tmp_path):
    readme = (FOLDER / "README.md").read_text("utf-8")
    commands = re.findall(r"^\$ python (.*)\n((?:[^$`].*\n)*)", readme, re.MULTILINE)
    assert len(commands) == 3
    for command, shown in commands:
        arguments, _, file = command.partition(" > ")
        parts = [str(tmp_path / part) if part == "role.txt" else part for part in shlex.split(arguments)]
        done = subprocess.run([sys.executable, *parts], cwd=ROOT, capture_output=True, text=True)
        assert done.stderr == ""
        assert done.returncode == bool(shown)
        if file:
            (tmp_path / file).write_text(done.stdout)
        else:
            assert done.stdout == shown


def test_the_example_in_the_readme_does_what_is_shown(monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(FOLDER / "README.md"), module_relative=False, encoding="utf-8")
    assert (failed, tried > 0) == (0, True)


def test_errors_are_one_line(tmp_path):
    (tmp_path / "words.txt").write_text("words")
    for name, message in [("nowhere", "No such file"), ("words.txt", "words.txt: there is no level in the text")]:
        call = [sys.executable, "-m", "examples.sfia", "write", str(tmp_path / name)]
        done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert message in line


# -------------------------------------------------------------------------------------------- the seeds


def seed(shared, number):
    (path,) = (shared / "seeds").glob(f"{number}_*.txt")
    return path.read_text("utf-8")


def test_the_real_skill_is_read(shared):
    skill = read_skill(seed(shared, "002"))
    assert (skill.name, skill.code) == ("Sales support", "SSUP")
    assert [level.observed for level in skill.levels] == [True] * 6 + [False]
    assert skill.description.count(".") == 1
    assert all(level.text.endswith(".") and "Level" not in level.text for level in skill.levels)


def test_the_real_role_page_has_drifted_in_three_places(shared):
    skill = read_skill(seed(shared, "002"))
    assert said(skill, seed(shared, "000")) == [
        "line 22, SFIA Level 3: lacks '.' behind 'proposals'",
        "line 25, SFIA Level 4: begins with a stray '4'",
        "line 28, SFIA Level 5: begins with a stray '5'",
    ]
    assert said(skill, role_page(skill)) == []
    assert said(replace(skill, code="SALE"), role_page(skill)) == [
        "line 1, title: no heading ends with 'Sales support (SALE)'"
    ]
