"""Code in HTML, highlighted by Pygments if it is installed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from dokuwiki_data.nodes import blocks
from dokuwiki_data.writers.html.writer import HtmlWriter, Renderer, escaped

#: Longer code is not highlighted: not every lexer of Pygments takes linear time.
LONGEST = 100_000

_NO_LANGUAGE = re.compile(r"[^a-zA-Z0-9_-]")


def _preformatted(writer: HtmlWriter, node: blocks.Preformatted) -> str:
    return f'<pre class="code">{escaped(node.text.strip(chr(10) + chr(13)))}</pre>\n'


def _code(writer: HtmlWriter, node: blocks.Code) -> str:
    kind = node.name
    text = node.text.removeprefix("\n").removesuffix("\n")
    language = _NO_LANGUAGE.sub("", node.language or "")
    if language:
        class_name = "code" if kind == "code" else f"code {kind}"
        code = _numbered(highlighted(text, language), node.options or {})
        html = f'<pre class="{class_name} {escaped(language)}">{code}</pre>\n'
    else:
        html = f'<pre class="{kind}">{escaped(text)}</pre>\n'
    if node.filename:
        return f'<dl class="{kind}">\n<dt>{escaped(node.filename)}</dt>\n<dd>{html}</dd></dl>\n'
    return html


def _numbered(code: str, options: Mapping[str, Any]) -> str:
    """Return highlighted code with numbers of lines as attributes, and marked lines, if options ask for that."""
    marked = options.get("highlight_lines_extra") or ()
    has_numbers = options.get("enable_line_numbers")
    if not has_numbers and not marked:
        return code
    first = int(options.get("start_line_numbers_at") or 1)
    lines = []
    for number, line in enumerate(code.split("\n")):
        extra = " ln-xtra" if number + 1 in marked else ""
        shown = f' data-line="{first + number}"' if has_numbers else ""
        lines.append(f'<span class="line{extra}"{shown}>{line}</span>')
    return "\n".join(lines)


def highlighted(text: str, language: str) -> str:
    """Return the HTML of code: with spans of Pygments' classes if it knows the language, else as it is."""
    text = without_empty_lines_around(text)
    lexer = _lexer(language.lower()) if len(text) <= LONGEST else None
    if lexer is None:
        return escaped(text)
    from pygments import highlight

    html: str = highlight(text, lexer, _formatter())
    return html.strip("\n\r")


def without_empty_lines_around(text: str) -> str:
    """Return code without an empty first and last line, as DokuWiki shows code of a language."""
    head, line_end, rest = text.partition("\n")
    if line_end and not head.strip():
        text = rest
    rest, line_end, tail = text.rpartition("\n")
    return rest if line_end and not tail.strip() else text


@cache
def _formatter() -> Any:
    from pygments.formatters.html import HtmlFormatter

    return HtmlFormatter(nowrap=True)


def language_name(language: str) -> str:
    """Return Pygments' name of a language of GeSHi; most other highlighters know it as well."""
    return _names().get(language.lower(), language)


@cache
def _names() -> dict[str, str]:
    """Return what Pygments calls languages that GeSHi calls otherwise."""
    return tomllib.loads(resources.files(__package__).joinpath("languages.toml").read_text("utf-8"))


@lru_cache(maxsize=512)
def _lexer(language: str) -> Any:
    """Return Pygments' lexer for a language of GeSHi; None if it has none, or is not installed."""
    try:
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound
    except ImportError:
        return None
    try:
        lexer = get_lexer_by_name(language_name(language), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    from pygments.lexers.shell import ShellSessionBaseLexer

    # Those of sessions drop a command on the last line if nothing ends it.
    lexer.ensurenl = isinstance(lexer, ShellSessionBaseLexer)
    return lexer


RENDERERS: dict[type, Renderer] = {
    blocks.Preformatted: _preformatted,
    blocks.Code: _code,
    blocks.File: _code,
}
