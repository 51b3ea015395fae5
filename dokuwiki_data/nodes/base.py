"""The base class of all nodes, and the decorator that makes classes of nodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform, overload

from dokuwiki_data.text import NOWHERE, PageText, Position, Span

try:
    from dokuwiki_data.nodes.maker import NodeMaker
except ImportError:  # only compiled builds have it
    NodeMaker = None  # type: ignore[assignment, misc]

NodeType = TypeVar("NodeType", bound="Node")
Made = TypeVar("Made")

#: How many characters of a node's fields `repr` shows, and how many lines of a tree notebooks show.
_REPR_LENGTH = 100
_HTML_LINES = 300


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def _slotted(cls: type[Made]) -> type[Made]:
    if "__annotations__" not in cls.__dict__ and dataclasses.is_dataclass(cls):  # it has the fields of its parent
        namespace = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
        made: type[Made] = type(cls.__name__, cls.__bases__, {**namespace, "__slots__": ()})
        made.__qualname__ = cls.__qualname__
        return made
    return dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)


@_slotted
class Node:
    """A piece of a page. Nodes are immutable; equal nodes have equal fields, wherever they stand."""

    _source: PageText = dataclasses.field(default=NOWHERE, compare=False, kw_only=True)
    _start: int = dataclasses.field(default=0, compare=False, kw_only=True)
    #: The distance from the start to the end. Python shares small integers, so distances instead of offsets save a
    #: fifth of the memory. Other places of a node are distances too: fields ``_to_…``.
    _to_end: int = dataclasses.field(default=0, compare=False, kw_only=True)

    #: Whether the node takes lines of its own, and the separator of such children in its plain text.
    is_block: ClassVar[bool] = False
    between_blocks: ClassVar[str] = "\n"

    #: A function that returns the fields that are compared, and the names of the fields that `repr` shows.
    _compared: ClassVar[Callable[[Any], Any]]
    _shown: ClassVar[tuple[str, ...]] = ()
    #: The names of the arguments of `at`.
    _made_of: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def at(cls, source: PageText, start: int, end: int, *fields: Any) -> Self:
        """Make a node at a place of the normalized text; for the parser, see `node`."""
        raise NotImplementedError  # replaced by the decorator

    def __setattr__(self, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if self.__class__ is not other.__class__:
            return NotImplemented
        compared = type(self)._compared
        return bool(compared(self) == compared(other))

    def __hash__(self) -> int:
        # Leave out dictionaries, such as the options of code, which cannot be hashed.
        compared = type(self)._compared(self)
        parts = compared if isinstance(compared, tuple) else (compared,)
        return hash((type(self).__name__, *(part for part in parts if not isinstance(part, dict))))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), *(getattr(self, name) for name in self._made_of))

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes directly inside this one, in the order of the source."""
        return ()

    @property
    def span(self) -> Span:
        """The node's start and end in the page's source, in characters."""
        return self._source.span(self._start, self._start + self._to_end)

    @property
    def position(self) -> Position:
        """The line and the column at which the node starts, both counted from one."""
        return self._source.page.position(self.span.start)

    @property
    def source(self) -> str:
        """The part of the page's source that the node was read from."""
        start, end = self.span
        return self._source.page.text[start:end]

    # Renderers and editors count in the normalized text, see `PageText`; of quoted lines it is a text of its own.

    @property
    def source_text(self) -> PageText:
        """The text that the node was read from. `starts_at` and similar offsets count in its normalized form."""
        return self._source

    @property
    def starts_at(self) -> int:
        """The offset in the normalized text at which the node starts."""
        return self._start

    @property
    def ends_at(self) -> int:
        """The offset in the normalized text at which the node ends."""
        return self._start + self._to_end

    _end = ends_at

    @property
    def normalized_source(self) -> str:
        """The part of the normalized text that the node was read from."""
        return self._source.normalized[self._start : self._start + self._to_end]

    def walk(self) -> Iterator[Node]:
        """Iterate over this node and all nodes below it, parents first, in the order of the source.

        Example:
            >>> import dokuwiki_data as dw
            >>> [type(node).__name__ for node in dw.parse("a **b** c").walk()]
            ['Page', 'Paragraph', 'Text', 'Strong', 'Text', 'Text']
        """
        waiting: list[Node] = [self]
        while waiting:
            current = waiting.pop()
            yield current
            if children := current.children:  # most nodes are text
                waiting += children[::-1]

    @overload
    def find_all(self, kind: type[NodeType], /) -> Iterator[NodeType]: ...
    @overload
    def find_all(self, *kinds: type[Node]) -> Iterator[Node]: ...
    def find_all(self, *kinds: type[Node]) -> Iterator[Node]:
        """Iterate over the nodes of the given classes at or below this one, in the order of the source.

        Example:
            >>> import dokuwiki_data as dw
            >>> page = dw.parse("A [[start]] and [[end|last]] page.")
            >>> [link.target for link in page.find_all(dw.nodes.InternalLink)]
            ['start', 'end']
        """
        return (found for found in self.walk() if isinstance(found, kinds))

    @overload
    def find(self, kind: type[NodeType], /) -> NodeType | None: ...
    @overload
    def find(self, *kinds: type[Node]) -> Node | None: ...
    def find(self, *kinds: type[Node]) -> Node | None:
        """Return the first node of the given classes at or below this one, or None.

        Example:
            >>> import dokuwiki_data as dw
            >>> dw.parse("A [[start]] and [[end|last]] page.").find(dw.nodes.InternalLink).target
            'start'
        """
        return next((found for found in self.walk() if isinstance(found, kinds)), None)

    def with_changes(self, **changes: Any) -> Self:
        """Return a copy with some fields changed. It keeps the place of the original.

        Example:
            >>> import dokuwiki_data as dw
            >>> dw.parse("== a ==").headings[0].with_changes(level=1)
            Heading(title='a', level=1)
        """
        return dataclasses.replace(self, **changes)

    def plain_text(self) -> str:
        """Return the text without markup, with each block on lines of its own.

        Smileys, acronyms and the like stay as written. Footnotes, feeds and macros are left out.
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
        """Return the tree below this node as indented text with one node on each line.

        Example:
            >>> import dokuwiki_data as dw
            >>> print(dw.parse("a **b** c").pretty())
            Page(page_id='', modified=None)
              Paragraph()
                Text(text='a ')
                Strong(closed=True)
                  Text(text='b')
                Text(text=' c')
        """
        lines = []
        waiting: list[tuple[int, Node]] = [(0, self)]
        while waiting:
            depth, current = waiting.pop()
            lines.append("  " * depth + current._headline())
            waiting.extend((depth + 1, child) for child in reversed(current.children))
        return "\n".join(lines)

    def _headline(self) -> str:
        values = ((name, getattr(self, name)) for name in self._shown)
        shown = [f"{name}={value._headline() if isinstance(value, Node) else repr(value)}" for name, value in values]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __repr__(self) -> str:
        number = len(self.children)
        inside = f" with {number} {'child' if number == 1 else 'children'}" if number else ""
        return shortened(self._headline()) + inside

    def _repr_html_(self) -> str:
        """Return the tree as HTML for notebooks, of the first lines if it is large."""
        from html import escape

        lines = self.pretty().splitlines()
        if len(lines) > _HTML_LINES:
            lines[_HTML_LINES:] = [f"… and {len(lines) - _HTML_LINES} more"]
        return f"<pre>{escape(chr(10).join(lines))}</pre>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the node for notebooks: the tree as HTML, and as text on one line."""
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def __rich__(self) -> object:
        from rich.text import Text  # only users of rich need it

        return Text(self.pretty())


