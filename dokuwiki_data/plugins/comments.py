"""The plugin *comment*: ``/* … */`` is not shown, and takes the white space before it with it."""

from __future__ import annotations

from dataclasses import field

from dokuwiki_data.errors import EditError
from dokuwiki_data.plugins import Leaf, Plugin, PluginMarkup, node


@node
class Comment(PluginMarkup):
    """A note to those who edit the page."""

    text: str
    #: Where DokuWiki's match begins, which is where the white space before it does.
    _matched: int = field(default=-1, compare=False, kw_only=True)

    component = "comment"

    def markup(self) -> str:
        if "*/" in self.text:
            raise EditError(self, "*/ ends it")
        return f"/* {self.text} */"


def _comment(text: str) -> Comment:
    return Comment(text[2:].removesuffix("/").removesuffix("*").strip())


PLUGIN = Plugin(
    "comments",
    (
        Leaf(r"/\*", _comment, end=r"\*/", sort=321, after_white_space=True),
        # Where a block before it has taken the line end, DokuWiki's comment ends at the first star.
        Leaf(r"/(?<=\n/)\*", _comment, end=r"\*", sort=321),
        Leaf(r"/\*", _comment, end=r"\*", sort=321, right_behind=True),
    ),
    folders=("comment",),
)
