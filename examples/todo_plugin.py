"""A plugin of one's own: ``<todo @who #>what</todo>`` is a task, done if there is a ``#``.

Ships in any package with an entry point, and is then active by its name, ``--plugins data,todo``:

    [project.entry-points."dokuwiki_data.plugins"]
    todo = "your_package.todo_plugin:PLUGIN"

Run on pages, this lists the tasks that are open:

    python examples/todo_plugin.py PAGE.txt…
"""

from __future__ import annotations

import sys
from pathlib import Path

import dokuwiki_data as dw
from dokuwiki_data.plugins import Container, Node, Plugin, PluginContainer, node


@node
class Todo(PluginContainer):
    """A task: who is to do it, and whether it is done."""

    who: tuple[str, ...]
    done: bool

    component = "todo"

    def tags(self) -> tuple[str, str]:
        words = ["<todo", *(f"@{who}" for who in self.who), *["#"] * self.done]
        return f"{' '.join(words)}>", "</todo>"


def _todo(opening: str, content: tuple[Node, ...]) -> Todo:
    words = opening.removeprefix("<todo").removesuffix(">").split()
    return Todo(content, tuple(word[1:] for word in words if word.startswith("@")), "#" in words)


PLUGIN = Plugin("todo", (Container(r"<todo\b", "</todo>", _todo, start_end=">", sort=150),))


def main() -> None:
    """List the open tasks of some pages."""
    syntax = dw.Syntax(plugins=(*dw.Syntax().plugins, PLUGIN))
    for path in sys.argv[1:]:
        page = dw.parse(Path(path).read_text("utf-8"), syntax=syntax)
        for todo in page.find_all(Todo):
            if not todo.done:
                print(f"{path}:{todo.position.line}: {todo.plain_text()} ({', '.join(todo.who) or 'nobody'})")


if __name__ == "__main__":
    main()
