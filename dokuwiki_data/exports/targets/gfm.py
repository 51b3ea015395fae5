"""The target ``gfm``: files of Markdown as GitHub and GitLab show them, with a ``README.md`` for each start page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dokuwiki_data.exports.targets.markdown import MarkdownTarget


@dataclass
class GfmTarget(MarkdownTarget):
    """Files of Markdown, as GitHub shows them."""

    index: ClassVar[str] = "README"
    name: str = field(default="gfm", init=False)
