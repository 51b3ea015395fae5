"""How far a wiki's role page has drifted from the skill that it was written from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

import dokuwiki_data as dw
from dokuwiki_data.nodes.blocks import Section

from .skill import Skill

_LEVEL = re.compile(r"SFIA Level (\d+)")
_WORD = re.compile(r"\w+|[^\w\s]")
#: Letters that people and programs write differently.
_SAME = str.maketrans("‘’“”–", "''\"\"-")


@dataclass(frozen=True, slots=True)
class Drift:
    """A place where the page says something else than the skill: its line, and the section it is in."""

    line: int
    section: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.section}: {self.message}"


def compare(skill: Skill, page: dw.Page) -> tuple[Drift, ...]:
    """Every difference between a skill and a role page with sections ``SFIA Level N``, in the page's order.

    White space and the shape of quotation marks do not count. What the page has beside these sections, its
    description and its title is its own affair.
    """
    return tuple(sorted(_drifts(skill, page), key=lambda drift: drift.line))


def _drifts(skill: Skill, page: dw.Page) -> Iterator[Drift]:
    title = f"{skill.name} ({skill.code})"
    if not any(section.heading.title.endswith(title) for section in page.sections):
        yield Drift(1, "title", f"no heading ends with {title!r}")
    for entry in page.entries:
        for field in entry.fields:
            if field.column.key == "name" and field.values != (skill.name,):
                yield Drift(
                    field.position.line, "entry", f"the name is {', '.join(field.values)!r}, not {skill.name!r}"
                )

    expected = {level.number: level for level in skill.levels}
    missing = {f"SFIA Level {level.number}": level for level in skill.observed}
    for section in page.sections:
        heading, text = section.heading.title, _text(section)
        line = section.heading.position.line
        match = _LEVEL.fullmatch(heading)
        if heading == "Description":
            yield from (Drift(line, heading, change) for change in changes(skill.description, text))
        elif match and missing.pop(heading, None):
            yield from (Drift(line, heading, change) for change in changes(expected[int(match[1])].text, text))
        elif match:
            known = expected.get(int(match[1]))
            again = (
                "there is more than one such section" if known and known.observed else "the skill is not observed there"
            )
            yield Drift(line, heading, again if known else "there is no such level")
    last = max((section.heading.position.line for section in page.sections), default=1)
    yield from (Drift(last, heading, "the section is missing") for heading in missing)


def changes(expected: str, found: str) -> list[str]:
    """What was changed in a text, word by word; a digit in front, as copying a list leaves it, is called stray."""
    before, after = (_WORD.findall(text.translate(_SAME)) for text in (expected, found))
    if len(after) > 1 and after[0].isdigit() and after[1:2] == before[:1] != after[:1]:
        return [f"begins with a stray {after[0]!r}", *changes(expected, found.lstrip()[len(after[0]) :])]
    said = []
    for change, start, end, other_start, other_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        old, new = (repr(" ".join(words)) for words in (before[start:end], after[other_start:other_end]))
        if change == "replace":
            said.append(f"says {new} instead of {old}")
        elif change == "insert":
            said.append(f"adds {new} {_behind(before, start)}")
        elif change == "delete":
            said.append(f"lacks {old} {_behind(before, start)}")
    return said


def _behind(words: list[str], at: int) -> str:
    return f"behind {words[at - 1]!r}" if at else "at the beginning"


def _text(section: Section) -> str:
    return "\n\n".join(node.plain_text() for node in section.content)
