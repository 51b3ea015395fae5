"""A wiki as files elsewhere: places of pages and media, the folder that is written, redirects from old addresses.

`dokuwiki_data.exports.exporting.export` does it; each target is a file in ``targets``.
"""

#: The modules and classes of the targets by name, below `dokuwiki_data.exports.targets`.
TARGETS = {
    "bookstack": ("bookstack", "BookstackTarget"),
    "confluence": ("confluence", "ConfluenceTarget"),
    "docusaurus": ("docusaurus", "DocusaurusTarget"),
    "gfm": ("gfm", "GfmTarget"),
    "github-wiki": ("github_wiki", "GithubWikiTarget"),
    "gitlab-wiki": ("gitlab_wiki", "GitlabWikiTarget"),
    "html": ("html", "HtmlTarget"),
    "hugo": ("hugo", "HugoTarget"),
    "mkdocs": ("mkdocs", "MkdocsTarget"),
    "obsidian": ("obsidian", "ObsidianTarget"),
    "outline": ("outline", "OutlineTarget"),
    "pandoc": ("pandoc", "PandocTarget"),
    "wikijs": ("wikijs", "WikijsTarget"),
}

#: The export of a wiki's history, which is no target for pages.
GIT = "git"

#: The export of pages with all their revisions to MediaWiki, which has no file for a page either.
MEDIAWIKI = "mediawiki"

#: The exports that write a wiki as a whole.
WHOLE = (GIT, MEDIAWIKI)

#: What may become of changes whose content is not kept, in a history: a commit without a change of content, or nothing.
NOT_KEPT_MODES = ("commit", "skip")

#: What may become of media files: copied, shown from the old wiki, or left out.
MEDIA_MODES = ("copy", "link", "none")

#: What may become of entries of the data plugin in Markdown: front matter, tables in the text, or both.
DATA_MODES = ("both", "front-matter", "table")

#: What may become of queries of the data plugin in a vault of Obsidian: their answers, or bases that ask them again.
QUERY_MODES = ("answered", "live")

#: What may become of namespaces in MediaWiki: parts of titles, or the outermost ones namespaces there.
TITLE_MODES = ("subpages", "namespaces")
