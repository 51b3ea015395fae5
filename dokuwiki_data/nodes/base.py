"""What every node of the tree has in common: its place, its children, its copies."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform, overload

from dokuwiki_data.text import NOWHERE, PageText, Position, Span

NodeType = TypeVar("NodeType", bound="Node")
Made = TypeVar("Made")


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def _laid_out(cls: type[Made]) -> type[Made]:
    return dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)


@_laid_out
class Node:
    """A piece of a page. Nodes do not change; equality looks at what they say, not where they stand."""

    _source: PageText = dataclasses.field(default=NOWHERE, compare=False, kw_only=True)
    _start: int = dataclasses.field(default=0, compare=False, kw_only=True)
    #: How far it is from there to its end. Most ways are short, and Python keeps small numbers but once, which
    #: saves a fifth of the memory; other places of a node are fields ``_to_…`` as well, see `place`.
    _to_end: int = dataclasses.field(default=0, compare=False, kw_only=True)

    #: Whether it stands on lines of its own, and what its plain text has between such children.
    is_block: ClassVar[bool] = False
    between_blocks: ClassVar[str] = "\n"

    #: What a node says: the fields that count for equality, and how to get them; those that `repr` shows.
    _said: ClassVar[Callable[[Any], Any]]
    _shown: ClassVar[tuple[str, ...]] = ()
    #: What `at` takes.
    _made_of: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def at(cls, source: PageText, start: int, end: int, *fields: Any) -> Self:
        """Make a node at a place of the text as read (used by the parser; see `node`)."""
        raise NotImplementedError  # replaced by the decorator

    def __setattr__(self, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if self.__class__ is not other.__class__:
            return NotImplemented
        said = type(self)._said
        return bool(said(self) == said(other))

    def __hash__(self) -> int:
        # A dictionary, as in the options of code, has no hash; equal nodes still have the same one without it.
        said = type(self)._said(self)
        parts = said if isinstance(said, tuple) else (said,)
        return hash((type(self).__name__, *(part for part in parts if not isinstance(part, dict))))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), *(getattr(self, name) for name in self._made_of))

    @property
    def _end(self) -> int:
        """Where it ends in the text as read."""
        return self._start + self._to_end

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes directly inside this one, in the order of the source."""
        return ()

    @property
    def span(self) -> Span:
        """Where the node stands in the page's source, in characters."""
        start = self._start
        return Span(self._source.offset(start), self._source.offset(start + self._to_end))

    @property
    def position(self) -> Position:
        """Line and column at which the node starts, both counted from one."""
        return self._source.page.position(self.span.start)

    @property
    def source(self) -> str:
        """The node's own piece of the page's source."""
        start, end = self.span
        return self._source.page.text[start:end]

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, parents first, in the order of the source."""
        waiting: list[Node] = [self]
        while waiting:
            current = waiting.pop()
            yield current
            waiting.extend(reversed(current.children))

    @overload
    def find_all(self, kind: type[NodeType], /) -> Iterator[NodeType]: ...
    @overload
    def find_all(self, *kinds: type[Node]) -> Iterator[Node]: ...
    def find_all(self, *kinds: type[Node]) -> Iterator[Node]:
        """Every node of the given classes at or below this one, in the order of the source."""
        return (found for found in self.walk() if isinstance(found, kinds))

    def with_changes(self, **changes: Any) -> Self:
        """A copy with some fields changed; it keeps the place of the original."""
        return dataclasses.replace(self, **changes)

    def plain_text(self) -> str:
        """The words without markup; blocks are on lines of their own.

        Replacements are as written; footnotes, feeds and macros are left out.
        """
        parts: list[str] = []
        after_block = False
        for child in self.children:
            if text := child.plain_text():
                if parts and (after_block or child.is_block):
                    parts.append(self.between_blocks)
                after_block = child.is_block
                parts.append(text.strip("\n") if after_block else text)
        return "".join(parts)

    def pretty(self) -> str:
        """The tree below this node, one node a line, indented."""
        lines = []
        waiting: list[tuple[int, Node]] = [(0, self)]
        while waiting:
            depth, current = waiting.pop()
            lines.append("  " * depth + current._headline())
            waiting.extend((depth + 1, child) for child in reversed(current.children))
        return "\n".join(lines)

    def _headline(self) -> str:
        shown = [f"{name}={getattr(self, name)!r}" for name in self._shown]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __repr__(self) -> str:
        inside = len(self.children)
        return self._headline() + (f" with {inside} inside" if inside else "")

    def __rich__(self) -> object:
        from rich.text import Text  # only those who print with rich need it

        return Text(self.pretty())


def placed(node: NodeType, source: PageText, start: int, end: int, **hidden: Any) -> NodeType:
    """A node that was just made by its class, put in its place; ``hidden``: fields that only the parser knows."""
    for name, value in {"_source": source, "_start": start, "_to_end": end - start, **hidden}.items():
        object.__setattr__(node, name, value)
    return node


def place(way: str) -> property:
    """A place in the text as read, of which a field of the node holds the way from its start."""
    return property(lambda node: node._start + getattr(node, way))


def _rebuilt(kind: type[NodeType], *values: Any) -> NodeType:
    return kind.at(*values)


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def node(cls: type[NodeType]) -> type[NodeType]:
    """Make a class of nodes: immutable, slotted, with the fields of a dataclass and a fast constructor ``at``.

    A frozen dataclass takes 510 ns to make, since every field goes through ``object.__setattr__``.
    ``at``, which takes places where fields hold ways, fills an unguarded twin of the same layout and then hands it
    over to the real class: 190 ns, and what it returns is as frozen. Both constructors are written here, and all
    else that a dataclass would write for each class is in `Node`: that halves the time to import 50 classes (35 ms).
    """
    made: Any = _laid_out(cls)
    fields = dataclasses.fields(made)  # those of a place come first
    names = [field.name for field in fields]
    made_of = [name.replace("_to_", "_") if name.startswith("_to_") else name for name in names]
    defaults = {f"default_{field.name}": field.default for field in fields}
    given = [
        field.name if field.default is dataclasses.MISSING else f"{field.name}=default_{field.name}"
        for field in sorted(fields, key=lambda field: bool(field.kw_only))
    ]
    given.insert(sum(not field.kw_only for field in fields), "*")
    scope: dict[str, Any] = {"made": made, "put": object.__setattr__, **defaults}
    # Only a constructor written out field by field is as fast; dataclasses write theirs the same way. The
    # names come from the bodies of classes, nothing comes from a page.
    exec(
        "\n".join(
            [
                f"def init(self, {', '.join(given)}):",
                *(f"    put(self, {name!r}, {name})" for name in names),
                f"def at(self, {', '.join(made_of)}):",
                *(
                    f"    self.{name} = {place}{' - _start' if name != place else ''}"
                    for name, place in zip(names, made_of, strict=True)
                ),
                "    self.__class__ = made",
            ]
        ),
        scope,
    )
    made.__init__ = scope["init"]
    # Both guards have to be lifted: one of them alone makes every assignment of the twin a call.
    unguarded = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    layout = {"__slots__": tuple(made.__slots__), "__init__": scope["at"], **unguarded}
    made.at = type(made.__name__, (made.__mro__[1],), layout)
    said = [field.name for field in fields if field.compare]
    made._made_of = tuple(made_of)
    made._said = staticmethod(attrgetter(*said) if said else _nothing)
    made._shown = tuple(
        field.name for field in fields if not field.name.startswith("_") and "tuple[" not in str(field.type)
    )
    return made  # type: ignore[no-any-return]


def _nothing(node: Node) -> tuple[()]:
    return ()
