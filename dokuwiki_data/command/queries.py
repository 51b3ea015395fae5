"""The commands ``query``, which answers one query or those of a page, and ``tables``, which answers all of a wiki."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import count, names
from dokuwiki_data.command.files import opened, path_argument, read_page
from dokuwiki_data.command.folder_of_tables import FolderOfTables
from dokuwiki_data.command.messages import Failures, echo, progress
from dokuwiki_data.command.sources import add_source_arguments, chosen_source
from dokuwiki_data.dataset.places import is_dataset
from dokuwiki_data.dataset.reading import Dataset, with_wiki
from dokuwiki_data.engine.filtering import check_filters
from dokuwiki_data.engine.formats import FORMATS
from dokuwiki_data.engine.semantics import SEMANTICS
from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.ids import clean_id
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.render.characters import for_terminal, on_one_line
from dokuwiki_data.text import Diagnostic, PageText, Span
from dokuwiki_data.wiki.sources.overlap import refuse_folder


class QueryInput(NamedTuple):
    """A query and where it stands: its text's name and the text itself."""

    query: dw.Query | DataQuery
    name: str
    text: str
    page_id: str = ""

    @property
    def asked(self) -> dw.Query:
        """The query itself."""
        return self.query.query if isinstance(self.query, DataQuery) else self.query

    def place(self, span: Span | None) -> str:
        """A place in the text for a message: name, line and column."""
        if not (span and span.end) and isinstance(self.query, DataQuery):
            return f"{self.name}:{self.query.position.line}:{self.query.position.column}"
        return _place(self.name, self.text, span)


def query(chosen: argparse.Namespace) -> int:
    """Write the answer to a query, or to those of a page."""
    failures = Failures()
    named = sum(said is not None for said in (chosen.query, chosen.page, chosen.block))
    if named > 1 or (not named and not chosen.compare):
        raise DokuWikiDataError("query takes one of QUERY, --page and --block")
    if chosen.compare and chosen.explain:
        raise DokuWikiDataError("query takes one of --compare and --explain")
    if chosen.number is not None and chosen.page is None:
        raise DokuWikiDataError("--number goes with --page")
    given = [_given(chosen)] if named and chosen.page is None else []
    if not named and is_dataset(chosen.source):
        raise DokuWikiDataError("of wikis as Parquet --compare takes one of QUERY, --page and --block")
    if is_dataset(chosen.source):
        wiki: dw.Wiki | Dataset = (dataset := Dataset(chosen.source, chosen.wiki or None))
        asked = given or _on_page(chosen, _page_of_dataset(chosen, dataset))
        if not dataset.wikis_agree:
            echo(f"{chosen.source}: the wikis differ in their type aliases or settings, so none of these counts")
    else:
        if chosen.wiki:
            raise DokuWikiDataError("--wiki goes with a folder of wikis as Parquet")
        wiki = dw.Wiki(chosen_source(chosen, failures), report=failures)
        if named:
            asked = given or _on_page(chosen, _page_of_wiki(chosen, wiki))
        _read_all(wiki, chosen)
        if not named:
            asked = [QueryInput(node, page_id, "", page_id) for page_id, _, node in wiki.queries]
    context = _context(wiki, chosen)
    if chosen.compare:
        return _compare(asked, wiki, context, failures, quiet=chosen.quiet)
    if chosen.explain:
        explained = "\n".join(_explained(one, wiki, context, chosen.semantics) for one in asked)
        with opened(None) as output:
            output.write(explained.encode())
        return failures.code
    between = "" if chosen.format in ("json", "jsonl") else "\n"
    odd: list[tuple[QueryInput, tuple[Diagnostic, ...]]] = []
    for one in asked:  # so that nothing is written if one has no answer
        with _errors_with_places(one):
            check_filters(one.asked, context)
    with opened(None) as output:
        for number, one in enumerate(asked):
            with _errors_with_places(one):
                table = _answer(one, wiki, context, chosen.semantics)
            output.write(((between if number else "") + _written(table, chosen.format)).encode())
            odd.append((one, table.diagnostics))
    for one, problems in odd:
        _say_what_was_odd(one, problems)
    return failures.code


