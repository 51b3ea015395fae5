"""The base of the writers of every format: it finds the renderer of each node, and tells losses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dokuwiki_data.compiling import mypyc_attr
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.losses import Loss, Report, ignore

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage


@mypyc_attr(allow_interpreted_subclasses=True)
class NodeWriter(ABC):
    """Writes the nodes of a page by the renderers of their classes.

    A renderer gets the writer and a node. It writes the node by the writer's methods, or returns what is written.

    Attributes:
        page: The page with all that is known of its nodes.
    """

    def __init__(
        self, page: ResolvedPage, renderers: dict[type[Node], Callable[[Any, Any], str | None]], report: Report
    ) -> None:
        self.page = page
        self._renderers = renderers
        self._report = report
        #: The node of the page that made nodes are shown for.
        self._place: Node | None = None

    @abstractmethod
    def text(self, text: str) -> None:
        """Write text, escaped."""

    @abstractmethod
    def raw(self, written: str) -> None:
        """Write what is in the format already, within a line."""

    @abstractmethod
    def block(self, written: str) -> None:
        """Write a block; it ends the paragraph."""

    def node(self, node: Node) -> None:
        """Write a node by the renderer of its class, or of the next class above it that has one."""
        self.nodes((node,))

    def nodes(self, nodes: Iterable[Node]) -> None:
        """Write nodes one after another."""
        renderers = self._renderers
        for node in nodes:
            kind = node.__class__
            written = (renderers.get(kind) or self.renderer_of(kind))(self, node)
            if written is not None:
                if kind.is_block:
                    self.block(written)
                else:
                    self.raw(written)

    def lose(self, kind: str, what: str, node: Node) -> None:
        """Tell that something is not shown as DokuWiki shows it; see `dokuwiki_data.writers.losses.KINDS`."""
        if self._report is not ignore:  # the place of a node takes longer than its HTML
            self._report(Loss.of(kind, what, self._place or node))

    @contextmanager
    def made_for(self, node: Node) -> Iterator[None]:
        """Write nodes that are no part of the page's text, such as the result of a query: losses get its place."""
        around, self._place = self._place, node
        try:
            yield
        finally:
            self._place = around

    def renderer_of(self, kind: type[Node]) -> Callable[[Any, Any], str | None]:
        """Return the renderer of a class of nodes, or of the next class above it that has one."""
        renderers = self._renderers
        renderer = renderers.get(kind)
        if renderer is None:
            renderer = renderers[kind] = next(renderers[known] for known in kind.__mro__ if known in renderers)
        return renderer
