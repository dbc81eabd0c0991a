r"""Order of designs: how large the bonds of one design have to be so that it represents every kernel of another.

Let \(A\) and \(B\) be designs with the same kernel letters. A *cut* of \(B\) keeps some letters at fixed values and lays the kernel out as a matrix, some of the other letters in its rows and the rest in its columns. Put every factor of \(A\), without the kept letters, on the side of the rows or on that of the columns. A letter *crosses* if both sides hold it, where a letter of the rows counts as held on their side and one of the columns on theirs. Let \(c\) be the smallest product of the sizes of the crossing letters, over all placements: the *min cut* of \(A\).

1. For every kernel of \(A\) and all values of the kept letters, \($rank_bound\).
2. Let a matrix of every cut decide about \(B\), of rank at most the bond \(b\) of the cut, as they do for [two factors](two-factor.md), [trees](trees-and-cp.md) and outer products. If \($small_enough\) at every cut, \(B\) represents every kernel of \(A\).
3. If generic kernels of \(A\) have rank \(c\), then \(B\) represents every kernel of \(A\) $iff_attained \($small_enough\) at every cut, and a kernel of rank \(c\) with its minor proves that a smaller bond does not do.
4. If weights of \(B\), made of weights of \(A\) and of deltas, contract to the kernel of \(A\), then \(B\) represents every kernel of \(A\) at all sizes.

**Closed forms.** With one multiplier, an asymmetric pair, vertical first, represents every depthwise separable kernel if \($separable_in_pair\). A depthwise separable layer represents every kernel of an asymmetric pair of width \(m\) if \($pair_in_separable\). A pair represents every kernel if \($every_in_pair\), and every kernel of a pair of width \(m\) in the other order if its own width is

\[$across_in_pair.\]

At all sizes up to 3 that were tried, no smaller bond is enough.

Hypotheses:
- the cuts decide: what the bonds allow at every cut is enough for a kernel to be one of \(B\), as for two factors, trees and outer products
- all placements: \(c\) is the smallest over all placements of the factors
- attained: for 3, some kernel of \(A\) has rank \(c\)

Use: Whether one layer can replace another, whatever its weights, and at what price.

Source: Cui, Freedman, Sattath, Stong, Minton (2016), Quantum max-flow/min-cut, Journal of Mathematical Physics 57, 062206, arXiv 1508.04644 (the min cut of a tensor network bounds its ranks, and not every network attains it)
"""

from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    cp,
    depthwise_asymmetric_separable,
    depthwise_separable,
    standard,
    tucker_2,
)
from derive.proof.exact import *
from derive.proof.language import *
from derive.relations.criterion import criterion
from derive.relations.design import Pair, pair
from derive.relations.min_cut import every_placement, Layout, min_cut, MinCut, never_more
from derive.relations.two_sided import two_sided, TwoSided

number = "T21"
topic = "equality"

rank = Quantity("rank_A", r"\operatorname{rank} K")
cut = Quantity("c", "c")
bond = Quantity("b", "b")
wide = size("m'")

rank_bound = Claim(rank, "≤", cut)
small_enough = Claim(cut, "≤", bond)
separable_in_pair = Claim(m, "≥", minimum(C_out * k_w, C_in * k_h, C_in * k_w))
pair_in_separable = Claim(M, "≥", minimum(C_out, k_h * k_w, k_w * m))
every_in_pair = Claim(m, "≥", minimum(C_out * k_w, C_in * k_h))
across_in_pair = Claim(wide, "≥", minimum(C_out * k_w, C_in * k_h, C_out * C_in * m, k_h * k_w * m))
iff_attained = iff()


