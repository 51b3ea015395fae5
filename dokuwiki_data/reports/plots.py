"""Plots of a report as SVG, drawn by pygal: no scripts, no styles of their own, and the numbers as tooltips."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.reports.content import ReportPlot
from dokuwiki_data.reports.shown_values import shown, visible

_WIDTH = 960
_LINE_HEIGHT, _MAP_HEIGHT = 320, 380
_BAR, _BAR_GAP = 20, 10
#: The room for the number behind the longest bar.
_LABEL_ROOM = 70
#: The width and height that a letter of a label needs at most, in the units of the plot.
_LETTER, _LABEL = 7.5, 24
_FEWEST_LETTERS = 3
#: The most labels below a line, and the longest label beside a bar.
_MOST_LABELS, _LONGEST_LABEL = 12, 36

#: What pygal writes that is of no use without its scripts, or that differs from day to day.
_DROPPED = frozenset({"script", "style", "desc"})
_DROPPED_CLASS = "plot tooltip-overlay"


def svg(plot: ReportPlot) -> str | None:
    """Return a plot as an SVG element with a title and a description; None if all its numbers are 0.

    Colours and fonts come from ``report.css``. Raises `MissingExtraError`.
    """
    pygal = plotter()
    if not any(any(numbers) for numbers in plot.series.values()):
        return None
    chart = _CHARTS[plot.kind](pygal, plot)
    chart.add_xml_filter(lambda root: _cleaned(root, plot))
    return str(chart.render(is_unicode=True, disable_xml_declaration=True))


def plotter() -> Any:
    """Return the module ``pygal``. Raises `MissingExtraError`."""
    try:
        pygal = import_module("pygal")
    except ImportError:
        raise MissingExtraError("pygal", "report") from None
    # It puts a finder for maps of its own before every later import, by an interface of which Python 3.11 warns.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def _line(pygal: Any, plot: ReportPlot) -> Any:
    chart = pygal.Line(
        **_options(pygal, plot, _LINE_HEIGHT),
        dots_size=4,
        show_minor_x_labels=False,
        x_labels_major_every=-(-len(plot.labels) // _MOST_LABELS),
        truncate_label=_LONGEST_LABEL,
        include_x_axis=True,
    )
    chart.x_labels = [visible(label) for label in plot.labels]
    for name, numbers in plot.series.items():
        chart.add(visible(name), list(numbers))
    return chart


def _bars(pygal: Any, plot: ReportPlot) -> Any:
    """Return a chart of horizontal bars, the first label on top."""
    height = len(plot.labels) * (_BAR * len(plot.series) + _BAR_GAP) + 50 + 30 * (len(plot.series) > 1)
    chart = pygal.HorizontalBar(
        **_options(pygal, plot, height),
        print_values=True,
        print_values_position="top",
        margin_right=_LABEL_ROOM,
        show_x_guides=True,
    )
    chart.x_labels = [_cut(visible(label)) for label in reversed(plot.labels)]
    for name, numbers in plot.series.items():
        chart.add(visible(name), list(reversed(numbers)))
    return chart


def _map(pygal: Any, plot: ReportPlot) -> Any:
    """Return a chart of areas, the largest first."""
    chart = pygal.Treemap(**_options(pygal, plot, _MAP_HEIGHT), print_labels=True, print_values=True)
    numbers = next(iter(plot.series.values()))
    for label, number in sorted(zip(plot.labels, numbers, strict=True), key=lambda area: (-area[1], area[0])):
        if number > 0:
            chart.add(visible(label), [{"value": number, "label": visible(label)}])
    return chart


_CHARTS = {"line": _line, "bars": _bars, "map": _map}


def _options(pygal: Any, plot: ReportPlot, height: int) -> dict[str, Any]:
    return {
        "js": [],
        "css": [],
        "no_prefix": True,
        "width": _WIDTH,
        "height": height,
        "margin": 12,
        "show_legend": len(plot.series) > 1 and plot.kind != "map",
        "range": (0, 1) if plot.type == "share" and plot.kind == "bars" else None,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": max(len(plot.series), 1),
        "value_formatter": lambda value: shown(value, plot.type),
        "style": pygal.style.Style(label_font_size=13, major_label_font_size=13, legend_font_size=14),
    }


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _cleaned(root: Any, plot: ReportPlot) -> Any:
    """Return the tree of an SVG with a title and tooltips, and without what needs pygal's scripts."""
    for above in list(root.iter()):
        children = list(above) if isinstance(above.tag, str) else []
        facts = {child.get("class"): child.text for child in children if child.tag == "desc"}
        label = facts.get("label") or facts.get("x_label")
        for child in children:
            is_shown = isinstance(child.tag, str) and child.tag not in _DROPPED
            if not is_shown or child.get("class") == _DROPPED_CLASS:
                above.remove(child)
        if "value" in facts:
            title = above.makeelement("title", {})
            title.text = ": ".join(filter(None, (label, facts["value"])))
            above.insert(0, title)
    if plot.kind == "map":
        _name_areas(root)
    title = next(child for child in root if child.tag == "title")
    title.text = visible(plot.title)
    about = root.makeelement("desc", {})
    about.text = visible(plot.about)
    root.remove(title)
    root.insert(0, title)
    root.insert(1, about)
    names = [f"plot__{plot.name}__title", f"plot__{plot.name}__about"]
    title.attrib["id"], about.attrib["id"] = names
    root.attrib.pop("id")
    root.attrib.update({"role": "img", "aria-labelledby": " ".join(names), "class": f"plot-{plot.kind}"})
    return root


def _name_areas(root: Any) -> None:
    """Cut the names of a map to the width of their areas, with numbers below; leave out what has no place."""
    areas = [rect for rect in root.iter("rect") if "tooltip-trigger" in (rect.get("class") or "")]
    overlay = next(group for group in root.iter("g") if group.get("class") == "plot text-overlay")
    for area, texts in zip(areas, overlay, strict=True):
        letters, height = int(float(area.get("width")) / _LETTER) - 1, float(area.get("height"))
        name, number = list(texts)
        has_number = letters >= len(number.text) and height >= 2 * _LABEL
        if not has_number:
            texts.remove(number)
        if letters < _FEWEST_LETTERS or height < _LABEL:
            texts.remove(name)
        elif len(name.text) > letters:
            name.text = f"{name.text[: letters - 1]}…"
        if has_number:
            name.attrib["y"] = str(float(name.get("y")) - _LABEL / 3)
