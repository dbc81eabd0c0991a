"""Mutation control of the proofs: one deliberate fault, and the sentence that must turn red."""

import pytest
from sympy import IndexedBase, Integer, Max

from derive import brute, catalogue
from derive.algebra import factorize, network, normal_form
from derive.algebra.counting import Count, StageCount
from derive.algebra.kernel import Kernel
from derive.families import (
    asymmetric,
    asymmetric_horizontal_first,
    blueprint_separable,
    cp,
    depthwise,
    depthwise_separable,
    flattened,
    grouped_asymmetric,
    network_decoupling,
    standard,
    tensor_train,
)
from derive.notation import axis, convolution
from derive.notation.axis import Axis, Geometry, Transposed
from derive.notation.family import Family
from derive.notation.formula import Formula
from derive.notation.letters import a, c, g, HEIGHT, i, j, l, o, p, q, r, T, u, v
from derive.proof.evidence import Query, Status
from derive.proof.run import Session
from derive.second import border_pixels as second_border_pixels
from derive.second import in_bounds_taps as second_in_bounds_taps
from derive.second import no_holes as second_no_holes
from derive.second import rank_one as second_rank_one
from derive.second import visibility as second_visibility
from derive.theorems import (
    border_pixels,
    depthwise_multiplier,
    in_bounds_taps,
    intersections,
    no_holes,
    order_gap,
    trees_and_cp,
    two_factor,
    visibility,
)
from tests.mutation.test_mutation import changed, DENSE, FORGOTTEN, plus_one, SWAPPED
from tests.proofs import verdicts

A, B, C, D, F, P, S, W = map(IndexedBase, "ABCDFPSW")
BACKWARDS = Family(B[o, j, v], A[j, i, u])
POINTWISE_FIRST = Family(P[o, i, l], D[i, l, u, v])


def instead(read):
    """A property worked out in another way."""
    return property(read)


def without_nu(count):
    return count._sum("reads", "weights", "outputs", joins=3)


def weakened(question, name):
    """A question for z3 without one of its assumptions."""

    def asked(z3):
        for query in question(z3):
            rest = {key: value for key, value in query.assume.items() if key != name}
            yield type(query)(rest, query.claim, [x for x in query.dropped if x != name])

    return asked


def without(name):
    """Queries made without one of their assumptions."""

    def made(assume, claim, dropped):
        rest = {key: value for key, value in assume.items() if key != name}
        return Query(rest, claim, [x for x in dropped if x != name])

    return made


def changed_call(function, change):
    """A function of a family whose several values are changed."""
    return lambda family: tuple(map(change, function(family)))


def _without_dilation(place):
    return place.xreplace({HEIGHT.dilation: Integer(0)})


def _longer_stride(place):
    return place.xreplace({HEIGHT.stride: HEIGHT.stride + 1})


def one_window_less(z3, N, room, s):
    floor = second_visibility.floor
    return z3.Or(floor(N, room, s) & (room >= 0), (N == 0) & (room < 0))


def doubled_rows(rows, real=factorize.rank_factors):
    left, right = real(rows)
    return left, [[2 * x for x in row] for row in right]


def one_row_more(index, extent, real=convolution.Within):
    return real(index, extent + 1)


def all_brackets(term, free, supports):
    return term


