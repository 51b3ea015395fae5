"""The chapters of a report, in their order."""

from __future__ import annotations

from dokuwiki_data.reports.chapters.links import LINKS
from dokuwiki_data.reports.chapters.pages import PAGES
from dokuwiki_data.reports.chapters.wiki import WIKI
from dokuwiki_data.reports.subject import ChapterMaker

CHAPTERS: tuple[ChapterMaker, ...] = (WIKI, PAGES, LINKS)
