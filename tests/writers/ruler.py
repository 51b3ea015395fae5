"""The ruler of the evidence: two renderings of a page as lists of leaves, compared."""

from __future__ import annotations

import difflib
import importlib.util
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote


class Files:
    """Addresses of a copy in which every page and media file has one."""

    def page(self, page_id, anchor=None):
        return f"page/{quote(page_id, safe='')}{f'#{quote(anchor)}' if anchor else ''}"

    def media(self, media_id):
        return f"media/{quote(media_id, safe='')}"


def meaning(address):
    """What an address of `Files` means to the ruler; None if it is another one."""
    path, _, anchor = address.partition("#")
    kind, slash, name = path.partition("/")
    if not slash or kind not in ("page", "media"):
        return None
    return f"{kind}:{unquote(name.partition('?')[0])}{f'#{unquote(anchor)}' if anchor else ''}"


@cache
def ruler(shared: Path):
    """The function ``leaves`` of the evidence."""
    spec = importlib.util.spec_from_file_location("leaves", shared / "reference" / "leaves.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.leaves


def equal_leaves(ours, theirs):
    """How many leaves two renderings have in common."""
    if ours == theirs:
        return len(ours)
    matcher = difflib.SequenceMatcher(None, [hash(leaf) for leaf in theirs], [hash(leaf) for leaf in ours], False)
    return sum(block.size for block in matcher.get_matching_blocks())
