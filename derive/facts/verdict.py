"""Everything ``derive factor`` says of one kernel and one family, in the schema derive/factor/1.

The verdict with its proof is exact and has passed the separate checker; singular values, errors and
bounds are floating point and stand apart from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import Annotated

from sympy import Symbol

from derive.catalogue import Entry, FAMILIES
from derive.decide.bound import output_bound, truncation_bound, Windows
from derive.decide.cuts import CutRank, Cuts
from derive.decide.form import own_sizes
from derive.decide.hint import hint
from derive.decide.magnitude import Magnitude
from derive.decide.nearest import Approximation, Method, nearest, NoBest
from derive.decide.spectrum import CutSpectrum, Known, spectra
from derive.decide.verdict import decide, Verdict, Word
from derive.decide.width import enough, least, minimal, opened
from derive.facts.certificate import checked, ProofFacts, tensor
from derive.facts.cost import width_cost, WidthCost
from derive.facts.curve import curve, CurveFacts
from derive.facts.factors import ArrayFacts, TensorFacts
from derive.facts.pareto import ParetoFacts
from derive.facts.question import Question, SMALL
from derive.facts.record import As, printed, WITHIN
from derive.facts.represented import FamiliesFacts
from derive.facts.sizes import together
from derive.notation.family import Letters
from derive.notation.layer import Layer
from derive.notation.weights import Reading

ORDERS = ("asymmetric", "asymmetric-horizontal-first")
SHOWN = 12  # widths in the table of best approximations
ROUNDING = {"float16": 2.0**-11, "float32": 2.0**-24, "float64": 2.0**-53}
NEAR = 4  # roundings of an entry that count as the precision of a format


Size = float | str  # a float; a text where no float is so large or so small
Sizes = Mapping[Symbol, int]


@dataclass(frozen=True)
class OtherReading:
    """Options that would have read an array in another way: its axes then, and the kernel's."""

    options: str
    axes: str
    extents: tuple[int, ...]


@dataclass(frozen=True)
class StoredFacts:
    """The layout of an array, and what other options would have made of it."""

    layout: Annotated[str, printed()]
    axes: str
    extents: tuple[int, ...]
    groups: int
    transposed: bool
    otherwise: tuple[OtherReading, ...]


@dataclass(frozen=True)
class CutFacts:
    """A matrix of the kernel with its rank and what the family allows."""

    rows: Annotated[Letters, printed(rows=As.WORD)]
    columns: Annotated[Letters, printed(columns=As.WORD)]
    kept: Annotated[Letters, printed(kept=As.WORD)]
    rank: int
    bound: int


@dataclass(frozen=True)
class WidthFacts:
    """The least sizes at which a family represents the kernel, and what it costs then."""

    family: str
    minimal: Sizes | None
    cost: Annotated[WidthCost | None, WITHIN]


@dataclass(frozen=True)
class PracticalFacts:
    """Whether floats are of the form up to their rounding, and from which width on."""

    relative_error: float
    precision: float
    within: bool
    width: int | None


@dataclass(frozen=True)
class ApproximationFacts:
    """The least error at a width, and by how much the output moves at most."""

    width: int
    ratio: float
    relative_error: float
    output_error: Size | None


@dataclass(frozen=True)
class NearestFacts:
    """How near factors of these sizes come, whether none come nearer, and what the output may move.

    ``within`` says that the error is at most that many times the least, null if nothing is known
    of factors that are only found. The errors are those of the factors as they are stored, in the
    precision named. Of a large kernel the factors are there if they are asked for.
    """

    setting: Sizes
    relative_error: float
    optimal: bool
    within: float | None
    method: Method
    output_error: Size | None
    precision: str
    factors: tuple[ArrayFacts, ...] | None


@dataclass(frozen=True)
class NoNearestFacts:
    """Why there may be no nearest kernel of the form, and what none is nearer than."""

    reason: str
    at_least: float


@dataclass(frozen=True)
class HintFacts:
    """Simple fractions that round to the floating-point numbers given."""

    kernel: TensorFacts
    scale: Fraction
    denominator: int
    ulps: float
    ranks: tuple[int, ...]


@dataclass(frozen=True)
class VerdictFacts:
    """A verdict with its proof, and all else that is said of the kernel and the family."""

    proof: Annotated[ProofFacts, WITHIN]
    name: str
    family: str
    setting: Sizes
    floating: str | None
    layout: str | None
    stored: StoredFacts | None
    rank: int | None
    cuts: tuple[CutFacts, ...]
    minimal: Sizes | None
    bounds: Mapping[Symbol, tuple[int, int]] | None
    widths: tuple[WidthFacts, ...]
    singular_values: tuple[Size, ...] | tuple[tuple[Size, ...], ...]
    nearness: tuple[str, ...]
    relative_error: float
    practical: PracticalFacts | None
    approximations: tuple[ApproximationFacts, ...]
    nearest: NearestFacts | NoNearestFacts | None
    curve: Annotated[CurveFacts | None, WITHIN]
    hint: HintFacts | None
    pareto: Annotated[ParetoFacts | None, printed(pareto=As.PRESENT)] = None
    families: Annotated[FamiliesFacts | None, WITHIN] = None


