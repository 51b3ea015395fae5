"""Where a link leads: from its target and the page on which it stands to the id of a page or of a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dokuwiki_data.ids import DEFAULT_RULES, IdRules, clean_id, namespace_of

#: Tells whether a page of this id exists.
Exists = Callable[[str], bool]


def no_page_exists(page_id: str) -> bool:
    """For those who resolve links without a wiki at hand."""
    return False


@dataclass(frozen=True, slots=True)
class LinkRules:
    """The settings of a wiki on which its links depend, beside those of its ids.

    ``start_page`` (``start``) is the name of the page that stands for its namespace; ``autoplural``: whether a link
    to a page that does not exist may lead to the one with an ``s`` more or less.
    """

    ids: IdRules = DEFAULT_RULES
    start_page: str = "start"
    autoplural: bool = False


DEFAULT_LINKS = LinkRules()


def resolve_page(target: str, page_id: str, rules: LinkRules = DEFAULT_LINKS, exists: Exists = no_page_exists) -> str:
    """The id of the page to which ``[[target]]`` leads on the page ``page_id``, with ``#anchor`` if it names one.

    ``exists`` decides between the pages that a namespace (``a:b:``) or a plural may stand for.
    """
    path, _, section = target.partition("#")
    found = page_id
    if path:
        found = _absolute(path, page_id, rules.ids)
        if found.endswith(":"):
            found = _start_page(found, rules, exists)
        if rules.autoplural and found:
            found = _other_number(found, rules, exists)
    found = clean_id(found, rules.ids)
    section = clean_id(section, rules.ids)
    return f"{found}#{section}" if section else found


def resolve_media(target: str, page_id: str, rules: LinkRules = DEFAULT_LINKS) -> str:
    """The id of the file that ``{{target}}`` shows on the page ``page_id``."""
    return clean_id(_absolute(target, page_id, rules.ids), rules.ids)


def _absolute(target: str, page_id: str, rules: IdRules) -> str:
    """The target with all its namespaces, not yet cleaned; a colon at its end stays."""
    target = target.replace(";", ":")
    if rules.use_slash:
        target = target.replace("/", ":")
    if target.startswith("~"):
        target = f"{page_id}:{target[1:]}"
    elif target.startswith("."):
        target = f"{namespace_of(page_id)}:{_dots_apart(target)}"
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


def _dots_apart(target: str) -> str:
    """``..:..name`` as ``..:..:name``: dots in front of the first name are a step of their own."""
    before, after = "", target
    while True:
        step, colon, rest = after.partition(":")
        name = step.lstrip(".")
        if name and name != step:
            return f"{before}{step.removesuffix(name)}:{name}{colon}{rest}"
        if name or not step or not colon:
            return target
        before, after = before + step + colon, rest


def _start_page(namespace: str, rules: LinkRules, exists: Exists) -> str:
    """The page of ``a:b:``: ``a:b:start``, ``a:b:b`` or ``a:b``, whichever is first to exist, else the first."""
    name = clean_id(namespace, rules.ids).rpartition(":")[2]
    default = namespace + rules.start_page
    candidates = (default, namespace + name, namespace.removesuffix(":"))
    return next((found for found in candidates if exists(clean_id(found, rules.ids))), default)


def _other_number(found: str, rules: LinkRules, exists: Exists) -> str:
    if exists(found):  # as it is written: DokuWiki does not clean it here
        return found
    other = found.removesuffix("s") if found.endswith("s") else found + "s"
    return other if exists(clean_id(other, rules.ids)) else found