def tables(chosen: argparse.Namespace) -> int:
    """Write the answer to every query of a wiki into a folder."""
    failures = Failures()
    wiki = dw.Wiki(chosen_source(chosen, failures), report=failures)
    refuse_folder(wiki.source.files, chosen.output)
    _read_all(wiki, chosen)
    context = _context(wiki, chosen)
    folder = FolderOfTables(chosen.output, chosen.format)
    last_failed, text = "", ""
    for page_id, number, node in wiki.queries:
        try:
            table = wiki.evaluate(node, page_id=page_id, context=context, semantics=chosen.semantics)
        except dw.QueryError as error:
            if page_id != last_failed:  # a page with many of them is read once
                last_failed, text = page_id, str(wiki[page_id])
            place = QueryInput(node, page_id, text, page_id).place(error.span)
            failures(f"{place}: {error.message}")
            folder.leave_out(page_id, number, node, error)
        else:
            folder.write(page_id, number, node, table)
    folder.finish(context, chosen.semantics)
    if not chosen.quiet:
        echo(f"{chosen.output}: {folder.summary}")
    return failures.code


def _given(chosen: argparse.Namespace) -> QueryInput:
    """The query of the command line, or of a file."""
    name, text = "query", chosen.query
    if text is None:
        name = str(chosen.block)
        try:
            text = read_page(chosen.block).text
        except PageReadError as error:
            raise DokuWikiDataError(str(error)) from error
    try:
        return QueryInput(dw.Query.parse(text), name, text)
    except dw.QueryError as error:
        raise _error(_place(name, text, error.span), error) from error


def _read_all(wiki: dw.Wiki, chosen: argparse.Namespace) -> None:
    if not wiki:
        echo(f"{chosen.source}: there are no pages in it")
    with progress(True, len(wiki), is_quiet=chosen.quiet) as advance:
        wiki.read_all(lambda page: advance(1))


def _page_of_wiki(chosen: argparse.Namespace, wiki: dw.Wiki) -> dw.Page:
    page_id = chosen.page if chosen.page in wiki else clean_id(chosen.page, wiki.settings.id_rules)
    if page_id not in wiki:
        raise DokuWikiDataError(f"{chosen.source}: has no page {chosen.page!r}")
    try:
        return wiki[page_id]
    except PageReadError as error:
        raise DokuWikiDataError(str(error)) from error


def _page_of_dataset(chosen: argparse.Namespace, dataset: Dataset) -> dw.Page:
    found = dataset.find(chosen.page) or dataset.find(clean_id(chosen.page))
    if not found:
        raise DokuWikiDataError(f"{chosen.source}: has no page {chosen.page!r}")
    if len(found) > 1:
        raise DokuWikiDataError(f"{chosen.page}: several wikis have this page, choose with --wiki: {', '.join(found)}")
    (page,) = found.values()
    return page


def _on_page(chosen: argparse.Namespace, page: dw.Page) -> list[QueryInput]:
    """The queries of a page, or one of them."""
    found = [QueryInput(query, page.page_id, str(page), page.page_id) for query in page.queries]
    if not found:
        raise DokuWikiDataError(f"{chosen.page}: there is no query on this page")
    if chosen.number is None:
        return found
    if chosen.number > len(found):
        raise DokuWikiDataError(f"{chosen.page}: has no query number {chosen.number}, only {len(found)} in all")
    return [found[chosen.number - 1]]


def _context(wiki: dw.Wiki | Dataset, chosen: argparse.Namespace) -> dw.Context:
    return wiki.context(chosen.user, chosen.groups, chosen.today or date.today())


def _answer(one: QueryInput, wiki: dw.Wiki | Dataset, context: dw.Context, semantics: str) -> dw.Result:
    query = one.query
    if isinstance(wiki, Dataset) and len(wiki.wikis) > 1:
        query = with_wiki(query.query if isinstance(query, DataQuery) else query)
    return wiki.evaluate(query, page_id=one.page_id, context=context, semantics=semantics)


def _explained(one: QueryInput, wiki: dw.Wiki | Dataset, context: dw.Context, semantics: str) -> str:
    """What a query means, and below it where it may not say what was meant, one place a line."""
    found = one.asked.explain(wiki, context=context, semantics=semantics, page_id=one.page_id)
    lines = [found.words, f"Condition: {found.expression}"]
    for span, traps in groupby(found.traps, lambda trap: trap.span):
        lines += [f"{one.place(span)}: {trap.message} ({trap.kind})" for trap in traps]
        lines += _source(one.text).excerpt(span).split("\n") if span.end else []
    if found.other is not None:
        lines += str(found.other).split("\n")
    return "".join(f"{on_one_line(line)}\n" for line in lines)


def _compare(
    asked: list[QueryInput], wiki: dw.Wiki | Dataset, context: dw.Context, failures: Failures, *, quiet: bool
) -> int:
    """Write how the answers of both semantics differ; of many queries those of which they do."""
    differ = 0
    with opened(None) as output:
        for one in asked:
            try:
                plugin, intuitive = (_answer(one, wiki, context, semantics) for semantics in SEMANTICS)
            except dw.QueryError as error:
                failures(f"{one.place(None)}: {error.message}")
                continue
            found = plugin.differences(intuitive)
            differ += bool(found)
            if found or len(asked) == 1:
                head = f"{one.place(None)}: rows as the plugin reads it {len(plugin)}, intuitively {len(intuitive)}"
                lines = [f"{head}: {found.summary}", *str(found).split("\n")]
                output.write("".join(f"{on_one_line(line)}\n" for line in filter(None, lines)).encode())
    if len(asked) != 1 and not quiet:
        echo(f"{differ} of {len(asked)} queries have another answer")
    return failures.code