def decided(question: Question) -> Verdict:
    """The verdict alone; InputError if the family does not fit the kernel."""
    return decide(question.entry.family, question.kernel, question.values)


def verdict_facts(
    question: Question, verdict: Verdict | None = None, known: Known | None = None
) -> VerdictFacts:
    """All that is said about a kernel and a family; ``verdict``, and the singular values ``known``,
    if they are there already.

    InputError if the family does not fit the kernel, CheckError if the proof does not hold.

    >>> from derive.algebra.kernel import Kernel
    >>> from derive.comparison import Choices
    >>> from derive.parse.layer import read_layer
    >>> sobel = Kernel.of([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
    >>> layer = read_layer(channels_in=1, channels_out=1)
    >>> ask = Question("sobel", sobel, FAMILIES["asymmetric"], layer, Choices())
    >>> facts = verdict_facts(ask)
    >>> str(facts.proof.claim.verdict), facts.rank, facts.minimal
    ('exact', 1, {m: 1})
    """
    verdict, known = verdict or decided(question), {} if known is None else known
    found, free = spectra(verdict.matrices, known), opened(verdict.form)
    path = curve(question, known)
    fewest, proof = least(free), checked(verdict)
    stored = stored_facts(question.reading)
    return VerdictFacts(
        proof=proof,
        name=question.name,
        family=question.entry.name,
        setting=question.setting,
        floating=question.floating,
        layout=stored.layout if stored else None,
        stored=stored,
        rank=max((cut.rank for cut in verdict.cuts), default=None),
        cuts=tuple(map(_matrix, verdict.cuts)),
        minimal=fewest,
        bounds=enough(free),
        widths=tuple(_widths(question, fewest)),
        singular_values=_values(found),
        nearness=tuple(each.words for each in found),
        relative_error=max((each.relative(each.bound) for each in found), default=0.0),
        practical=practical_facts(question, found),
        approximations=tuple(_approximations(question, verdict.matrices, found)),
        nearest=_nearest(question, verdict, found, proof.claim.einsum),
        curve=path.facts if path else None,
        hint=_hint(question, verdict.matrices),
    )


def stored_facts(reading: Reading | None) -> StoredFacts | None:
    """The layout of the array, and what other options would have made of it."""
    if reading is None:
        return None
    stored = reading.stored
    return StoredFacts(
        layout=stored.layout,
        axes=stored.words,
        extents=tuple(stored.shape),
        groups=stored.groups,
        transposed=stored.transposed,
        otherwise=tuple(
            OtherReading(options, other.words, tuple(other.extents))
            for options, other in reading.others
        ),
    )


def _matrix(own: CutRank) -> CutFacts:
    return CutFacts(own.cut.rows, own.cut.columns, own.cut.kept, own.rank, own.bound)


def _widths(question: Question, fewest: Sizes | None) -> Iterator[WidthFacts]:
    """The least sizes of the family, and for an asymmetric pair those of both its orders."""
    entry = question.entry
    for name in ORDERS if entry.name in ORDERS else (entry.name,):
        other = entry if name == entry.name else FAMILIES[name]
        own = fewest if other is entry else _minimal(question, other)
        own = None if own is None else together(own, question.layer.groups)
        yield WidthFacts(name, own, _cost(replace(question, entry=other), own))


def _minimal(question: Question, entry: Entry) -> Sizes | None:
    return minimal(entry.family, question.kernel, question.values)


def _cost(question: Question, fewest: Sizes | None) -> WidthCost | None:
    """What the family costs at its least sizes."""
    return None if fewest is None else width_cost(question, {**question.setting, **fewest})


def _number(size: Magnitude) -> Size:
    number = float(size)
    return number if isfinite(number) and bool(number) == bool(size) else f"{size:.6g}"


def _nearest(
    question: Question, verdict: Verdict, found: tuple[CutSpectrum, ...], einsum: str
) -> NearestFacts | NoNearestFacts | None:
    """The nearest factors at these sizes, if they are asked for; else None for a kernel that is
    exact, and for a large one its error alone, where one matrix says it."""
    if not question.near:
        if verdict.word is Word.EXACT:
            return None
        if len(question.kernel.flat) > SMALL and len(found) == 1:
            return _error_alone(question, verdict, found[0])
    whole, near = question.norm, nearest(verdict.matrices, found, search=question.near)
    if isinstance(near, NoBest):
        return NoNearestFacts(near.reason, near.least / whole if whole else 0.0)
    near = near.stored(question.precision)
    words = einsum.partition("->")[0].split(",")
    return NearestFacts(
        setting=question.setting,
        relative_error=near.difference.norm / whole if whole else 0.0,
        optimal=near.optimal,
        within=near.within,
        method=near.method,
        output_error=_number(_moved(question, near)),
        precision=question.precision,
        factors=_arrays(near, words) if question.near or near.finite else None,
    )


