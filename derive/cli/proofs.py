"""What derive prove and derive theorem share: running proofs."""

from typing import TYPE_CHECKING

from derive.write.streams import say

if TYPE_CHECKING:
    from derive.proof.run import Verdict


def run_proofs(names: list[str], thorough: bool, second: bool) -> "list[Verdict]":
    """The verdicts on some theorems, with progress; and how to get a second prover, if missed."""
    from derive.catalogue import theorem_id
    from derive.proof.run import Session
    from derive.proof.status import Status
    from derive.write.progress import progress_of

    known = list(map(theorem_id, names))
    with progress_of(len(known)) as report:
        session = Session(thorough, second, report)
        verdicts = [session.verdict(name) for name in known]
    hint, missed = session.second_prover(), {o.status for v in verdicts for o in v.outcomes}
    if second and isinstance(hint, str) and Status.NOT_CONFIRMED in missed:
        say(hint)
    return verdicts
