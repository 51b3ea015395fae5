"""What the pages and answers of a wiki depend on, as it is kept in each of its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, NamedTuple

from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.syntax.configuration import Syntax

#: What an administrator has set; the rest of a context is who asks, and when.
_SETTINGS = ("aliases", "language", "labels", "useheading", "use_dataresolve", "rownumbers")


class About(NamedTuple):
    """How a wiki's pages are read, and the settings on which its answers depend."""

    syntax: Syntax
    settings: Mapping[str, Any]


def about_wiki(syntax: Syntax, context: Context) -> dict[str, str]:
    """What is kept of a wiki, as texts. Plugins that are no names but declarations are left out."""
    of_syntax = {field.name: getattr(syntax, field.name) for field in fields(syntax)}
    of_syntax["plugins"] = [plugin for plugin in syntax.plugins if isinstance(plugin, str)]
    settings = {name: getattr(context, name) for name in _SETTINGS}
    settings["aliases"] = [asdict(alias) for alias in context.aliases]
    settings["labels"] = dict(context.labels)
    return {"syntax": as_json(of_syntax), "settings": as_json(settings)}


def read_about(kept: Mapping[str, str]) -> About:
    """The same again. Raises `ValueError` if it is something else, such as the syntax of a plugin that is not here."""
    try:
        syntax = json.loads(kept["syntax"])
        if syntax["interwiki"] is not None:
            syntax["interwiki"] = tuple(map(tuple, syntax["interwiki"]))
        settings = json.loads(kept["settings"])
        settings["aliases"] = tuple(TypeAlias(**alias) for alias in settings["aliases"])
        Context(**settings)
        return About(Syntax(**syntax), settings)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not what was written: {error}") from error