def _arrays(near: Approximation, words: list[str]) -> tuple[ArrayFacts, ...]:
    """The nearest factors in numbers; InputError if they are beyond float64."""
    return tuple(
        ArrayFacts(name, word, array.shape, tuple(array.ravel().tolist()))
        for word, (name, (_, array)) in zip(words, near.arrays.items(), strict=True)
    )


def _error_alone(question: Question, verdict: Verdict, only: CutSpectrum) -> NearestFacts:
    """What the singular values say of the nearest factors, without the factors."""
    layer = question.layer
    moved = truncation_bound(only, verdict.form, only.bound, _windows(layer), layer.transposed)
    return NearestFacts(
        setting=question.setting,
        relative_error=only.relative(only.bound),
        optimal=True,
        within=1.0,
        method=Method.TRUNCATION,
        output_error=None if moved is None else _number(moved),
        precision=question.precision,
        factors=None,
    )


def _moved(question: Question, near: Approximation) -> Magnitude:
    """The least of the bounds on what the output moves by, if the factors stand for the kernel."""
    layer = question.layer
    return output_bound(near.difference, _windows(layer), layer.transposed).value


def practical_facts(question: Question, found: tuple[CutSpectrum, ...]) -> PracticalFacts | None:
    """For floats: whether they are of the form up to their rounding, and from which width on."""
    unit = ROUNDING.get(question.floating or "")
    if unit is None or not found:
        return None
    error = max(each.relative(each.bound) for each in found)
    (only,) = found if len(found) == 1 else (None,)
    near = only.relatives.tolist() if only else []
    return PracticalFacts(
        relative_error=error,
        precision=NEAR * unit,
        within=error <= NEAR * unit,
        width=next((n for n, far in enumerate(near) if n and far <= NEAR * unit), None),
    )


def _values(
    found: tuple[CutSpectrum, ...],
) -> tuple[Size, ...] | tuple[tuple[Size, ...], ...]:
    """The singular values of the one deciding matrix, or of each; of the worst of its slices."""
    each = tuple(map(_worst, found))
    return each[0] if len(each) == 1 else each


def _worst(found: CutSpectrum) -> tuple[Size, ...]:
    """The values of the slice that is furthest from the rank allowed."""
    slices = found.slices.values()
    worst = max(slices, key=lambda each: (each.ratio(found.bound), each.largest))
    return tuple(map(_number, worst.values))


def _approximations(
    question: Question, cuts: Cuts, found: tuple[CutSpectrum, ...]
) -> Iterator[ApproximationFacts]:
    """For one deciding matrix: at each width the least error, and what it can do to the output."""
    if len(found) != 1:
        return
    (only,) = found
    for width in range(1, min(only.rank, SHOWN) + 1):
        moved = _moved_at(question, cuts, only, width)
        size = None if moved is None else _number(moved)
        yield ApproximationFacts(width, only.ratio(width), only.relative(width), size)


def _moved_at(question: Question, cuts: Cuts, only: CutSpectrum, width: int) -> Magnitude | None:
    """What the output moves by at most at a width: the least of the bounds for the difference
    itself, or for a large kernel at other widths than its own what the next singular value says."""
    layer = question.layer
    rough = truncation_bound(only, cuts.form, width, _windows(layer), layer.transposed)
    thin = cuts if width == only.bound else _at_width(question, cuts, only, width)
    if thin is None or (rough is not None and not rough):
        return rough
    near = nearest(thin, (only,))
    if not isinstance(near, Approximation):
        return rough
    moved = _moved(question, near)
    return moved if rough is None else min(moved, rough)


def _at_width(question: Question, cuts: Cuts, only: CutSpectrum, width: int) -> Cuts | None:
    """The form with its one bond of another size; None if no bond can have it, and for a large
    kernel."""
    asked = cuts.form
    bonds = own_sizes(asked.terms)
    if len(bonds) != 1 or len(question.kernel.flat) > SMALL:
        return None
    other = Cuts(replace(asked, values={**asked.values, bonds[0]: width}))
    return other if list(other.bounds.values()) == [width] else None


def _windows(layer: Layer) -> Windows:
    """Stride and dilation by tap."""
    return {
        tap: (int(axis.stride), int(axis.dilation))
        for tap, axis in zip(layer.taps, layer.axes, strict=True)
    }


def _hint(question: Question, cuts: Cuts) -> HintFacts | None:
    """Simple fractions that round to the floating-point numbers given."""
    if question.floating is None or len(question.kernel.flat) > SMALL:
        return None
    found = hint(cuts, question.floating)
    if found is None or found.kernel.flat == question.kernel.flat:
        return None
    names = {x: x.name for x in found.kernel.letters}
    shown = tensor(found.kernel, names)
    return HintFacts(shown, found.scale, found.denominator, float(found.ulps), found.ranks)
