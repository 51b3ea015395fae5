"""Code in HTML, highlighted by Pygments if it is installed."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from dokuwiki_data.nodes import blocks
from dokuwiki_data.writers.html.writer import HtmlWriter, Renderer, escaped

_NO_LANGUAGE = re.compile(r"[^a-zA-Z0-9_-]")


def _preformatted(writer: HtmlWriter, node: blocks.Preformatted) -> str:
    return f'<pre class="code">{escaped(node.text.strip(chr(10) + chr(13)))}</pre>\n'


def _code(writer: HtmlWriter, node: blocks.Code) -> str:
    kind = node.name
    text = node.text.removeprefix("\n").removesuffix("\n")
    language = _NO_LANGUAGE.sub("", node.language or "")
    if language:
        class_name = "code" if kind == "code" else f"code {kind}"
        html = f'<pre class="{class_name} {escaped(language)}">{highlighted(text, language)}</pre>\n'
    else:
        html = f'<pre class="{kind}">{escaped(text)}</pre>\n'
    if node.filename:
        return f'<dl class="{kind}">\n<dt>{escaped(node.filename)}</dt>\n<dd>{html}</dd></dl>\n'
    return html


def highlighted(text: str, language: str) -> str:
    """Return the HTML of code: with spans of Pygments' classes if it knows the language, else as it is."""
    text = _without_empty_lines_around(text)
    lexer = _lexer(language.lower())
    if lexer is None:
        return escaped(text)
    from pygments import highlight

    html: str = highlight(text, lexer, _formatter())
    return html.strip("\n\r")


@cache
def _formatter() -> Any:
    from pygments.formatters.html import HtmlFormatter

    return HtmlFormatter(nowrap=True)


def _without_empty_lines_around(text: str) -> str:
    head, line_end, rest = text.partition("\n")
    if line_end and not head.strip():
        text = rest
    rest, line_end, tail = text.rpartition("\n")
    return rest if line_end and not tail.strip() else text


@cache
def _lexer(language: str) -> Any:
    """Return Pygments' lexer for a language of GeSHi; None if it has none, or is not installed."""
    try:
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound
    except ImportError:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


RENDERERS: dict[type, Renderer] = {
    blocks.Preformatted: _preformatted,
    blocks.Code: _code,
    blocks.File: _code,
}
