"""What tells mypyc how to compile a class; interpreted, it does nothing and needs no package."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # mypyc knows the decorator by this name. A package without mypy does not have it.
    from mypy_extensions import mypyc_attr as mypyc_attr
else:

    def mypyc_attr(**attributes):
        """Return a decorator of classes that changes nothing."""
        return lambda cls: cls
