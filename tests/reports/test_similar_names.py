"""Names that are probably meant to be the same: found among many by forms that they share, as one by one."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from dokuwiki_data.reports.chapters.likely import LikelyNames, LikelyPages
from dokuwiki_data.reports.chapters.near import bare, differs_by_a_letter, near_keys, near_values
from dokuwiki_data.wiki.links import LinkRules

WORDS = st.text("abc", max_size=6)
KEYS = st.dictionaries(st.text("abcd", min_size=5, max_size=6), st.integers(1, 9), max_size=6)


def changed_once(text):
    """Every text that one missing, added, wrong or swapped letter makes of another."""
    yield text
    for at in range(len(text) + 1):
        yield text[:at] + text[at + 1 :]
        yield text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
        for letter in "abc":
            yield text[:at] + letter + text[at:]
            yield text[:at] + letter + text[at + 1 :]


@given(WORDS, WORDS)
def test_one_letter(one, other):
    assert differs_by_a_letter(one, other) == (other in set(changed_once(one)))


def test_digits_tell_names_apart():
    assert not differs_by_a_letter("part1", "part2")
    assert not differs_by_a_letter("part", "part2")


@given(
    st.dictionaries(st.sampled_from(["a b", "A-B", "ab", "abs", "ABs", "1.5", "1-5", "15", "-15"]), st.integers(1, 9))
)
def test_each_value_leads_to_the_most_common_one_of_its_form(counts):
    found = dict(near_values(counts))
    for value in counts:
        alike = [other for other in counts if bare(other) == bare(value)]
        common = min(alike, key=lambda other: (-counts[other], other))
        assert found.get(value) == (None if common == value else common)


@settings(max_examples=50)
@given(KEYS)
def test_keys_are_found_as_if_all_were_compared(counts):
    alike = {
        frozenset((one, other))
        for one, other in combinations(counts, 2)
        if differs_by_a_letter(bare(one), bare(other)) or bare(one) == bare(other)
    }
    pairs = dict(near_keys(counts, lambda one, other: False))
    assert {frozenset(pair) for pair in pairs.items()} <= alike
    assert all(pair & (pairs.keys() | set(pairs.values())) for pair in alike)


def test_what_was_meant():
    pages = LikelyPages({"a:start", "b", "c:c", "d:kettles", "e:kettle", "f:teapot"}, LinkRules())
    meant = {"a": "a:start", "b:start": "b", "c": "c:c", "e:kettles": "e:kettle", "f:tea_pot": "f:teapot"}
    assert {page_id: pages.of(page_id) for page_id in meant} == meant
    assert pages.of("x:start") is None
    assert LikelyNames(["a:p.jpg", "p.png"]).of("a:b:p.jpg") == "a:p.jpg"
