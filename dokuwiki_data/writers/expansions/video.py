"""Expansions of the plugins *vshare* and *redirect*: links to films, and to where a page has moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.plugins.redirect import Redirect
from dokuwiki_data.plugins.vshare import Video
from dokuwiki_data.render.characters import percent_encoded
from dokuwiki_data.writers.expansions.expansion import Expand, resolved_id

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: The page of a film on its site, and the address that can be embedded; the id goes behind it.
_SITES = {
    "archiveorg": ("https://archive.org/details/", "https://archive.org/embed/"),
    "bilibili": ("https://www.bilibili.com/video/", "https://player.bilibili.com/player.html?bvid="),
    "bitchute": ("https://www.bitchute.com/video/", "https://www.bitchute.com/embed/"),
    "coub": ("https://coub.com/view/", "https://coub.com/embed/"),
    "dailymotion": ("https://www.dailymotion.com/video/", "https://www.dailymotion.com/embed/video/"),
    "gdrive": ("https://drive.google.com/file/d/", "https://drive.google.com/file/d/"),
    "msoffice": ("https://hub.video.msn.com/embed/", "https://hub.video.msn.com/embed/"),
    "msstream": ("https://web.microsoftstream.com/video/", "https://web.microsoftstream.com/embed/video/"),
    "niconico": ("https://www.nicovideo.jp/watch/", "https://embed.nicovideo.jp/watch/"),
    "odysee": ("https://odysee.com/$/embed/", "https://odysee.com/$/embed/"),
    "rutube": ("https://rutube.ru/video/", "https://rutube.ru/play/embed/"),
    "slideshare": (
        "https://www.slideshare.net/slideshow/embed_code/", "https://www.slideshare.net/slideshow/embed_code/",
    ),
    "soundcloud": ("https://soundcloud.com/", "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/"),
    "twitchtv": ("https://www.twitch.tv/videos/", "https://player.twitch.tv/?video="),
    "vimeo": ("https://vimeo.com/", "https://player.vimeo.com/video/"),
    "youku": ("https://v.youku.com/v_show/id_", "https://player.youku.com/embed/"),
    "youtube": ("https://www.youtube.com/watch?v=", "https://www.youtube-nocookie.com/embed/"),
}  # fmt: skip


def video_address(node: Video, *, embedded: bool = False) -> str:
    """Return the address of a film: of its page, or of what can be embedded."""
    return _SITES[node.site][embedded] + percent_encoded(node.video, safe="/:")


def _video(node: Video, page: ResolvedPage) -> tuple[Node, ...]:
    address = video_address(node)
    return (inline.ExternalLink(address, node.title or address),)


def _redirect(node: Redirect, page: ResolvedPage) -> tuple[Node, ...]:
    if "://" in node.target:
        link: Node = inline.ExternalLink(node.target)
    else:
        title = page.site.title_of(resolved_id(node.target, page).partition("#")[0])
        link = inline.InternalLink(node.target, title)
    return inline.Text(f"{page.site.words['moved']} "), link, inline.Text(".")


EXPANSIONS: dict[type, Expand] = {Video: _video, Redirect: _redirect}
