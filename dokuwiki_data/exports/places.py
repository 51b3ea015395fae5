"""Where the files of an export lie: a path for every page and media file, which every system can store."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from dokuwiki_data.ids import clean_id
from dokuwiki_data.portable_names import folded, is_device, is_one_letter_anywhere

#: The longest name of a file or folder in bytes, and the longest path below the folder of an export.
_LONGEST_NAME, _LONGEST_PATH = 180, 1000
#: The longest name of all parts of an id together.
_LONGEST_FLAT_NAME = 240
#: The folder of all old states of pages. That of one page has the name of the page's file, which no other folder has.
HISTORY_FOLDER = "_history"
_SHORT_DIGEST, _LONG_DIGEST = 10, 32
_PLAIN = re.compile(r"[a-z0-9_.\-]+")
_NEEDS_NO_ESCAPES = re.compile(r"[a-zA-Z0-9_.\-~/]+")


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """How a target names its files.

    Attributes:
        suffix: What the files of pages end with.
        index: The name of a namespace's start page in the folder of the namespace; empty if it is beside the folder,
            and has the name of the folder.
        start_page: The last part of the id of a start page (DokuWiki's setting ``start``).
        folder: The folder of the pages; empty, or ending with a slash.
        media_folder: The folder of the media files, likewise.
        reserved: Names at the root that pages may not have, because the target needs them.
        taken: Names that no page may have in any folder, as a regular expression.
        is_folder_address: Whether the page ``a`` and the folder ``a`` would have one address. The page stands for the
            folder then, unless a start page does.
        one_file: The file of all pages, if they become one document.
        home: The name of the wiki's start page, if it has another one than those of namespaces.
        separator: What stands between the parts of a page's name; a slash for folders.
        taken_folders: Names that no folder may have, as a regular expression.
        taken_first: Names that the first part of a page's name may not have, as a regular expression.
        illegal: Signs that the names of pages may not have, beside those that no export has.
    """

    suffix: str = ".html"
    index: str = "index"
    start_page: str = "start"
    folder: str = ""
    media_folder: str = "_media/"
    reserved: frozenset[str] = frozenset()
    taken: str = ""
    is_folder_address: bool = False
    one_file: str = ""
    home: str = ""
    separator: str = "/"
    taken_folders: str = ""
    taken_first: str = ""
    illegal: str = ""


class Places:
    """The files of pages and of media files, by id.

    The file of ``a:b`` is ``a/b`` with the suffix, the file of a start page is the index of its folder. These rules
    keep different ids apart, on systems too that ignore case:

    - A part that is not an id as DokuWiki writes it (capital letters, blanks, signs, letters with two spellings), or
      that is too long, is cleaned or cut, and ``~`` and a digest follow.
    - A part that is taken gets ``_`` at its end: the name of the index, names of devices (``con``), names that the
      target needs, and folders that end like a file of a page. So does such a part that has ``_`` at its end already.
    - If two files, or a file and a folder, had one path all the same, the later id gets a digest.
    """

    def __init__(self, rules: PlaceRules, pages: Iterable[str] = (), media: Iterable[str] = ()) -> None:
        self._rules = rules
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self.pages: dict[str, str] = {}
        self.media: dict[str, str] = {}
        pages = list(pages)
        if rules.one_file:
            self.pages = dict.fromkeys(pages, rules.one_file)
            pages = []
        known = frozenset(pages) if rules.is_folder_address else frozenset()
        namespaces = frozenset(above for page_id in known for above in _namespaces(page_id))
        for page_id in pages:
            parts = self._page_parts(page_id)
            if page_id in namespaces and page_id != rules.start_page:
                # The parts of a page in the namespace name the folder.
                if f"{page_id}:{rules.start_page}" in known:
                    parts[-1] += "_"
                else:
                    parts = self._page_parts(f"{page_id}:{rules.start_page}")
            self.pages[page_id] = self._placed(page_id, parts, rules.folder, rules.suffix, rules.separator)
        for media_id in media:
            name, dot, suffix = media_id.rpartition(":")[2].rpartition(".")
            suffix = f".{suffix}" if dot and name and _PLAIN.fullmatch(suffix) and len(suffix) < 20 else ""
            parts = [*media_id.split(":")[:-1], media_id.rpartition(":")[2].removesuffix(suffix)]
            names = [_portable(part) for part in parts]
            self.media[media_id] = self._placed(media_id, names, rules.media_folder, suffix)

    def _page_parts(self, page_id: str) -> list[str]:
        """The names of the folders and of the file of a page, without its suffix."""
        rules = self._rules
        *namespaces, name = page_id.split(":")
        folders = [_portable(part, rules.illegal) for part in namespaces]
        folders = [f"{part}_" if rules.suffix and part.rstrip("_").endswith(rules.suffix) else part for part in folders]
        if rules.taken_folders:
            taken = re.compile(rules.taken_folders)
            folders = [f"{part}_" if taken.fullmatch(part.rstrip("_")) else part for part in folders]
        is_home = name == rules.start_page and not folders
        if name == rules.start_page:
            last = (rules.home if is_home else "") or rules.index
            if not last:  # the page has the name of its namespace
                last = folders.pop()
        else:
            last = _portable(name, rules.illegal)
            is_index = bool(rules.index) and last.rstrip("_") == rules.index.lower()
            is_taken = is_index or (rules.taken and re.fullmatch(rules.taken, last))
            last = f"{last}_" if is_taken else last
        parts = [*folders, last]
        first = parts[0].rstrip("_")
        if not is_home and (first in rules.reserved or (rules.taken_first and re.fullmatch(rules.taken_first, first))):
            parts[0] += "_"
        return parts

    def _placed(self, name: str, parts: list[str], folder: str, suffix: str, separator: str = "/") -> str:
        """Return a path that no other file or folder has."""
        longest = _LONGEST_PATH if separator == "/" else _LONGEST_FLAT_NAME
        joined = folder + separator.join(parts)
        path = f"{joined}{suffix}"
        if len(path.encode()) <= longest and self._take(path):
            return path
        digest = _digest(name, _LONG_DIGEST)
        path = f"{joined}~{digest}{suffix}"
        if len(path.encode()) <= longest and self._take(path):
            return path
        path = f"{folder}~{digest}{suffix}"
        self._take(path)
        return path

    def _take(self, path: str) -> bool:
        key = folded(path)
        above: list[str] = []
        folder = key.rpartition("/")[0]
        while folder and folder not in self._folders:
            above.append(folder)
            folder = folder.rpartition("/")[0]
        if key in self._files or key in self._folders or not self._files.isdisjoint(above):
            return False
        self._files.add(key)
        self._folders.update(above)
        return True


def folder_of_page(file: str, folder: str, index: str) -> str:
    """Return the folder in a site that a page becomes where each page becomes one; it ends with a slash, or is empty.

    Args:
        file: The file of the page.
        folder: The folder of all pages, which ends with a slash.
        index: The name of the files that stand for their own folder, without the suffix.
    """
    path = file.removeprefix(folder).removesuffix(".md")
    return path.removesuffix(index) if path.rpartition("/")[2] == index else f"{path}/"


def address(path: str, anchor: str = "", *, page: str | None = None) -> str:
    """Return the address of a file, relative to the file of a page or, without one, to the root.

    Example:
        >>> address("a/b c.html", "part", page="x/y.html")
        '../a/b%20c.html#part'
    """
    if page is not None:
        path = _relative(path.split("/"), page.split("/")[:-1])
    written = path if _NEEDS_NO_ESCAPES.fullmatch(path) else quote(path, safe="/~", errors="surrogateescape")
    # names of files and namespaces need not be UTF-8; pages are written with a ? for what is not
    return written + (f"#{quote(anchor, errors='replace')}" if anchor else "")


def _namespaces(page_id: str) -> Iterator[str]:
    """Iterate over the namespaces that a page is in."""
    namespace = page_id.rpartition(":")[0]
    while namespace:
        yield namespace
        namespace = namespace.rpartition(":")[0]


def _relative(steps: list[str], folders: list[str]) -> str:
    same = 0
    while same < min(len(folders), len(steps) - 1) and folders[same] == steps[same]:
        same += 1
    return "../" * (len(folders) - same) + "/".join(steps[same:])


def _portable(part: str, illegal: str = "") -> str:
    """Return one part of an id as the name of a file or folder, different for different parts.

    Names that have one of the ``illegal`` signs are cleaned, too.
    """
    is_plain = _PLAIN.fullmatch(part) or (
        all(_PLAIN.fullmatch(letter) or is_one_letter_anywhere(letter) for letter in part)
        and folded(part) == unicodedata.normalize("NFC", part)
    )
    is_plain = is_plain and not any(sign in part for sign in illegal)
    if not part or not is_plain or part[0] == "." or part[-1] == "." or len(part.encode()) > _LONGEST_NAME:
        cleaned = clean_id(part).replace(":", "_").encode()[: _LONGEST_NAME // 2].decode(errors="ignore").strip("._-")
        cleaned = "".join("_" if sign in illegal else sign for sign in cleaned if sign.isprintable())
        return f"{cleaned}~{_digest(part, _SHORT_DIGEST)}"
    return f"{part}_" if is_device(part.rstrip("_")) else part


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:digits]
