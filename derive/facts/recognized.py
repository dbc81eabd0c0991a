"""Consecutive layers of a model that are the stages of one family, such as depthwise separable.

A layer is a stage if its groups, the channels that it reads for each and those that it makes are
what the letters of the stage run over, and if it has one tap, and does not move, along every axis
that its factor has no tap for. Between two stages nothing may stand but what a bias and a scale
are; the tensor between them has no other reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sympy import Symbol

from derive.algebra.extents import Extents, extents
from derive.catalogue import Entry, FAMILIES
from derive.models.model import Kind, Model, ModelLayer
from derive.notation.axis import Axis, Transposed
from derive.notation.family import Family, Letters
from derive.notation.layer import Layer


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
    return tuple(found for run in model.runs() if len(run) > 1 for found in _of_run(run))


@dataclass(frozen=True)
class Match:
    """A family, on the axes of some layers, whose stages they are: how far its letters run."""

    entry: Entry
    term: Family
    extents: Extents

    @property
    def sizes(self) -> dict[Symbol, int]:
        """How far the letters run, by the symbols of their sizes."""
        return {
            size: number
            for letter, number in self.extents.items()
            if isinstance(size := self.term.sizes.get(letter), Symbol)
        }


def matches(layers: Sequence[Layer]) -> list[Match]:
    """The families of a single chain whose stages have the channels, groups and taps of these
    layers; those first whose factors have the fewest letters, which say the most about them.

    >>> from derive.notation.axis import Axis
    >>> [one.entry.name for one in matches([Layer(8, 8, (Axis(9, 1),) * 2)])]
    ['pointwise', 'standard', 'grouped']
    """
    found = [
        Match(entry, term, sizes)
        for entry, term in _chains(layers[0].taps)
        if (sizes := extents(term, layers)) is not None
    ]
    return sorted(found, key=lambda one: sum(len(x.indices) for x in one.term.factors))


@cache
def _chains(taps: Letters) -> tuple[tuple[Entry, Family], ...]:
    """The families that are a single chain on the axes of these taps."""
    terms = ((entry, entry.family.on(taps)) for entry in FAMILIES.values())
    return tuple((entry, term) for entry, term in terms if isinstance(term, Family))


def _of_run(run: Sequence[ModelLayer]) -> Iterator[RecognizedFacts]:
    place, most = 0, max(len(term.factors) for _, term in _chains(run[0].layer.taps))
    while place < len(run):
        ends = range(min(len(run), place + most), place + 1, -1)
        found = next((one for n in ends if (one := _family(run[place:n]))), None)
        if found is not None:
            yield found
        place += len(found.layers) if found else 1


def _family(layers: Sequence[ModelLayer]) -> RecognizedFacts | None:
    """The first family whose stages these layers are, on several channels."""
    if any(one.kind is not Kind.CONV for one in layers):
        return None
    own = [one.layer for one in layers]
    for one in matches(own):
        several = all(one.extents[x] > 1 for x in (*one.term.inputs, *one.term.taps))
        if several and one.term.taps == one.term.axes and _still(one.term, own):
            bonds = {one.term.sizes[x]: one.extents[x] for x in one.term.summed}
            names = tuple(layer.name for layer in layers)
            return RecognizedFacts(names, one.entry.name, one.entry.title, bonds)
    return None


def _still(term: Family, layers: Sequence[Layer]) -> bool:
    """Whether no layer moves along an axis that its factor has no tap for."""
    return not any(
        slides(axis) and tap not in factor.indices
        for factor, layer in zip(term.factors, layers, strict=True)
        for tap, axis in zip(layer.taps, layer.axes, strict=True)
    )


def slides(axis: Axis | Transposed) -> bool:
    """Whether a layer does more along an axis than to take every pixel as it is."""
    extra = axis.extra if isinstance(axis, Transposed) else 0
    return (axis.kernel, axis.stride, axis.before, axis.after, extra) != (1, 1, 0, 0, 0)
