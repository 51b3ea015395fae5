"""What every parsed page has to fulfil, asserted by one function: `check_page`."""

from __future__ import annotations

import dataclasses
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import dokuwiki_data as dw
from dokuwiki_data.grammars import grammar
from dokuwiki_data.nodes import blocks, data, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.syntax import parser
from dokuwiki_data.syntax.character_references import all_decoded
from dokuwiki_data.syntax.configuration import OWN, flavours_of
from dokuwiki_data.syntax.paragraphs import AnyToken
from dokuwiki_data.syntax.tree import TreeBuilder
from dokuwiki_data.text import PageText, QuotedText, Span

CASES = Path(__file__).parent / "cases"


def check_page(page: dw.Page, *, syntax: dw.Syntax = dw.Syntax(), lark: bool = True) -> None:
    """Assert everything that is true of every page.

    ``syntax`` is what the page was parsed with; ``lark`` says whether to build the tree again with Lark's
    own driver, which takes longer than all the rest.
    """
    text = str(page)
    nodes = list(page.walk())
    spans = [node.span for node in nodes]
    record, calls = dw.render.json(page), dw.render.instructions(page)
    check_source(page, text)
    check_places(nodes, spans, text)
    for node in nodes:
        covers_what_it_names(node)
    check_values(nodes)
    check_outputs(page, nodes, record, calls)
    check_diagnostics(page, text)
    # Reading and pickling take most of the time, so one page shows that both give the same again.
    again = dw.parse(text, page_id=page.page_id, modified=page.modified, syntax=syntax)
    again = pickle.loads(pickle.dumps(again))
    assert_equal(page, again)
    assert spans == [node.span for node in again.walk()]
    assert (record, calls) == (dw.render.json(again), dw.render.instructions(again))
    if lark:
        check_grammar(page, spans, syntax)


# -------------------------------------------------------------------------------- the text, the places


def check_source(page: dw.Page, text: str) -> None:
    """The source comes back, whatever it is."""
    assert page.source == text
    assert page.span == (0, len(text))
    errors = "surrogatepass" if re.search("[\ud800-\udc7f\udd00-\udfff]", text) else "surrogateescape"
    assert str(page).encode(errors=errors).decode(errors=errors) == text


def check_places(nodes: list[Node], spans: list[Span], text: str) -> None:
    """Spans lie in their parent's, in order and without overlap; the walk meets every node once."""
    span_of = dict(zip(map(id, nodes), spans, strict=True))
    assert len(span_of) == len(nodes) == 1 + sum(len(node.children) for node in nodes)
    for node, (start, end) in zip(nodes, spans, strict=True):
        assert 0 <= start <= end <= len(text), node
        assert node.source == text[start:end], node
        line, column = node.position
        before = text[:start] if len(text) < 2000 else None
        assert before is None or (line, column) == (before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1), node
        at = start
        for child in node.children:
            first, last = span_of[id(child)]
            assert at <= first, (node, child)
            at = last
        assert at <= end, (node, node.children[-1:])


def check_diagnostics(page: dw.Page, text: str) -> None:
    """Diagnostics are in order and have a place in the text."""
    assert list(page.diagnostics) == sorted(page.diagnostics, key=lambda found: found.span)
    for found in page.diagnostics:
        assert 0 <= found.span.start <= found.span.end <= len(text), found
        assert found.position == page._source.position(found.span.start)
        assert re.fullmatch("[a-z-]+", found.kind)
        assert found.message


# ------------------------------------------------------------------------- what the nodes say they are


def covers_what_it_names(node: Node) -> None:
    """Assert that the source of a node is what its class and its fields say."""
    source = node._source
    written = source.normalized[node._start : node._end]
    # DokuWiki reads a page between two newlines, which are not the page's own.
    own = source.normalized[max(node._start, 1) : min(node._end, len(source.normalized) - 1)]
    if isinstance(source, QuotedText):
        assert _in_order(own, node.source.replace("\t", "  ")) or _in_order(own, node.source), node
    else:
        assert own == node.source.replace("\r\n", "\n"), node
    for covers in _covering(type(node)):
        assert covers(node, written), (node, written)


@cache
def _covering(kind: type[Node]) -> list[Callable[[Any, str], bool]]:
    return [covers for base, covers in _COVERS.items() if issubclass(kind, base)]


def _in_order(text: str, written: str) -> bool:
    """Whether all characters of a text occur in the source, in their order."""
    if text in written:
        return True
    characters = iter(written)
    return all(character in characters for character in text)


def _text(node: inline.Text, written: str) -> bool:
    """Whether it is what is written, but for what Markdown drops, decodes, or reads as a table that is none."""
    is_table = "|" in node.text and "\n" in written
    return _in_order(node.text, written) or _in_order(node.text, all_decoded(written)) or is_table


