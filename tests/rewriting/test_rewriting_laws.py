"""What is true of the rewriting of every page: the same is read again, or a loss is told; and its text stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES, PIECES, examples

import dokuwiki_data as dw
from dokuwiki_data.rewriting import rewrite
from dokuwiki_data.rewriting.meaning import meaning

#: Pieces of Markdown among those of DokuWiki's own markup.
MARKDOWN = st.sampled_from([
    "*", "**", "***", "_", "__", "~~", "`", "``", "\n```\n", "\n~~~ a b\n", "\n- ", "\n  - ", "\n1. ", "\n3) ", "\n# ",
    "\n> ", "\n> > ", "[a](b)", "[", "](", ")", "![a](b.png?2x3)", "&amp;", "&#42;", "\\", "\\*", "\\\n", "  \n",
    "\n| a | b |\n|---|:-:|\n| ", "\n---\n", "\n***\n", "\n    a", "<http://a.example>", "a", "\n", "\n\n", " ",
])  # fmt: skip
PAGES_OF_BOTH = st.lists(MARKDOWN | PIECES, max_size=14).map("".join)
PAIRS = [
    (one, other) for one in ("dw", "md", "dw+md", "md+dw") for other in ("dw", "md", "dw+md", "md+dw") if one != other
]


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_same_is_read_or_a_loss_is_told(source: str, target: str) -> None:
    @examples(0.4)
    @given(PAGES_OF_BOTH | PAGES)
    def law(text: str) -> None:
        syntax = dw.Syntax(flavour=source)
        page = dw.parse(text, syntax=syntax)
        written, losses = rewrite(page, target)
        read = dw.parse(written, syntax=syntax.chosen(flavour=target))
        if not losses:
            assert meaning(dw.render.instructions(read)) == meaning(dw.render.instructions(page)), written

    law()
