"""What an edit made stale but does not show in: made again behind the server, which then rebuilds.

The server watches a folder in which a file is touched once everything is made.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

from mkdocs.plugins import get_plugin_logger

from derive.site.book import DERIVE
from derive.write.crash import last_line

log = get_plugin_logger("derive")


class Later:
    """The making of late pages, one run at a time; only a server lets pages be late."""

    def __init__(self, cache: Path) -> None:
        self.folder = cache / "later"
        self.serving = False
        self.running: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        """Make everything that is stale; what was begun before an edit is given up."""
        self.stop()
        self.running = subprocess.Popen(
            DERIVE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        Thread(target=self._wait, args=(self.running,), daemon=True).start()

    def stop(self) -> None:
        """Give up what is being made, with the processes that make it."""
        if self.running and self.running.poll() is None:
            running, self.running = self.running, None
            if sys.platform == "win32":
                running.terminate()
            else:
                os.killpg(running.pid, signal.SIGTERM)

    def _wait(self, run: "subprocess.Popen[str]") -> None:
        _, told = run.communicate()
        if run is not self.running:
            return
        if run.returncode:
            log.error("%s", last_line(told, run.returncode))
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "made").touch()
