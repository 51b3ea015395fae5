"""The plugin *wrap*: ``<WRAP left 50% :en>…</WRAP>`` gives content CSS classes, a width and a language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import field

from dokuwiki_data.nodes.blocks import Heading
from dokuwiki_data.plugins import Category, Container, InnerHeading, Leaf, Node, Plugin, PluginContainer, node


@node
class Wrap(PluginContainer):
    """Blocks with CSS classes; empty if the tag closes itself, as in ``<WRAP clear/>``.

    Attributes:
        tag: The tag as written: ``WRAP``, ``div`` or ``block``.
        classes: The CSS classes in lower case, without the prefix ``wrap_`` that they get in HTML.
        width: The width with its unit, such as ``50%``, or None.
        language: The language, written ``:en``, or None.
        anchor: The anchor, written ``#name``, or None.
    """

    is_block = True

    tag: str
    classes: tuple[str, ...] = ()
    width: str | None = None
    language: str | None = None
    anchor: str | None = field(default=None)

    @property
    def component(self) -> str:  # type: ignore[override]  # depends on the node
        return f"wrap_{_COMPONENTS[self.tag]}"

    def tags(self) -> tuple[str, str]:
        language, anchor = self.language and f":{self.language}", self.anchor and f"#{self.anchor}"
        words = filter(None, (self.tag, *self.classes, self.width, language, anchor))
        return f"<{' '.join(words)}>", f"</{self.tag}>"


@node
class InlineWrap(Wrap):
    """Text within a line with CSS classes; ``tag`` is ``wrap``, ``span`` or ``inline``."""

    is_block = False


_COMPONENTS = {
    "WRAP": "divwrap", "div": "div", "block": "divblock",
    "wrap": "spanwrap", "span": "span", "inline": "spaninline",
}  # fmt: skip

_WIDTH = re.compile(r"\d*\.?\d+(?:%|px|em|rem|ex|ch|vw|vh|pt|pc|cm|mm|in)", re.ASCII)
_LANGUAGE = re.compile(r":([a-z-]+)")
_ANCHOR = re.compile(r"#([a-z0-9_-]+)")
_CLASS = re.compile(r"[a-z0-9_-]+")
_LOWER_CASE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def _node_of(kind: type[Wrap], tag: str) -> Callable[[str, tuple[Node, ...]], Wrap]:
    """Return a function that makes a node from up to nine words after the first blank of an opening tag."""

    def make(opening: str, content: tuple[Node, ...]) -> Wrap:
        written = opening[max(opening.find(" "), 0) : -1].strip(" \t\n/").translate(_LOWER_CASE)
        classes: list[str] = []
        width = language = anchor = None
        for word in re.split(r"\s+", written, maxsplit=8, flags=re.ASCII):
            if _WIDTH.fullmatch(word):
                width = word
            elif found := _LANGUAGE.fullmatch(word):
                language = found[1]
            elif found := _ANCHOR.fullmatch(word):
                anchor = found[1]
            elif _CLASS.fullmatch(word):
                classes.append(word)
        return kind(content, tag, tuple(classes), width, language, anchor)

    return make


def _alone(kind: type[Wrap], tag: str) -> Leaf:
    make = _node_of(kind, tag)
    return Leaf(
        rf"<{tag}\b", lambda text: make(text, ()), 195, end="/>", without=r"[\r\n]|(?<!/)>", category="formatting"
    )


_BLOCKS: tuple[Category, ...] = ("container", "formatting", "substitution", "protected", "disabled", "paragraphs")


def _block(tag: str) -> Container:
    return Container(
        rf"<{tag}\b", f"</{tag}>", _node_of(Wrap, tag), 195, start_end=">", paragraphs="stack", contains=_BLOCKS,
        nests=True, own=(InnerHeading(Heading, 1000),),
    )  # fmt: skip


def _inline(tag: str) -> Container:
    return Container(rf"<{tag}\b", f"</{tag}>", _node_of(InlineWrap, tag), 195, start_end=">", nests=True)


PLUGIN = Plugin(
    "wrap",
    (
        *(markup for tag in ("div", "block", "WRAP") for markup in (_alone(Wrap, tag), _block(tag))),
        *(markup for tag in ("span", "inline", "wrap") for markup in (_alone(InlineWrap, tag), _inline(tag))),
    ),
)
