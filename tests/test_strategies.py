"""The strategies make what they say, and the laws of queries hold for it."""

import itertools
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from markup import examples

import dokuwiki_data as dw
from dokuwiki_data import strategies as dws
from dokuwiki_data.engine.evaluation import natural_key
from dokuwiki_data.engine.values import clean
from dokuwiki_data.ids import clean_id
from dokuwiki_data.nodes.data import DataEntry, DataField
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison, Sort

PAGE_ID = Column.parse("%pageid%")

# ---------------------------------------------------------------------------------- what strategies make


@given(dws.columns())
def test_columns_are_what_their_name_says(column):
    assert Column.parse(column.name) == column
    assert column.type in dws.TYPES
    assert column.key
    assert not column.special


@pytest.mark.parametrize("many", [True, False])
@given(data=st.data())
def test_columns_are_many_valued_if_asked(data, many):
    assert data.draw(dws.columns(many=many)).many is many


@given(st.data())
def test_values_are_stored_as_they_are(data):
    column = data.draw(dws.columns())
    value = data.draw(dws.values(column))
    assert clean(value, dw.Context().type_of(column)) == value != ""
    page = dw.parse(dw.render.entry_block(DataEntry((DataField(column, (value,)),))), page_id="a")
    context = dw.Context(user="joe", groups=("one",), translation="en")
    (row,) = dw.Wiki.from_pages([page]).evaluate(dw.Query((PAGE_ID, column)), context=context)
    cell = () if column.type in ("pageid", "wiki") and value == "0" else (value,)  # the plugin shows nothing then
    assert row.cells == (("a",), cell)


@given(dws.page_ids())
def test_page_ids_are_clean(page_id):
    assert clean_id(page_id) == page_id


@given(dws.entries())
def test_an_entry_prints_as_a_block_that_reads_as_the_same(entry):
    (read,) = dw.parse(dw.render.entry_block(entry)).entries
    assert read == entry


@pytest.mark.parametrize(
    ("column", "values"),
    [("a", ("b\nc",)), ("a", (" b",)), ("as", ("b, c",)), ("a", ("b", "c")), ("a:b", ()), ("----a", ())],
)
def test_what_no_block_says_is_refused(column, values):
    with pytest.raises(dw.EditError):
        dw.render.entry_block(DataEntry((DataField(Column.parse("x"), ()), DataField(Column.parse(column), values))))


@pytest.mark.parametrize(
    "value",
    ["a # b", "#", "\\#", "&#", "&amp;", "a\\", "a &", "a: b", "a, b", "----", "0", "|", "\u00a0", "\u2028", "\u3000"],
)
def test_values_that_look_like_something_else_are_written(value):
    entry = DataEntry((DataField(Column.parse("a"), (value,), "a comment"), DataField(Column.parse("b"), (value,))))
    assert dw.parse(dw.render.entry_block(entry)).entries == (entry,)


@given(dws.queries())
def test_a_query_prints_as_a_block_that_reads_as_the_same(query):
    assert dw.Query.parse(str(query)) == query
    page = dw.parse(f"{query}\n")
    assert page.queries[0].query == query
    assert not page.diagnostics


@given(dws.filters(), dws.filters())
def test_a_filter_is_what_the_builder_takes(one, other):
    assert dw.Query.select("a", where=one).filters == one.lines
    query = dw.Query.select("a", where=one | other)
    assert [comparison.logic for comparison in query.filters] == ["AND", "OR"]
    assert dw.Query.parse(str(query)) == query


@examples(0.3)
@given(dws.wikis_with_queries({"state": st.sampled_from(["", "open", " "]), "tags": st.sampled_from(["", "a", "b"])}))
def test_values_may_be_empty(asked):
    pages, query = asked
    assert dw.Query.parse(str(query)) == query
    for page in pages:
        for entry in page.entries:
            assert dw.parse(dw.render.entry_block(entry)).entries == (entry,)


