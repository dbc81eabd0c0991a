"""Consecutive layers of a model that are the stages of one family, such as depthwise separable.

A layer is a stage if its groups, the channels that it reads for each and those that it makes are
what the letters of the stage run over, and if it has one tap, and does not move, along every axis
that its factor has no tap for. Between two stages nothing may stand but what a bias and a scale
are; the tensor between them has no other reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sympy import Symbol

from derive.catalogue import Entry, FAMILIES
from derive.models.model import Kind, Model, ModelLayer
from derive.notation.family import Family
from derive.notation.layer import Layer

Extents = dict[Symbol, int]


@dataclass(frozen=True)
class RecognizedFacts:
    """Layers that follow each other and are the stages of one family, with the sizes of the letters
    that are not those of the kernel itself."""

    layers: tuple[str, ...]
    family: str
    title: str
    setting: Mapping[Symbol, int]


def recognized(model: Model) -> tuple[RecognizedFacts, ...]:
    """The runs of layers that are families, each layer in one of them; the longest first, and of
    several families the one that says the most about them.

    >>> from dataclasses import replace
    >>> from derive.notation.axis import Axis
    >>> wide = (Axis(16, 3, before=1, after=1),) * 2
    >>> spatial = ModelLayer("dw", Kind.CONV, Layer(8, 8, wide, groups=8), next="pw")
    >>> mixing = ModelLayer("pw", Kind.CONV, Layer(8, 12, (Axis(16, 1),) * 2))
    >>> [(one.family, one.layers) for one in recognized(Model("pair", (spatial, mixing)))]
    [('depthwise-separable', ('dw', 'pw'))]
    """
    return tuple(found for run in model.runs() for found in _of_run(run))


def _of_run(run: Sequence[ModelLayer]) -> Iterator[RecognizedFacts]:
    place, most = 0, max(len(term.factors) for _, term in _terms(run[0].layer))
    while place < len(run):
        ends = range(min(len(run), place + most), place + 1, -1)
        found = next((one for n in ends if (one := _family(run[place:n]))), None)
        if found is not None:
            yield found
        place += len(found.layers) if found else 1


def _family(layers: Sequence[ModelLayer]) -> RecognizedFacts | None:
    """The family whose stages these layers are, and of several the one with the fewest letters."""
    if any(one.kind is not Kind.CONV for one in layers):
        return None
    found = [
        (entry, term, extents)
        for entry, term in _terms(layers[0].layer)
        if len(term.factors) == len(layers) > 1
        if (extents := _extents(term, [one.layer for one in layers])) is not None
    ]
    if not found:
        return None
    entry, term, extents = min(found, key=_letters)
    bonds = {term.sizes[x]: extents[x] for x in term.summed if x not in term.kernel}
    return RecognizedFacts(tuple(one.name for one in layers), entry.name, entry.title, bonds)


def _terms(layer: Layer) -> Iterator[tuple[Entry, Family]]:
    """The families that are a single chain on the axes of a layer."""
    for entry in FAMILIES.values():
        if isinstance(term := entry.family.on(layer.taps), Family):
            yield entry, term


def _letters(found: tuple[Entry, Family, Extents]) -> int:
    """How many letters its factors have: the fewest say the most about the layers."""
    return sum(len(factor.indices) for factor in found[1].factors)


def _extents(term: Family, layers: Sequence[Layer]) -> Extents | None:
    """How far each letter runs if these layers are the stages; None if they are not."""
    if len({len(layer.axes) for layer in layers}) > 1 or term.waste:
        return None
    known: Extents = {}
    for (before, after), factor, layer in zip(
        pairwise(term.states), term.factors, layers, strict=True
    ):
        if not _windows(term, factor.indices, layer, known):
            return None
        kept = [x for x in before if x in after and x in factor.indices]
        sides = (
            (kept, layer.groups),
            ([x for x in before if x not in after], layer.channels_in // layer.groups),
            ([x for x in after if x not in before], layer.channels_out // layer.groups),
        )
        if not all(_solve(known, letters, number) for letters, number in sides):
            return None
    return known if all(known[x] > 1 for x in term.inputs) else None


def _solve(known: Extents, letters: Sequence[Symbol], number: int) -> bool:
    """Whether letters run over this number of values together; the first that is open is found."""
    rest = number
    open_ones = [x for x in letters if x not in known]
    for x in letters:
        if x in known:
            if rest % known[x]:
                return False
            rest //= known[x]
    if not open_ones:
        return rest == 1
    known |= dict.fromkeys(open_ones[1:], 1)
    known[open_ones[0]] = rest
    return True


def _windows(term: Family, indices: Sequence[Symbol], layer: Layer, known: Extents) -> bool:
    """Whether a layer slides along those axes alone that its factor has taps for."""
    for direction, axis in zip(layer.directions, layer.axes, strict=True):
        taps = int(axis.kernel)
        if direction.tap in indices:
            if taps < 2:
                return False
            known[direction.tap] = taps
        elif (taps, int(axis.stride), int(axis.before), int(axis.after)) != (1, 1, 0, 0):
            return False
    return {*term.taps} == {direction.tap for direction in layer.directions} or not term.taps
