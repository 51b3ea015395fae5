"""Markdown as HTML, by markdown-it-py with what each dialect adds to CommonMark.

The HTML is made for `dokuwiki_data.exports.verification.written`: headings have the anchors that readers of the dialect
give them, boxes and notes are ``<aside>``, and what was Markdown is marked, since HTML in it may have other addresses.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.exports.verification.written import FROM_MARKDOWN
from dokuwiki_data.writers.markdown import DIALECTS, Dialect

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

#: The first line of a box that is written as a quotation: its kind, whether it is folded, and its title.
_BOX = re.compile(r"\[!(\w+)\](-?)(?:[ \t]+([^\n]+))?[ \t]*(?:\n|\Z)")
_ANCHOR = re.compile(r"[ \t]*(?<!\\)\{#([^{}\s]+)\}[ \t]*\Z")
#: The size behind the text of an image.
_SIZE = re.compile(r"\|(\d+)(?:x(\d+))?\Z")
#: A sign of marked text, unless a blank follows the first or stands before the second.
_MARK = re.compile("(?<!=)==(?!=)")
#: More levels than the parser allows by default; each takes some calls of Python.
_DEEPEST = 100

_CoreRule = Callable[["StateCore"], None]


@cache
def renderer_of(name: str) -> Callable[[str], str]:
    """Return what renders Markdown of a dialect, without front matter, as HTML.

    Raises:
        MissingExtraError: If a library is missing.
    """
    dialect = DIALECTS[name]
    try:
        markdown_it = import_module("markdown_it")
        footnote, autolink, container = (
            import_module(f"mdit_py_plugins.{plugin}") for plugin in ("footnote", "gfm_autolink", "container")
        )
    except ImportError:
        raise MissingExtraError("markdown-it-py and mdit-py-plugins", "markdown") from None
    is_obsidian, is_github = dialect.links_to_titles, name in ("gfm", "docusaurus")
    options = {
        "html": True,
        "maxNesting": _DEEPEST,
        "breaks": dialect.line_end != "\n",
        "tasklists": is_obsidian or is_github,
        "strikethrough_single_tilde": not is_obsidian,
    }
    parser: MarkdownIt = markdown_it.MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.use(footnote.footnote_plugin, inline=is_obsidian)
    if is_github:
        parser.use(autolink.gfm_autolink_plugin)
    if dialect.callout.sign:
        for kind in set(dialect.callouts.values()):
            parser.use(container.container_plugin, kind, dialect.callout.sign, render=_directive)
    # Addresses are compared as they were written, whatever their scheme.
    vars(parser).update(normalizeLink=_as_written, normalizeLinkText=_as_written, validateLink=lambda address: True)
    _add_rules(parser, dialect)
    rendered: Callable[[str], str] = parser.render
    return rendered


def _as_written(address: str) -> str:
    return address


def _add_rules(parser: MarkdownIt, dialect: Dialect) -> None:
    """Add what makes the HTML of the conventions of a dialect."""
    core = parser.core.ruler
    if dialect.callout.prefix == "> ":
        core.after("block", "boxes", _boxes)
    if "{#" in dialect.anchor.format(anchor="", title=""):
        core.after("block", "written_anchors", _written_anchors)
    if any(mark.delimiters == ("==",) for mark in dialect.wraps.values()):
        core.after("inline", "marked", _marked)
    core.push("own_anchors", _own_anchors(dialect))
    core.push("sources", _sources(sizes="{dimensions}" in dialect.sized_image))
    for name, render in _RENDERED.items():
        parser.add_render_rule(name, render)
    title = re.compile(re.escape(dialect.code_title).replace(r"\{\}", '([^"]*)')) if dialect.code_title else None
    parser.add_render_rule("fence", _fence(title))


# ---------------------------------------------------------------------------- rules between the steps of the parser


def _boxes(state: StateCore) -> None:
    """Make boxes of quotations whose first line names a kind."""
    opened: list[Token | None] = []
    out: list[Token] = []
    for at, token in enumerate(state.tokens):
        out.append(token)
        if token.type == "blockquote_close" and (box := opened.pop()) is not None:
            token.tag = box.tag
        if token.type != "blockquote_open":
            continue
        first = state.tokens[at + 2] if at + 2 < len(state.tokens) else None
        found = _BOX.match(first.content) if first is not None and first.type == "inline" else None
        opened.append(None if found is None else token)
        if first is not None and found is not None:
            first.content = first.content[found.end() :]
            if found[2]:
                token.tag = "details"
                out += _title(state, found[3] or "")
            else:
                token.tag = "aside"
                token.attrSet("class", found[1].lower())
    state.tokens = out


def _title(state: StateCore, text: str) -> Iterator[Token]:
    """Iterate over the tokens of the title of a folded box."""
    kind = type(state.tokens[0])
    yield kind("paragraph_open", "summary", 1, block=True)
    yield kind("inline", "", 0, content=text, children=[], block=True)
    yield kind("paragraph_close", "summary", -1, block=True)


def _written_anchors(state: StateCore) -> None:
    """Give headings the anchors that stand behind them in braces."""
    for opening, inside in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open" and (found := _ANCHOR.search(inside.content)):
            inside.content = inside.content[: found.start()]
            opening.attrSet("id", html.unescape(found[1]))


def _own_anchors(dialect: Dialect) -> _CoreRule:
    """Return a rule that gives headings the anchors that readers make of their text."""

    def rule(state: StateCore) -> None:
        taken: dict[str, int] = {}
        for opening, inside in zip(state.tokens, state.tokens[1:], strict=False):
            if opening.type == "heading_open":
                text = "".join(child.content for child in inside.children or () if child.type == "text")
                own = dialect.own_anchor(" ".join(text.split()), taken)
                opening.attrs.setdefault("id", own)

    return rule


def _marked(state: StateCore) -> None:
    """Make ``<mark>`` of pairs of ``==`` that are not escaped: escaped signs are tokens of their own still."""
    for token in state.tokens:
        children = token.children or []
        pieces: list[Token] = []
        is_open = False
        for at, child in enumerate(children):
            done = 0
            for found in _MARK.finditer(child.content) if child.type == "text" else ():
                if _is_blank(children, at, found.start() - 1 if is_open else found.end()):
                    continue
                is_open = not is_open
                pieces += (
                    type(child)("text", "", 0, content=child.content[done : found.start()]),
                    type(child)("html_inline", "", 0, content="<mark>" if is_open else "</mark>"),
                )
                done = found.end()
            pieces.append(type(child)("text", "", 0, content=child.content[done:]) if done else child)
        if pieces:
            token.children = pieces


def _is_blank(children: Sequence[Token], at: int, place: int) -> bool:
    """Return whether there is a blank or a line's end at a place of a text, or beside the text."""
    if 0 <= place < len(children[at].content):
        return children[at].content[place].isspace()
    beside = at - 1 if place < 0 else at + 1
    if not 0 <= beside < len(children):
        return True
    return children[beside].type in ("softbreak", "hardbreak") or children[beside].content == "<br>"


