"""The program pandoc (the extra ``pandoc``): one process writes many documents, one after another."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Mapping
from importlib import import_module, resources
from pathlib import Path

from dokuwiki_data.errors import MissingExtraError, OutputError

#: How long a document may take in seconds, and how much memory the process may have.
LONGEST, MOST_MEMORY = 600.0, "4g"

#: The time that documents say they were written, if the environment does not say another one: then the same page
#: always becomes the same file. It is the first that the files of Word and EPUB, which are ZIP archives, can say.
_TIME = str(315_532_800)


def pandoc_path() -> str:
    """Return where pandoc is. Raises `MissingExtraError` if it is not installed."""
    try:
        path: str = import_module("pypandoc").get_pandoc_path()
    except (ImportError, OSError):
        raise MissingExtraError("pypandoc", "pandoc") from None
    return path


class Pandoc:
    """A process of pandoc that writes documents in one format.

    Its Lua interpreter runs ``convert.lua``, which reads no file but the images that it is given, and fetches nothing.
    Pages of 2 kB take 1 ms as LaTeX and 4 ms as HTML; a process for each takes 5 and 14 ms.
    """

    def __init__(self, name: str) -> None:
        """Prepare a process, which starts with the first document.

        Args:
            name: One of pandoc's formats.
        """
        self._name = name
        self._process: subprocess.Popen[str] | None = None
        self._stop: weakref.finalize[[subprocess.Popen[str], Path], Pandoc] | None = None
        self._folder = Path()

    def written(self, document: str, images: Mapping[str, Path], *, contents: bool = False) -> bytes:
        """Return a document in the format.

        Args:
            document: The document as JSON on one line.
            images: The files of the images, by the addresses that the document has for them; others are not shown.
            contents: Whether it has a table of contents.

        Raises:
            OutputError: If pandoc cannot write it, or takes too long.
        """
        process = self._started()
        output = self._folder / "document"
        order = {
            "format": self._name,
            "output": str(output),
            "images": [[address, str(path)] for address, path in images.items()],
            "contents": contents,
        }
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(LONGEST, process.kill)
        timer.start()
        try:
            process.stdin.write(f"{json.dumps(order)}\n{document}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = ""
        finally:
            timer.cancel()
        if answer != "done\n":
            reason = answer.strip() or self._last_words()
            self.close()
            raise OutputError(f"pandoc: {reason}")
        content = output.read_bytes()
        output.unlink()
        return content

    def close(self) -> None:
        """End the process."""
        if self._stop is not None:
            self._stop()
        self._process = self._stop = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            folder = Path(tempfile.mkdtemp(prefix="dokuwiki-data-"))
            script = folder / "convert.lua"
            script.write_bytes(resources.files(__package__).joinpath("convert.lua").read_bytes())
            with (folder / "errors").open("wb") as errors:
                try:
                    process = subprocess.Popen(
                        [pandoc_path(), "+RTS", f"-M{MOST_MEMORY}", "-RTS", "lua", str(script)],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=errors,
                        encoding="utf-8",
                        cwd=folder,
                        env={**os.environ, "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", _TIME)},
                    )
                except OSError as error:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise OutputError(f"pandoc does not run: {error}") from error
            self._process, self._folder = process, folder
            self._stop = weakref.finalize(self, _end, process, folder)
        return self._process

    def _last_words(self) -> str:
        """Return what the process said when it ended."""
        said = (self._folder / "errors").read_text("utf-8", "replace").strip().splitlines()
        return said[-1] if said else f"it took more than {LONGEST:.0f} s, or was ended"


def _end(process: subprocess.Popen[str], folder: Path) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)
