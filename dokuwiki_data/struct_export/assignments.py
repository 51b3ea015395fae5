"""Patterns that assign schemas to pages: a namespace where all of its pages have the schema, else page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.struct_export.schemas import StructSchema


def assignments(schemas: Iterable[StructSchema], pages: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of a pattern and the name of a schema, which fit exactly the pages of each schema.

    Struct writes the values of all schemas of a page at once, so a page must never fit the pattern of another schema.

    Args:
        schemas: The schemas.
        pages: The ids of all pages.

    Example:
        >>> from dokuwiki_data.struct_export.schemas import StructSchema
        >>> tools = StructSchema("tool", ("tool",), {"tools:saw": None, "tools:axe": None, "start": None})
        >>> assignments([tools], ["start", "help", "tools:saw", "tools:axe"])
        [('start', 'tool'), ('tools:*', 'tool')]
    """
    total = Counter(map(namespace_of, pages))
    patterns = []
    for schema in schemas:
        own = Counter(map(namespace_of, schema.entries))
        whole = {namespace for namespace, count in own.items() if namespace and count == total[namespace] > 1}
        patterns += [(f"{namespace}:*", schema.name) for namespace in whole]
        patterns += [(page_id, schema.name) for page_id in schema.entries if namespace_of(page_id) not in whole]
    return sorted(patterns)
