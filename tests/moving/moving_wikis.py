"""Random wikis to move pages in, written to folders, and what of a wiki must survive a move."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.engine.values import PageId
from dokuwiki_data.moving.renaming import Renaming

TIME, NOW = 1_600_000_000, 1_700_000_000
NAMES = ("a", "b", "start", "a_b", "ns")
NAMESPACES = ("", "a:", "b:", "a:b:", "ns:a:")
#: Names that no page mentions, so that nothing else leads to them before the move.
NEW_PAGES, NEW_FILES = ("z", "a:z", "new:z:y", "a:b:z"), ("z.png", "a:z.png", "new:z.png")
IDS = tuple(f"{namespace}{name}" for namespace in NAMESPACES for name in NAMES)
MEDIA = tuple(f"{namespace}{name}.png" for namespace in NAMESPACES for name in ("a", "b"))

#: Links to pages as people write them.
_WRITTEN = st.sampled_from(IDS) | st.sampled_from([
    "a", "b:", ":a", ":b:", ".:a", ".a", "..:b", "..b", "..:..:a", ":a:b:", "a:", ".:", "..:", "~b", "~:a:b", "A B",
    "a_b", ":Ns:A:Start", "missing", "a:missing", ".missing",
])  # fmt: skip
_FILES = st.sampled_from(MEDIA) | st.sampled_from(["a.png", ":b.png", ".:a.png", "..:b.png", "a:b:a.png", "gone.png"])
_AROUND = st.sampled_from([
    "[[{}]]", "[[ {} |it]]", "see [[{}#part|it]] there", "[[{}?do=edit]]", "**[[{}]]** and ((note [[{}]]))",
    "  * [[{}]]\n", "^ [[{}]] |\n", "{{{{page>{}}}}}\n", "{{{{section>{}#x&noheader}}}}\n", "~~REDIRECT>{}~~\n",
    "<wrap>[[{}]]</wrap>", "%%[[{}]]%%", "''[[{}|x]]''",
])  # fmt: skip
_SHOWN = st.sampled_from(["{{{{{}}}}}", "{{{{ {}?200|caption}}}}", "[[a|{{{{{}}}}}]]", "{{{{:{}#x|}}}}"])
_LINES = st.builds(str.format, _AROUND, _WRITTEN, _WRITTEN) | st.builds(str.format, _SHOWN, _FILES)
_ENTRIES = st.builds(
    "---- dataentry thing ----\nname: {}\nowner_page: {}  # who\nfriend_pages: {}, {}\nphoto_img: {}|x\n"
    "text_wiki: see [[{}]]\n----\n".format,
    st.sampled_from(["one", "two"]), st.sampled_from(IDS), st.sampled_from(IDS), st.sampled_from(IDS),
    st.sampled_from(MEDIA), st.sampled_from(IDS).map(":{}".format),
)  # fmt: skip
_QUERIES = st.builds(
    "---- datatable ----\ncols: %pageid%, name, owner_page, friend_pages\nfilter: {} = {}\nsort: name\n----\n".format,
    st.sampled_from(["owner_page", "friend_pages", "%pageid%"]), st.sampled_from(IDS),
)  # fmt: skip
_TEXTS = st.lists(_LINES | _ENTRIES | _QUERIES | st.just("words\n"), max_size=5).map("\n".join)

PAGES = st.dictionaries(st.sampled_from(IDS), _TEXTS, min_size=1, max_size=8)
FILES = st.sets(st.sampled_from(MEDIA), max_size=4)


@st.composite
def moves(draw: st.DrawFn, existing: list[str], new: list[str]) -> dict[str, str]:
    """Moves of some pages or files to other names, among them names that become free by the move."""
    old = draw(st.lists(st.sampled_from(existing), unique=True, min_size=1, max_size=3))
    free = [name for name in new if name not in existing or name in old]
    chosen = draw(st.lists(st.sampled_from(free), unique=True, min_size=len(old), max_size=len(old)))
    return dict(zip(old, chosen, strict=True))


def write(root: Path, pages: Mapping[str, str], media: Collection[str] = ()) -> Path:
    """The data folder of a wiki, with histories."""
    for folder in ("pages", "attic", "meta", "media", "media_meta", "media_attic", "locks"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for page_id, text in pages.items():
        name = page_id.replace(":", "/")
        _put(root / f"pages/{name}.txt", text)
        _put(root / f"attic/{name}.{TIME}.txt", text)
        _put(root / f"meta/{name}.changes", f"{TIME}\t127.0.0.1\tC\t{page_id}\tann\tmade\t\t{len(text)}\n")
        _put(root / f"meta/{name}.meta", "a:0:{}")
        _put(root / f"meta/{name}.indexed", "8")
    for media_id in media:
        name = media_id.replace(":", "/")
        _put(root / f"media/{name}", media_id)
        _put(root / f"media_meta/{name}.changes", f"{TIME}\t127.0.0.1\tC\t{media_id}\tann\t\t\t\n")
        _put(root / f"media_attic/{name.removesuffix('.png')}.{TIME}.png", media_id)
    return root


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, (TIME, TIME))


def files(root: Path) -> dict[str, tuple[bytes, int]]:
    """All files of a wiki with their contents and times, without journals."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file() and not path.relative_to(root).parts[0].startswith("_move_journal")
    }


def graph(wiki: dw.Wiki, renaming: Renaming | None = None) -> object:
    """The links and the uses of media files of a wiki, as they have to be after a renaming."""
    page, file = (renaming.pages, renaming.media) if renaming else (str, str)
    links = {page(one): sorted({page(target) for target in wiki.links(one)}) for one in wiki}
    return links, sorted({(file(one), page(user)) for one, users in wiki.media_usage().items() for user in users})


def answers(wiki: dw.Wiki, renaming: Renaming | None = None) -> object:
    """The answers to the queries of a wiki, as they have to be after a renaming."""
    page = renaming.pages if renaming else str

    def shown(value: object) -> object:
        return page(value) if isinstance(value, PageId) else value

    found = []
    for asked in wiki.queries:
        rows = wiki.evaluate(asked.query, page_id=asked.page_id).rows
        cells = sorted((page(row.page_id), [[*map(shown, cell)] for cell in row.values]) for row in rows)
        found.append((page(asked.page_id), cells))
    return sorted(found)
