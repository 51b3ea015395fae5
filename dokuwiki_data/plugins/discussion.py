"""The plugin *discussion*: ``~~DISCUSSION~~`` allows comments on a page, ``{{threads>…}}`` lists such pages."""

from __future__ import annotations

from typing import Literal

from dokuwiki_data.php import integer, numeric
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, node

State = Literal["open", "closed", "off"]


@node
class Discussion(PluginBlock):
    """The comments of a page.

    Attributes:
        state: ``open`` for new comments, ``closed``, or ``off``.
        title: The heading of the comments; empty for the usual one.
    """

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

    Attributes:
        namespace: The namespace of the pages; empty for all, a dot for that of this page.
        tags: The tags, for the plugin *tag*, that the pages must have.
        limit: The number of pages at most, or None for all.
        skip_empty: Whether to leave out pages without comments.
        form: Whether there is a form to begin a new discussion.
        flags: The flags for the look of the list, as written.
    """

    namespace: str
    tags: str = ""
    limit: int | None = None
    skip_empty: bool = False
    form: bool = True
    flags: tuple[str, ...] = ()

    component = "discussion_threads"

    def markup(self) -> str:
        target = f"{self.namespace or '*'} {self.tags}" if self.tags else self.namespace or "*"
        limit = f"count={self.limit}" if self.limit else ""
        own = (limit, "skipempty" * self.skip_empty, "nonewthreadform" * (not self.form))
        return f"{{{{threads>{'&'.join(filter(None, (target, *own, *self.flags)))}}}}}"


def _discussion(text: str) -> Discussion:
    state, _, title = text[len("~~DISCUSSION") : -2].partition("|")
    states: dict[str, State] = {":off": "off", ":closed": "closed"}
    return Discussion(states.get(state, "open"), title)


def _threads(text: str) -> Threads:
    target, _, written = text[len("{{threads>") : -2].partition("&")
    namespace, _, tags = target.partition(" ")
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
