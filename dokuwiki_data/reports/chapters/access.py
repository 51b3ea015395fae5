"""The chapter about access: who may do what in which namespace, by the rules of the wiki."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportTable, Value
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki
from dokuwiki_data.wiki.access import (
    ADMIN,
    CREATE,
    DELETE,
    EDIT,
    NONE,
    READ,
    UPLOAD,
    AccessRules,
    read_access_rules,
)

#: The names of the levels; each includes those before it.
_WORDS = {
    NONE: "nothing", READ: "read", EDIT: "edit", CREATE: "create", UPLOAD: "upload", DELETE: "delete", ADMIN: "all",
}  # fmt: skip
_EVERYBODY = "@ALL"
#: The most users and groups with a column of their own.
_MOST = 40


def _make(wiki: ReportedWiki, seen: Mapping[str, None]) -> ReportChapter:
    rules = read_access_rules(wiki.source)
    about = "Who may do what. Each level includes those before it: read, edit, create, upload, delete. "
    if wiki.source.layout.conf is None:
        about += "What was read has no settings, so the rules are not known."
    elif rules is None:
        about += "The settings of the wiki do not use access rules: everybody may do everything."
    elif not rules.rules:
        about += (
            "There are no rules, so DokuWiki allows nothing except to superusers; perhaps the file acl.auth.php is not "
            "part of what was read."
        )
    else:
        about += "The closest rule counts: that of a page, of its namespace, of the namespace above."
    who = [] if rules is None else _who(rules)
    below = _pages_below(wiki)
    open_ = None
    if rules is not None:
        level_of = rules.levels()
        open_ = sum(level_of(page_id) >= READ for page_id in wiki.files)
    elif wiki.source.layout.conf is not None:
        open_ = len(wiki.files)
    return ReportChapter(
        "access",
        "Access",
        about,
        figures=(
            ReportFigure("access_rules", "Access rules", None if rules is None else len(rules.rules)),
            ReportFigure("open_pages", "Pages that everybody may read", open_),
        ),
        tables=(
            ReportTable(
                "access",
                "What everybody, groups and users may do",
                "Namespaces, and pages with rules of their own. For a group or a user, what everybody may do counts as "
                "well; for a user, the groups do not, since this report does not read who is in them. "
                f"Superusers may do everything.{_left_out(rules, who)}",
                (
                    ReportColumn("where", "Namespace or page", "code"),
                    ReportColumn("pages", "Pages", "number"),
                    *(ReportColumn(f"who:{name}", "everybody" if name == _EVERYBODY else name) for name in who),
                ),
                () if rules is None else tuple(_matrix(wiki, rules, who, below)),
            ),
            ReportTable(
                "access_rules",
                "Rules",
                "The lines of acl.auth.php.",
                (
                    ReportColumn("where", "Namespace or page", "code"),
                    ReportColumn("who", "Group or user", "code"),
                    ReportColumn("level", "May"),
                    ReportColumn("pages", "Pages that it is about", "number"),
                ),
                () if rules is None else tuple(_rules(rules, wiki.files, below)),
            ),
        ),
    )


def _who(rules: AccessRules) -> list[str]:
    """Return everybody, the groups and the users that rules name; groups only if there are many."""
    names = {unquote(rule.who) for rule in rules.rules if "%USER%" not in rule.who and "%GROUP%" not in rule.who}
    names = {_EVERYBODY, *names, *rules.superusers} - {""}
    groups = sorted(name for name in names if name.startswith("@") and name != _EVERYBODY)
    users = sorted(name for name in names if not name.startswith("@"))
    found = [_EVERYBODY, *groups, *users]
    return found[:_MOST]


def _left_out(rules: AccessRules | None, who: list[str]) -> str:
    if rules is None or len(who) < _MOST:
        return ""
    return f" Only the first {_MOST} groups and users have a column."


def _pages_below(wiki: ReportedWiki) -> Counter[str]:
    """Return the number of pages in and below each namespace; the empty name is that of the root."""
    below: Counter[str] = Counter()
    for name in wiki.files:
        while name:
            name = namespace_of(name)
            below[name] += 1
    return below


def _matrix(
    wiki: ReportedWiki, rules: AccessRules, who: list[str], below: Mapping[str, int]
) -> Iterator[tuple[Value, ...]]:
    places = {f"{name}:*" if name else "*": below.get(name, 0) for name in wiki.namespaces()}
    places |= {rule.target: 1 for rule in rules.rules if rule.target in wiki.files}
    levels = [rules.levels("", [name[1:]]) if name.startswith("@") else rules.levels(name) for name in who]
    for place in sorted(places):
        yield place, places[place], *(_word(level_of(place)) for level_of in levels)


def _rules(rules: AccessRules, files: Collection[str], below: Mapping[str, int]) -> Iterator[tuple[Value, ...]]:
    for target, who, level in ((rule.target, rule.who, rule.level) for rule in rules.rules):
        pages = below.get(target.removesuffix("*").removesuffix(":"), 0) if target.endswith("*") else target in files
        yield target, unquote(who), _word(min(level, DELETE)), None if "%" in target else int(pages)


def _word(level: int) -> str:
    return _WORDS[max((one for one in _WORDS if one <= level), default=NONE)]


ACCESS = ChapterMaker("access", (), _make)
