"""The dialects of Markdown that are known, by name."""

from __future__ import annotations

from collections.abc import Mapping

from dokuwiki_data.render.escaping import Escape, Escapes
from dokuwiki_data.writers.markdown.anchors import python_anchor, title_as_anchor
from dokuwiki_data.writers.markdown.dialect import MARKS, WRAPS, Box, Dialect
from dokuwiki_data.writers.markdown.escaping import COMMONMARK_LINES, COMMONMARK_TEXT, ENTITY
from dokuwiki_data.writers.pieces import Mark

#: What would be a check box at the beginning of an item.
_TASK = Escape(r"^\[(?=[ xX]\](?:[ \t]|$))")

# GitHub Flavored Markdown (https://github.github.com/gfm/) with what GitHub adds to it
# (https://docs.github.com/en/get-started/writing-on-github): footnotes, boxes, links of bare addresses, anchors of
# headings. A heading to which a link leads by another anchor gets this one as well; GitHub keeps it as user-content-…,
# and leads there by its plain name.
_GFM = Dialect(
    name="gfm",
    text=COMMONMARK_TEXT.and_before(
        Escape.exception(r"(?<=\s)~(?=\s)"),
        Escape("~"),
        Escape(r"\[(?=\^)"),
        *(Escape(rf"(?<={scheme}):(?<![^\W_]{scheme}:)(?=//)") for scheme in ("http", "https", "ftp")),
        Escape(r"(?<=www)\.(?<![^\W_]www\.)"),
        Escape(r"(?<=[\w.+-])@(?=[\w-]+\.)", "<!-- -->@"),
    ),
    lines=COMMONMARK_LINES.and_before(_TASK),
    anchor='<a id="{anchor}"></a>{title}',
    keeps_anchors=False,
    callouts={
        **dict.fromkeys(("note", "info", "notice", "help", "download", "todo"), "NOTE"),
        **dict.fromkeys(("tip", "safety"), "TIP"),
        "important": "IMPORTANT",
        **dict.fromkeys(("alert", "warning"), "WARNING"),
        **dict.fromkeys(("caution", "danger"), "CAUTION"),
    },
)

# Python-Markdown (https://python-markdown.github.io/) with the extensions that Material and Zensical describe
# (https://squidfunk.github.io/mkdocs-material/setup/extensions/). It knows backslashes before some signs only, counts
# a sign of a heading or quotation also within a paragraph, indents by four, and joins neighbouring lists.
_PYTHON_TEXT = Escapes((
    Escape(r"\\(?=[\\`*_{}\[\]()>#+\-.!|~]|$)"),
    Escape("`"),
    Escape.exception(r"(?<=\s)[*_](?=\s)"),
    Escape.exception(r"(?<=[^\W_])_++(?=[^\W_])"),
    Escape("[*_]"),
    Escape("~(?=~)"),
    Escape("(?<=~)~"),
    Escape(r"\](?=[(\[])"),
    Escape(r"\[(?=\^|TOC\])"),
    Escape(r"!(?=\[\Z)"),
    Escape(r"\{(?=[^\n]{0,500}\})"),
    Escape(r"<(?=[A-Za-z/!?]|[^\s<>]*[@:])", "&lt;"),
    Escape(ENTITY, "&amp;"),
))  # fmt: skip
_PYTHON_LINES = Escapes((
    Escape(r"^\d+(?=\.[ \t])", r"\g<0>\\"),
    Escape(r"^(?:[#>]|[-+*](?=[ \t])|-(?=[-|:= ]*$)|_(?=[_ ]*$)|!(?=!!)|\[(?=[^\]\n]*\]:)|\|(?=[-:| ]*$))"),
    Escape(r"^=(?==*[ \t]*$)", "&#61;"),
    Escape(r"^:(?=[-:| ]*$)", "&#58;"),
    Escape(r"^\?(?=\?\?)", "&#63;"),
))  # fmt: skip
_MKDOCS = Dialect(
    name="mkdocs",
    text=_PYTHON_TEXT,
    lines=_PYTHON_LINES,
    line_break=("<br>\n", "<br>"),
    own_anchor=python_anchor,
    anchor="{title} {{#{anchor}}}",
    # MkDocs ends with an error at what Python's urllib.parse takes for a wrong address of six numbers.
    checked_addresses=r"(?i:[a-z][a-z0-9+.-]*://(?:\w|(?![\w\[\]/?#])[ -~])*(?:[/?#]|$))",
    stars_nest=False,
    indent=4,
    bullets=("-", "-"),
    numbers=(".", "."),
    between="<!-- -->",
    before_block="<!-- -->",
    code_title='title="{}"',
    code_bar="|",
    bodiless=False,
    markdown_cells=" markdown",
    sized_image="![{alt}]({destination}){{ {size} }}",
    callout=Box('!!! {kind} "{title}"', '!!! {kind} ""', "    "),
    callouts={
        **dict.fromkeys(("note", "notice", "download", "todo"), "note"),
        **dict.fromkeys(("info", "help"), "info"),
        **dict.fromkeys(("tip", "safety"), "tip"),
        **dict.fromkeys(("important", "alert", "warning", "caution"), "warning"),
        "danger": "danger",
    },
    folded=Box('??? note "{title}"', "??? note", "    "),
)