# fault: (owner, attribute, replacement), theorem, what the sentence contains that must turn red
MUTANTS = {
    "taps of the asymmetric pair swapped": (
        (asymmetric, "family", SWAPPED),
        ("asymmetric-rank", "the contraction is a matrix product"),
    ),
    "taps swapped: the gap": (
        (asymmetric, "family", SWAPPED),
        ("order-gap", "it pulls both pairs apart"),
    ),
    "middle channel forgotten": (
        (asymmetric, "family", FORGOTTEN),
        ("asymmetric-rank", "the pair \\(m(\\alpha + \\beta)\\) weights"),
    ),
    "a bracket one row too long": (
        (convolution, "Within", one_row_more),
        ("pipeline", "Asymmetric convolution, vertical first"),
    ),
    "a bracket one row too long, in every order": (
        (convolution, "Within", one_row_more),
        ("pipeline", "Taken in any other order"),
    ),
    "no bracket is implied by its range": (
        (normal_form, "_relevant", all_brackets),
        ("pipeline", "Tensor-train convolution"),
    ),
    "one weight more": (
        changed(StageCount, "weights", plus_one),
        ("asymmetric-rank", "weights more than the kernel has entries"),
    ),
    "a minor that does not vanish": (
        (second_rank_one, "pivot_form", weakened(second_rank_one.pivot_form, "the minors vanish")),
        ("rank-one", "A second prover says the same"),
    ),
    "a pivot of zero": (
        (
            second_rank_one,
            "pivot_form",
            weakened(second_rank_one.pivot_form, "the pivot is not zero"),
        ),
        ("rank-one", "A second prover says the same"),
    ),
    "another kernel for the gap": (
        (order_gap, "gap_kernel", lambda **sizes: Kernel.of([[[[1]]]])),
        ("order-gap", "Exact ranks of that kernel"),
    ),
    "additions as many as products": (
        (StageCount, "additions", instead(lambda s: s.products)),
        ("operation-count", "The first product begins a sum"),
    ),
    "a multiplication too many": (
        (StageCount, "multiplications", instead(lambda s: s.products * len(s.factors))),
        ("operation-count", "A stage forms one product"),
    ),
    "a bias for every channel only": (
        (StageCount, "bias_additions", instead(lambda s: s.biases)),
        ("operation-count", "The bias is one more addition"),
    ),
    "padding counted as image": (
        (StageCount, "products_in_bounds", instead(lambda s: s.products)),
        ("operation-count", "Hence the MACs"),
    ),
    "no letter ends before the last stage": (
        (
            Family,
            "states",
            instead(lambda f: (f.inputs,) * len(f.factors) + (f.outputs,)),
        ),
        ("operation-count", "A stage forms one product"),
    ),
    "the pair run backwards": (
        (asymmetric, "family", BACKWARDS),
        ("break-even", "The column filter runs on"),
    ),
    "the pair swapped": ((asymmetric, "family", SWAPPED), ("break-even", "The pair saves")),
    "pointwise before depthwise": (
        (depthwise_separable, "family", POINTWISE_FIRST),
        ("break-even", "Both stages write at all"),
    ),
    "a tap moved to the pointwise stage": (
        (depthwise_separable, "family", Family(D[i, l, u], P[o, i, l, v])),
        ("break-even", "For a rectangular kernel only"),
    ),
    "no tap misses the image": (
        (Axis, "misses", lambda self, bound, windows, kernel: 0),
        ("break-even", "give the table"),
    ),
    "as much read as written": (
        (StageCount, "reads", instead(lambda s: s.outputs)),
        ("arithmetic-intensity", "The layer reads"),
    ),
    "numbers of one byte": (
        (Count, "bytes", instead(without_nu)),
        ("arithmetic-intensity", "Divide twice the MACs"),
    ),
    "the intensity with bias throughout": (
        (
            Count,
            "intensity",
            instead(lambda count: Formula(count.flops_with_bias.expr / count.bytes.expr)),
        ),
        ("arithmetic-intensity", "Without one there is an addition less"),
    ),
    "a depthwise layer that mixes channels": (
        (depthwise, "family", Family(D[o, i, u, v])),
        ("arithmetic-intensity", "the number of channels cancels"),
    ),
    "both taps in the first filter": (
        (asymmetric, "family", DENSE),
        ("arithmetic-intensity", "Each stage has"),
    ),
    "the pair run backwards, strided": (
        (asymmetric, "family", BACKWARDS),
        ("stride-saving", "The filters write"),
    ),
    "both taps in the first filter, row first": (
        (asymmetric_horizontal_first, "family", DENSE),
        ("stride-saving", "of the parameters"),
    ),
    "one pixel of room more": (
        changed(Axis, "room", plus_one),
        ("stride-saving", "the first window of"),
    ),
    "a product for every output only": (
        (StageCount, "products", instead(lambda s: s.outputs)),
        ("stride-saving", "The products of a stage"),
    ),
    "output padding forgotten": (
        (
            Transposed,
            "output",
            instead(lambda x: Max(0, (x.size - 1) * x.stride + x.span - x.before - x.after)),
        ),
        ("transposed-grouped-strided", "The first window of the convolution"),
    ),
    "a span of one dilation more": (
        (Geometry, "span", instead(lambda x: x.dilation * x.kernel)),
        ("transposed-grouped-strided", "The first pixel and tap"),
    ),
    "transposed without its padding": (
        (
            convolution,
            "_write",
            lambda d, f: d.stride * d.position + d.dilation * convolution._tap(d, f),
        ),
        ("transposed-grouped-strided", "Pixel \\(a\\) and tap"),
    ),
    "the second filter not grouped": (
        (
            grouped_asymmetric,
            "family",
            Family(A[g, c, a, u], B[o, g, c, v], inputs=(g, a)),
        ),
        ("transposed-grouped-strided", "by the matrices with rows"),
    ),
    "landing pairs counted as all": (
        (StageCount, "products_in_bounds", instead(lambda s: s.products)),
        ("transposed-grouped-strided", "Those that land between"),
    ),
    "rows that every tap reads": (
        (visibility, "places", changed_call(visibility.places, _without_dilation)),
        ("visibility", "never read the same pixel"),
    ),
    "an impulse at every pixel": (
        (visibility, "KroneckerDelta", lambda *_: Integer(1)),
        ("visibility", "Let an image be 1 at the pixel"),
    ),
    "one pixel of room more: the inequality": (
        changed(Axis, "room", plus_one),
        ("visibility", "the second inequality is"),
    ),
    "windows not counted from one": (
        (second_visibility, "windows", one_window_less),
        ("visibility", "Given that and"),
    ),
    "the oracle one pixel on": (
        (
            brute.Axis,
            "at",
            lambda self, y, u: self.stride * y + self.dilation * u - self.before + 1,
        ),
        ("visibility", "Windows and taps, looked at one by one"),
    ),
    "slack 0": (
        (Axis, "slack", instead(lambda axis: 0 * axis.room)),
        ("in-bounds-taps", "s(N - 1) = L - r"),
    ),
    "the next tap": (
        (in_bounds_taps, "seen", lambda axis, tap, f=in_bounds_taps.seen: f(axis, tap + 1)),
        ("in-bounds-taps", "What remains is"),
    ),
    "too many missed, by taps": (
        (
            in_bounds_taps,
            "missed_by_taps",
            lambda axis, bound, f=in_bounds_taps.missed_by_taps: f(axis, bound) + axis.dilation,
        ),
        ("in-bounds-taps", "the stride is now 1"),
    ),
    "too many missed, by windows": (
        (
            in_bounds_taps,
            "missed_by_windows",
            lambda axis, bound, f=in_bounds_taps.missed_by_windows: f(axis, bound) + axis.stride,
        ),
        ("in-bounds-taps", "The first \\(Y_k\\) rows give"),
    ),
    "misses capped at none": (
        (second_in_bounds_taps, "positive", lambda z3, x: x),
        ("in-bounds-taps", "Of each term"),
    ),
    "a floor sum with a term too many": (
        (axis, "floor_sum", lambda n, m, a, b: sum((a * x + b) // m for x in range(n + 1))),
        ("in-bounds-taps", "The first layer of ResNet"),
    ),
    "slack 0: the border": (
        (Axis, "slack", instead(lambda axis: 0 * axis.room)),
        ("border-pixels", "The first tap reads before"),
    ),
    "windows one pixel on": (
        (border_pixels, "places", changed_call(border_pixels.places, lambda place: place + 1)),
        ("border-pixels", "The first tap reads before"),
    ),
    "a ceiling that rounds down": (
        (second_border_pixels, "ceiling", lambda q, of, by: (by * q <= of) & (of < by * (q + 1))),
        ("border-pixels", "therefore lies on the image"),
    ),
    "a larger stride": (
        (no_holes, "places", changed_call(no_holes.places, _longer_stride)),
        ("no-holes", "Let the layers below read"),
    ),
    "dilations without the strides below": (
        (no_holes, "effective", lambda stack: [(d, k) for k, d, _ in stack]),
        ("no-holes", "Going back from one output"),
    ),
    "layers not sorted": (
        (no_holes, "inequalities", lambda d, in_order=False, f=no_holes.inequalities: f(d, True)),
        ("no-holes", "Going back from one output"),
    ),
    "layers of a single tap": (
        (second_no_holes, "Query", without("two taps")),
        ("no-holes", "no choice of taps gives"),
    ),
    "the pair swapped: the form": (
        (asymmetric, "family", SWAPPED),
        ("two-factor", "So \\(K\\) is of this form"),
    ),
    "a copy that is not mixed": (
        (depthwise_separable, "family", Family(D[i, l, u, v], P[o, l])),
        ("two-factor", "So \\(K\\) is of this form"),
    ),
    "the near side of a bond": (
        (network, "_side", lambda net, bond: frozenset([min(bond.nodes)])),
        ("two-factor", "So \\(K\\) is of this form"),
    ),
    "every kernel passes": (
        (two_factor, "passes", lambda *a, **k: True),
        ("two-factor", "Over a finite field"),
    ),
    "factors twice as large": (
        (factorize, "rank_factors", doubled_rows),
        ("two-factor", "For integer kernels"),
    ),
    "a depthwise filter that forgets its channel": (
        (depthwise_separable, "family", Family(D[l, u, v], P[o, i, l])),
        ("depthwise-multiplier", "The depthwise and the pointwise"),
    ),
    "a blueprint of inputs": (
        (blueprint_separable, "family", Family(P[o, i], D[i, u, v])),
        ("depthwise-multiplier", "In the blueprint layer"),
    ),
    "terms of blueprints": (
        (network_decoupling, "family", T * Family(D[o, u, v], P[o, i])),
        ("depthwise-multiplier", "Side by side"),
    ),
    "a standard layer of two factors": (
        (standard, "family", Family(W[o, u, v], P[o, i])),
        ("depthwise-multiplier", "At these sizes"),
    ),
    "a delta that is always 1": (
        (depthwise_multiplier, "KroneckerDelta", lambda x, y: Integer(1)),
        ("depthwise-multiplier", "With \\(M = C_{\\mathrm{out}}\\)"),
    ),
    "taps of the train swapped": (
        (tensor_train, "family", Family(A[q, i], B[r, q, v], C[p, r, u], F[o, p])),
        ("trees-and-cp", "Read off the letters"),
    ),
    "a flattened row of inputs": (
        (flattened, "family", Family(P[o, i], A[o, u], B[i, v])),
        ("trees-and-cp", "For fixed values"),
    ),
    "a last factor without its bond": (
        (cp, "family", Family(S[r, i], A[r, u], B[r, v], F[o, i])),
        ("trees-and-cp", "Divide the four factors"),
    ),
    "another kernel for W": (
        (
            trees_and_cp,
            "three_ones",
            lambda: Kernel.by(lambda o, i, u, v: int(u == v), o=1, i=2, u=2, v=2),
        ),
        ("trees-and-cp", "For \\(\\mathcal{W}\\)"),
    ),
    "the other companion": (
        (trees_and_cp, "companion", lambda s, real=trees_and_cp.companion: real(-s)),
        ("trees-and-cp", "Let \\(K_0\\) be the identity"),
    ),
    "factors twice as large: trees": (
        (factorize, "rank_factors", doubled_rows),
        ("trees-and-cp", "For integer kernels"),
    ),
    "a depthwise filter of outputs": (
        (depthwise_separable, "family", Family(D[o, l, u, v], P[o, i, l])),
        ("intersections", "Without multiplier"),
    ),
    "a flattened row of inputs: inclusions": (
        (flattened, "family", Family(P[o, i], A[o, u], B[i, v])),
        ("intersections", "Flattened in blueprint"),
    ),
    "a blueprint of inputs: intersections": (
        (blueprint_separable, "family", Family(P[o, i], D[i, u, v])),
        ("intersections", "Depthwise separable means"),
    ),
    "both orders one": (
        (intersections, "transposed", lambda family: family),
        ("intersections", "For all weights of zeros and ones"),
    ),
    "every kernel in both": (
        (intersections, "equal", lambda one, other: lambda *at: 1),
        ("intersections", "One input, two outputs"),
    ),
}


def forget():
    catalogue._entry.cache_clear()


@pytest.fixture(autouse=True)
def _fresh():
    forget()
    yield
    forget()


def outcomes(verdict, words):
    """The sentences of a verdict that contain the words."""
    return [o for o in verdict.outcomes if words in o.sentence]


@pytest.mark.parametrize("fault", MUTANTS)
def test_a_fault_turns_the_named_sentence_red(fault, monkeypatch):
    (owner, name, replacement), (theorem, words) = MUTANTS[fault]
    sound = outcomes(verdicts()[theorem], words)
    assert sound, f"{theorem} has no sentence with {words!r}"
    assert all(o.status != Status.FAILED for o in sound)
    monkeypatch.setattr(owner, name, replacement)
    forget()
    verdict = Session().verdict(theorem)
    assert verdict.status == Status.FAILED
    assert any(o.status == Status.FAILED for o in outcomes(verdict, words))


def test_the_table_covers_every_theorem():
    assert {theorem for _, (theorem, _) in MUTANTS.values()} == set(verdicts())
