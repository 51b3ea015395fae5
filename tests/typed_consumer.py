"""A program of a user that names the type of everything: mypy and pyright check it against the installed package."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, assert_type

import dokuwiki_data as dw
from dokuwiki_data.plugins import Leaf, Plugin, PluginMarkup, node


@node
class Ticket(PluginMarkup):
    """A ticket, ``#123``."""

    number: int

    component = "ticket"

    def markup(self) -> str:
        return f"#{self.number}"


TICKETS = Plugin("ticket", (Leaf(r"#(?=\d)\d+\b", lambda text: Ticket(int(text[1:])), sort=300),))


def pages() -> None:
    syntax = dw.Syntax(release="2025-05-14", plugins=("data", TICKETS))
    page = dw.parse("See #12.", page_id="start", modified=1, syntax=syntax)
    assert_type(page, dw.Page)
    assert_type(dw.read_page(Path("start.txt"), page_id="start"), dw.Page)
    assert_type(page.find(Ticket), Ticket | None)
    assert_type(page.find_all(dw.nodes.Heading), Iterator[dw.nodes.Heading])
    assert_type(page.entries, tuple[dw.nodes.DataEntry, ...])
    assert_type([found.kind for found in page.diagnostics], list[str])
    for link in page.links:
        assert_type(link.target, str)
        assert_type(link.span, dw.Span)
        assert_type(link.position, dw.Position)
    for heading in page.headings:
        assert_type(heading.with_changes(level=heading.level + 1), dw.nodes.Heading)


def output(page: dw.Page) -> None:
    assert_type(page.to_json(), str)
    assert_type(dw.render.json(page), dict[str, Any])
    assert_type(dw.render.html(page), str)
    assert_type(dw.render.markdown(page), str)
    assert_type(dw.render.mediawiki(page), str)
    assert_type(dw.render.markup(page.content[0]), str)
    assert_type(dw.render.instructions(page), list[list[Any]])


def edits(page: dw.Page) -> dw.Page:
    def plain(found: dw.nodes.Node) -> dw.edit.Answer:
        return found.content if isinstance(found, dw.nodes.Strong) else found

    page = dw.edit.transform(page, plain)
    assert_type(dw.edit.set_field(page, page.entries[0], "tags", "a", "b"), dw.Page)
    return dw.edit.rename_field(page, "owner", "keeper", queries=True)


def queries(wiki: dw.Wiki) -> None:
    where = (dw.col("type") == "tool") & (dw.col("due_dt") < date(2026, 1, 1)) | dw.col("name").like("a*")
    assert_type(where, dw.Condition)
    query = dw.Query.select("name", where=where, sort="^name", limit=5)
    context = wiki.context("ann", ["staff"], date.today())
    result = wiki.evaluate(query, context=context, semantics="intuitive")
    assert_type(result, dw.Result)
    assert_type([row.cells for row in result], list[tuple[tuple[str | int, ...], ...]])
    assert_type(result.to_dicts(), list[dict[str, Any]])
    assert_type(query.explain(wiki).words, str)
    assert_type(query.to_sql(context=context), str)
    try:
        dw.Query.parse("cols")
    except dw.QueryError as error:
        assert_type(error.span, dw.Span | None)


def wikis(folder: Path) -> None:
    wiki = dw.Wiki.open(folder, plugins="+wrap", settings={"useslash": True})
    assert_type(wiki["start"], dw.Page)
    assert_type(wiki.backlinks("start"), list[str])
    done = wiki.transform(edits, dry_run=True, author=dw.Author("ann", summary="keepers"))
    assert_type([change.diff for change in done.changed], list[str])
    for record in dw.convert(folder, parts=["links"], jobs=2):
        assert_type(record, dict[str, Any])
    assert_type(dw.export(folder, folder / "site", verify=True).pages, int)
    assert_type(dw.Dataset(folder).wikis, tuple[str, ...])
