"""Bases of Obsidian, asked as its help says (https://help.obsidian.md/bases/syntax and …/functions).

What the help does not say is an error here, so that no export depends on it: an order of texts, or of what a note does
not have, and functions of other types than those that have them.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<regex>/(?:[^/\\]|\\.)+/[a-z]*)|(?P<number>-?\d+(?:\.\d+)?(?:e-?\d+)?)"""
    r"""|(?P<name>\w+)|(?P<sign>==|!=|<=|>=|&&|\|\||[-+!<>().,\[\]]))"""
)
_LINK = re.compile(r"\[\[([^\]|#]*)(?:\|[^\]]*)?\]\]")


@dataclass(frozen=True)
class Link:
    """A link to a note, by its path in the vault."""

    path: str


@dataclass(frozen=True)
class Note:
    """A note: its path in the vault, and its properties."""

    path: str
    properties: dict

    def as_link(self, *display):
        return Link(self.path)


class Vault:
    """The notes of a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.notes = [self._note(path) for path in sorted(self.folder.rglob("*.md"))]
        self.paths = {note.path for note in self.notes}

    def _note(self, path):
        text = path.read_text("utf-8")
        properties = yaml.safe_load(text.split("---\n")[1]) if text.startswith("---\n") else {}
        return Note(path.relative_to(self.folder).as_posix(), properties)

    def link(self, target):
        """A link: to the note of a path, with or without ``.md``, or to what is not there."""
        return Link(f"{target}.md" if f"{target}.md" in self.paths else target)

    def value(self, found):
        """A property as an expression has it: links between double brackets are links."""
        if isinstance(found, list):
            return [self.value(one) for one in found]
        link = _LINK.fullmatch(found) if isinstance(found, str) else None
        return self.link(link[1]) if link else found

    def rows(self, base, view=0):
        """The notes that a view of a base shows, in its order, each with the values of its columns."""
        view = base["views"][view]
        ask = Asked(self, base.get("formulas", {}))
        found = [note for note in self.notes if ask.holds(base["filters"], note)]
        for sort in reversed(view.get("sort", ())):
            found.sort(
                key=lambda note, sort=sort: _order(ask.shown(sort["property"], note)),
                reverse=sort["direction"] == "DESC",
            )
        return [(note, [ask.shown(name, note) for name in view["order"]]) for note in found[: view.get("limit")]]


def _order(value):
    value = value[0] if isinstance(value, list) and value else value
    if value is None or value == []:
        return ("", 0)
    if isinstance(value, Link):
        return ("link", value.path)
    return (type(value).__name__, value.casefold() if isinstance(value, str) else value)


class Asked:
    """Asks expressions of notes."""

    def __init__(self, vault, formulas):
        self.vault = vault
        self.formulas = formulas

    def holds(self, filters, note):
        """Whether a note passes filters."""
        if isinstance(filters, str):
            return is_true(Expression(filters, self, note).value())
        ((word, inside),) = filters.items()
        return {"and": all, "or": any, "not": lambda found: not any(found)}[word](
            self.holds(one, note) for one in inside
        )

    def shown(self, name, note):
        """The value of a column of a view."""
        kind, _, rest = name.partition(".")
        if kind == "formula":
            return Expression(self.formulas[rest], self, note).value()
        if kind == "file":
            return Expression(name, self, note).value()
        return self.vault.value(note.properties.get(rest if kind == "note" else name))


def is_true(value):
    """Whether a value counts as true, as in JavaScript."""
    return bool(value) or isinstance(value, list | Link | Note)


class Expression:
    """An expression, read and asked at once."""

    def __init__(self, text, asked, note, names=None):
        self.asked, self.note, self.names = asked, note, names or {}
        self.tokens, at = [], 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            assert found, f"no expression: {text[at:]!r} in {text!r}"
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.at = 0

    def value(self):
        found = self.either()
        assert self.at == len(self.tokens), f"more behind an expression: {self.tokens[self.at :]}"
        return found

    def next(self, *signs):
        """Take one of some signs, if it is the next token."""
        if self.at < len(self.tokens) and self.tokens[self.at] in [("sign", sign) for sign in signs]:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def expect(self, sign):
        assert self.next(sign), f"{sign} expected: {self.tokens[self.at :]}"

    def skipping(self, read):
        """Read a part whose value does not count."""
        names, self.names = self.names, None
        read()
        self.names = names

    def either(self):
        found = self.both()
        while self.next("||"):
            if self.names is None or is_true(found):
                self.skipping(self.both)
            else:
                found = self.both()
        return found

    def both(self):
        found = self.compared()
        while self.next("&&"):
            if self.names is None or is_true(found):
                found = self.compared()
            else:
                self.skipping(self.compared)
        return found

    def compared(self):
        found = self.added()
        if sign := self.next("==", "!=", "<=", ">=", "<", ">"):
            other = self.added()
            if self.names is None:
                return None
            if sign in ("==", "!="):
                is_equal = type(found) is type(other) or {type(found), type(other)} == {int, float}
                return (is_equal and found == other) == (sign == "==")
            assert (_is_number(found) and _is_number(other)) or type(found) is type(other) is date, (found, other)
            return {"<": found < other, "<=": found <= other, ">": found > other, ">=": found >= other}[sign]
        return found

    def added(self):
        found = self.denied()
        while self.next("+"):
            other = self.denied()
            if self.names is not None:
                assert type(found) is type(other) is str
                found += other
        return found

    def denied(self):
        if self.next("!"):
            return not is_true(self.denied())
        return self.called()

    def called(self):
        found = self.atom()
        while self.next("."):
            name = self.tokens[self.at][1]
            self.at += 1
            found = self.method(found, name) if self.next("(") else self.field(found, name)
        return found

    def atom(self):
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return float(text) if "." in text or "e" in text else int(text)
        if kind == "regex":
            pattern, _, flags = text[1:].rpartition("/")
            known = {"i": re.IGNORECASE, "s": re.DOTALL}
            return re.compile(pattern.replace(r"\/", "/"), sum(known[flag] for flag in flags))
        if text == "(":
            found = self.either()
            self.expect(")")
            return found
        assert kind == "name", text
        if self.next("("):
            return self.function(text)
        if text in ("true", "false"):
            return text == "true"
        if text == "file":
            return self.note
        if text == "note" and self.next("["):
            text = self.either()
            self.expect("]")
        if self.names and text in self.names:
            return self.names[text]
        return self.asked.vault.value(self.note.properties.get(text))

    def arguments(self):
        found = []
        while not self.next(")"):
            found.append(self.either())
            self.next(",")
        return found

    def function(self, name):
        if name == "if":
            return self.chosen()
        found = self.arguments()
        if self.names is None:
            return None
        functions = {"date": date.fromisoformat, "link": self.asked.vault.link, "today": date.today}
        return functions[name](*found)

    def chosen(self):
        condition = self.either()
        self.expect(",")
        is_chosen = is_true(condition)
        found = self.either() if self.names is None or is_chosen else self.skipping(self.either)
        if self.next(","):
            if self.names is None or not is_chosen:
                found = self.either()
            else:
                self.skipping(self.either)
        self.expect(")")
        return found

    def field(self, found, name):
        if self.names is None:
            return None
        assert isinstance(found, Note)
        folder, _, file = found.path.rpartition("/")
        return {"path": found.path, "name": file.removesuffix(".md"), "folder": folder}[name]

    def method(self, found, name):
        if name in ("filter", "map"):
            return self.each(found, name)
        arguments = self.arguments()
        if self.names is None or (found is None and name != "isEmpty"):
            return None  # what is missing is not true
        return _METHODS[_type_name(found), name](found, *arguments)

    def each(self, found, name):
        """What an expression says of each item of a list."""
        start, names = self.at, self.names
        results = []
        for item in found if names is not None and found is not None else ():
            assert isinstance(found, list)
            self.at, self.names = start, {"value": item}
            results.append(self.either())
        self.at, self.names = start, None
        self.either()
        self.names = names
        self.expect(")")
        if names is None or found is None:
            return None
        if name == "map":
            return results
        return [item for item, result in zip(found, results, strict=True) if is_true(result)]


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _type_name(value):
    kinds = {
        "none": type(None), "file": Note, "regex": re.Pattern, "list": list, "string": str, "boolean": bool,
        "number": (int, float), "time": datetime, "date": date, "link": Link,
    }  # fmt: skip
    return next(name for name, kind in kinds.items() if isinstance(value, kind))


def _number_text(number):
    """A number as JavaScript writes it, as far as numbers need no exponent."""
    assert number == 0 or 1e-6 <= abs(number) < 1e21
    return str(number)


def _formatted(day, form):
    assert form == "YYYY-MM-DD"
    return day.isoformat()


_METHODS = {
    ("none", "isEmpty"): lambda value: True,
    ("string", "isEmpty"): lambda text: not text,
    ("number", "isEmpty"): lambda number: False,
    ("date", "isEmpty"): lambda day: False,
    ("list", "isEmpty"): lambda items: not items,
    ("list", "contains"): lambda items, item: any(type(one) is type(item) and one == item for one in items),
    ("string", "lower"): str.lower,
    ("string", "contains"): lambda text, part: part in text,
    ("string", "startsWith"): str.startswith,
    ("string", "endsWith"): str.endswith,
    ("string", "toString"): str,
    ("number", "toString"): _number_text,
    ("boolean", "toString"): lambda value: str(value).lower(),
    ("date", "toString"): date.isoformat,
    ("date", "format"): _formatted,
    ("regex", "matches"): lambda regex, text: regex.search(text) is not None,
    ("file", "hasProperty"): lambda note, name: name in note.properties,
    ("file", "inFolder"): lambda note, folder: note.path.startswith(f"{folder}/"),
    ("file", "asLink"): Note.as_link,
}
