"""The rooms of the package: imports go up the table and never down, and no module imports itself by a detour."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "dokuwiki_data"

#: The rooms from the ground up. A module may import from its own room and from those before it.
ROOMS = [
    ["text", "php", "errors", "garbage", "compiling", "portable_names", "csv_rows", "ids"],
    ["grammars"],
    ["query"],
    ["nodes"],
    ["plugins"],
    ["syntax"],
    ["render"],
    ["engine"],
    ["wiki"],
    ["writers"],
    ["edit", "conversion", "moving", "rewriting"],
    ["dataset", "exports", "struct_export"],
    ["reports"],
    ["__init__"],
    ["command", "strategies", "__main__"],
]

#: Imports inside functions and for type checkers that may point down, since they only shorten what users write.
CONVENIENCE = {
    ("errors", "nodes.base"),  # the type of EditError.node
    ("nodes.blocks", "render.characters"),  # Table.to_csv
    ("nodes.page", "render.record"),  # Page.to_json
    ("engine.results", "writers.addresses"),  # Result.to_html and to_markdown with links
    ("engine.results", "writers.linked_results"),
    ("render", "writers.html"),  # render.html
    ("render", "writers.markdown"),  # render.markdown
    ("render", "writers.mediawiki"),  # render.mediawiki
    ("render", "writers.pandoc"),  # render.pandoc
    ("wiki.collection", "rewriting.wikis"),  # Wiki.rewrite
    ("wiki.collection", "moving.moving"),  # Wiki.move
    ("wiki.collection", "reports.content"),  # Wiki.report
    ("wiki.collection", "reports.reporting"),
    ("query.queries", "engine.context"),  # Query.explain, Query.to_sql
    ("query.queries", "engine.explanation"),
    ("query.queries", "engine.index"),
    ("query.queries", "engine.results"),
    ("query.queries", "engine.semantics"),
    ("query.queries", "engine.sql"),
}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)] = path
    return found


MODULES = modules()


def imports(tree: ast.AST, inside: bool = False) -> Iterator[tuple[str, bool]]:
    """What a module imports from the package, and whether that happens inside a function or only for type checkers."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.expr):
            continue  # holds no statement
        if isinstance(child, ast.ImportFrom) and (child.module or "").split(".")[0] == "dokuwiki_data":
            base = (child.module or "").removeprefix("dokuwiki_data").removeprefix(".")
            for name in child.names:
                full = f"{base}.{name.name}" if base else name.name
                yield (full if full in MODULES else base or "__init__"), inside
        elif isinstance(child, ast.Import):
            yield from (
                (name.name.removeprefix("dokuwiki_data").removeprefix(".") or "__init__", inside)
                for name in child.names
                if name.name.split(".")[0] == "dokuwiki_data"
            )
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        is_for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        yield from imports(child, inside or is_function or is_for_types)


IMPORTS = {name: sorted(set(imports(ast.parse(path.read_text("utf-8"))))) for name, path in MODULES.items()}


def floor(module: str) -> int:
    """The place of a module's room in the table."""
    room = module.partition(".")[0]
    return next(number for number, rooms in enumerate(ROOMS) if room in rooms)


def test_every_module_is_in_a_room():
    rooms = {room for rooms in ROOMS for room in rooms}
    assert {module.partition(".")[0] for module in MODULES} == rooms


def test_no_import_points_down():
    down = {
        (module, target)
        for module, targets in IMPORTS.items()
        for target, is_inside in targets
        if floor(target) > floor(module) and not (is_inside and (module, target) in CONVENIENCE)
    }
    assert down == set()


def test_no_convenience_is_listed_that_is_not_there():
    assert {pair for pair in CONVENIENCE if (pair[1], True) not in IMPORTS[pair[0]]} == set()


def test_no_module_imports_itself_by_a_detour():
    top = {module: {target for target, is_inside in targets if not is_inside} for module, targets in IMPORTS.items()}
    reached: dict[str, int] = {}

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join((*path, module))
        if module in reached:
            return
        for target in top[module] & MODULES.keys() - {module}:  # extension modules import nothing
            if not module.startswith(f"{target}."):  # a package and what is in it
                visit(target, (*path, module))
        reached[module] = 1

    for module in MODULES:
        visit(module, ())


def test_no_public_class_has_the_name_of_another():
    names = Counter(
        statement.name
        for path in MODULES.values()
        for statement in ast.parse(path.read_text("utf-8")).body
        if isinstance(statement, ast.ClassDef) and not statement.name.startswith("_")
    )
    assert {name for name, count in names.items() if count > 1} == set()


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is_for(module):
    text = MODULES[module].read_text("utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))
