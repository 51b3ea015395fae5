"""The plugin *include*: ``{{page>id}}`` shows another page or a part of it."""

from __future__ import annotations

import re
from typing import Literal, cast

from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, node

Included = Literal["page", "section", "namespace", "tagtopic"]


@node
class Include(PluginBlock):
    """Content of other pages.

    Attributes:
        kind: A ``page``, a ``section`` of a page, or all pages of a ``namespace`` or of a tag (``tagtopic``).
        target: The name of the page, namespace or tag, as written.
        section: The heading after a ``#``, or None.
        flags: The flags as written, such as ``noheader`` or ``depth=2``.
    """

    kind: Included
    target: str
    section: str | None = None
    flags: tuple[str, ...] = ()

    component = "include_include"

    def markup(self) -> str:
        section = "" if self.section is None else f"#{self.section}"
        flags = self.flags or ("",) * (not self.target + section)
        return f"{{{{{'&'.join((f'{self.kind}>{self.target}{section}', *flags))}}}}}"


@node
class IncludeOrder(PluginBlock):
    """The place of this page among the included pages of its namespace.

    Attributes:
        order: The key to sort by, as written.
    """

    order: str

    component = "include_sorttag"

    def markup(self) -> str:
        return f"{{{{include_n>{self.order}}}}}"


def _include(text: str) -> Include:
    command, _, flags = text[2:-2].partition("&")
    kind, target, *section = re.split("[>#]", command, maxsplit=2)
    return Include(cast(Included, kind), target, section[0] if section else None, tuple(filter(None, flags.split("&"))))


def _order(text: str) -> IncludeOrder:
    return IncludeOrder(text[len("{{include_n>") : -2])


PLUGIN = Plugin(
    "include",
    (
        Leaf(r"\{\{include_n>.", _order, end=r"\}\}", sort=139),
        Leaf(r"\{\{(?:page|section|namespace|tagtopic)>.", _include, end=r"\}\}", sort=303),
    ),
)
