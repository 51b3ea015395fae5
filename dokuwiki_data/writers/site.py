"""A site: what writers know of the wiki that a page is part of."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cache

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.results import Result
from dokuwiki_data.errors import PageReadError, QueryError
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins.tag import Tags
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.settings import Settings
from dokuwiki_data.writers.jpeg import jpeg_title
from dokuwiki_data.writers.typography import Typography, words

#: DokuWiki's default of the setting ``dformat``.
_TIME_FORMAT = "%Y/%m/%d %H:%M"


def _nothing(*asked: object) -> None:
    return None


def _default_links() -> LinkContext:
    return LinkContext(interwiki=Syntax().addresses())


@dataclass(frozen=True, slots=True)
class Site:
    """What writers know of the wiki that a page is part of; `Site.of` makes it of a `Wiki`.

    What it does not know does not exist: to hide pages from a writer, leave them out of ``links`` and ``page_of``.

    Attributes:
        links: The settings for links, the addresses of other wikis, and the ids that exist.
        schemes: The schemes of addresses that links may have.
        settings: The settings of the wiki and of its plugins.
        syntax: How markup in values of the data plugin is read.
        typography: What is shown for typed characters.
        context: Who asks queries and when, and what the types of the data plugin mean.
        use_heading: Whether a link without a label shows the title of its page (``useheading``).
        page_of: Returns a page by its id; None if it is not there.
        title_of: Returns the title of a page, which is its first heading; None if it has none.
        anchors_of: Returns the anchors of a page by its id; None if they are not known, and every link to one is kept.
        answer: Returns what a query shows on the page with an id; None if it cannot be answered.
        tags_of_pages: Returns the tags (of the plugin *tag*) of all pages that have any, by id.
        image_title: Returns the title that a JPEG file has in its metadata; None without one.
    """

    links: LinkContext = field(default_factory=_default_links)
    schemes: frozenset[str] = frozenset(map(str.lower, Syntax().names("schemes")))
    settings: Settings = field(default_factory=Settings)
    syntax: Syntax = field(default_factory=Syntax)
    typography: Typography = field(default_factory=Typography)
    context: Context = field(default_factory=Context)
    use_heading: bool = False
    page_of: Callable[[str], Page | None] = _nothing
    title_of: Callable[[str], str | None] = _nothing
    anchors_of: Callable[[str], Container[str] | None] = _nothing
    answer: Callable[[DataQuery, str], Result | None] = _nothing
    tags_of_pages: Callable[[], Mapping[str, tuple[str, ...]]] = dict
    image_title: Callable[[str], str | None] = _nothing

    @property
    def time_format(self) -> str:
        """How times are shown (DokuWiki's setting ``dformat``), as for `time.strftime`."""
        return self.settings.text("dformat", _TIME_FORMAT)

    @property
    def words(self) -> Mapping[str, str]:
        """The words of the wiki's language that plugins show."""
        return words(self.typography.language)

    @classmethod
    def of(cls, wiki: Wiki, context: Context | None = None) -> Site:
        """Return what writers know of a wiki.

        Args:
            wiki: The wiki, whose pages and media are those that exist.
            context: Who asks its queries and when; as in `Wiki.evaluate` if it is not given.
        """
        titles: dict[str, str | None] = {}
        context = context or wiki.context()

        def page_of(page_id: str) -> Page | None:
            try:
                return wiki.get(page_id)
            except PageReadError:
                return None

        def title_of(page_id: str) -> str | None:
            if page_id not in titles:
                page = page_of(page_id)
                titles[page_id] = None if page is None else page.first_heading
            return titles[page_id]

        def answer(query: DataQuery, page_id: str) -> Result | None:
            try:
                return wiki.evaluate(query, page_id=page_id, context=context)
            except QueryError:
                return None

        @cache
        def tags_of_pages() -> Mapping[str, tuple[str, ...]]:
            found = {}
            for page in wiki.readable_pages():
                if tags := tuple(dict.fromkeys(tag for node in page.find_all(Tags) for tag in node.tags)):
                    found[page.page_id] = tags
            return found

        @cache
        def image_title(media_id: str) -> str | None:
            try:
                return jpeg_title(wiki.media[media_id].read()) if media_id in wiki.media else None
            except PageReadError:
                return None

        settings = wiki.settings
        return cls(
            links=with_own_address(wiki._link_context, wiki.information.url),
            schemes=frozenset(map(str.lower, settings.syntax.names("schemes"))),
            settings=settings,
            syntax=settings.syntax,
            typography=Typography.of(settings),
            context=context,
            use_heading=settings.text("useheading", "0") not in ("", "0", "False", "navigation"),
            page_of=page_of,
            title_of=title_of,
            answer=answer,
            tags_of_pages=tags_of_pages,
            image_title=image_title,
        )


def with_own_address(links: LinkContext, url: str) -> LinkContext:
    """Return how links are resolved if ``this>…`` leads to the wiki's address; without one it leads nowhere."""
    if not url.startswith(("http://", "https://")):
        return links
    return links._replace(interwiki={**links.interwiki, "this": f"{url.rstrip('/')}/{{NAME}}"})


#: A wiki of which nothing is known.
NO_SITE = Site()


def site_of(wiki: Wiki | Site | None) -> Site:
    """Return what is known of a wiki; for None, a site where every page and file counts as existing."""
    if wiki is None:
        return NO_SITE
    return wiki if isinstance(wiki, Site) else Site.of(wiki)
