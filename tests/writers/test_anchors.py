"""Anchors that readers of Markdown make: the reader itself is asked, where it is installed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dokuwiki_data.writers.markdown.anchors import python_anchor

TITLES = st.sampled_from(["a", "A", "a 1", "a_1", "a_2", "a_007", "1", "1_1", "", "!", "_", "_1"])


@given(st.lists(TITLES, max_size=12))
@example(["a_1", "a", "a", "a_1"])
def test_python_markdown_makes_the_same(titles: list[str]) -> None:
    toc = pytest.importorskip("markdown.extensions.toc")
    made: dict[str, int] = {}
    ids: set[str] = set()
    for title in titles:
        assert python_anchor(title, made) == toc.unique(toc.slugify(title, "-"), ids)


def test_a_number_may_be_longer_than_python_reads() -> None:
    title, made = "a_" + "9" * 5000, dict[str, int]()
    assert [python_anchor(title, made) for _ in range(2)] == [title, f"{title}_1"]
