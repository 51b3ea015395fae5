"""Resolve links: from a target and the page on which it stands to an id, and the links of all pages as a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dokuwiki_data.ids import DEFAULT_RULES, IdRules, clean_id, namespace_of
from dokuwiki_data.nodes.inline import InternalLink, InternalMedia
from dokuwiki_data.nodes.page import Page

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


class LinkGraph:
    """The links of pages: ``pages`` and ``media`` are the ids to which they lead, by the page on which they stand."""

    def __init__(self, pages: Iterable[Page], rules: LinkRules, exists: Exists) -> None:
        self.pages: dict[str, frozenset[str]] = {}
        self.media: dict[str, frozenset[str]] = {}
        for page in pages:
            page_id = page.page_id
            targets = (link.target.partition("?")[0] for link in page.find_all(InternalLink))
            found = (resolve_page(target, page_id, rules, exists) for target in targets)
            self.pages[page_id] = frozenset(target.partition("#")[0] for target in found)
            shown = (one.target.partition("#")[0] for one in page.find_all(InternalMedia))
            self.media[page_id] = frozenset(resolve_media(target, page_id, rules) for target in shown)

    @cached_property
    def backlinks(self) -> dict[str, list[str]]:
        """The pages that link to a page, by its id; it need not exist."""
        return _turned(self.pages)

    @cached_property
    def media_usage(self) -> dict[str, list[str]]:
        """The pages that show or link a media file, by its id; it need not exist."""
        return _turned(self.media)


def _turned(links: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page_id, targets in links.items():
        for target in targets:
            found.setdefault(target, []).append(page_id)
    return found
