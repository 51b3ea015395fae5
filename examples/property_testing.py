"""Property-testing a filter of one's own: is it the rule that we had in mind, on every wiki?

The rule: a task is overdue if its day has passed and it is not done. Hypothesis makes small wikis of tasks,
and the filter has to find what a few lines of Python find. Run it with pytest:

    pip install 'dokuwiki-data[hypothesis]' pytest
    pytest examples/property_testing.py

Then try the hasty version below in its place: hypothesis answers with a wiki of one page. In the plugin, ``!=``
does not hold for a page without the column, and a day that was left empty comes before every other day.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data import strategies as dws

TODAY = date(2026, 11, 21)

HASTY = (dw.col("due_dt") < TODAY) & (dw.col("state") != "done")
OVERDUE = (dw.col("due_dt") != "") & (dw.col("due_dt") < TODAY) & dw.col("state").not_like("done")

#: The columns of the wikis, with the values that they may have.
TASKS = {
    "state": st.sampled_from(["open", "waiting", "done"]),
    "due_dt": st.dates(date(2026, 11, 18), date(2026, 11, 24)).map(str),
}


def overdue(page: dw.Page) -> bool:
    """The rule in plain Python."""
    fields = {field.column.name: field.values for entry in page.entries for field in entry.fields}
    state, due = fields.get("state", ()), fields.get("due_dt", ())
    return due != () and due[0] < str(TODAY) and state != ("done",)


@given(dws.wiki_pages(TASKS))
def test_the_filter_finds_what_the_rule_says(pages: tuple[dw.Page, ...]) -> None:
    """No task too many, none missing."""
    table = dw.Wiki.from_pages(pages).evaluate(dw.Query.select("%pageid%", where=OVERDUE))
    assert {row.page_id for row in table} == {page.page_id for page in pages if overdue(page)}
