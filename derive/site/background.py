"""What an edit made stale but does not show in: made again behind the server, which then rebuilds.

The server watches a folder in which a file is touched once everything is made.
"""

from pathlib import Path
from threading import Thread

from mkdocs.plugins import get_plugin_logger

from derive.render.crash import last_line
from derive.site.generate import DERIVE
from derive.site.process import Child, start

log = get_plugin_logger("derive")


class Background:
    """The making of late pages, one run at a time; only a server lets pages be late."""

    def __init__(self, cache: Path) -> None:
        self.folder = cache / "background"
        self.serving = False
        self.running: Child | None = None

    def begin(self) -> None:
        """Make everything that is stale; what was begun before an edit is given up."""
        self.stop()
        self.running = start(DERIVE, output=False)
        Thread(target=self._wait, args=(self.running,), daemon=True).start()

    def stop(self) -> None:
        """Give up what is being made, with the processes that make it."""
        running, self.running = self.running, None
        if running:
            running.end()

    def _wait(self, run: Child) -> None:
        made = run.result()
        if run is not self.running:
            return
        if made.returncode:
            log.error("%s", last_line(made.stderr, made.returncode))
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "made").touch()
