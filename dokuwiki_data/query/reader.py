"""Read the text of a query: its lines, its options, their values, and their problems.

Entries, and the searches of the plugin struct, consist of the same kind of lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from sys import intern
from typing import Any, NamedTuple

from dokuwiki_data.grammars.driver import Parser, Terminal
from dokuwiki_data.php import BLANKS, integer, lower
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import OPERATORS, Comparison, Logic, Sort
from dokuwiki_data.text import Diagnostic, PageText, Span

#: The flags of the expressions in grammars of lines.
FLAGS = re.ASCII | re.DOTALL

#: The options in the order in which they are tried. These and the names below are terminals of the grammar.
OPTIONS = (
    "COLUMNS", "HEADERS", "FILTER", "FILTER_OR", "SORT", "LIMIT", "MINIMUM", "ALIGN", "WIDTHS",
    "TITLE", "PAGE", "DYNFILTERS", "ROWNUMBERS", "SUMMARIZE", "SEPBYHEADERS", "UNKNOWN",
)  # fmt: skip
#: The meaning of each option, as `Line.option` names it.
_MEANINGS = {option: option.lower() for option in OPTIONS}
#: The options whose value is a list, with the terminals of its items.
LISTS = {
    "COLUMNS": ("COLUMN",),
    "HEADERS": ("QUOTED_HEADER", "OPEN_HEADER", "HEADER"),
    "ALIGN": ("CENTER", "RIGHT", "LEFT"),
    "WIDTHS": ("WIDTH",),
}
#: The options whose value has parts in sequence, with the terminals of each part, which may be missing.
SEQUENCES = {
    "FILTER": (("COMPARED",), ("REFUSED", "OPERATOR"), ("OPERAND",)),
    "FILTER_OR": (("COMPARED",), ("REFUSED", "OPERATOR"), ("OPERAND",)),
    "SORT": (("DESCENDING",), ("SORTED",)),
}

#: Values of a switch by which people mean *off*, although only ``0`` means off.
_MEANT_AS_OFF = ("no", "off", "false", "none", "never", "n")

#: The blanks that may separate a field's name from its colon.
_BEFORE_COLON = " \t\r\f\x0b"


class Head(NamedTuple):
    """The first line of a data block; ``end`` is the offset after its line end."""

    kind: str
    classes: str
    end: int


class Line(NamedTuple):
    """A line of a query. Its places are offsets in the normalized text.

    Attributes:
        start: The start of the line.
        end: The end of the line.
        option: The meaning of the name: one of `OPTIONS` in lower case.
        name: The name as written.
        value: The value.
        comment: The text after the ``#``, or None.
        value_start: The start of the value.
        value_end: The end of the value.
    """

    start: int
    end: int
    option: str
    name: str
    value: str
    comment: str | None
    value_start: int
    value_end: int


#: A function that takes the lines one by one.
Take = Callable[[Line], object]


class Reading(NamedTuple):
    """The content of a query's text: fields of a `Query`, and its problems."""

    fields: dict[str, Any]
    problems: tuple[Diagnostic, ...]


class _Columns(NamedTuple):
    """The columns of a line, and their places."""

    columns: list[Column]
    spans: list[Span]


# ------------------------------------------------------------------------------------------------- lines


def line_pattern(terminals: Mapping[str, Terminal], *names: str) -> re.Pattern[str]:
    """Return the expression of a line with its end: the first of the terminals that matches."""
    return re.compile("|".join(f"(?:{terminals[name].pattern})" for name in names), FLAGS)


def line_name(written: str) -> str:
    """Return the name of a field or an option, which is written with its colon."""
    if written.endswith(":"):
        return unescape(written[:-1].rstrip(_BEFORE_COLON))
    return unescape(written.rstrip(BLANKS))


@lru_cache(maxsize=4096)
def field_column(written: str) -> Column:
    """Return the column of a field's name, which is written with its colon."""
    return Column.parse(line_name(written))


def unescape(text: str) -> str:
    r"""Replace ``\#`` by ``#``, which begins no comment."""
    return text.replace("\\#", "#") if "#" in text else text


def trimmed_end(text: str, start: int, end: int) -> int:
    """Return the end of a range of a text without the blanks at its end."""
    while end > start and text[end - 1] in BLANKS:
        end -= 1
    return end


# ------------------------------------------------------------------------------------------------ options


class QueryToken:
    """A piece of a line, with the attributes that Lark expects of a token."""

    __slots__ = ("end", "source", "start", "type")

    def __init__(self, type: str, source: PageText, start: int, end: int) -> None:
        self.type = type
        self.source = source
        self.start = start
        self.end = end

    @property
    def text(self) -> str:
        return unescape(self.source.normalized[self.start : self.end])

    @property
    def trimmed(self) -> str:
        return self.text.strip(BLANKS)

    @property
    def span(self) -> Span:
        """The place in the page's source, without blanks around it."""
        text = self.source.normalized
        start, end = self.start, trimmed_end(text, self.start, self.end)
        while start < end and text[start] in BLANKS:
            start += 1
        return self.source.span(start, end)

    def diagnostic(self, kind: str, message: str) -> Diagnostic:
        """Return a diagnostic with the place of this piece."""
        return self.source.diagnostic(kind, message, self.span)


