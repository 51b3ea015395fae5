"""The target ``github-wiki``: the repository of a wiki on GitHub."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.front_matter import FrontMatter
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.targets.forge_wiki import ForgeWikiTarget


# https://docs.github.com/en/communities/documenting-your-project-with-wikis: the name of a file is the title of its
# page and may have none of \ / : * ? " < > |; _Sidebar and _Footer stand beside and below all pages. Links are whole
# addresses there; with the address of the wiki (https://github.com/owner/name/wiki) they are written so.
@dataclass
class GithubWikiTarget(ForgeWikiTarget):
    """A wiki on GitHub."""

    home: ClassVar[str] = "Home"
    sidebar: ClassVar[str] = "_Sidebar"
    special: ClassVar[frozenset[str]] = frozenset({"_footer", "_header"})
    name: str = field(default="github-wiki", init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.data == "front-matter":
            raise OutputError("pages of a wiki on GitHub have no front matter: --data table")

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return nothing: GitHub's documentation knows no front matter of these pages."""
        return {}