def proof() -> Proof:
    yield Part("Min cut")
    yield r"Write the contraction as a sum over a copy of every crossing letter. A bond that crosses is its own copy. A letter \(x\) of the rows that a factor on the other side holds is read there as its copy \(x'\), and \([x = x']\) stands on the side of the rows; likewise for the columns. A bond that does not cross is summed on its own side. Each delta picks out one term, so the sum is the contraction."
    yield {
        name: Equal(found.product, contraction(small)) for name, small, found, _ in as_products()
    }
    yield r"What stands on the side of the rows has letters of the rows, kept letters and copies, what stands on the other side letters of the columns, kept letters and copies: at fixed kept letters two matrices, multiplied."
    yield {name: (strangers(found, layout), []) for name, _, found, layout in as_products()}
    yield r"The inner size of the product is the product of the sizes of the crossing letters. The rank is at most that, for every placement and over every field, and so at most the smallest."
    yield {name: (least(name), []) for name in closed()}
    yield Uses("two-factor")
    yield Establishes(rank_bound)

    yield Part("Represented")
    yield r"At every cut of \(B\) a kernel of \(A\) has at most rank \(c\). If \(c \le b\), that is at most what the bonds of \(B\) allow, and the kernel is one of \(B\)."
    yield Uses("two-factor")
    yield Uses("trees-and-cp", "Trees")
    yield Establishes(small_enough, iff_attained["if"])
    yield r"If a kernel of \(A\) has rank \(c > b\) at a cut, it has a minor of \(c\) rows that is not zero there, and no kernel of \(B\) has."
    yield Uses("two-factor")
    yield Establishes(iff_attained["only if"])

    yield Part("Weights")
    yield "Weights whose contraction has the normal form of the smaller design's kernel represent it at all sizes, for example these."
    plain = depthwise_separable.family.without([l])
    yield {
        "filters of rank one": Includes(depthwise_asymmetric_separable.family, plain),
        "CP in an asymmetric pair": Includes(cp.family, asymmetric.family, {}, {m: R}),
        "CP in Tucker-2": Includes(cp.family, tucker_2.family, {}, {P: R, Q: R}),
    }

    yield Part("Closed forms")
    yield "The larger of two designs has one cut here. Over all placements of the factors of the smaller one these products are left, none of which is always at least another; their minimum is the min cut."
    for name, claim in closed().items():
        yield Equal(cut_between(name).bound, claim)


def sharpness() -> Proof:
    sizes = sized(C_in=3, C_out=8, k_h=3, k_w=3)
    products = cut_between("depthwise separable in a pair").terms[0].products
    values = sorted(int(one.xreplace(sizes)) for one in products)
    yield Without("all placements")
    yield r"Depthwise separable, three channels to eight, \(3 \times 3\): the letters that cross at one placement have 24 values together, and the rank is at most 9."
    yield Counterexample({}, {"one placement": values[-1], "all placements": values[0]})
    kernel = three_ones()
    needed = terms_needed(kernel.nested[0], lambda number: True)
    yield Without("the cuts decide")
    yield r"A kernel whose cuts all have rank 2 or less and that needs three terms as a sum of outer products."
    yield Counterexample(
        {"W": kernel.nested}, {"largest rank of a cut": kernel.largest_cut, "terms needed": needed}
    )


def closed() -> Mapping[str, Claim]:
    """The closed forms by the pair of designs that they are about."""
    return {
        "depthwise separable in a pair": separable_in_pair,
        "a pair in depthwise separable": pair_in_separable,
        "every kernel in a pair": every_in_pair,
        "the other order in a pair": across_in_pair,
    }


@cache
def designs() -> Mapping[str, Pair]:
    """The four pairs of the closed forms: the smaller design, the larger."""
    plain = depthwise_separable.family.without([l])
    down, across = asymmetric.family, asymmetric_horizontal_first.family
    lines = (plain, down), (down, depthwise_separable.family), (standard.family, down)
    return dict(zip(closed(), (pair(*both) for both in (*lines, (across, down))), strict=True))


def layout_of(name: str) -> Layout:
    """The one cut of the larger design."""
    (one,) = criterion(designs()[name].other).ranks
    return one.layout


@cache
def cut_between(name: str) -> MinCut:
    """The min cut of the smaller design there."""
    return min_cut(designs()[name].one, layout_of(name))


def as_products() -> Iterator[tuple[str, Family, TwoSided, Layout]]:
    """For every placement that is best at some sizes the smaller design as a product."""
    lines = depthwise_separable.family.without([l]), asymmetric.family, standard.family
    smaller = dict(zip(closed(), (*lines, asymmetric_horizontal_first.family), strict=True))
    for name, both in designs().items():
        (term,), layout = both.one.terms, layout_of(name)
        for placement in cut_between(name).terms[0].placements:
            letters = ", ".join(sorted(map(str, placement.crossing)))
            found = two_sided(term, layout.rows, layout.columns, placement)
            yield f"{name}, across {letters}", smaller[name], found, layout


def strangers(found: TwoSided, layout: Layout) -> list[Symbol]:
    """Letters on a side that are neither its own, nor kept, nor copies."""
    own = layout.rows, layout.columns
    return [
        x
        for side, letters in zip(found.sides, own, strict=True)
        for x in sorted(side.free_symbols - {*letters, *layout.kept, *found.copies}, key=str)
        if x in SIZE
    ]


def least(name: str) -> list[Expr]:
    """Products of crossing letters, over all placements, that none of those kept is at most."""
    both, layout = designs()[name], layout_of(name)
    kept = cut_between(name).terms[0].products
    every = every_placement(both.one, layout)
    return [one for one in every if not any(never_more(few, one) for few in kept)]