def texts_of(tokens: Iterable[QueryToken]) -> Iterator[str]:
    """Yield the texts of a list whose items are quoted if they contain commas; the type of a token says if it is."""
    for token in tokens:
        inside = token.text.partition('"')[2]
        if token.type.startswith("QUOTED"):
            yield inside[:-1].replace('""', '"')
        elif not token.type.startswith("OPEN"):
            yield token.trimmed
        elif inside:
            yield inside.replace('""', '"').strip(BLANKS)


class QueryBuilder:
    """Build the fields of a query: one method for each rule of the grammar, which returns a field and its value."""

    def query(self, parts: list[Any]) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
        """Collect all fields. Lists of several lines add up; of other options, the last line counts."""
        fields: dict[str, Any] = {"columns": [], "column_spans": []}
        problems: list[Diagnostic] = []
        for part in parts[:-1]:
            if part.__class__ is Diagnostic:
                problems.append(part)
            elif part.__class__ is Comparison:
                fields.setdefault("filters", []).append(part)
            elif part.__class__ is _Columns:
                fields["columns"] += part.columns
                fields["column_spans"] += part.spans
                part.columns.clear()  # free the memory early: there can be a million
                part.spans.clear()
            elif part[1].__class__ is list:
                fields.setdefault(part[0], []).extend(part[1])
            else:
                fields[part[0]] = part[1]
                fields.setdefault("_diagnostics", []).extend(part[2:])
        if not fields["columns"]:
            problems.append(parts[-1].diagnostic("no-columns", "the query selects no columns, so it shows nothing"))
        return {name: tuple(value) if value.__class__ is list else value for name, value in fields.items()}, tuple(
            problems
        )

    def columns(self, parts: list[Any]) -> _Columns:
        found = _Columns([], [])
        for at in range(1, len(parts)):
            found.columns.append(Column.parse(parts[at].trimmed))
            found.spans.append(parts[at].span)
            parts[at] = None
        return found

    def headers(self, parts: list[QueryToken]) -> tuple[str, list[str]]:
        return "headers", list(texts_of(parts[1:]))

    def align(self, parts: list[QueryToken]) -> tuple[str, list[str]]:
        return "align", [token.type.lower() for token in parts[1:]]

    def widths(self, parts: list[QueryToken]) -> tuple[str, list[str]]:
        return "widths", [token.trimmed for token in parts[1:]]

    def comparison(self, parts: list[QueryToken]) -> Comparison:
        option, compared, operator, operand = parts
        span = Span(compared.span.start, operand.span.end)
        logic: Logic = "OR" if option.type == "FILTER_OR" else "AND"
        return Comparison.read(compared.trimmed, operator.text, operand.trimmed, logic, span)

    def broken_filter(self, parts: list[QueryToken]) -> Diagnostic:
        whole = QueryToken("FILTER", parts[0].source, parts[1].start, parts[-1].end)
        return whole.diagnostic("broken-filter", f"this filter has no comparison, so it is dropped: {whole.text!r}")

    def sort(self, parts: list[QueryToken]) -> tuple[str, Sort]:
        # Not trimmed: a blank after the ^ belongs to the name.
        return "sort", Sort(Column.parse(parts[-1].text), len(parts) == 3, parts[-1].span)

    def limit(self, parts: list[QueryToken]) -> tuple[Any, ...]:
        number = abs(integer(parts[1].text)) or None
        return "limit", number, *_no_number(parts[1], "no limit" if number is None else f"a limit of {number}")

    def minimum(self, parts: list[QueryToken]) -> tuple[Any, ...]:
        number = abs(integer(parts[1].text))
        return "minimum", number, *_no_number(parts[1], f"a minimum of {number}")

    def title(self, parts: list[QueryToken]) -> tuple[str, str]:
        return "title", parts[1].text

    def page(self, parts: list[QueryToken]) -> tuple[str, str]:
        return "page", parts[1].text

    def switch(self, parts: list[QueryToken]) -> tuple[Any, ...]:
        option, value = parts
        found = []
        if value.trimmed.lower() in _MEANT_AS_OFF:
            found.append(value.diagnostic("switched-on", f"{value.trimmed!r} switches {option.text} on: only 0 is off"))
        return option.type.lower(), value.text not in ("", "0"), *found

    def unknown(self, parts: list[QueryToken]) -> Diagnostic:
        return parts[0].diagnostic("unknown-option", f"unknown option {parts[0].text!r}")