def _formatting(node: inline.Formatting, written: str) -> bool:
    opening, closing = node.delimiters
    closing = closing if node.closed else ""
    both = len(opening) + len(closing)
    return written.startswith(opening) and written.endswith(closing) and len(written) >= both


def _link(node: inline.Link, written: str) -> bool:
    if re.match(r"\[(?!\[)", written):
        return written.endswith(")") and "](" in written
    if isinstance(node, inline.ExternalLink) and written.startswith("<"):
        return written == f"<{node.target}>"
    if written.startswith("[["):
        return written.endswith("]]") and node.target in written
    if isinstance(node, inline.EmailLink):
        return written == f"<{node.target}>"
    if isinstance(node, inline.ExternalLink):
        return node.target in (written, f"http://{written}", f"ftp://{written}")
    return written == node.target and isinstance(node, (inline.WindowsShareLink, inline.CamelCaseLink))


def _media(node: inline.Media, written: str) -> bool:
    if written.startswith("!["):
        return written.endswith(")") and "](" in written
    return written.startswith("{{") and written.rstrip("\n").endswith("}}") and node.target in written


def _heading(node: blocks.Heading, written: str) -> bool:
    marks = written.strip()
    if marks.startswith("#"):
        return node.title in written and len(marks) - len(marks.lstrip("#")) == node.level <= 6
    return node.title in written and marks.startswith("==") and marks.endswith("==") and 1 <= node.level <= 5


def _list(node: blocks.List, written: str) -> bool:
    return bool(node.items) and all(
        bool(re.match(r"[ \t]+-|[ \t]*\d{1,9}[.)]" if node.ordered else r"[ \t]+\*|[ \t]*[-+*]", item.source))
        for item in node.items
    )


def _cell(node: blocks.TableCell, written: str) -> bool:
    return node.colspan >= 1 and node.rowspan >= 1


def _row(node: blocks.TableRow, written: str) -> bool:
    return node.width >= len(node.cells)


def _table(node: blocks.Table, written: str) -> bool:
    widths = [row.width for row in node.rows]
    if node.is_markdown:
        return node.columns == widths[0] == max(widths) and node.head_rows == 1
    cells = [cell for row in node.rows for cell in row.cells]
    if not all(cell.source[:1] == ("^" if cell.header else "|") for cell in cells):
        return False
    return bool(widths) and node.columns == max(widths) and node.head_rows <= len(node.rows) and written[0] in "|^"


def _unformatted(node: inline.Unformatted, written: str) -> bool:
    if "\\|" in written and "\\|" not in node.text:  # in a table of Markdown
        written = written.replace("\\|", "|")
    if written.replace("\r\n", " ").replace("\n", " ").replace("\r", " ") in (node.text, f" {node.text} "):
        return True  # of a code span in Markdown
    return written in (f"<nowiki>{node.text}</nowiki>", f"%%{node.text}%%")


def _code(node: blocks.Code, written: str) -> bool:
    if "\\|" in written and "\\|" not in node.text:  # in a table of Markdown
        written = written.replace("\\|", "|")
    if fence := re.match("```+|~~~+", written):
        lines = written.split("\n")
        return lines[-1].strip(" \t" + fence[0][0]) == "" and node.text == "".join(f"{line}\n" for line in lines[1:-1])
    tag, bracket, text = written.removesuffix(f"</{node.name}>").partition(">")
    return tag.startswith(f"<{node.name}") and text == node.text and (bracket == ">" or not node.text)


def _preformatted(node: blocks.Preformatted, written: str) -> bool:
    texts = [
        "\n".join(re.sub(rf"^(?: {{{indent}}}|\t)", "", line) for line in written.split("\n")) for indent in (2, 4)
    ]
    return node.text in (text for lines in texts for text in (lines, lines.strip("\n")))


def _kind_in_source(node: data.DataEntry | data.DataQuery, kind: str) -> str:
    """The word behind ``data`` in the first line of a block; nodes of other plugins have a component."""
    component: str = getattr(node, "component", "")
    return component.removeprefix("data").replace("_", "") if component else kind


def _data_block(kind: str, written: str) -> bool:
    return re.fullmatch(rf"(?s)-{{4,}} *data{kind}\b.*\n-{{4,}}", written) is not None


def _field(node: data.DataField, written: str) -> bool:
    text = str(node._source.page.text)
    pieces = [text[slice(*span)].replace("\\#", "#") for span in (node.column_span, *node.value_spans)]
    comment = node.comment_span and text[slice(*node.comment_span)]
    return (
        _same_line(pieces, [node.column.name, *node.values])
        and (comment is None) == (node.comment is None)
        and (comment is None or (comment[0] == "#" and _in_order(node.comment or "", comment)))
    )


