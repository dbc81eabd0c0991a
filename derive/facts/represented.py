"""Which families of the book represent a kernel exactly, at which sizes, with proof and cost.

The ranks of a kernel's matrices are worked out once for all families that ask for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from sympy import Symbol

from derive.catalogue import FAMILIES
from derive.comparison import Choices, REASONS
from derive.decide.cuts import Cuts
from derive.decide.form import form
from derive.decide.verdict import decide, Verdict, Word
from derive.decide.width import enough, least, opened
from derive.facts.certificate import checked, claim, ClaimFacts, ProofFacts
from derive.facts.cost import width_cost, WidthCost
from derive.facts.curve import Path
from derive.facts.question import Question, SMALL
from derive.facts.record import As, printed, WITHIN
from derive.facts.sizes import together
from derive.notation.errors import InputError
from derive.notation.fields import AXES
from derive.notation.letters import g

Sizes = Mapping[Symbol, int]
EVERY = (
    "at these sizes the family represents every kernel of this shape; the factors of a kernel this"
    " large are worked out with --as"
)
REFUTED = "no size of it represents the kernel"
SEARCHED = "how many outer products add up to a kernel as large as this is not worked out"


@dataclass(frozen=True)
class RepresentedFacts:
    """A family that represents the kernel at a setting, what it costs there, and the proof.

    ``smallest`` is true if no smaller setting represents the kernel, and false where that is not
    known. With ``schema`` and ``kernel`` the keys are a document that the separate checker reads.
    For a large kernel, a family that represents every kernel of its shape at this setting has a
    ``reason`` for its proof and no factors.
    """

    family: str
    setting: Sizes
    smallest: bool
    cost: Annotated[WidthCost, WITHIN]
    claim: Annotated[ClaimFacts, WITHIN]


@dataclass(frozen=True)
class NotRepresentedFacts:
    """A family that represents the kernel at no setting, or at none that is known, and why.

    Where the family has the shape of the kernel, there is the ``setting`` that was tried, at which
    it represents the most, and the verdict with its proof.
    """

    family: str
    why: str
    setting: Annotated[Sizes | None, printed(setting=As.PRESENT)] = None
    claim: Annotated[ClaimFacts | None, WITHIN] = None


@dataclass(frozen=True)
class FamiliesFacts:
    """The families that represent a kernel, the fewest parameters first, and all others."""

    represented_by: tuple[RepresentedFacts, ...]
    not_represented_by: tuple[NotRepresentedFacts, ...]


Found = RepresentedFacts | NotRepresentedFacts


def represented(question: Question, proof: ProofFacts | None = None) -> FamiliesFacts:
    """The families of the book that represent a kernel exactly, cheapest first, each at the
    smallest setting that is known, and all others with the reason.

    ``proof`` is that of the question itself, if it is there already. CheckError if a proof does
    not hold.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.parse.layer import read_layer_of
    >>> cross = Kernel.of([[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]])
    >>> layer = read_layer_of(cross.extents)
    >>> found = represented(Question("cross", cross, FAMILIES["asymmetric"], layer, Choices()))
    >>> [(one.family, one.cost.parameters) for one in found.represented_by][:3]
    [('standard', 9), ('depthwise', 9), ('blueprint-separable', 10)]
    """
    found = [_family(question, name, proof) for name in FAMILIES]
    exact = (one for one in found if isinstance(one, RepresentedFacts))
    return FamiliesFacts(
        tuple(sorted(exact, key=lambda one: (one.cost.parameters, one.cost.macs))),
        tuple(one for one in found if isinstance(one, NotRepresentedFacts)),
    )


def _family(question: Question, name: str, proof: ProofFacts | None) -> Found:
    """What is known of one family of the book."""
    entry = FAMILIES[name]
    if entry.family.on(question.layer.taps) is None:
        axes = AXES[len(question.layer.axes)]
        return NotRepresentedFacts(name, REASONS["absent"].format(axes=axes))
    if g in entry.family.inputs and question.layer.groups == 1:
        return NotRepresentedFacts(name, REASONS["grouped"])
    asked = replace(question, entry=entry, choices=Choices(), sizes=(), near=False)
    try:
        cuts = opened(form(asked.line, asked.kernel, asked.values))
    except InputError as error:
        return NotRepresentedFacts(name, str(error).partition(";")[0])
    if cuts.star and cuts.form.outside is None and _large(asked):
        return NotRepresentedFacts(name, SEARCHED)
    fewest = least(cuts)
    at = replace(asked, sizes=tuple(_setting(asked, cuts, fewest).items()))
    found = proof.claim if proof and _same(question, at) else _claim(at)
    if found.verdict is Word.EXACT:
        cost = width_cost(at, at.setting)
        return RepresentedFacts(name, at.setting, fewest is not None, cost, found)
    return NotRepresentedFacts(name, found.reason or REFUTED, at.setting, found)


def _setting(asked: Question, cuts: Cuts, fewest: Sizes | None) -> dict[Symbol, int]:
    """The smallest setting; where none is known, one at which the family represents the most, or
    for outer products one with enough of them."""
    if fewest is None:
        path, bounds = Path.of(asked), enough(cuts) or {}
        fewest = path[len(path) - 1] | {x: most for x, (_, most) in bounds.items()}
    return {**asked.setting, **together(fewest, asked.layer.groups)}


def _same(one: Question, other: Question) -> bool:
    """Whether two questions about a kernel have one verdict."""
    return one.entry == other.entry and one.values == other.values


def _claim(at: Question) -> ClaimFacts:
    """The verdict with its proof, which the separate checker has passed; without factors for a
    large kernel that is of the form because every kernel is."""
    family, kernel, values = at.entry.family, at.kernel, at.values
    if _large(at) and at.row.exactness.every_kernel:
        return claim(Verdict(Cuts(form(family, kernel, values)), Word.EXACT, reason=EVERY))
    return checked(decide(family, kernel, values)).claim


def _large(question: Question) -> bool:
    return len(question.kernel.flat) > SMALL
