"""The formats of the files in a wiki's ``conf`` folder: PHP with settings, pairs of names and values, lists of schemes.

Nothing of it is executed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from dokuwiki_data.php import BLANKS

Literal = str | int | float | bool | None

#: The files with settings, each overriding those before it.
SETTINGS_FILES = ("dokuwiki.php", "local.php", "local.protected.php")

#: The files that switch plugins off, each overriding those before it.
PLUGIN_FILES = ("plugins.php", "plugins.local.php", "plugins.required.php", "plugins.protected.php")

_PHP = re.compile(
    r"""(?P<skipped> \s+ | /\*.*?(?:\*/|\Z) | (?:\#|//)[^\n]* )
      | (?P<variable> \$\w+ )
      | (?P<single> ' (?>[^'\\]|\\.?)*+ '? )
      | (?P<double> " (?>[^"\\]|\\.?)*+ "? )
      | (?P<number> -?\d+(?:\.\d+)?(?![\w.]) )
      | (?P<word> \w+ )
      | (?P<sign> . )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: dict[str, Literal] = {"true": True, "false": False, "null": None}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "$": "$"}
Token = tuple[str, str]


def read_php(text: str, variable: str = "$conf") -> dict[str, Literal]:
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
                found.update(_assignment(statement, variable))
            statement = []
        elif kind == "word" and token == "php" and len(statement) == 2:  # after <?
            statement = []
        else:
            statement.append((kind, token))
    return found


def _assignment(statement: list[Token], variable: str) -> Iterator[tuple[str, Literal]]:
    if not statement or statement[0] != ("variable", variable):
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


def literal(text: str) -> Literal:
    """The value that a text stands for where nobody writes quotes: ``1``, ``1.5``, ``true``, ``null``, else itself."""
    if re.fullmatch(r"-?[0-9]{1,18}(?:\.[0-9]+)?", text):
        return float(text) if "." in text else int(text)
    return _WORDS.get(text.lower(), text)


#: A number of PHP's, which it does not keep as the name of a value when it puts lists together.
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")


def merged_pairs(own: Mapping[str, str], texts: Iterable[str], *, lower: bool = False) -> dict[str, str]:
    """The lines ``name value`` of ``.conf`` files on top of others, as DokuWiki puts them together.

    Each file overrides those before it; a name without a value is no name any more. With ``lower``, names are in
    small letters.
    """
    found = dict(own)
    for text in texts:
        found.update(_numbered(read_pairs(text, lower=lower), sum(map(str.isdecimal, found))))
    return {name: value for name, value in found.items() if value}


def read_pairs(text: str, *, lower: bool = False) -> dict[str, str]:
    """The lines ``name value`` of a ``.conf`` file. ``#`` begins a comment, ``\\#`` and ``&#`` do not."""
    found = {}
    for line in text.removeprefix("\ufeff").split("\n"):
        name, *value = re.split(
            r"\s+", re.sub(r"(?<![&\\])#.*", "", line).replace("\\#", "#").strip(BLANKS), maxsplit=1, flags=re.ASCII
        )
        if name:
            found[name.lower() if lower else name] = "".join(value)
    return found


def _numbered(pairs: Mapping[str, str], count: int) -> dict[str, str]:
    """The pairs of one file with names that are numbers as PHP makes them: counted from those before."""
    found = {}
    for name, value in pairs.items():
        is_number = _NUMBER.fullmatch(name)
        found[str(count) if is_number else name] = value
        count += bool(is_number)
    return found


def merged_schemes(own: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """The schemes of addresses in ``scheme.conf`` files: one a line; ``!`` in front takes one away that was there."""
    found = list(own)
    there, gone = Counter(found), Counter[str]()
    for text in texts:
        for line in text.split("\n"):
            name = line.strip(BLANKS)
            if not line.startswith("!"):
                found.append(name)
                there[name] += 1
            elif there[name := name[1:].strip(BLANKS)]:
                there[name] -= 1
                gone[name] += 1
    return tuple(name for name in found if not _taken(name, gone) and name not in ("", "0") and name[0] != "#")


def _taken(name: str, gone: Counter[str]) -> bool:
    """Whether this is one of those that are gone, which are the first of their name."""
    gone[name] -= 1
    return gone[name] >= 0
