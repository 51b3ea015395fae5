"""Pages in other flavours of markup: what is written, what is lost, and that DokuWiki reads the same from it.

The files of cases in ``flavours`` have DokuWiki's own markup and what it becomes. A flavour that is missing there is
written as ``md+dw`` (``md``) or stays as it is (``dw+md``). Those in ``own`` have Markdown. The environment variable
DOKUWIKI names the folder of an installed DokuWiki of release 2026-07-14, for the test that asks it.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from program import run
from saved_wiki import files, history, make, put

import dokuwiki_data as dw
from dokuwiki_data.rewriting import rewrite
from dokuwiki_data.rewriting.meaning import meaning
from dokuwiki_data.writers.losses import KINDS

HERE = Path(__file__).parent
FLAVOURS = ("md", "md+dw", "dw+md")


def cases(folder: str) -> list[Any]:
    """The cases of the files in a folder."""
    return [
        pytest.param(case, id=f"{path.stem}: {case['title']}")
        for path in sorted((HERE / folder).glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


CASES, OWN_CASES = cases("flavours"), cases("own")


def written(case: dict[str, Any], flavour: str) -> str:
    """What a case says of a flavour."""
    otherwise = case.get("md+dw") if flavour == "md" else case["dokuwiki"]
    return str(case.get(flavour, otherwise))


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("case", CASES)
def test_a_page_in_another_flavour(case: dict[str, Any], flavour: str) -> None:
    text, losses = rewrite(dw.parse(case["dokuwiki"]), flavour)
    assert text == written(case, flavour)
    assert [loss.kind for loss in losses] == case.get("losses", {}).get(flavour, [])
    assert {loss.kind for loss in losses} <= KINDS.keys()


@pytest.mark.parametrize("case", OWN_CASES)
def test_a_page_of_markdown_in_dokuwikis_own_markup(case: dict[str, Any]) -> None:
    text, losses = rewrite(dw.parse(case["md"], syntax=dw.Syntax(flavour="md")), "dw")
    assert text == case["dokuwiki"]
    assert [loss.kind for loss in losses] == case.get("losses", [])


INSTALLED = [folder for folder in os.environ.get("DOKUWIKI", "").split(os.pathsep) if folder]


@pytest.mark.skipif(
    not INSTALLED or shutil.which("php") is None, reason="no DokuWiki is named by DOKUWIKI, or there is no PHP"
)
def test_dokuwiki_reads_the_same_of_what_nothing_is_lost() -> None:
    pairs = [
        (
            case["title"],
            flavour not in case.get("losses", {}),
            (case["dokuwiki"], "dw"),
            (written(case, flavour), flavour),
        )
        for flavour in FLAVOURS
        for (case,) in (param.values for param in CASES)
    ]
    pairs += [
        (case["title"], "losses" not in case, (case["md"], "md"), (case["dokuwiki"], "dw"))
        for (case,) in (param.values for param in OWN_CASES)
    ]
    questions = [{"text": text, "flavour": flavour} for *_, one, other in pairs for text, flavour in (one, other)]
    answers = subprocess.run(
        ["php", HERE / "instructions.php", INSTALLED[0]],
        input="\n".join(json.dumps(question) for question in questions).encode(), capture_output=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    lists = [meaning(json.loads(answer)) for answer in answers]
    for (title, is_same, _, (_, flavour)), before, after in zip(pairs, lists[::2], lists[1::2], strict=True):
        assert (before == after) == is_same, (title, flavour)


# ------------------------------------------------------------------------------------------------ losses, whole wikis


def test_a_loss_has_its_place() -> None:
    page = dw.parse("A\n\nan __underlined__ word\n")
    [loss] = rewrite(page, "md").losses
    assert (loss.kind, loss.position.line, loss.position.column) == ("formatting", 3, 4)
    assert str(page)[slice(*loss.span)] == "__underlined__"


def test_whole_pages_stay_if_something_would_be_lost() -> None:
    page = dw.parse("====== A ======\n__b__\n")
    assert rewrite(page, "md", whole=True).text == str(page)
    assert rewrite(page, "dw+md", whole=True).losses == ()


def test_links_that_show_titles_need_their_label() -> None:
    page = dw.parse("[[start]] [[start|Start]]\n")
    assert rewrite(page, "md").losses == ()
    [loss] = rewrite(page, "md", shows_titles=True).losses
    assert (loss.kind, loss.position.column) == ("link", 1)
    assert rewrite(page, "md+dw", shows_titles=True) == ("[[start]] [Start](start)\n", ())


def test_line_ends_stay_those_of_the_page() -> None:
    assert rewrite(dw.parse("== A ==\r\n//b//\r\n"), "md").text == "##### A\r\n\r\n*b*\r\n"


@pytest.mark.parametrize("syntax", [dw.Syntax(release="2025-05-14")])
def test_releases_without_flavours_refuse(syntax: dw.Syntax) -> None:
    with pytest.raises(dw.DokuWikiDataError, match="2025-05-14"):
        rewrite(dw.parse("a", syntax=syntax), "md")
    with pytest.raises(dw.DokuWikiDataError, match="rst"):
        rewrite(dw.parse("a"), "rst")


def test_a_wiki_is_saved_as_dokuwiki_saves(tmp_path: Path) -> None:
    root = put(make(tmp_path / "data"), c="//one// and __two__\n")
    before = files(root)
    tried = dw.Wiki.open(root).rewrite("md", dry_run=True)
    assert files(root) == before
    assert [page.page_id for page in tried.changes.changed] == ["c"]
    done = dw.Wiki.open(root).rewrite("md", author=dw.Author("ann", "to Markdown"))
    [page] = done.changes.changed
    assert (root / "pages/c.txt").read_text() == page.after == "*one* and two\n"
    assert gzip.decompress((root / f"attic/c.{page.revision}.txt.gz").read_bytes()).decode() == page.after
    assert history(root, "c")[-1][2:6] == ["E", "c", "ann", "to Markdown"]
    assert [loss.kind for loss in done.losses["c"]] == ["formatting"]


def test_the_command_shows_what_it_would_do_and_saves(tmp_path: Path) -> None:
    root = put(make(tmp_path / "data"), c="//one// and __two__\n", d="== x ==\n")
    before = files(root)
    shown = run("rewrite", root, "--flavour", "md")
    assert shown.returncode == 0
    assert files(root) == before
    assert b"-//one// and __two__\n+*one* and two\n" in shown.stdout
    assert b"c:1:13: md has no markup for this underline text (formatting)" in shown.stderr
    assert b"2 pages would change, 0 pages left as they are, 1 loss (1 formatting)" in shown.stderr
    saved = run("rewrite", root, "--flavour", "md", "--whole", "--save", "-q")
    assert (saved.returncode, saved.stdout) == (0, b"")
    assert (root / "pages/c.txt").read_text() == "//one// and __two__\n"
    assert (root / "pages/d.txt").read_text() == "##### x\n"


def test_the_command_refuses_unknown_flavours(tmp_path: Path) -> None:
    done = run("rewrite", make(tmp_path / "data"), "--flavour", "rst")
    assert done.returncode == 2
    assert b"--flavour" in done.stderr


def test_markup_of_plugins_stays() -> None:
    syntax = dw.Syntax(plugins=(*dw.Syntax().plugins, "wrap", "tag"))
    page = dw.parse("/* a *comment* */ <wrap em>//x//</wrap>\n\n{{tag>one_a two}}\n", syntax=syntax)
    assert rewrite(page, "md") == ("/* a *comment* */ <wrap em>*x*</wrap>\n\n{{tag>one_a two}}\n", ())
