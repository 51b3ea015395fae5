"""The plugin *tag*: ``{{tag>one two}}`` tags a page, ``{{topic>…}}`` and others list tagged pages."""

from __future__ import annotations

import re

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, PluginMarkup, node

_ZERO_WIDTH = "\u200b"


@node
class Tags(PluginBlock):
    """The tags of a page.

    Attributes:
        tags: The tags; blanks in a tag in quotation marks are underscores.
    """

    tags: tuple[str, ...]

    component = "tag_tag"

    def markup(self) -> str:
        return f"{{{{tag>{' '.join(self.tags)}}}}}"


@node
class Topic(PluginBlock):
    """A list of the pages that have some tags.

    Attributes:
        namespace: The namespace of the pages; empty for all, a dot for that of this page.
        tags: The tags. Tags with a ``+`` must be there too, and tags with a ``-`` must not.
        flags: The flags for the look of the list, as written.
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
    """A table of tags with the number of pages of each.

    Attributes:
        tags: The tags; a single ``+`` stands for all.
        namespaces: The namespaces of the pages.
    """

    tags: tuple[str, ...]
    namespaces: tuple[str, ...] = ()

    component = "tag_count"

    def markup(self) -> str:
        where = f"&{' '.join(self.namespaces)}" if self.namespaces else ""
        return f"{{{{count>{' '.join(self.tags)}{where}}}}}"


@node
class TagSearch(PluginBlock):
    """A form to search for pages by tags.

    Attributes:
        flags: The flags as written.
    """

    flags: tuple[str, ...] = ()

    component = "tag_searchtags"

    def markup(self) -> str:
        return f"{{{{{'&'.join(('searchtags', *self.flags))}}}}}"


@node
class TagPage(PluginMarkup):
    """A link to the page of a tag.

    Attributes:
        tag: The tag.
        title: The label of the link; empty for the tag.
        dynamic: Whether the link leads to a list of the pages that have the tag.
    """

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
    # The plugin replaces each quotation at all its occurrences, which takes quadratic time. The result differs only if
    # a text between two quotations is also a quotation.
    text = re.sub('"([^"\n]*)"', lambda quoted: quoted[1].replace(" ", "_"), text)
    return tuple(filter(None, text.split(" ")))


def _tags(text: str) -> Tags | None:
    written = re.sub(r"\s+", " ", text[len("{{tag>") : -2].strip(BLANKS).strip(_ZERO_WIDTH), flags=re.ASCII)
    written = re.sub("[\0-\x1f\x7f]", "", written)
    return None if written in ("", "0") else Tags(_split(written))


def _topic(text: str) -> Topic:
    query, _, flags = text[len("{{topic>") : -2].partition("&")
    namespace, tags, *_ = [*query.split("?"), ""]
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
