"""The plugin *note*: ``<note tip>…</note>`` is a box with an icon."""

from __future__ import annotations

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Container, Node, Plugin, PluginContainer, node


@node
class Note(PluginContainer):
    """A box with an icon.

    Attributes:
        kind: ``classic``, ``important``, ``warning`` or ``tip``.
    """

    is_block = True
    component = "note"

    kind: str

    def tags(self) -> tuple[str, str]:
        return ("<note>" if self.kind == "classic" else f"<note {self.kind}>"), "</note>"


#: The kinds by the names that the plugin knows; any other name is a classic note.
_KINDS = {
    "important": "important", "importante": "important",
    "warning": "warning", "bloquante": "warning", "critique": "warning",
    "tip": "tip", "tuyau": "tip", "idée": "tip",
}  # fmt: skip


def _note(opening: str, content: tuple[Node, ...]) -> Note:
    return Note(content, _KINDS.get(opening[len("<note") : -1].strip(BLANKS).lower(), "classic"))


PLUGIN = Plugin(
    "note",
    (
        Container(
            "<note", "</note>", _note, 195, start_end=">", category="container", paragraphs="block", nests=True,
            takes_text=True,
            contains=("container", "formatting", "substitution", "protected", "disabled", "paragraphs"),
        ),
    ),
)  # fmt: skip
