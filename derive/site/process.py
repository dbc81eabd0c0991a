"""A child process with everything it starts, none of which outlives the process that started it.

A child leads a group of its own, and its standard input is its lifeline: a pipe that closes when
the parent is gone, however it ended. The child then ends its whole group.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from tempfile import TemporaryFile
from threading import Thread
from typing import IO

LIFELINE = "DERIVE_LIFELINE"  # set for a child whose standard input is its lifeline


@dataclass(frozen=True)
class Child:
    """A running child whose standard error, and standard output if asked for, are kept."""

    process: "subprocess.Popen[str]"
    errors: IO[str]
    lifeline: FileIO  # closed once however many threads end the child: a number could be reused

    def line(self) -> str:
        """The next line of its output as soon as it is printed; empty if no line is to come."""
        return self.process.stdout.readline() if self.process.stdout else ""

    def result(self) -> "subprocess.CompletedProcess[str]":
        """Exit code and output not read yet once it has ended; an exception raised here ends it."""
        with self.errors, self.process:
            try:
                output = self.process.stdout.read() if self.process.stdout else None
                self.process.wait()
            finally:
                self.end()
            self.errors.seek(0)
            return subprocess.CompletedProcess(
                self.process.args, self.process.returncode, output, self.errors.read()
            )

    def end(self) -> None:
        """End it with everything that it started."""
        self.lifeline.close()
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self.process.kill()
            else:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(command: Sequence[str], *, output: bool = True) -> Child:
    """Start a child; without ``output`` what it prints is dropped."""
    end, lifeline = os.pipe()
    errors = TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
    process = subprocess.Popen(
        command,
        stdin=end,
        stdout=subprocess.PIPE if output else subprocess.DEVNULL,
        stderr=errors,
        encoding="utf-8",
        env={**os.environ, LIFELINE: "held", "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    os.close(end)
    return Child(process, errors, FileIO(lifeline, "w"))


def hold_lifeline() -> None:
    """In a child that was started here: end its group as soon as its parent is gone."""
    if os.environ.pop(LIFELINE, ""):
        Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    while os.read(0, 1):
        pass
    if sys.platform == "win32":
        os._exit(1)
    os.killpg(0, signal.SIGKILL)
