"""Links in a vault, followed as Obsidian's help says (https://help.obsidian.md/links, …/embeds, …/syntax).

What the help does not say leads nowhere here: a path that is neither one from the root of the vault, nor one that
begins with ``./`` or ``../``.
"""

import posixpath
import re
from urllib.parse import unquote

import yaml
from markdown_it import MarkdownIt

_FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
_WIKILINK = re.compile(r"!?\[\[([^\]|]*)(?:\|[^\]]*)?\]\]")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_NOTE = re.compile(r"^\[\^([^\]\s]+)\]:", re.MULTILINE)
_BLOCK = re.compile(r"(?:^|\s)\^([A-Za-z0-9-]+)\s*$", re.MULTILINE)
#: Signs of a heading that do not count in links to it.
_SIGNS = re.compile(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\]")
#: Files that notes can show (https://help.obsidian.md/file-formats).
_SHOWN = {
    *("avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp", "flac", "m4a", "mp3", "ogg", "wav", "webm", "3gp"),
    *("mkv", "mov", "mp4", "ogv", "pdf", "base", "canvas", "md"),
}


def compared(heading):
    """A heading as links are compared with it."""
    return " ".join(_SIGNS.sub(" ", heading).split()).lower()


class NoteLinks:
    """What a note has: its links and embeds, headings, blocks and footnotes."""

    def __init__(self, text):
        self.front_matter = _FRONT_MATTER.match(text)
        text = _FRONT_MATTER.sub("", text, count=1)
        self.blocks, self.notes = _BLOCK.findall(text), _NOTE.findall(text)
        self.links, self.embeds, self.headings, self.footnotes = [], [], [], []
        parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        # What is escaped stays apart from the text around it.
        tokens = parser.disable("text_join").parse(_NOTE.sub("", text))
        for before, token in zip([None, *tokens], tokens, strict=False):
            if token.type == "inline":
                self._inline(token.children)
                if before is not None and before.type == "heading_open":
                    text = "".join(one.content for one in token.children)
                    self.headings.append((int(before.tag[1]), compared(text)))

    def _inline(self, children):
        for one in children:
            if one.type == "link_open":
                self.links.append(unquote(one.attrs["href"]))
            elif one.type == "image":
                self.embeds.append(unquote(one.attrs["src"]))
            elif one.type == "text":
                for found in _WIKILINK.finditer(one.content):
                    (self.embeds if found[0].startswith("!") else self.links).append(f"/{found[1]}")
                self.footnotes += _FOOTNOTE.findall(one.content)

    def properties(self):
        """The links in properties, which are texts between double brackets."""
        values = yaml.safe_load(self.front_matter[0].strip("-\n")) if self.front_matter else {}
        for value in values.values():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and (found := _WIKILINK.fullmatch(text)):
                    yield f"/{found[1]}"


class VaultLinks:
    """The notes and files of a vault."""

    def __init__(self, folder):
        self.files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        self.notes = {
            name: NoteLinks((folder / name).read_text("utf-8")) for name in sorted(self.files) if name.endswith(".md")
        }

    def file(self, path, note):
        """The file that a path in a note leads to; None if there is none."""
        if not path:
            return note
        if path.startswith(("./", "../")):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(note), path))
        path = path.removeprefix("/")
        return path if path in self.files else f"{path}.md" if f"{path}.md" in self.files else None

    def place(self, name, subpath):
        """Where ``#`` leads to in a note: the number of a heading, or the name of a block; None for nowhere."""
        if subpath.startswith("^"):
            return subpath if subpath[1:] in self.notes[name].blocks else None
        level, at = 0, None
        headings = enumerate(self.notes[name].headings)
        for wanted in map(compared, subpath.split("#")):
            at = next((number for number, found in headings if found[0] > level and found[1] == wanted), None)
            if at is None:
                return None
            level = self.notes[name].headings[at][0]
        return at

    def broken(self):
        """What leads nowhere in the vault, each with its note, and how many links there are."""
        broken, count = [], 0
        for name, note in self.notes.items():
            for link in (*note.links, *note.embeds, *note.properties()):
                path, _, subpath = link.partition("#")
                if re.match(r"[a-z][a-z0-9+.-]*:", path, re.IGNORECASE):
                    continue
                count += 1
                file = self.file(path, name)
                if (
                    file is None
                    or (subpath and file.endswith(".md") and self.place(file, subpath) is None)
                    or (link in note.embeds and file.rpartition(".")[2].lower() not in _SHOWN)
                ):
                    broken.append((name, link))
            broken += [(name, f"[^{mark}]") for mark in note.footnotes if mark not in note.notes]
        return broken, count
