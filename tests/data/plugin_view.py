"""Our entries, queries and results in the form in which the plugin has them, to compare with what was recorded."""

from html.parser import HTMLParser

import dokuwiki_data as dw
from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.engine.values import clean
from dokuwiki_data.php import BLANKS
from dokuwiki_data.wiki.collection import Wiki

LIKE = {"~": "LIKE", "*~": "LIKE", "!~": "NOT LIKE"}


def context_of(wiki, **settings):
    """The context that a recorded wiki was asked in."""
    aliases = [
        TypeAlias(alias["name"], *(alias.get(name) or "" for name in ("type", "prefix", "postfix", "enum")))
        for alias in wiki["aliases"]
    ]
    return Context(wiki.get("user") or "", tuple(wiki.get("groups") or ()), aliases=aliases, **settings)


def wiki_of(wiki, unreadable=()):
    """A recorded wiki; pages on which the reference stopped keep but their heading."""
    pages = []
    for recorded in wiki["pages"]:
        page = dw.parse(recorded["text"], page_id=recorded["id"], modified=recorded.get("mtime"))
        if page.page_id in unreadable:
            heading = f"====== {page.headings[0].title} ======\n" if page.headings else ""
            page = dw.parse(heading, page_id=page.page_id, modified=page.modified)
        pages.append(page)
    return Wiki.from_pages(pages)


def stored(wiki, context):
    """The rows of the plugin's store: page, title, class, time, key, value."""
    rows = []
    for record in wiki.stored(context):
        values = [(key, value) for key, texts in record.values.items() for value in texts]
        rows += [(*record[:4], *pair) for pair in values or [(None, None)]]
    return rows


def type_of(column, context):
    """A column's type: its name, or the parts of the alias that are set."""
    type_ = context.type_of(column)
    if column.type not in {alias.name for alias in context.aliases}:
        return column.type
    parts = {"type": type_.base, "prefix": type_.prefix, "postfix": type_.postfix, "enum": type_.allowed}
    return {name: part for name, part in parts.items() if part or name == "type"}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def filter_value(comparison, context):
    if comparison.operator in LIKE:
        pattern = f"*{comparison.value}*" if comparison.operator == "*~" else comparison.value
        return quoted(pattern.replace("*", "%"))
    value = clean(comparison.value, context.type_of(comparison.column))
    if comparison.operator == "~~":
        return ",".join(quoted(item.strip(BLANKS)) for item in value.split(","))
    return quoted(value)


def parsed(query, context):
    """The plugin's reading of a query, without what says nothing."""
    reading = {
        "classes": " ".join(query.classes), "limit": query.limit, "min": query.minimum,
        "dynfilters": query.dynfilters, "summarize": query.summarize, "rownumbers": query.rownumbers,
        "sepbyheaders": query.sepbyheaders, "headers": list(query.labels), "widths": list(query.widths),
        "align": list(query.align),
        "sort": query.sort and [query.sort.column.key, "DESC" if query.sort.descending else "ASC"],
    }  # fmt: skip
    reading = {name: value for name, value in reading.items() if value}
    reading["cols"] = [[column.key, column.name, type_of(column, context), column.many] for column in query.selected]
    reading["filter"] = [
        [
            comparison.logic,
            comparison.column.name,
            LIKE.get(comparison.operator, "IN(" if comparison.operator == "~~" else comparison.operator),
            filter_value(comparison, context),
        ]
        for comparison in query.filters
    ]
    return reading


def rows(table, context):
    """The rows of a table as they come out of the plugin's store."""
    columns = [cells_as_stored(column, context) for column in table.columns]
    return [
        [stored_cell(row.page_id, cell) for stored_cell, cell in zip(columns, row.cells, strict=True)] for row in table
    ]


def cells_as_stored(column, context):
    """How a cell of a column is in the store: a function of its page and its values."""
    if column.key == "%lastmod%":
        return lambda page_id, cell: cell[0]
    if column.key == "%title%":
        return lambda page_id, cell: f"{page_id}|{cell[0]}"
    if not column.special and context.type_of(column).base in ("pageid", "wiki"):
        return lambda page_id, cell: f"{page_id}|" + "\n".join(cell) if cell else None
    return lambda page_id, cell: " " + "\n ".join(cell) if cell else None


def shared_counts(table):
    return [[row.page_id, row.cells[1][0]] for row in table]


class _Cells(HTMLParser):
    """The texts of a table's cells, row by row, the labels left out."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def cells_of(xhtml):
    """What the plugin's XHTML of a table shows: the cells of each row, and a row of sums, if there is one."""
    cells = _Cells()
    cells.feed(xhtml)
    cells.close()
    rows = [row for row in cells.rows if row and row[0].strip() != "Nothing found"]
    return [[cell.removeprefix("∑ ").replace("\N{NO-BREAK SPACE}", "") for cell in row] for row in rows]
