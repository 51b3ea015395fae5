"""The settings of a wiki, read from its ``conf`` folder. Nothing of it is executed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from dokuwiki_data.ids import IdRules
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.links import LinkRules

Literal = str | int | float | bool | None

#: The files with settings, each overriding those before it.
SETTINGS_FILES = ("dokuwiki.php", "local.php", "local.protected.php")


@dataclass(frozen=True, slots=True)
class Settings:
    """A wiki's settings; where it has none, DokuWiki's own defaults.

    ``values``: every ``$conf[…]`` that is a literal, by name (``a/b`` for ``$conf['a']['b']``). ``interwiki``:
    addresses by shortcut; ``acronyms``: meanings; ``smileys``: names of pictures.
    """

    values: Mapping[str, Literal] = field(default_factory=dict)
    interwiki: Mapping[str, str] = field(default_factory=dict)
    acronyms: Mapping[str, str] = field(default_factory=dict)
    smileys: Mapping[str, str] = field(default_factory=dict)
    #: What the file VERSION says.
    version: str = ""

    @property
    def ids(self) -> IdRules:
        """What page ids depend on."""
        separator = self.text("sepchar", "_")
        return IdRules(
            deaccent=self._number("deaccent", 1),
            separator=separator if separator in ("_", "-", ".") else "_",
            use_slash=bool(self._number("useslash", 0)),
        )

    @property
    def links(self) -> LinkRules:
        """What links depend on."""
        return LinkRules(self.ids, self.text("start", "start"), bool(self._number("autoplural", 0)))

    @property
    def file_names(self) -> Encoding:
        """How ids are written as names of files."""
        found = self.text("fnencode", "url")
        return cast(Encoding, found) if found in ("url", "safe", "utf-8") else "url"

    @property
    def uses_access_rules(self) -> bool:
        """Whether the rules of ``acl.auth.php`` count."""
        return bool(self._number("useacl", 0))

    def text(self, name: str, default: str) -> str:
        """A setting that is a text."""
        found = self.values.get(name)
        return default if found is None else str(found)

    def _number(self, name: str, default: int) -> int:
        found = self.values.get(name, default)
        try:
            return int(found or 0)
        except ValueError:
            return 1  # what PHP takes for true


_PHP = re.compile(
    r"""(?P<skipped> \s+ | /\*.*?(?:\*/|\Z) | (?:\#|//)[^\n]* )
      | (?P<variable> \$\w+ )
      | (?P<single> ' (?:[^'\\]|\\.)* ' )
      | (?P<double> " (?:[^"\\]|\\.)* " )
      | (?P<number> -?\d+(?:\.\d+)?(?![\w.]) )
      | (?P<word> \w+ )
      | (?P<sign> . )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: dict[str, Literal] = {"true": True, "false": False, "null": None}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "$": "$"}
Token = tuple[str, str]


def read_php(text: str) -> dict[str, Literal]:
    """The statements ``$conf['name'] = literal;`` of a PHP file, outside of any braces; all others are passed over."""
    found: dict[str, Literal] = {}
    depth = 0
    statement: list[Token] = []
    for match in _PHP.finditer(text):
        kind, token = match.lastgroup or "", match[0]
        if kind == "skipped":
            continue
        if kind == "sign" and token in "{}":
            depth += 1 if token == "{" else -1 if depth else 0
            statement = []
        elif kind == "sign" and token == ";":
            if not depth:
                found.update(_assignment(statement))
            statement = []
        elif kind == "word" and token == "php" and len(statement) == 2:  # after <?
            statement = []
        else:
            statement.append((kind, token))
    return found


def _assignment(statement: list[Token]) -> Iterator[tuple[str, Literal]]:
    if not statement or statement[0] != ("variable", "$conf"):
        return
    names, at = [], 1
    while [token for _, token in statement[at : at + 3 : 2]] == ["[", "]"]:
        names.append(_literal(*statement[at + 1]))
        at += 3
    rest = statement[at:]
    is_literal = len(rest) == 2 and rest[0] == ("sign", "=") and _is_literal(*rest[1])
    if is_literal and names and all(isinstance(name, str | int) for name in names):
        yield "/".join(map(str, names)), _literal(*rest[1])


def _is_literal(kind: str, token: str) -> bool:
    if kind == "double":
        return not re.search(r"(?<!\\)(?:\\\\)*\$[\w{]|\{\$", token)  # else PHP would put something in
    return kind in ("single", "number") or (kind == "word" and token.lower() in _WORDS)


def _literal(kind: str, token: str) -> Literal:
    if kind == "single":
        return re.sub(r"\\([\\'])", r"\1", token[1:-1])
    if kind == "double":
        return re.sub(r'\\([ntr\\"$])', lambda escaped: _ESCAPED[escaped[1]], token[1:-1])
    if kind == "number":
        return float(token) if "." in token else int(token[:18])
    return _WORDS.get(token.lower())


def read_pairs(text: str, *, lower: bool = False) -> dict[str, str]:
    """The lines ``name value`` of a ``.conf`` file. ``#`` begins a comment, ``\\#`` does not."""
    found = {}
    for line in text.split("\n"):
        name, _, value = re.sub(r"(?<!\\)#.*", "", line).strip().replace("\\#", "#").replace("\t", " ").partition(" ")
        if name:
            found[name.lower() if lower else name] = value.strip()
    return found


def merged(texts: Iterable[str], *, lower: bool = False) -> dict[str, str]:
    """The pairs of several ``.conf`` files, each overriding those before it."""
    found: dict[str, str] = {}
    for text in texts:
        found.update(read_pairs(text, lower=lower))
    return found
