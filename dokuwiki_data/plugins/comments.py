"""The plugin *comment*: ``/* … */`` is not shown, nor is the white space before it."""

from __future__ import annotations

from dataclasses import field

from dokuwiki_data.errors import EditError
from dokuwiki_data.plugins import Leaf, Plugin, PluginMarkup, node


@node
class Comment(PluginMarkup):
    """A comment for those who edit the page.

    Attributes:
        text: The comment, without blanks around it.
    """

    text: str
    #: The start of DokuWiki's match, which includes the white space before the comment.
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
        # If a block before it includes the line end, DokuWiki ends the comment at the first star.
        Leaf(r"/(?<=\n/)\*", _comment, end=r"\*", sort=321),
        Leaf(r"/\*", _comment, end=r"\*", sort=321, right_behind=True),
    ),
    folders=("comment",),
)
