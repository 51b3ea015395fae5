"""The plugins *redirect2* and *pageredirect*: ``~~REDIRECT>id~~`` sends readers to another page."""

from __future__ import annotations

from dataclasses import field

from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, node


@node
class Redirect(PluginBlock):
    """A redirect. The form ``#REDIRECT id`` includes the rest of the page, which is not shown.

    Attributes:
        target: The name of a page or an address, as written.
    """

    target: str
    #: The start of DokuWiki's match, which includes the line end before the redirect.
    _matched: int = field(default=-1, compare=False, kw_only=True)

    component = "redirect2"

    def markup(self) -> str:
        return "" if "~" in self.target else f"~~REDIRECT>{self.target or ' '}~~"


def _macro(text: str) -> Redirect:
    return Redirect(text[len("~~REDIRECT>") : -2].strip(BLANKS))


def _line(text: str) -> Redirect:
    return Redirect(text[len("#REDIRECT") :].partition("\n")[0].strip(BLANKS))


PLUGIN = Plugin(
    "redirect",
    (
        Leaf("~~REDIRECT>.", _macro, end="~~", sort=1),
        Leaf(r"\n#(?i:redirect)\b", _line, end=r"(?=\n\Z)", sort=1),
    ),
    folders=("redirect2", "pageredirect"),
)
