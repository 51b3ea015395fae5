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
    run("examples/migrate.py", "examples/wiki", tmp_path)
    assert len(list(tmp_path.rglob("*.md"))) == len(list((ROOT / "examples/wiki").rglob("*.txt")))
    _, front, body = tmp_path.joinpath("role/data_steward.md").read_text("utf-8").split("---\n", 2)
    assert yaml.safe_load(front)["keywords"] == ["data", "privacy", "catalogue"]
    assert "Half of the work is detective work" in body
    assert "| Process | Category | Maturity |" in body
