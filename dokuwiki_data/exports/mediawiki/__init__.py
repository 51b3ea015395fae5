"""The export to MediaWiki: a dump of all pages with all their revisions, and the files that go with it.

`dokuwiki_data.exports.mediawiki.exporting.export_mediawiki` does it.
"""
