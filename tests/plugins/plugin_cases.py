"""How the cases of plugins are read, for those who record them and for those who test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers import read_cases

import dokuwiki_data as dw
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.plugins import DATA

CASES = Path(__file__).parent / "cases"
DEVIATIONS = Path(__file__).parent / "deviations.yaml"


def syntax_with(*names: str) -> dw.Syntax:
    """The syntax with some plugins, and none of the others."""
    return dw.Syntax(plugins=(DATA, *names))


def read(text: str, plugin: str) -> dw.Page:
    """A page read with one plugin."""
    return dw.parse(text, syntax=syntax_with(plugin))


def cases(plugin: str) -> list[dict[str, Any]]:
    """The recorded cases of a plugin."""
    return read_cases(CASES / f"{plugin}.yaml")


def said_by(page: dw.Page) -> list[Any]:
    """What the nodes of plugins in a page say, as in its record, but for their places and for what says nothing."""
    found = [_said(node) for node in _records(dw.render.json(page)["content"]) if "component" in node]
    assert len(found) == sum(1 for _ in page.find_all(PluginMarkup))
    return found


def _records(value: Any) -> Any:
    if isinstance(value, list):
        for part in value:
            yield from _records(part)
    elif isinstance(value, dict):
        if "type" in value:
            yield value
        for part in value.values():
            yield from _records(part)


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return [_said(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _said(part) for name, part in value.items() if name not in ("span", "content")}
    return {name: part for name, part in kept.items() if part not in (None, "", [], {}, False)}
