"""Mutation control: one deliberate fault at a time, and the named check that must turn red."""

from dataclasses import replace

import pytest
from sympy import Integer

from derive import oracle
from derive.algebra import dimension, exactness, network
from derive.algebra.counting import Count, StageCount
from derive.algebra.exactness import Exactness
from derive.catalogue import FAMILIES
from derive.crosschecks import border_pixels as border_pixels_checks
from derive.crosschecks import break_even as break_even_checks
from derive.families import asymmetric
from derive.notation import axis, convolution, family
from derive.notation.axis import Axis, Transposed
from derive.notation.errors import InputError
from derive.notation.family import Branches, Family
from derive.notation.formula import evaluate, Formula, integers
from derive.notation.layer import Layer
from derive.notation.letters import Direction, letter
from tests import caches
from tests.brute import test_axis, test_counts, test_pipeline
from tests.mutation.faults.tools import (
    changed,
    DENSE,
    FORGOTTEN,
    one_way,
    plus_one,
    SWAPPED,
    wrapped,
)
from tests.oracle import counted, native_design
from tests.published import test_seed
from tests.strategies import WIDTHS
from tests.symbolic import test_dimension, test_exactness, test_formulas, test_notation
from tests.symbolic import test_misread_lines as misread
from tests.symbolic import test_questions as questions

UNEVEN = Layer(2, 4, (Axis(5, 3, 2, 1, 1, 2), Axis(3, 3, 1, 2, 2, 1)))
FAR = Layer(1, 1, (Axis(2, 3, before=4, after=4), Axis(3, 1)))  # some windows see no image
SCATTER = Layer(2, 2, (Transposed(2, 3, 2, 1, 1, 0, 1), Transposed(3, 3, 1, 2, 0, 2)))
PAIR = dict.fromkeys(WIDTHS, 2)


def counts(name, layer=UNEVEN):
    """Each run on a new layer: a layer remembers its sizes."""
    return lambda: test_counts.check(native_design(FAMILIES[name]), replace(layer), PAIR)


def transposed(name):
    return counts(name, SCATTER)


def built(name):
    return lambda: test_pipeline.check_built(native_design(FAMILIES[name]), UNEVEN)


def freedom(name, point="two"):
    return lambda: test_dimension.check_dimension(
        FAMILIES[name].family, test_dimension.POINTS[point]
    )


def cuts(name):
    return lambda: test_exactness.check_cuts(FAMILIES[name].family, test_exactness.ROOMY)


def form(name):
    points = [*test_axis.GRID[::11], *test_axis.SAME_SIZE]
    symbols = Axis(*test_axis.SYMBOLS)
    return lambda: test_axis.check_form(name, axis.in_bounds(symbols)[name], points)


def row(name):
    return lambda: test_seed.check_row(name)


def question(name):
    return lambda: questions.check(questions.loaded(), name)


def wasteful():
    for entry, order in test_pipeline.ORDERED[:20]:
        test_pipeline.test_wasteful_orders_are_reported(entry, order)


def unguarded(axis_, real=axis.in_bounds):
    return {name: Formula(formula.expr) for name, formula in real(axis_).items()}


def uncapped(bound, rows, columns, stride, dilation):
    return axis._unbounded(bound, columns, stride, dilation) if rows > 0 else 0


def read_after(direction, family, applied, scattered, real=convolution._read):
    """s y + d u + p for s y + d u - p."""
    shift = 2 * direction.before if applied and not scattered else Integer(0)
    return real(direction, family, applied, scattered) + shift


def doubled(factors, *rest, real=oracle.contract):
    return {index: 2 * value for index, value in real(factors, *rest).items()}


def without_gauge(net, clipped):
    numbers = range(len(net.nodes))
    return net.extent(net.kept) * sum(dimension._weights(net, n, clipped) for n in numbers)


def without_clipping(net):
    return {}


def half_the_rows(net, rows, bonds, real=network.Network._cut):
    cut = real(net, rows, bonds)
    return network.Cut(cut.kept, cut.rows, cut.columns, ())


def star_with_a_factor_apart(net):
    """The bond of a sum of outer products, though not every factor holds it."""
    alone = len(net.bonds) == 1 and not net.tangled and len(net.nodes) > 2
    return net.bonds[0] if alone else None


def any_single_factor(line):
    """A branch of one factor, whichever taps it lacks."""
    return next((f for _, f in line.branches if len(f.factors) == 1 and not f.shared), None)


def channels_not_compared(line):
    if any(f.axes != line.branches[0][1].axes for _, f in line.branches):
        raise InputError("branches differ in axes or channels")


def without_own_sizes(line, letters):
    """The sizes are those of the alphabet again."""
    gone = set(letters)
    factors = (f.base[tuple(x for x in f.indices if x not in gone)] for f in line.factors)
    return Family(*factors, axes=line.axes, sizes={letter("e"): 2})


