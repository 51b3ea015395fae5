"""Patterns that assign schemas to pages: as few as fit exactly the pages with entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.struct_export.entry_templates import EntryTemplate, is_template
from dokuwiki_data.struct_export.schemas import StructSchema

#: The most pages that a pattern names, since struct tries each pattern for each page.
_MOST_NAMES = 200


def assignments(
    schemas: Iterable[StructSchema], pages: Iterable[str], templates: Sequence[EntryTemplate] = ()
) -> list[tuple[str, str]]:
    """Return pairs of a pattern and the name of a schema, which fit exactly the pages of each schema.

    A namespace gets one pattern if all of its pages have the schema (``tools:*``), or most (a regular expression that
    names the others), or if new pages get an entry from a template; else each page gets its own. Struct writes the
    values of all schemas of a page at once, so a page must never fit the pattern of another schema. It tries each
    pattern for each page, so there should be few.

    Args:
        schemas: The schemas.
        pages: The ids of all pages.
        templates: The templates of new pages.

    Example:
        >>> from dokuwiki_data.struct_export.schemas import StructSchema
        >>> tools = StructSchema("tool", ("tool",), dict.fromkeys(["tools:saw", "tools:axe", "hand:a", "hand:b", "x"]))
        >>> assignments([tools], ["x", "tools:saw", "tools:axe", "hand:a", "hand:b", "hand:start"])
        [('/^:hand:(?!(?:start)$)[^:]+$/', 'tool'), ('tools:*', 'tool'), ('x', 'tool')]
    """
    ids = [page_id for page_id in pages if not is_template(page_id)]
    all_pages: dict[str, set[str]] = {}
    for page_id in ids:
        all_pages.setdefault(namespace_of(page_id), set()).add(page_id)
    patterns = set()
    for schema in schemas:
        of_schema: dict[str, set[str]] = {}
        for page_id in schema.entries:
            of_schema.setdefault(namespace_of(page_id), set()).add(page_id)
        for namespace, own in of_schema.items():
            others = all_pages.get(namespace, own) - own
            patterns |= {(pattern, schema.name) for pattern in _patterns(namespace, own, others)}
        for template in templates:
            if template.schema == schema.name and (pattern := template_pattern(template, schema, ids, templates)):
                patterns.add((pattern, schema.name))
    return sorted(patterns)


def template_pattern(
    template: EntryTemplate, schema: StructSchema, pages: Iterable[str], templates: Sequence[EntryTemplate]
) -> str:
    """Return the pattern for new pages of a template; an empty text if it would have to name too many pages.

    The pattern leaves out pages without the schema, and new pages of other templates.

    Example:
        >>> from dokuwiki_data.struct_export.schemas import StructSchema
        >>> template = EntryTemplate("tools:__template", "tool", "tool", ())
        >>> schema = StructSchema("tool", ("tool",), dict.fromkeys(["tools:saw"]))
        >>> template_pattern(template, schema, ["tools:saw", "tools:hand:start"], [template])
        '/^:tools:(?!(?:hand:start)$).+$/'
    """
    start = f"{template.namespace}:" if template.namespace else ""
    below = {
        page_id
        for page_id in pages
        if page_id.startswith(start) and page_id not in schema.entries and not is_template(page_id)
    }
    others = below if template.is_inherited else {page for page in below if ":" not in page[len(start) :]}
    if len(others) > _MOST_NAMES:
        return ""
    names = [re.escape(page_id[len(start) :]) for page_id in sorted(others)]
    if template.is_inherited:
        names += [
            re.escape(other.namespace[len(start) :]) + (":.+" if other.is_inherited else ":[^:]+")
            for other in templates
            if f"{other.namespace}:".startswith(start) and other.namespace != template.namespace
            if other.schema != schema.name
        ]
    elif not names and start:
        return f"{start}*"
    without = f"(?!(?:{'|'.join(names)})$)" if names else ""
    return f"/^:{re.escape(start)}{without}{'.+' if template.is_inherited else '[^:]+'}$/"


def _patterns(namespace: str, own: set[str], others: set[str]) -> Iterable[str]:
    if len(own) == 1 or len(others) >= len(own) or (not others and not namespace):
        return own
    if not others:
        return [f"{namespace}:*"]
    names = "|".join(re.escape(page_id.rpartition(":")[2]) for page_id in sorted(others))
    return [f"/^:{re.escape(namespace + ':') if namespace else ''}(?!(?:{names})$)[^:]+$/"]
