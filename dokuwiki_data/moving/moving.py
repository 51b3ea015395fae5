"""Move pages and media files of a wiki: compute the change of all files, then make it as one, or take it back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dokuwiki_data.errors import MoveError, PageReadError
from dokuwiki_data.moving import journal
from dokuwiki_data.moving.mentions import Mention, mentions
from dokuwiki_data.moving.names import Situation
from dokuwiki_data.moving.planning import Planner
from dokuwiki_data.moving.references import Kept, rewritten
from dokuwiki_data.moving.renaming import Renaming, id_map, moved, write_table
from dokuwiki_data.moving.targets import same_targets
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.wiki.saving import Author, Saver
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.transforming import ChangedPage

#: What stands for bytes that are not UTF-8.
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")
#: What DokuWiki takes for UTF-8, which is more than UTF-8: surrogates, and code points in more bytes than they need.
_LIKE_UTF_8 = re.compile(
    rb"(?>[\x00-\x7f]+|[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}"
    rb"|[\xf8-\xfb][\x80-\xbf]{4}|[\xfc\xfd][\x80-\xbf]{5})*+"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move changed, or would change.

    Attributes:
        pages: The new ids of the pages that moved, by their old ones.
        media: The new ids of the media files that moved, by their old ones.
        changed: The pages whose text changed, with their old ids.
        kept: The names in pages that should have changed, but could not.
        mentions: The settings and access rules that name what moved, which stay as they are.
        errors: The errors of pages that could not be read.
    """

    pages: Mapping[str, str]
    media: Mapping[str, str]
    changed: tuple[ChangedPage, ...]
    kept: tuple[Kept, ...]
    mentions: tuple[Mention, ...] = ()
    errors: tuple[PageReadError, ...] = ()

    @property
    def table(self) -> str:
        """The moves as a CSV table with the columns kind, old and new."""
        return write_table(self.pages, self.media)

    @property
    def diff(self) -> str:
        """The changes of texts as a unified diff, under the old names."""
        return "".join(page.diff for page in self.changed)


def move(
    wiki: Wiki,
    pages: Mapping[str, str],
    media: Mapping[str, str],
    *,
    redirects: bool = False,
    dry_run: bool = False,
    partly: bool = False,
    author: Author = Author(),
    now: int | None = None,
) -> Moved:
    """Move pages and media files with their histories, and rewrite everything in pages that names them.

    `Wiki.move` calls this and has the description of the arguments.
    """
    source = wiki.source
    saver = Saver(source, author)
    journal.refuse_unfinished(source.files.place / source.layout.base)
    renaming = Renaming(
        id_map(pages, wiki.keys(), source.settings.id_rules), id_map(media, wiki.media, source.settings.id_rules)
    )
    new_pages = moved(wiki.keys(), renaming.pages, "page")
    new_media = moved(wiki.media.keys(), renaming.media, "media file")
    if not new_pages and not new_media:
        raise MoveError("nothing moves")
    existing = {new_pages.get(page_id, page_id) for page_id in wiki}
    situation = Situation(
        renaming, source.settings.link_rules, source.settings.syntax, wiki.context(), wiki.__contains__,
        existing.__contains__,
    )  # fmt: skip
    changed, kept = _rewrite_all(wiki.readable_pages(), situation)
    errors = tuple(wiki.lost)
    if errors and not (partly or dry_run):
        raise MoveError(f"{errors[0]}; links in it would break, so nothing was moved")
    told = tuple(mentions(source, new_pages, new_media, renaming))
    found = Moved(new_pages, new_media, changed, kept, told, errors)
    planner = Planner(wiki, saver, author, int(time.time()) if now is None else now)
    planner.check(found.changed, new_pages, new_media)
    if not dry_run:
        planner.apply(found.changed, new_pages, new_media, renaming.pages, redirects=redirects)
    return found


def _rewrite_all(pages: Iterable[Page], situation: Situation) -> tuple[tuple[ChangedPage, ...], tuple[Kept, ...]]:
    changed: list[ChangedPage] = []
    kept: list[Kept] = []
    for page in pages:
        before = str(page)
        shown = _as_shown(before)
        read = page if shown == before else parse(shown, page_id=page.page_id, syntax=situation.syntax)
        found = rewritten(read, situation)
        kept += found.kept
        if found.text != shown:
            text = found.text if shown == before else _in_latin_1(found.text, page.page_id)
            after = parse(_as_shown(text), page_id=situation.renaming.pages(page.page_id), syntax=situation.syntax)
            if not found.kept and not same_targets(read, after, situation):
                raise MoveError(f"{page.page_id}: its rewritten links would lead elsewhere, so nothing was moved")
            changed.append(ChangedPage(page.page_id, before, text))
    return tuple(changed), tuple(kept)


def _as_shown(text: str) -> str:
    """Return the text of a page as DokuWiki reads it: as Latin-1 if it has bytes that are not UTF-8."""
    if text.isascii() or not _NOT_UTF_8.search(text):
        return text
    content = text.encode("utf-8", "surrogateescape")
    return text if _LIKE_UTF_8.fullmatch(content) else content.decode("latin-1")


def _in_latin_1(text: str, page_id: str) -> str:
    """Return the text of a page that DokuWiki reads as Latin-1 in the form in which pages are kept here."""
    try:
        return text.encode("latin-1").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        name = text[error.start : error.end]
        raise MoveError(
            f"{page_id}: has bytes that are not UTF-8, so that DokuWiki reads it as Latin-1, which has no {name}"
        ) from None


def continue_move(source: WikiSource) -> None:
    """Do what is left of an interrupted move. Raises `MoveError` if there is none."""
    journal.run(*_place(source))


def undo_move(source: WikiSource) -> None:
    """Take back the last move, finished or not. Raises `MoveError` if there is none, or files changed since."""
    journal.undo(*_place(source))


def _place(source: WikiSource) -> tuple[Path, str]:
    Saver(source)  # refuses a wiki that is not in a folder
    return source.files.place, source.layout.base
