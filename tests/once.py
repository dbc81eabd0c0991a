"""What the workers of one run share: the first that needs it makes it, the others wait for it."""

import sys
from contextlib import contextmanager


@contextmanager
def alone(file):
    """Hold the lock that a file stands for; it is free again when the process ends, however."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as held:
        _wait(held)
        yield


def once(made, make):
    """Call ``make`` unless a worker of this run has; ``made`` is the file that says so."""
    with alone(made.with_suffix(".lock")):
        if not made.exists():
            make()
            made.touch()


if sys.platform == "win32":
    import msvcrt

    def _wait(held):
        while True:  # each call tries for ten seconds
            try:
                return msvcrt.locking(held.fileno(), msvcrt.LK_LOCK, 1)
            except OSError:
                continue
else:
    import fcntl

    def _wait(held):
        fcntl.flock(held, fcntl.LOCK_EX)
