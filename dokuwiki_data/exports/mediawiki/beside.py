"""The files beside the dump: what MediaWiki's settings need, its main page, and which pages are deleted today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dokuwiki_data.exports.mediawiki.dump import TAIL
from dokuwiki_data.exports.mediawiki.revisions import as_xml
from dokuwiki_data.render.characters import replace_surrogates

SETTINGS, MAIN_PAGE, DELETED_LIST = "settings.php", "mainpage.xml", "deleted.txt"

_SETTINGS = """\
<?php
# What the imported pages need of MediaWiki. At the end of LocalSettings.php write:
#   require_once '/path/to/settings.php';

# Notes, and highlighted code; both are part of MediaWiki.
wfLoadExtension( 'Cite' );
wfLoadExtension( 'SyntaxHighlight_GeSHi' );

# The pages of a namespace are subpages: A/b.
$wgNamespacesWithSubpages[NS_MAIN] = true;

# Images of other sites are shown, as DokuWiki does. Their owners then learn who reads a page.
$wgAllowExternalImages = true;
"""


def settings(namespaces: Mapping[str, int], suffixes: Iterable[str]) -> str:
    """Return the file that is included into MediaWiki's ``LocalSettings.php``.

    Args:
        namespaces: The numbers of the wiki's own namespaces, by name.
        suffixes: What the names of its media files end with, which have to be allowed.
    """
    return "".join((_SETTINGS, *_file_lines(sorted(set(suffixes))), *_namespace_lines(namespaces)))


def _file_lines(suffixes: list[str]) -> Iterator[str]:
    if suffixes:
        listed = ", ".join(map(_quoted, suffixes))
        yield "\n# The kinds of the media files.\n$wgEnableUploads = true;\n"
        yield f"$wgFileExtensions = array_unique( array_merge( $wgFileExtensions, [ {listed} ] ) );\n"


def _namespace_lines(namespaces: Mapping[str, int]) -> Iterator[str]:
    if namespaces:
        yield "\n# The namespaces of the old wiki, each with that of its talk pages.\n"
    for name, number in namespaces.items():
        key = name.replace(" ", "_")
        yield f"$wgExtraNamespaces[{number}] = {_quoted(key)};\n"
        yield f"$wgExtraNamespaces[{number + 1}] = {_quoted(f'{key}_talk')};\n"
        yield f"$wgNamespacesWithSubpages[{number}] = true;\n"
        yield f"$wgContentNamespaces[] = {number};\n"


def _quoted(text: str) -> str:
    """Return text as a string of PHP."""
    escaped = replace_surrogates(text).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def main_page(head: str, title: str) -> str:
    """Return a dump of MediaWiki's own page that says which page is the first one."""
    return (
        f"{head}  <page>\n    <title>MediaWiki:Mainpage</title>\n    <ns>8</ns>\n    <id>1</id>\n    <revision>\n"
        "      <id>1</id>\n      <timestamp>2000-01-01T00:00:00Z</timestamp>\n"
        "      <contributor><username>dokuwiki-data</username></contributor>\n"
        "      <origin>1</origin>\n      <model>wikitext</model>\n      <format>text/x-wiki</format>\n"
        f'      <text xml:space="preserve">{as_xml(title)}</text>\n      <sha1></sha1>\n'
        f"    </revision>\n  </page>\n{TAIL}"
    )
