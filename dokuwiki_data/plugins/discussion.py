"""The plugin *discussion*: ``~~DISCUSSION~~`` lets people comment on a page, ``{{threads>…}}`` lists such pages."""

from __future__ import annotations

from typing import Literal

from dokuwiki_data.php import integer, numeric
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, node

State = Literal["open", "closed", "off"]


@node
class Discussion(PluginBlock):
    """Whether a page has comments: ``open`` to new ones, ``closed``, or ``off``; and their heading."""

    state: State
    title: str = ""

    component = "discussion_comments"

    def markup(self) -> str:
        state = "" if self.state == "open" else f":{self.state}"
        title = f"|{self.title}" if self.title else ""
        return f"~~DISCUSSION{state}{title}~~"


@node
class Threads(PluginBlock):
    """A list of the pages with comments.

    ``namespace``: where they are; nothing for everywhere, a dot for the namespace of this page. ``tags``: what the
    plugin *tag* is to choose from them. ``limit``: how many are shown, None for all. ``skip_empty``: only those that
    have comments; ``form``: whether there is a form to begin another. ``flags``: how the list looks.
    """

    namespace: str
    tags: str = ""
    limit: int | None = None
    skip_empty: bool = False
    form: bool = True
    flags: tuple[str, ...] = ()

    component = "discussion_threads"

    def markup(self) -> str:
        asked = f"{self.namespace or '*'} {self.tags}" if self.tags else self.namespace or "*"
        limit = f"count={self.limit}" if self.limit else ""
        own = (limit, "skipempty" * self.skip_empty, "nonewthreadform" * (not self.form))
        return f"{{{{threads>{'&'.join(filter(None, (asked, *own, *self.flags)))}}}}}"


def _discussion(text: str) -> Discussion:
    state, _, title = text[len("~~DISCUSSION") : -2].partition("|")
    states: dict[str, State] = {":off": "off", ":closed": "closed"}
    return Discussion(states.get(state, "open"), title)


def _threads(text: str) -> Threads:
    asked, _, written = text[len("{{threads>") : -2].partition("&")
    namespace, _, tags = asked.partition(" ")
    flags = [flag for flag in written.split("&") if flag]
    own = ("count", "skipempty", "nonewthreadform")
    counts = [flag.partition("=")[2] for flag in flags if flag.startswith("count")]
    limits = [integer(count) for count in counts if (numeric(count) or 0) >= 1]
    return Threads(
        "" if namespace in ("*", ":") else namespace,
        tags,
        limits[-1] if limits else None,
        any(flag.startswith("skipempty") for flag in flags),
        not any(flag.startswith("nonewthreadform") for flag in flags),
        tuple(flag for flag in flags if not flag.startswith(own)),
    )


PLUGIN = Plugin(
    "discussion",
    (
        Leaf("~~DISCUSSION", _discussion, end="~~", without=r"[\r\n]", sort=230, outermost=True),
        Leaf(r"\{\{threads>.", _threads, end=r"\}\}", sort=306),
    ),
)
