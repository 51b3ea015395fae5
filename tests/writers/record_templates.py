"""Record what the plugin datatemplate shows in the cases of data_templates.yaml.

    python tests/writers/record_templates.py DOKUWIKI

DOKUWIKI is the folder of an installed DokuWiki with the plugins datatemplate, data and sqlite. A case needs a title,
its pages, and the page to show; ``xhtml`` is written here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

HERE = Path(__file__).parent
CASES = HERE / "data_templates.yaml"
FOLDERS = "attic cache index locks log media media_attic media_meta meta pages tmp".split()


def shown(dokuwiki: Path, pages: dict[str, str], page: str) -> str:
    """Return what DokuWiki shows on a page of a wiki."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(dokuwiki / "conf", root / "conf")
        settings = {"savedir": f"{root}/data", "useacl": "0", "basedir": "/"}
        lines = [f"$conf['{name}'] = '{value}';\n" for name, value in settings.items()]
        (root / "conf" / "local.php").write_text("<?php\n" + "".join(lines))
        for name in FOLDERS:
            (root / "data" / name).mkdir(parents=True)
        for page_id, text in pages.items():
            path = root / "data" / "pages" / (page_id.replace(":", "/") + ".txt")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        command = ["php", HERE / "showing.php", dokuwiki, root, page]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main(dokuwiki: Path) -> None:
    """Write the file of cases anew; the comment at its top stays."""
    text = CASES.read_text("utf-8")
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    cases = yaml.safe_load(text)
    for case in cases:
        case["xhtml"] = shown(dokuwiki, case["pages"], case["page"])
    written = [yaml.dump([case], sort_keys=False, allow_unicode=True, width=120, Dumper=_Dumper) for case in cases]
    CASES.write_text(comment + "".join(f"\n{one}" for one in written), "utf-8")


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are."""


_Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else "")
)

if __name__ == "__main__":
    main(Path(sys.argv[1]))
