"""The examples in docstrings run, in a folder that holds the example wiki."""

import ast
import doctest
import shutil
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dokuwiki_data"


def examples():
    """Every docstring with an example: the name of its module, its line, and its text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text("utf-8")
        if ">>>" not in text:
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                docstring = ast.get_docstring(node) or ""
                if ">>>" in docstring:
                    yield module, getattr(node, "name", "module"), docstring


EXAMPLES = list(examples())


@pytest.mark.parametrize(("module", "name", "text"), EXAMPLES, ids=[f"{module}.{name}" for module, name, _ in EXAMPLES])
def test_an_example_does_what_it_shows(module, name, text, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    session = doctest.DocTestParser().get_doctest(text, dict(vars(import_module(module))), name, module, 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(session)
    assert runner.failures == 0


def test_what_users_meet_first_has_an_example():
    shown = {name for _, name, _ in EXAMPLES}
    assert shown >= {"parse", "read_page", "find", "find_all", "select", "col", "explain", "to_sql", "to_json"}
