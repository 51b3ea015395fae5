"""The plugin *vshare*: ``{{youtube>id?size|title}}`` embeds a video of a site."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import unquote_plus

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, node

#: The sites that the plugin knows.
SITES = (
    "archiveorg", "bilibili", "bitchute", "coub", "dailymotion", "gdrive", "msoffice", "msstream", "niconico",
    "odysee", "rutube", "slideshare", "soundcloud", "twitchtv", "vimeo", "youku", "youtube",
)  # fmt: skip

#: Widths and heights by name.
SIZES = {
    "small": ("255", "143"), "medium": ("425", "239"), "large": ("520", "293"), "full": ("100%", ""),
    "half": ("50%", ""),
}  # fmt: skip

_SIZE = re.compile(rf"(?:(\d+)x(\d+))|.*?({'|'.join(SIZES)})$", re.ASCII | re.DOTALL | re.IGNORECASE)


@node
class Video(PluginBlock):
    """A video or other content of a site.

    Attributes:
        site: The site.
        video: The id of the video on the site.
        width: The width in pixels or per cent; empty if it is not given.
        height: The height in pixels or per cent; empty if it is not given.
        align: The alignment.
        title: The title.
        parameters: The parameters of the video's address, as written.
    """

    site: str
    video: str
    width: str = SIZES["medium"][0]
    height: str = SIZES["medium"][1]
    align: Literal["none", "left", "right", "center"] = "none"
    title: str = ""
    parameters: tuple[str, ...] = ()

    component = "vshare_video"

    def markup(self) -> str:
        size = self.width, self.height
        named = [name for name, known in SIZES.items() if known == size] or [f"{self.width}x{self.height}"]
        shown = size != SIZES["medium"] or any(_size(parameter) for parameter in self.parameters)
        parameters = "&".join([*named[:shown], *self.parameters])
        left, right = " " * (self.align in ("right", "center")), " " * (self.align in ("left", "center"))
        command = f"{left}{self.site}>{self.video}{'?' * bool(parameters)}{parameters}{right}"
        return f"{{{{{command}{f'|{self.title}' if self.title else ''}}}}}"

    def plain_text(self) -> str:
        return self.title


def _size(parameter: str) -> tuple[str, str] | None:
    """Return the size that a parameter gives, or None."""
    match = _SIZE.match(unquote_plus(parameter.partition("=")[0]))
    return match and (SIZES[match[3].lower()] if match[3] else (match[1], match[2]))


def _video(text: str) -> Video:
    command, _, title = text[2:-2].partition("|")
    align: Literal["none", "left", "right", "center"] = "none"
    if command.startswith(" ") or command.endswith(" "):
        align = "left" if not command.startswith(" ") else "center" if command.endswith(" ") else "right"
    site, video, *_ = [*command.strip(BLANKS).split(">"), ""]
    video, _, written = video.partition("?")
    parameters = list(filter(None, written.split("&")))
    width, height = SIZES["medium"]
    for parameter in parameters:
        if size := _size(parameter):
            width, height = size
            parameters.remove(parameter)
            break
    return Video(site, video, width, height, align, title.strip(BLANKS), tuple(parameters))


PLUGIN = Plugin(
    "vshare",
    (Leaf(rf"\{{\{{\s?(?:{'|'.join(SITES)})>", _video, end=r"\}\}", without=r"\}(?!\})", sort=159),),
)
