"""Writing a wiki's role page from a skill."""

from __future__ import annotations

from collections.abc import Callable

import dokuwiki_data as dw
from dokuwiki_data.engine.formats.grids import unformatted
from dokuwiki_data.ids import clean_id
from dokuwiki_data.nodes.data import DataEntry, DataField
from dokuwiki_data.query.columns import Column

from .drift import compare
from .skill import Skill

#: The tables of a role page: heading, type of the pages that it lists, and what it is sorted by.
TABLES = (("Processes", "process", "name"), ("Practices", "practice", "maturity"), ("Tools used", "tool", "name"))

#: The columns in which such a page names roles.
ROLES = ("responsible_pages", "accountable_pages", "consulted_pages", "informed_pages")


def role_page(skill: Skill) -> str:
    """The source of a page for the role that has a skill: an entry, a section for each level observed, and tables."""
    source = _page(skill, lambda paragraph: paragraph)
    if compare(skill, dw.parse(source)):
        # Something in the skill's text is markup to a wiki.
        source = _page(skill, unformatted)
    return source


def _page(skill: Skill, written: Callable[[str], str]) -> str:
    """The page, with paragraphs ``written`` as they are or marked as plain text."""
    texts = {"Description": skill.description}
    texts |= {f"SFIA Level {level.number}": level.text for level in skill.observed}
    parts = [_entry(skill), f"===== Role: {skill.name} ({skill.code}) ====="]
    parts += [_section(heading, "\n\n".join(map(written, text.split("\n\n")))) for heading, text in texts.items()]
    parts += [_section(heading, str(_table(skill, type_, sort))) for heading, type_, sort in TABLES]
    return "\n\n".join(parts) + "\n"


def _entry(skill: Skill) -> str:
    said = {"type": "role", "name": skill.name, "category": "", "summary": ""}
    fields = (DataField(Column.parse(name), (value,) if value else ()) for name, value in said.items())
    return dw.render.entry_block(DataEntry(tuple(fields), "role"))


def _section(heading: str, text: str) -> str:
    return f"==== {heading} ====\n{text}"


def _table(skill: Skill, type_: str, sort: str) -> dw.Query:
    """The pages of a type that name the role. Built in Python, the condition means what it looks like."""
    role = f"role:{clean_id(skill.name)}"
    responsible, *others = (dw.col(column) == role for column in ROLES)
    named = responsible
    for other in others:
        named = named | other
    columns, headers = ("%pageid%", *ROLES), ("Page", "Responsible", "Accountable", "Consulted", "Informed")
    return dw.Query.select(*columns, headers=headers, where=(dw.col("type") == type_) & named, sort=sort)
