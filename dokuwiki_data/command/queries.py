"""The command ``query``: answer, explain or compare one query, those of a page, or all of a wiki."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands, count, day, names, path_argument
from dokuwiki_data.command.files import opened_output, read_input
from dokuwiki_data.command.messages import Failures, counted, echo, progress
from dokuwiki_data.command.options import SourceOptions, add_source_arguments
from dokuwiki_data.dataset.folder import is_dataset
from dokuwiki_data.dataset.reading import Dataset, with_wiki
from dokuwiki_data.engine.filtering import check_filters
from dokuwiki_data.engine.formats import FORMATS
from dokuwiki_data.engine.semantics import SEMANTICS
from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.ids import clean_id
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.render.characters import for_terminal, on_one_line
from dokuwiki_data.text import Diagnostic, PageText, Span


class QueryInput(NamedTuple):
    """A query with its origin, for messages.

    Attributes:
        given: The query, or its block on a page.
        name: The name of its origin: a page id, a file, or ``query`` for the command line.
        text: The text of the origin.
        page_id: The page that the query is on, if it is on one.
    """

    given: dw.Query | DataQuery
    name: str
    text: str
    page_id: str = ""

    @property
    def query(self) -> dw.Query:
        """The query itself."""
        return self.given.query if isinstance(self.given, DataQuery) else self.given

    def place(self, span: Span | None) -> str:
        """Return a place for a message: name, line and column; of the whole query if there is no span."""
        if not (span and span.end) and isinstance(self.given, DataQuery):
            return f"{self.name}:{self.given.position.line}:{self.given.position.column}"
        return _place(self.name, self.text, span)


@dataclass(frozen=True, slots=True)
class AskingOptions:
    """The user and the day of queries, and how filters are read."""

    semantics: str
    today: date | None
    user: str
    groups: Collection[str]

    def context(self, wiki: dw.Wiki | Dataset) -> dw.Context:
        """Return the context for queries to a wiki."""
        return wiki.context(self.user, self.groups, self.today or date.today())


def add_asking_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments for `AskingOptions` to a command."""
    command.add_argument(
        "--semantics", choices=SEMANTICS, default="plugin", help="how filters are read (default: plugin)"
    )
    command.add_argument("--today", metavar="YYYY-MM-DD", type=day, help="the value of %%now%% (default: today)")
    command.add_argument("--user", metavar="NAME", default="", help="the value of %%user%% (default: nobody)")
    command.add_argument("--groups", metavar="A,B", type=names, default=(), help="the value of %%groups%%")


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """The options of ``query``."""

    source: SourceOptions
    asking: AskingOptions
    query: str | None
    page: str | None
    block: Path | None
    wiki: Collection[str]
    number: int | None
    format: str
    compare: bool
    explain: bool

    @property
    def names_query(self) -> bool:
        """Whether a query, a block or a page is given."""
        return any(given is not None for given in (self.query, self.page, self.block))

    def check(self) -> None:
        """Raise `DokuWikiDataError` for options that exclude each other."""
        given = sum(one is not None for one in (self.query, self.page, self.block))
        if given > 1 or (not given and not self.compare):
            raise DokuWikiDataError("give exactly one of QUERY, --page and --block")
        if self.compare and self.explain:
            raise DokuWikiDataError("give only one of --compare and --explain")
        if self.number is not None and self.page is None:
            raise DokuWikiDataError("--number requires --page")


def query(options: QueryOptions) -> int:
    """Write the answer to a query, or to those of a page."""
    options.check()
    failures = Failures()
    given = [_given(options)] if options.names_query and options.page is None else []
    if is_dataset(options.source.path):
        wiki, queries = _queries_of_dataset(options, given)
    else:
        wiki, queries = _queries_of_wiki(options, given, failures)
    context = options.asking.context(wiki)
    if options.compare:
        _compare(queries, wiki, context, failures, is_quiet=options.source.quiet)
    elif options.explain:
        explained = "\n".join(_explanation(one, wiki, context, options.asking.semantics) for one in queries)
        with opened_output(None) as output:
            output.write(explained.encode())
    else:
        _answer_all(queries, wiki, context, options)
    return failures.code


def _queries_of_dataset(
    options: QueryOptions, given: Sequence[QueryInput]
) -> tuple[dw.Wiki | Dataset, Sequence[QueryInput]]:
    if not options.names_query:
        raise DokuWikiDataError("--compare on wikis as Parquet requires one of QUERY, --page and --block")
    dataset = Dataset(options.source.path, options.wiki or None)
    queries = given or _queries_on_page(options, _page_of_dataset(options, dataset))
    if not dataset.have_same_settings:
        echo(f"{options.source.path}: the wikis differ in type aliases or settings, so these are not used")
    return dataset, queries


