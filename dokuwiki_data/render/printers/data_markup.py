"""Print the blocks of the data plugin: entries with their fields, queries with their options."""

from __future__ import annotations

from dokuwiki_data.nodes import data
from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.render.printers.printers import PRINTERS, PrintOptions, refuse, write
from dokuwiki_data.syntax.parser import parse


def _entry(node: data.DataEntry, options: PrintOptions) -> str:
    width = max((len(field.column.name) for field in node.fields), default=0)
    lines = []
    for field in node.fields:
        existing = options.existing(field)
        lines.append(_line(field, field.column.name.ljust(width)) if existing is None else existing)
    if not isinstance(node, DataTemplateEntry):
        return _block("entry", node.class_name, lines)
    if node.template is not None:
        lines.insert(0, options.existing(node.template) or _line(node.template, node.template.column.name))
    return _block("templateentry", node.class_name, lines)


def _field(node: data.DataField, options: PrintOptions) -> str:
    return _line(node, node.column.name.ljust(options.name_width))


def _line(node: data.DataField, name: str) -> str:
    many = node.column.many
    refuse(
        node,
        (":" in name, "a colon ends the name of a column"),
        (len(node.values) > 1 and not many, "only a column whose name ends in s has several values"),
        (many and any("," in value for value in node.values), "a comma divides the values of a many-valued column"),
        (any(not value.strip(BLANKS) for value in node.values), "a value must not be empty"),
    )
    return _written(node, name, " : ", ", ".join(node.values))


def _option(node: data.DataOption, options: PrintOptions) -> str:
    return _written(node, node.name, ": ", node.value)


def _written(node: data.DataField | data.DataOption, name: str, between: str, value: str) -> str:
    refuse(node, ("\n" in f"{name}{value}{node.comment}", "a line end ends it"))
    escaped = f"{escape(name)}{between}{escape(value)}".rstrip(" ")
    line = escaped if node.comment is None else f"{escaped} # {node.comment}".rstrip(" ")
    return guarded(line)


def escape(text: str) -> str:
    """Escape each ``#``, which would begin a comment, with a backslash."""
    return text.replace("#", "\\#")


def guarded(line: str) -> str:
    """Add a blank to a line that ends with ``&`` or a backslash, which the plugin would drop."""
    return f"{line} " if line.endswith(("&", "\\")) else line


def _query(node: data.DataQuery, options: PrintOptions) -> str:
    """Return the options of a query as a block; without options, the query itself."""
    is_template = isinstance(node, DataTemplateList)
    if not node.options and not is_template:
        return str(node.query)
    text = _block(
        "templatelist" if is_template else node.kind,
        " ".join(node.query.classes),
        [write(option, options) for option in node.options],
    )
    with_plugin = options.syntax.chosen(plugin_names="+datatemplate") if is_template else options.syntax
    queries = parse(text, syntax=with_plugin).queries
    refuse(node, (not queries or queries[0].query != node.query, "its options differ from its query"))
    return text


def _block(kind: str, classes: str, lines: list[str]) -> str:
    head = f"---- data{kind} {classes}".rstrip() + " ----"
    # A block without lines would continue to the next dashes.
    return "\n".join([head, *(lines or [""]), "----"])


PRINTERS |= {
    data.DataEntry: _entry,
    data.DataField: _field,
    data.DataOption: _option,
    data.DataQuery: _query,
}
