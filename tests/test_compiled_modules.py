"""The compiled build: which modules it compiles, what it adds to a wheel, and that it is what these tests import."""

import ast
import importlib
import importlib.util
import os
import pickle
from pathlib import Path

import pytest

import dokuwiki_data as dw
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.links import LinkRules
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.html import RENDERERS, HtmlWriter
from dokuwiki_data.writers.losses import ignore
from dokuwiki_data.writers.resolved import ResolvedPage

ROOT = Path(__file__).parent.parent

pytest.importorskip("hatchling", reason="hatchling is in the extra test")


@pytest.fixture(scope="module")
def hook():
    """The module of the build hook."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def compiled_modules(hook):
    """The hook, as hatchling makes it."""
    return hook.CompiledModules(str(ROOT), {}, None, None, "", "wheel")


def test_the_table_names_modules_once(hook):
    paths = hook.paths()
    assert len(paths) == len(set(paths))
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_no_literal_has_surrogates(hook):
    """Mypyc refuses them; regular expressions may have escapes of their own."""
    for path in hook.paths():
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                node.value.encode()


def test_no_class_has_cached_properties(hook):
    """They would be made anew each time: mypyc takes them for properties."""
    assert [path for path in hook.paths() if "cached_property" in (ROOT / path).read_text("utf-8")] == []


def test_no_class_is_a_frozen_dataclass(hook):
    """They could not be pickled, which sends them to other processes."""
    assert [path for path in hook.paths() if "frozen=True" in (ROOT / path).read_text("utf-8")] == []


@pytest.mark.parametrize("rules", [LinkRules(start_page="home"), LinkContext(interwiki={"wp": "https://wp.example/"})])
def test_settings_of_links_go_to_other_processes(rules):
    assert pickle.loads(pickle.dumps(rules)) == rules


def test_writers_may_be_derived_from():
    """Users' own classes are interpreted, those that they derive from compiled."""

    class Shouting(HtmlWriter):
        def text(self, text):
            super().text(text.upper())

        def block(self, written):
            self.blocks = [*getattr(self, "blocks", ()), written]
            super().block(written)

    renderers = RENDERERS | {dw.nodes.Text: lambda writer, node: writer.text(node.text)}
    writer = Shouting(ResolvedPage(dw.parse("a **b**\n----\n")), DokuWikiAddresses(), renderers, ignore)
    writer.node(writer.page.page)
    assert "".join(writer.out) == "\n<p>\nA <strong>B</strong>\n</p>\n<hr />\n"
    assert writer.blocks == ["<hr />\n"]


def test_compiled_is_true_if_all_modules_of_the_table_are(hook):
    modules = [importlib.import_module(path.removesuffix(".py").replace("/", ".")) for path in hook.paths()]
    assert {not module.__file__.endswith(".py") for module in modules} == {dw.compiled}


def test_modules_in_c_are_those_of_the_table_and_are_there_if_the_others_are(hook):
    package = ROOT / "dokuwiki_data"
    written = {str(path.relative_to(package).with_suffix("")).replace(os.sep, ".") for path in package.rglob("*.c")}
    assert written == set(hook.C_MODULES)
    built = {importlib.util.find_spec(f"dokuwiki_data.{path}") is not None for path in hook.C_MODULES}
    assert built == {dw.compiled}


def test_the_tests_run_compiled_where_they_should():
    """The checks set the variable for the tests of a compiled build."""
    assert dw.compiled or "TEST_COMPILED" not in os.environ


def test_without_the_variable_a_build_needs_and_adds_nothing(compiled_modules, monkeypatch):
    monkeypatch.delenv("DOKUWIKI_DATA_COMPILED", raising=False)
    build_data = {"force_include": {}}
    compiled_modules.initialize("standard", build_data)
    assert compiled_modules.dependencies() == []
    assert build_data == {"force_include": {}}


def test_an_editable_install_is_never_compiled(compiled_modules, monkeypatch):
    monkeypatch.setenv("DOKUWIKI_DATA_COMPILED", "1")
    build_data = {"force_include": {}}
    compiled_modules.initialize("editable", build_data)
    assert build_data == {"force_include": {}}


def test_a_compiled_build_needs_mypyc(compiled_modules, monkeypatch):
    monkeypatch.setenv("DOKUWIKI_DATA_COMPILED", "1")
    assert [need.partition(">")[0] for need in compiled_modules.dependencies()] == ["mypy[mypyc]", "setuptools"]
