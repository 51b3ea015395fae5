"""A MediaWiki of the test's own, made of one that is installed (Debian's package, or the folder in MEDIAWIKI)."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
#: What an installation has of its own, and what is copied since programs find the rest from there.
_OWN = frozenset({"LocalSettings.php", "config", "extensions", "images", "cache"})
_COPIED = ("index.php", "includes", "maintenance")

_SETTINGS = """
wfLoadExtension( 'Cite' );
wfLoadExtension( 'SyntaxHighlight_GeSHi' );
$wgEnableMagicLinks = [ 'ISBN' => true, 'PMID' => true, 'RFC' => true ];
$wgAllowExternalImages = true;
$wgNamespacesWithSubpages[NS_MAIN] = true;
"""


class MediaWiki:
    """An installation with an empty wiki in SQLite."""

    def __init__(self, folder: Path, installed: Path) -> None:
        self.folder = folder / "mediawiki"
        self._data = folder / "data"
        self.folder.mkdir()
        self._data.mkdir()
        for path in installed.iterdir():
            if path.name in _COPIED:
                (shutil.copytree if path.is_dir() else shutil.copyfile)(path, self.folder / path.name)
            elif path.name not in _OWN:
                (self.folder / path.name).symlink_to(path)
        extensions = installed / "extensions-core"  # Debian's
        (self.folder / "extensions").symlink_to(extensions if extensions.is_dir() else installed / "extensions")
        (self.folder / "images").mkdir()
        self.run(
            "install.php", "--confpath", self.folder, "--dbtype", "sqlite", "--dbpath", self._data, "--dbname", "wiki",
            "--server", "http://localhost", "--scriptpath", "", "--pass", "long-enough-for-it", "Wiki", "Admin",
        )  # fmt: skip
        with (self.folder / "LocalSettings.php").open("a") as settings:
            settings.write(_SETTINGS)

    def run(self, script: str | Path, *arguments: object, text: str = "") -> str:
        """Run a script of MediaWiki's folder ``maintenance``, or another one; return what it writes."""
        command = ["php", "-d", "memory_limit=1G", str(self.folder / "maintenance" / script), *map(str, arguments)]
        environment = {**os.environ, "MW_INSTALL_PATH": str(self.folder)}
        done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr[-1000:] + done.stdout[-1000:]
        return done.stdout

    def shown(self, texts: list[tuple[str, str]]) -> list[str]:
        """Return the HTML of wikitexts, each with the title of its page."""
        lines = "\n".join(json.dumps({"title": title, "text": text}) for title, text in texts)
        return [json.loads(line) for line in self.run(HERE / "mediawiki_pages.php", text=lines).splitlines()]

    def asked(self, statement: str) -> list[tuple[object, ...]]:
        """Return the rows of a statement of SQL; texts are stored as bytes."""
        with sqlite3.connect(self._data / "wiki.sqlite") as database:
            rows = database.execute(statement).fetchall()
        return [tuple(one.decode() if isinstance(one, bytes) else one for one in row) for row in rows]

    def add_pages(self, titles: Iterable[str]) -> None:
        """Let pages exist, so that links to them lead there."""
        rows = [(title.replace(" ", "_"), number) for number, title in enumerate(titles, 1000)]
        with sqlite3.connect(self._data / "wiki.sqlite") as database:
            database.executemany(
                "INSERT OR IGNORE INTO page (page_namespace, page_title, page_random, page_touched, page_latest, "
                "page_len) VALUES (0, ?, 0.5, '20200101000000', ?, 1)",
                rows,
            )


def installed_mediawiki(folder: Path) -> MediaWiki:
    """Return a MediaWiki in a folder; the test is skipped if none is installed."""
    installed = Path(os.environ.get("MEDIAWIKI", "/usr/share/mediawiki"))
    if not (installed / "maintenance/install.php").is_file():
        pytest.skip("MediaWiki is not installed: Debian's package mediawiki, or its folder in MEDIAWIKI")
    php = shutil.which("php")
    modules = subprocess.run([php, "-m"], capture_output=True, text=True, check=True).stdout.split() if php else []
    if not {"pdo_sqlite", "mbstring", "intl", "xml"} <= set(modules):
        pytest.skip("PHP is not installed, or not with SQLite, mbstring, intl and XML")
    return MediaWiki(folder, installed)
