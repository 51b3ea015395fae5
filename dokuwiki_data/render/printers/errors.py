"""What is refused: a node that no markup can say in its place."""

from __future__ import annotations

from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.nodes.base import Node


class EditError(DokuWikiDataError, ValueError):
    """A node that cannot be written, or not there: ``node``, and the ``reason`` in a few words."""

    def __init__(self, node: Node, reason: str) -> None:
        super().__init__(f"{type(node).__name__}: {reason}")
        self.node = node
        self.reason = reason

    def __reduce__(self) -> tuple[type[EditError], tuple[Node, str]]:
        return EditError, (self.node, self.reason)
