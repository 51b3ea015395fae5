"""Macros of plugins that are not declared: ``~~NAME~~``, ``~~NAME:argument~~`` and ``~~NAME>argument~~``."""

from __future__ import annotations

import re

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Leaf, Plugin, PluginMarkup, node

#: A name in capital letters, or before an argument one that begins with a capital letter; not DokuWiki's own macros.
NAME = r"(?!(?:NOTOC|NOCACHE|INFO)(?:[:>]|~~))[A-Z](?:[A-Z0-9_-]*+(?=[:>]|~~)|[A-Za-z0-9_-]*+(?=[:>]))"

_MACRO = re.compile(rf"~~(?P<name>{NAME})[:>]?(?P<argument>.*)~~", re.DOTALL)


@node
class UnknownMacro(PluginMarkup):
    """A macro whose meaning only its plugin knows.

    Attributes:
        name: The name.
        argument: The text after the name, without blanks around it.
    """

    name: str
    argument: str = ""

    component = "macro"


def _macro(text: str) -> UnknownMacro:
    match = _MACRO.fullmatch(text)
    assert match is not None
    return UnknownMacro(match["name"], match["argument"].strip(BLANKS))


# All other markup that begins with ``~~`` comes first.
PLUGIN = Plugin("macros", (Leaf(f"~~{NAME}", _macro, end="~~", without=r"\n", sort=999),))
