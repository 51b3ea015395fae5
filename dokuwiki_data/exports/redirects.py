"""Redirects from the addresses of pages and media files in DokuWiki to their files in an export, for four servers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from dokuwiki_data.exports.places import Places, address
from dokuwiki_data.render.characters import percent_encoded

#: DokuWiki's programs for pages and for media files, and the first part of a media file's short address.
_PAGE_PROGRAM, _MEDIA_PROGRAMS, _MEDIA_PREFIX = "doku.php", ("lib/exe/fetch.php", "lib/exe/detail.php"), "_media/"


class RedirectRule(NamedTuple):
    """An old address, as a path below the root of the server and a parameter of its query, and the new address.

    ``parameter`` is empty, or ``id`` or ``media``; ``value`` is its value, an id. Paths and values are not escaped,
    ``new`` is.
    """

    path: str
    parameter: str
    value: str
    new: str

    @property
    def old(self) -> str:
        """The old address as DokuWiki writes it."""
        path = percent_encoded(self.path, safe="/:;")
        return f"{path}?{self.parameter}={percent_encoded(self.value, safe=':;/')}" if self.parameter else path


def redirects(
    places: Places,
    targets: Mapping[str, str],
    base: str = "/",
    site: str = "/",
    site_path: Callable[[str], str] = str,
) -> list[RedirectRule]:
    """Return the redirects of all pages and media files.

    Args:
        places: The files of the export.
        targets: The new addresses of pages that lead to another page, by id (``~~REDIRECT~~``).
        base: The path of the old wiki on its server (DokuWiki's setting ``basedir``).
        site: The address of the export, or its path on the server; it ends with a slash.
        site_path: Returns the path of a file in the site, see `dokuwiki_data.exports.target.Target.site_path`.
    """
    pages, media = ({name: site_path(path) for name, path in files.items()} for files in (places.pages, places.media))
    base = f"/{base.strip('/')}/".replace("//", "/")
    root = urlsplit(site).path or "/"
    files = {f"{root}{path}" for path in (*pages.values(), *media.values())}
    found = [
        *_of_pages(pages, targets, base, site),
        *_of_media(media, base, site),
        *(RedirectRule(f"{root}{pages[page_id]}", "", "", new) for page_id, new in targets.items()),
    ]
    # An address of which the export has a file leads to this file; only a page that leads on gives way.
    leads_on = {f"{root}{pages[page_id]}" for page_id in targets}
    return [one for one in dict.fromkeys(found) if one.path not in files or one.path in leads_on]


def _of_pages(pages: Mapping[str, str], targets: Mapping[str, str], base: str, site: str) -> Iterator[RedirectRule]:
    for page_id, file in pages.items():
        new = targets.get(page_id) or site + address(file)
        yield RedirectRule(base + page_id.replace(":", "/"), "", "", new)
        yield RedirectRule(base + page_id, "", "", new)
        yield RedirectRule(base + _PAGE_PROGRAM, "id", page_id, new)
        yield RedirectRule(f"{base}{_PAGE_PROGRAM}/{page_id}", "", "", new)


def _of_media(media: Mapping[str, str], base: str, site: str) -> Iterator[RedirectRule]:
    for media_id, file in media.items():
        new = site + address(file)
        yield RedirectRule(base + _MEDIA_PREFIX + media_id.replace(":", "/"), "", "", new)
        yield RedirectRule(base + _MEDIA_PREFIX + media_id, "", "", new)
        for program in _MEDIA_PROGRAMS:
            yield RedirectRule(base + program, "media", media_id, new)
        yield RedirectRule(f"{base}{_MEDIA_PROGRAMS[0]}/{media_id}", "", "", new)


def redirect_files(found: Sequence[RedirectRule], site_folder: str = "", suffix: str = ".html") -> dict[str, bytes]:
    """Return the files with redirects, by path.

    Args:
        found: The redirects.
        site_folder: The folder of the files that the site has as they are: hosts read ``_redirects`` at its root.
        suffix: What the files of pages end with.
    """
    return {
        f"{site_folder}_redirects": "".join(_hosts_lines(found, suffix)).encode(),
        "redirects/nginx.map": "".join(_nginx_lines(found)).encode(),
        "redirects/apache.conf": "".join(_apache_lines(found)).encode(),
        "redirects/redirects.csv": "".join(_csv_lines(found)).encode(),
    }


# ------------------------------------------------------------------------------------- Netlify and Cloudflare


def _hosts_lines(found: Iterable[RedirectRule], suffix: str) -> Iterator[str]:
    """Lines for hosts that read ``_redirects``.

    A colon in a path would begin a placeholder, and matches there everything, so it is escaped. A line from ``/a/b`` to
    ``/a/b.html`` or ``/a/b/`` is left out: these hosts serve the file there, and with it they would redirect for ever
    (https://docs.netlify.com/manage/routing/redirects/redirect-options/#trailing-slash). Lines with a query are
    Netlify's; Cloudflare skips them.
    """
    yield "# /a/b needs no line where a/b.html or a/b/ is its page: the hosts that read these lines serve it there.\n"
    for one in sorted(found, key=lambda one: bool(one.parameter)):
        path = percent_encoded(one.path)
        if one.parameter:
            yield f"{path} {one.parameter}={percent_encoded(one.value)} {one.new} 301\n"
        elif one.new not in (path + suffix, f"{path}/"):
            yield f"{path} {one.new} 301\n"


# ----------------------------------------------------------------------------------------------------- nginx

_NGINX_HEAD = """\
# Old addresses and new ones, to be included by nginx:
#
#   map_hash_max_size 65536; map_hash_bucket_size 512;
#   map $request_uri $old_address {
#       "~^(?<old_path>[^?]*)\\?(?:.*&)?(?<old_value>(?:id|media)=[^&]*)" $old_path?$old_value;
#       default $request_uri;
#   }
#   map $old_address $new_address { default ""; include redirects/nginx.map; }
#   server { if ($new_address) { return 301 $new_address; } }
"""


def _nginx_lines(found: Iterable[RedirectRule]) -> Iterator[str]:
    """Entries of a map; a server meets ids with escaped and with plain colons."""
    yield _NGINX_HEAD
    for one in found:
        for old in dict.fromkeys((one.old, _escaped_colons(one.old))):
            yield f'"{old}" "{_for_nginx(one.new)}";\n'


def _escaped_colons(old: str) -> str:
    return old.replace(":", "%3A")


def _for_nginx(new: str) -> str:
    """A value, in which variables are replaced; addresses of other hosts may hold any character."""
    return new.replace("\\", "%5C").replace('"', "%22").replace("$", "%24")


# ---------------------------------------------------------------------------------------------------- Apache

_APACHE_HEAD = """\
# Redirects from old addresses, to be included by Apache: in a virtual host, or as .htaccess at the root.
RewriteEngine On
"""


def _apache_lines(found: Iterable[RedirectRule]) -> Iterator[str]:
    by_query = [one for one in found if one.parameter]
    yield _APACHE_HEAD
    if by_query:
        yield "RewriteCond %{QUERY_STRING} !(?:^|&)(?:id|media)=\n"
        yield f"RewriteRule ^ - [S={len(by_query)}]\n"
    for one in by_query:
        value = ":".join(map(_in_query, one.value.split(":"))).replace(":", "(?::|%3A)")
        yield f"RewriteCond %{{QUERY_STRING}} (?:^|&){one.parameter}={value}(?:&|$) [NC]\n"
        yield f'RewriteRule "^/?{_in_pattern(one.path.lstrip("/"))}$" "{_for_apache(one.new)}" [R=301,L,NE,QSD]\n'
    for one in found:
        if not one.parameter:
            yield f'RewriteRule "^/?{_in_pattern(one.path.lstrip("/"))}$" "{_for_apache(one.new)}" [R=301,L,NE]\n'


def _in_query(text: str) -> str:
    """A part of an id as a pattern for a query, which is matched as it was sent."""
    return re.sub(r"([^\w%~-])", r"\\\1", percent_encoded(text), flags=re.ASCII)


def _in_pattern(text: str) -> str:
    """A path as a pattern for bytes; paths are matched unescaped."""
    plain = text.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in _PLAIN_BYTES else f"\\x{byte:02x}" for byte in plain)


_PLAIN_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:_-~")


def _for_apache(new: str) -> str:
    """A new address, in which ``%`` and a digit, and ``$``, would stand for what was matched."""
    return new.replace("\\", "%5C").replace('"', "%22").replace("%", "\\%").replace("$", "\\$")


# ------------------------------------------------------------------------------------------------------- CSV


def _csv_lines(found: Iterable[RedirectRule]) -> Iterator[str]:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(["old", "new"])
    writer.writerows([one.old, one.new] for one in found)
    yield output.getvalue()