def _sources(sizes: bool) -> _CoreRule:
    """Return a rule that marks links and images as Markdown, and finds sizes in the texts of images."""

    def rule(state: StateCore) -> None:
        for token in state.tokens:
            for child in token.children or ():
                if child.type in ("link_open", "image"):
                    child.attrSet(FROM_MARKDOWN, "")
                if child.type == "image" and child.children:
                    child.children = [one for one in child.children if one.type != "html_inline"]
                    last = child.children[-1] if sizes and child.children else None
                    if last is not None and (found := _SIZE.search(last.content)):
                        last.content = last.content[: found.start()]
                        for name, value in zip(("width", "height"), found.groups(), strict=True):
                            if value:
                                child.attrSet(name, value)

    return rule


# ------------------------------------------------------------------------------------------- the HTML of some tokens

_Tokens = Sequence["Token"]


def _directive(self: Any, tokens: _Tokens, at: int, options: Any, env: Any) -> str:
    """Render the beginning or end of a box between colons."""
    return f'<aside class="{html.escape(tokens[at].info.strip())}">\n' if tokens[at].nesting == 1 else "</aside>\n"


def _number(self: Any, tokens: _Tokens, at: int, options: Any, env: Any) -> str:
    """Render the number of a note as its label."""
    return f'<data value="note:{html.escape(str(tokens[at].meta["label"]))}"></data>'


def _note(self: Any, tokens: _Tokens, at: int, options: Any, env: Any) -> str:
    """Render the beginning of a note."""
    return f'<aside class="{html.escape(str(tokens[at].meta["label"]))}">\n'


def _end_of_note(self: Any, tokens: _Tokens, at: int, options: Any, env: Any) -> str:
    """Render the end of a note."""
    return "</aside>\n"


def _nothing(self: Any, tokens: _Tokens, at: int, options: Any, env: Any) -> str:
    """Render nothing: neither a frame around all notes nor links back from them."""
    return ""


_RENDERED = {
    "footnote_ref": _number,
    "footnote_open": _note,
    "footnote_close": _end_of_note,
    "footnote_block_open": _nothing,
    "footnote_block_close": _nothing,
    "footnote_anchor": _nothing,
}


def _fence(title: re.Pattern[str] | None) -> Callable[..., str]:
    """Return what renders code, with the name of its file above it."""

    def render(self: Any, tokens: _Tokens, at: int, options: Any, env: Any) -> str:
        token = tokens[at]
        found = title.search(token.info) if title is not None else None
        name = f"<p>{html.escape(html.unescape(found[1]))}</p>\n" if found else ""
        return f"{name}<pre>{html.escape(token.content)}</pre>\n"

    return render
