"""Make the nodes of Markdown's links, images and code blocks from their text."""

from __future__ import annotations

import re

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.syntax.character_references import all_decoded
from dokuwiki_data.syntax.leaves import classified, code_of, media_of
from dokuwiki_data.syntax.paragraphs import PHP_BLANKS
from dokuwiki_data.syntax.releases import Release
from dokuwiki_data.text import PageText

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_END_OF_ADDRESS = re.compile(r"[ \t\n]")


def unescaped(text: str) -> str:
    """Return a text without the backslashes before signs."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _address(inside: str) -> str:
    """Return the address between round brackets, behind which a title may stand that DokuWiki drops."""
    return _END_OF_ADDRESS.split(inside.strip(PHP_BLANKS), maxsplit=1)[0]


def link(source: PageText, start: int, end: int, release: Release) -> inline.Link:
    """Return the node of ``[label](address)``. The label ends at the first ``](``, even if that is escaped."""
    label, _, inside = source.normalized[start + 1 : end - 1].partition("](")
    return _link(source, start, end, inside, unescaped(label), release)


def link_of_image(source: PageText, start: int, inner: int, end: int, release: Release) -> inline.Link:
    """Return the node of ``[![title](image)](address)``, in which the image ends at ``inner``."""
    title, _, image = source.normalized[start + 3 : inner - 1].partition("](")
    label = media_of(
        source, start + 1, inner, unescaped(all_decoded(_address(image))), unescaped(title) or None, None, release
    )
    return _link(source, start, end, source.normalized[inner + 2 : end - 1], label, release)


def _link(
    source: PageText, start: int, end: int, inside: str, label: str | inline.Media, release: Release
) -> inline.Link:
    made = classified(source, start, end, all_decoded(_address(inside)), label, release)
    target = made.target if isinstance(made, inline.WindowsShareLink) else unescaped(made.target)
    return made if target == made.target else made.with_changes(target=target)


def image(source: PageText, start: int, end: int, release: Release) -> inline.Media:
    """Return the node of ``![title](address)``, in which nothing is escaped."""
    title, _, inside = source.normalized[start + 2 : end - 1].partition("](")
    return media_of(source, start, end, _address(inside), title or None, None, release)


def fenced_code(source: PageText, start: int, end: int, kind: type[blocks.Code], release: Release) -> blocks.Code:
    """Return the node of lines between fences, of which the first line end belongs to the fence above."""
    fence = source.normalized[start + 1]
    first = source.normalized.index("\n", start + 1)
    attributes = source.normalized[start + 1 : first].lstrip(fence)
    text = source.normalized[first + 1 : source.normalized.rindex("\n", first, end) + 1]
    return code_of(source, start + 1, end, kind, unescaped(all_decoded(attributes)), text, start, release)
