"""Work done side by side in processes forked from this one, its results in order.

A fork has everything that was read and built before it, and what it makes comes back as pickled
data. It is made on Linux alone and before any thread is started, where it is safe; elsewhere, and
where one processor is all there is, the work is done in this process.
"""

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from traceback import format_exception
from typing import Any, TypeVar

from derive.notation.errors import CheckError

Made = TypeVar("Made")
Report = Callable[[str], object]
Worker = tuple[BaseProcess, Connection]

MOST = 4  # processes: the longest proof takes about a sixth of the time of all


def side_by_side(
    work: Callable[[str], Made],
    names: Sequence[str],
    watched: AbstractContextManager[Report],
    learn: Callable[[Made], object] | None = None,
) -> list[Made]:
    """What the work makes of each name, in their order.

    ``watched`` gives what to call with each name as its work starts; ``learn`` is called in a
    process with what the others have made since its last work. An exception of the work is raised
    here; CheckError if a process ends before its work.
    """
    gc.freeze()  # what is there stays, so that forks share its pages and no collection visits it
    workers = [_forked(work, learn) for _ in range(_processes(len(names)))]
    try:
        with watched as report:
            if workers:
                return _handed_out(names, workers, report, shared=learn is not None)
            return [(report(name), work(name))[1] for name in names]
    finally:
        for process, line in workers:
            line.close()
            process.terminate()
            process.join()


def _processes(wanted: int) -> int:
    """How many processes to fork; none if one would do all the work."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 0
    found = min(wanted, len(os.sched_getaffinity(0)), MOST)
    return found if found > 1 else 0


def _forked(work: Callable[[str], Made], learn: Callable[[Made], object] | None) -> Worker:
    """A process that does the work for every name it is sent."""
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(work, learn, theirs, ours), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _handed_out(
    names: Sequence[str], workers: Sequence[Worker], report: Report, *, shared: bool
) -> list[Any]:
    """The names handed out, the next to whoever is done, each with the results of the others that
    it has not seen; the results in order."""
    left, made = iter(names), {}
    running: dict[Any, str] = {}
    free = [line for _, line in workers]
    news: dict[Any, list[Any]] = {line: [] for line in free}
    while free or running:
        for line, name in zip(free, left, strict=False):
            report(name)
            line.send((name, news[line]))
            running[line], news[line] = name, []
        free = wait(list(running)) if running else []  # type: ignore[assignment]
        for line in free:
            name = running.pop(line)
            made[name] = _received(line, name)
            for other in news.keys() - {line} if shared else ():
                news[other].append(made[name])
    return [made[name] for name in names]


def _received(line: Connection, name: str) -> Any:
    try:
        done, result = line.recv()
    except (EOFError, ConnectionResetError):
        raise CheckError(f"the process that worked on {name} ended before it was done") from None
    if not done:
        raise result
    return result


def _serve(
    work: Callable[[str], Made],
    learn: Callable[[Made], object] | None,
    line: Connection,
    other_end: Connection,
) -> None:
    """In the fork: work until nobody holds the other end of the line. An interruption is left to
    the process that forked this one, which then ends it."""
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            name, news = line.recv()
            if learn:
                for made in news:
                    learn(made)
            line.send(_answer(work, name))


def _answer(work: Callable[[str], Made], name: str) -> tuple[bool, Any]:
    """Whether the work was done, and what it made or raised."""
    try:
        return True, work(name)
    except Exception as error:
        return False, _portable(error)


def _portable(error: Exception) -> Exception:
    """An exception as it can be sent, with the traceback of this process as a note."""
    note = "".join(format_exception(error))
    try:
        sent: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:
        sent = RuntimeError(f"{type(error).__name__}: {error}")
    sent.add_note(note)
    return sent
