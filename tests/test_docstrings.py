"""The examples in docstrings run, in a folder that holds the example wiki."""

import ast
import doctest
import inspect
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

import dokuwiki_data as dw
from dokuwiki_data import strategies

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dokuwiki_data"

#: Examples that need a library of an extra, by the name of the function or class.
NEEDS = {
    "add_wiki": "pyarrow",
    "Dataset": "duckdb",
    "to_arrow": "pyarrow",
    "to_pandas": "pandas",
    "to_polars": "polars",
}

#: What users meet first.
FIRST = (
    dw.parse, dw.read_page, dw.Page, dw.Page.find, dw.Page.find_all, dw.Page.walk, dw.Page.to_json, dw.Page.pretty,
    dw.Wiki.open, dw.Wiki.from_pages, dw.Wiki.evaluate, dw.Wiki.transform, dw.Wiki.links, dw.Wiki.backlinks,
    dw.Wiki.entries, dw.Wiki.context, dw.Wiki.resolve,
    dw.Query.parse, dw.Query.select, dw.Query.explain, dw.Query.to_sql, dw.col,
    dw.Result.to_dicts, dw.Result.to_csv, dw.Result.to_json, dw.Result.to_jsonl, dw.Result.to_markdown,
    dw.Result.to_html, dw.Result.to_wiki, dw.Result.to_text, dw.Result.to_pandas, dw.Result.to_arrow,
    dw.convert, dw.export, dw.struct, dw.add_wiki, dw.Dataset, dw.Syntax, dw.Context, dw.TypeAlias,
    *(getattr(strategies, name) for name in strategies.__all__),
    *(getattr(dw.render, name) for name in dw.render.__all__),
    *(function for name, function in vars(dw.edit).items() if name in dw.edit.__all__ and inspect.isfunction(function)),
)  # fmt: skip


def examples():
    """Every docstring with an example: its module, the name of what it describes, and its text."""
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


@pytest.fixture(scope="module")
def folder_of_examples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docstrings")
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


@pytest.fixture
def few_examples_of_hypothesis():
    """Run properties that examples define only a few times."""
    settings.register_profile("before", settings())
    settings.register_profile("few", settings(), max_examples=10)
    settings.load_profile("few")
    yield
    settings.load_profile("before")


@pytest.mark.usefixtures("few_examples_of_hypothesis")
@pytest.mark.parametrize(("module", "name", "text"), EXAMPLES, ids=[f"{module}.{name}" for module, name, _ in EXAMPLES])
def test_an_example_does_what_it_shows(module, name, text, folder_of_examples, monkeypatch):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    monkeypatch.chdir(folder_of_examples)
    session = doctest.DocTestParser().get_doctest(text, dict(vars(import_module(module))), name, module, 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(session)
    assert runner.failures == 0


@pytest.mark.parametrize("item", FIRST, ids=lambda item: item.__qualname__)
def test_what_users_meet_first_has_an_example(item):
    assert ">>>" in (inspect.getdoc(item) or "")
