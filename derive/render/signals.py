"""An interruption ends the run, with everything cleaned up, wherever it arrives."""

import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import current_thread, main_thread, Timer
from typing import Any

SOON = 0.01  # seconds until an interruption that was lost comes again


class Ended(BaseException):
    """Raised when another program tells this one to end; ``code`` is the exit code.

    It is no SystemExit, which a leaf file may raise and which then is that file's mistake.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number, self.code = number, 128 + number


def end_on_signals() -> None:
    """Raise Ended when another program ends this one, and let no interruption be lost."""
    if current_thread() is not main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    if sys.platform != "win32" and not isinstance(sys.unraisablehook, _Again):
        sys.unraisablehook = _Again(sys.unraisablehook)


def _end(number: int, _: object) -> None:
    raise Ended(number)


@dataclass(frozen=True)
class _Again:
    """What Python calls with an exception that it drops: one from ``__del__`` or a callback.

    An interruption is dropped like any other exception if it arrives there, and z3 frees objects by
    the thousand. It is sent once more.
    """

    report: Callable[[Any], Any]

    def __call__(self, lost: Any) -> None:
        if number := _number(lost.exc_value):
            timer = Timer(SOON, signal.pthread_kill, (main_thread().ident, number))
            timer.daemon = True
            timer.start()
        else:
            self.report(lost)


def _number(error: BaseException | None) -> int:
    """The signal whose handler raised an exception, or 0."""
    if isinstance(error, KeyboardInterrupt):
        return signal.SIGINT
    return error.number if isinstance(error, Ended) else 0
