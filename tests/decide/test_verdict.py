"""Verdicts on known kernels and on planted ones: widths, factors and minors as they must be."""

from fractions import Fraction
from itertools import pairwise, product
from math import exp, prod
from random import Random
from struct import pack, unpack

import pytest
from flint import fmpz_mat
from hypothesis import given
from sympy import IndexedBase, Symbol, symbols

from derive.algebra import skeleton as skeletons
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide.verdict import decide
from derive.decide.width import bounds, minimal
from derive.kernels import gallery
from derive.notation.errors import InputError
from derive.notation.family import Family
from derive.notation.letters import C_c, G, i, j, M, m, o, P, p, Q, q, R, r, T, u, v
from tests.decide import criteria
from tests.documents import document
from tests.strategies import seeds

FULL = (o, i, u, v)
VERTICAL, HORIZONTAL = (FAMILIES[x].family for x in ("asymmetric", "asymmetric-horizontal-first"))
A, B, C = map(IndexedBase, "ABC")
PRIME = 2**62 - 57


def plane(rows):
    return Kernel.of([[[list(row) for row in rows]]])


def outer(column, row):
    return [[x * y for y in row] for x in column]


def exactly(rows):
    """Each float as the fraction that it is."""
    return [[Fraction(x) for x in row] for row in rows]


def single(number):
    """The nearest float32."""
    return unpack("f", pack("f", number))[0]


def changed(rows, amount, at=(0, 0)):
    return [[x + amount * ((y, n) == at) for n, x in enumerate(row)] for y, row in enumerate(rows)]


THIRD = Fraction(1, 3)
THIRDS = outer([THIRD, 1, 2 * THIRD], [THIRD, 1, 5 * THIRD])
LONG = outer([Fraction(10) ** n for n in (-12, 0, 12)], [1, 3, 7])
GAUSSIAN = [[exp(-(x * x + y * y) / 2) for x in (-1, 0, 1)] for y in (-1, 0, 1)]
NORMALIZED = [[x / sum(map(sum, GAUSSIAN)) for x in row] for row in GAUSSIAN]
NOISE = Random(2)
NOISY = [
    [single(x + 1e-7 * NOISE.uniform(-1, 1)) for x in row]
    for row in outer([0.3, 0.7, 0.4], [0.2, 0.9, 0.5])
]
# conventions, section 5: every row
SEPARABILITY = {
    "Sobel": (gallery()["sobel"].entries, 1),
    "binomial": (gallery()["binomial-5"].entries, 1),
    "Laplacian 4": (gallery()["laplacian-4"].entries, 2),
    "Laplacian 8": (gallery()["laplacian-8"].entries, 2),
    "thirds": (THIRDS, 1),
    "thirds, 1e-20 added once": (changed(THIRDS, Fraction(1, 10**20)), 2),
    "thirds, rounded to float64": (exactly([[float(x) for x in row] for row in THIRDS]), None),
    "Gaussian, float64": (exactly(GAUSSIAN), None),
    "Gaussian, normalized, float64": (exactly(NORMALIZED), None),
    "float32 rank 1 and noise": (exactly(NOISY), 3),
    "diag(1e16, 1, 0)": ([[10**16, 0, 0], [0, 1, 0], [0, 0, 0]], 2),
    "1e-12 to 1e12": (LONG, 1),
    "1e-170": ([[x / Fraction(10) ** 170 for x in row] for row in outer([1, 2, 3], [4, 5, 6])], 1),
    "zero": ([[0, 0, 0]] * 3, 0),
}


@pytest.mark.parametrize("name", SEPARABILITY)
def test_every_row_of_the_separability_table(name):
    rows, expected = SEPARABILITY[name]
    found = criteria.rank(rows)
    assert expected in (None, found)
    kernel = plane(rows)
    for line in (VERTICAL, HORIZONTAL):
        for width in (1, 2, 3):
            verdict = decide(line, kernel, {m: width})
            document(verdict)
            assert verdict.word == ("exact" if found <= width else "not exact")
            assert all(cut.rank == found for cut in verdict.cuts)
        assert minimal(line, kernel) == {m: max(1, found)}


def test_floats_are_the_rationals_that_they_are():
    assert criteria.rank(SEPARABILITY["Gaussian, normalized, float64"][0]) > 1
    assert criteria.rank(SEPARABILITY["thirds, rounded to float64"][0]) > 1


def test_factors_of_famous_filters_are_the_famous_ones():
    def factors(name):
        found = decide(VERTICAL, plane(gallery()[name].entries), {m: 1})
        return [list(factor.flat) for factor in found.factors]

    assert factors("sobel") == [[1, 2, 1], [-1, 0, 1]]
    assert factors("binomial-3") == [[Fraction(x, 4) for x in (1, 2, 1)]] * 2
    assert factors("box-3") == [[THIRD] * 3] * 2


