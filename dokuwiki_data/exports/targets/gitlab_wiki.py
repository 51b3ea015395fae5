"""The target ``gitlab-wiki``: the repository of a wiki on GitLab."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from dokuwiki_data.exports.front_matter import FrontMatter
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.targets.forge_wiki import ForgeWikiTarget


# https://docs.gitlab.com/user/project/wiki/: the first page is home, the page _sidebar stands beside all pages, front
# matter may give a title, templates are in a folder of this name, names of files have at most 245 bytes. A link may be
# the name of a page (https://docs.gitlab.com/user/project/wiki/markdown/).
@dataclass
class GitlabWikiTarget(ForgeWikiTarget):
    """A wiki on GitLab."""

    home: ClassVar[str] = "home"
    sidebar: ClassVar[str] = "_sidebar"
    special: ClassVar[frozenset[str]] = frozenset({"templates", "uploads"})
    name: str = field(default="gitlab-wiki", init=False)

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return the title, and the values of entries, which GitLab ignores."""
        return {"title": known.title or page_id, "data": self.nested_data(wiki, page_id, known)}
