"""Migrate a wiki: its pages become Markdown files, with their data in front and their queries answered.

``python examples/migrate.py WIKI FOLDER``, where the wiki is anything that `Wiki.open` takes. Front matter of YAML is
what Hugo, Jekyll, Obsidian and MkDocs read. The text is plain: how markup becomes Markdown is up to you.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

import dokuwiki_data as dw


def migrate(wiki: dw.Wiki, folder: Path) -> None:
    """Write a file for each page that can be read."""
    for page in wiki.readable_pages():
        front = {"title": page.title or page.page_id, "links": sorted(wiki.links(page.page_id))}
        for entry in page.entries:
            for field in entry.fields:
                front[field.column.title] = list(field.values) if field.column.many else "".join(field.values)
        tables = [wiki.evaluate(query, page_id=page.page_id).to_markdown() for query in page.queries]
        path = folder.joinpath(*f"{page.page_id}.md".split(":"))
        path.parent.mkdir(parents=True, exist_ok=True)
        header = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
        path.write_text("\n".join([f"---\n{header}---", page.plain_text(), *tables]), "utf-8", "replace")


if __name__ == "__main__":
    migrate(dw.Wiki.open(sys.argv[1]), Path(sys.argv[2]))