# planted widths


def planted(random, extents, width, entry, line="vertical"):
    """A kernel that a pair with the given width represents, by loops."""
    C_out, C_in, k_h, k_w = extents
    first, second = (k_h, k_w) if line == "vertical" else (k_w, k_h)
    down = [[[entry(random) for _ in range(first)] for _ in range(C_in)] for _ in range(width)]
    across = [[[entry(random) for _ in range(second)] for _ in range(width)] for _ in range(C_out)]

    def value(o, i, u, v):
        one, two = (u, v) if line == "vertical" else (v, u)
        return sum(down[j][i][one] * across[o][j][two] for j in range(width))

    return Kernel.by(value, o=C_out, i=C_in, u=k_h, v=k_w)


def integer(random):
    return random.randint(-9, 9)


def fraction(random):
    return Fraction(random.randint(-9, 9), random.choice((1, 2, 3, 4, 6, 7)))


def float32(random):
    """A dyadic fraction, as wide as a float32 can hold."""
    return Fraction(single(random.uniform(-1, 1)))


@pytest.mark.parametrize("entry", [integer, fraction, float32])
@pytest.mark.parametrize(
    ("extents", "width"), [((4, 3, 3, 3), 5), ((6, 6, 3, 2), 7), ((12, 10, 3, 3), 6)]
)
def test_the_planted_width_is_found_and_one_entry_more_is_one_more(entry, extents, width):
    for line, name in ((VERTICAL, "vertical"), (HORIZONTAL, "horizontal")):
        random = Random(width)
        kernel = planted(random, extents, width, entry, name)
        assert minimal(line, kernel) == {m: width}
        enough, short = (decide(line, kernel, {m: n}) for n in (width, width - 1))
        document(enough), document(short)
        assert (enough.word, short.word) == ("exact", "not exact")
        assert short.minor.size == width
        entries = list(kernel.flat)
        entries[random.randrange(len(entries))] += Fraction(1, 10**9)
        sharp = Kernel(FULL, extents, entries)
        assert minimal(line, sharp) == {m: width + 1}
        raised = decide(line, sharp, {m: width})
        document(raised)
        assert raised.word == "not exact"


@pytest.mark.parametrize(("channels", "width"), [(48, 20), (64, 8)])
def test_larger_kernels_of_integers_have_short_integer_factors(channels, width):
    kernel = planted(Random(1), (channels, channels, 3, 3), width, integer)
    verdict = decide(VERTICAL, kernel, {m: width + 3})
    document(verdict)
    assert verdict.word == "exact"
    entries = [x for factor in verdict.factors for x in factor.flat]
    assert all(isinstance(x, int) for x in entries)
    assert max(map(abs, entries)) < 10**6
    assert minimal(VERTICAL, kernel) == {m: width}
    below = decide(VERTICAL, kernel, {m: width - 1})
    document(below)
    assert below.word == "not exact"
    assert (below.minor.value is None) == (width > 16)


def test_a_layer_of_256_channels_is_decided_in_both_orders():
    kernel = planted(Random(2), (256, 256, 3, 3), 4, integer)
    other = fmpz_mat(kernel.matrix((o, u), (i, v))).rank()
    assert minimal(VERTICAL, kernel) == {m: 4}
    assert minimal(HORIZONTAL, kernel) == {m: other}
    for line, enough in ((VERTICAL, 4), (HORIZONTAL, other)):
        verdicts = [decide(line, kernel, {m: n}) for n in (enough, enough - 1)]
        assert [verdict.word for verdict in verdicts] == ["exact", "not exact"]
        assert all(document(verdict) for verdict in verdicts)  # each passes the checker


def test_beyond_the_limit_the_factors_are_rational(monkeypatch):
    monkeypatch.setattr(skeletons, "INTEGER_EFFORT", 0)
    kernel = planted(Random(6), (5, 4, 3, 3), 3, integer)
    verdict = decide(VERTICAL, kernel, {m: 4})
    document(verdict)
    assert verdict.word == "exact"
    assert any(isinstance(x, Fraction) for factor in verdict.factors for x in factor.flat)


def test_a_kernel_of_multiples_of_the_prime_is_not_mistaken():
    for rows, rank in (([[PRIME, 0], [0, 1]], 2), ([[PRIME, PRIME], [PRIME, PRIME]], 1)):
        for n in (1, 2):
            verdict = decide(VERTICAL, plane(rows), {m: n})
            document(verdict)
            assert verdict.word == ("exact" if rank <= n else "not exact")