def on_every_axis(line, real=Exactness.zeros.fget):
    """Nothing is said of taps that no factor holds."""
    return tuple(words for words in real(line) if "middle" not in words)


def applied_again(line, number, factor, applied, *rest, real=convolution._stage):
    """Every stage of a line without taps reads the middle tap, not only the first."""
    return real(line, number, factor, applied if line.taps else convolution.PLANE, *rest)


def fewer_ends(real, z3):
    """The claims that join several parts, without the last one."""
    for query in real(z3):
        parts = query.claim.children()
        yield replace(query, claim=z3.And(*parts[:-1])) if z3.is_and(query.claim) else query


# fault: (owner, attribute, replacement), then the check that must see it
MUTANTS = {
    "CP though a factor is apart": (
        (network.Network, "star", property(star_with_a_factor_apart)),
        misread.test_a_pair_and_a_factor_apart_are_no_sum_of_outer_products,
    ),
    "CP though a factor is apart: three on the bond": (
        (network.Network, "star", property(star_with_a_factor_apart)),
        misread.test_three_factors_on_a_bond_and_one_apart_have_no_criterion,
    ),
    "a break-even point that is only enough": (
        one_way(break_even_checks, "thresholds", back=True),
        question("break_even.thresholds"),
    ),
    "a border that one end may pass": (
        wrapped(border_pixels_checks, "how_many", fewer_ends),
        question("border_pixels.how_many"),
    ),
    "a branch of one factor is every kernel": (
        (exactness, "unrestricted", any_single_factor),
        lambda: misread.test_a_sum_is_every_kernel_if_and_only_if_it_fills_every_entry(
            "A[o,i,u] + B[o,i,v]", False
        ),
    ),
    "channels of branches are not compared": (
        (Branches, "__post_init__", channels_not_compared),
        misread.test_branches_agree_in_axes_and_channels,
    ),
    "a family taken 0 times": (
        (family, "_many", lambda times: Integer(times)),
        lambda: misread.test_a_family_is_taken_once_or_more(0),
    ),
    "without() forgets sizes": (
        (Family, "without", without_own_sizes),
        misread.test_without_keeps_the_sizes_of_the_letters_that_stay,
    ),
    "a tapless pair is every kernel": (
        (Exactness, "zeros", property(on_every_axis)),
        misread.test_a_pair_without_taps_reads_the_middle_once,
    ),
    "a tapless pair slides twice": (
        (convolution, "_stage", applied_again),
        misread.test_a_pair_without_taps_reads_the_middle_once,
    ),
    "a missing tap is not said": (
        (Exactness, "zeros", property(on_every_axis)),
        misread.test_one_tap_left_out_is_read_at_its_middle_and_the_other_is_not,
    ),
    "one tap more: the loops": (
        changed(Axis, "pairs", plus_one),
        lambda: test_axis.check_axis((5, 3, 2, 1, 1, 2)),
    ),
    "one tap more: the counts": (changed(Axis, "pairs", plus_one), counts("standard")),
    "one tap more: the published row": (changed(Axis, "pairs", plus_one), row("standard 3x3")),
    "one window more": (
        changed(Axis, "output", plus_one),
        lambda: test_axis.check_axis((5, 3, 2, 1, 1, 2)),
    ),
    "output not clipped": (
        (Axis, "output", property(lambda self: axis.floor(self.room / self.stride) + 1)),
        test_axis.test_the_output_size_is_clipped_at_zero,
    ),
    "slack 0": (
        changed(Axis, "slack", lambda *_: Integer(0)),
        test_axis.test_the_slack_is_needed,
    ),
    "slack 0: the loops": (
        changed(Axis, "slack", lambda *_: Integer(0)),
        test_axis.test_axis_on_a_grid,
    ),
    "no cap at the number of windows": (
        (axis, "points_below", uncapped),
        test_axis.test_the_cap_at_the_number_of_windows_is_needed_exactly_when_a_side_has_more_than_all,
    ),
    "no cap: the loops": (
        (axis, "points_below", uncapped),
        lambda: test_axis.check_axis((1, 5, 1, 1, 2, 2)),
    ),
    "centre one tap later: the loops": (
        (Axis, "centre", property(lambda self: axis.seen(self, (self.kernel + 1) // 2))),
        lambda: test_axis.check_axis((5, 3, 2, 1, 1, 2)),
    ),
    "centre one tap later: the built sum": (
        (Direction, "middle", property(lambda self: (self.kernel + 1) / 2)),
        built("pointwise"),
    ),
    "every output reached": (
        (Axis, "reached", property(lambda self: int(self.output))),
        counts("standard", FAR),
    ),
    "floor sum one short": (
        (axis, "floor_sum", lambda n, m, a, b: sum((a * x + b) // m for x in range(n - 1))),
        test_axis.test_axis_on_a_grid,
    ),
    "same without its guard": ((axis, "in_bounds", unguarded), form("same")),
    "unpadded without its guard": ((axis, "in_bounds", unguarded), form("unpadded")),
    "stride divides dilation, unguarded": (
        (axis, "in_bounds", unguarded),
        form("stride divides dilation"),
    ),
    "dilation divides stride, unguarded": (
        (axis, "in_bounds", unguarded),
        form("dilation divides stride"),
    ),
    "too many missed, by taps": (
        wrapped(axis, "missed_by_taps", lambda real, *at: 2 * real(*at)),
        form("stride divides dilation"),
    ),
    "too many missed, by windows": (
        wrapped(axis, "missed_by_windows", lambda real, *at: 2 * real(*at)),
        form("dilation divides stride"),
    ),
    "guards not looked at": (
        (Formula, "at", lambda self, values: evaluate(self.expr, integers(values, self.symbols))),
        lambda: test_axis.test_outside_its_guard_a_form_is_refused_and_would_be_wrong(
            *test_axis.OUTSIDE[0]
        ),
    ),
    "no two taps of a transposed axis meet": (
        (Transposed, "written", property(lambda self: int(self.size * self.kernel))),
        lambda: test_axis.check_transposed(Transposed(3, 3, 2)),
    ),
    "no two taps meet: the counts": (
        (Transposed, "written", property(lambda self: int(self.size * self.kernel))),
        transposed("asymmetric"),
    ),
    "D additions for D products": (
        (StageCount, "additions", property(lambda self: self.products)),
        counts("standard"),
    ),
    "D additions: the published row": (
        (StageCount, "additions", property(lambda self: self.products)),
        row("asymmetric m = 3"),
    ),
    "a bias adds nothing": (
        (StageCount, "bias_additions", property(lambda self: Integer(0))),
        row("depthwise separable"),
    ),
    "a bias on inputs": (changed(StageCount, "biases", plus_one), counts("cp")),
    "branches are free to add": (
        (Count, "activations", property(lambda self: self._sum("outputs"))),
        counts("acnet-block"),
    ),
    "padding counted as image": (
        (StageCount, "products_in_bounds", property(lambda self: self.products)),
        counts("flattened"),
    ),
    "the wrong side of the padding": ((convolution, "_read", read_after), built("asymmetric")),
    "the wrong side, standard": ((convolution, "_read", read_after), built("standard")),
    "the oracle one pixel off": (
        (oracle.Axis, "at", lambda self, y, u: self.stride * y + self.dilation * u),
        built("standard"),
    ),
    "the oracle with a factor twice as large": (
        (oracle, "contract", doubled),
        lambda: test_pipeline.check_pipeline(native_design(FAMILIES["cp"]), UNEVEN, PAIR),
    ),
    "no order is wasteful": ((Family, "waste", ()), wasteful),
    "no basis change at a bond": (
        (dimension, "forest_dimension", without_gauge),
        freedom("asymmetric"),
    ),
    "no scale between parts": (
        (dimension, "forest_dimension", without_gauge),
        freedom("flattened"),
    ),
    "no clipping": ((dimension, "_fixpoint", without_clipping), freedom("tucker-2", "clipped")),
    "no clipping of a pair": (
        (dimension, "_fixpoint", without_clipping),
        freedom("asymmetric", "clipped"),
    ),
    "every bond of size 1": ((network.Network, "_cut", half_the_rows), cuts("tensor-train")),
    "every family universal": (
        (Exactness, "universal", True),
        lambda: (
            test_exactness.test_universal_families_have_every_degree_of_freedom_and_decided_others_have_not(
                FAMILIES["asymmetric"]
            )
        ),
    ),
    "taps swapped: the condition": (
        (asymmetric, "family", SWAPPED),
        lambda: test_exactness.check_expected("asymmetric"),
    ),
    "taps swapped: the form": (
        (asymmetric, "family", SWAPPED),
        lambda: test_notation.check_forms("asymmetric"),
    ),
    "taps swapped: the golden text": (
        (asymmetric, "family", SWAPPED),
        lambda: test_formulas.check_golden(FAMILIES["asymmetric"]),
    ),
    "middle channel forgotten: the published row": (
        (asymmetric, "family", FORGOTTEN),
        row("asymmetric m = 3"),
    ),
    "middle channel forgotten: the condition": (
        (asymmetric, "family", FORGOTTEN),
        lambda: test_exactness.check_expected("asymmetric"),
    ),
    "both taps first: the published row": (
        (asymmetric, "family", DENSE),
        row("asymmetric m = 8"),
    ),
}


def forget():
    caches.forget()
    for ours in (counted, test_counts.both):
        ours.cache_clear()


@pytest.fixture(autouse=True)
def _fresh():
    forget()
    yield
    forget()


@pytest.mark.parametrize("fault", MUTANTS)
def test_a_fault_is_seen_by_the_check_that_is_named_for_it(fault, monkeypatch):
    (owner, name, replacement), check = MUTANTS[fault]
    check()
    monkeypatch.setattr(owner, name, replacement)
    forget()
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check()
