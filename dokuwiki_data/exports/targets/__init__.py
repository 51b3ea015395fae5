"""The targets of an export, each in a file of its own that is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from typing import Any

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import TARGETS
from dokuwiki_data.exports.documents.formats import is_format
from dokuwiki_data.exports.target import Target


def is_target(name: str) -> bool:
    """Return whether a target is known by a name: one of `TARGETS`, or a format of pandoc.

    Raises `MissingExtraError` for a format if pandoc is not installed.
    """
    return name in TARGETS or is_format(name)


def find_target(name: str, **options: Any) -> Target:
    """Return a target by its name.

    Args:
        name: One of `TARGETS`, or a format that pandoc writes, such as ``docx``.
        options: The target's own options.

    Raises:
        ValueError: If there is no such target.
        MissingExtraError: If pandoc is not installed, which would write it.
        OutputError: If it has no such option.
    """
    if name in TARGETS:
        module, class_name = TARGETS[name]
    else:
        if not is_format(name):
            raise ValueError(
                f"unknown target {name!r}; known: {', '.join(TARGETS)}, and the formats that pandoc writes"
            )
        module, class_name = "documents", "PandocFormatTarget"
        options["format"] = name
    make: Callable[..., Target] = getattr(import_module(f"{__name__}.{module}"), class_name)
    unknown = [option for option in options if option not in signature(make).parameters]
    if unknown:
        raise OutputError(f"an export to {name} has no option {unknown[0].replace('_', '-')}")
    return make(**options)
