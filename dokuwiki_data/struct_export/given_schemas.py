"""Schemas as a user gives them: which classes share one, and the names and types of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.query.columns import Column
from dokuwiki_data.struct_export.types import SETTINGS, StructType


class StructExportError(DokuWikiDataError):
    """A wiki cannot be taken over by the plugin *struct* as it was asked for."""


class GivenColumn(NamedTuple):
    """What is given of a column.

    Attributes:
        label: The name of the column, or None for the name that the entries have.
        type: The type, or None for the one that shows the values as the data plugin does.
    """

    label: str | None = None
    type: StructType | None = None


class GivenSchema(NamedTuple):
    """What is given of a schema.

    Attributes:
        classes: The classes of its entries; ``*`` stands for all other classes.
        columns: The columns by the key of the entries' fields.
    """

    classes: tuple[str, ...]
    columns: Mapping[str, GivenColumn] = {}


def given_schemas(plain: object) -> dict[str, GivenSchema]:
    """Return the schemas by name from plain data, such as that of a YAML file.

    A schema is a list of classes, or a mapping with ``classes`` (by default the class of the schema's name) and
    ``columns``: by name, a type of struct, or a mapping with ``label``, ``type`` and the settings of the type.

    Raises:
        StructExportError: The data is something else.

    Example:
        >>> given_schemas({"inventory": {"classes": ["tool"], "columns": {"size": {"type": "Decimal", "roundto": 2}}}})
        {'inventory': GivenSchema(classes=('tool',), columns={'size': GivenColumn(label=None, \
type=StructType(name='Decimal', config={'roundto': 2}, link=''))})}
    """
    if plain is None:
        return {}
    if not isinstance(plain, Mapping):
        raise StructExportError("must hold schemas by name, each with its classes")
    return {_text(name, "a name of a schema"): _schema(str(name), schema) for name, schema in plain.items()}


def _schema(name: str, plain: object) -> GivenSchema:
    if isinstance(plain, Mapping):
        _known(plain, ("classes", "columns"), f"schema {name}")
        columns = plain.get("columns") or {}
        if not isinstance(columns, Mapping):
            raise StructExportError(f"schema {name}: columns must be types or settings by name")
        given = {Column.parse(_text(key, "a column")).key: _column(f"{name}.{key}", v) for key, v in columns.items()}
        return GivenSchema(_classes(name, plain.get("classes", [name])), given)
    return GivenSchema(_classes(name, plain))


def _classes(name: str, plain: object) -> tuple[str, ...]:
    if isinstance(plain, (str, Mapping)) or not hasattr(plain, "__iter__"):
        raise StructExportError(f"schema {name}: classes must be a list of texts")
    return tuple(_text(text, f"schema {name}: a class") for text in plain)


def _column(place: str, plain: object) -> GivenColumn:
    if isinstance(plain, str):
        plain = {"type": plain}
    if not isinstance(plain, Mapping):
        raise StructExportError(f"column {place}: must be a type or a mapping")
    label = plain.get("label")
    settings = {name: value for name, value in plain.items() if name not in ("label", "type")}
    type_ = plain.get("type")
    if type_ is None:
        _known(settings, (), f"column {place}, which has no type")
    elif type_ not in SETTINGS:
        raise StructExportError(f"column {place}: {type_!r} is no type; known: {', '.join(SETTINGS)}")
    else:
        _known(settings, SETTINGS[type_], f"column {place}, {type_}")
    for name, value in settings.items():
        if not isinstance(value, (str, int, float, bool)):
            raise StructExportError(f"column {place}: {name} must be a text, a number or a truth value")
    return GivenColumn(
        None if label is None else _text(label, f"column {place}: label"),
        None if type_ is None else StructType(type_, settings),
    )


def _known(plain: Mapping[Any, object], names: tuple[str, ...], place: str) -> None:
    unknown = [str(name) for name in plain if name not in names]
    if unknown:
        raise StructExportError(f"{place}: unknown {unknown[0]!r}; known: {', '.join(names) or 'nothing'}")


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise StructExportError(f"{place} must be a text, not {value!r}")
    return value
