"""The chapter about plugins: those whose markup is read, those whose markup is shown as text, and the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.plugins import DATA
from dokuwiki_data.plugins.known_syntaxes import MACROS
from dokuwiki_data.plugins.macros import UnknownMacro
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportPlace, ReportTable, Value
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki, SeenPage
from dokuwiki_data.text import Position
from dokuwiki_data.wiki.conf import PLUGIN_FILES, plugin_switches
from dokuwiki_data.wiki.sources.files import join_path
from dokuwiki_data.wiki.sources.opening import installed_plugins
from dokuwiki_data.wiki.sources.source import read_text

#: The plugins that come with DokuWiki.
_BUNDLED = frozenset((
    "acl", "authad", "authldap", "authpdo", "authplain", "config", "extension", "info", "logviewer", "popularity",
    "revert", "safefnrecode", "styling", "testing", "usermanager",
))  # fmt: skip

#: The states of plugins, and what they mean to people.
READ, LOST, KEPT, UNSEEN = "read", "shown as text", "kept as written", "no markup seen"

_UNKNOWN = (
    "Which plugins are installed is not known from what was read, so the markup of many counts as text. Make the "
    "report again with --plugins=+wrap,+note and the like for those that are."
)


class Markup(NamedTuple):
    """Markup of a plugin on a page.

    Attributes:
        plugin: The name of the plugin; empty if it is not known.
        state: What becomes of it: `READ`, `LOST` or `KEPT`.
        syntax: The markup in short, if it is not read.
        position: The place.
    """

    plugin: str
    state: str
    syntax: str
    position: Position


def _look(seen: SeenPage) -> list[Markup]:
    nodes = (node for node in seen.nodes if isinstance(node, PluginMarkup | DataEntry | DataQuery))
    return [
        *(markup for node in nodes for markup in _read(node)),
        *(Markup(one.plugin or "", LOST, one.syntax, one.position) for one in seen.inactive),
    ]


def _read(node: Node) -> Iterator[Markup]:
    if isinstance(node, UnknownMacro):
        yield Markup(MACROS.get(node.name.upper()) or "", KEPT, f"~~{node.name}~~", node.position)
    elif isinstance(node, PluginMarkup):
        if name := node.component.partition("_")[0]:
            yield Markup(name, READ, "", node.position)
    else:
        yield Markup(DATA, READ, "", node.position)


def _make(wiki: ReportedWiki, seen: Mapping[str, list[Markup]]) -> ReportChapter:
    uses: dict[tuple[str, str, str], list[ReportPlace]] = {}
    for page_id in sorted(seen):
        for one in seen[page_id]:
            key = one.plugin, one.state, "" if one.plugin else one.syntax
            uses.setdefault(key, []).append(ReportPlace(page_id, *one.position))
    installed = _installed(wiki)
    used = {plugin for plugin, _, _ in uses}
    rows: list[tuple[Value, ...]] = [
        (plugin or None, state, syntax or None, len(places), len({place.page_id for place in places}), places[0])
        for (plugin, state, syntax), places in sorted(uses.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    rows += [
        (plugin, UNSEEN if is_on else f"{UNSEEN}, switched off", None, 0, 0, None)
        for plugin, is_on in sorted((installed or {}).items())
        if plugin not in used and plugin not in _BUNDLED
    ]
    lost = tuple(
        (ReportPlace(page_id, *one.position), one.syntax, one.plugin or None)
        for page_id in sorted(seen)
        for one in seen[page_id]
        if one.state == LOST
    )
    others = sum(plugin not in _BUNDLED for plugin in installed or ())
    return ReportChapter(
        "plugins",
        "Plugins",
        "Plugins add markup to pages. Where a plugin is missing or not known, its markup is shown to readers as text, "
        "here and in every copy of the wiki." + ("" if installed is not None else " " + _UNKNOWN),
        figures=(
            ReportFigure("installed_plugins", "Installed plugins", None if installed is None else others),
            ReportFigure(
                "read_plugins", "Plugins whose markup is read", len({one[0] for one in uses if one[1] == READ})
            ),
            ReportFigure("lost_markup", "Places with markup that is shown as text", len(lost)),
        ),
        tables=(
            ReportTable(
                "plugins",
                "Plugins and their markup",
                f"What becomes of markup: it is {READ}; it is {KEPT}, since only the plugin knows what it means; it is "
                f"{LOST}, since the plugin is not active or not known. Plugins with {UNSEEN} do something else than "
                "markup, are not used, or have markup that is not known here. Those that come with DokuWiki are left "
                "out.",
                (
                    ReportColumn("plugin", "Plugin", "code"),
                    ReportColumn("state", "Its markup"),
                    ReportColumn("syntax", "Markup of unknown plugins", "code"),
                    ReportColumn("places", "Places", "number"),
                    ReportColumn("pages", "Pages", "number"),
                    ReportColumn("first", "First place", "place"),
                ),
                tuple(rows),
            ),
            ReportTable(
                "lost_markup",
                "Markup that is shown as text",
                "Text that looks like the markup of a plugin that is not active: activate the plugin, or change the "
                "text.",
                (
                    ReportColumn("place", "Place", "place"),
                    ReportColumn("syntax", "Markup", "code"),
                    ReportColumn("plugin", "Plugin", "code"),
                ),
                lost,
                is_finding=True,
            ),
        ),
    )


def _installed(wiki: ReportedWiki) -> dict[str, bool] | None:
    """Return whether each installed plugin is active, by its name; None if it is not known which are installed."""
    files, layout = wiki.source.files, wiki.source.layout
    names = installed_plugins(files, layout)
    if not names or layout.conf is None:
        return None
    switches = plugin_switches(read_text(files, join_path(layout.conf, name)) or "" for name in PLUGIN_FILES)
    return {name: switches.get(name, True) for name in names}


PLUGINS = ChapterMaker("plugins", ("lost_markup",), _make, _look)
