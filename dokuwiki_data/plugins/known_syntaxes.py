"""The names in the markup of widely used plugins, built in or not, by which inactive plugins are recognised."""

from __future__ import annotations

from collections.abc import Mapping

from dokuwiki_data.plugins.vshare import SITES


def _words(text: str) -> list[str]:
    return text.split()


def _by_name(plugins: Mapping[str, str]) -> dict[str, str]:
    return {name: plugin for plugin, names in plugins.items() for name in names.split()}


#: ``<name …>…</name>``, in any case unless both cases are listed.
TAGS = _by_name({
    "wrap": "wrap WRAP block BLOCK inline INLINE div DIV span SPAN",
    "note": "note NOTE",
    "color": "color",
    "fontcolor": "fc",
    "fontsize2": "fs",
    "fontfamily": "ff",
    "font": "font",
    "box": "box",
    "imgcaption": "imgcaption",
    "hidden": "hidden",
    "spoiler": "spoiler",
    "todo": "todo",
    "htmlok": "html php",
    "math": "math",
    "latex": "latex",
    "graphviz": "graphviz",
    "plantuml": "uml",
    "mermaid": "mermaid",
    "ditaa": "ditaa",
    "csv": "csv",
    "strata": "data table list",
    "tabbox": "tabbox",
    "columns": "columns",
    "button": "button",
    "bootswrapper": "alert btn callout caption carousel col collapse jumbotron label lead panel popover row tab tooltip"
                    " thumbnail well badge",
    "combo": "webcode heading itext bar grid card text railroad masonry console",
    "blockquote": "blockquote",
    "searchtable": "searchtable",
    "sortablejs": "sortable",
    "datatables": "datatables",
    "refnotes": "refnotes",
    "ifauth": "ifauth",
    "only": "only",
    "gallery": "gallery",
    "drawio": "drawio",
    "bureaucracy": "form",
    "sxh3": "sxh",
    "achart": "achart",
    "typography": "typo",
    "poem": "poem",
    "highlight": "hi",
    "abc2": "abc",
})  # fmt: skip

#: ``<name …>`` without a closing tag.
TAGS_WITHOUT_END = _by_name({"nspages": "nspages", "catlist": "catlist", "combo": "icon"})

#: The tags whose content is no markup.
VERBATIM = frozenset(_words("""
    html php math latex graphviz uml mermaid ditaa csv data table list webcode sxh achart abc railroad form
"""))  # fmt: skip

#: ``{{name>…}}``
MEDIA_NAMES = _by_name({
    "tag": "tag topic count tagpage searchtags",
    "include": "page section namespace tagtopic include_n",
    "discussion": "threads",
    "indexmenu": "indexmenu indexmenu_n",
    "gallery": "gallery",
    "drawio": "drawio",
    "keywords": "keywords",
    "description": "description",
    "addnewpage": "newpage",
    "backlinks": "backlinks",
    "blog": "blog archive",
    "changes": "changes",
    "iframe": "url",
    "pagequery": "pagequery",
    "pdfjs": "pdfjs",
    "simplenavi": "simplenavi",
    "icons": "icon fa fugue oxygen breeze flag glyphicon material typcn",
    "vshare": " ".join(SITES),
})  # fmt: skip

#: ``{{name}}``
BARE_NAMES = {"searchtags": "tag", "NEWPAGE": "addnewpage", "tablelayout": "tablelayout"}

#: ``~~NAME…~~``
MACROS = _by_name({
    "discussion": "DISCUSSION",
    "redirect2": "REDIRECT",
    "goto": "GOTO",
    "orphanswanted": "ORPHANSWANTED",
    "clearfloat": "CLEARFLOAT CL",
    "cloud": "CLOUD TAGCLOUD SEARCHCLOUD",
    "meta": "META",
    "pagetitle": "TITLE",
    "odt": "ODT",
    "s5": "SLIDESHOW",
    "linkback": "LINKBACK",
    "autonumbering": "#",
    "refnotes": "REFNOTES",
})  # fmt: skip

#: Elements of HTML, which people paste. Such tags belong to a plugin only if it is known and they have no attributes.
HTML = frozenset(_words("""
    a abbr address article aside audio b bdo big blockquote body br button canvas caption center cite code col dd del
    details dfn dir div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr
    html i iframe img input ins kbd label legend li link main map mark menu meta nav noscript object ol optgroup
    option p param pre q s samp script section select small span strike strong style sub summary sup svg table tbody
    td template textarea tfoot th thead time title tr tt u ul var video
"""))  # fmt: skip

#: The elements of HTML that belong to a plugin only if something follows the name.
NOT_ALONE = frozenset(_words("div span table font label col row tab"))