def _same_line(pieces: list[str], said: list[str]) -> bool:
    return [piece.replace("\r", "") for piece in pieces] == [text.replace("\r", "") for text in said]


def _option(node: data.DataOption, written: str) -> bool:
    value = str(node._source.page.text)[slice(*node.value_span)]
    return _in_order(node.name, written) and _in_order(node.value, value)


#: What the source of a node of a class looks like.
_COVERS: dict[type[Node], Callable[[Any, str], bool]] = {
    inline.Text: _text,
    inline.Formatting: _formatting,
    inline.Unformatted: _unformatted,
    inline.LoneCloser: lambda node, written: written == getattr(inline, node.formatting.capitalize()).closing,
    inline.LooseMarkup: lambda node, written: bool(re.fullmatch("[a-z_]+", node.instruction)),
    inline.LineBreak: lambda node, written: re.fullmatch(r"\\\\[ \t]?|\n>+|(?:  +|\\)\n[ \t]*", written) is not None,
    inline.Media: _media,
    inline.Link: _link,
    inline.InterwikiLink: lambda node, written: node.target.lower() == f"{node.wiki}>{node.reference}".lower(),
    inline.Replaced: lambda node, written: node.text == written,
    inline.QuotationMark: lambda node, written: written == ('"' if node.kind.startswith("double") else "'"),
    inline.MultiplyEntity: lambda node, written: written.lower() == f"{node.left}x{node.right}",
    inline.Macro: lambda node, written: written == f"~~{node.name.upper()}~~",
    blocks.Paragraph: lambda node, written: (
        bool(node.content)
        and (node.span.start, node.span.end) == (node.content[0].span.start, node.content[-1].span.end)
    ),
    blocks.Heading: _heading,
    blocks.Section: lambda node, written: node.span.start == node.heading.span.start,
    blocks.HorizontalRule: lambda node, written: (
        re.fullmatch(r"[ \t]*(?:---+|\*{3,}|_{3,})[ \t]*", written) is not None
    ),
    blocks.Preformatted: _preformatted,
    blocks.Code: _code,
    blocks.Rss: lambda node, written: written.startswith(f"{{{{rss>{node.target}") and written.endswith("}}"),
    blocks.Info: lambda node, written: written == f"~~INFO:{node.name}~~",
    blocks.List: _list,
    blocks.ListItem: lambda node, written: node.level >= 1,
    blocks.TableCell: _cell,
    blocks.TableRow: _row,
    blocks.Table: _table,
    blocks.Quote: lambda node, written: written.startswith(">"),
    data.DataEntry: lambda node, written: _data_block(_kind_in_source(node, "entry"), written),
    data.DataQuery: lambda node, written: _data_block(_kind_in_source(node, node.kind), written),
    data.DataField: _field,
    data.DataOption: _option,
}


# --------------------------------------------------------------------- values, outputs, the same again


def check_values(nodes: list[Node]) -> None:
    """Nodes are values: frozen, hashable, copied without loss."""
    hash(nodes[0])
    for node in {type(node): node for node in nodes}.values():
        name = dataclasses.fields(node)[-1].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(node, name, None)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(node, name)
        copy = node.with_changes()
        assert copy == node
        assert copy is not node
        assert copy.span == node.span


def check_outputs(page: dw.Page, nodes: list[Node], record: dict[str, Any], calls: list[list[Any]]) -> None:
    """Every way to print a page works and shows all of it."""
    assert page.pretty().count("\n") + 1 >= len(nodes)
    assert all(type(node).__name__ in repr(node) for node in nodes)
    assert isinstance(page.plain_text(), str)
    json.dumps(record, allow_nan=False).encode()
    assert calls[0] == ["document_start", [], 0]
    assert calls[-1][0] == "document_end"
    # A cell that loses its last instruction to a row span may lose the end of its formatting, and formatting
    # whose closer was swallowed by something inside has no end. What a footnote took apart is in no order at all.
    balanced = not any(
        (isinstance(node, blocks.TableCell) and node._lost) or (isinstance(node, inline.Formatting) and not node.closed)
        for node in nodes
    )
    lone = any(isinstance(node, (inline.LoneCloser, inline.LooseMarkup)) for node in nodes)
    # All instructions of a Markdown table but those in its cells are at its start.
    back = any(isinstance(node, blocks.Table) and node.is_markdown for node in nodes)
    assert_in_order(calls, balanced=balanced, lone=lone, back=back)


