"""The command run within the process of the tests, which takes a tenth of the time that a new interpreter takes.

What belongs to a process (signals, pipes, terminals, workers, a closed stream) needs `subprocess` all the same, and
`test_command.py` compares both ways to run it.
"""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from unittest import mock

from dokuwiki_data.command import options
from dokuwiki_data.command.main import main


def run(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command with ``arguments``; return its exit code and what it wrote, like `subprocess.run`.

    It works on one core unless ``--jobs`` says otherwise.
    """
    words = [str(argument) for argument in arguments]
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
    errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n", errors="backslashreplace")
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    with ExitStack() as changes:
        changes.enter_context(mock.patch.object(sys, "stdin", given))
        changes.enter_context(redirect_stdout(output))
        changes.enter_context(redirect_stderr(errors))
        changes.enter_context(mock.patch.object(options, "available_cores", return_value=1))
        root.handlers = []  # the command adds its own where there are none
        try:
            code = main(words)
        except SystemExit as stopped:
            code = stopped.code
        finally:
            root.handlers = handlers
            root.setLevel(level)
    output.flush()
    errors.flush()
    return subprocess.CompletedProcess(words, code, output.buffer.getvalue(), errors.buffer.getvalue())


def run_text(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Do the same as `run`, with what was written as text."""
    done = run(*arguments)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
