"""Make terminals from the declarations of plugins, in addition to those of the grammar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dokuwiki_data.grammars.driver import Terminal
from dokuwiki_data.plugins.declaration import Container, InnerHeading, Leaf, Markup, Plugin

Markups = Mapping[str, Markup]


def markup_of(plugins: Iterable[Plugin]) -> dict[str, Markup]:
    """Return all markup by the name of its terminal; markup that counts only in a container follows that."""
    found: dict[str, Markup] = {}
    for plugin in plugins:
        for number, markup in enumerate(plugin.markup, start=1):
            name = f"PLUGIN_{plugin.name.upper()}_{number}"
            found[name] = markup
            if isinstance(markup, Container):
                found.update((f"{name}_OWN_{which}", own) for which, own in enumerate(markup.own, start=1))
    return found


def terminals_of(markup: Markups) -> Iterator[Terminal]:
    """Yield the terminals of markup: its start, and the end of it or of its opening tag."""
    for name, one in markup.items():
        # In DokuWiki, a plugin precedes core markup of the same sort number.
        sort = one.sort - 0.5
        if isinstance(one, InnerHeading):
            yield Terminal(name, "==", sort)
            continue
        yield Terminal(name, one.start, sort)
        if isinstance(one, Container):
            yield Terminal(f"{name}_CLOSE", one.exit, sort)
        if end := one.start_end if isinstance(one, Container) else one.end:
            yield Terminal(f"{name}_END", end, sort)
        if isinstance(one, Leaf) and one.without:
            yield Terminal(f"{name}_WITHOUT", one.without, sort)
        if isinstance(one, Leaf) and one.start_end:
            yield Terminal(f"{name}_START_END", one.start_end, sort)


def ends_of(markup: Markups) -> dict[str, str]:
    """Return the terminals that end leaves, for leaves that have one."""
    return {name: f"{name}_END" for name, one in markup.items() if isinstance(one, Leaf) and one.end}


def start_ends_of(markup: Markups) -> dict[str, str]:
    """Return the terminals that end the opening tags of leaves, for leaves that have one."""
    return {name: f"{name}_START_END" for name, one in markup.items() if isinstance(one, Leaf) and one.start_end}


def refused_in(markup: Markups) -> dict[str, str]:
    """Return the terminals that must not be in leaves, for leaves that have one."""
    return {name: f"{name}_WITHOUT" for name, one in markup.items() if isinstance(one, Leaf) and one.without}


def line_starts_of(markup: Markups) -> list[str]:
    """Return the starts of leaves that begin with the line end before them."""
    return [one.start for one in markup.values() if isinstance(one, Leaf) and one.start.startswith(r"\n")]


def own_terminals(name: str, markup: Container) -> tuple[str, ...]:
    """Return the terminals that count only in a container."""
    return tuple(f"{name}_OWN_{which}" for which in range(1, len(markup.own) + 1))


def is_verbatim(markup: Markup) -> bool:
    """Return whether markup cannot contain other markup."""
    return not isinstance(markup, Container) or not (markup.contains or markup.modes or markup.own)