def _queries_of_wiki(
    options: QueryOptions, given: Sequence[QueryInput], failures: Failures
) -> tuple[dw.Wiki | Dataset, Sequence[QueryInput]]:
    if options.wiki:
        raise DokuWikiDataError("--wiki requires a folder of wikis as Parquet")
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    queries = given
    if options.page is not None:
        queries = _queries_on_page(options, _page_of_wiki(options, wiki))
    read_all(wiki, options.source)
    if not options.names_query:
        queries = [QueryInput(node, page_id, "", page_id) for page_id, _, node in wiki.queries]
    return wiki, queries


def _given(options: QueryOptions) -> QueryInput:
    """Return the query of the command line, or of a file."""
    if options.block is None:
        name, text = "query", options.query or ""
    else:
        name = str(options.block)
        try:
            text = read_input(options.block).text
        except PageReadError as error:
            raise DokuWikiDataError(str(error)) from error
    try:
        return QueryInput(dw.Query.parse(text), name, text)
    except dw.QueryError as error:
        raise _error(_place(name, text, error.span), error) from error


def read_all(wiki: dw.Wiki, source: SourceOptions) -> None:
    """Read all pages of a wiki, and show the progress."""
    if not wiki:
        echo(f"{source.path}: contains no pages")
    with progress(len(wiki), is_quiet=source.quiet) as advance:
        wiki.read_all(lambda page: advance(1))


def _page_of_wiki(options: QueryOptions, wiki: dw.Wiki) -> dw.Page:
    asked = options.page or ""
    page_id = asked if asked in wiki else clean_id(asked, wiki.settings.id_rules)
    if page_id not in wiki:
        raise DokuWikiDataError(f"{options.source.path}: has no page {asked!r}")
    try:
        return wiki[page_id]
    except PageReadError as error:
        raise DokuWikiDataError(str(error)) from error


def _page_of_dataset(options: QueryOptions, dataset: Dataset) -> dw.Page:
    asked = options.page or ""
    found = dataset.find(asked) or dataset.find(clean_id(asked))
    if not found:
        raise DokuWikiDataError(f"{options.source.path}: has no page {asked!r}")
    if len(found) > 1:
        raise DokuWikiDataError(f"{asked}: several wikis have this page, choose with --wiki: {', '.join(found)}")
    (page,) = found.values()
    return page


def _queries_on_page(options: QueryOptions, page: dw.Page) -> list[QueryInput]:
    """Return the queries of a page, or the one with ``--number``."""
    found = [QueryInput(node, page.page_id, str(page), page.page_id) for node in page.queries]
    if not found:
        raise DokuWikiDataError(f"{options.page}: has no query")
    if options.number is None:
        return found
    if options.number > len(found):
        raise DokuWikiDataError(
            f"{options.page}: has no query number {options.number}, only {counted(len(found), 'query')}"
        )
    return [found[options.number - 1]]


# ------------------------------------------------------------------------------------------------- answering


def _answer_all(
    queries: Sequence[QueryInput], wiki: dw.Wiki | Dataset, context: dw.Context, options: QueryOptions
) -> None:
    """Write the answers; nothing if one of the queries is invalid. Report problems afterwards."""
    for one in queries:
        with _errors_with_places(one):
            check_filters(one.query, context)
    separator = "" if options.format in ("json", "jsonl") else "\n"
    found: list[tuple[QueryInput, tuple[Diagnostic, ...]]] = []
    with opened_output(None) as output:
        for number, one in enumerate(queries):
            with _errors_with_places(one):
                result = _answer(one, wiki, context, options.asking.semantics)
            output.write(((separator if number else "") + _written(result, options.format)).encode())
            found.append((one, result.diagnostics))
    for one, problems in found:
        _report_problems(one, problems)


def _answer(one: QueryInput, wiki: dw.Wiki | Dataset, context: dw.Context, semantics: str) -> dw.Result:
    query = one.given
    if isinstance(wiki, Dataset) and len(wiki.wikis) > 1:
        query = with_wiki(one.query)
    return wiki.evaluate(query, page_id=one.page_id, context=context, semantics=semantics)