def _written(table: dw.Result, format_: str) -> str:
    if not sys.stdout.isatty():
        return FORMATS[format_].write(table)
    if format_ == "table":
        return table.to_text(width=shutil.get_terminal_size().columns)
    return for_terminal(FORMATS[format_].write(table).replace("\r\n", "\n"))


def _say_what_was_odd(one: QueryInput, found: tuple[Diagnostic, ...]) -> None:
    problems = [*found]
    if isinstance(one.query, DataQuery):
        problems += one.query.problems
    for problem in problems:
        echo(f"{one.place(problem.span)}: {problem.message} ({problem.kind})")


def _place(name: str, text: str, span: Span | None) -> str:
    if not (span and span.end):
        return name
    line, column = _source(text).position(span.start)
    return f"{name}:{line}:{column}"


@lru_cache(maxsize=1)
def _source(text: str) -> PageText:
    """A text whose lines are counted once, however many places of it are named."""
    return PageText(text)


@contextmanager
def _errors_with_places(one: QueryInput) -> Iterator[None]:
    """What is wrong with a query as the command says it."""
    try:
        yield
    except dw.QueryError as error:
        raise _error(one.place(error.span), error) from error


def _error(place: str, error: dw.QueryError) -> DokuWikiDataError:
    """Return an error of a query as the command shows it: the place and the message, and the line as a note."""
    found = DokuWikiDataError(f"{place}: {error.message}")
    if error.excerpt:
        found.add_note(error.excerpt)
    return found


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Add ``query`` and ``tables`` to the commands; ``common`` are the arguments that all have."""
    asking = argparse.ArgumentParser(add_help=False)
    add_source_arguments(asking)
    asking.add_argument(
        "--semantics", choices=SEMANTICS, default="plugin", help="how filters are read (default: plugin)"
    )
    asking.add_argument("--today", metavar="YYYY-MM-DD", type=day, help="what %%now%% stands for (default: today)")
    asking.add_argument("--user", metavar="NAME", default="", help="what %%user%% stands for (default: nobody)")
    asking.add_argument("--groups", metavar="A,B", type=names, default=(), help="what %%groups%% stands for")

    command = commands.add_parser(
        "query",
        parents=[common, asking],
        help="answer a query of the data plugin",
        description="Writes what a query shows: one that is given, or those of a page.",
        epilog="Exit codes: 0 done, 1 some pages could not be read, 2 wrong use or no valid query.",
    )
    command.add_argument(
        "query", metavar="QUERY", nargs="?", help="such as 'cols: name; filter: type=tool; sort: name'"
    )
    command.add_argument("--page", metavar="ID", help="the queries of this page, one behind the other")
    command.add_argument(
        "--block", metavar="FILE", type=path_argument, help="a file that holds a query, or - for standard input"
    )
    command.add_argument(
        "--wiki", metavar="NAME", action="append", default=[], help="of several wikis as Parquet, ask only this one"
    )
    command.add_argument(
        "--number", metavar="N", type=count, help="with --page: only the page's query number N, from 1"
    )
    command.add_argument("-f", "--format", choices=FORMATS, default="table", help="default: table")
    command.add_argument(
        "--compare", action="store_true",
        help="say which rows appear, vanish and move if the query is read intuitively instead of as the plugin does; "
        "without a query or page of all queries of the wiki",
    )  # fmt: skip
    command.add_argument("--explain", action="store_true", help="say what the query means, instead of answering it")
    command.set_defaults(command=query)

    command = commands.add_parser(
        "tables",
        parents=[common, asking],
        help="write what every query of a wiki shows",
        description="Writes what each query shows to FOLDER/page/number, and a list of all to FOLDER/index.json.",
        epilog="Exit codes: 0 done, 1 some pages could not be read or some queries not be answered, 2 wrong use.",
    )
    command.add_argument(
        "-o", "--output", metavar="FOLDER", type=path_argument, required=True, help="where to write; made if missing"
    )
    command.add_argument("-f", "--format", choices=FORMATS, default="csv", help="default: csv")
    command.set_defaults(command=tables)


def day(text: str) -> date:
    """An argument that is a day; raises `ArgumentTypeError` if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-11-21") from error
