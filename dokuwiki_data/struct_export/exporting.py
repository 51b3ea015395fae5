"""`struct` writes a wiki's step from the plugin *data* to the plugin *struct* into a folder, and saves its pages."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dokuwiki_data import edit
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entry_tables import EntryValues
from dokuwiki_data.errors import EditError, OutputError, reason_of
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.query.queries import Query
from dokuwiki_data.render.characters import as_json, tree_for_terminal
from dokuwiki_data.struct_export.assignments import assignments, template_pattern
from dokuwiki_data.struct_export.blocks import WITHOUT_CASE, TranslatedBlock, translate
from dokuwiki_data.struct_export.entry_templates import EntryTemplate, entry_templates, is_template
from dokuwiki_data.struct_export.given_schemas import given_schemas
from dokuwiki_data.struct_export.schemas import StructSchema, schemas_of
from dokuwiki_data.struct_export.values import LostValue, values_of
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.wiki.saving import Author
from dokuwiki_data.wiki.sources.overlap import refuse_folder
from dokuwiki_data.wiki.transforming import Transformation

#: The script that imports the folder by struct's own imports.
_IMPORT = Path(__file__).with_name("import.php")

FORMAT = "dokuwiki-data/struct"
VERSION = 1


@dataclass(slots=True)
class BlockReport:
    """What became of a block.

    Attributes:
        page_id: The page.
        number: The number of the query on the page, from one.
        line: The line of the block.
        kind: The kind of the query.
        block: The translation.
    """

    page_id: str
    number: int
    line: int
    kind: str
    block: TranslatedBlock

    def to_dict(self) -> dict[str, Any]:
        """Return the report for JSON."""
        place = {"page_id": self.page_id, "number": self.number, "line": self.line, "kind": self.kind}
        block = self.block
        how = {"how": list(block.differences), "notes": list(block.notes), "why": block.reason}
        return {**place, "state": block.state, **how, "text": block.text}


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What becomes of an entry in a template of pages.

    Attributes:
        template: The entry.
        pattern: The pattern that assigns its schema to new pages; empty if there is none, so that the entry stays.
        how: What becomes of it, in sentences.
    """

    template: EntryTemplate
    pattern: str
    how: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return {**self.template._asdict(), "pattern": self.pattern, "how": list(self.how)}


@dataclass(slots=True)
class StructExport:
    """What `struct` wrote.

    Attributes:
        schemas: The schemas.
        assignments: Pairs of a pattern for pages and the name of a schema.
        blocks: What became of each query.
        lost: The values that struct's import cannot take.
        left_entries: The page and the number of each entry that struct cannot take, with the reason.
        templates: What becomes of each entry in a template of pages.
        changes: The changes of the pages.
    """

    schemas: list[StructSchema]
    assignments: list[tuple[str, str]]
    blocks: list[BlockReport]
    lost: list[LostValue] = field(default_factory=list)
    left_entries: list[tuple[str, int, str]] = field(default_factory=list)
    templates: list[TemplateReport] = field(default_factory=list)
    changes: Transformation = field(default_factory=lambda: Transformation(()))

    @property
    def states(self) -> Counter[str]:
        """The number of blocks that are ``exact``, that differ (``differs``) and that stay as they are (``left``)."""
        return Counter(report.block.state for report in self.blocks)

    def to_json(self) -> str:
        """Return the report as JSON."""
        report = {
            "format": FORMAT,
            "version": VERSION,
            "schemas": [
                {
                    "name": schema.name,
                    "classes": list(schema.classes),
                    "pages": len(schema.entries),
                    "columns": {column.label: column.type.name for column in schema.columns},
                    "notes": schema.notes,
                }
                for schema in self.schemas
            ],
            "blocks": [report.to_dict() for report in self.blocks],
            "lost": [value._asdict() for value in self.lost],
            "left_entries": [
                {"page_id": page_id, "number": number, "why": why} for page_id, number, why in self.left_entries
            ],
            "templates": [report.to_dict() for report in self.templates],
            "errors": [f"{page_id}: {error}" for page_id, error in self.changes.errors],
        }
        return as_json(report, indent=2) + "\n"

    def to_text(self) -> str:
        """Return the report for readers."""
        counts = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        lines = [f"{len(self.blocks)} blocks: {counts or 'none'}"]
        if order := sum(report.block.differences == (WITHOUT_CASE,) for report in self.blocks):
            lines.append(f"{order} of them differ only in that {WITHOUT_CASE}")
        for schema in self.schemas:
            lines.append(f"schema {schema.name}: {len(schema.entries)} pages, {len(schema.columns)} columns")
            lines += [f"  {note}" for note in schema.notes]
        for report in self.blocks:
            why = report.block.reason or "; ".join((*report.block.differences, *report.block.notes))
            if why:
                lines.append(f"{report.page_id}:{report.line}: {report.kind} {report.block.state}: {why}")
        lines += [f"{lost.page_id}: {lost.column or 'entry'} is not imported: {lost.reason}" for lost in self.lost]
        lines += [f"{page_id}: entry {number} stays: {why}" for page_id, number, why in self.left_entries]
        lines += [f"{report.template.page_id}: {how}" for report in self.templates for how in report.how]
        lines += [f"{page_id}: {error}" for page_id, error in self.changes.errors]
        return "".join(tree_for_terminal(line.replace("\n", " ")) + "\n" for line in lines)


