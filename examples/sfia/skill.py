"""From the plain text of a skill's page in the SFIA framework to a typed object."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The framework has seven levels of responsibility.
LEVELS = range(1, 8)

_TITLE = re.compile(r"(?P<name>.+) (?P<code>[A-Z]{4})")
_LEVEL = re.compile(r"(?P<name>.+): Level (?P<number>[1-7])")
_NOT_OBSERVED = re.compile(r"\bnot (?:typically )?observed\b", re.IGNORECASE)
_NUMBERS = re.compile(r"[1-7](?: [1-7])*")


class SkillError(ValueError):
    """A text that is not the page of a skill; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Level:
    """What the skill means at a level of responsibility; not ``observed`` where nobody has it at that level."""

    number: int
    text: str
    observed: bool = True


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill: its name, its code of four letters, what it is, and its seven levels."""

    name: str
    code: str
    description: str
    levels: tuple[Level, ...]

    @property
    def observed(self) -> tuple[Level, ...]:
        """The levels at which the skill is found."""
        return tuple(level for level in self.levels if level.observed)


def read_skill(text: str) -> Skill:
    """The skill that a page describes; its paragraphs have empty lines between them.

    Raises `SkillError` where the title, the description or a level is missing, or where the list of
    levels says something else than the levels themselves.
    """
    paragraphs = [" ".join(lines.split()) for lines in re.split(r"\n\s*\n", text) if lines.strip()]
    starts = {at: match for at, paragraph in enumerate(paragraphs) if (match := _LEVEL.fullmatch(paragraph))}
    if not starts:
        raise SkillError("there is no level in the text")
    name = next(iter(starts.values()))["name"]
    head = paragraphs[: min(starts)]
    title, code = _title(head, name)
    # The description ends where a headline follows, which is no sentence.
    sentences = head[title + 1 :]
    end = next((at for at, paragraph in enumerate(sentences) if paragraph[-1] not in ".!?"), len(sentences))
    if not end:
        raise SkillError(f"{name!r} has no description")

    ends = [*list(starts)[1:], len(paragraphs)]
    levels = []
    for (start, match), behind in zip(starts.items(), ends, strict=True):
        said = "\n\n".join(paragraphs[start + 1 : behind])
        levels.append(Level(int(match["number"]), said, not _NOT_OBSERVED.search(said)))
    skill = Skill(name, code, "\n\n".join(sentences[:end]), tuple(levels))
    _check(skill, next(filter(_NUMBERS.fullmatch, head), None))
    return skill


def _title(paragraphs: list[str], name: str) -> tuple[int, str]:
    for at, paragraph in enumerate(paragraphs):
        match = _TITLE.fullmatch(paragraph)
        if match and match["name"] == name:
            return at, match["code"]
    raise SkillError(f"{name!r} has no title with a code of four letters")


def _check(skill: Skill, listed: str | None) -> None:
    numbers = [level.number for level in skill.levels]
    if numbers != list(LEVELS):
        raise SkillError(f"{skill.name!r} has the levels {numbers}, but there are seven")
    if listed is not None and listed.split() != [str(level.number) for level in skill.observed]:
        raise SkillError(f"{skill.name!r} lists the levels {listed}, but describes others")
