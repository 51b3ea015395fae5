"""What the chapters of a report find in small wikis, see findings.yaml."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dokuwiki_data.reports.chapters import CHAPTERS
from dokuwiki_data.reports.content import ReportPlace
from dokuwiki_data.reports.reporting import report_wiki
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.opening import source_of_files

CASES = yaml.safe_load(Path(__file__).with_name("findings.yaml").read_text("utf-8"))
MADE = 1_700_000_000
#: The chapters about the wiki itself; those about targets have tests of their own.
OWN = [chapter for chapter in CHAPTERS if chapter.name != "targets"]


def report_of(files, plugins=None):
    """The report about a wiki in memory, by paths of files."""
    source = source_of_files(MemoryFiles(files))
    syntax = source.settings.syntax.chosen(None, plugins, None)
    source = replace(source, settings=replace(source.settings, syntax=syntax))
    return report_wiki(source, chapters=OWN, made=MADE)


def rows_of(table):
    """The rows of a table as the cases write them."""
    return [
        [":".join(map(str, value)) if isinstance(value, ReportPlace) else value for value in row] for row in table.rows
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_what_is_found(case):
    report = report_of(case["files"], case.get("plugins"))
    expected = {name.removesuffix("_table"): rows for name, rows in case.items()}
    expected = {name: rows for name, rows in expected.items() if name not in ("about", "files", "plugins")}
    expected |= {"plugins": case["plugins_table"]} if "plugins_table" in case else {}
    assert {name: rows_of(report.table(name)) for name in expected} == expected


def test_every_finding_has_a_case():
    found = {name for case in CASES for name in case}
    assert {name for chapter in OWN for name in chapter.findings} - found == {"unreadable"}
