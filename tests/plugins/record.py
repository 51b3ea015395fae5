"""Record what DokuWiki makes of the cases of plugins in this folder, with the plugin and without it.

    python tests/plugins/record.py DOKUWIKI WITHOUT [FILE…]

DOKUWIKI is the folder of an installed DokuWiki of the newest release that has the plugins, WITHOUT of one that has
none but the data plugin. A file of cases has the name of its plugin; a case needs a title and an input. ``calls``
(with the plugin), ``without`` it, ``nodes`` (what our nodes of the plugin say), and the ``tree`` where there are
containers, are written here: DokuWiki's is right, what the nodes say has to be judged. Plugins that only we have are
recorded without. A deviation is recorded with what DokuWiki says (``reference``) and what we say (``ours``).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent), str(HERE.parent / "cases")]

import record as core  # noqa: E402
from helpers import as_lines  # noqa: E402
from plugin_cases import DEVIATIONS, read, said_by  # noqa: E402

import dokuwiki_data as dw  # noqa: E402
from dokuwiki_data.nodes.plugins import PluginContainer  # noqa: E402

#: Plugins of ours that DokuWiki does not have.
OURS = ("macros",)


def record(path: Path, dokuwiki: Path, without: Path) -> None:
    """Write a file of cases anew; the comment at its top stays."""
    text = path.read_text("utf-8")
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    cases = yaml.safe_load(text)
    inputs = [case["input"] for case in cases]
    plain = core.ask(without, inputs, {})
    calls = plain if path.stem in OURS else core.ask(dokuwiki, inputs, {})
    for case, with_plugin, without_it in zip(cases, calls, plain, strict=True):
        page = read(case["input"], path.stem)
        if path.stem not in OURS:
            case["calls"] = as_lines(with_plugin)
            if case["calls"] != as_lines(dw.render.instructions(page)):
                print(f"{path.name}: {case['title']}: we differ")
        case["without"] = as_lines(without_it)
        case["nodes"] = said_by(page)
        if any(page.find_all(PluginContainer)):
            case["tree"] = page.pretty() + "\n"
    path.write_text(f"{comment}\n{_written(cases)}", "utf-8")


def record_deviations(dokuwiki: Path) -> None:
    """Write the file of deviations anew."""
    text = DEVIATIONS.read_text("utf-8")
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    cases = yaml.safe_load(text)
    for case, calls in zip(cases, core.ask(dokuwiki, [case["input"] for case in cases], {}), strict=True):
        ours = dw.render.instructions(read(case["input"], case["plugin"]))
        case |= {"reference": as_lines(calls), "ours": as_lines(ours)}
        if case["reference"] == case["ours"]:
            print(f"{DEVIATIONS.name}: {case['title']}: we agree")
    DEVIATIONS.write_text(f"{comment}\n{_written(cases)}", "utf-8")


def _written(cases: list[dict[str, Any]]) -> str:
    return "\n".join(
        yaml.dump([case], Dumper=core.Dumper, allow_unicode=True, sort_keys=False, width=2**31 - 1) for case in cases
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("dokuwiki", type=Path, metavar="DOKUWIKI")
    arguments.add_argument("without", type=Path, metavar="WITHOUT")
    arguments.add_argument("files", type=Path, nargs="*", metavar="FILE")
    given = arguments.parse_args()
    for path in given.files or sorted(HERE.glob("cases/*.yaml")):
        record(path, given.dokuwiki, given.without)
    record_deviations(given.dokuwiki)


if __name__ == "__main__":
    main()
