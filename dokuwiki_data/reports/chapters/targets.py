"""The chapter about targets of an export: how much of the wiki goes over whole, and what each of them would lose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from dokuwiki_data.conversion import ConversionOptions, convert_pages
from dokuwiki_data.exports.manifest import Verification
from dokuwiki_data.exports.overview import PageOverview
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportPlace, ReportTable, Value
from dokuwiki_data.reports.loss_groups import GROUP_OF, LOSSLESS, group_of
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki, SeenPage
from dokuwiki_data.reports.target_losses import PlacedLoss, TargetLosses, exported_parts, find_losses, overview_of
from dokuwiki_data.writers.losses import KINDS

#: What the targets are that are told of if nobody asks for others.
TARGETS_TOLD = {
    "html": "A site of static pages",
    "gfm": "Markdown as on GitHub",
    "mkdocs": "A project of MkDocs or Zensical",
    "hugo": "A project of Hugo",
    "docusaurus": "A project of Docusaurus",
    "obsidian": "A vault of Obsidian",
    "mediawiki": "A dump for MediaWiki, with all revisions",
    "wikijs": "A folder that Wiki.js imports",
    "bookstack": "Books for BookStack; links between books are lost",
    "outline": "An archive for Outline",
    "confluence": "Pages in Confluence's storage format",
    "github-wiki": "A wiki on GitHub",
    "gitlab-wiki": "A wiki on GitLab",
    "git": "A git repository with the history, in DokuWiki's markup",
    "docx": "A Word document for each page; odt, latex, typst and most other formats of pandoc lose the same",
    "epub": "A book for each page, which cannot link to the others; fb2 and chunkedhtml lose the same",
    "pandoc": "The syntax tree of pandoc as JSON",
}

#: The most places that are told of one kind of loss in the same targets.
MOST_PLACES = 500


@dataclass(slots=True)
class LossCount:
    """The losses in a target.

    Attributes:
        losses: The number of losses by kind.
        pages: The number of pages with such a loss by kind.
        all_pages: The number of pages.
        whole: The number of pages without a loss.
    """

    losses: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    all_pages: int = 0
    whole: int = 0

    @classmethod
    def of(cls, pages: Iterable[Sequence[PlacedLoss]]) -> LossCount:
        """Return the count of the losses of pages."""
        count = cls()
        for losses in pages:
            kinds = Counter(loss.kind for loss in losses)
            count.losses += kinds
            count.pages.update(kinds.keys())
            count.all_pages += 1
            count.whole += not kinds
        return count


def _look(seen: SeenPage) -> PageOverview:
    return overview_of(seen.page, seen.setting.links)


def _make(wiki: ReportedWiki, seen: Mapping[str, PageOverview]) -> ReportChapter:
    verified = wiki.verified
    asked = TARGETS_TOLD if wiki.targets is None else wiki.targets
    names = list(dict.fromkeys([*asked, *([] if verified is None else [verified.target])]))
    groups = [group_of(name).name for name in names if name not in LOSSLESS]
    options = ConversionOptions(parts=(), jobs=wiki.jobs)
    run = partial(convert_pages, wiki.source, report=wiki.lose, options=options)
    parts = exported_parts(wiki.source, seen, wiki.setting.context, wiki.lose)
    found = find_losses(wiki.files, parts, groups, run)
    counts = {name: LossCount.of(found.of(name).values()) for name in names}
    shares = [count.whole / count.all_pages for count in counts.values() if count.all_pages]
    return ReportChapter(
        "targets",
        "What a migration loses",
        "How many pages each target of an export shows as DokuWiki does, and what is lost of the others. Nothing was "
        "exported: the losses are those that an export of all pages with the default options notes in its export.json.",
        figures=(
            ReportFigure("targets", "Targets", len(names)),
            ReportFigure("least_whole", "Smallest share of whole pages", min(shares, default=1.0), "share"),
            ReportFigure("most_whole", "Largest share of whole pages", max(shares, default=1.0), "share"),
        ),
        tables=(_targets(counts, verified), _losses(counts), _places(found, names)),
    )  # fmt: skip


def _targets(counts: Mapping[str, LossCount], verified: Verification | None) -> ReportTable:
    columns = [
        ReportColumn("target", "Target", "code"),
        ReportColumn("what", "What it is"),
        ReportColumn("whole", "Pages that go over whole", "number"),
        ReportColumn("with_losses", "Pages with losses", "number"),
        ReportColumn("losses", "Losses", "number"),
        ReportColumn("share", "Share that goes over whole", "share"),
    ]
    if verified is not None:
        columns.append(ReportColumn("identical", "Verified: pages that say the same", "number"))
        columns.append(ReportColumn("different", "Verified: pages that differ", "number"))
    rows: list[tuple[Value, ...]] = []
    for name, count in counts.items():
        share = count.whole / count.all_pages if count.all_pages else 1.0
        what = TARGETS_TOLD.get(name) or f"The format {name} of pandoc"
        row = (name, what, count.whole, count.all_pages - count.whole, count.losses.total(), share)
        if verified is not None:
            is_it = verified.target == name
            row += (verified.identical, verified.different) if is_it else (None, None)  # type: ignore[assignment]
        rows.append(row)
    return ReportTable(
        "targets",
        "Targets",
        "Each row is a target of an export. A page goes over whole if nothing of it is lost.",
        tuple(columns),
        tuple(rows),
    )


def _losses(counts: Mapping[str, LossCount]) -> ReportTable:
    return ReportTable(
        "losses",
        "Losses by target and kind",
        "What is lost in each target, and what that means. Losses that every target has, such as links to missing "
        "pages, are best mended in the wiki before it moves.",
        (
            ReportColumn("target", "Target", "code"),
            ReportColumn("kind", "Kind", "code"),
            ReportColumn("losses", "Losses", "number"),
            ReportColumn("pages", "Pages", "number"),
            ReportColumn("meaning", "What it means"),
        ),
        tuple(
            (name, kind, number, count.pages[kind], KINDS[kind])
            for name, count in counts.items()
            for kind, number in count.losses.most_common()
        ),
    )


def _places(found: TargetLosses, names: Sequence[str]) -> ReportTable:
    return ReportTable(
        "loss_places",
        "Places of losses",
        f"Each place of a loss, with the targets that lose it; at most {MOST_PLACES} places of each kind that the same "
        "targets lose. The table of losses has the numbers of all.",
        (
            ReportColumn("place", "Place", "place"),
            ReportColumn("kind", "Kind", "code"),
            ReportColumn("what", "What is lost", "code"),
            ReportColumn("targets", "Targets"),
        ),
        tuple(_place_rows(found, names)),
    )


def _place_rows(found: TargetLosses, names: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    told_in: dict[tuple[str, frozenset[int]], str] = {}
    number_of: Counter[tuple[str, str]] = Counter()
    for page_id in sorted(found.pages):
        groups: dict[PlacedLoss, set[int]] = {}
        for at, losses in enumerate(found.pages[page_id]):
            for loss in losses:
                groups.setdefault(loss, set()).add(at)
        for loss in sorted(groups, key=lambda one: (one.line, one.column)):
            key = loss.kind, frozenset(groups[loss])
            if key not in told_in:
                told_in[key] = _shown_targets(found, names, *key)
            targets = told_in[key]
            number_of[loss.kind, targets] += 1
            if targets and number_of[loss.kind, targets] <= MOST_PLACES:
                yield ReportPlace(page_id, loss.line, loss.column), loss.kind, loss.what, targets


def _shown_targets(found: TargetLosses, names: Sequence[str], kind: str, groups: frozenset[int]) -> str:
    """Return the targets of groups that lose a kind, as people read them; empty if there are none."""
    wanted = {found.groups[at] for at in groups}
    rewritten = [(name, GROUP_OF[name]) for name in names if name not in LOSSLESS]
    lose_it = [name for name, group in rewritten if group.name in wanted and kind not in group.targets[name]]
    others = [name for name in names if name not in lose_it]
    return f"all but {', '.join(others)}" if 0 < len(others) < len(lose_it) else ", ".join(lose_it)


TARGETS = ChapterMaker("targets", (), _make, _look)