def assert_in_order(calls: list[list[Any]], *, balanced: bool, lone: bool, back: bool = False) -> None:
    """Whatever a list of instructions opens it closes, and positions do not go back (but in quotations).

    ``lone``: there are closers that close nothing, and what goes with them. ``back``: positions may go back.
    """
    opened = Counter(
        name.removesuffix("_start") for name, _, _ in calls if name.removesuffix("_start").endswith("_open")
    )
    closed = Counter(name.replace("_close", "_open") for name, _, _ in calls if name.endswith("_close"))
    assert lone or (opened == closed if balanced else opened >= closed)
    at = quotations = 0
    for name, arguments, position in calls:
        inside = quotations > 0
        quotations += (name == "quote_open") - (name == "quote_close")
        assert lone or back or position >= at or inside
        at = position
        if name == "nest":
            assert_in_order(arguments[0], balanced=balanced, lone=lone, back=back)


def assert_same(one: dw.Page, other: dw.Page) -> None:
    """Both pages have the same tree at the same places, and the same outputs."""
    assert_equal(one, other)
    assert [node.span for node in one.walk()] == [node.span for node in other.walk()]
    assert dw.render.json(one) == dw.render.json(other)
    assert dw.render.instructions(one) == dw.render.instructions(other)


def assert_equal(one: dw.Page, other: dw.Page) -> None:
    """Both pages have the same tree, text and diagnostics."""
    assert one == other
    assert hash(one) == hash(other)
    assert str(one) == str(other)
    assert one.diagnostics == other.diagnostics


# ----------------------------------------------------------------------------------------- the grammar


def check_grammar(page: dw.Page, spans: list[Span], syntax: dw.Syntax) -> None:
    """Lark's own driver accepts what the lexer emits, and builds the same tree."""
    content, _ = parser._Reading(syntax, _lark()).whole(PageText(str(page)), "BASE", 0)
    assert content == page.content
    assert [node.span for part in content for node in part.walk()] == spans[1:]


class LarkParser:
    """Lark's own parser of the grammar, as one that takes tokens in several parts."""

    def __init__(self, builder: TreeBuilder) -> None:
        self._lark = grammar.lark("dokuwiki.lark", transformer=builder)
        self._builder = builder

    def begin(self) -> LarkParsing:
        return LarkParsing(self._lark, self._builder)


class LarkParsing:
    """A text being parsed by Lark, which is given all tokens at once."""

    def __init__(self, lark: Any, builder: TreeBuilder) -> None:
        self._lark = lark
        self._builder = builder
        self._tokens: list[AnyToken] = []
        self._source = builder.source

    def feed(self, tokens: list[AnyToken]) -> None:
        self._tokens += tokens
        self._source = self._builder.source

    def result(self) -> Any:
        self._builder.source = self._source
        return self._lark.parser.parse(self._tokens)


@cache
def _lark() -> tuple[Any, TreeBuilder]:
    builder = TreeBuilder()
    return LarkParser(builder), builder


# ------------------------------------------------------------------- recorded cases, lists of instructions


#: The loader of libyaml where PyYAML has it, which takes a tenth of the time.
YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What a file says. Every process reads all files of cases, 13,000 values."""
    return yaml.load(path.read_text("utf-8"), YAML)


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The cases of a file."""
    found: list[dict[str, Any]] = read_yaml(path)
    return found


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file in the folder of cases."""
    return read_cases(CASES / f"{name}.yaml")


def is_read(case: dict[str, Any], release: str) -> bool:
    """Whether a release knows the flavour of a case."""
    return case.get("settings", {}).get("flavour", OWN) in flavours_of(release)


def syntax_of(case: dict[str, Any], release: str = "2026-07-14") -> dw.Syntax:
    """The syntax that a case is read with."""
    settings = case.get("settings", {})
    named = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
    return dw.Syntax(release=release, **named)


def normalised(calls: list[list[Any]]) -> list[list[Any]]:
    """DokuWiki's instruction list without the plugins' own data, which is theirs."""
    result: list[list[Any]] = []
    for name, arguments, position in calls:
        if name == "plugin":
            plugin, _, state, source = arguments
            arguments = [plugin, None, state, source]
        elif name == "nest":
            arguments = [normalised(arguments[0])]
        result.append([name, arguments, position])
    return result


def as_lines(calls: list[list[Any]], indent: str = "") -> str:
    """An instruction list for people: position, name and arguments, a call a line."""
    lines = []
    for name, arguments, position in calls:
        if name == "nest":
            lines.append(f"{indent}{position} nest\n" + as_lines(arguments[0], indent + "  "))
        else:
            shown = json.dumps(arguments, ensure_ascii=False)[1:-1]
            lines.append(f"{indent}{position} {name} {shown}".rstrip() + "\n")
    return "".join(lines)
