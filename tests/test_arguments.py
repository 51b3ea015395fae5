"""What all commands make of their arguments: empty paths are refused, and what is said may be asked for anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import run_text as run

EXAMPLE = str(Path(__file__).parent.parent / "examples" / "wiki")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["convert", ""], "SOURCE"),
        (["convert", EXAMPLE, "-o", ""], "-o/--output"),
        (["convert", EXAMPLE, "--report", ""], "--report"),
        (["check", ""], "SOURCE"),
        (["parse", ""], "FILE"),
        (["query", "", "cols: name"], "SOURCE"),
        (["query", EXAMPLE, "--block", ""], "--block"),
        (["tables", "", "-o", "out"], "SOURCE"),
        (["tables", EXAMPLE, "-o", ""], "-o/--output"),
    ],
)
def test_an_empty_path_is_refused(arguments: list[str], name: str, tmp_path: Path) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    program = f"dokuwiki-data {arguments[0]}"
    assert done.stderr == f"{program}: error: argument {name}: the path is empty (see {program} --help)\n"


@pytest.mark.parametrize("arguments", [["-v", "parse", "-f", "json"], ["parse", "-f", "json", "--verbose"]])
def test_more_may_be_asked_for_before_and_after_the_command(arguments: list[str]) -> None:
    done = run(*arguments, f"{EXAMPLE}/pages/start.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("{")


@pytest.mark.parametrize("where", [0, 1, 4])
def test_verbose_says_more_wherever_it_stands(tmp_path: Path, where: int) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "again").symlink_to(tmp_path)
    arguments = ["query", "-q", str(tmp_path), "cols: name"]
    assert run(*arguments).stderr == ""
    done = run(*arguments[:where], "-v", *arguments[where:])
    link = tmp_path / "again"
    assert done.stderr == f"dokuwiki-data: {link}: not followed, since it is a link to a folder of this wiki\n"
