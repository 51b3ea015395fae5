"""Full-text search of a site in the browser, by Pagefind (the extra ``search``)."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

from dokuwiki_data.errors import MissingExtraError, OutputError
from dokuwiki_data.exports.folder import OutputFolder

_FOLDER = "pagefind"


def has_search(wanted: bool | None) -> bool:
    """Return whether there will be search. Raises `MissingExtraError` if it is wanted but not installed.

    Args:
        wanted: Whether somebody wants it; None: if it is installed.
    """
    is_there = find_spec("pagefind") is not None
    if wanted and not is_there:
        raise MissingExtraError("pagefind", "search")
    return is_there if wanted is None else wanted


def add_search(folder: OutputFolder) -> None:
    """Add the index of all pages in a folder, and the program that searches it. Raises `OutputError`."""
    command = [sys.executable, "-m", "pagefind", "--site", str(folder.root), "--output-subdir", _FOLDER, "--quiet"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        raise OutputError(f"{folder.root}: no index for search: {error}") from error
    if run.returncode:
        said = (run.stderr or run.stdout).strip().splitlines() or ["it failed"]
        raise OutputError(f"{folder.root}: no index for search: {said[-1]}")
    folder.adopt(_FOLDER)
