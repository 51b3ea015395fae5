"""The plugin *datatemplate*: entries and queries of the data plugin that a page shows, which is their template."""

from __future__ import annotations

import re

from dokuwiki_data.nodes.data import DataEntry, DataField, DataQuery
from dokuwiki_data.php import lower
from dokuwiki_data.plugins import Leaf, Plugin, node
from dokuwiki_data.plugins.data_blocks import data_fields, data_query
from dokuwiki_data.text import PageText

_TEMPLATE = "template"


@node
class DataTemplateEntry(DataEntry):
    """An entry that a template shows. Queries, tables and exports have it as other entries.

    Attributes:
        template: The line that names the page of the template, which is no field of the entry; None without one.
    """

    template: DataField | None = None

    component = "datatemplate_entry"

    @property
    def template_page(self) -> str:
        """The page of the template as written; empty without one."""
        return ", ".join(self.template.values) if self.template else ""


@node
class DataTemplateList(DataQuery):
    """A query whose rows a template shows, each by a copy. Its rows are those of a ``datatable``."""

    component = "datatemplate_list"

    @property
    def template_page(self) -> str:
        """The page of the template as written; empty without one. The last line that names one counts."""
        return next((option.value for option in reversed(self.options) if lower(option.name) == _TEMPLATE), "")


_HEAD = re.compile(r"-+ *datatemplate(?P<kind>entry|list)(?: (?P<classes>[a-zA-Z0-9_ ]*+))?-+\n")


def _block(source: PageText, start: int, end: int) -> DataTemplateEntry | DataTemplateList:
    text = source.normalized
    head = _HEAD.match(text, start)
    assert head is not None
    classes = (head["classes"] or "").strip(" ")
    inside = source, head.end(), text.rindex("\n", start, end)
    if head["kind"] == "entry":
        fields, problems = data_fields(*inside)
        template = [field for field in fields if field.column.key == _TEMPLATE]
        others = tuple(field for field in fields if field.column.key != _TEMPLATE)
        return DataTemplateEntry.at(source, start, end, others, classes, problems, template[-1] if template else None)
    query, options, problems = data_query(*inside, "table", classes)
    known = {option.span.start for option in options if lower(option.name) == _TEMPLATE}
    problems = tuple(found for found in problems if found.kind != "unknown-option" or found.span.start not in known)
    return DataTemplateList.at(source, start, end, query, options, problems)


# Try a run of dashes only at its start, or after the marker of a list item; else long runs take quadratic time.
_DASHES = r"-(?:(?<!--)|(?<=[ \t]--))-{3,}+"
_CLOSING = r"\n-{4,}+"

_OPENING = rf"{_DASHES} *datatemplate(?:entry|list)(?: [ \w]*+)?-+\n"

PLUGIN = Plugin("datatemplate", (Leaf(_OPENING, _block, end=_CLOSING, sort=155, takes_place=True),))
