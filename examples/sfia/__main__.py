"""The example as a command: ``python -m examples.sfia compare SKILL PAGE``, or ``write SKILL``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import dokuwiki_data as dw

from .drift import compare
from .role_page import role_page
from .skill import Skill, SkillError, read_skill


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare or write; the exit code is 1 if there is a difference, 2 if something cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m examples.sfia", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("compare", help="say where a role page differs from the skill")
    command.add_argument("skill", type=Path)
    command.add_argument("page", type=Path)
    command = commands.add_parser("write", help="write a role page from the skill")
    command.add_argument("skill", type=Path)
    chosen = parser.parse_args(arguments)
    try:
        skill = _skill(chosen.skill)
        if chosen.command == "write":
            print(role_page(skill), end="")
            return 0
        drifts = compare(skill, dw.parse(chosen.page.read_text("utf-8", "surrogateescape")))
    except (OSError, SkillError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    for drift in drifts:
        print(drift)
    return 1 if drifts else 0


def _skill(path: Path) -> Skill:
    try:
        return read_skill(path.read_text("utf-8"))
    except (UnicodeDecodeError, SkillError) as error:
        raise SkillError(f"{path}: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
