"""Columns: how the data plugin reads a name such as ``Responsible_pages``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dokuwiki_data.php import lower

#: The plugin's own columns: label and type. Their case counts.
SPECIAL = {
    "%pageid%": ("Title", "page"),
    "%title%": ("Page", "title"),
    "%class%": ("Page Class", ""),
    "%lastmod%": ("Last Modified", "timestamp"),
}

#: Those of them that clouds and lists of tags know, and lists of related pages; others are ordinary keys there.
CLOUD_SPECIAL = ("%pageid%", "%title%", "%class%")
RELATED_SPECIAL = ("%pageid%", "%title%")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as its name says it.

    ``name`` is the whole name as written. Up to its first ``_`` it is the key, which is
    compared in lower case (``key``) and shown as written (``title``); what follows is the
    ``type``. One ``s`` at the very end means that the column is ``many``-valued, and
    belongs to neither; so ``status`` is a many-valued column ``statu``.
    """

    name: str
    key: str
    title: str
    type: str
    many: bool

    @classmethod
    def parse(cls, name: str) -> Column:
        """The column that a name stands for."""
        return _column(name)

    @property
    def special(self) -> bool:
        """Whether it is about the page itself: its id, title, class or last change."""
        return self.key in SPECIAL

    def __str__(self) -> str:
        return self.name


@lru_cache(maxsize=4096)
def _column(name: str) -> Column:
    many = name.endswith("s")
    original, _, type_ = name.removesuffix("s").partition("_")
    title, default_type = SPECIAL.get(original, (original, ""))
    return Column(name, lower(original), title, lower(type_) or default_type, many)
