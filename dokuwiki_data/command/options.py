"""Options that several commands share: where the wiki is, how pages are read, for whom, and by how many workers."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.command.arguments import count, names, path_argument, setting, size, some_names
from dokuwiki_data.command.messages import echo
from dokuwiki_data.conversion.choice import PageChoice
from dokuwiki_data.conversion.executors import available_cores
from dokuwiki_data.dataset.folder import is_dataset
from dokuwiki_data.errors import DokuWikiDataError, SourceError
from dokuwiki_data.syntax.configuration import FLAVOURS, RELEASES, Syntax
from dokuwiki_data.wiki.conf import Literal
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.information import read_information
from dokuwiki_data.wiki.sources.files import Limits, Report
from dokuwiki_data.wiki.sources.layouts import DESCRIPTIONS, LayoutKind
from dokuwiki_data.wiki.sources.opening import open_source
from dokuwiki_data.wiki.sources.source import WikiSource

# --------------------------------------------------------------------------------------------------- syntax


@dataclass(frozen=True, slots=True)
class SyntaxOptions:
    """How pages are parsed."""

    release: str | None
    plugins: tuple[str, ...] | None
    flavour: str | None

    def apply(self, syntax: Syntax) -> Syntax:
        """Return the syntax with these options.

        Raises:
            DokuWikiDataError: A plugin is unknown, or the release has no flavours.
        """
        try:
            return syntax.chosen(self.release, self.plugins, self.flavour)
        except ValueError as error:
            raise DokuWikiDataError(str(error)) from error


def add_syntax_arguments(command: argparse.ArgumentParser, flavour: str = "--flavour") -> None:
    """Add the arguments for `SyntaxOptions` to a command; ``flavour`` is the name of the one for that."""
    command.add_argument(
        "--release", choices=RELEASES,
        help="the release of DokuWiki that reads the pages (default: according to the wiki's VERSION, else the newest)",
    )  # fmt: skip
    command.add_argument(
        flavour, dest="flavour", choices=FLAVOURS,
        help="which of DokuWiki's own syntax and of Markdown is read, the preferred one first (default: according to "
        "the wiki's setting syntax, else dw)",
    )  # fmt: skip
    command.add_argument(
        "--plugins", metavar="NAMES", type=names,
        help="the plugins whose syntax is read, as in data,comments, or those to add and to remove, as in "
        "--plugins=+wrap,-comments (default: those of the installation, else data,comments,keywords,description)",
    )  # fmt: skip


# --------------------------------------------------------------------------------------------------- source


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """The place of the wiki, and how it is read."""

    path: Path
    layout: LayoutKind | None
    file_names: Encoding | None
    savedir: Path | None
    limit: int | None
    set: Sequence[tuple[str, Literal]]
    syntax: SyntaxOptions
    quiet: bool

    def open(self, report: Report) -> WikiSource:
        """Open the wiki, and report in one line what was found.

        Raises:
            SourceError: If the path is a dataset.
            DokuWikiDataError: See `open_source`.
        """
        if is_dataset(self.path):
            raise SourceError(f"{self.path}: contains wikis as Parquet, which only query can read")
        try:
            source = open_source(
                self.path, report, kind=self.layout, file_names=self.file_names, limits=Limits(total=self.limit),
                settings=dict(self.set), release=self.syntax.release, plugins=self.syntax.plugins,
                flavour=self.syntax.flavour, savedir=self.savedir,
            )  # fmt: skip
        except ValueError as error:
            raise DokuWikiDataError(str(error)) from error
        for line in source.layout.notes:
            echo(line)
        if not self.quiet:
            echo(f"{self.path}: {source.description}")
        if reason := read_information(source).incomplete:
            echo(f"{self.path}: the crawl is incomplete: {reason}")
        return source


def add_source_arguments(command: argparse.ArgumentParser, flavour: str = "--flavour") -> None:
    """Add the arguments for `SourceOptions` to a command; ``flavour`` as in `add_syntax_arguments`."""
    command.add_argument(
        "path", metavar="SOURCE", type=path_argument,
        help="a DokuWiki, its data or pages folder, a folder of .txt files, a crawl, or an archive of any of these",
    )  # fmt: skip
    command.add_argument("--layout", choices=DESCRIPTIONS, help="what SOURCE is (default: detected)")
    command.add_argument(
        "--file-names", choices=("url", "safe", "utf-8"),
        help="the encoding of file names, DokuWiki's fnencode (default: according to the wiki's settings, else url)",
    )  # fmt: skip
    command.add_argument(
        "--savedir", metavar="PATH", type=path_argument,
        help="the folder of the wiki's data if it is outside of SOURCE; nothing else there is read or written",
    )  # fmt: skip
    command.add_argument(
        "--limit", metavar="SIZE", type=size,
        help="the most that an archive may unpack to, such as 2G (default: 200 times its size, at least 256M)",
    )  # fmt: skip
    command.add_argument(
        "--set", metavar="NAME=VALUE", type=setting, action="append", default=[],
        help="a setting that overrides the wiki's own, as in useslash=1 or plugin/data/rownumbers=1; may be repeated",
    )  # fmt: skip
    add_syntax_arguments(command, flavour)
    command.add_argument("-q", "--quiet", action="store_true", help="report only errors")


# --------------------------------------------------------------------------------------------------- choice


@dataclass(frozen=True, slots=True)
class ChoiceOptions:
    """Which pages are used: by namespace, by patterns of their ids, and by who may read them."""

    namespace: Sequence[str]
    include: Sequence[str]
    exclude: Sequence[str]
    readable_by: Sequence[str]

    @property
    def pages(self) -> PageChoice:
        """The pages that are selected by their ids."""
        return PageChoice(tuple(self.namespace), tuple(self.include), tuple(self.exclude))


def add_choice_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments for `ChoiceOptions` to a command."""
    command.add_argument("--namespace", metavar="NS", action="append", default=[], help="only pages in this namespace")
    command.add_argument(
        "--include", metavar="GLOB", action="append", default=[], help="only pages whose id matches, as in 'a:*'"
    )
    command.add_argument("--exclude", metavar="GLOB", action="append", default=[], help="no pages whose id matches")
    command.add_argument(
        "--readable-by", metavar="WHO", type=some_names, action="extend", default=[],
        help="only pages that a user or a group may read, as in ann,@staff (a user and their groups); @ALL is a guest",
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------- workers

#: With fewer pages, starting processes takes longer than the work itself.
_FEW_PAGES = 300


class Workers(NamedTuple):
    """An executor, or None for processes of our own, and how many tasks run at a time, if that is given."""

    executor: Executor | None
    at_a_time: int | None

    def jobs(self, pages: int) -> int:
        """Return how many tasks should run at a time for a number of pages."""
        return min(self.at_a_time or (1 if pages < _FEW_PAGES else available_cores()), max(pages, 1))


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How many processes work, or which cluster."""

    jobs: int | None
    scheduler: str | None

    @contextlib.contextmanager
    def connect(self) -> Iterator[Workers]:
        """Connect to the workers. Raises what `cluster_executor` raises."""
        if self.scheduler is None:
            yield Workers(None, self.jobs)
            return
        from dokuwiki_data.conversion.cluster import cluster_executor

        with cluster_executor(self.scheduler) as (executor, threads):
            yield Workers(executor, self.jobs or threads)


def add_worker_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments for `WorkerOptions` to a command."""
    command.add_argument("-j", "--jobs", metavar="N", type=count, help="the number of processes (default: all cores)")
    command.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="use the workers of a Dask cluster, such as tcp://host:8786; they need no access to local files",
    )  # fmt: skip