@examples(0.5)
@given(dws.wiki_pages(min_size=1, max_size=3))
def test_wikis_have_pages_of_different_ids_and_parse_without_a_diagnostic(pages):
    assert 1 <= len({page.page_id for page in pages}) == len(pages) <= 3
    assert not [found for page in pages for found in page.diagnostics]


def test_what_they_make_shrinks_to_something_small():
    pages, query = find(
        dws.wikis_with_queries(["a", "bs"], kinds=["table"]),
        lambda found: len(dw.Wiki.from_pages(found[0]).evaluate(found[1])) > 0 and len(found[1].filters) > 0,
        settings=settings(database=None, max_examples=2000, phases=[Phase.generate, Phase.shrink]),
        random=Random(1),  # one search is as good as another, and this one is always the same
    )
    # A page of nothing is as small as no page to a shrinker.
    assert [length for page in pages if (length := len(str(page).splitlines()))] == [4]
    assert (len(query.columns), len(query.filters), query.headers, query.sort) == (1, 1, (), None)


def test_columns_may_be_given_with_their_values():
    states = {"state": st.sampled_from(["open", "done"]), "due_dt": dws.values("due_dt")}
    some = find(dws.entries(states), lambda entry: len(entry.fields) == 2 and entry.fields[0].values == ("done",))
    assert [field.column.name for field in some.fields] == ["state", "due_dt"]


def test_the_library_does_not_import_hypothesis():
    code = "import sys, dokuwiki_data, dokuwiki_data.command.main; sys.exit('hypothesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_without_hypothesis_the_message_names_the_extra():
    code = "import sys; sys.modules['hypothesis'] = None; import dokuwiki_data.strategies"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1].endswith("this needs hypothesis: pip install 'dokuwiki-data[hypothesis]'")


# ------------------------------------------------------------------------------------- the laws of queries

either_semantics = pytest.mark.parametrize("semantics", ["plugin", "intuitive"])
tables = dws.wikis_with_queries(kinds=["table", "list"])


def rows(pages, query, semantics="plugin", **changes):
    return dw.Wiki.from_pages(pages).evaluate(replace(query, **changes), semantics=semantics).rows


def ids(pages, query, semantics="plugin", **changes):
    return [row.page_id for row in rows(pages, query, semantics, **changes)]


def stored(page, column):
    """Whether the page has the column, and how many values: a single one is stored even if it is empty."""
    for entry in page.entries[-1:]:
        for field in entry.fields:
            if field.column.key == column.key:
                return len(field.values) if field.column.many else 1
    return 0


@examples(0.3)
@given(data=st.data(), asked=tables)
def test_equal_and_unequal_cover_the_pages_that_have_the_column(data, asked):
    pages, _ = asked
    columns = sorted({field.column for page in pages for entry in page.entries for field in entry.fields}, key=str)
    column = data.draw(st.sampled_from(columns or [Column.parse("a")]))
    value = data.draw(dws.values(column))
    equal, unequal = (
        set(ids(pages, dw.Query((PAGE_ID,), filters=(Comparison(column, operator, value),))))
        for operator in ("=", "!=")
    )
    assert equal | unequal == {page.page_id for page in pages if stored(page, column)}
    assert not equal & unequal & {page.page_id for page in pages if stored(page, column) == 1}


@either_semantics
@examples(0.3)
@given(data=st.data(), asked=tables)
def test_a_filter_appended_last_loses_no_row_as_or_and_adds_none_as_and(semantics, data, asked):
    pages, query = asked
    added = data.draw(dws.filters(query.columns))
    before = ids(pages, query, semantics, limit=None)
    with_and, with_or = (
        ids(pages, query, semantics, limit=None, filters=(*query.filters, replace(added.lines[0], logic=logic)))
        for logic in ("AND", "OR")
    )
    assert [page_id for page_id in before if page_id in with_and] == with_and
    # Alone, an OR is a condition of its own when it begins the first step.
    if query.filters or semantics == "plugin":
        assert [page_id for page_id in with_or if page_id in before] == before