def struct(
    source: str | Path | Wiki,
    folder: str | Path,
    *,
    schemas: Mapping[str, Any] | None = None,
    remove_entries: bool = False,
    save: bool = False,
    author: Author = Author(),
    context: Context | None = None,
) -> StructExport:
    """Write what takes a wiki from the plugin *data* to the plugin *struct* into a folder.

    The folder gets a schema for each class of entries (``schemas/NAME.struct.json``) and its values
    (``values/NAME.csv``), for struct's own import; the patterns that assign the schemas to pages
    (``assignments.csv``); a script that imports all of this (``import.php``); the changes of the pages
    (``pages.diff``); and a report (``report.json``, ``report.txt``), which says of each block whether struct shows the
    same.

    Args:
        source: The wiki, or its path.
        folder: The folder to write to; it must not be in the folder of the wiki.
        schemas: What you want of schemas, by name: a list of the classes that share it (``*`` stands for all other
            classes), or a mapping with ``classes`` and ``columns``, see `given_schemas`.
        remove_entries: Whether entries are removed from the pages whose values struct can take.
        save: Whether the changed pages are saved, as `Wiki.transform` does.
        author: The author of the changes.
        context: The settings, the user and the day for the comparison of results; by default those of the wiki.

    Raises:
        StructExportError: A schema cannot be made, or not as it is wanted.
        OutputError: The folder cannot be written.
        SaveError: The wiki is not in a folder.

    Example:
        >>> import dokuwiki_data as dw
        >>> done = dw.struct("examples/wiki", "to-struct", schemas={"entries": ["*"]})
        >>> sorted(done.states)
        ['differs', 'exact', 'left']
    """
    wiki = source if isinstance(source, Wiki) else Wiki.open(source)
    root = Path(folder)
    refuse_folder(wiki.source.files, root)
    context = context or wiki.context()
    entries = list(wiki.stored_entries(context))
    made = list(schemas_of((entry for entry in entries if entry.is_kept), context, given_schemas(schemas)))
    blocks = []
    for page_id, number, node in wiki.queries:

        def evaluate(query: Query, page_id: str = page_id) -> Any:
            return wiki.evaluate(query, page_id=page_id, context=context)

        if isinstance(node, DataTemplateList):
            block = TranslatedBlock(None, reason="struct has no templates of rows")
        else:
            block = translate(node.query, made, context, evaluate)
        blocks.append(BlockReport(page_id, number, node.position.line, node.kind, block))
    templates = entry_templates(entries, made)
    done = StructExport(made, assignments(made, wiki, templates), blocks)
    tables = {}
    for schema in made:
        schema.check()
        tables[schema.name], lost = values_of(schema)
        done.lost += lost
    done.left_entries = [_left(entry) for entry in entries if not entry.is_kept and not is_template(entry.page_id)]
    done.templates = [_template_report(template, made, wiki, templates, remove_entries) for template in templates]
    removable = _removable(done, entries) if remove_entries else set()
    by_page: dict[str, list[BlockReport]] = {}
    for report in blocks:
        by_page.setdefault(report.page_id, []).append(report)
    done.changes = wiki.transform(
        lambda page: _translated(page, by_page.get(page.page_id, []), page.page_id in removable),
        dry_run=not save, partly=True, author=author,
    )  # fmt: skip
    _remove_earlier(root)
    for name, table in tables.items():
        _write(root / "values" / f"{name}.csv", table)
    for schema in made:
        _write(root / "schemas" / f"{schema.name}.struct.json", schema.to_json())
    patterns = io.StringIO()
    csv.writer(patterns).writerows([("pattern", "schema"), *done.assignments])
    _write(root / "assignments.csv", patterns.getvalue())
    _write(root / "pages.diff", done.changes.diff)
    _write(root / "report.json", done.to_json())
    _write(root / "report.txt", done.to_text())
    _write(root / _IMPORT.name, _IMPORT.read_text("utf-8"))
    return done