def test_denominators_may_hold_the_prime_of_a_residue():
    """A large minor is given modulo a prime of 30 bits, which must divide no denominator."""
    below = 2**30 - 35
    kernel = Kernel.by(
        lambda o, i, u, v: Fraction((o == i) + 2 * (o > i), below), o=20, i=20, u=1, v=1
    )
    verdict = decide(VERTICAL, kernel, {m: 19})
    document(verdict)
    residue, prime = verdict.minor.residue
    assert verdict.minor.value is None
    assert prime != below
    assert residue
    multiple = Kernel.by(
        lambda o, i, u, v: (below if o == 3 else 1) * (o == i) + (o > i), o=20, i=20, u=1, v=1
    )
    other = decide(VERTICAL, multiple, {m: 19})
    document(other)
    assert other.minor.residue[1] != below


# every forest


TREES = {
    "tensor-train": {Q: 2, R: 3, P: 2},
    "tucker-2": {Q: 2, P: 2},
    "depthwise-separable": {M: 2},
    "network-decoupling": {T: 2},
    "flattened": {},
    "depthwise-asymmetric-separable": {},
    "blueprint-separable": {},
    "r2plus1d": {m: 2},
    "grouped-asymmetric": {G: 2, C_c: 2},
}


@pytest.mark.parametrize("name", TREES)
@given(seed=seeds)
def test_weights_contract_to_a_kernel_that_is_recognized(name, seed):
    """Random weights, multiplied out by the oracle; any one entry changed is looked at by cuts."""
    line, values, random = FAMILIES[name].family, TREES[name], Random(seed)
    outputs, inputs = (4, 2) if name == "grouped-asymmetric" else (3, 2)
    taps = [random.randint(1, 3) for _ in line.axes]
    extents = (outputs, inputs, *taps)
    blank = Kernel((o, i, *line.axes), extents, [0] * prod(extents))
    zero = decide(line, blank, values)
    assert zero.word == "exact"
    weights = [
        Kernel(f.letters, f.extents, [random.randint(-3, 3) for _ in f.flat]) for f in zero.factors
    ]
    sizes = {x.name[0]: n for f in weights for x, n in f.sizes.items()}
    shared = "gb" if "g" in sizes else "o"
    words = ("ga" if "g" in sizes else "i", shared, "".join(x.name for x in line.axes))
    found = criteria.contracted(weights, *words, sizes)
    if "g" in sizes:  # outputs 2g + b, inputs g
        entries = {(2 * at[0] + at[1], at[2], *at[4:]): x for at, x in found.items() if at[3] == 0}
        found = {at: entries[at] for at in blank.entries}
    kernel = Kernel(blank.letters, blank.extents, found)
    verdict = decide(line, kernel, values)
    document(verdict)
    assert verdict.word == "exact"
    least = minimal(line, kernel, values)
    assert all(least[symbol] <= values[symbol] for symbol in least)


# least widths


@given(seed=seeds)
def test_the_least_sizes_are_exact_and_one_less_is_not(entry, seed):
    random, line = Random(seed), entry.family
    extents = [2, 2, *(3 if x in line.axes else 1 for x in line.axes)]
    kernel = Kernel(
        (o, i, *line.axes), tuple(extents), [random.randint(0, 1) for _ in range(prod(extents))]
    )
    fixed = {G: 2}
    least = minimal(line, kernel, fixed)
    if least is None:
        return
    verdict = decide(line, kernel, {**fixed, **least})
    document(verdict)
    assert verdict.word == "exact"
    for symbol, size in least.items():
        if size > 1:
            less = decide(line, kernel, {**fixed, **least, symbol: size - 1})
            assert less.word == "not exact", symbol


def test_both_orders_and_the_sharp_gap_between_them():
    gap = Kernel.by(lambda o, i, u, v: int(o == u and i == v), o=3, i=3, u=3, v=3)
    assert minimal(VERTICAL, gap) == {m: 9}
    assert minimal(HORIZONTAL, gap) == {m: 1}


def test_given_sizes_of_bonds_are_not_looked_at():
    kernel = plane([[1, 0], [0, 1]])
    assert minimal(VERTICAL, kernel, {m: 1}) == {m: 2}
    assert minimal(2 * VERTICAL, plane([[1, 0, 0], [0, 1, 0], [0, 0, 1]])) == {m: 2}


