"""From a node and its changed copy to the pieces of text in which they differ: only these are written anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import zip_longest

from dokuwiki_data.edit.pieces import Piece
from dokuwiki_data.edit.writing import Writer
from dokuwiki_data.nodes import blocks, data
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.php import BLANKS
from dokuwiki_data.query.reader import read_head
from dokuwiki_data.render.printers.data_markup import escape

#: Nodes whose lines may be none of theirs.
_BLOCKS = (data.DataEntry, data.DataQuery)

_UNDER_NAMES = BLANKS + "\f"


def differences(old: Node, new: Node, writer: Writer) -> list[Piece]:
    """The pieces in which a node's text has to change to say another one.

    Children that are the same objects stay as they are written, and so do nodes whose children alone differ.
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
    """The kind and the classes in the first line of a data block."""
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
    """What changes between the dashes of a data block's first line; those stay, and so do its other lines."""
    read = old._source.read
    found, said = read_head(old._source, old._start), _head(new)
    assert found is not None
    assert said is not None
    start = read.index(f"data{found.kind}", old._start)
    end = old._start + len(read[old._start : found.end - 1].rstrip("-"))
    kind, classes = said
    return Piece(old._source, start, end, f"data{kind} {classes}".rstrip() + " ")


def _children(old: Node, new: Node) -> list[tuple[Sequence[Node], Sequence[Node]]] | None:
    """The children of two nodes, field by field; None if they differ in anything else."""
    if type(old) is not type(new):
        return None
    pairs = []
    for field in dataclasses.fields(old):
        if not field.compare or (isinstance(old, data.DataQuery) and field.name == "query"):
            continue  # what a query asks is what its options say
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
    """Whether cells of a table cover others than before, which the rows around have to say."""
    if isinstance(old, blocks.Table) and isinstance(new, blocks.Table):
        return len(old.rows) != len(new.rows) or any(map(_spans_differ, old.rows, new.rows))
    if isinstance(old, blocks.TableRow) and isinstance(new, blocks.TableRow):
        return [(cell.colspan, cell.rowspan) for cell in old.cells] != [
            (cell.colspan, cell.rowspan) for cell in new.cells
        ]
    return False


def _aligned(before: Sequence[Node], after: Sequence[Node]) -> list[tuple[Node, list[Node]]] | None:
    """For each child what takes its place: those that stayed are the bounds, between them one takes that of another.

    None if nothing was there whose place could be taken.
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
    """One for one; what is left over comes with the last one, what is missing is removed."""
    if not before:
        return []
    most = len(before)
    pairs = [(one, [other] if other else []) for one, other in zip_longest(before, after[:most])]
    one, others = pairs[-1]
    return [*pairs[:-1], (one, [*others, *after[most:]])]


def field_pieces(old: data.DataField, new: data.DataField) -> list[Piece]:
    """What changes in the line of a field: its name, its values, its comment."""
    source, read = old._source, old._source.read
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
        if start == end:  # nothing is there; the blanks around it may be missing, too
            start = end = old._value_start
            text = " " * (read[start - 1] not in BLANKS) + text
            if old.comment is not None and read[end : old._value_end] == "":
                text += " "
        pieces.append(Piece(source, start, end, text))
    if new.comment != old.comment:
        said = "" if new.comment is None else f"# {new.comment}"
        if old.comment is None:
            pieces.append(Piece(source, old._end, old._end, f" {said}"))
        else:
            start = old._value_end if said else len(read[: old._value_end].rstrip(" \t"))
            pieces.append(Piece(source, start, old._end, said))
    last = pieces[-1] if pieces else None
    if last and last.end == old._end and last.text.endswith(("&", "\\")):
        pieces[-1] = last._replace(text=f"{last.text} ")  # or the plugin loses the line
    return pieces
