"""Macros of plugins that nobody declares: ``~~NAME~~``, ``~~NAME:argument~~`` and their like."""

from __future__ import annotations

import re

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Leaf, Plugin, PluginMarkup, node

#: A name in capital letters, or one that begins with a capital letter if something stands behind it. DokuWiki's own
#: macros are not for others.
NAME = r"(?!(?:NOTOC|NOCACHE|INFO)(?:[:>]|~~))[A-Z](?:[A-Z0-9_-]*+(?=[:>]|~~)|[A-Za-z0-9_-]*+(?=[:>]))"

_MACRO = re.compile(rf"~~(?P<name>{NAME})[:>]?(?P<argument>.*)~~", re.DOTALL)


@node
class UnknownMacro(PluginMarkup):
    """A macro by its name and what stands behind it; what it does, only its plugin knows."""

    name: str
    argument: str = ""

    component = "macro"


def _macro(text: str) -> UnknownMacro:
    match = _MACRO.fullmatch(text)
    assert match is not None
    return UnknownMacro(match["name"], match["argument"].strip(BLANKS))


# Behind everything else that could begin there.
PLUGIN = Plugin("macros", (Leaf(f"~~{NAME}", _macro, end="~~", without=r"\n", sort=999),))
