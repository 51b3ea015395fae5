"""The constructor of nodes in a compiled build, in maker.c."""

from typing import Any

class NodeMaker:
    def __new__(cls, made: type, slots: tuple[Any, ...], distances: tuple[bool, ...], /) -> NodeMaker: ...
    def __call__(self, source: Any, start: int, /, *values: Any) -> Any: ...
