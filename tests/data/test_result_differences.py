"""The differences between two results: the rows that appear, vanish, move and change."""

from hypothesis import given
from hypothesis import strategies as st
from test_semantics import wiki

import dokuwiki_data as dw
from dokuwiki_data.engine.result_differences import row_differences
from dokuwiki_data.engine.results import ResultRow


def rows(page_ids):
    return [ResultRow(page_id, ((page_id.upper(),),), number) for number, page_id in enumerate(page_ids, start=1)]


def names(found):
    pairs = [[pair.after.page_id for pair in found.moved], [pair.after.page_id for pair in found.changed]]
    return [[row.page_id for row in found.appeared], [row.page_id for row in found.vanished], *pairs]


def test_each_kind_of_difference():
    found = row_differences(rows("abcde"), rows("ebcxd"))
    assert names(found) == [["x"], ["a"], ["e"], []]
    assert found.summary == "1 appear, 1 vanish, 1 move"
    assert str(found) == "- a (row 1)\n+ x (row 4)\n> e (row 5 to 1)"
    same = row_differences(rows("abc"), rows("abc"))
    assert not same
    assert (str(same), same.summary) == ("", "no difference")


def test_semantics_are_compared():
    pages = wiki("type: a; n: 1", "type: b; n: 9", "type: b; n: 10", "n: 1")
    query = dw.Query.parse("cols: %pageid%, n; filter: type = a; filteror: type = b; filter: n != 1; sort: n")
    found = pages.evaluate(query).differences(pages.evaluate(query, semantics="intuitive"))
    assert names(found) == [[], ["p0"], ["p2"], []]
    cloud = dw.Query.parse("cols: n; filter: type != a", "cloud")
    found = pages.evaluate(cloud).differences(pages.evaluate(cloud, semantics="intuitive"))
    assert [row.cells for row in found.appeared] == [(("1",), (1,))]
    table = dw.Query.parse("cols: %pageid%, n")
    (pair,) = pages.evaluate(table).differences(wiki("n: 2", "n: 9", "n: 10", "n: 1").evaluate(table)).changed
    assert (pair.before.cells[1], pair.after.cells[1]) == (("1",), ("2",))


LISTS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(LISTS, LISTS)
def test_differences_lead_from_one_to_the_other(before, after):
    found = row_differences(rows(before), rows(after))
    appeared, vanished, moved, _ = names(found)
    assert set(appeared) == set(after) - set(before)
    assert set(vanished) == set(before) - set(after)
    left = [page_id for page_id in before if page_id not in (*vanished, *moved)]
    assert left == [page_id for page_id in after if page_id in left]
    assert sorted([*left, *moved, *appeared]) == sorted(after)
    assert bool(found) == (before != after)
