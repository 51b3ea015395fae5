"""Templates of pages with an entry: new pages of their namespaces get the schema of the entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dokuwiki_data.engine.entry_tables import EntryValues
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.struct_export.schemas import StructSchema

#: The name of a template for the pages of its namespace, and of one for the namespaces below as well.
TEMPLATE, INHERITED = "_template", "__template"


class EntryTemplate(NamedTuple):
    """An entry in a template of pages.

    Attributes:
        page_id: The id of the template, such as ``tool:_template``.
        class_name: The class of the entry.
        schema: The name of the schema for new pages, or an empty text if no page has an entry of this class.
        defaults: The keys of the fields that have a value before somebody fills them in.
    """

    page_id: str
    class_name: str
    schema: str
    defaults: tuple[str, ...]

    @property
    def namespace(self) -> str:
        """The namespace of the template."""
        return namespace_of(self.page_id)

    @property
    def is_inherited(self) -> bool:
        """Whether the template is for the namespaces below as well."""
        return self.page_id.rpartition(":")[2] == INHERITED


def is_template(page_id: str) -> bool:
    """Return whether a page is a template, which DokuWiki takes for new pages and never shows."""
    return page_id.rpartition(":")[2] in (TEMPLATE, INHERITED)


def entry_templates(entries: Iterable[EntryValues], schemas: Sequence[StructSchema]) -> list[EntryTemplate]:
    """Return the entries that are in templates."""
    by_class = {class_name: schema.name for schema in schemas for class_name in schema.classes}
    return [
        EntryTemplate(
            entry.page_id,
            entry.class_name,
            by_class.get(entry.class_name.strip(), ""),
            # Placeholders such as @DATE@ and @@name@@ are no values yet.
            tuple(key for key, values in entry.values.items() if any(text and "@" not in text for text in values)),
        )
        for entry in entries
        if is_template(entry.page_id)
    ]
