"""Work in forked processes: results in order, failures as they are, nothing left running."""

import os
import sys
import threading
from contextlib import contextmanager

import pytest

from derive.notation.errors import CheckError, InputError
from derive.proof import side_by_side as module
from derive.proof.side_by_side import side_by_side
from tests.tools import need

NAMES = [f"name {n}" for n in range(9)]


@pytest.fixture
def forks():
    """The tests that ask for it need processes that are forked, which only Linux does."""
    need(sys.platform == "linux", "only Linux forks")


@contextmanager
def watched(names):
    yield names.append


@pytest.fixture
def two(monkeypatch):
    """Two processors, and no thread but ours: the test runner may have some of its own."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1}, raising=False)


@pytest.fixture
def one(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0}, raising=False)


def made(name):
    return name.upper(), os.getpid()


@pytest.mark.usefixtures("forks")
def test_two_processes_make_the_results_in_order(two):
    started = []
    results = side_by_side(made, NAMES, watched(started))
    assert [name for name, _ in results] == [name.upper() for name in NAMES]
    assert started == NAMES
    assert os.getpid() not in {process for _, process in results}


@pytest.mark.usefixtures("forks")
def test_each_process_learns_what_the_other_one_made(two):
    learned = []

    def work(name):
        return name, os.getpid(), tuple(learned)

    results = side_by_side(work, NAMES, watched([]), learned.append)
    assert learned == []
    for place, (_, process, news) in enumerate(results):
        own = [name for name, by, _ in results[:place] if by == process]
        assert process not in {by for _, by, _ in news}
        known = {*own, *(name for name, _, _ in news)}
        assert len(set(NAMES[:place]) - known) <= 1, "all but what the other is at work on"


def test_one_processor_is_enough(one):
    started = []
    assert side_by_side(made, NAMES, watched(started)) == [made(name) for name in NAMES]
    assert started == NAMES


@pytest.mark.parametrize("names", [[], ["alone"]])
def test_one_name_takes_no_process(two, names):
    assert side_by_side(made, names, watched([])) == [made(name) for name in names]


def test_next_to_another_thread_nothing_is_forked(two, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1}, raising=False)
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert {process for _, process in side_by_side(made, NAMES, watched([]))} == {os.getpid()}
    finally:
        done.set()
        other.join()


class TwoWordsError(Exception):
    """An exception that pickle cannot make again."""

    def __init__(self, one, other):
        super().__init__(f"{one} {other}")


@pytest.mark.usefixtures("forks")
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InputError("no such line"), InputError),
        (CheckError("a circle"), CheckError),
        (TwoWordsError("no", "such"), RuntimeError),
    ],
)
def test_an_exception_comes_back_with_its_traceback(two, error, kind):
    def work(name):
        raise error

    with pytest.raises(kind, match=str(error)) as caught:
        side_by_side(work, NAMES, watched([]))
    assert any("in work" in note for note in caught.value.__notes__)


@pytest.mark.usefixtures("forks")
def test_a_process_that_ends_is_an_error_and_ends_the_others(two, monkeypatch):
    workers = []
    forked = module._forked
    monkeypatch.setattr(module, "_forked", lambda *of: workers.append(forked(*of)) or workers[-1])

    def work(name):
        if name == NAMES[0]:
            os._exit(3)
        threading.Event().wait()

    with pytest.raises(CheckError, match=f"worked on {NAMES[0]} ended before it was done"):
        side_by_side(work, NAMES, watched([]))
    assert len(workers) == 2
    assert not any(process.is_alive() for process, _ in workers)


@pytest.mark.usefixtures("forks")
def test_an_interruption_ends_the_processes(two, monkeypatch):
    workers = []
    forked = module._forked
    monkeypatch.setattr(module, "_forked", lambda *of: workers.append(forked(*of)) or workers[-1])

    def interrupted(lines):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        side_by_side(lambda name: threading.Event().wait(), NAMES, watched([]))
    assert len(workers) == 2
    assert not any(process.is_alive() for process, _ in workers)
