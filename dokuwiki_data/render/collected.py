"""Make DokuWiki's calls of lists and quotations that a footnote has interrupted, from the calls of its lexer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Call = list[Any]

#: The depth of the marker of an item, and its level, given its depth and that of the first.
Depth = Callable[[str], int]
Level = Callable[[int, int], int]


def list_calls(written: list[Call], depth_of: Depth, level_of: Level) -> list[Call]:
    """Return the calls of a list; a list without an end stays open.

    The arguments of the first call, ``list_open``, are the marker, the least depth of the items, and the level.
    """
    calls: list[Call] = []
    lists: list[tuple[str, int, Call]] = []  # name, depth, and the item that is open
    first = 0

    def open_item(name: str, depth: int, level: int, at: int) -> None:
        item: Call = ["listitem_open", [level], at]
        calls.extend((item, ["listcontent_open", [], at]))
        lists.append((name, depth, item))

    def open_list(name: str, depth: int, level: int, at: int) -> None:
        calls.append([f"{name}_open", [], at])
        open_item(name, depth, level, at)

    def close_list(at: int) -> None:
        calls.extend((["listitem_close", [], at], [f"{lists.pop()[0]}_close", [], at]))

    for name, arguments, at in written:
        if name == "list_open":
            marker, first, level = arguments
            open_list(_name_of(marker), max(depth_of(marker), first), level, at)
        elif name == "list_item" and lists:
            kind, depth = _name_of(arguments[0]), max(depth_of(arguments[0]), first)
            calls.append(["listcontent_close", [], at])
            if depth > lists[-1][1]:
                lists[-1][2][1] = [lists[-1][2][1][0], 1]
                open_list(kind, depth, level_of(depth, first), at)
                continue
            while depth < lists[-1][1] and len(lists) > 1:
                close_list(at)
            depth = lists[-1][1]
            if lists[-1][0] == kind:
                lists.pop()
                calls.append(["listitem_close", [], at])
                open_item(kind, depth, level_of(depth, first), at)
            else:
                close_list(at)
                open_list(kind, depth, level_of(depth, first), at)
        elif name == "list_close":
            if lists:
                calls.append(["listcontent_close", [], at])
            while lists:
                close_list(at)
        else:
            calls.append([name, arguments, at])
    return calls


def _name_of(marker: str) -> str:
    return "listo" if marker[-1] == "-" else "listu"


def quotation_calls(written: list[Call]) -> list[Call]:
    """Return the calls of a quotation; a quotation without an end has none."""
    calls: list[Call] = []
    ended: list[Call] = []
    depth = 1
    for name, arguments, at in written:
        if name in ("quote_start", "quote_newline"):
            begins = name == "quote_start"
            if begins:
                calls.append(["quote_open", [], at])
            deeper = arguments[0].count(">")
            if deeper == depth and not begins:
                calls.append(["linebreak", [], at])
            calls += [["quote_open", [], at]] * (deeper - depth) + [["quote_close", [], at]] * (depth - deeper)
            depth = deeper
        elif name == "quote_end":
            calls += [["quote_close", [], at]] * max(depth, 1)
            ended += calls
        else:
            calls.append([name, arguments, at])
    return [[name, list(arguments), at] for name, arguments, at in ended]


def joined(calls: list[Call]) -> list[Call]:
    """Return calls as they are kept in a footnote: adjacent texts are one call, and empty lines are dropped."""
    result: list[Call] = []
    for call in calls:
        if call[0] == "eol":
            continue
        if result and call[0] == "cdata" == result[-1][0]:
            result[-1] = ["cdata", [result[-1][1][0] + call[1][0]], result[-1][2]]
        else:
            result.append(call)
    return result
