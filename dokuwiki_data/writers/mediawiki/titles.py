"""Titles: what pages and files of a DokuWiki are called in a MediaWiki.

The rules are those of https://www.mediawiki.org/wiki/Manual:Page_title.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

#: Names that MediaWiki's own namespaces have, or that it refuses for others.
_RESERVED = frozenset({
    "category", "file", "help", "image", "media", "mediawiki", "module", "project", "special", "talk", "template",
    "user", "wiki", "wikipedia", "gadget",
})  # fmt: skip

#: What no title may have: signs of links, controls, what stands for another character, marks of directions.
_ILLEGAL = re.compile(
    r"[\x00-\x1f#<>\[\]|{}:\x7f-\x9f\u200e\u200f\u2028-\u202e\ud800-\udfff\ufffd/\\]"
    r"|%(?=[0-9A-Fa-f]{2})|&(?=#?\w+;)|~(?=~~)"
)
_BLANKS = re.compile(r"[\s_]+")

#: The longest title, and the longest name of a file, in bytes.
LONGEST_TITLE, LONGEST_NAME = 255, 200
_DIGEST = 10


def capitalized(text: str) -> str:
    """Return text with a capital letter at its beginning, as MediaWiki has all titles."""
    return unicodedata.normalize("NFC", text[:1].upper() + text[1:])


def digest(text: str) -> str:
    """Return digits that differ for different texts."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGEST]


def marked(title: str, name: str) -> str:
    """Return a title with ``~`` and digits of a name behind it."""
    return f"{title.rstrip('~ ')}~{digest(name)}"  # three signs in a row are a signature


def part_of_title(part: str) -> str:
    """Return one part of an id as part of a title.

    What no title may have becomes a dash, and ``~`` and digits follow, so that different parts stay different.

    Example:
        >>> part_of_title("night_watch"), part_of_title("a[b]")
        ('night watch', 'a-b-~26974bc54e')
    """
    plain = unicodedata.normalize("NFC", part)
    written = _BLANKS.sub(" ", _ILLEGAL.sub("-", plain)).strip(" ")
    is_same = not _ILLEGAL.search(plain) and written not in ("", ".", "..") and written == plain.replace("_", " ")
    return written if is_same else marked(written.strip(". "), part)


def shortened(title: str, name: str, longest: int = LONGEST_TITLE) -> str:
    """Return a title that is not too long: a longer one is cut, and ``~`` and digits of ``name`` follow."""
    if len(title.encode()) <= longest:
        return title
    return marked(title.encode()[: longest - _DIGEST - 1].decode(errors="ignore").rstrip(" /"), name)


@dataclass(frozen=True, slots=True)
class TitleRules:
    """How titles are made of ids.

    Attributes:
        mode: What becomes of namespaces: with ``subpages``, the page ``a:b:c`` is ``A/b/c``, with ``namespaces`` it is
            ``A:B/c`` in a namespace of MediaWiki.
    """

    mode: str = "subpages"

    def page(self, page_id: str) -> str:
        """Return the title of a page.

        Example:
            >>> TitleRules().page("tool:mail_merge"), TitleRules("namespaces").page("tool:mail_merge")
            ('Tool/mail merge', 'Tool:Mail merge')
        """
        parts = [part_of_title(part) for part in page_id.split(":")]
        if self.namespace(page_id):
            title = f"{capitalized(parts[0])}:{capitalized('/'.join(parts[1:]))}"
        else:
            title = capitalized("/".join(parts))
        return shortened(title, page_id)

    def namespace(self, page_id: str) -> str:
        """Return the namespace of MediaWiki that a page is in; empty if it is in the main one."""
        outermost, colon, _ = page_id.partition(":")
        name = part_of_title(outermost)
        is_own = self.mode == "namespaces" and colon and name.lower() not in _RESERVED
        return capitalized(name) if is_own and not name.lower().endswith(" talk") and len(name.encode()) < 100 else ""

    @staticmethod
    def file(media_id: str) -> str:
        """Return the name of a media file, which has no folder.

        Example:
            >>> TitleRules.file("tool:desk:photo.jpg")
            'Tool_desk_photo.jpg'
        """
        name, dot, suffix = media_id.rpartition(".")
        if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,10}", suffix):
            name, dot, suffix = media_id, "", ""
        flat = capitalized("_".join(part_of_title(part) for part in name.split(":")).replace(" ", "_"))
        return f"{shortened(flat, media_id, LONGEST_NAME)}{dot}{suffix}"

    @staticmethod
    def category(tag: str) -> str:
        """Return the name of the category of a tag."""
        return shortened(capitalized(part_of_title(tag.replace(":", " "))), tag, LONGEST_NAME)


@dataclass(frozen=True, slots=True)
class RuledTitles:
    """The titles of pages and the names of files as addresses, by the rules alone.

    Attributes:
        rules: The rules.
        live: Whether links to missing pages are kept, which MediaWiki shows in red.
    """

    rules: TitleRules = TitleRules()
    live: bool = False

    def page(self, page_id: str, anchor: str | None = None) -> str:
        return f"{self.rules.page(page_id)}{f'#{anchor}' if anchor else ''}"

    def media(self, media_id: str) -> str:
        return self.rules.file(media_id)
