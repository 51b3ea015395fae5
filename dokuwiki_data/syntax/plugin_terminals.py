"""What plugins declare, as terminals beside those of the grammar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dokuwiki_data.grammars.driver import Terminal
from dokuwiki_data.plugins.declaration import Container, InnerHeading, Leaf, Markup, Plugin

Markups = Mapping[str, Markup]


def markup_of(plugins: Iterable[Plugin]) -> dict[str, Markup]:
    """Every piece of markup by the name of its terminal; what counts in a container only is behind it."""
    found: dict[str, Markup] = {}
    for plugin in plugins:
        for number, markup in enumerate(plugin.markup, start=1):
            name = f"PLUGIN_{plugin.name.upper()}_{number}"
            found[name] = markup
            if isinstance(markup, Container):
                found.update((f"{name}_OWN_{which}", own) for which, own in enumerate(markup.own, start=1))
    return found


def terminals_of(markup: Markups) -> Iterator[Terminal]:
    """The terminals of markup: where it starts, and where it or its opening tag ends."""
    for name, one in markup.items():
        # DokuWiki asks a plugin before its own markup of the same sort number.
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
    """The terminal that ends a leaf, for leaves that have one."""
    return {name: f"{name}_END" for name, one in markup.items() if isinstance(one, Leaf) and one.end}


def start_ends_of(markup: Markups) -> dict[str, str]:
    """The terminal that ends the opening tag of a leaf, for leaves that have one."""
    return {name: f"{name}_START_END" for name, one in markup.items() if isinstance(one, Leaf) and one.start_end}


def refused_in(markup: Markups) -> dict[str, str]:
    """The terminal that may not stand in a leaf, for leaves that have one."""
    return {name: f"{name}_WITHOUT" for name, one in markup.items() if isinstance(one, Leaf) and one.without}


def line_starts_of(markup: Markups) -> list[str]:
    """How leaves start that begin with the line end before them."""
    return [one.start for one in markup.values() if isinstance(one, Leaf) and one.start.startswith(r"\n")]


def own_terminals(name: str, markup: Container) -> tuple[str, ...]:
    """The terminals that count in a container only."""
    return tuple(f"{name}_OWN_{which}" for which in range(1, len(markup.own) + 1))


def is_verbatim(markup: Markup) -> bool:
    """Whether there is no markup in it."""
    return not isinstance(markup, Container) or not (markup.contains or markup.modes or markup.own)
