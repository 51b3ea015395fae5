"""Compile the modules that take most of the time, with mypyc, if ``DOKUWIKI_DATA_COMPILED=1`` is set.

Without the variable, the hook does nothing: the wheel is pure Python and needs neither mypy nor a C compiler. Editable
installs are never compiled. The sources are in a compiled wheel too, since tracebacks show their lines.

``python hatch_build.py FOLDER`` writes the extension modules alone into a folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "dokuwiki_data"

#: The modules that are compiled: what runs for each piece of markup, node or value. The others would not be faster.
MODULES: dict[str, str] = {
    "": "ids text",
    "grammars": "driver",
    "syntax": """
        alignment block_markup cells closers collectors diagnostics formatting inline_markup leaves left_open lexer
        markdown_blocks markdown_inline markdown_leaves markdown_rows markdown_tables measuring paragraphs
        patterns plugin_markup scopes table_markup tables tree
    """,
    "render": """
        block_calls call_writer characters collected collected_tables inline_calls instruction_list json_text
        plugin_calls record
    """,
    "nodes": "field_places plain_rows",
    "plugins": "data_blocks",
    "query": "reader",
    "wiki": "link_targets links",
    "writers": "link_addresses node_writer resolved",
    "writers/html": "blocks inline links writer",
}

#: The modules that are written in C.
C_MODULES = ("nodes.maker", "syntax.pair_search")


def paths() -> list[str]:
    """Return the paths of the compiled modules below the folder of the project."""
    return [
        "/".join(filter(None, (PACKAGE, room, f"{name}.py")))
        for room, names in MODULES.items()
        for name in names.split()
    ]


def wanted() -> bool:
    """Return whether the environment asks for a compiled wheel."""
    return os.environ.get("DOKUWIKI_DATA_COMPILED", "") not in ("", "0")


def compile_into(folder: Path) -> None:
    """Write the extension modules into a folder, as they lie in a wheel."""
    from mypyc.build import mypycify  # type: ignore[import-not-found, unused-ignore]
    from setuptools import Extension, setup

    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        # Packages that are not installed where the wheel is built are of type Any.
        options = ["--config-file=", "--ignore-missing-imports", "--disable-error-code=unused-ignore"]
        options += ["--cache-dir", os.environ.get("MYPY_CACHE_DIR", str(Path(temporary, "cache")))]
        extensions = mypycify([*options, *paths()], target_dir=temporary, group_name=PACKAGE, debug_level="0")
        for path in C_MODULES:
            source = Path(PACKAGE, *path.split("."))
            extensions.append(Extension(f"{PACKAGE}.{path}", [str(source.with_suffix(".c").absolute())]))
        os.chdir(temporary)  # away from pyproject.toml, which setuptools would read
        command = ["build_ext", "--build-lib", str(folder), "--build-temp", temporary]
        setup(name=PACKAGE, packages=[], py_modules=[], ext_modules=extensions, script_args=command)
        os.chdir(folder)  # Windows removes no folder that a process is in


if __name__ == "__main__":
    os.chdir(Path(__file__).parent)
    compile_into(Path(sys.argv[1]).absolute())
else:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class CompiledModules(BuildHookInterface[Any]):
        """Adds the compiled modules to a wheel."""

        def dependencies(self) -> list[str]:
            """Return what the build needs besides hatchling."""
            return ["mypy[mypyc]>=2.4", "setuptools"] if wanted() else []

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Compile, and name the files and the platform of the wheel."""
            if version == "editable" or not wanted():
                return
            self._folder = tempfile.TemporaryDirectory()
            folder = Path(self._folder.name)
            subprocess.run([sys.executable, Path(self.root, "hatch_build.py"), folder], check=True)
            built = [path for path in folder.rglob("*") if path.is_file()]
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
            build_data["force_include"].update({str(path): path.relative_to(folder).as_posix() for path in built})

        def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
            """Remove the compiled modules, which are in the wheel now."""
            if hasattr(self, "_folder"):
                self._folder.cleanup()
