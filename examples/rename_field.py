"""Rename a field in all entries and queries of a wiki: shows what would change, or changes it.

    python examples/rename_field.py examples/wiki maturity readiness
    python examples/rename_field.py my/wiki maturity readiness --write --user me

The pages are saved as DokuWiki saves them, with their old text in the attic and a line in the list of recent changes;
of a folder of nothing but pages, such as ``examples/wiki``, there is no attic, and only the pages change.
Try it on a copy of your wiki, and while nobody edits. Nothing is saved if a page refuses, since it has a field
of the new name already.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import dokuwiki_data as dw
from dokuwiki_data.edit import rename_field
from dokuwiki_data.wiki.saving import Author
from dokuwiki_data.wiki.transforming import transform


def main(arguments: list[str] | None = None) -> int:
    """Rename, and return the exit code: 1 if some pages could not be changed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("wiki", type=Path)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--write", action="store_true", help="change the pages; without it only the changes are shown")
    parser.add_argument("--user", default="", help="who does it, for the history")
    chosen = parser.parse_args(arguments)

    try:
        result = transform(
            chosen.wiki,
            lambda page: rename_field(page, chosen.old, chosen.new, queries=True),
            dry_run=not chosen.write,
            author=Author(chosen.user, f"renamed the field {chosen.old} to {chosen.new}"),
        )
    except dw.DokuWikiDataError as error:
        sys.exit(str(error))
    print(result.diff, end="")
    for page_id, error in result.errors:
        print(f"{page_id}: {error}", file=sys.stderr)
    return 1 if result.errors else 0


if __name__ == "__main__":
    sys.exit(main())
