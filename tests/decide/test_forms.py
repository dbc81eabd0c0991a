"""Groups, middle taps, three axes, sums and lines of the reader's own."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from sympy import IndexedBase

from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide.form import form
from derive.decide.verdict import decide
from derive.notation.errors import InputError
from derive.notation.family import Family
from derive.notation.letters import (
    a,
    b,
    C_c,
    C_in,
    G,
    g,
    i,
    j,
    letter,
    M,
    m,
    o,
    P,
    p,
    Q,
    q,
    R,
    r,
    T,
    t,
    u,
    v,
)
from tests.decide import criteria
from tests.decide.criteria import contracted, determinant, meets
from tests.documents import document

FULL = (o, i, u, v)
A, B, C, D, E = map(IndexedBase, "ABCDE")
SOBEL = Kernel.of([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
ROOT = Kernel.of([[[[1, 0], [0, 1]], [[0, 2], [1, 0]]]])
THREE_ONES = Kernel.by(lambda o, i, u, v: int(i + u + v == 1), o=1, i=2, u=2, v=2)


def checked(line, kernel, values=None):
    """The verdict, whose document has passed the separate checker."""
    verdict = decide(line, kernel, values or {})
    document(verdict)
    return verdict


def blocks(parts):
    """A kernel of two groups of one output and one input channel each."""
    return Kernel.by(lambda o, i, u, v: parts[o][2 * u + v] if o == i else 0, o=2, i=2, u=2, v=2)


@pytest.mark.parametrize("width", [1, 2])
def test_each_group_is_decided_by_its_own_block(width):
    words = set()
    for parts in product(product((0, 1), repeat=4), repeat=2):
        verdict = decide(FAMILIES["grouped-asymmetric"].family, blocks(parts), {G: 2, C_c: width})
        tables = [dict(zip(product(range(2), range(2)), part, strict=True)) for part in parts]
        fits = all(meets([("", "v", "u", width)], table, (2, 2), "uv") for table in tables)
        assert verdict.word == ("exact" if fits else "not exact")
        words.add(verdict.word)
        if verdict.factors:
            sizes = {"g": 2, "a": 1, "b": 1, "c": width, "u": 2, "v": 2}
            found = contracted(verdict.factors, "ga", "gb", "uv", sizes)
            for (group, row, into, column, *taps), entry in found.items():
                assert entry == (verdict.kernel.entries[group, into, *taps] if group == into else 0)
                assert row == column == 0
        else:
            at = verdict.minor.kept[g]
            assert determinant([parts[at][:2], parts[at][2:]]) != 0
    assert words == ({"exact"} if width == 2 else {"exact", "not exact"})


@pytest.mark.parametrize("name", ["grouped", "grouped-asymmetric", "depthwise"])
def test_one_entry_between_groups_is_a_proof(name):
    sizes = {C_c: 9} if name == "depthwise" else {G: 2, C_c: 9}
    for out, into in product(range(4), range(2)):
        kernel = Kernel.by(
            lambda o, i, u, v, own=(out, into): Fraction(5, 3) * ((o, i) == own), o=4, i=2, u=1, v=2
        )
        verdict = checked(FAMILIES[name].family, kernel, sizes)
        if out // 2 == into:
            assert verdict.word == "exact"
        else:
            assert verdict.word == "not exact"
            assert verdict.cuts == ()
            minor = verdict.minor
            assert (minor.bound, minor.rows, minor.columns) == (0, ((out,),), ((into,),))
            assert (minor.kept, minor.value) == ({u: 0, v: 0}, Fraction(5, 3))


def test_output_channels_of_an_input_channel_stand_together():
    """As PyTorch counts them: output o comes from input o // M."""
    kernel = Kernel.by(lambda o, i, u, v: (o + 1) * (o // 3 == i), o=6, i=2, u=1, v=1)
    verdict = checked(FAMILIES["depthwise"].family, kernel)
    assert verdict.word == "exact"
    assert verdict.values[M] == 3
    assert verdict.factors[0].nested == [[[[1]], [[2]], [[3]]], [[[4]], [[5]], [[6]]]]


@pytest.mark.parametrize("tap", list(product(range(3), range(3))))
def test_a_pointwise_layer_has_the_middle_tap_only(tap):
    kernel = Kernel.by(lambda o, i, u, v: (1 + o) * ((u, v) == tap), o=2, i=1, u=3, v=3)
    verdict = checked(FAMILIES["pointwise"].family, kernel)
    assert verdict.word == ("exact" if tap == (1, 1) else "not exact")
    if tap != (1, 1):
        assert verdict.minor.kept == dict(zip((u, v), tap, strict=True))


def test_a_line_without_one_tap_reads_its_middle():
    line = Family(A[j, i, u], B[o, j])
    middle = Kernel.by(lambda o, i, u, v: (u + o) * (v == 1), o=2, i=2, u=3, v=3)
    assert checked(line, middle, {m: 2}).word == "exact"
    assert checked(line, middle, {m: 1}).minor.bound == 1
    corner = Kernel.by(lambda o, i, u, v: int(v == 2), o=2, i=2, u=3, v=3)
    assert checked(line, corner, {m: 2}).minor.bound == 0


def test_an_even_kernel_has_no_middle():
    even = Kernel.by(lambda o, i, u, v: 1, o=1, i=1, u=2, v=3)
    with pytest.raises(InputError, match=r"P\[o, i\] reads the middle tap u, .* it has 2 taps u"):
        decide(FAMILIES["pointwise"].family, even, {})


@pytest.mark.parametrize("width", [1, 2])
def test_space_then_time(width):
    words = set()
    for flat in product((0, 1), repeat=8):
        kernel = Kernel((o, i, t, u, v), (1, 2, 2, 2, 1), flat)
        verdict = checked(FAMILIES["r2plus1d"].family, kernel, {m: width})
        fits = meets([("", "ot", "iuv", width)], kernel.entries, kernel.extents, "oituv")
        assert verdict.word == ("exact" if fits else "not exact")
        words.add(verdict.word)
        if verdict.factors:
            sizes = {"j": width, "o": 1, "i": 2, "t": 2, "u": 2, "v": 1}
            found = contracted(verdict.factors, "i", "o", "tuv", sizes)
            assert tuple(found.values()) == flat
    assert words == ({"exact"} if width == 2 else {"exact", "not exact"})


def test_other_axes_take_the_form_that_the_family_has_there():
    signal = Kernel((o, i, v), (2, 2, 3), range(12))
    verdict = checked(FAMILIES["depthwise-separable"].family, signal, {M: 2})
    assert verdict.word == "exact"
    assert str(verdict.line) == "D[i, l, v] P[o, i, l]"
    with pytest.raises(InputError, match="no form on the axes v of the kernel"):
        decide(FAMILIES["asymmetric"].family, signal, {m: 1})


# lines of the reader's own


def test_a_chain_of_three_bonds_is_a_tree():
    line = Family(A[q, i, u], B[r, q], C[p, r], D[o, p, v])
    kernel = Kernel.by(lambda o, i, u, v: (1 + o + v) * (1 + i * u) + o * u * v, o=3, i=2, u=2, v=2)
    rank = criteria.rank(kernel.matrix((o, v), (i, u)))
    assert rank == 2
    for sizes in product((1, 2, 3), repeat=3):
        verdict = checked(line, kernel, dict(zip((Q, R, P), sizes, strict=True)))
        assert verdict.word == ("exact" if min(sizes) >= rank else "not exact")
        if verdict.minor:
            assert verdict.minor.bound == min(sizes)


def test_side_branches_of_a_tree_may_cost_less_than_its_bond():
    """The bond q of size 3 reaches the others over p and r, of 1 each: the rank is at most 1."""
    line = Family(A[q, i], B[p, q, r], C[r, u], D[o, p, v])
    kernel = Kernel.by(lambda o, i, u, v: int(o == i), o=3, i=3, u=1, v=1)
    verdict = checked(line, kernel, {Q: 2, P: 1, R: 1})
    assert verdict.word == "not exact"
    assert verdict.minor.bound == 1


def test_kept_letters_and_parallel_bonds():
    line = Family(A[i, j, q, u], B[o, i, j, q, v])
    kernel = Kernel.by(lambda o, i, u, v: int(u == 2 * o + v), o=2, i=1, u=4, v=2)
    assert checked(line, kernel, {m: 2, Q: 2}).word == "exact"
    verdict = checked(line, kernel, {m: 3, Q: 1})
    assert (verdict.word, verdict.minor.bound, verdict.minor.size) == ("not exact", 3, 4)


def test_a_factor_that_only_rescales_is_all_ones():
    line = Family(A[j, i, u], C[j], B[o, j, v])
    verdict = checked(line, SOBEL, {m: 2})
    assert verdict.word == "exact"
    assert verdict.factors[1].flat == (1, 1)


def test_a_letter_summed_inside_one_factor_has_one_term():
    w = letter("w")
    line = Family(A[i, u, w], B[o, i, v], sizes={w: 3})
    verdict = checked(line, SOBEL)
    assert verdict.word == "exact"
    assert [f.extents for f in verdict.factors] == [(1, 3, 3), (1, 1, 3)]


def test_a_letter_that_only_rescales_has_one_term():
    """Both factors that hold w are done without: ones at its first value, zeros elsewhere."""
    w = letter("w")
    line = Family(A[i, w], B[i, w], C[i, u], D[o, i, v], sizes={w: 3})
    verdict = checked(line, SOBEL)
    assert verdict.word == "exact"
    assert [f.flat for f in verdict.factors[:2]] == [(1, 0, 0), (1, 0, 0)]


def test_several_letters_of_channels_count_together():
    """Input channels are pairs (a, b), the last letter fastest; b comes in with the second."""
    line = Family(A[j, a, u], B[o, j, b, v], inputs=(a, b), sizes={a: 2, b: 3})
    kernel = Kernel.by(
        lambda o, i, u, v: (1 + i // 3 + u) * (1 + o * (i % 3) + v), o=2, i=6, u=2, v=2
    )
    assert checked(line, kernel, {m: 1}).word == "exact"
    entries = list(kernel.flat)
    entries[0] += 1
    verdict = checked(line, Kernel(FULL, kernel.extents, entries), {m: 1})
    assert (verdict.word, verdict.minor.column_letters) == ("not exact", (a, u))


def test_a_size_tied_to_the_kernel_needs_no_value():
    line = Family(A[j, i, u], B[o, j, v], sizes={j: C_in})
    kernel = Kernel.by(lambda o, i, u, v: int(u == v), o=1, i=1, u=2, v=2)
    assert checked(line, kernel).minor.bound == 1


def test_equal_branches_are_a_bond_and_unlike_ones_a_sum():
    pair = Family(A[o, i, u], B[o, i, v])
    eye = Kernel.by(lambda o, i, u, v: int(u == v), o=1, i=1, u=3, v=3)
    assert [checked(n * pair, eye).word for n in (1, 2, 3)] == ["not exact", "not exact", "exact"]
    narrow = Family(C[j, i, u], D[o, j, v])
    both = pair + narrow
    assert checked(both, SOBEL, {m: 1}).word == "exact"
    # 1 + 1 is the rank that the sum allows
    verdict = checked(both, eye, {m: 1})
    assert (verdict.word, verdict.minor.bound) == ("not exact", 2)
    two = Kernel.of([[[[1, 0], [0, 1]]]])
    assert checked(both, two, {m: 2}).word == "exact"
    undecided = checked(both, two, {m: 1})
    assert undecided.word == "undecided"
    assert "sum of unlike branches" in undecided.reason


def test_in_a_sum_only_the_branch_that_reaches_an_entry_matters():
    line = FAMILIES["acnet-block"].family
    kernel = Kernel.by(lambda o, i, u, v: o + i + u * v, o=2, i=2, u=3, v=3)
    verdict = checked(line, kernel)
    assert verdict.word == "exact"
    assert verdict.factors[0].flat == kernel.flat
    assert not any(verdict.factors[1].flat + verdict.factors[2].flat)
    cross = Family(A[o, i, u]) + Family(B[o, i, v])
    assert checked(cross, kernel).minor.bound == 0  # a corner
    plus = Kernel.by(lambda o, i, u, v: int(u == 1 or v == 1), o=1, i=1, u=3, v=3)
    assert checked(cross, plus).word == "undecided"
    column = Kernel.by(lambda o, i, u, v: (1 + u) * (v == 1), o=1, i=1, u=3, v=3)
    assert checked(cross, column).word == "exact"


# sums of outer products and other shapes


def test_three_ones_need_three_terms_though_every_cut_has_rank_two():
    line = FAMILIES["cp"].family
    verdict = checked(line, THREE_ONES, {R: 2})
    assert verdict.word == "undecided"
    assert verdict.factors is verdict.minor is None
    assert "at least 2 are needed, 3 are enough" in verdict.reason
    assert checked(line, THREE_ONES, {R: 3}).word == "exact"
    assert checked(line, THREE_ONES, {R: 1}).word == "not exact"


def test_two_terms_over_the_reals_are_not_two_over_the_rationals():
    assert checked(FAMILIES["cp"].family, ROOT, {R: 2}).word == "undecided"
    assert checked(FAMILIES["cp"].family, ROOT, {R: 3}).word == "undecided"  # though they are
    assert checked(FAMILIES["cp"].family, ROOT, {R: 4}).word == "exact"


def test_enough_terms_spell_every_kernel():
    random = Random(3)
    for extents in [(2, 3, 2, 2), (3, 1, 2, 2), (2, 2, 3, 3), (4, 2, 2, 1)]:
        size = extents[0] * extents[1] * extents[2] * extents[3]
        kernel = Kernel(FULL, extents, [random.randint(-9, 9) for _ in range(size)])
        assert checked(FAMILIES["cp"].family, kernel, {R: size // max(extents)}).word == "exact"


def test_outer_products_are_never_wrongly_refuted():
    random = Random(8)
    words = []
    for _ in range(40):
        extents, terms = [random.randint(1, 3) for _ in range(4)], random.randint(1, 3)
        vectors = [
            [[random.randint(-2, 2) for _ in range(extent)] for extent in extents]
            for _ in range(terms)
        ]
        entries = [
            sum(V[0][w] * V[1][x] * V[2][y] * V[3][z] for V in vectors)
            for w, x, y, z in product(*map(range, extents))
        ]
        kernel = Kernel(FULL, extents, entries)
        words.append(checked(FAMILIES["cp"].family, kernel, {R: terms}).word)
    assert "not exact" not in words
    assert words.count("exact") > 20


def test_a_matrix_in_disguise_is_decided_whatever_the_number_of_terms():
    """A side of rank one is split off; what is left is a matrix, whose rank decides."""
    kernel = Kernel.by(lambda o, i, u, v: (1 + o) * (1 + v) * (i == u), o=3, i=3, u=3, v=3)
    words = [checked(FAMILIES["cp"].family, kernel, {R: n}).word for n in (1, 2, 3)]
    assert words == ["not exact", "not exact", "exact"]


def test_a_ring_is_refuted_by_two_bonds_and_reached_over_one():
    line = Family(A[q, i, p], B[r, q, u], C[o, p, r, v])
    sizes = {Q: 2, R: 2, P: 2}
    kernel = Kernel.by(lambda o, i, u, v: int(i == u), o=1, i=4, u=4, v=1)
    assert checked(line, kernel, sizes).word == "undecided"
    five = Kernel.by(lambda o, i, u, v: int(i == u), o=1, i=5, u=5, v=1)
    verdict = checked(line, five, sizes)
    assert (verdict.word, verdict.minor.bound) == ("not exact", 4)
    flat = Kernel.by(lambda o, i, u, v: 1 + i * u, o=1, i=3, u=3, v=2)
    verdict = checked(line, flat, sizes)
    assert verdict.word == "exact"
    assert verdict.factors[0].extents == (2, 3, 2)


def test_a_letter_in_some_factors_is_held_to_refute():
    """oi, ou, iv: for each o and i an outer product of u and v, and more that no rank says."""
    line = Family(A[o, i], B[o, u], C[i, v])
    verdict = checked(line, Kernel.by(lambda o, i, u, v: int(u == v), o=2, i=2, u=2, v=2))
    assert verdict.word == "not exact"
    assert (set(verdict.minor.kept), verdict.minor.bound) == ({o}, 1)
    assert checked(line, Kernel.by(lambda o, i, u, v: 1, o=2, i=2, u=2, v=2)).word == "undecided"


def test_a_letter_that_is_held_may_lower_the_bound():
    """With o held the two factors that have it may stand on either side of the bond r of size 2."""
    line = Family(A[q, i, u], B[o, q, r], C[o, r, p], D[p, v])
    sizes = {Q: 4, R: 2, P: 4}
    kernel = Kernel.by(lambda o, i, u, v: int(u == v) * (u < 3), o=2, i=1, u=5, v=5)
    verdict = checked(line, kernel, sizes)
    assert (verdict.word, verdict.minor.bound, set(verdict.minor.kept)) == ("not exact", 2, {o})
    for cut in verdict.cuts:
        sides = [1, 1]
        for side, letters in enumerate((cut.cut.rows, cut.cut.columns)):
            for x in letters:
                sides[side] *= kernel.sizes[x]
        assert cut.bound < min(sides)


# what is no question


@pytest.mark.parametrize(
    ("line", "extents", "values", "words"),
    [
        ("asymmetric", (1, 1, 3, 3), {}, r"a size is not given: m \(width: middle channels\)"),
        ("asymmetric", (1, 1, 3, 3), {m: 0}, "must be a positive integer, not 0"),
        ("asymmetric", (1, 1, 3, 3), {m: 1.0}, "must be a positive integer, not 1.0"),
        ("grouped", (4, 6, 1, 1), {}, "a size is not given: G"),
        ("grouped", (4, 6, 1, 1), {G: 3}, "4 output channels, the family makes 3"),
        ("depthwise-asymmetric", (4, 2, 3, 3), {}, "makes 2 output channels, the kernel has 4"),
        ("depthwise", (5, 2, 3, 3), {}, "5 output channels, the family makes 2"),
        ("asymmetric", (1, 1, 3, 3), {m: 10**9}, "6000000000 weights at these sizes: too many"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(line, extents, values, words):
    kernel = Kernel(FULL, extents, [1] * (extents[0] * extents[1] * extents[2] * extents[3]))
    with pytest.raises(InputError, match=words) as error:
        decide(FAMILIES[line].family, kernel, values)
    assert "\n" not in str(error.value)


def test_a_kernel_has_outputs_inputs_and_taps_in_this_order():
    with pytest.raises(InputError, match="letters o, i and taps in order, not i, o, u, v"):
        decide(FAMILIES["standard"].family, Kernel((i, o, u, v), (1, 1, 1, 1), [1]), {})


def test_the_view_of_a_form_holds_left_out_taps_in_the_middle():
    kernel = Kernel((o, i, u, v), (1, 1, 3, 3), range(9))
    asked = form(FAMILIES["pointwise"].family, kernel, {})
    assert asked.view((o, i)).flat == (4,)
    assert asked.outside == (0, 0, 0, 1)


def test_every_family_of_the_catalogue_answers(entry):
    taps = entry.family.axes
    kernel = Kernel((o, i, *taps), (2, 2, *(3 for _ in taps)), range(4 * 3 ** len(taps)))
    sizes = dict.fromkeys((m, R, P, Q, C_c, T), 2) | {G: 2}
    verdict = checked(entry.family, kernel, sizes if entry.name == "depthwise" else {**sizes, M: 2})
    assert verdict.word in ("exact", "not exact", "undecided")
    assert (verdict.word == "undecided") == entry.name.startswith("cp")
