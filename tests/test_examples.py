"""The examples do what they say."""

import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def run(*arguments):
    done = subprocess.run([sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def test_migrating(tmp_path):
    written = run("examples/migrate.py", "examples/wiki", tmp_path)
    assert written.startswith("33 pages; not shown as in the wiki: {'missing-page': ")
    _, front, body = tmp_path.joinpath("docs/role/data_steward.md").read_text("utf-8").split("---\n", 2)
    assert yaml.safe_load(front)["data"]["role"]["keywords"] == ["data", "privacy", "catalogue"]
    assert "Half of the work is detective work" in body
    assert "| Process " in body
