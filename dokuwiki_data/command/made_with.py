"""What records were made with, kept beside them until they are complete, and compared by a run that goes on."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.command.files import replacing
from dokuwiki_data.command.messages import PROGRAM
from dokuwiki_data.dataset.about import about_wiki
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.wiki.sources.opening import PageFile, WikiSource


class ResumeError(DokuWikiDataError):
    """The records that an earlier run left were made in another way, so that none can be added to them."""


class MadeWith(NamedTuple):
    """How records were made: ``how`` in words by name, and a digest of what else they tell of than their own page.

    ``around`` may change between two runs (pages that links find, entries that queries find), ``how`` must not.
    """

    how: Mapping[str, str]
    around: str

    def differences(self, other: MadeWith) -> str:
        """In what another way something was made; empty if it was made in the same."""
        names = [name for name in {**self.how, **other.how} if self.how.get(name) != other.how.get(name)]
        return ", ".join(f"{name} {self.how.get(name)} instead of {other.how.get(name)}" for name in names)


def made_with(
    chosen: argparse.Namespace, source: WikiSource, readable: Sequence[PageFile], media: Iterable[str], context: Context
) -> MadeWith:
    """How the arguments and the wiki's settings have its records made, and around what.

    ``readable`` are the pages and ``media`` the ids of the files that records may tell of.
    """
    settings, syntax, parts = source.settings, source.settings.syntax, set(chosen.parts)
    plain = replace(syntax, release=type(syntax)().release, plugins=())
    values = sorted((name, repr(value)) for name, value in settings.values.items())
    how = {
        "version": metadata.version(PROGRAM),
        "release": syntax.release,
        "plugins": ",".join(plugin if isinstance(plugin, str) else plugin.name for plugin in syntax.plugins) or "none",
        "parts": ",".join(chosen.parts) or "none",
        "revisions": "yes" if chosen.revisions else "no",
        "pages of": _words(
            namespace=chosen.namespace, include=chosen.include, exclude=chosen.exclude, readable_by=chosen.readable_by
        ),
        "settings": _digest([plain, values, sorted(settings.labels.items()), source.file_names])[:8],
    }
    around: list[object] = []
    if parts & {"data", "tables"}:
        around += [about_wiki(syntax, context), str(context.today)]
    if "tables" in parts:
        around += readable
    elif "links" in parts:
        around += [file.page_id for file in readable]
    if "links" in parts:
        around += ["media", *media]
    return MadeWith(how, _digest(around))


def readable_media(source: WikiSource, parts: Collection[str], sees: Callable[[str], bool]) -> list[str]:
    """The ids of the media files that links may find, if records tell of links."""
    return [media_id for media_id in source.media(lambda error: None) if sees(media_id)] if "links" in parts else []


def note_of(path: Path) -> Path:
    """Where it is noted how the records of a file were made."""
    real = Path(os.path.realpath(path))
    return real.parent / f".{real.name[:200]}.made-with"


def write_note(path: Path, made: MadeWith) -> None:
    """Note how the records of a file are made."""
    with replacing(note_of(path)) as output:
        output.write(as_json({"how": made.how, "around": made.around}, indent=2).encode() + b"\n")


def read_note(path: Path) -> MadeWith | None:
    """How the records of a file were made; None where it is not known."""
    try:
        found = json.loads(note_of(path).read_bytes())
        return MadeWith({str(name): str(value) for name, value in found["how"].items()}, str(found["around"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _digest(values: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for value in values:
        digest.update(repr(value).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def _words(**lists: Sequence[str]) -> str:
    return " ".join(f"{name}={','.join(found)}" for name, found in lists.items() if found) or "all"