def shortened(text: str) -> str:
    """Return the ``repr`` of a node, cut if it is long."""
    return text if len(text) <= _REPR_LENGTH else f"{text[: _REPR_LENGTH - 2]}…)"


def placed(node: NodeType, source: PageText, start: int, end: int, **hidden: Any) -> NodeType:
    """Set the place of a new node, and ``hidden`` fields that only the parser sets. Return the node."""
    for name, value in {"_source": source, "_start": start, "_to_end": end - start, **hidden}.items():
        object.__setattr__(node, name, value)
    return node


def made_when_read(make: Callable[[Any], Any]) -> Any:
    """Declare a field whose value ``make`` returns, given the node, if `Node.at` was given None for it.

    The value is made when it is first read, and cached. The text of most cells is never read.
    """
    return dataclasses.field(metadata={"make": make})


class _MadeWhenRead:
    """The descriptor of such a field."""

    __slots__ = ("_make", "_slot", "given")

    def __init__(self, slot: Any, make: Callable[[Any], Any]) -> None:
        self._slot = slot
        self._make = make
        #: Returns the value of a node if it was given or has been made, else None.
        self.given: Callable[[Any], Any] = slot.__get__

    def __get__(self, node: Any, kind: object = None) -> Any:
        if node is None:
            return self
        value = self.given(node)
        if value is None:
            value = self._make(node)
            self._slot.__set__(node, value)
        return value

    def __set__(self, node: Any, value: Any) -> None:
        self._slot.__set__(node, value)