def test_sizes_that_stand_in_for_each_other_grow_in_order():
    pair = Family(A[j, q, i, u], B[o, j, q, v])
    kernel = Kernel.by(lambda o, i, u, v: int(i == v), o=1, i=3, u=1, v=3)
    assert minimal(pair, kernel) == {m: 3, Q: 1}
    tied = Family(A[q, i], C[q, r, u, v], B[o, r], sizes={q: m, r: m})
    assert minimal(tied, Kernel.by(lambda o, i, u, v: int(o == u), o=3, i=1, u=3, v=1)) == {m: 3}
    twice = Family(A[j, r, i, u], B[j, r, q, v], C[o, q], sizes={r: Q})
    pairs = Kernel.by(lambda o, i, u, v: int(o == u), o=2, i=1, u=2, v=1)
    assert minimal(twice, pairs) == {m: 1, Q: 2}
    fixed = Family(A[q, i], C[q, r, u, v], B[o, r], sizes={q: 2})
    wide = Kernel.by(lambda o, i, u, v: int(i == u), o=1, i=3, u=3, v=1)
    assert minimal(fixed, wide) is None


def test_no_width_helps_where_the_form_leaves_zeros_or_splits():
    dense = Kernel.by(lambda o, i, u, v: 1, o=2, i=2, u=2, v=2)
    assert minimal(FAMILIES["grouped-asymmetric"].family, dense, {G: 2}) is None
    crossed = Kernel.by(lambda o, i, u, v: int(u == v), o=1, i=1, u=2, v=2)
    assert minimal(FAMILIES["flattened"].family, crossed) is None
    assert minimal(FAMILIES["standard"].family, crossed) == {}


def test_outer_products_have_bounds_and_where_they_meet_a_least_number():
    line = FAMILIES["cp"].family
    three = Kernel.by(lambda o, i, u, v: int(i + u + v == 1), o=1, i=2, u=2, v=2)
    assert bounds(line, three) == {R: (2, 3)}
    assert minimal(line, three) is None
    flat = Kernel.by(lambda o, i, u, v: (1 + o) * (i == u), o=2, i=3, u=3, v=1)
    assert bounds(line, flat) == {R: (3, 3)}
    assert minimal(line, flat) == {R: 3}
    nothing = Kernel.by(lambda o, i, u, v: 0, o=2, i=2, u=2, v=2)
    assert (bounds(line, nothing), minimal(line, nothing)) == ({R: (0, 0)}, {R: 1})
    assert bounds(VERTICAL, three) is None


def test_where_nothing_is_known_a_single_value_of_each_bond_is_tried():
    ring = Family(A[q, i, p], B[r, q, u], C[o, p, r, v])
    assert minimal(ring, Kernel.by(lambda o, i, u, v: 1 + i, o=2, i=2, u=2, v=1)) == dict.fromkeys(
        (Q, P, R), 1
    )
    assert minimal(ring, Kernel.by(lambda o, i, u, v: int(i == u), o=2, i=2, u=2, v=1)) is None


def test_full_width_never_saves():
    """T3: at the width of every kernel there are min(k_h C_in, k_w C_out)² more weights."""
    for extents in product((1, 2), (1, 3), (1, 2), (2, 3)):
        kernel = Kernel(FULL, extents, Random(1).choices(range(-50, 50), k=prod(extents)))
        width = minimal(VERTICAL, kernel)[m]
        C_out, C_in, k_h, k_w = extents
        if width == min(k_h * C_in, k_w * C_out):
            weights = sum(len(f.flat) for f in decide(VERTICAL, kernel, {m: width}).factors)
            assert weights == prod(extents) + width**2


# forms that can be parted in too many ways


def test_a_chain_of_many_factors_is_refused_before_its_sides_are_tried():
    bonds = symbols("b:20")
    sizes = {x: Symbol(f"S_{n}", integer=True, positive=True) for n, x in enumerate(bonds)}
    bases = [IndexedBase(f"F{n}") for n in range(21)]
    middle = [f[pair] for f, pair in zip(bases[1:-1], pairwise(bonds), strict=True)]
    chain = Family(bases[0][i, bonds[0]], *middle, bases[-1][bonds[-1], o], sizes=sizes)
    with pytest.raises(InputError, match="has 19 factors that may stand on either side"):
        decide(chain, Kernel.of([[[[1]], [[2]]], [[[3]], [[4]]]]), dict.fromkeys(sizes.values(), 2))


def test_a_ring_of_many_letters_is_refused_before_its_matrices_are_tried():
    ins, outs = symbols("x:6"), symbols("y:6")
    ring = Family(
        *(A[(*ins, p, q)], B[(*outs, q, r)], C[r, p]),
        inputs=ins,
        outputs=outs,
        sizes=dict.fromkeys((*ins, *outs), 2),
    )
    kernel = Kernel((o, i), (64, 64), [0] * 4096)
    with pytest.raises(InputError, match="in 4,251,528 ways: at most 1,000,000 are tried"):
        decide(ring, kernel, {P: 2, Q: 2, R: 2})
