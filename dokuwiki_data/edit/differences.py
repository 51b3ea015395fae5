"""Compare a node with its changed copy: only the pieces of text in which they differ are written."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import zip_longest

from dokuwiki_data.edit.writing import Piece, Writer
from dokuwiki_data.nodes import blocks, data
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.php import BLANKS
from dokuwiki_data.query.reader import read_head
from dokuwiki_data.render.printers.data_markup import escape

#: Nodes that may be without lines.
_BLOCKS = (data.DataEntry, data.DataQuery)

_UNDER_NAMES = BLANKS + "\f"


def differences(old: Node, new: Node, writer: Writer) -> list[Piece]:
    """Return the pieces in which the text of a node has to change to become another one.

    Children that are the same objects stay as they are written, and so do nodes of which only the children differ.
    """
    if new is old:
        return []
    if isinstance(old, data.DataField) and isinstance(new, data.DataField):
        return field_pieces(old, new)
    if isinstance(old, data.DataOption) and isinstance(new, data.DataOption) and _values_alone_differ(old, new):
        return [Piece(old._source, old._value_start, old._value_end, escape(new.value))]
    if _heads_differ(old, new):
        return [_head_piece(old, new), *differences(_with_head_of(old, new), new, writer)]
    pairs = _children(old, new)
    if pairs is None or _spans_differ(old, new):
        return writer.replace(old, [new])
    pieces: list[Piece] = []
    for before, after in pairs:
        aligned = _aligned(before, after)
        if aligned is None:
            # Comments may stand in a data block without fields.
            return writer.insert(old, "within", after) if isinstance(old, _BLOCKS) else writer.replace(old, [new])
        for one, others in aligned:
            pieces += differences(one, others[0], writer) if len(others) == 1 else writer.replace(one, others)
    return pieces


def _head(node: Node) -> tuple[str, str] | None:
    """Return the kind and the classes in the first line of a data block; None for other nodes."""
    if isinstance(node, data.DataEntry):
        return "entry", node.class_name
    return (node.kind, " ".join(node.classes)) if isinstance(node, data.DataQuery) else None


def _heads_differ(old: Node, new: Node) -> bool:
    return type(old) is type(new) and _head(old) != _head(new)


def _with_head_of(old: Node, new: Node) -> Node:
    if isinstance(old, data.DataEntry) and isinstance(new, data.DataEntry):
        return old.with_changes(class_name=new.class_name)
    return old.with_changes(query=new.query) if isinstance(new, data.DataQuery) else old


def _head_piece(old: Node, new: Node) -> Piece:
    """Return the change between the dashes in the first line of a data block; the rest of the block stays."""
    read = old._source.normalized
    found, head = read_head(old._source, old._start), _head(new)
    assert found is not None
    assert head is not None
    start = read.index(f"data{found.kind}", old._start)
    end = old._start + len(read[old._start : found.end - 1].rstrip("-"))
    kind, classes = head
    return Piece(old._source, start, end, f"data{kind} {classes}".rstrip() + " ")


def _children(old: Node, new: Node) -> list[tuple[Sequence[Node], Sequence[Node]]] | None:
    """Return the children of two nodes, field by field; None if the nodes differ in anything else."""
    if type(old) is not type(new):
        return None
    pairs = []
    for field in dataclasses.fields(old):
        if not field.compare or (isinstance(old, data.DataQuery) and field.name == "query"):
            continue  # derived from the options
        before, after = getattr(old, field.name), getattr(new, field.name)
        if _are_nodes(before) and _are_nodes(after):
            pairs.append((before, after))
        elif isinstance(before, Node) and isinstance(after, Node):
            pairs.append(((before,), (after,)))
        elif before != after:
            return None
    return pairs


def _values_alone_differ(old: data.DataOption, new: data.DataOption) -> bool:
    return old.value != new.value and old == new.with_changes(value=old.value)


def _are_nodes(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(part, Node) for part in value)


def _spans_differ(old: Node, new: Node) -> bool:
    """Return whether cells of a table span others than before, which changes the rows around them."""
    if isinstance(old, blocks.Table) and isinstance(new, blocks.Table):
        return len(old.rows) != len(new.rows) or any(map(_spans_differ, old.rows, new.rows))
    if isinstance(old, blocks.TableRow) and isinstance(new, blocks.TableRow):
        return [(cell.colspan, cell.rowspan) for cell in old.cells] != [
            (cell.colspan, cell.rowspan) for cell in new.cells
        ]
    return False


def _aligned(before: Sequence[Node], after: Sequence[Node]) -> list[tuple[Node, list[Node]]] | None:
    """Pair each child with the nodes that take its place; None if there were no children.

    Children that stayed divide both sequences; between them, the nodes are paired in order.
    """
    numbers = {id(node): number for number, node in enumerate(before)}
    aligned: list[tuple[Node, list[Node]]] = []
    start = 0
    waiting: list[Node] = []
    for node in after:
        number = numbers.get(id(node), -1)
        if number < start:
            waiting.append(node)
            continue
        aligned += _paired(before[start:number], waiting)
        if start == number and waiting:
            aligned.append((node, [*waiting, node]))
        else:
            aligned.append((node, [node]))
        start, waiting = number + 1, []
    rest = before[start:]
    if rest or not waiting:
        return aligned + _paired(rest, waiting)
    if not aligned:
        return None
    last, others = aligned.pop()
    return [*aligned, (last, [*others, *waiting])]


def _paired(before: Sequence[Node], after: Sequence[Node]) -> list[tuple[Node, list[Node]]]:
    """Pair nodes in order; surplus new ones are added to the last pair, surplus old ones are removed."""
    if not before:
        return []
    most = len(before)
    pairs = [(one, [other] if other else []) for one, other in zip_longest(before, after[:most])]
    one, others = pairs[-1]
    return [*pairs[:-1], (one, [*others, *after[most:]])]


def field_pieces(old: data.DataField, new: data.DataField) -> list[Piece]:
    """Return the changes in the line of a field: its name, its values, its comment."""
    source, read = old._source, old._source.normalized
    pieces = []
    if new.column.name != old.column.name:
        before_colon = read[old._start : old._value_start].rstrip(_UNDER_NAMES).removesuffix(":")
        name, width = escape(new.column.name), len(before_colon)
        if before_colon.endswith(" "):
            name = f"{name.ljust(width - 1)} "  # the colon stays below the others
        else:
            width = len(before_colon.rstrip(_UNDER_NAMES))
        pieces.append(Piece(source, old._start, old._start + width, name))
    if new.values != old.values:
        written = read[old._value_start : old._value_end]
        start = old._value_start + len(written) - len(written.lstrip(BLANKS))
        end = start + len(written.strip(BLANKS))
        text = escape(", ".join(new.values))
        if start == end:  # there was no value; the blanks around it may be missing, too
            start = end = old._value_start
            text = " " * (read[start - 1] not in BLANKS) + text
            if old.comment is not None and read[end : old._value_end] == "":
                text += " "
        pieces.append(Piece(source, start, end, text))
    if new.comment != old.comment:
        comment = "" if new.comment is None else f"# {new.comment}"
        if old.comment is None:
            pieces.append(Piece(source, old._end, old._end, f" {comment}"))
        else:
            start = old._value_end if comment else len(read[: old._value_end].rstrip(" \t"))
            pieces.append(Piece(source, start, old._end, comment))
    last = pieces[-1] if pieces else None
    if last and last.end == old._end and last.text.endswith(("&", "\\")):
        pieces[-1] = last._replace(text=f"{last.text} ")  # otherwise the plugin drops the line
    return pieces
