"""Templates of pages in HTML: those of the theme, and others beside them or in their place."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module, resources
from pathlib import Path
from typing import Any

from dokuwiki_data.errors import MissingExtraError

_THEME = "dokuwiki_data.exports"


def environment(
    *packages: str,
    extra: str,
    templates: Path | None = None,
    finalize: Callable[[Any], Any] | None = None,
) -> Any:
    """Return the environment of Jinja in which templates escape all that they show. Raises `MissingExtraError`.

    Args:
        packages: Packages with a folder ``theme``, whose templates come before those of the theme.
        extra: The extra that installs Jinja.
        templates: A folder whose templates come first.
        finalize: Changes every value before it is shown.
    """
    jinja2 = jinja(extra)
    loaders = [jinja2.PackageLoader(package, "theme") for package in (*packages, _THEME)]
    if templates is not None:
        loaders.insert(0, jinja2.FileSystemLoader(templates))
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        finalize=finalize,
    )


def jinja(extra: str) -> Any:
    """Return the module ``jinja2``. Raises `MissingExtraError`."""
    try:
        return import_module("jinja2")
    except ImportError:
        raise MissingExtraError("jinja2", extra) from None


def theme_file(name: str, package: str = _THEME) -> bytes:
    """Return a file of the theme of a package, such as its styles."""
    return resources.files(package).joinpath("theme", name).read_bytes()
