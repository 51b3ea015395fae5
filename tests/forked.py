"""The command in processes of its own, forked from one that has loaded all of it.

What happens to the streams and to the end of a process cannot be seen within the process of the tests, as `program`
runs it. A fork takes a tenth of the time that a new interpreter takes. Here nothing of the tests is loaded, and the
process ends as any other does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

#: Each line of the input says what to run, each line of the output how it ended.
PROGRAM = """
import gc, json, os, runpy, sys
import dokuwiki_data.command.main as command
for module in command.MODULES.values():
    __import__(f"dokuwiki_data.command.{module}")
gc.freeze()  # what is loaded is not looked at by every process that ends

STREAMS = ("stdin", "stdout", "stderr")


def redirect(number, path):
    if path is None:  # as the interpreter begins with a closed stream
        os.close(number)
        setattr(sys, STREAMS[number], None)
        return
    opened = os.open(path, os.O_RDONLY if path == os.devnull else os.O_WRONLY | os.O_CREAT)
    os.dup2(opened, number)
    os.close(opened)


for line in sys.stdin:
    arguments, streams, largest_file = json.loads(line)
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.dup2(writing, 2)
        os.close(reading)
        os.close(writing)
        for number, path in streams:
            redirect(number, path)
        if largest_file is not None:
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
        sys.argv[1:] = arguments
        runpy.run_module("dokuwiki_data", run_name="__main__", alter_sys=True)
        sys.exit()
    os.close(writing)
    with open(reading, encoding="utf-8") as errors:
        written = errors.read()
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), written]), flush=True)
"""


class Forked:
    """A process that runs the command with any arguments and streams, again and again."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self, *arguments: object, streams: Mapping[int, str | None] = {}, largest_file: int | None = None
    ) -> tuple[int, str]:
        """Run the command; return its exit code and what it wrote to standard error, if that is not redirected.

        Args:
            arguments: Those of the command.
            streams: The files that take the place of standard input (0), output (1) and error (2); ``os.devnull`` is
                opened for reading, every other for writing, and None closes the stream.
            largest_file: How many bytes a file can have.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        task = [str(argument) for argument in arguments], [*streams.items()], largest_file
        print(json.dumps(task), file=self._process.stdin, flush=True)
        code, errors = json.loads(self._process.stdout.readline())
        return code, errors

    def end(self) -> None:
        """End the process."""
        self._process.communicate()
