"""Read the page in a single file."""

from __future__ import annotations

from pathlib import Path

from dokuwiki_data.errors import PageReadError, reason_of
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.sources.folder import read_file


def read_page(path: str | Path, *, page_id: str | None = None, syntax: Syntax = Syntax()) -> Page:
    """Read the page in a file. To read the pages of a wiki with its settings, use `Wiki.open`.

    Bytes that are not UTF-8 become lone surrogates, so that ``str(page).encode("utf-8", "surrogateescape")`` returns
    the bytes of the file.

    Args:
        path: The file.
        page_id: The id of the page; by default the name of the file without its ending.
        syntax: The release, the plugins and the settings to read it with.

    Raises:
        PageReadError: The file cannot be read.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.read_page("examples/wiki/pages/role/data_steward.txt", page_id="role:data_steward")
        >>> page.title
        'Role: Data steward'
    """
    path = Path(path)
    content = read_file(path)
    try:
        modified = int(path.stat().st_mtime // 1)
    except OSError as error:
        raise PageReadError(path, reason_of(error)) from error
    text = content.decode("utf-8", "surrogateescape")
    return parse(text, page_id=path.stem if page_id is None else page_id, modified=modified, syntax=syntax)
