"""Order of designs: cross-checks by exact ranks of kernels with random integer weights."""

from derive.algebra.factorize import contracted
from derive.algebra.finite import letter_sizes
from derive.families import asymmetric, asymmetric_horizontal_first, depthwise_separable, standard
from derive.proof.exact import *
from derive.proof.language import *
from derive.theorems import order as theorem

OWN = 2  # the width of the contained pair
NARROW: Mapping[str, Any] = {"C_in": (1, 2), "C_out": (1, 3), "k_h": (1, 3), "k_w": (1, 2)}
WIDE: Mapping[str, Any] = dict.fromkeys(("C_in", "C_out", "k_h", "k_w"), range(1, 4))


def checks() -> Proof:
    names = tuple(theorem.closed())
    yield "The largest rank of kernels with random weights is at most the min cut of the four pairs, and reaches it."
    yield Holds(
        theorem.rank_bound, rank_and_cut, Grid(name=names, **NARROW), Grid(name=names, **WIDE)
    )
    yield "The larger design represents such kernels exactly where the closed form says so: no smaller bond is enough."
    yield Decides(
        (theorem.small_enough,),
        lambda name, bond, **sides: reached(name, **sides) <= bond,
        *grids(name=names),
        measured=lambda name, bond, **sides: {
            theorem.cut: rank_and_cut(name, **sides)[theorem.cut],
            theorem.bond: bond,
        },
    )
    yield from (as_stated(name, claim) for name, claim in theorem.closed().items())
    yield Establishes(theorem.iff_attained)


def grids(**more: Any) -> tuple[Grid, Grid]:
    """Sizes of layers with bonds from 1 to 9, few and many."""
    few = Grid(**more, **NARROW, bond=(1, 2, 3, 4, 6, 9))
    return few, Grid(**more, **WIDE, bond=range(1, 10))


def as_stated(name: str, claim: Claim) -> Evidence:
    """A closed form is true exactly where the larger design represents the kernels."""
    bond = claim.terms[0]
    return Decides(
        (claim,),
        lambda bond, **sides: reached(name, **sides) <= bond,
        *grids(),
        measured=lambda **case: {m: OWN, bond: case["bond"]},
    )


def lines() -> Mapping[str, tuple[Family, Family]]:
    """The smaller and the larger design of every pair."""
    down, across = asymmetric.family, asymmetric_horizontal_first.family
    plain, multiplied = depthwise_separable.family.without([l]), depthwise_separable.family
    pairs = ((plain, down), (down, multiplied), (standard.family, down), (across, down))
    return dict(zip(theorem.closed(), pairs, strict=True))


def rank_and_cut(name: str, **sides: int) -> Mapping[Symbol, object]:
    """The largest rank found, and the min cut at these sizes."""
    sizes = {**sized(**sides), m: OWN}
    least = value(theorem.cut_between(name).bound, sizes)
    return {theorem.rank: reached(name, **sides), theorem.cut: least}


@cache
def reached(name: str, **sides: int) -> int:
    """The largest rank of a few kernels of the smaller design at the cut of the larger."""
    small, large = lines()[name]
    sizes = {size(side): number for side, number in sides.items()} | {m: OWN}
    extents = letter_sizes(small, sizes)
    random = Random(21)
    kernels = (
        contracted(
            [weights(tuple(f.indices), extents, random) for f in small.factors], small.kernel
        )
        for _ in range(2)
    )
    return max(kernel.rank_in(large) for kernel in kernels)


def weights(letters: Letters, extents: Mapping[Symbol, int], random: Random) -> Kernel:
    """Integers from 1 to 99 for the letters of a factor."""
    shape = tuple(extents[x] for x in letters)
    entries = {at: random.randint(1, 99) for at in product(*map(range, shape))}
    return Kernel(letters, shape, entries)