def _no_number(value: QueryToken, read_as: str) -> list[Diagnostic]:
    """Return a diagnostic for a value that should be a number but is not; ``read_as`` is what it is read as."""
    if value.text.isdecimal() or not value.trimmed:
        return []
    return [value.diagnostic("no-number", f"{value.trimmed!r} is not an integer: it is read as {read_as}")]


class OptionGrammar:
    """A grammar of lines ``option: value`` with its compiled terminals, which include ``LINE`` and ``SKIPPED``."""

    def __init__(
        self,
        grammar: str,
        builder: object,
        options: Sequence[str],
        lists: Mapping[str, Sequence[str]],
        sequences: Mapping[str, Sequence[Sequence[str]]],
    ) -> None:
        """Load a grammar.

        Args:
            grammar: The name of its file.
            builder: An object with a method for each rule.
            options: The terminals of the options, as `OPTIONS`.
            lists: The options whose value is a list, as `LISTS`.
            sequences: The options whose value has parts, as `SEQUENCES`.
        """
        self._parser = Parser(grammar, builder)
        self.terminals = self._parser.terminals
        self._line = line_pattern(self.terminals, "SKIPPED", "LINE")
        self._options = self._alternation(options)
        self._lists = {option: self._alternation(items) for option, items in lists.items()}
        self._sequences = {option: [self._alternation(part) for part in parts] for option, parts in sequences.items()}

    def read(self, source: PageText, start: int, end: int, take: Take | None = None) -> Any:
        """Read lines, and return what the builder makes of them.

        Args:
            source: The text that they stand in.
            start: The offset in the normalized text at which they start.
            end: The offset of their last line end.
            take: A function that is called with each line.
        """
        return self._parser.parse(self._tokens(source, start, end, take))

    def _tokens(self, source: PageText, start: int, end: int, take: Take | None) -> Iterator[QueryToken]:
        text = source.normalized
        for match in self._line.finditer(text, start, end + 1):
            if match["name"] is None:
                continue
            written = line_name(match["name"])
            option = QueryToken(self._option(written), source, match.start("name"), match.start("name") + len(written))
            value = QueryToken("VALUE", source, match.start("value"), trimmed_end(text, *match.span("value")))
            if take:
                comment, last = match["comment"], trimmed_end(text, match.start("name"), match.end() - 1)
                take(Line(
                    option.start, last, _MEANINGS[option.type], intern(written), value.text,
                    comment and comment[1:].strip(BLANKS), value.start, value.end,
                ))  # fmt: skip
            yield option
            yield from self._values(option, value)
        yield QueryToken("END", source, start, end)

    def _alternation(self, names: Sequence[str]) -> re.Pattern[str]:
        pattern = "|".join(f"(?P<{name}>{self.terminals[name].pattern})" for name in names)
        return re.compile(pattern, FLAGS)

    def _option(self, name: str) -> str:
        """Return the terminal of an option's name."""
        match = self._options.fullmatch(lower(name))
        assert match is not None
        return str(match.lastgroup)

    def _values(self, option: QueryToken, value: QueryToken) -> Iterator[QueryToken]:
        """Yield the parts of an option's value."""
        source, base = value.source, value.start
        text = source.normalized[base : value.end]
        if option.type in self._lists:
            for match in self._lists[option.type].finditer(text):
                yield QueryToken(str(match.lastgroup), source, base + match.start(), base + match.end())
        elif option.type in self._sequences:
            at = 0
            for part in self._sequences[option.type]:
                if match := part.match(text, at):  # type: ignore[assignment]
                    at = match.end()
                    yield QueryToken(str(match.lastgroup), source, base + match.start(), base + at)
        else:
            yield value


def read_query(source: PageText, start: int, end: int, take: Take | None = None) -> Reading:
    """Read the lines of a query; the arguments are those of `OptionGrammar.read`."""
    fields, problems = _grammar().read(source, start, end, take)
    no_comparisons = tuple(
        source.diagnostic(
            "no-comparison", f"unknown operator {comparison.operator!r}: the query has no result", comparison.span
        )
        for comparison in fields.get("filters", ())
        if comparison.operator not in OPERATORS
    )
    return Reading(fields, problems + no_comparisons)


def read_head(source: PageText, start: int) -> Head | None:
    """Return the first line of the data block that starts at an offset in the normalized text, or None."""
    match = _head().match(source.normalized, start)
    return match and Head(match["kind"], (match["classes"] or "").strip(" "), match.end())


@cache
def _grammar() -> OptionGrammar:
    return OptionGrammar("data_query.lark", QueryBuilder(), OPTIONS, LISTS, SEQUENCES)


@cache
def _head() -> re.Pattern[str]:
    return re.compile(_grammar().terminals["HEAD"].pattern, FLAGS)
