"""Markdown as HTML, by Python-Markdown with the extensions that an export to ``mkdocs`` writes into ``mkdocs.yml``.

The HTML is made for `dokuwiki_data.exports.verification.written`, as that of `commonmark`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.exports.verification.written import FROM_MARKDOWN

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@cache
def renderer() -> Callable[[str], str]:
    """Return what renders Markdown without front matter as HTML.

    Raises:
        MissingExtraError: If a library is missing.
    """
    # The target imports what verifies its files.
    from dokuwiki_data.exports.targets.mkdocs import EXTENSIONS

    try:
        markdown, treeprocessors = import_module("markdown"), import_module("markdown.treeprocessors")
        nbsp: str = import_module("markdown.extensions.footnotes").NBSP_PLACEHOLDER
        import_module("pymdownx")
    except ImportError:
        raise MissingExtraError("Markdown and pymdown-extensions", "markdown") from None
    settings = {**EXTENSIONS, "toc": {**EXTENSIONS["toc"], "permalink": False}}
    parser = markdown.Markdown(extensions=[*settings], extension_configs=settings)

    class Conventions(treeprocessors.Treeprocessor):  # type: ignore[misc, name-defined]
        def run(self, root: Element) -> None:
            _read_conventions(root, nbsp)

    parser.treeprocessors.register(Conventions(parser), "conventions", -100)

    def render(text: str) -> str:
        rendered: str = parser.reset().convert(text)
        return rendered

    return render


def _read_conventions(root: Element, nbsp: str) -> None:
    """Change what extensions made of boxes and notes, and mark what was Markdown."""
    for element in list(root.iter()):
        names = element.get("class", "").split()
        if element.tag in ("a", "img"):
            element.set(FROM_MARKDOWN, "")
        for child in list(element):
            if child.tag == "sup" and len(child) and child[0].get("class") == "footnote-ref":
                _replace(child, "data", {"value": f"note:{_label(child[0].get('href', ''))}"})
            elif child.tag == "p" and child.get("class") == "admonition-title":
                element.remove(child)
            elif child.get("class") == "footnote-backref":
                _remove_backlink(element, child, nbsp)
        if "admonition" in names:
            _rename(element, "aside", {"class": next((name for name in names if name != "admonition"), "")})
        elif element.tag == "div" and "footnote" in names:
            element.remove(element[0])  # a rule
            element[:] = list(element[0])
            for note in element:
                _rename(note, "aside", {"class": _label(note.get("id", ""))})


def _label(anchor: str) -> str:
    """Return the label of a note, given its anchor."""
    return anchor.rpartition(":")[2]


def _rename(element: Element, tag: str, attributes: dict[str, str]) -> None:
    element.tag = tag
    element.attrib.clear()
    element.attrib.update(attributes)


def _replace(element: Element, tag: str, attributes: dict[str, str]) -> None:
    element[:] = []
    element.text = None
    _rename(element, tag, attributes)


def _remove_backlink(paragraph: Element, link: Element, nbsp: str) -> None:
    """Remove a link from a note back to its number, with the blank before it."""
    at = list(paragraph).index(link)
    paragraph.remove(link)
    if at:
        before: Any = paragraph[at - 1]
        before.tail = (before.tail or "").removesuffix(nbsp)
    else:
        paragraph.text = (paragraph.text or "").removesuffix(nbsp)
