"""Write nodes as DokuWiki's own instruction list: name, arguments and byte position of every call."""

from __future__ import annotations

from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.nodes import blocks
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render import block_calls, inline_calls, plugin_calls
from dokuwiki_data.render.call_writer import Call, CallWriter, Renderers
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.flavours import FLAVOURS
from dokuwiki_data.syntax.releases import RELEASES

_RENDERERS = Renderers(inline_calls.RENDERERS | block_calls.RENDERERS | plugin_calls.RENDERERS)


def instructions(page: Page) -> list[Call]:
    """Return the instruction list that DokuWiki's parser makes of a page.

    Each call is ``[name, [arguments…], position]``. Positions count the bytes of ``"\\n" + text``, in which ``\\r\\n``
    is replaced by ``\\n``. Calls of plugins are ``["plugin", [name, None, 5, source], position]``, without the data
    that the plugin makes itself. Python's garbage collector is disabled meanwhile, also for other threads.

    Example:
        >>> import dokuwiki_data as dw
        >>> dw.render.instructions(dw.parse("Hi"))[2:4]
        [['cdata', ['Hi'], 1], ['p_close', [], 1]]
    """
    # The list contains no cycles, and searching for them takes two thirds of the time on a page of 1 MB.
    with gc_paused():
        return _calls(page)


def _calls(page: Page) -> list[Call]:
    syntax = page.syntax if isinstance(page.syntax, Syntax) else Syntax()
    writer = CallWriter(page.source_text, 0, _RENDERERS, RELEASES[syntax.release], FLAVOURS[syntax.flavour])
    writer.call("document_start", [], 0)
    last = page.last_instruction_at
    previous: blocks.Section | None = None
    for child in page.content:
        if isinstance(child, blocks.Section):
            if previous is not None:
                writer.call("section_close", [], child.starts_at)
            previous = child
        writer.node(child)
    # A paragraph in markup that is left open.
    writer.end_paragraph(-1 if previous is None else last)
    if previous is not None:
        writer.call("section_close", [], last)
    writer.calls.append(["document_end", [], writer.calls[-1][2]])
    return writer.calls
