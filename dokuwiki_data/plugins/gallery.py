"""The plugin *gallery*: ``{{gallery>namespace?options}}`` shows the images of a namespace or of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, cast

from dokuwiki_data.php import BLANKS, integer, numeric
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, node

Order = Literal["title", "date", "mod", "random"]
Alignment = Literal["left", "right", "center", "full"]

_ORDERS: dict[str, Order] = {"titlesort": "title", "datesort": "date", "modsort": "mod", "random": "random"}
_ALIGNMENTS = ("left", "right", "center", "full")
_SWITCHES = (
    "lightbox", "direct", "showcaption", "showname", "showtitle", "reverse", "cache", "crop", "recursive",
)  # fmt: skip
_NUMBERS = {"=": "limit", "+": "offset", "~": "paginate"}
#: The size of the thumbnails, or with a capital X that of the images.
_SIZE = re.compile(r"(\d+)([xX])(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class GalleryOptions:
    """The options of a gallery. The wiki's settings decide what is None or not among the switches.

    Attributes:
        columns: The number of columns.
        thumbnail_size: The width and the height of thumbnails in pixels.
        image_size: The width and the height of images in pixels.
        filter: A pattern of file names with ``*``.
        order: By ``title``, by ``date`` of the photograph, by last change (``mod``), or ``random``.
        limit: The number of images at most.
        offset: The number of images to leave out at the beginning.
        paginate: The number of images on a page.
        align: The alignment.
        switches: The switches by the plugin's names, such as ``crop``; those that are off as ``nocrop``.
    """

    columns: int | None = None
    thumbnail_size: tuple[int, int] | None = None
    image_size: tuple[int, int] | None = None
    filter: str | None = None
    order: Order | None = None
    limit: int | None = None
    offset: int | None = None
    paginate: int | None = None
    align: Alignment | None = None
    switches: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the options as markup."""
        words = [f"{sign}{getattr(self, name)}" for sign, name in _NUMBERS.items() if getattr(self, name) is not None]
        words += [word for word, order in _ORDERS.items() if order == self.order]
        for size, cross in ((self.thumbnail_size, "x"), (self.image_size, "X")):
            words += [f"{size[0]}{cross}{size[1]}"] if size else []
        words += [] if self.columns is None else [str(self.columns)]
        return "&".join([*words, *filter(None, (self.align, self.filter)), *self.switches])

    @classmethod
    def parse(cls, text: str, align: Alignment | None = None) -> GalleryOptions:
        """Read options, which ``&``, ``,``, ``?`` or a blank separate. Unknown ones are left out."""
        found: dict[str, Any] = {"align": align}
        switches: dict[str, bool] = {}
        for option in re.split("[,&? ]+", text):
            if option in _ORDERS:
                found["order"] = _ORDERS[option]
            elif option in _ALIGNMENTS:
                found["align"] = cast(Alignment, option)
            elif option[:1] in _NUMBERS and option[1:].isascii() and option[1:].isdigit():
                found[_NUMBERS[option[0]]] = integer(option[1:])
            elif numeric(option) is not None:
                found["columns"] = integer(option)
            elif size := _SIZE.fullmatch(option):
                name = "image_size" if size[2] == "X" else "thumbnail_size"
                found[name] = integer(size[1]), integer(size[3])
            elif "*" in option:
                found["filter"] = option
            elif option.removeprefix("no") in _SWITCHES:
                switches[option.removeprefix("no")] = not option.startswith("no")
        return cls(**found, switches=tuple(name if on else f"no{name}" for name, on in switches.items()))


@node
class Gallery(PluginBlock):
    """The images of a namespace or of a feed.

    Attributes:
        target: The name of the namespace or the address of the feed, as written.
        options: The options.
    """

    target: str
    options: GalleryOptions = GalleryOptions()

    component = "gallery_main"

    def markup(self) -> str:
        options = str(self.options)
        return f"{{{{gallery>{self.target}{'?' * bool(options)}{options}}}}}"


@node
class GalleryList(PluginBlock):
    """A list of images.

    Attributes:
        images: The lines of the list as written.
        options: The options.
    """

    images: tuple[str, ...]
    options: GalleryOptions = GalleryOptions()

    component = "gallery_list"

    @property
    def used_media(self) -> tuple[str, ...]:
        names = (line.partition("|")[0].strip(BLANKS) for line in self.images)
        return tuple(name for name in names if name and "://" not in name)

    def markup(self) -> str:
        lines = "\n".join((f"<gallery {self.options}".rstrip(" ") + ">", *self.images, "</gallery>"))
        return lines if self.images else lines.replace(">\n", ">\n\n", 1)


def _gallery(text: str) -> Gallery:
    written = text[len("{{gallery>") : -2]
    align: Alignment | None = None
    if written.startswith(" ") or written.endswith(" "):
        align = "center" if written[:1] == written[-1:] else "right" if written.startswith(" ") else "left"
    images, _, options = written.partition("?")
    return Gallery(images.strip(BLANKS), GalleryOptions.parse(options, align))


def _list(text: str) -> GalleryList:
    options, _, images = text[len("<gallery") : -len("</gallery>")].partition(">")
    lines = (line.strip(BLANKS) for line in images.split("\n"))
    return GalleryList(tuple(line for line in lines if line not in ("", "0")), GalleryOptions.parse(options))


PLUGIN = Plugin(
    "gallery",
    (
        Leaf(r"\{\{gallery>", _gallery, end=r"\}\}", without=r"\}(?!\})", sort=301),
        Leaf("<gallery", _list, start_end=">.", end="</gallery>", sort=301),
    ),
)
