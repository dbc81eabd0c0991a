"""The second prover: z3 decides queries over all integers that the symbolic road has not seen."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from derive.proof.evidence import Query

INSTALL = 'not installed: in a clone, pip install -e ".[prove]"'
MILLISECONDS = 20_000  # for one query; its timeout is no answer
PAUSE = 0.05  # seconds between two interruptions of a solver


def load() -> Any:
    """The z3 module, or the line that installs it."""
    try:
        return import_module("z3")
    except ModuleNotFoundError:
        return f"z3 is {INSTALL}"


@dataclass(frozen=True)
class Answer:
    """What z3 said to some queries: what is ``wrong``, what stays ``open``, and how much ran."""

    wrong: str
    open: str
    asked: int
    controls: int


def answer(z3: Any, queries: Iterable[Query]) -> Answer:
    """Each claim must follow from its assumptions, and must not once a named one is dropped.

    Where z3 finds no answer in its time nothing is wrong, but the matter stays open.
    """
    asked = controls = 0
    for query in queries:
        asked += 1
        verdict = _refutation(z3, query.assume, query.claim)
        if verdict == z3.unknown:
            return Answer("", f"query {asked}: z3 finds no answer", asked, controls)
        if verdict == z3.sat:
            return Answer(f"query {asked}: z3 finds a counterexample", "", asked, controls)
        for name in query.dropped:
            rest = {key: value for key, value in query.assume.items() if key != name}
            verdict = _refutation(z3, rest, query.claim)
            controls += 1
            if verdict == z3.unknown:
                words = f"query {asked} without {name!r}: z3 finds no answer"
                return Answer("", words, asked, controls)
            if len(rest) == len(query.assume) or verdict == z3.unsat:
                return Answer(f"query {asked} holds without {name!r}", "", asked, controls)
    return Answer("", "", asked, controls)


def _refutation(z3: Any, assume: Mapping[str, Any], claim: Any) -> Any:
    """Whether the assumptions allow the claim to be false."""
    solver = z3.SimpleSolver()  # no tactics: the queries are small, and answered nine times as fast
    solver.set("timeout", MILLISECONDS)
    solver.set("ctrl_c", False)  # its own handler of Ctrl-C swallows some and hangs on others
    solver.add(*assume.values(), z3.Not(claim))
    return _checked(z3, solver)


def _checked(z3: Any, solver: Any) -> Any:
    """What the solver finds, in a thread of its own, so that Ctrl-C ends it at once.

    The system may give the signal to either thread: the one that waits looks up from time to
    time. A solver that has not begun yet takes no notice of an interruption, so that it is
    interrupted until the thread, which takes one thing after another, has come to the next.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()  # the thread is there before anything is asked
        try:
            found = pool.submit(solver.check)
            while not wait((found,), PAUSE).done:
                pass
            return found.result()
        finally:
            ended = pool.submit(int)
            while not wait((ended,), PAUSE).done:
                solver.interrupt()