@either_semantics
@examples(0.3)
@given(asked=tables)
def test_sorting_is_total(semantics, asked):
    """The other direction is the reverse; and the order of the pages decides nothing but ties."""
    pages, query = asked
    column = query.columns[0]
    ascending = rows(pages, query, semantics, limit=None, sort=Sort(column))
    assert rows(pages, query, semantics, limit=None, sort=Sort(column, descending=True)) == tuple(
        replace(row, number=number) for number, row in enumerate(reversed(ascending), start=1)
    )
    other = rows(reversed(pages), query, semantics, limit=None, sort=Sort(column))
    assert sorted(row.page_id for row in other) == sorted(row.page_id for row in ascending)
    place = {row.page_id: number for number, row in enumerate(ascending)}
    for one, after in itertools.pairwise(other):
        assert place[one.page_id] < place[after.page_id] or is_tie(one, after, column, semantics)


def is_tie(one, other, column, semantics):
    """Whether two rows have the same first value of the column, which is the first one shown."""
    first, second = ("".join(row.cells[0][:1]) for row in (one, other))
    if column.key == "%lastmod%":
        return int(first or 0) == int(second or 0)
    return first == second or (semantics == "intuitive" and natural_key(first) == natural_key(second))


@either_semantics
@examples(0.3)
@given(asked=tables, limit=st.integers(1, 4), offset=st.integers(0, 4))
def test_a_limit_is_a_prefix_and_an_offset_goes_on_behind_it(semantics, asked, limit, offset):
    pages, query = asked
    everything = rows(pages, query, semantics, limit=None)
    assert rows(pages, query, semantics, limit=limit) == everything[:limit]
    part = dw.Wiki.from_pages(pages).evaluate(replace(query, limit=limit), semantics=semantics, offset=offset)
    assert part.rows == everything[offset : offset + limit]
    assert part.more == (len(everything) > offset + limit)


@either_semantics
@examples(0.3)
@given(asked=dws.wikis_with_queries(), place=st.integers(0, 6))
def test_a_page_without_an_entry_changes_nothing(semantics, asked, place):
    pages, query = asked
    other = dw.parse("====== Unrelated ======\n\nwords\n", page_id="unrelated:page")
    more = (*pages[:place], other, *pages[place:])
    assert rows(more, query, semantics) == rows(pages, query, semantics)


@examples(0.3)
@given(asked=tables, place=st.integers(0, 6))
def test_an_entry_of_other_columns_changes_nothing_where_only_values_are_compared(asked, place):
    pages, query = asked
    filters = tuple(
        replace(filter_, operator="=" if filter_.operator in ("~", "!~", "*~") else filter_.operator, logic="AND")
        for filter_ in query.filters
    )
    if not filters:
        return
    other = dw.parse("---- dataentry ----\nunrelated-column: a\n----\n", page_id="unrelated:page")
    more = (*pages[:place], other, *pages[place:])
    assert rows(more, query, filters=filters) == rows(pages, query, filters=filters)


@examples(0.3)
@given(asked=dws.wikis_with_queries())
def test_a_query_in_a_page_answers_as_the_query_itself(asked):
    pages, query = asked
    wiki = dw.Wiki.from_pages(pages)
    (node,) = dw.parse(f"words\n{query}\n").queries
    page_id = pages[0].page_id if pages else ""
    assert wiki.evaluate(node, page_id=page_id) == wiki.evaluate(query, page_id=page_id)


# ------------------------------------------------------------------------------------------- the example


def test_the_example_accepts_the_right_filter_and_finds_the_hasty_one_wrong(monkeypatch):
    place = Path(__file__).parent.parent / "examples" / "property_testing.py"
    example = runpy.run_path(str(place))
    # Found is enough; how small it becomes is hypothesis's business, and takes it long.
    tried = settings(phases=[Phase.explicit, Phase.generate])(example["test_the_filter_finds_what_the_rule_says"])
    tried()
    monkeypatch.setitem(tried.hypothesis.inner_test.__globals__, "OVERDUE", example["HASTY"])
    with pytest.raises(AssertionError):
        tried()
