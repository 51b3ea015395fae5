"""Read the names of columns, such as ``Responsible_pages``, as the data plugin does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dokuwiki_data.php import lower

#: The plugin's own columns, whose case counts: label and type.
SPECIAL = {
    "%pageid%": ("Title", "page"),
    "%title%": ("Page", "title"),
    "%class%": ("Page Class", ""),
    "%lastmod%": ("Last Modified", "timestamp"),
}

#: The special columns of clouds and lists of tags, and of related pages; these queries read others as ordinary names.
CLOUD_SPECIAL = ("%pageid%", "%title%", "%class%")
RELATED_SPECIAL = ("%pageid%", "%title%")


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `Column.parse` makes it from its name.

    One ``s`` at the end of a name makes the column many-valued and is not part of its key, so ``status`` is a
    many-valued column ``statu``.

    Attributes:
        name: The whole name as written, such as ``Responsible_pages``.
        key: The part before the first ``_`` in lower case, which identifies the column: ``responsible``.
        title: The part before the first ``_`` as written: ``Responsible``.
        type: The part after the first ``_`` in lower case: ``page``.
        many: Whether the column has many values.

    Example:
        >>> Column.parse("Responsible_pages")
        Column(name='Responsible_pages', key='responsible', title='Responsible', type='page', many=True)
    """

    name: str
    key: str
    title: str
    type: str
    many: bool

    @classmethod
    def parse(cls, name: str) -> Column:
        """Return the column with a name."""
        return _column(name)

    @property
    def special(self) -> bool:
        """Whether it is one of the plugin's own columns: the page's id, title, class or time of change."""
        return self.key in SPECIAL

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash(self.name)  # the others follow from it; caches have columns as keys


@lru_cache(maxsize=4096)
def _column(name: str) -> Column:
    many = name.endswith("s")
    original, _, type_ = name.removesuffix("s").partition("_")
    title, default_type = SPECIAL.get(original, (original, ""))
    return Column(name, lower(original), title, lower(type_) or default_type, many)
