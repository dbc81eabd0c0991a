"""Everything ``derive factor`` says of one kernel and one family, as plain data: derive/factor/1.

The verdict with its proof is exact and has passed the separate checker; singular values, errors and
bounds are floating point and stand apart from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

from sympy import Symbol

from derive.algebra.kernel import Kernel
from derive.algebra.network import Cut
from derive.catalogue import Entry, FAMILIES
from derive.decide.approximate import approximate, NoBest
from derive.decide.bound import output_bound, truncation_bound, Windows
from derive.decide.cuts import Cuts
from derive.decide.difference import exactly
from derive.decide.document import document, tensor
from derive.decide.form import Form, form
from derive.decide.hint import hint
from derive.decide.magnitude import Magnitude
from derive.decide.spectrum import CutSpectrum, spectra
from derive.decide.verdict import decide, Verdict
from derive.decide.width import bounds, minimal
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.notation.letters import C_a, C_b, C_c, G, g, m
from derive.rows import Choices, Row

ORDERS = ("asymmetric", "asymmetric-horizontal-first")
SHOWN = 12  # widths in the table of best approximations


@dataclass(frozen=True)
class Question:
    """A kernel, the family it may be of, the family's sizes, and the layer it stands in.

    ``floating`` is the format of the entries, such as float32, None if they are exact.
    """

    name: str
    kernel: Kernel
    entry: Entry
    layer: Layer
    choices: Choices
    floating: str | None = None

    @property
    def setting(self) -> dict[Symbol, int]:
        """The sizes of the family's bonds: those chosen, or the usual ones."""
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
        "rank": max((cut.rank for cut in verdict.cuts), default=None),
        "cuts": [_matrix(own.cut, own.rank, own.bound) for own in verdict.cuts],
        "minimal": _named(least),
        "bounds": _bounds(question),
        "widths": [_width(question, name) for name in _orders(question.entry)],
        "singular_values": _values(found),
        "nearness": [each.words for each in found],
        "relative_error": max((each.relative(each.bound) for each in found), default=0.0),
        "approximations": list(_approximations(question, found)),
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
    moved = output_bound(near.difference, _windows(question.layer)).value
    return {
        "relative_error": near.difference.norm / whole,
        "optimal": near.optimal,
        "within": near.within,
        "output_error": _number(moved),
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


def _approximations(question: Question, found: tuple[CutSpectrum, ...]) -> Iterator[dict[str, Any]]:
    """For one deciding matrix: at each width the least error, and what it can do to the output."""
    if len(found) != 1:
        return
    (only,) = found
    asked = form(question.entry.family, question.kernel, question.values)
    for width in range(1, min(only.rank, SHOWN) + 1):
        moved = truncation_bound(only, asked, width, _windows(question.layer))
        yield {
            "width": width,
            "ratio": only.ratio(width),
            "relative_error": only.relative(width),
            "output_error": None if moved is None else _number(moved),
        }


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
