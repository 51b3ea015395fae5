"""The targets of an export, each in a file of its own that is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from dokuwiki_data.exports import TARGETS
from dokuwiki_data.exports.target import Target


def find_target(name: str, **options: Any) -> Target:
    """Return a target by its name. Raises `ValueError` if there is none.

    Args:
        name: One of `TARGETS`.
        options: The target's own options.
    """
    if name not in TARGETS:
        raise ValueError(f"unknown target {name!r}; known: {', '.join(TARGETS)}")
    module, class_name = TARGETS[name]
    make: Callable[..., Target] = getattr(import_module(f"{__name__}.{module}"), class_name)
    return make(**options)
