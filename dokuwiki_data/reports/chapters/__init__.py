"""The chapters of a report, in their order."""

from __future__ import annotations

from dokuwiki_data.reports.chapters.access import ACCESS
from dokuwiki_data.reports.chapters.data import DATA
from dokuwiki_data.reports.chapters.links import LINKS
from dokuwiki_data.reports.chapters.media import MEDIA
from dokuwiki_data.reports.chapters.names import NAMES
from dokuwiki_data.reports.chapters.pages import PAGES
from dokuwiki_data.reports.chapters.plugins import PLUGINS
from dokuwiki_data.reports.chapters.secrets import SECRETS
from dokuwiki_data.reports.chapters.targets import TARGETS
from dokuwiki_data.reports.chapters.upgrade import UPGRADE
from dokuwiki_data.reports.chapters.wiki import WIKI
from dokuwiki_data.reports.subject import ChapterMaker

CHAPTERS: tuple[ChapterMaker, ...] = (
    WIKI, PAGES, LINKS, MEDIA, PLUGINS, DATA, UPGRADE, ACCESS, SECRETS, NAMES, TARGETS,
)  # fmt: skip
