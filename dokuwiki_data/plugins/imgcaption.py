"""The plugin *imagereference*: ``<imgcaption name|caption>{{image}}</imgcaption>`` and ``<tabcaption …>``.

They number images and tables; ``<imgref name>`` and ``<tabref name>`` show the number.
"""

from __future__ import annotations

import re

from dokuwiki_data.nodes.blocks import Table
from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Container, Leaf, Node, Plugin, PluginContainer, PluginMarkup, SingleMode, node


@node
class ImageCaption(PluginContainer):
    """An image, or a link with one, with a number and a caption. DokuWiki does not show text beside it.

    Attributes:
        name: The name for references.
        caption: The caption.
        classes: The CSS classes.
    """

    component = "imagereference_imgcaption"

    name: str
    caption: str = ""
    classes: tuple[str, ...] = ()

    def tags(self) -> tuple[str, str]:
        return f"<imgcaption {_written(self.name, self.caption, self.classes)}>", "</imgcaption>"

    def plain_text(self) -> str:
        return self.caption


@node
class TableCaption(PluginContainer):
    """A table with a number and a caption. DokuWiki does not show text beside it.

    Attributes:
        name: The name for references.
        caption: The caption.
        classes: The CSS classes.
    """

    is_block = True
    component = "imagereference_tabcaption"

    name: str
    caption: str = ""
    classes: tuple[str, ...] = ()

    def tags(self) -> tuple[str, str]:
        return f"<tabcaption {_written(self.name, self.caption, self.classes)}>", "</tabcaption>"

    def plain_text(self) -> str:
        shown = (part.plain_text() for part in self.content if isinstance(part, Table))
        return "\n".join(filter(None, (self.caption, *shown)))


@node
class CaptionReference(PluginMarkup):
    """A reference to an image or table, which shows its number.

    Attributes:
        kind: ``img`` or ``tab``.
        name: The name of the image or table.
        page: The page of the image or table, or None for this page.
    """

    component = "imagereference_imgref"

    kind: str
    name: str
    page: str | None = None

    def markup(self) -> str:
        page = f"{self.page or ''}#" if self.page or "#" in self.name else ""
        return f"<{self.kind}ref {page}{self.name}>"


def _written(name: str, caption: str, classes: tuple[str, ...]) -> str:
    return " ".join((name, *classes)) + (f"|{caption}" if caption else "")


def _named(opening: str) -> tuple[str, str, tuple[str, ...]]:
    """Return name, caption and classes of an opening tag. Every single blank separates words."""
    head, _, caption = opening[1:-1].strip(BLANKS).partition("|")
    _, name, classes = (*head.split(" ", 2), "", "")[:3]
    words = re.split(r"\s+", classes, maxsplit=8, flags=re.ASCII)
    return name, caption.strip(BLANKS), tuple(word for word in words if re.fullmatch(r"[\w-]+", word, re.ASCII))


def _image(opening: str, content: tuple[Node, ...]) -> ImageCaption:
    return ImageCaption(content, *_named(opening))


def _table(opening: str, content: tuple[Node, ...]) -> TableCaption:
    return TableCaption(content, *_named(opening))


def _reference(text: str) -> CaptionReference | None:
    inner = text[len("<imgref") : -1]
    page, name = inner.split("#", 1) if "#" in inner else ("", inner)
    return CaptionReference(text[1:4], name.strip(BLANKS), page.strip(BLANKS) or None) if name else None


#: The markup that captions may contain; DokuWiki drops all other text.
_MODES: tuple[SingleMode, ...] = ("media", "internallink", "externallink", "linebreak", "emaillink", "windowssharelink")

PLUGIN = Plugin(
    "imgcaption",
    (
        Container(
            "<imgcaption", "</imgcaption>", _image, 196, start_end=">", contains=(), modes=_MODES, takes_text=True,
        ),
        Container(
            "<tabcaption", "</tabcaption>", _table, 196, start_end=">", paragraphs="block",
            contains=(), modes=(*_MODES, "table"), takes_text=True,
        ),
        Leaf("<imgref", _reference, 197, end=">"),
        Leaf("<tabref", _reference, 197, end=">"),
    ),
    folders=("imagereference",),
)  # fmt: skip