def _rebuilt(kind: type[NodeType], *values: Any) -> NodeType:
    return kind.at(*values)


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def node(cls: type[NodeType]) -> type[NodeType]:
    """Make a class of nodes: immutable, with slots, the fields of a dataclass and a fast constructor ``at``.

    An instance of a frozen dataclass takes 510 ns, since every field goes through ``object.__setattr__``. ``at`` fills
    an instance of an unguarded class with the same layout and then sets its ``__class__`` to the frozen one, which
    takes 190 ns. It takes offsets for the fields that hold distances. Both constructors are generated at first use,
    since a page has nodes of few classes; the methods that a dataclass generates for each class are in `Node`. Together
    this saves two thirds of the 35 ms to import the nodes.
    """
    made: Any = _slotted(cls)
    fields = dataclasses.fields(made)  # those of the place come first
    made.__init__ = _Generated("__init__", made, _constructor)
    made.at = _Generated("at", made, _fast_constructor)
    for field in fields:
        if field.name in made.__slots__ and (make := field.metadata.get("make")):
            setattr(made, field.name, _MadeWhenRead(getattr(made, field.name), make))
    compared = [field.name for field in fields if field.compare]
    names = [field.name for field in fields]
    made._made_of = tuple(name.replace("_to_", "_") if name.startswith("_to_") else name for name in names)
    made._compared = staticmethod(attrgetter(*compared) if compared else _no_fields)
    made._shown = tuple(
        field.name for field in fields if not field.name.startswith("_") and "tuple[" not in str(field.type)
    )
    return made  # type: ignore[no-any-return]


class _Generated:
    """The descriptor of a constructor that is generated at first use, and then takes the place of the descriptor."""

    __slots__ = ("_generate", "_made", "_name")

    def __init__(self, name: str, made: Any, generate: Callable[[Any], Any]) -> None:
        self._name = name
        self._made = made
        self._generate = generate

    def __get__(self, node: Any, kind: object = None) -> Any:
        generated = self._generate(self._made)
        setattr(self._made, self._name, generated)
        return generated if node is None else generated.__get__(node)


# A constructor with a statement for each field is the fastest; dataclasses generate theirs in the same way. The names
# come from class bodies, never from a page.


def _constructor(made: Any) -> Any:
    """Return the method ``__init__`` of a class of nodes."""
    fields = dataclasses.fields(made)
    given = [
        field.name if field.default is dataclasses.MISSING else f"{field.name}=default_{field.name}"
        for field in sorted(fields, key=lambda field: bool(field.kw_only))
    ]
    given.insert(sum(not field.kw_only for field in fields), "*")
    scope: dict[str, Any] = {"put": object.__setattr__, **{f"default_{field.name}": field.default for field in fields}}
    lines = [f"    put(self, {field.name!r}, {field.name})" for field in fields]
    exec("\n".join([f"def __init__(self, {', '.join(given)}):", *lines]), scope)
    return scope["__init__"]


def _fast_constructor(made: Any) -> Any:
    """Return the constructor ``at`` of a class of nodes: its class without guards, or a `NodeMaker`."""
    if NodeMaker is not None:
        return _maker(made)
    scope: dict[str, Any] = {"made": made}
    lines = [
        f"    self.{field.name} = {place}{' - _start' if field.name != place else ''}"
        for field, place in zip(dataclasses.fields(made), made._made_of, strict=True)
    ]
    exec("\n".join([f"def at(self, {', '.join(made._made_of)}):", *lines, "    self.__class__ = made"]), scope)
    # Without these guards, an assignment does not call a function.
    unguarded = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    layout = {"__slots__": tuple(made.__slots__), "__init__": scope["at"], **unguarded}
    parent = made.__mro__[1]
    # Derive from the parent's own class if nothing is added to its layout; then its fields are set at full speed.
    return type(made.__name__, (parent if made.__slots__ or parent is Node else parent.at,), layout)


def _maker(made: Any) -> NodeMaker:
    """Return what makes nodes of a class in a compiled build, in a third of the time."""
    names = [field.name for field in dataclasses.fields(made)]
    fields = [getattr(made, name) for name in names]
    slots = tuple(field._slot if isinstance(field, _MadeWhenRead) else field for field in fields)
    return NodeMaker(made, slots, tuple(name.startswith("_to_") for name in names))


def _no_fields(node: Node) -> tuple[()]:
    return ()
