"""Everything ``derive factor`` says of one kernel and one family, as plain data: derive/factor/1.

The verdict with its proof is exact and has passed the separate checker; singular values, errors and
bounds are floating point and stand apart from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import Any

from sympy import Symbol

from derive.algebra.kernel import Kernel
from derive.algebra.network import Cut
from derive.catalogue import Entry, FAMILIES
from derive.decide.approximate import approximate, Approximation, NoBest
from derive.decide.bound import output_bound, truncation_bound, Windows
from derive.decide.cuts import Cuts
from derive.decide.difference import exactly
from derive.decide.document import document, tensor
from derive.decide.form import Form, form, own_sizes
from derive.decide.hint import hint
from derive.decide.magnitude import Magnitude
from derive.decide.spectrum import CutSpectrum, spectra
from derive.decide.verdict import decide, Verdict
from derive.decide.width import bounds, minimal
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.notation.letters import C_a, C_b, C_c, G, g, m
from derive.notation.weights import Reading
from derive.rows import Choices, Row

ORDERS = ("asymmetric", "asymmetric-horizontal-first")
SHOWN = 12  # widths in the table of best approximations
SMALL = 4096  # entries of a kernel whose best approximations are all worked out
ROUNDING = {"float16": 2.0**-11, "float32": 2.0**-24, "float64": 2.0**-53}
NEAR = 4  # roundings of an entry that count as the precision of a format


@dataclass(frozen=True)
class Question:
    """A kernel, the family it may be of, the family's sizes, and the layer it stands in.

    ``floating`` is the format of the entries, such as float32, None if they are exact; ``reading``
    says how the array was stored, None for a kernel that was never an array of weights.
    """

    name: str
    kernel: Kernel
    entry: Entry
    layer: Layer
    choices: Choices
    floating: str | None = None
    reading: Reading | None = None

    @property
    def setting(self) -> dict[Symbol, int]:
        """The sizes of the family's bonds: those chosen, or the usual ones.

        Raises InputError if the family has no form on the axes of the kernel.
        """
        line = self.entry.family.on(self.layer.taps)
        if line is None:
            axes = len(self.layer.taps)
            word = "axis" if axes == 1 else "axes"
            raise InputError(f"{self.entry.name} has no form on a kernel of {axes} {word}")
        setting = next(self.choices.settings(line, self.layer))
        if C_c in setting and setting[m] % self.layer.groups:
            groups = self.layer.groups
            raise InputError(f"width {setting[m]} is no multiple of the {groups} groups")
        return setting

    @property
    def values(self) -> dict[Symbol, int]:
        """All sizes that a form may ask for."""
        blocks = {symbol: self.layer.values[symbol] for symbol in (G, C_a, C_b)}
        return {**(blocks if g in self.entry.family.inputs else {}), **self.setting}


def report(question: Question) -> tuple[Verdict, dict[str, Any]]:
    """The verdict, and all that is said about it; CheckError if its proof does not hold.

    >>> from derive.read.layer import read_layer
    >>> sobel = Kernel.of([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
    >>> layer = read_layer(channels_in=1, channels_out=1)
    >>> ask = Question("sobel", sobel, FAMILIES["asymmetric"], layer, Choices())
    >>> said = report(ask)[1]
    >>> said["verdict"], said["rank"], said["minimal"]
    ('exact', 1, {'m': 1})
    """
    line, kernel = question.entry.family, question.kernel
    verdict = decide(line, kernel, question.values)
    proved = document(verdict)
    asked = form(line, kernel, question.values)
    cuts = Cuts(asked)
    found = spectra(cuts)
    least = minimal(line, kernel, question.values)
    return verdict, {
        **proved,
        **_factors(asked, proved),
        "name": question.name,
        "family": question.entry.name,
        "setting": {symbol.name: n for symbol, n in question.setting.items()},
        "floating": question.floating,
        **_stored(question.reading),
        "rank": max((cut.rank for cut in verdict.cuts), default=None),
        "cuts": [_matrix(own.cut, own.rank, own.bound) for own in verdict.cuts],
        "minimal": _named(least),
        "bounds": _bounds(question),
        "widths": [_width(question, name) for name in _orders(question.entry)],
        "singular_values": _values(found),
        "nearness": [each.words for each in found],
        "relative_error": max((each.relative(each.bound) for each in found), default=0.0),
        "practical": _practical(question, found),
        "approximations": list(_approximations(question, cuts, found)),
        "nearest": None if verdict.word == "exact" else _nearest(question, cuts, found),
        "hint": _hint(question, cuts),
    }


def _factors(asked: Form, proved: dict[str, Any]) -> dict[str, Any]:
    """The factors with the names they have in the family."""
    if "factors" not in proved:
        return {}
    names = [str(factor.base) for term in asked.terms for factor in term.factors]
    pairs = zip(names, proved["factors"], strict=True)
    return {"factors": [{"name": name, **factor} for name, factor in pairs]}


def _stored(reading: Reading | None) -> dict[str, Any]:
    """The layout of the array, and what other options would have made of it."""
    if reading is None:
        return {"layout": None, "stored": None}
    stored, others = reading.stored, reading.others
    return {
        "layout": stored.layout,
        "stored": {
            "axes": stored.words,
            "extents": list(stored.shape),
            "groups": stored.groups,
            "transposed": stored.transposed,
            "otherwise": [
                {"options": options, "axes": other.words, "extents": list(other.extents)}
                for options, other in others
            ],
        },
    }


def _matrix(cut: Cut, rank: int, bound: int) -> dict[str, Any]:
    """A matrix of the kernel with its rank and what the family allows."""
    letters = {"rows": cut.rows, "columns": cut.columns, "kept": cut.kept}
    named = {side: "".join(map(str, group)) for side, group in letters.items()}
    return {**named, "rank": rank, "bound": bound}


def _named(sizes: dict[Symbol, int] | None) -> dict[str, int] | None:
    return None if sizes is None else {symbol.name: n for symbol, n in sizes.items()}


def _bounds(question: Question) -> dict[str, list[int]] | None:
    """For a sum of outer products: so many are needed, and so many are enough."""
    found = bounds(question.entry.family, question.kernel, question.values)
    return None if found is None else {symbol.name: [*pair] for symbol, pair in found.items()}


def _orders(entry: Entry) -> tuple[str, ...]:
    """The families whose least widths are put side by side: both orders of an asymmetric pair."""
    return ORDERS if entry.name in ORDERS else (entry.name,)


def _width(question: Question, name: str) -> dict[str, Any]:
    """The least sizes at which a family spells the kernel, what it costs then, what it saves."""
    entry = FAMILIES.get(name, question.entry)
    least = minimal(entry.family, question.kernel, question.values)
    if least is None:
        return {"family": name, "minimal": None}
    line, standard = entry.family.on(question.layer.taps), FAMILIES["standard"]
    full = standard.family.on(question.layer.taps)
    assert line is not None
    assert full is not None
    setting = {**question.setting, **least}
    row = Row(entry, line, question.layer, tuple(setting.items()))
    dense = Row(standard, full, question.layer, ())
    costs = {key: row.number(key) for key in ("parameters", "macs")}
    ratio = {key: Fraction(cost, dense.number(key)) for key, cost in costs.items()}
    return {
        "family": name,
        "minimal": _named(least),
        **costs,
        "ratio": {key: str(share) for key, share in ratio.items()},
        "saves": {key: share < 1 for key, share in ratio.items()},
    }


def _number(size: Magnitude) -> float | str:
    """A float; a text where no float is so large or so small."""
    number = float(size)
    return number if isfinite(number) and bool(number) == bool(size) else f"{size:.6g}"


def _nearest(question: Question, cuts: Cuts, found: tuple[CutSpectrum, ...]) -> dict[str, Any]:
    """How near factors in float64 come, whether none come nearer, and what the output may move."""
    whole, near = exactly(question.kernel).norm, approximate(cuts, found)
    if isinstance(near, NoBest):
        return {"reason": near.reason, "at_least": near.least / whole if whole else 0.0}
    return {
        "relative_error": near.difference.norm / whole,
        "optimal": near.optimal,
        "within": near.within,
        "output_error": _number(_moved(question, near)),
    }


def _moved(question: Question, near: Approximation) -> Magnitude:
    """The least of the bounds on what the output moves by, if the factors stand for the kernel."""
    layer = question.layer
    return output_bound(near.difference, _windows(layer), layer.transposed).value


def _practical(question: Question, found: tuple[CutSpectrum, ...]) -> dict[str, Any] | None:
    """For floats: whether they are of the form up to their rounding, and from which width on."""
    unit = ROUNDING.get(question.floating or "")
    if unit is None or not found:
        return None
    error = max(each.relative(each.bound) for each in found)
    (only,) = found if len(found) == 1 else (None,)
    widths = range(1, only.rank + 1) if only else ()
    return {
        "relative_error": error,
        "precision": NEAR * unit,
        "within": error <= NEAR * unit,
        "width": next((n for n in widths if only and only.relative(n) <= NEAR * unit), None),
    }


def _values(found: tuple[CutSpectrum, ...]) -> list[float | str] | list[list[float | str]]:
    """The singular values of the one deciding matrix, or of each; of the worst of its slices."""
    lists = [_worst(each) for each in found]
    return lists[0] if len(lists) == 1 else lists


def _worst(found: CutSpectrum) -> list[float | str]:
    """The values of the slice that is furthest from the rank allowed."""
    slices = found.slices.values()
    worst = max(slices, key=lambda each: (each.ratio(found.bound), each.largest))
    return [_number(value) for value in worst.values]


def _approximations(
    question: Question, cuts: Cuts, found: tuple[CutSpectrum, ...]
) -> Iterator[dict[str, Any]]:
    """For one deciding matrix: at each width the least error, and what it can do to the output."""
    if len(found) != 1:
        return
    (only,) = found
    for width in range(1, min(only.rank, SHOWN) + 1):
        moved = _moved_at(question, cuts, only, width)
        yield {
            "width": width,
            "ratio": only.ratio(width),
            "relative_error": only.relative(width),
            "output_error": None if moved is None else _number(moved),
        }


def _moved_at(question: Question, cuts: Cuts, only: CutSpectrum, width: int) -> Magnitude | None:
    """What the output moves by at most at a width: the least of the bounds for the difference
    itself, or for a large kernel at other widths than its own what the next singular value says."""
    layer = question.layer
    rough = truncation_bound(only, cuts.form, width, _windows(layer), layer.transposed)
    thin = cuts if width == only.bound else _at_width(question, cuts, only, width)
    if thin is None or (rough is not None and not rough):
        return rough
    near = approximate(thin, (only,))
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


def _hint(question: Question, cuts: Cuts) -> dict[str, Any] | None:
    """Simple fractions that round to the floating-point numbers given."""
    if question.floating is None:
        return None
    found = hint(cuts, question.floating)
    if found is None or found.kernel.flat == question.kernel.flat:
        return None
    names = {x: x.name for x in found.kernel.letters}
    return {
        "kernel": tensor(found.kernel, names),
        "scale": str(found.scale),
        "denominator": found.denominator,
        "ulps": float(found.ulps),
        "ranks": list(found.ranks),
    }
