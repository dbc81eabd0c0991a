"""The second prover: z3 decides queries over all integers without the symbolic proof."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from derive.proof.evidence import CLAIM, Query

INSTALL = 'not installed: in a clone, pip install -e ".[prove]"'
RESOURCES = 2_000_000  # z3's own count of its work on a query: nine times what any of them needs
SEEDS = range(3)  # a search that goes astray begins again with the next
MILLISECONDS = 300_000  # the last resort, where z3 does not count
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
    """Each claim must follow from its assumptions, and every control must have a counterexample.

    The controls are the query without each assumption that it names as needed, with each of these
    loosened by 1, and with its claim sharpened; each query has at least one. Where z3 finds no
    answer within its resources nothing is wrong, but the matter stays open.
    """
    asked = controls = 0
    for query in queries:
        asked, before = asked + 1, controls
        context = z3.Context()
        verdict = _refutation(z3, query.assume, query.claim, context)
        if verdict == z3.unknown:
            return Answer("", f"query {asked}: z3 finds no answer", asked, controls)
        if verdict == z3.sat:
            return Answer(f"query {asked}: z3 finds a counterexample", "", asked, controls)
        for words, assume, claim in _controls(z3, query):
            verdict = _refutation(z3, assume, claim, context)
            controls += 1
            if verdict == z3.unknown:
                return Answer("", f"query {asked} {words}: z3 finds no answer", asked, controls)
            if verdict == z3.unsat:
                return Answer(f"query {asked} holds {words}", "", asked, controls)
        if controls == before:
            return Answer(f"query {asked} has no control", "", asked, controls)
    return Answer("", "", asked, controls)


Control = tuple[str, Mapping[str, Any], Any]  # how it differs, its assumptions, its claim


def _controls(z3: Any, query: Query) -> Iterator[Control]:
    """What must not hold, if the query holds for the reason that it gives and no more is true.

    A claim that needs no assumption is true on its own, and has no edge to be moved.
    """
    dropped = tuple(query.dropped)
    for name in dropped:
        rest = {key: value for key, value in query.assume.items() if key != name}
        yield f"without {name!r}", rest, query.claim
        if name not in query.unsharp:
            for looser in moved(z3, query.assume[name], 1):
                yield f"with {name!r} loosened", {**query.assume, name: looser}, query.claim
    if dropped and CLAIM not in query.unsharp:
        for sharper in moved(z3, query.claim, -1):
            yield "with its claim sharpened", query.assume, sharper


def moved(z3: Any, formula: Any, step: int) -> Iterator[Any]:
    """The formula with one of its parts moved by one step: 1 is looser, -1 is sharper.

    An inequality moves by 1, and between reals from ≤ to <; a sharper implication is an
    equivalence. In an equivalence every inequality is moved in both directions. Equations between
    numbers stay as they are.
    """
    if not z3.is_app(formula):  # a quantifier
        return
    parts = formula.children()
    if z3.is_and(formula) or z3.is_or(formula):
        join = z3.And if z3.is_and(formula) else z3.Or
        for n, part in enumerate(parts):
            yield from (join(*parts[:n], x, *parts[n + 1 :]) for x in moved(z3, part, step))
    elif z3.is_not(formula):
        yield from map(z3.Not, moved(z3, parts[0], -step))
    elif z3.is_implies(formula):
        if step < 0:
            yield parts[0] == parts[1]
        yield from (z3.Implies(x, parts[1]) for x in moved(z3, parts[0], -step))
        yield from (z3.Implies(parts[0], x) for x in moved(z3, parts[1], step))
    elif equivalence(z3, formula):
        for way in (1, -1):
            yield from (x == parts[1] for x in moved(z3, parts[0], way))
            yield from (parts[0] == x for x in moved(z3, parts[1], way))
    elif z3.is_le(formula) or z3.is_ge(formula) or z3.is_lt(formula) or z3.is_gt(formula):
        yield from _moved_inequality(z3, formula, step)


def _moved_inequality(z3: Any, formula: Any, step: int) -> Iterator[Any]:
    small, large = formula.children()
    if z3.is_ge(formula) or z3.is_gt(formula):
        small, large = large, small
    strict = z3.is_lt(formula) or z3.is_gt(formula)
    if z3.is_int(small):
        yield small < large + step if strict else small <= large + step
    elif step < 0 and not strict:
        yield small < large


def equivalence(z3: Any, formula: Any) -> bool:
    """Whether a formula says that two others are true together."""
    return bool(z3.is_eq(formula) and z3.is_bool(formula.children()[0]))


def _refutation(z3: Any, assume: Mapping[str, Any], claim: Any, context: Any) -> Any:
    """Whether the assumptions allow the claim to be false: sat, unsat or, with no seed, unknown."""
    formulas = [formula.translate(context) for formula in (*assume.values(), z3.Not(claim))]
    answers = (_checked(z3, _solver(z3, formulas, seed, context)) for seed in SEEDS)
    return next((answer for answer in answers if answer != z3.unknown), z3.unknown)


def _solver(z3: Any, formulas: Iterable[Any], seed: int, context: Any) -> Any:
    """A solver that is asked whether some formulas can be true together.

    A context for each query with its controls, a given seed and a bound on work rather than time:
    the answer depends neither on other queries nor on how busy the machine is.
    """
    solver = z3.SimpleSolver(ctx=context)  # no tactics: they take nine times as long
    solver.set("rlimit", RESOURCES)
    solver.set("timeout", MILLISECONDS)
    solver.set("random_seed", seed)
    solver.set("ctrl_c", False)  # its own handler of Ctrl-C swallows some and hangs on others
    solver.add(*formulas)
    return solver


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
