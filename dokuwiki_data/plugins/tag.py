"""The plugin *tag*: ``{{tag>one two}}`` puts a page into topics, and there are lists of the pages of a topic."""

from __future__ import annotations

import re

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, PluginMarkup, node

_ZERO_WIDTH = "\u200b"


@node
class Tags(PluginBlock):
    """The tags of a page; the blanks of a tag in quotation marks are underscores."""

    tags: tuple[str, ...]

    component = "tag_tag"

    def markup(self) -> str:
        return f"{{{{tag>{' '.join(self.tags)}}}}}"


@node
class Topic(PluginBlock):
    """A list of the pages that have some tags.

    ``namespace``: where they are; nothing for everywhere, a dot for the namespace of this page. Of ``tags``, those
    with a ``+`` in front must be there, too, and those with a ``-`` must not. ``flags``: how the list looks.
    """

    namespace: str
    tags: tuple[str, ...]
    flags: tuple[str, ...] = ()

    component = "tag_topic"

    def markup(self) -> str:
        where = f"{self.namespace}?" if self.namespace else ""
        return f"{{{{topic>{'&'.join((where + ' '.join(self.tags), *self.flags))}}}}}"


@node
class TagCount(PluginBlock):
    """A table that says how many pages have each tag; of all tags if ``tags`` is a lone ``+``."""

    tags: tuple[str, ...]
    namespaces: tuple[str, ...] = ()

    component = "tag_count"

    def markup(self) -> str:
        where = f"&{' '.join(self.namespaces)}" if self.namespaces else ""
        return f"{{{{count>{' '.join(self.tags)}{where}}}}}"


@node
class TagSearch(PluginBlock):
    """A form to look for the pages that have some tags."""

    flags: tuple[str, ...] = ()

    component = "tag_searchtags"

    def markup(self) -> str:
        return f"{{{{{'&'.join(('searchtags', *self.flags))}}}}}"


@node
class TagPage(PluginMarkup):
    """A link to the page of a tag; ``dynamic`` ones lead to a list of the pages that have it."""

    tag: str
    title: str = ""
    dynamic: bool = False

    component = "tag_tagpage"

    def markup(self) -> str:
        title = f"|{self.title}" if self.title else ""
        return f"{{{{tagpage>{self.tag}{'&dynamic' * self.dynamic}{title}}}}}"

    def plain_text(self) -> str:
        return self.title or self.tag


def _split(text: str) -> tuple[str, ...]:
    # The plugin replaces each quotation wherever it stands again, which takes quadratic time; the same comes of it
    # unless what is between two quotations is in one, too.
    text = re.sub('"([^"\n]*)"', lambda quoted: quoted[1].replace(" ", "_"), text)
    return tuple(filter(None, text.split(" ")))


def _tags(text: str) -> Tags | None:
    written = re.sub(r"\s+", " ", text[len("{{tag>") : -2].strip(BLANKS).strip(_ZERO_WIDTH), flags=re.ASCII)
    written = re.sub("[\0-\x1f\x7f]", "", written)
    return None if written in ("", "0") else Tags(_split(written))


def _topic(text: str) -> Topic:
    asked, _, flags = text[len("{{topic>") : -2].partition("&")
    namespace, tags, *_ = [*asked.split("?"), ""]
    if tags in ("", "0"):
        namespace, tags = "", namespace
    everywhere = namespace in ("*", ":")
    return Topic("" if everywhere else namespace, _split(tags.strip(BLANKS)), tuple(filter(None, flags.split("&"))))


def _count(text: str) -> TagCount:
    tags, _, namespaces = text[len("{{count>") : -2].strip(BLANKS).partition("&")
    return TagCount(_split("+" if tags in ("", "0") else tags), tuple(filter(None, namespaces.split(" "))))


def _search(text: str) -> TagSearch:
    flags = text[len("{{searchtags") : -2].split("&")
    return TagSearch(tuple(flag for flag in flags if flag not in ("", "0")))


def _page(text: str) -> TagPage:
    link, _, title = text[len("{{tagpage>") : -2].strip(BLANKS).partition("|")
    tag, _, flag = link.partition("&")
    return TagPage(tag.strip(BLANKS), title, flag == "dynamic")


PLUGIN = Plugin(
    "tag",
    (
        Leaf(r"\{\{searchtags(?=\}\}|&)", _search, end=r"\}\}", sort=295),
        Leaf(r"\{\{topic>", _topic, end=r"\}\}", sort=295),
        Leaf(r"\{\{count>", _count, end=r"\}\}", sort=305),
        Leaf(r"\{\{tag>", _tags, end=r"\}\}", sort=305),
        Leaf(r"\{\{tagpage>", _page, end=r"\}\}", sort=305),
    ),
)
