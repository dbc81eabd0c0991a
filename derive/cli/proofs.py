"""What derive prove and derive theorem share: running proofs."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from derive.cli.sympy_settings import set_sympy
from derive.render.streams import say

if TYPE_CHECKING:
    from derive.proof.run import Shown, TheoremRun

Made = TypeVar("Made")  # what is shown of a theorem


def keep_results() -> None:
    """Have SymPy keep all that it works out, and not 1,000 results of a kind, since the steps of
    proofs have much in common."""
    set_sympy("SYMPY_CACHE_SIZE", "None")


def run_proofs(
    names: list[str], thorough: bool, second: bool, show: "Callable[[TheoremRun], Made]"
) -> "list[Shown[Made]]":
    """Some theorems proved, as they are to be shown, with progress; and how to get a second prover,
    if missed."""
    from derive.catalogue import theorem_id
    from derive.proof.run import Session, Shown
    from derive.proof.side_by_side import side_by_side
    from derive.render.progress import progress_of

    known = list(map(theorem_id, names))
    session = Session(thorough, second)
    proofs = side_by_side(
        lambda name: Shown.of(session.verdict(name), show),
        known,
        progress_of(len(known)),
        session.learn,
    )
    if second and any(proof.unconfirmed for proof in proofs):
        hint = session.second_prover()
        if isinstance(hint, str):
            say(hint)
    return proofs


def failed(proofs: "Iterable[Shown[Made]]") -> int:
    """The exit code of some proofs: 1 if a step of one failed."""
    from derive.proof.status import Status

    return int(any(proof.status == Status.FAILED for proof in proofs))
