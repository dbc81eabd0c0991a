"""The second prover: z3 decides queries over all integers that the symbolic road has not seen."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from derive.proof.evidence import Query

INSTALL = "not installed: pip install 'separable[prove]'"
MILLISECONDS = 20_000  # for one query; its timeout is no answer


def load() -> Any:
    """The z3 module, or the line that installs it."""
    try:
        return import_module("z3")
    except ModuleNotFoundError:
        return f"z3 is {INSTALL}"


def answer(z3: Any, queries: Iterable[Query]) -> tuple[str, int, int]:
    """What went wrong (nothing if all is well), how many queries and how many controls ran.

    Each claim must follow from its assumptions, and must not once a named one is dropped.
    """
    asked = controls = 0
    for query in queries:
        asked += 1
        verdict = _refutation(z3, query.assume, query.claim)
        if verdict != z3.unsat:
            return f"query {asked}: z3 answers {verdict}, not unsat", asked, controls
        for name in query.dropped:
            rest = {key: value for key, value in query.assume.items() if key != name}
            verdict = _refutation(z3, rest, query.claim)
            controls += 1
            if len(rest) == len(query.assume) or verdict != z3.sat:
                return f"query {asked} holds without {name!r}: {verdict}", asked, controls
    return "", asked, controls


def _refutation(z3: Any, assume: Mapping[str, Any], claim: Any) -> Any:
    """Whether the assumptions allow the claim to be false."""
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(*assume.values(), z3.Not(claim))
    return solver.check()