def _written(result: dw.Result, format_: str) -> str:
    if not sys.stdout.isatty():
        return FORMATS[format_].write(result)
    if format_ == "table":
        return result.to_text(width=shutil.get_terminal_size().columns)
    return for_terminal(FORMATS[format_].write(result).replace("\r\n", "\n"))


def _report_problems(one: QueryInput, found: Sequence[Diagnostic]) -> None:
    problems = [*found]
    if isinstance(one.given, DataQuery):
        problems += one.given.problems
    for problem in problems:
        echo(f"{one.place(problem.span)}: {problem.message} ({problem.kind})")


def _explanation(one: QueryInput, wiki: dw.Wiki | Dataset, context: dw.Context, semantics: str) -> str:
    """Return what a query means, followed by the places where that may not be what was intended."""
    found = one.query.explain(wiki, context=context, semantics=semantics, page_id=one.page_id)
    lines = [found.words, f"Condition: {found.expression}"]
    for span, traps in groupby(found.traps, lambda trap: trap.span):
        lines += [f"{one.place(span)}: {trap.message} ({trap.kind})" for trap in traps]
        lines += _page_text(one.text).excerpt(span).split("\n") if span.end else []
    if found.other is not None:
        lines += str(found.other).split("\n")
    return "".join(f"{on_one_line(line)}\n" for line in lines)


def _compare(
    queries: Sequence[QueryInput], wiki: dw.Wiki | Dataset, context: dw.Context, failures: Failures, *, is_quiet: bool
) -> None:
    """Write how the answers of both semantics differ; if there are many queries, only of those where they do."""
    differ = 0
    with opened_output(None) as output:
        for one in queries:
            try:
                plugin, intuitive = (_answer(one, wiki, context, semantics) for semantics in SEMANTICS)
            except dw.QueryError as error:
                failures(f"{one.place(None)}: {error.message}")
                continue
            found = plugin.differences(intuitive)
            differ += bool(found)
            if found or len(queries) == 1:
                head = f"{one.place(None)}: rows as the plugin reads it {len(plugin)}, intuitively {len(intuitive)}"
                lines = [f"{head}: {found.summary}", *str(found).split("\n")]
                output.write("".join(f"{on_one_line(line)}\n" for line in filter(None, lines)).encode())
    if len(queries) != 1 and not is_quiet:
        echo(f"{differ} of {counted(len(queries), 'query')} {'has' if differ == 1 else 'have'} a different answer")


def _place(name: str, text: str, span: Span | None) -> str:
    if not (span and span.end):
        return name
    line, column = _page_text(text).position(span.start)
    return f"{name}:{line}:{column}"


@lru_cache(maxsize=1)
def _page_text(text: str) -> PageText:
    """Return a text with an index of its lines, which is built once for many places."""
    return PageText(text)


@contextmanager
def _errors_with_places(one: QueryInput) -> Iterator[None]:
    """Raise errors of a query with the place in its text."""
    try:
        yield
    except dw.QueryError as error:
        raise _error(one.place(error.span), error) from error


def _error(place: str, error: dw.QueryError) -> DokuWikiDataError:
    """Return an error of a query as the command shows it: place and message, and the line of the query as a note."""
    found = DokuWikiDataError(f"{place}: {error.message}")
    if error.excerpt:
        found.add_note(error.excerpt)
    return found


def add_query(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``query`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "query",
        parents=[common],
        help=HELP["query"],
        description="Writes the answer to a query, or to those of a page.",
        epilog="Exit codes: 0 done, 1 some pages could not be read, 2 wrong use or no valid query.",
    )
    add_source_arguments(command)
    add_asking_arguments(command)
    command.add_argument(
        "query", metavar="QUERY", nargs="?", help="such as 'cols: name; filter: type=tool; sort: name'"
    )
    command.add_argument("--page", metavar="ID", help="the queries of this page, one after the other")
    command.add_argument(
        "--block", metavar="FILE", type=path_argument, help="a file that contains a query, or - for standard input"
    )
    command.add_argument(
        "--wiki", metavar="NAME", action="append", default=[], help="query only this one of several wikis as Parquet"
    )
    command.add_argument("--number", metavar="N", type=count, help="with --page: only query number N, from 1")
    command.add_argument("-f", "--format", choices=FORMATS, default="table", help="default: table")
    command.add_argument(
        "--compare", action="store_true",
        help="write which rows appear, vanish and move under the semantics intuitive instead of plugin; "
        "without a query or page, for all queries of the wiki",
    )  # fmt: skip
    command.add_argument("--explain", action="store_true", help="write what the query means, instead of the answer")
    command.set_defaults(run=query, options=QueryOptions)
