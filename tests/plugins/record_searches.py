"""Record what the struct plugin itself makes of the searches in ``struct_searches.jsonl``.

    python tests/plugins/record_searches.py DOKUWIKI

DOKUWIKI is the folder of an installed DokuWiki with the plugin. A line needs a ``text``, one block or value of the
plugin; its ``config`` is written here, null where the plugin refuses it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    path = HERE / "struct_searches.jsonl"
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    command = ["php", str(HERE.parent / "cases" / "dokuwiki.php"), sys.argv[1], "{}"]
    pages = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    said = subprocess.run(command, input=pages, capture_output=True, text=True, check=True).stdout
    lists = [json.loads(line)["calls"] for line in said.splitlines()]
    with path.open("w", encoding="utf-8") as file:
        for text, calls in zip(texts, lists, strict=True):
            configs = [arguments[1] for name, arguments, _ in calls if name == "plugin"]
            assert len(configs) == 1, text
            file.write(json.dumps({"text": text, "config": configs[0]}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
