"""Evidence that a design falls in two at a bond: two contractions and nothing else between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

from derive.algebra.contraction import contraction, grouped, shared_weights
from derive.algebra.network import indices, network
from derive.notation.family import Family, Letters
from derive.proof.equality import SameSum
from derive.proof.evidence import Every
from derive.proof.result import Context, Result
from derive.proof.status import Status


@dataclass(frozen=True)
class Divided:
    """The contraction of a design is that of two sides, each contracted on its own, over a bond;
    and they share no letters but it and those that stand in every factor.

    ``near`` are the factors of one side, by number.

    >>> from derive.families import tensor_train
    >>> from derive.notation.letters import q, r
    >>> [Divided(tensor_train.family, (0, 1), (x,)).run(None).status.slug for x in (r, q)]
    ['proved', 'failed']
    """

    family: Family
    near: Sequence[int]
    bond: Letters
    kind: ClassVar[str] = "identity of sums"

    def run(self, context: Context | None) -> Result:
        """Compare the letters that both sides hold, then normal forms."""
        far = [number for number in range(len(self.family.factors)) if number not in self.near]
        one, two = (
            {x for number in side for x in self.family.factors[number].indices}
            for side in (self.near, far)
        )
        shared = tuple((one & two) - set(network(self.family).kept))
        if set(shared) != set(self.bond):
            ran = f"both sides hold {indices(shared)}, not {indices(self.bond)}"
            return Result(Status.FAILED, ran)
        both = grouped(self.family, (self.near, far), self.bond)
        return SameSum(contraction(self.family), both).run(context)


def at_every_bond(trees: Mapping[str, Family], leaves: bool = False) -> Every:
    """Each tree in two at every bond, or at those alone that hold a leaf.

    >>> from derive.families import tensor_train
    >>> list(at_every_bond({"train": tensor_train.family}, leaves=True).of)
    ['train at q', 'train at p']
    """
    divided = {
        f"{name} at {' '.join(map(str, bond.letters))}": Divided(tree, near, bond.letters)
        for name, tree in trees.items()
        for bond in network(tree).bonds
        for near, far in [network(tree).sides_of(bond)]
        if not leaves or 1 in (len(near), len(far))
    }
    return Every(divided, designs=tuple(trees))


def in_two(family: Family, bond: Letters) -> dict[str, Divided]:
    """A design in two sides in any way, over a bond that joins all its factors.

    >>> from derive.families import cp
    >>> from derive.notation.letters import r
    >>> list(in_two(cp.family, (r,)))[:2]
    ['S', 'S A']
    """
    others = range(1, len(family.factors))
    return {
        " ".join(str(family.bases[number]) for number in side): Divided(family, side, bond)
        for more in range(len(others))
        for side in ((0, *chosen) for chosen in combinations(others, more))
    }


def slices_apart(designs: Mapping[str, Family]) -> dict[str, tuple[int, int]]:
    """How many weights the slices of each design share that has letters in every factor, and that
    there are none: as exact values for a sentence.

    >>> from derive.families import depthwise_separable, tensor_train
    >>> slices_apart({"separable": depthwise_separable.family, "train": tensor_train.family})
    {'separable: weights in two slices at once': (0, 0)}
    """
    return {
        f"{name}: weights in two slices at once": (len(shared_weights(design)), 0)
        for name, design in designs.items()
        if network(design).kept
    }
