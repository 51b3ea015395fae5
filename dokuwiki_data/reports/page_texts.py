"""The texts of pages as a report may show them: what looks like a secret is masked, letter by letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dokuwiki_data.reports.chapters.secrets import mail_addresses, secret_values
from dokuwiki_data.wiki.sources.source import WikiSource, read_text

#: What stands for a letter of a secret; it is as wide as one, so that places stay.
_MASK = "•"
_KEY_BEGINS, _KEY_ENDS = "-----BEGIN ", "-----END "


def page_texts(source: WikiSource) -> Callable[[str], str | None]:
    """Return a function from the id of a page to its text without secrets; None for a page that cannot be read."""
    paths = {file.page_id: file.path for file in source.pages(lambda error: None)}

    def text_of(page_id: str) -> str | None:
        path = paths.get(page_id)
        text = None if path is None else read_text(source.files, path)
        return None if text is None else without_secrets(text)

    return text_of


def without_secrets(text: str) -> str:
    r"""Return a text in which all but the first letter of passwords, keys and names before an @ is masked.

    All that the chapter about secrets finds is masked. Every other letter stays where it is.

    Example:
        >>> without_secrets("password: hunter22, or ask jane@library.org")
        'password: h•••••••, or ask j•••@library.org'
    """
    secrets = list(_secrets(text))
    if not secrets:
        return text
    shown = list(text)
    for begin, end in secrets:
        shown[begin + 1 : end] = (letter if letter in "\r\n" else _MASK for letter in text[begin + 1 : end])
    return "".join(shown)


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    """Iterate over where secrets begin and end."""
    for at, address in mail_addresses(text):
        yield at, at + address.rindex("@")
    for at, _, value in secret_values(text):
        end = at + len(value)
        if value.startswith(_KEY_BEGINS):  # the key is what follows
            ends = text.find(_KEY_ENDS, end)
            yield end, len(text) if ends < 0 else ends
        else:
            yield at, end
