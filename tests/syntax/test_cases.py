"""Every construct of the syntax: DokuWiki's instruction list and our tree, as recorded in tests/cases."""

import pytest
from helpers import CASES, as_lines, cases, check_page, syntax_of

import dokuwiki_data as dw

FILES = sorted(path.stem for path in CASES.glob("*.yaml") if path.stem != "deviations")


def named(name):
    return [pytest.param(case, id=f"{name}: {case['title']}") for case in cases(name)]


@pytest.mark.parametrize("case", [case for name in FILES for case in named(name)])
def test_a_page_reads_as_dokuwiki_reads_it(case):
    page = dw.parse(case["input"], syntax=syntax_of(case))
    assert as_lines(dw.render.instructions(page)) == case["calls"]
    assert page.pretty() + "\n" == case["tree"]
    check_page(page, syntax=syntax_of(case))


@pytest.mark.parametrize("case", named("deviations"))
def test_a_deviation_is_as_described(case):
    page = dw.parse(case["input"])
    assert as_lines(dw.render.instructions(page)) == case["ours"]
    assert case["ours"] != case["reference"], "no longer a deviation"
    assert case["reason"]
    check_page(page)


@pytest.mark.parametrize("name", [*FILES, "deviations"])
def test_titles_of_cases_are_unique(name):
    titles = [case["title"] for case in cases(name)]
    assert len(titles) == len(set(titles))
