"""Plugins of one's own: declared in a few lines, brought by any package, refused where they cannot work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import check_page
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data import nodes, plugins
from dokuwiki_data.nodes import Node
from dokuwiki_data.plugins import Container, Leaf, Plugin

ROOT = Path(__file__).parent.parent.parent
sys.path.append(str(ROOT))

from examples.todo_plugin import PLUGIN, Todo  # noqa: E402

SYNTAX = dw.Syntax(plugins=("data", PLUGIN))


def run(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_the_example_lists_open_tasks(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("== T ==\n  * <todo @ann @bob>write **it**</todo>\n  * <todo #>read it</todo>\n<todo>not closed\n")
    assert run("examples/todo_plugin.py", path) == f"{path}:2: write it (ann, bob)\n"


def test_a_package_brings_a_plugin_by_an_entry_point(tmp_path):
    about = tmp_path / "todo_plugin-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: todo-plugin\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        f"[{plugins.GROUP}]\ntodo = examples.todo_plugin:PLUGIN\nbroken = examples.nothing:PLUGIN\n"
    )
    program = (
        "import dokuwiki_data as dw; from dokuwiki_data import plugins; print('todo' in plugins.known()); "
        "print(dw.parse('<todo #>a</todo>', syntax=dw.Syntax(plugins=('todo',))).pretty())\n"
        "try: dw.Syntax(plugins=('broken',))\n"
        "except ValueError as error: print(error)"
    )
    said = run("-c", program, PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert said.startswith("True\n")
    assert "Todo(closed=True, done=True)" in said
    assert said.endswith(
        "the plugin 'broken' cannot be loaded: ModuleNotFoundError: No module named 'examples.nothing'\n"
    )


def test_a_name_that_nobody_brings_is_refused_with_all_that_are_known():
    with pytest.raises(ValueError, match="plugins are a tuple of names, not the text 'data,todo'"):
        dw.Syntax(plugins="data,todo")
    with pytest.raises(ValueError, match=r"unknown plugin 'tudo'; known: data, comments, .*macros"):
        dw.Syntax(plugins=("tudo",))


@given(
    st.lists(st.sampled_from(["<todo @a>", "<todo #>", "</todo>", "<todo", "**", "((", "))", "\n\n", "  * ", "|", "x"]))
)
def test_it_works_with_all_other_markup(pieces):
    text = "".join(pieces)
    page = dw.parse(text, syntax=SYNTAX)
    check_page(page, syntax=SYNTAX, lark=False)
    assert all(todo.source.startswith("<todo") for todo in page.find_all(Todo))


@pytest.mark.parametrize("todo", [Todo((), ("ann", "bob"), False), Todo((nodes.Text("x"),), (), True)])
def test_its_nodes_are_written_by_their_own_tags(todo):
    text = dw.render.markup(todo, syntax=SYNTAX)
    assert list(dw.parse(text, syntax=SYNTAX).find_all(Todo)) == [todo]


def test_all_that_a_plugin_needs_comes_from_one_place():
    source = (ROOT / "examples" / "todo_plugin.py").read_text("utf-8")
    assert [line for line in source.splitlines() if line.startswith("from dokuwiki_data")] == [
        "from dokuwiki_data.plugins import Container, Node, Plugin, PluginContainer, node"
    ]


def nothing(*found: object) -> Node:
    raise AssertionError


@pytest.mark.parametrize(
    ("start", "rest", "reason"),
    [
        ("[a-z]x", {}, "must begin with a literal character"),
        (".x", {}, "must begin with a literal character"),
        ("", {}, "must begin with a literal character"),
        (r"\wx", {}, "must begin with a literal character"),
        ("a*x", {}, "must begin with a literal character"),
        ("a(b)", {}, r"has groups; write \(\?:…\)"),
        ("ab", {"end": "(c)"}, r"has groups; write \(\?:…\)"),
        ("a|b", {}, "is a choice"),
        ("a(", {}, "is not a regular expression: missing "),
    ],
)
def test_a_declaration_that_cannot_work_is_refused_at_once(start, rest, reason):
    with pytest.raises(ValueError, match=reason):
        Leaf(start, nothing, 100, **rest)
    with pytest.raises(ValueError, match=reason):
        Container(start, rest.get("end", "</a>"), nothing, 100)


@pytest.mark.parametrize("start", ["ab", r"\[\[a", "a(?:b|c)", r"\n#a", "a[|]b", r"a\|b", "<a(?=b)"])
def test_others_are_not(start):
    assert Leaf(start, nothing, 100).start == Container(start, "b", nothing, 100).start == start
    assert Plugin("a", (Leaf(start, nothing, 100),)).folders == ()
