"""Hypothesis strategies for your own tests: columns, values, entries, pages, filters, queries, and small wikis.

Everything that they generate is valid: the plugin stores the values as they are, and entries and queries print as
blocks that are read back as the same. This module needs the extra ``hypothesis``; no other module imports it.

Most strategies take ``columns``: names, such as ``["name", "due_dt"]``, or a mapping of names to strategies for their
values. By default a few columns with any names and types are generated.

Example:
    >>> from hypothesis import given, strategies as st
    >>> import dokuwiki_data as dw
    >>> from dokuwiki_data import strategies as dws
    >>> @given(dws.wikis({"state": st.sampled_from(["open", "done"])}))
    ... def test_a_filter_finds_pages_with_the_value(wiki):
    ...     for row in wiki.evaluate(dw.Query.select("state", where=dw.col("state") == "open")):
    ...         assert row.cells == (("open",),)
    >>> test_a_filter_finds_pages_with_the_value()
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import get_args

from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.nodes.data import DataEntry, DataField
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison, Condition, Sort
from dokuwiki_data.query.queries import Kind, Query
from dokuwiki_data.render.printers import entry_block
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.collection import Wiki

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtraError("hypothesis", "hypothesis") from error

__all__ = [
    "columns", "entries", "filters", "page_ids", "pages", "queries", "values", "wiki_pages", "wikis",
    "wikis_with_queries",
]  # fmt: skip

#: The plugin's types, and one that no wiki defines, which means plain text.
TYPES = (
    "", "page", "dt", "tag", "url", "mail", "wiki", "title", "pageid", "nspage", "img", "img60", "timestamp", "hidden",
    "undefined",
)  # fmt: skip

#: Names of columns, or a mapping of names to strategies for values. The default for a column is `values`.
Columns = Iterable[str | Column] | Mapping[str, st.SearchStrategy[str]]

_KINDS: tuple[Kind, ...] = get_args(Kind)
_Vocabulary = dict[Column, st.SearchStrategy[str]]

_LETTERS = st.characters(categories=["Ll", "Lu"])
_INSIDE_NAMES = _LETTERS | st.sampled_from("0 9-")
#: Short texts that are often equal, some of them only as numbers or without regard to case.
_COMMON = st.sampled_from(["a", "b", "ab", "A", "1", "9", "10", "0", "9.0", "a b", "é"])
_WRITTEN = st.characters(exclude_categories=["Cc", "Cs"])
_WITHOUT_COMMA = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=",")
_PLACEHOLDERS = ("%user%", "%groups%", "%now%", "%lang%", "%trans%")
_PLACES = st.text("abc09", min_size=1, max_size=4)
# Making a strategy takes longer than drawing from it, so as many as possible are made once.
_PAGE_IDS = st.lists(st.lists(_PLACES, min_size=1, max_size=2).map("_".join), min_size=1, max_size=3).map(":".join)
_KEY_ENDS = st.text(_INSIDE_NAMES, max_size=4)
_CLASSES = st.sampled_from(["", "tool", "big tool"])
_TITLES = st.sampled_from(["Page", "A page", "b", "0"])
_SPECIAL = st.sampled_from(["%pageid%", "%title%", "%class%", "%lastmod%"]).map(Column.parse)
_BLOCK_CLASSES = st.lists(st.sampled_from(["wide", "plain"]), max_size=2)
_ALIGNMENTS = st.lists(st.sampled_from(["left", "right", "center"]), max_size=3)
_WIDTHS = st.lists(st.sampled_from(["10%", "5em", "60px"]), max_size=3)
_LIMITS = st.none() | st.integers(1, 5)
_NO_PAGE_OR_ONE = st.just("") | _PAGE_IDS
_ROWNUMBERS = st.none() | st.booleans()
_COMPARED = ("=", "!=", "<", "<=", ">", ">=")
_PATTERNS = ("~", "!~", "*~")


@st.composite
def columns(draw: st.DrawFn, *, types: Sequence[str] = TYPES, many: bool | None = None) -> Column:
    """Generate columns.

    Args:
        types: The types to choose from, such as ``["dt", "page"]``; ``""`` is plain text.
        many: Whether the columns are many-valued; None for both.

    Example:
        >>> from hypothesis import given
        >>> @given(columns(types=["dt"], many=False))
        ... def test_the_type_ends_the_name(column):
        ...     assert column.name == f"{column.title}_dt"
        >>> test_the_type_ends_the_name()
    """
    key = (draw(_LETTERS) + draw(_KEY_ENDS)).rstrip()
    type_ = draw(st.sampled_from(types))
    of_many = draw(st.booleans()) if many is None else many
    # The name of a single-valued column needs an underscore after a final s.
    ending = f"_{type_}" if type_ or (key.endswith("s") and not of_many) else ""
    return Column.parse(key + ending + "s" * of_many)


def page_ids() -> st.SearchStrategy[str]:
    """Generate page ids as DokuWiki cleans them, such as ``a`` and ``wiki:b_0``.

    Example:
        >>> from hypothesis import given
        >>> @given(page_ids())
        ... def test_ids_have_no_blanks(page_id):
        ...     assert " " not in page_id
        >>> test_ids_have_no_blanks()
    """
    return _PAGE_IDS


def values(column: str | Column) -> st.SearchStrategy[str]:
    """Generate values of a column that the plugin stores as they are.

    Args:
        column: The column, or its name with the type, such as ``due_dt``.

    Example:
        >>> from datetime import date
        >>> from hypothesis import given
        >>> @given(values("due_dt"))
        ... def test_dates_are_valid(value):
        ...     assert str(date.fromisoformat(value)) == value
        >>> test_dates_are_valid()
    """
    column = Column.parse(column) if isinstance(column, str) else column
    return _values(column.type, column.many)


@cache
def _values(type_: str, many: bool) -> st.SearchStrategy[str]:
    if type_ in ("page", "nspage"):
        return _PAGE_IDS
    if type_ == "dt":
        return st.dates(date(1000, 1, 1)).map(str)  # the plugin drops zeros in front of a year
    if type_ == "url":
        return st.builds("{}://example.org/{}".format, st.sampled_from(["https", "http", "ftp"]), _PLACES)
    if type_ == "mail":
        return st.builds("{}@example.org {}".format, _PLACES, st.just("") | _plain(many)).map(_trimmed)
    if type_ == "timestamp":
        return st.integers(0, 2**32).map(str)
    if type_.startswith("img"):
        return st.builds("{}.png{}".format, _PAGE_IDS, st.just("") | _PLACES.map("|{}".format))
    return _plain(many)


@cache
def _plain(many: bool) -> st.SearchStrategy[str]:
    """Generate texts on one line without a placeholder, and for ``many`` values without a comma."""
    texts = st.text(_WITHOUT_COMMA if many else _WRITTEN, min_size=1, max_size=8).map(_trimmed)
    return _COMMON | texts.filter(lambda text: text != "" and not any(holder in text for holder in _PLACEHOLDERS))


def _trimmed(text: str) -> str:
    return text.strip(BLANKS)


@st.composite
def entries(draw: st.DrawFn, columns: Columns | None = None) -> DataEntry:
    """Generate entries; each has some of the columns.

    Args:
        columns: The columns, as names or as a mapping of names to strategies for values; None for any.

    Example:
        >>> from hypothesis import given
        >>> @given(entries(["name", "tags"]))
        ... def test_a_block_is_read_back(entry):
        ...     assert parse(entry_block(entry)).entries == (entry,)
        >>> test_a_block_is_read_back()
    """
    return draw(_entries(draw(_vocabularies(columns))))


@st.composite
def _entries(draw: st.DrawFn, vocabulary: _Vocabulary) -> DataEntry:
    fields = []
    for column, possible in vocabulary.items():
        if draw(st.booleans()):
            written = draw(st.lists(possible, max_size=3 if column.many else 1))
            # An empty value is not a value of an entry.
            fields.append(DataField(column, tuple(filter(_trimmed, written))))
    return DataEntry(tuple(fields), draw(_CLASSES))


@st.composite
def pages(draw: st.DrawFn, columns: Columns | None = None, *, page_ids: st.SearchStrategy[str] = page_ids()) -> Page:
    """Generate pages; each may have a heading, an entry with some of the columns, and text.

    Args:
        columns: The columns, as names or as a mapping of names to strategies for values; None for any.
        page_ids: The ids of the pages.

    Example:
        >>> from hypothesis import given
        >>> @given(pages(["name"]))
        ... def test_a_page_keeps_its_source(page):
        ...     assert parse(str(page), page_id=page.page_id, modified=page.modified) == page
        >>> test_a_page_keeps_its_source()
    """
    return draw(_pages(draw(_vocabularies(columns)), page_ids))


def _pages(vocabulary: _Vocabulary, page_ids: st.SearchStrategy[str]) -> st.SearchStrategy[Page]:
    # Built by `parse`, so that Hypothesis reports a page as the call that makes it.
    return st.builds(parse, _page_texts(vocabulary), page_id=page_ids, modified=st.integers(0, 2**32))


@st.composite
def _page_texts(draw: st.DrawFn, vocabulary: _Vocabulary) -> str:
    parts = []
    if draw(st.booleans()):
        parts.append(f"====== {draw(_TITLES)} ======")
    # Few pages have no entry, since queries ignore those.
    if draw(st.integers(0, 9)) < 9:
        parts.append(entry_block(draw(_entries(vocabulary))))
    if draw(st.booleans()):
        parts.append("Some words.")
    return "".join(f"{part}\n\n" for part in parts)


@st.composite
def filters(draw: st.DrawFn, columns: Columns | None = None) -> Condition:
    """Generate conditions of one comparison with any operator; join them with ``&`` and ``|``.

    Args:
        columns: The columns, as names or as a mapping of names to strategies for values; None for any.

    Example:
        >>> from hypothesis import given
        >>> @given(wikis(["name"]), filters(["name"]), filters(["name"]))
        ... def test_and_narrows_a_result(wiki, one, other):
        ...     both = wiki.evaluate(Query.select("name", where=one & other))
        ...     assert len(both) <= len(wiki.evaluate(Query.select("name", where=one)))
        >>> test_and_narrows_a_result()
    """
    return Condition(((draw(_comparisons(draw(_vocabularies(columns)))),),))


@st.composite
def _comparisons(draw: st.DrawFn, vocabulary: _Vocabulary) -> Comparison:
    column = draw(st.sampled_from(list(vocabulary)))
    possible, operator = vocabulary[column], draw(st.sampled_from([*_COMPARED, *_PATTERNS, "~~"]))
    if operator == "~~":
        value = ", ".join(draw(st.lists(possible, min_size=1, max_size=3)))
    elif operator in _PATTERNS:
        value = draw(st.just("") | possible | st.builds("{}{}{}".format, *[st.just("*") | possible] * 3))
    else:
        value = draw(possible)
    return Comparison(column, operator, _trimmed(value))


@st.composite
def queries(draw: st.DrawFn, columns: Columns | None = None, *, kinds: Sequence[Kind] = _KINDS) -> Query:
    """Generate queries with any options, about some of the columns and the special columns such as ``%title%``.

    Args:
        columns: The columns, as names or as a mapping of names to strategies for values; None for any.
        kinds: The kinds to choose from: ``table``, ``list``, ``cloud``, ``taglist`` and ``related``.

    Example:
        >>> from hypothesis import given
        >>> @given(queries(["name"], kinds=["table", "list"]))
        ... def test_a_block_is_read_back(query):
        ...     assert Query.parse(str(query)) == query
        >>> test_a_block_is_read_back()
    """
    return draw(_queries(draw(_vocabularies(columns)), kinds))


@st.composite
def _queries(draw: st.DrawFn, vocabulary: _Vocabulary, kinds: Sequence[Kind]) -> Query:
    known = st.sampled_from(list(vocabulary)) | _SPECIAL
    kind = draw(st.sampled_from(kinds))
    joined = st.builds(
        lambda comparison, logic: replace(comparison, logic=logic),
        _comparisons(vocabulary), st.sampled_from(["AND", "OR"]),
    )  # fmt: skip
    text = _plain(many=True)
    width = 1 if kind in ("cloud", "taglist") else 3
    return Query(
        columns=tuple(draw(st.lists(known, min_size=1, max_size=width))),
        kind=kind,
        classes=tuple(draw(_BLOCK_CLASSES)),
        headers=tuple(draw(st.lists(_plain(many=False), max_size=3))),
        filters=tuple(draw(st.lists(joined, max_size=4))),
        sort=draw(st.none() | st.builds(Sort, known, st.booleans())),
        limit=draw(_LIMITS),
        minimum=draw(st.integers(0, 2)),
        align=tuple(draw(_ALIGNMENTS)),
        widths=tuple(draw(_WIDTHS)),
        title=draw(st.just("") | text),
        page=draw(_NO_PAGE_OR_ONE),
        dynfilters=draw(st.booleans()),
        rownumbers=draw(_ROWNUMBERS),
        summarize=draw(st.booleans()),
        sepbyheaders=draw(st.booleans()),
    )


@st.composite
def wiki_pages(
    draw: st.DrawFn, columns: Columns | None = None, *, min_size: int = 0, max_size: int = 6
) -> tuple[Page, ...]:
    """Generate the pages of small wikis, as tuples without equal page ids.

    Args:
        columns: The columns, as names or as a mapping of names to strategies for values; None for any.
        min_size: The least number of pages.
        max_size: The largest number of pages.

    Example:
        >>> from hypothesis import given
        >>> @given(wiki_pages(["name"], min_size=1, max_size=3))
        ... def test_ids_differ(pages):
        ...     assert 1 <= len({page.page_id for page in pages}) == len(pages) <= 3
        >>> test_ids_differ()
    """
    return draw(_wiki_pages(draw(_vocabularies(columns)), min_size, max_size))


@st.composite
def _wiki_pages(draw: st.DrawFn, vocabulary: _Vocabulary, min_size: int, max_size: int) -> tuple[Page, ...]:
    ids = draw(st.lists(_PAGE_IDS, min_size=min_size, max_size=max_size, unique=True))
    return tuple(draw(_pages(vocabulary, st.just(page_id))) for page_id in ids)


def wikis(columns: Columns | None = None, *, min_size: int = 0, max_size: int = 6) -> st.SearchStrategy[Wiki]:
    """Generate small wikis in memory.

    Args:
        columns: The columns, as names or as a mapping of names to strategies for values; None for any.
        min_size: The least number of pages.
        max_size: The largest number of pages.

    Example:
        >>> from hypothesis import given
        >>> @given(wikis(["name"], max_size=3))
        ... def test_a_table_has_at_most_one_row_for_each_page(wiki):
        ...     assert len(wiki.evaluate("cols: name")) <= len(wiki) <= 3
        >>> test_a_table_has_at_most_one_row_for_each_page()
    """
    return wiki_pages(columns, min_size=min_size, max_size=max_size).map(Wiki.from_pages)


@st.composite
def wikis_with_queries(
    draw: st.DrawFn, columns: Columns | None = None, *, kinds: Sequence[Kind] = _KINDS, max_size: int = 6
) -> tuple[tuple[Page, ...], Query]:
    """Generate the pages of small wikis, each with a query about their columns and values.

    Args:
        columns: The columns, as names or as a mapping of names to strategies for values; None for any.
        kinds: The kinds of queries to choose from.
        max_size: The largest number of pages.

    Example:
        >>> from hypothesis import given
        >>> @given(wikis_with_queries(kinds=["table"]))
        ... def test_a_limit_holds(pages_and_query):
        ...     pages, query = pages_and_query
        ...     result = Wiki.from_pages(pages).evaluate(query)
        ...     assert query.limit is None or len(result) <= query.limit
        >>> test_a_limit_holds()
    """
    vocabulary = draw(_vocabularies(columns))
    return draw(_wiki_pages(vocabulary, 0, max_size)), draw(_queries(vocabulary, kinds))


@st.composite
def _vocabularies(draw: st.DrawFn, given: Columns | None) -> _Vocabulary:
    """Generate columns with strategies for their values; no two columns have the same key."""
    if given is None:
        given = draw(st.lists(columns(), min_size=1, max_size=4, unique_by=lambda column: column.key))
    if isinstance(given, Mapping):
        return {Column.parse(name): possible for name, possible in given.items()}
    parsed = (Column.parse(column) if isinstance(column, str) else column for column in given)
    return {column: values(column) for column in parsed}
