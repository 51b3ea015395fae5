"""The plugin *folded*: ``++++ title | … ++++`` and ``++ title | … ++`` hide content until readers click the title."""

from __future__ import annotations

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Container, InnerHeading, Node, Plugin, PluginBlock, PluginContainer, node


@node
class Folded(PluginContainer):
    """Blocks that are hidden under a title.

    Attributes:
        title: The title.
    """

    is_block = True
    component = "folded_div"

    title: str

    def tags(self) -> tuple[str, str]:
        return f"++++ {self.title} |", "++++"

    def plain_text(self) -> str:
        return "\n".join(filter(None, (self.title, Node.plain_text(self))))


@node
class InlineFolded(PluginContainer):
    """Text within a line that is hidden behind a title.

    Attributes:
        title: The title.
    """

    component = "folded_span"

    title: str

    def tags(self) -> tuple[str, str]:
        return f"++ {self.title} |", "++"

    def plain_text(self) -> str:
        return " ".join(filter(None, (self.title, Node.plain_text(self))))


@node
class FoldedHeading(PluginBlock):
    """A heading in folded blocks, which DokuWiki does not count as a heading of the page.

    Attributes:
        title: The text.
        level: The level, from 1 to 5.
    """

    component = "folded_header"

    title: str
    level: int

    def markup(self) -> str:
        marks = "=" * (7 - self.level)
        return f"{marks} {self.title} {marks}"

    def plain_text(self) -> str:
        return self.title


def _blocks(opening: str, content: tuple[Node, ...]) -> Folded:
    return Folded(content, opening[len("++++") : -1].strip(BLANKS))


def _inline(opening: str, content: tuple[Node, ...]) -> InlineFolded:
    return InlineFolded(content, opening[len("++") : -1].strip(BLANKS))


PLUGIN = Plugin(
    "folded",
    (
        Container(
            r"\+\+\+\+", r"\+\+\+\+", _blocks, 404, start_end=r"\|", category="container", paragraphs="stack",
            contains=("container", "substitution", "protected", "disabled", "paragraphs", "formatting"),
            own=(InnerHeading(FoldedHeading, 50),),
        ),
        Container(
            r"\+\+", r"\+\+", _inline, 405, start_end=r"\|",
            contains=("substitution", "protected", "disabled", "formatting"),
        ),
    ),
)  # fmt: skip
