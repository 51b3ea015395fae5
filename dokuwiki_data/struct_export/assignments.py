"""Patterns that assign schemas to pages: as few as fit exactly the pages with entries."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.struct_export.schemas import StructSchema


def assignments(schemas: Iterable[StructSchema], pages: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of a pattern and the name of a schema, which fit exactly the pages of each schema.

    A namespace gets one pattern if all of its pages have the schema (``tools:*``), or most (a regular expression that
    names the others); else each page gets its own. Struct writes the values of all schemas of a page at once, so a
    page must never fit the pattern of another schema. It tries each pattern for each page, so there should be few.

    Args:
        schemas: The schemas.
        pages: The ids of all pages.

    Example:
        >>> from dokuwiki_data.struct_export.schemas import StructSchema
        >>> tools = StructSchema("tool", ("tool",), dict.fromkeys(["tools:saw", "tools:axe", "hand:a", "hand:b", "x"]))
        >>> assignments([tools], ["x", "tools:saw", "tools:axe", "hand:a", "hand:b", "hand:start"])
        [('/^:hand:(?!(?:start)$)[^:]+$/', 'tool'), ('tools:*', 'tool'), ('x', 'tool')]
    """
    all_pages: dict[str, set[str]] = {}
    for page_id in pages:
        all_pages.setdefault(namespace_of(page_id), set()).add(page_id)
    patterns = []
    for schema in schemas:
        of_schema: dict[str, set[str]] = {}
        for page_id in schema.entries:
            of_schema.setdefault(namespace_of(page_id), set()).add(page_id)
        for namespace, own in of_schema.items():
            others = all_pages.get(namespace, own) - own
            patterns += [(pattern, schema.name) for pattern in _patterns(namespace, own, others)]
    return sorted(patterns)


def _patterns(namespace: str, own: set[str], others: set[str]) -> Iterable[str]:
    if len(own) == 1 or len(others) >= len(own) or (not others and not namespace):
        return own
    if not others:
        return [f"{namespace}:*"]
    names = "|".join(re.escape(page_id.rpartition(":")[2]) for page_id in sorted(others))
    return [f"/^:{re.escape(namespace + ':') if namespace else ''}(?!(?:{names})$)[^:]+$/"]
