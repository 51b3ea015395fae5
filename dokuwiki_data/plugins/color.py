"""The plugin *color*: ``<color red/#ffe>…</color>`` sets the colours of text and background."""

from __future__ import annotations

import re

from dokuwiki_data.plugins import Container, Node, Plugin, PluginContainer, node


@node
class Color(PluginContainer):
    """Coloured text.

    Attributes:
        color: The colour of the text in CSS; None if it is missing or not valid.
        background: The colour of the background in CSS; None if it is missing or not valid.
    """

    component = "color"

    color: str | None
    background: str | None = None

    def tags(self) -> tuple[str, str]:
        background = f"/{self.background}" if self.background else ""
        return f"<color {self.color or ''}{background}>", "</color>"


_VALID = re.compile(r"[a-zA-Z]+|#[0-9a-fA-F]{3,8}|(?:rgb|hsl)a?\([0-9%., ]{5,40}\)")


def _color(opening: str, content: tuple[Node, ...]) -> Color:
    color, _, background = opening[len("<color") : -1].partition("/")
    return Color(content, _valid(color), _valid(background))


def _valid(color: str) -> str | None:
    color = color.strip()
    return color if _VALID.fullmatch(color) else None


PLUGIN = Plugin("color", (Container("<color", "</color>", _color, 158, start_end=">", takes_text=True),))
