"""The chapter about secrets: what should be looked at before a wiki or a copy of it is given to others.

Values are never told, only their first letter: a report is given to others, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportPlace, ReportTable, Value
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki, SeenPage
from dokuwiki_data.wiki.changes import parse_changes
from dokuwiki_data.wiki.sources.files import join_path
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.source import read_text

#: The name before the @ of a mail address, and the host behind it.
_LONGEST_NAME = 64
_NAME = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}\Z")
_HOST = re.compile(r"(?:[\w\-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w\-])")
#: Names of hosts that are kept for examples.
_EXAMPLE = re.compile(
    r"(?:^|\.)(?:example(?:\.(?:com|net|org|edu))?|invalid|test|localhost|domain\.(?:tld|com))$", re.I
)

#: Words that announce a password or key, each with the letters by which it is searched, and what follows on the line.
_WORDS = {
    "pass": r"pass(?:word|wort|wd|phrase|code)?", "pwd": "pwd", "kennwort": "kennwort", "mot de passe": "mot de passe",
    "contrase": "contraseña", "key": r"(?:api|secret|private|pre-?shared)[ _-]?key", "secret": r"client[ _-]?secret",
    "token": r"(?:access|auth)[ _-]?token", "psk": "psk",
}  # fmt: skip
_ANNOUNCING = re.compile(f"(?<![a-z])(?:{'|'.join(_WORDS.values())})", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"""[ \t]*(?:[*_'"`/]{1,2}[ \t]*)?[:=][ \t]*(?:[*_'"`/]{1,2}[ \t]*)?
        (?P<value>[^\s'"`|^<>(){}\[\],;]{6,128})""",
    re.VERBOSE,
)
#: Values that stand for a password.
_PLACEHOLDER = re.compile(r"[$%&]|x{3,}|\*{2,}|\.{2,}|…|your|my[_-]?pass|change|example|secret|p[a@4]ss|_{2,}|/", re.I)
#: Keys that are recognised by their form, each with a text that it has.
_KEYS = (
    ("private key", "PRIVATE KEY", re.compile(r"-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----")),
    ("key of Amazon", "AKIA", re.compile(r"AKIA[0-9A-Z]{16}\b")),
    ("token of GitHub", "gh", re.compile(r"gh[pousr]_[A-Za-z0-9]{36,80}\b")),
    ("token of GitLab", "glpat-", re.compile(r"glpat-[A-Za-z0-9_\-]{20,64}\b")),
    ("token of Slack", "xox", re.compile(r"xox[abprs]-[A-Za-z0-9\-]{10,80}")),
    ("address with a password", "://", re.compile(r"://[^\s/:@\[\]|]{1,64}:(?P<value>[^\s/:@\[\]|]{3,64})@[\w\-]")),
)  # fmt: skip

#: Names of settings whose values are secret.
_SECRET_SETTING = re.compile(r"pass(?:word|wd)?$|pwd$|bindpw|secret|token|api_?key|authkey", re.IGNORECASE)
#: Files of the settings and of the data with secrets in them, and what these are.
_CONF_FILES = {"users.auth.php": "names, mail addresses and encrypted passwords of the users"}
_META_FILES = {"_htcookiesalt": "the key of cookies", "_htcookiesalt2": "the key of cookies"}


class PageSecrets(NamedTuple):
    """Secrets of a page: for each, its place, its kind and the masked value."""

    mails: tuple[tuple[ReportPlace, str], ...]
    passwords: tuple[tuple[ReportPlace, str, str], ...]


def masked(value: str) -> str:
    """Return a value of which only the first letter is left.

    Example:
        >>> masked("hunter22")
        'h…'
    """
    return f"{value[:1]}…"


def masked_mail(address: str) -> str:
    """Return a mail address without the name before the host.

    Example:
        >>> masked_mail("jane@library.org")
        'j…@library.org'
    """
    name, _, host = address.rpartition("@")
    return f"{masked(name)}@{host}"


def masked_address(address: str) -> str:
    """Return an IP address without its last half.

    Example:
        >>> masked_address("192.0.2.17"), masked_address("2001:db8:1:2::7")
        ('192.0.…', '2001:db8:…')
    """
    sign = ":" if ":" in address else "."
    return f"{sign.join(address.split(sign)[:2])}{sign}…"


def _look(seen: SeenPage) -> PageSecrets | None:
    text = seen.text
    mails = tuple((_place(seen, at), masked_mail(address)) for at, address in mail_addresses(text))
    passwords = tuple(sorted((_place(seen, at), kind, masked(value)) for at, kind, value in secret_values(text)))
    return PageSecrets(mails, passwords) if mails or passwords else None


def _place(seen: SeenPage, offset: int) -> ReportPlace:
    return seen.place(seen.page.source_text.position(offset))


def mail_addresses(text: str) -> Iterator[tuple[int, str]]:
    """Yield the mail addresses in a text with their offsets, without those of hosts that are kept for examples.

    Example:
        >>> list(mail_addresses("Ask jane.doe@library.org, not joe@example.com."))
        [(4, 'jane.doe@library.org')]
    """
    at = text.find("@")
    while at >= 0:
        host = _HOST.match(text, at + 1)
        begin = max(at - _LONGEST_NAME - 1, 0)
        name = _NAME.search(text[begin:at]) if host else None
        if host and name and not _EXAMPLE.search(host[0]):
            yield begin + name.start(), f"{name[0]}@{host[0]}"
        at = text.find("@", at + 1)


def secret_values(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield what looks like a password or key: its offset, its kind, and its text.

    Example:
        >>> list(secret_values("Password: hunter22."))
        [(10, 'behind “password”', 'hunter22')]
    """
    lowered = text.lower()
    if any(word in lowered for word in _WORDS):
        for word in _ANNOUNCING.finditer(text):
            match = _ANNOUNCED.match(text, word.end())
            value = match["value"].rstrip(".:!?*_/\\") if match else ""
            if match and _is_secret(value):
                yield match.start("value"), f"behind “{word[0].lower()}”", value
    for kind, sign, pattern in _KEYS:
        for match in pattern.finditer(text) if sign in text else ():
            secret = match.groupdict().get("value")
            if secret is None or not _PLACEHOLDER.search(secret):
                yield match.start("value") if secret else match.start(), kind, secret or match[0]


def _is_secret(value: str) -> bool:
    """Return whether a text looks like a password: at least six signs, of two kinds, and no placeholder."""
    kinds = sum(bool(re.search(kind, value)) for kind in (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^\w]"))
    return (
        len(value) >= 6
        and kinds >= 2
        and re.search(r"[0-9]|[^\w.\-]", value) is not None
        and not (_PLACEHOLDER.search(value))
    )


def _make(wiki: ReportedWiki, seen: Mapping[str, PageSecrets]) -> ReportChapter:
    mails = tuple(row for page_id in sorted(seen) for row in seen[page_id].mails)
    passwords = tuple(row for page_id in sorted(seen) for row in seen[page_id].passwords)
    addresses = tuple(_addresses(wiki))
    files = tuple(_files(wiki))
    return ReportChapter(
        "secrets",
        "Secrets",
        "What should be looked at before the wiki, a copy or its history is given to others. Values are masked here; "
        "the places lead to them. What looks like a secret need not be one, and not all secrets look like one.",
        figures=(
            ReportFigure("mail_addresses", "Mail addresses in pages", len(mails)),
            ReportFigure("passwords", "Texts that look like passwords or keys", len(passwords)),
            ReportFigure("author_addresses", "IP addresses of authors in changelogs", len(addresses)),
            ReportFigure("secret_files", "Files and settings with secrets", len(files)),
        ),
        tables=(
            ReportTable(
                "passwords",
                "Texts that look like passwords or keys",
                "A word such as password with a value behind it that mixes letters, digits or signs; private keys, and "
                "keys of well-known services. Change those that were ever readable to others.",
                (
                    ReportColumn("place", "Place", "place"),
                    ReportColumn("kind", "What it looks like"),
                    ReportColumn("value", "Value, masked", "code"),
                ),
                passwords,
                is_finding=True,
            ),
            ReportTable(
                "mail_addresses",
                "Mail addresses in pages",
                "Each mail address in the text of a page, except for those of hosts that are kept for examples.",
                (ReportColumn("place", "Place", "place"), ReportColumn("address", "Address, masked", "code")),
                mails,
                is_finding=True,
            ),
            ReportTable(
                "author_addresses",
                "IP addresses of authors",
                "The changelogs keep the IP address of each author, and a copy of the wiki's folders has them. Exports "
                "of the history name authors who were not logged in by it.",
                (
                    ReportColumn("address", "IP address, masked", "code"),
                    ReportColumn("changes", "Changes", "number"),
                    ReportColumn("pages", "Pages and files", "number"),
                    ReportColumn("first", "First change", "time"),
                    ReportColumn("last", "Last change", "time"),
                ),
                addresses,
                is_finding=True,
            ),
            ReportTable(
                "secret_files",
                "Files and settings with secrets",
                "Files that should not leave with a copy of the wiki's folders, and settings with a value whose name "
                "says that it is a password, a key or a token.",
                (ReportColumn("file", "File or setting", "code"), ReportColumn("what", "What is in it")),
                files,
                is_finding=True,
            ),
        ),
    )


def _addresses(wiki: ReportedWiki) -> Iterator[tuple[Value, ...]]:
    """Yield a row for each IP address in the changelogs, those with most changes first."""
    found: dict[str, set[tuple[int, str]]] = {}
    layout, files = wiki.source.layout, wiki.source.files
    folders = () if layout.is_pages_only else dict.fromkeys((layout.meta, layout.media_meta))
    paths = {
        entry.path
        for folder in folders
        if is_folder(files, folder)
        for entry in files.walk(folder, ".changes", lambda error: None)
    }
    for path in sorted(paths):
        for change in parse_changes(read_text(files, path) or ""):
            if change.ip:  # the changelog of the whole wiki has most changes once more
                found.setdefault(change.ip, set()).add((change.time, change.page_id))
    for ip in sorted(found, key=lambda ip: (-len(found[ip]), ip)):
        times = [time for time, _ in found[ip]]
        yield masked_address(ip), len(times), len({page_id for _, page_id in found[ip]}), min(times), max(times)


def _files(wiki: ReportedWiki) -> Iterator[tuple[Value, ...]]:
    layout, files = wiki.source.layout, wiki.source.files
    places = [] if layout.conf is None else [(layout.conf, _CONF_FILES)]
    if not layout.is_pages_only:
        places.append((layout.meta, _META_FILES))
    for folder, known in places:
        there = files.names(folder).files
        for name, what in known.items():
            if name in there:
                yield join_path(folder, name), what
    for name, value in sorted(wiki.source.settings.values.items()):
        if value and isinstance(value, str) and _SECRET_SETTING.search(name):
            yield f"$conf[{name}]", "a value that is secret by its name"


SECRETS = ChapterMaker("secrets", ("passwords", "mail_addresses", "author_addresses", "secret_files"), _make, _look)