# Hugo (https://gohugo.io/content-management/markdown-attributes/,
# https://gohugo.io/content-management/shortcodes/, https://gohugo.io/render-hooks/) with the settings of the project
# that an export writes. Shortcodes and the divider of summaries count before Markdown is read, so in code as well.
_HUGO = Dialect(
    name="hugo",
    text=COMMONMARK_TEXT.and_before(
        Escape.exception(r"(?<=\s)~(?=\s)"),
        Escape("~"),
        Escape(r"\[(?=\^)"),
        Escape(r"\{(?=\{(?:[<%]|[\s\S]?\Z))", r"{\\"),
        Escape(r"<(?=!--\s*more)", "&lt;"),
    ),
    headings=(Escape(r"\{(?=[^{}\n]*\}\s*\Z)"),),
    not_in_code=r"\{\{[<%]|<!--\s*more",
    anchor="{title} {{#{anchor}}}",
    callouts=_GFM.callouts,
)

# Obsidian (https://help.obsidian.md/obsidian-flavored-markdown, https://help.obsidian.md/syntax,
# https://help.obsidian.md/links, https://help.obsidian.md/callouts, https://help.obsidian.md/embeds): it shows line
# ends as line breaks, links to headings by their text, and knows tags, comments, mathematics and marked text.
_OBSIDIAN = Dialect(
    name="obsidian",
    text=COMMONMARK_TEXT.and_before(
        Escape.exception(r"(?<=\s)~(?=\s)"),
        Escape.exception(r"(?<=\s)=+(?=\s)"),
        Escape("~"),
        Escape(r"\[(?=[\[^])"),
        Escape(r"\^(?=\[)"),
        Escape(r"(?<=\s)\^(?=[\w-]+\s*$)"),
        Escape("=(?==)"),
        Escape("(?<==)="),
        Escape("%(?=%)"),
        Escape("(?<=%)%"),
        Escape(r"\$(?=\S)"),
        Escape(r"(?<!\w)#(?=\d*[^\W\d]|\d*[-/])"),
        *(Escape(rf"(?<={scheme}):(?<![^\W_]{scheme}:)(?=//)") for scheme in ("http", "https", "ftp")),
        Escape(ENTITY),
    ),
    lines=COMMONMARK_LINES.and_before(_TASK),
    marks={**MARKS, "underline": Mark("u")},
    line_break=("<br>", "<br>"),
    line_end=" ",
    own_anchor=title_as_anchor,
    links_to_titles=True,
    sized_image="![{alt}|{dimensions}]({destination})",
    wraps={**WRAPS, "hi": Mark("mark", ("==",))},
    callout=Box("> [!{kind}] {title}", "> [!{kind}]", "> "),
    callouts={
        **dict.fromkeys(("note", "notice"), "note"),
        **dict.fromkeys(("info", "download"), "info"),
        **{name: name for name in ("tip", "todo", "important", "warning", "caution", "danger")},
        "help": "question",
        "safety": "tip",
        "alert": "warning",
    },
    folded=Box("> [!note]- {title}", "> [!note]-", "> "),
)

# Names of hosts that are names as every browser reads them, or addresses of four numbers, and ports
# (https://url.spec.whatwg.org/#host-parsing).
_BYTE = r"(?:1?\d?\d|2[0-4]\d|25[0-5])"
_HOST = (
    rf"(?:(?!xn--|[^/?#]*\.xn--)(?:[a-z0-9_-]+\.)*[a-z][a-z0-9-]*\.?|(?:{_BYTE}\.){{3}}{_BYTE})(?::[1-5]?\d{{1,4}})?"
)

# Docusaurus (https://docusaurus.io/docs/markdown-features/) reads files of CommonMark with GitHub's extensions,
# anchors in braces, and directives that begin with colons, of which some are boxes. It looks for bare addresses when
# backslashes and comments are gone, so an element stands in them.
_DOCUSAURUS = Dialect(
    name="docusaurus",
    text=COMMONMARK_TEXT.and_before(
        Escape.exception(r"(?<=\s)~(?=\s)"),
        Escape("~"),
        Escape(r"\[(?=\^)"),
        *(Escape(rf"(?<={scheme}):(?<![^\W_]{scheme}:)(?=//)", "<wbr>:") for scheme in ("http", "https")),
        Escape(r"(?<=www)\.(?<![^\W_]www\.)", "<wbr>."),
        Escape(r"(?<=[\w.+-])@(?=[\w-]+\.)", "<wbr>@"),
        Escape(r":(?=[A-Za-z][\w-]*[\[{])"),
        Escape(r"(?<!:):(?=:[A-Za-z])"),
    ),
    lines=COMMONMARK_LINES.and_before(_TASK, Escape(r"^:(?=::)")),
    headings=(Escape(r"\{(?=[^{}\n]*\}\s*\Z)"),),
    anchor="{title} {{#{anchor}}}",
    checked_addresses=rf"(?i:[a-z][a-z0-9+.-]*://{_HOST}(?:[/?#]|$)|file:///)",
    code_title='title="{}"',
    callout=Box("{fence}{kind}\n", closing="\n{fence}", sign=":"),
    callouts={
        **dict.fromkeys(("note", "notice", "download", "todo"), "note"),
        **dict.fromkeys(("info", "help", "important"), "info"),
        **dict.fromkeys(("tip", "safety"), "tip"),
        **dict.fromkeys(("alert", "warning", "caution"), "warning"),
        "danger": "danger",
    },
)

DIALECTS: Mapping[str, Dialect] = {one.name: one for one in (_GFM, _MKDOCS, _HUGO, _OBSIDIAN, _DOCUSAURUS)}
