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
from threading import Thread

LIFELINE = "DERIVE_LIFELINE"  # set for a child whose standard input is its lifeline


@dataclass(frozen=True)
class Child:
    """A running child whose standard error, and standard output if asked for, are kept."""

    process: "subprocess.Popen[str]"
    lifeline: FileIO  # closed once however many threads end the child: a number could be reused

    def result(self) -> "subprocess.CompletedProcess[str]":
        """Exit code and output of the child once it has ended; an exception raised here ends it."""
        try:
            output, errors = self.process.communicate()
        finally:
            self.end()
        return subprocess.CompletedProcess(
            self.process.args, self.process.returncode, output, errors
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
    process = subprocess.Popen(
        command,
        stdin=end,
        stdout=subprocess.PIPE if output else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, LIFELINE: "held", "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    os.close(end)
    return Child(process, FileIO(lifeline, "w"))


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
