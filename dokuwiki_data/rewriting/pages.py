"""Rewrite a page in another flavour: block by block, each verified by reading it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from dokuwiki_data.errors import DokuWikiDataError, EditError
from dokuwiki_data.nodes import blocks, data, inline, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.render.call_writer import Call
from dokuwiki_data.render.instruction_list import instructions
from dokuwiki_data.render.printers.printers import AS_IT_IS, BROKEN_UP, TRIED, PrintOptions, gap, write
from dokuwiki_data.rewriting.meaning import meaning
from dokuwiki_data.rewriting.own_nodes import Writing, own_nodes
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.flavours import FLAVOURS
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.writers.losses import Loss

#: The kind of the loss of what is read otherwise than before.
_OTHERWISE = "markup"
#: What every flavour reads alike, so that its source is kept.
_KEPT = (data.DataEntry, data.DataQuery, inline.Macro, blocks.Rss, blocks.Info, inline.LooseMarkup)
#: Blanks at the end of a line, which are a line break in Markdown.
_LINE_BREAK = re.compile(r"[ \t]+(?=\n)")
#: The number of blocks from which all others are escaped with care, too.
_MOST = 8


class RewrittenPage(NamedTuple):
    """A page in another flavour.

    Attributes:
        text: The text.
        losses: What the text does not say as the page does, in the order of the page.
    """

    text: str
    losses: tuple[Loss, ...]


class _Task(NamedTuple):
    """From which syntax to which, and whether links without a label show the titles of pages."""

    syntax: Syntax
    target: Syntax
    shows_titles: bool

    @property
    def is_alike(self) -> bool:
        """Whether both flavours prefer the same, so that most of a page stays as it is."""
        return FLAVOURS[self.syntax.flavour].prefers_markdown == FLAVOURS[self.target.flavour].prefers_markdown

    def read(self, text: str) -> list[Call]:
        """Return the meaning of a text in the new flavour."""
        return meaning(instructions(parse(text, syntax=self.target)), shows_titles=self.shows_titles)

    def expected(self, block: Node) -> list[Call]:
        """Return the meaning of a block of the page alone."""
        return self.meaning(block, self.syntax)

    def meaning(self, block: Node, syntax: Syntax) -> list[Call]:
        """Return the meaning of a block alone, which was read with a syntax."""
        start, end = block.starts_at, block.ends_at
        if isinstance(block, blocks.Heading):
            block = blocks.Section.at(block.source_text, start, end, block, ())
        page = Page.at(block.source_text, start, end, (block,), "", None, (), end, syntax)
        return meaning(instructions(page), shows_titles=self.shows_titles)


class _Written(NamedTuple):
    """A block in another flavour: its text, what that means alone, what it does not say, whether it is set apart."""

    block: Node
    text: str
    meaning: list[Call]
    losses: Sequence[Loss] = ()
    is_careful: bool = False


def rewrite(page: Page, flavour: str, *, whole: bool = False, shows_titles: bool = False) -> RewrittenPage:
    """Return a page in another flavour of markup, so that DokuWiki reads the same from it.

    Data blocks, markup of plugins, macros and comments are kept as they are. What is written is read again; what the
    flavour does not read as before is told as a loss.

    Args:
        page: The page.
        flavour: The flavour: ``md``, ``md+dw``, ``dw+md`` or ``dw``, as in DokuWiki's setting ``syntax``.
        whole: Whether a page that the flavour cannot say as a whole stays as it is. Otherwise, what it cannot say
            becomes the closest that it can.
        shows_titles: Whether links without a label show the titles of pages, as with the setting ``useheading``.

    Raises:
        DokuWikiDataError: The flavour is unknown, or DokuWiki's release knows no flavours.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("====== Kettle ======\\nThe //only// one, see [[tool:start|__tools__]].\\n")
        >>> print(rewrite(page, "md").text, end="")
        # Kettle
        <BLANKLINE>
        The *only* one, see [__tools__](tool:start).
    """
    syntax = page.syntax if isinstance(page.syntax, Syntax) else Syntax()
    try:
        target = syntax.chosen(flavour=flavour)
    except ValueError as error:
        raise DokuWikiDataError(str(error)) from error
    if target == syntax:
        return RewrittenPage(str(page), ())
    task = _Task(syntax, target, shows_titles)
    found = _verified(page, task)
    text = _text(page, found, task)
    losses = tuple(loss for written in found for loss in written.losses)
    if "\r\n" in str(page):
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return RewrittenPage(str(page) if whole and losses else text, losses)


def _blocks(page: Page) -> Iterator[Node]:
    for part in page.content:
        yield from part.children if isinstance(part, blocks.Section) else (part,)


# -------------------------------------------------------------------------------------------------- verification


def _verified(page: Page, task: _Task) -> list[_Written]:
    """Return the blocks of a page so that they are read together as each of them is alone.

    Where they are not, the block and the one before are escaped with more care, then all of them.
    """
    originals = list(_blocks(page))
    careful = [False] * len(originals)
    # Most pages need no escapes, which one reading of the whole page shows.
    found = [_plainest(originals, number, task) for number in range(len(originals))]
    if _first_disturbed(page, found, task) is None:
        return found
    found = [_best(originals, number, task, careful=False) for number in range(len(originals))]
    while (number := _first_disturbed(page, found, task)) is not None:
        if all(careful):
            loss = Loss.of(_OTHERWISE, "it would be read differently here", originals[number])
            found[number] = found[number]._replace(losses=[*found[number].losses, loss])
            break
        nearby = range(max(number - 1, 0), number + 1)
        changed = range(len(originals)) if sum(careful) > _MOST or all(careful[at] for at in nearby) else nearby
        for at in changed:
            if not careful[at]:
                careful[at] = True
                found[at] = _best(originals, at, task, careful=True)
    return found


def _first_disturbed(page: Page, found: Sequence[_Written], task: _Task) -> int | None:
    """Return the number of the first block that is read otherwise among the others than alone; None if none is."""
    text = _text(page, found, task)
    read = [call for block in _blocks(parse(text, syntax=task.target)) for call in task.meaning(block, task.target)]
    at = 0
    for number, written in enumerate(found):
        end = at + len(written.meaning)
        if read[at:end] != written.meaning:
            return number
        at = end
    return len(found) - 1 if read[at:] and found else None


# --------------------------------------------------------------------------------------------------------- blocks


def _existing(node: Node) -> str | None:
    """Return the source of what is kept."""
    is_leaf = isinstance(node, plugins.PluginMarkup) and not isinstance(node, plugins.PluginContainer)
    return node.normalized_source if is_leaf or isinstance(node, _KEPT) else None


def _plainest(originals: Sequence[Node], number: int, task: _Task) -> _Written:
    """Return a block in the best way to write it, as if it was read as before."""
    text, _ = next(_candidates(originals, number, task, careful=False))
    return _Written(originals[number], text, task.expected(originals[number]))


def _best(originals: Sequence[Node], number: int, task: _Task, *, careful: bool) -> _Written:
    """Return a block as it is read as before, with as little escaped as possible; else with what is lost."""
    block = originals[number]
    expected = task.expected(block)
    lossy: list[_Written] = []
    for text, losses in _candidates(originals, number, task, careful=careful):
        written = _Written(block, text, task.read(text), losses, careful)
        if written.meaning == expected:
            return written._replace(losses=())
        lossy.append(written)
    # Escapes are left out if nothing depends on them; the source of another flavour is the last resort.
    told = [written for written in lossy if written.losses] or lossy
    best = told[0] if len(told) == 1 or told[0].meaning == told[1].meaning else told[1]
    return best if best.losses else best._replace(losses=[Loss.of(_OTHERWISE, "it would be read differently", block)])


def _candidates(
    originals: Sequence[Node], number: int, task: _Task, *, careful: bool
) -> Iterator[tuple[str, Sequence[Loss]]]:
    """Yield ways to write a block, the best ones first, each with its losses.

    Args:
        originals: All blocks of the page.
        number: Which of them it is.
        task: What they are read and written with.
        careful: Whether to escape what could be markup together with other blocks.
    """
    block = originals[number]
    is_after_list = number > 0 and isinstance(originals[number - 1], blocks.List)
    options = PrintOptions(task.target, existing=_existing, after_list=is_after_list, shows_titles=task.shows_titles)
    source_first = task.is_alike
    translate = not source_first and FLAVOURS[task.syntax.flavour].prefers_markdown
    source: tuple[str, Sequence[Loss]] = (block.normalized_source.strip("\n"), ())
    if source_first and not careful:
        yield source
    for care in (TRIED, BROKEN_UP) if careful else (AS_IT_IS, TRIED, BROKEN_UP):
        losses: list[Loss] = []

        def lost(node: Node, kind: str, reason: str, losses: list[Loss] = losses) -> None:
            losses.append(Loss.of(kind, reason, node))

        node = own_nodes(block, Writing(options.syntax, lost)) if translate else block
        try:
            yield write(node, replace(options, care=care, lost=lost)).strip("\n"), losses
        except EditError:
            continue
    if careful or not source_first:
        yield source


# ---------------------------------------------------------------------------------------------------------- pages


def _text(page: Page, found: Sequence[_Written], task: _Task) -> str:
    return _spliced(page, found) if task.is_alike else _joined(found, task.target)


def _joined(found: Sequence[_Written], target: Syntax) -> str:
    """Return blocks with an empty line between them."""
    text = ""
    before: Node | None = None
    for written in found:
        if written.text.strip(BLANKS):
            prefers_markdown = FLAVOURS[target.flavour].prefers_markdown
            text += (gap(before if prefers_markdown else None, written.block) if text else "") + written.text
        before = written.block
    return f"{text}\n" if text else ""


def _spliced(page: Page, found: Sequence[_Written]) -> str:
    """Return the text of a page with its blocks replaced, and everything between them as it was."""
    read = page.source_text.normalized
    parts: list[str] = []
    at = 1
    is_careful = False
    for written in found:
        source = written.block.normalized_source
        inside = source.strip("\n")
        before, _, behind = source.partition(inside) if inside else ("", "", source)
        gap = _LINE_BREAK.sub("", f"{read[at : written.block.starts_at]}{before}")
        if parts and (is_careful or written.is_careful) and not gap.strip(BLANKS):
            gap = "\n" * max(2 - parts[-1].count("\n"), gap.count("\n"))
        parts += [gap, written.text, behind]
        at, is_careful = written.block.ends_at, written.is_careful
    return "".join((*parts, read[at:-1]))
