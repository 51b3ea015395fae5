"""Parse the files of a wiki's ``conf`` folder: PHP with settings, ``name value`` lines, and lists of URL schemes.

Nothing is executed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from dokuwiki_data.php import BLANKS

Literal = str | int | float | bool | None

#: The files with settings; each overrides the ones before it.
SETTINGS_FILES = ("dokuwiki.php", "local.php", "local.protected.php")

#: The files that disable plugins; each overrides the ones before it.
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
_KEYWORDS: dict[str, Literal] = {"true": True, "false": False, "null": None}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "$": "$"}
Token = tuple[str, str]


def read_php(text: str, variable: str = "$conf") -> dict[str, Literal]:
    """Return the values that a PHP file assigns: statements ``$conf['name'] = literal;`` outside of braces.

    All other statements are ignored. The name of a nested value is a path: ``a/b`` for ``$conf['a']['b']``.

    Example:
        >>> read_php("<?php $conf['title'] = 'My wiki'; $conf['useacl'] = 1;")
        {'title': 'My wiki', 'useacl': 1}
    """
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


def plugin_switches(texts: Iterable[str]) -> dict[str, bool]:
    """Return whether plugins are switched on, by name, as the texts of `PLUGIN_FILES` say; others are on."""
    switches: dict[str, Literal] = {}
    for text in texts:
        switches.update(read_php(text, "$plugins"))
    return {name: bool(value) for name, value in switches.items()}


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
        return not re.search(r"(?<!\\)(?:\\\\)*\$[\w{]|\{\$", token)  # PHP would interpolate a variable
    return kind in ("single", "number") or (kind == "word" and token.lower() in _KEYWORDS)


def _literal(kind: str, token: str) -> Literal:
    if kind == "single":
        return re.sub(r"\\([\\'])", r"\1", token[1:-1])
    if kind == "double":
        return re.sub(r'\\([ntr\\"$])', lambda escaped: _ESCAPED[escaped[1]], token[1:-1])
    if kind == "number":
        return float(token) if "." in token else int(token[:18])
    return _KEYWORDS.get(token.lower())


def parse_literal(text: str) -> Literal:
    """Return the value of an unquoted literal: a number, ``true``, ``false`` or ``null``; any other text is itself."""
    if re.fullmatch(r"-?[0-9]{1,18}(?:\.[0-9]+)?", text):
        return float(text) if "." in text else int(text)
    return _KEYWORDS.get(text.lower(), text)


#: An integer key in PHP, which is renumbered when arrays are merged.
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")


def merged_pairs(own: Mapping[str, str], texts: Iterable[str], *, lower: bool = False) -> dict[str, str]:
    """Merge the ``name value`` lines of ``.conf`` files into ``own``, as DokuWiki does.

    Each file overrides the ones before it. A name without a value is removed. With ``lower``, names become lowercase.
    """
    found = dict(own)
    for text in texts:
        found.update(_renumbered(read_pairs(text, lower=lower), sum(map(str.isdecimal, found))))
    return {name: value for name, value in found.items() if value}


def read_pairs(text: str, *, lower: bool = False) -> dict[str, str]:
    """Parse the ``name value`` lines of a ``.conf`` file. ``#`` starts a comment, ``\\#`` and ``&#`` do not."""
    found = {}
    for line in text.removeprefix("\ufeff").split("\n"):
        name, *value = re.split(
            r"\s+", re.sub(r"(?<![&\\])#.*", "", line).replace("\\#", "#").strip(BLANKS), maxsplit=1, flags=re.ASCII
        )
        if name:
            found[name.lower() if lower else name] = "".join(value)
    return found


def _renumbered(pairs: Mapping[str, str], count: int) -> dict[str, str]:
    """Renumber integer names as PHP does when it merges arrays, starting at ``count``."""
    found = {}
    for name, value in pairs.items():
        is_number = _NUMBER.fullmatch(name)
        found[str(count) if is_number else name] = value
        count += bool(is_number)
    return found


def merged_schemes(own: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """Merge the URL schemes of ``scheme.conf`` files into ``own``: one per line; a leading ``!`` removes one."""
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
    return tuple(name for name in found if not _is_removed(name, gone) and name not in ("", "0") and name[0] != "#")


def _is_removed(name: str, gone: Counter[str]) -> bool:
    """Whether this occurrence is removed; removals apply to the first occurrences of a name."""
    gone[name] -= 1
    return gone[name] >= 0
