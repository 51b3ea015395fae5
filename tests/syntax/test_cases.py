"""Every construct of the syntax: DokuWiki's instruction list and our tree, as recorded in tests/cases."""

import pytest
from helpers import CASES, as_lines, cases, check_page, is_read, syntax_of

import dokuwiki_data as dw
from dokuwiki_data.syntax.configuration import RELEASES

FILES = sorted(path.stem for path in CASES.glob("*.yaml"))


def named(name):
    return [pytest.param(case, id=f"{name}: {case['title']}") for case in cases(name)]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("case", [case for name in FILES for case in named(name)])
def test_a_page_reads_as_dokuwiki_reads_it(case, release):
    if not is_read(case, release):
        with pytest.raises(ValueError, match="knows no Markdown"):
            syntax_of(case, release)
        return
    syntax = syntax_of(case, release)
    page = dw.parse(case["input"], syntax=syntax)
    recorded = case.get(release, case)
    assert as_lines(dw.render.instructions(page)) == recorded["calls"]
    assert page.pretty() + "\n" == recorded["tree"]
    check_page(page, syntax=syntax)


def test_an_earlier_release_is_told_where_it_differs_and_nowhere_else():
    every = [case for name in FILES for case in cases(name)]
    told = [(case, case[release]) for release in RELEASES[1:] for case in every if release in case]
    assert len(told) >= 80
    assert not [case["title"] for case, earlier in told if earlier == {name: case[name] for name in earlier}]


@pytest.mark.parametrize("name", FILES)
def test_titles_of_cases_are_unique(name):
    titles = [case["title"] for case in cases(name)]
    assert len(titles) == len(set(titles))
