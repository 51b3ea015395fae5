"""Migrate a wiki to MkDocs: ``python examples/migrate.py WIKI FOLDER``, where the wiki is a folder or an archive."""

import sys

import dokuwiki_data as dw

done = dw.export(sys.argv[1], sys.argv[2], "mkdocs")
print(f"{done.pages} pages; not shown as in the wiki: {dict(done.losses)}")
