"""The targets of an export, each in a file of its own that is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from typing import Any

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import TARGETS
from dokuwiki_data.exports.target import Target


def find_target(name: str, **options: Any) -> Target:
    """Return a target by its name.

    Args:
        name: One of `TARGETS`.
        options: The target's own options.

    Raises:
        ValueError: If there is no such target.
        OutputError: If it has no such option.
    """
    if name not in TARGETS:
        raise ValueError(f"unknown target {name!r}; known: {', '.join(TARGETS)}")
    module, class_name = TARGETS[name]
    make: Callable[..., Target] = getattr(import_module(f"{__name__}.{module}"), class_name)
    unknown = [option for option in options if option not in signature(make).parameters]
    if unknown:
        raise OutputError(f"an export to {name} has no option {unknown[0].replace('_', '-')}")
    return make(**options)