def _left(entry: EntryValues) -> tuple[str, int, str]:
    return entry.page_id, entry.number, "the data plugin keeps another entry of the page, or does not list the page"


def _template_report(
    template: EntryTemplate,
    schemas: Sequence[StructSchema],
    pages: Iterable[str],
    templates: Sequence[EntryTemplate],
    removes: bool,
) -> TemplateReport:
    schema = next((schema for schema in schemas if schema.name == template.schema), None)
    if schema is None:
        return TemplateReport(template, "", (f"the entry stays: no page has one of the class {template.class_name!r}",))
    pattern = template_pattern(template, schema, pages, templates)
    if not pattern:
        why = f"too many pages there do not have the schema {schema.name}"
        return TemplateReport(template, "", (f"the entry stays: {why}",))
    how = [f"new pages get the schema {schema.name} by {pattern}"]
    if removes and template.defaults:
        how.append(f"struct sets no values of new pages: {', '.join(template.defaults)}")
    return TemplateReport(template, pattern, tuple(how))


def _removable(done: StructExport, entries: list[EntryValues]) -> set[str]:
    """Return the pages of whose entries struct takes every value."""
    kept = {page_id for page_id, *_ in done.left_entries} | {value.page_id for value in done.lost}
    kept |= {report.template.page_id for report in done.templates if not report.pattern}
    return {entry.page_id for entry in entries} - kept


def _translated(page: Page, reports: list[BlockReport], removes_entries: bool) -> Page:
    """Return a page with its blocks translated. A block that cannot be replaced stays, which its report then says."""
    for report in reversed(reports):  # the numbers of the blocks before stay the same
        if report.block.text is not None:
            queries = list(page.find_all(DataQuery))
            try:
                page = edit.replace(page, queries[report.number - 1], report.block.text)
            except EditError as error:
                report.block = TranslatedBlock(None, reason=f"the page would be read otherwise: {error}")
    if removes_entries:
        for entry in list(page.find_all(DataEntry))[::-1]:
            if not isinstance(entry, DataTemplateEntry):  # struct has no templates
                page = edit.remove(page, entry)
    return page


def _remove_earlier(root: Path) -> None:
    """Remove the schemas and values of an earlier run, which an import would take for those of this one."""
    if (root / "report.json").is_file():
        for folder, pattern in (("schemas", "*.struct.json"), ("values", "*.csv")):
            for path in sorted((root / folder).glob(pattern)):
                path.unlink()


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or path.parent.is_symlink():
            raise OutputError(f"{path}: not followed, since it is a link")
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise OutputError(f"{path}: {reason_of(error)}") from error
