"""Names in the markup of plugins, and the plugins that read them, as far as they are widely used: facts to guess by.

Whether a plugin is built in here does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping

from dokuwiki_data.plugins.vshare import SITES


def _words(text: str) -> list[str]:
    return text.split()


def _by_name(plugins: Mapping[str, str]) -> dict[str, str]:
    return {name: plugin for plugin, names in plugins.items() for name in names.split()}


#: ``<name …>…</name>``, in any case of letters unless both cases are here.
TAGS = _by_name({
    "wrap": "wrap WRAP block BLOCK inline INLINE div DIV span SPAN",
    "note": "note NOTE",
    "color": "color",
    "fontcolor": "fc",
    "fontsize2": "fs",
    "fontfamily": "ff",
    "font": "font",
    "box": "box",
    "imgcaption": "imgcaption tabcaption",
    "hidden": "hidden",
    "spoiler": "spoiler",
    "todo": "todo",
    "htmlok": "html php",
    "iframe": "iframe",
    "math": "math",
    "latex": "latex",
    "graphviz": "graphviz dot",
    "plantuml": "uml",
    "mermaid": "mermaid",
    "ditaa": "ditaa",
    "csv": "csv",
    "strata": "data table list view",
    "tabinclude": "tabbox tabs",
    "columns": "columns newcolumn",
    "button": "button",
    "bootswrapper": "alert btn callout caption card carousel col collapse grid jumbotron label lead panel popover row "
                    "tab thumbnail text tooltip well badge",
    "blockquote": "blockquote",
    "searchtable": "searchtable",
    "sortablejs": "sortable",
    "datatables": "datatables",
    "bibtex": "bibtex",
    "refnotes": "refnotes",
    "ifauth": "ifauth",
    "only": "only",
    "panoview": "panorama",
    "gallery": "gallery",
    "imagebox": "imagebox",
    "webcode": "webcode",
    "sxh": "sxh",
    "gantt": "gantt",
    "chart": "chart achart",
    "typography": "typo smaller larger",
    "highlight": "hi hl highlight",
    "poem": "poem",
    "abc": "abc",
    "definitionlist": "dl",
    "heading": "heading",
    "slider": "slider accordion",
    "barcode": "qrcode barcode",
    "bureaucracy": "form",
    "railroad": "railroad",
})  # fmt: skip

#: ``<name …>``, whose plugins want no closing tag.
TAGS_WITHOUT_END = _by_name({"nspages": "nspages", "catlist": "catlist", "searchform": "searchform", "icon": "icon"})

#: Of those, what is in them is no markup.
VERBATIM = frozenset(_words("""
    html php math latex graphviz dot uml mermaid ditaa csv data table list webcode sxh gantt chart achart bibtex abc
    railroad form
"""))  # fmt: skip

#: ``{{name>…}}``
MEDIA_NAMES = _by_name({
    "tag": "tag topic count tagpage searchtags",
    "include": "page section namespace tagtopic include_n",
    "discussion": "threads",
    "indexmenu": "indexmenu indexmenu_n",
    "gallery": "gallery",
    "keywords": "keywords",
    "description": "description",
    "addnewpage": "newpage",
    "backlinks": "backlinks",
    "blog": "blog archive autoarchive cloud",
    "cloud": "wordcloud tagcloud searchcloud",
    "changes": "changes",
    "iframe": "url",
    "pagequery": "pagequery",
    "nspages": "nspages",
    "randominc": "randompage",
    "translation": "trans",
    "poll": "poll",
    "gview": "gview",
    "pdfjs": "pdfjs",
    "map": "map",
    "openlayersmap": "openlayersmap",
    "simplenavi": "simplenavi",
    "icons": "icon fa fugue oxygen flag",
    "qrcode2": "qrcode",
    "vshare": " ".join(SITES),
})  # fmt: skip

#: ``{{name}}``
BARE_NAMES = {"searchtags": "tag", "NEWPAGE": "addnewpage", "simplenavi": "simplenavi"}

#: ``~~NAME…~~``
MACROS = _by_name({
    "discussion": "DISCUSSION",
    "redirect2": "REDIRECT",
    "goto": "GOTO",
    "displaywikipage": "WIKIPAGE",
    "orphanswanted": "ORPHANSWANTED",
    "clearfloat": "CLEARFLOAT CL",
    "meta": "META",
    "pagetitle": "TITLE",
    "odt": "ODT",
    "notfound": "404",
    "toc": "TOC",
    "tabinclude": "TABINC",
    "slideshow": "SLIDESHOW",
    "s5": "S5",
    "nosidebar": "NOSIDEBAR",
    "bookcreator": "BOOK",
    "linkback": "LINKBACK",
    "up": "UP",
    "socialite": "SOCIALITE SHARE",
    "pageindex": "PAGEINDEX",
    "approve": "APPROVE",
    "openas": "OPENAS",
    "refnotes": "REFNOTES",
    "autonumbering": "AUTONUM #",
    "stars": "RATING STARS",
})  # fmt: skip

#: Elements of HTML, which people paste: a pair of such tags is a plugin's only if one is known for it, and there it
#: would not be written with attributes of HTML.
HTML = frozenset(_words("""
    a abbr address article aside audio b bdo big blockquote body br button canvas caption center cite code col dd del
    details dfn dir div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr
    html i iframe img input ins kbd label legend li link main map mark menu meta nav noscript object ol optgroup
    option p param pre q s samp script section select small span strike strong style sub summary sup svg table tbody
    td template textarea tfoot th thead time title tr tt u ul var video
"""))  # fmt: skip

#: Those of them that are a plugin's only with something behind the name.
NOT_ALONE = frozenset(_words("table font label col row tab"))
