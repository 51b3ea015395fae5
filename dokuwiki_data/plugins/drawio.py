"""The plugin *drawio*: ``{{drawio>name?size|title}}`` shows a diagram that is kept as a media file."""

from __future__ import annotations

import re

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Leaf, Plugin, PluginMarkup, node

_SIZE = re.compile(r"(\d+)(?:x(\d+))?", re.ASCII)
_SUFFIXES = (".png", ".svg")


@node
class Diagram(PluginMarkup):
    """A diagram. Without an ending, the name of its media file ends with ``.png``.

    Attributes:
        target: The name of the diagram as written.
        title: The title; None without one.
        width: The width in pixels, as digits of the source, or None.
        height: The height in pixels, as digits of the source, or None.
        linkonly: Whether only a link is shown.
    """

    target: str
    title: str | None = None
    width: str | None = None
    height: str | None = None
    linkonly: bool = False

    component = "drawio"

    @property
    def media_target(self) -> str:
        """The name of its media file."""
        return self.target if self.target.lower().endswith(_SUFFIXES) else f"{self.target}.png"

    @property
    def used_media(self) -> tuple[str, ...]:
        return (self.media_target,)

    def markup(self) -> str:
        size = f"{self.width}x{self.height}" if self.width and self.height else self.width or ""
        parameters = "&".join(filter(None, (size, "linkonly" * self.linkonly)))
        title = f"|{self.title}" if self.title else ""
        if "}" in self.target:
            return ""
        return f"{{{{drawio>{self.target}{'?' * bool(parameters)}{parameters}{title}}}}}"

    def plain_text(self) -> str:
        return self.title or ""


def _diagram(text: str) -> Diagram:
    written, _, title = text[len("{{drawio>") : -2].strip(BLANKS).partition("|")
    target, _, parameters = written.partition("?")
    width = height = None
    words = [word.strip(BLANKS) for word in parameters.split("&")]
    for word in words:
        if size := _SIZE.fullmatch(word):
            width, height = size[1], size[2]
    return Diagram(target.strip(BLANKS), title.strip(BLANKS) or None, width, height, "linkonly" in words)


PLUGIN = Plugin("drawio", (Leaf(r"\{\{drawio>.", _diagram, end=r"\}\}", sort=303),))
