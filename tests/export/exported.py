"""Wikis to export, and what an export made of them."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

from dokuwiki_data.exports.exporting import export

#: The smallest PNG.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e366"
    "0000000049454e44ae426082"
)


_XMP = b"http://ns.adobe.com/xap/1.0/\0<dc:title><rdf:Alt><rdf:li>Its own title</rdf:li></rdf:Alt></dc:title>"
#: A JPEG file without an image, but with a title.
TITLED = b"\xff\xd8\xff\xe1" + (len(_XMP) + 2).to_bytes(2, "big") + _XMP + b"\xff\xda"


def write_wiki(folder, pages, media=(), conf=None):
    """Write a wiki: texts of pages by id, ids of media files, files of ``conf`` by name. Returns its folder."""
    data = folder / "data"
    for kind in ("pages", "media", "meta", "attic"):
        (data / kind).mkdir(parents=True, exist_ok=True)
    for page_id, text in pages.items():
        path = data / "pages" / f"{page_id.replace(':', '/')}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for media_id in media:
        path = data / "media" / media_id.replace(":", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(TITLED if media_id.endswith(".jpg") else PIXEL)
    for name, text in (conf or {}).items():
        (folder / "conf").mkdir(exist_ok=True)
        (folder / "conf" / name).write_text(text, "utf-8")
    return folder


def exported(source, folder, **options):
    """Export to HTML without search, and return the manifest."""
    export(source, folder, **{"search": False, **options})
    return manifest(folder)


def manifest(folder):
    return json.loads((folder / "export.json").read_text("utf-8"))


def article(folder, made, page_id):
    """What stands in the article of a page's file."""
    text = (folder / made["pages"][page_id]["file"]).read_text("utf-8")
    return re.search(r"<article[^>]*>\n(.*)\n</article>", text, re.DOTALL)[1]


class _Addresses(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src") and value]


def addresses(text):
    """Every address in a page."""
    parser = _Addresses()
    parser.feed(text)
    return parser.found


def files(folder):
    """The files of an export by path, without those that keep account."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and path.name not in (".dokuwiki-data-export",)
    }
