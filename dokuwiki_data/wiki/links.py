"""Resolve links to page and media ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dokuwiki_data.ids import DEFAULT_RULES, IdRules, clean_id, namespace_of

#: Whether a page with this id exists.
PageExists = Callable[[str], bool]


def no_page_exists(page_id: str) -> bool:
    """Return False: resolve links without knowing which pages exist."""
    return False


class LinkRules(NamedTuple):
    """The settings that links depend on.

    ``start_page`` (DokuWiki's setting ``start``) is the name of the page that a namespace leads to. With
    ``autoplural``, a link to a missing page may lead to the page with an ``s`` added or removed.
    """

    id_rules: IdRules = DEFAULT_RULES
    start_page: str = "start"
    autoplural: bool = False


DEFAULT_LINK_RULES = LinkRules()


def resolve_page(
    target: str, page_id: str, rules: LinkRules = DEFAULT_LINK_RULES, exists: PageExists = no_page_exists
) -> str:
    """Return the id of the page that ``[[target]]`` on the page ``page_id`` leads to, with ``#anchor`` if it has one.

    Args:
        target: The target as it is written.
        page_id: The page with the link.
        rules: The settings that links depend on.
        exists: Tells which pages exist, which decides where a namespace (``a:b:``) or a plural leads.

    Example:
        >>> resolve_page("..:c#Part One", "a:b:page")
        'a:c#part_one'
    """
    path, _, section = target.partition("#")
    found = page_id
    if path:
        found = _absolute(path, page_id, rules.id_rules)
        if found.endswith(":"):
            found = _start_page(found, rules, exists)
        if rules.autoplural and found:
            found = _singular_or_plural(found, rules, exists)
    found = clean_id(found, rules.id_rules)
    section = clean_id(section, rules.id_rules)
    return f"{found}#{section}" if section else found


def resolve_media(target: str, page_id: str, rules: LinkRules = DEFAULT_LINK_RULES) -> str:
    """Return the id of the file that ``{{target}}`` on the page ``page_id`` shows.

    Example:
        >>> resolve_media("photo.jpg", "a:b")
        'a:photo.jpg'
    """
    return clean_id(_absolute(target, page_id, rules.id_rules), rules.id_rules)


def _absolute(target: str, page_id: str, rules: IdRules) -> str:
    """Return the target as an absolute id that is not cleaned yet; a final colon is kept."""
    target = target.replace(";", ":")
    if rules.use_slash:
        target = target.replace("/", ":")
    if target.startswith("~"):
        target = f"{page_id}:{target[1:]}"
    elif target.startswith("."):
        target = f"{namespace_of(page_id)}:{_separate_dots(target)}"
    if page_id and target and ":" not in target:
        target = f"{namespace_of(page_id)}:{target}"
    target = target.rstrip(".")
    steps: list[str] = []
    for step in target.split(":"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return ":".join(steps) + (":" if target.endswith(":") else "")


def _separate_dots(target: str) -> str:
    """Separate leading dots from the first name: ``..:..name`` becomes ``..:..:name``."""
    before, after = "", target
    while True:
        step, colon, rest = after.partition(":")
        name = step.lstrip(".")
        if name and name != step:
            return f"{before}{step.removesuffix(name)}:{name}{colon}{rest}"
        if name or not step or not colon:
            return target
        before, after = before + step + colon, rest


def _start_page(namespace: str, rules: LinkRules, exists: PageExists) -> str:
    """Return the page of ``a:b:``: the first of ``a:b:start``, ``a:b:b``, ``a:b`` that exists, or ``a:b:start``."""
    name = clean_id(namespace, rules.id_rules).rpartition(":")[2]
    default = namespace + rules.start_page
    candidates = (default, namespace + name, namespace.removesuffix(":"))
    return next((found for found in candidates if exists(clean_id(found, rules.id_rules))), default)


def _singular_or_plural(found: str, rules: LinkRules, exists: PageExists) -> str:
    """Return the id with an ``s`` added or removed if only that page exists."""
    if exists(found):  # DokuWiki does not clean the id here
        return found
    other = found.removesuffix("s") if found.endswith("s") else found + "s"
    return other if exists(clean_id(other, rules.id_rules)) else found
