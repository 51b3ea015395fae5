"""What the README shows is what happens."""

import doctest
import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dokuwiki_data as dw

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_record_is_that_of_the_page():
    (text,), (record,) = blocks("text"), blocks("json")
    page = dw.parse(text, page_id="tool:kettle", modified=1795292810)
    assert json.loads(record) == dw.render.json(page)


def test_the_table_of_keys_is_complete():
    (record,) = blocks("json")
    keys = re.findall(r"^\| (`.*`) \|", README[README.index("| key |") :].partition("\n\n")[0], re.MULTILINE)
    assert ", ".join(keys) == ", ".join(f"`{key}`" for key in json.loads(record))


def test_all_extras_are_named_and_no_other():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (named,) = re.findall(r"`'\.\[([^]]*)\]'` all", README)
    assert named.split(",") == sorted(extras.keys() - {"test", "dev"})
    assert set(re.findall(r"extra `(\w+)`", README)) <= extras.keys()


def test_the_library_does_what_is_shown(monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert tried
    assert not failed


def test_the_queries_answer_what_is_shown():
    shown = re.findall(r"^\$ dokuwiki-data (.*)\n((?:[^$`\n].*\n)+)", README, re.MULTILINE)
    assert len(shown) == 2
    for command, output in shown:
        call = [sys.executable, "-m", "dokuwiki_data", *shlex.split(command)]
        done = subprocess.run(call, cwd=ROOT, capture_output=True)
        assert (done.stdout.decode(), done.stderr) == (output, b"")


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)]+)\)", README))
def test_links_lead_somewhere(link):
    assert (ROOT / link).exists()
