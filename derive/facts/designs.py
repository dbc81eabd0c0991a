"""Every design for the weights of one layer: its cost, and its error at each of its sizes.

The singular values of a matrix are worked out once for all families that ask for it, by LAPACK, and
what a family asks for once for all layers of one shape. One matrix gives the least error of a
family at each size (Eckart-Young), several give a bound: the root of the sum of their squares.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from math import prod
from typing import Any, TYPE_CHECKING

from sympy import Basic, Expr, Integer, lambdify, Symbol

from derive.algebra.network import Cut, network, single
from derive.catalogue import Entry, FAMILIES
from derive.comparison import attempts, Choices, Row
from derive.decide.floats import Tensor
from derive.decide.nearest import in_forest
from derive.facts.curve import Path
from derive.facts.design import CostShares, DesignFacts, Guarantee, PointFacts
from derive.notation.family import Family, Letters
from derive.notation.layer import Layer
from derive.notation.letters import g

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sizes = Mapping[Symbol, int]
SHAPES = 4096  # families times layers whose sizes and costs are remembered
UNCHANGED = ("standard", "grouped")  # the layer itself, with one group and with several


@dataclass(frozen=True)
class Options:
    """A family on a layer at all its sizes, with the matrices that decide.

    ``sizes`` are those of the letters, where bonds are as wide as is of use; ``widths`` the ranks
    that every place of the path allows each of the matrices.
    """

    path: Path
    term: Family
    sizes: Sizes
    widths: tuple[tuple[Cut, "NDArray[Any]"], ...]

    @property
    def guarantee(self) -> Guarantee:
        """What the errors are."""
        return Guarantee.LEAST if len(self.widths) < 2 else Guarantee.AT_MOST


@lru_cache(maxsize=SHAPES)
def options(entry: Entry, layer: Layer) -> Options | None:
    """A family on a layer at all its sizes; None if it does not fit, or no matrices decide.

    On a layer with groups these are the families that factor every group by itself.

    >>> from derive.parse.layer import read_layer
    >>> layer = read_layer(image="8x8", channels_in=2, channels_out=3)
    >>> found = options(FAMILIES["asymmetric"], layer)
    >>> found.path.costs[:2].tolist(), [str(cut) for cut, _ in found.widths]
    ([[15, 960], [30, 1920]], ['(o,v) × (i,u), summed over j'])
    """
    import numpy as np

    row = next(attempts(entry, layer, Choices()))
    if not isinstance(row, Row) or (layer.groups > 1) != (g in row.line.inputs):
        return None
    term, path = single(row.line), Path.on(row)
    if term is None:
        return None
    values = {**layer.values, **path.setting, **{x: max(2, n) for x, n in path.free.items()}}
    sizes = {x: _number(term.sizes[x], values) for x in (*term.kernel, *term.summed)}
    net = network(term, {term.sizes[x]: _unit(n) for x, n in sizes.items()})
    if not net.forest:
        return None
    every = {**layer.values, **{x: np.array(numbers) for x, numbers in path.sizes.items()}}
    widths = tuple(
        (cut, np.broadcast_to(_number(term.extent(cut.bonds), every), len(path)))
        for cut in net.cuts
    )
    return Options(path, term, sizes, widths)


def _unit(size: int) -> Integer:
    """1 for 1 and 2 for more: a network asks no more of a size, and so is made once."""
    return Integer(min(size, 2))


def _number(expr: Expr, values: Mapping[Symbol, Any]) -> Any:
    symbols, found = _function(expr)
    return found(*(values[x] for x in symbols))


@cache
def _function(expr: Expr) -> tuple[tuple[Basic, ...], Callable[..., Any]]:
    symbols = tuple(sorted(expr.free_symbols, key=str))
    return symbols, lambdify(symbols, expr, "math")


@dataclass(frozen=True, eq=False)
class Weights:
    """The weights of a layer, K[output channel, input channel of its group, taps], in float64, and
    the singular values found so far."""

    array: "NDArray[Any]"
    groups: int = 1

    @cached_property
    def square(self) -> float:
        """The sum of the squares of all weights."""
        return float((self.array**2).sum())

    def entries(self, asked: Options) -> "NDArray[Any]":
        """The weights that a family may have, with an axis for each of its letters; of taps that it
        does not have the middle ones."""
        import numpy as np

        term, sizes = asked.term, asked.sizes
        channels = [*term.outputs, *term.inputs]
        stored = list(dict.fromkeys(channels)) if self.groups > 1 else channels
        taps = asked.path.layer.taps
        missing = {n for n, tap in enumerate(taps) if tap not in term.taps}
        middle = tuple(k // 2 if n in missing else slice(None) for n, k in enumerate(self._taps))
        array = self.array[(slice(None), slice(None), *middle)]
        letters = [*stored, *(tap for tap in taps if tap in term.taps)]
        shaped = array.reshape([sizes[x] for x in letters])
        own = list(dict.fromkeys(letters))
        places = [own.index(x) for x in letters]
        found: NDArray[Any] = np.einsum(shaped, places, list(range(len(own))))
        return found

    def factors(self, asked: Options, place: int) -> tuple[Tensor, ...]:
        """A tensor for each factor of a family at one of its sizes; copies of a factor lie along
        its last axis."""
        term = asked.term
        values = {**asked.path.layer.values, **asked.path[place]}
        sizes = {x: _number(term.sizes[x], values) for x in (*term.kernel, *term.summed)}
        net = network(term, {term.sizes[x]: Integer(n) for x, n in sizes.items()})
        found, *_ = in_forest(term, net, sizes, Tensor(_letters(term), self.entries(asked)))
        return found

    def apart(self, asked: Options, factors: Iterable[Tensor]) -> float:
        """The relative error of the kernel that factors contract to."""
        import numpy as np

        letters, entries = _letters(asked.term), self.entries(asked)
        every = list(dict.fromkeys((*letters, *asked.term.summed)))
        operands: list[Any] = [
            part
            for one in factors
            for part in (one.array.astype(np.float64), [every.index(x) for x in one.letters])
        ]
        near = np.einsum(*operands, [every.index(x) for x in letters], optimize=True)
        square = self._missed(entries) + float(((entries - near) ** 2).sum())
        return float((square / self.square) ** 0.5) if self.square else 0.0

    def _missed(self, entries: "NDArray[Any]") -> float:
        """The sum of the squares of the weights that are not among these entries."""
        if entries.size == self.array.size:
            return 0.0
        return max(0.0, self.square - float((entries**2).sum()))

    def errors(self, asked: Options) -> "NDArray[Any]":
        """The relative error of a family at each of its sizes."""
        import numpy as np

        if not self.square:
            return np.zeros(len(asked.path))
        letters, entries = _letters(asked.term), self.entries(asked)
        squares = np.full(len(asked.path), self._missed(entries))
        for cut, widths in asked.widths:
            tails = self._tails(letters, entries, cut)
            squares = squares + tails[np.minimum(widths, len(tails) - 1)]
        found: NDArray[Any] = np.sqrt(np.minimum(1.0, squares / self.square))
        return found

    def _tails(self, letters: Letters, entries: "NDArray[Any]", cut: Cut) -> "NDArray[Any]":
        """Squares of what truncating all slices of a matrix to rank 0, 1 and so on leaves."""
        import numpy as np

        key = (letters, cut.kept, frozenset({cut.rows, cut.columns}))
        if key not in self._found:
            sides = (cut.kept, cut.rows, cut.columns)
            order = [letters.index(x) for side in sides for x in side]
            rest = [n for n in range(len(letters)) if n not in order]
            extents = dict(zip(letters, entries.shape, strict=True))
            shape = [prod(extents[x] for x in side) for side in sides]
            slices = entries.transpose(*order, *rest).reshape(shape)
            values = np.linalg.svd(slices, compute_uv=False)
            squares = np.append((values**2).sum(axis=0), 0.0)
            self._found[key] = np.cumsum(squares[::-1])[::-1]
        return self._found[key]

    @property
    def _taps(self) -> tuple[int, ...]:
        return self.array.shape[2:]

    @cached_property
    def _found(self) -> "dict[tuple[Letters, Letters, frozenset[Letters]], NDArray[Any]]":
        return {}


def _letters(term: Family) -> Letters:
    """Output letters, input letters and taps, a letter in both once."""
    return tuple(dict.fromkeys((*term.outputs, *term.inputs, *term.taps)))


@dataclass(frozen=True, eq=False)
class Front:
    """For the weights of one layer: every design that no other beats in both error and MACs,
    cheapest first, and last the layer as it is.

    ``macs`` rise and ``errors`` fall; ``designs`` are options with a place on their path, None for
    the layer as it is.
    """

    layer: Layer
    macs: "NDArray[Any]"
    errors: "NDArray[Any]"
    designs: tuple[tuple[Options, int] | None, ...]

    @classmethod
    def of(cls, weights: Weights, layer: Layer) -> "Front":
        """The front of all families of the book whose errors singular values give.

        >>> import numpy as np
        >>> from derive.parse.layer import read_layer
        >>> layer = read_layer(image="8x8", channels_in=1, channels_out=1)
        >>> cross = np.array([[[[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]]])
        >>> front = Front.of(Weights(cross), layer)
        >>> [front.design(n).family for n in range(len(front.macs) - 1)], front.macs.tolist()
        (['pointwise', 'asymmetric'], [64, 384, 576])
        """
        import numpy as np

        own = own_cost(layer)
        found = [(one, weights.errors(one)) for one in _fitting(layer)]
        places = [(one, n) for one, errors in found for n in range(len(errors))]
        macs = np.array([*(n for one, _ in found for n in one.path.costs[:, 1]), own[1]])
        errors = np.concatenate([*(errors for _, errors in found), [0.0]])
        stages = np.array([*(len(one.term.factors) for one, _ in places), 0])
        order = np.lexsort((stages, errors, macs))
        order = order[((macs[order] < own[1]) & (errors[order] < 1)) | (order == len(places))]
        least = np.minimum.accumulate(np.concatenate([[np.inf], errors[order]]))[:-1]
        kept = order[(errors[order] < least) | (order == len(places))]
        designs = tuple(places[n] if n < len(places) else None for n in kept)
        return cls(layer, macs[kept], errors[kept], designs)

    def within_macs(self, macs: Fraction | int) -> int | None:
        """The place of the least error at a cost; None if nothing is as cheap."""
        place = sum(1 for n in self.macs.tolist() if n <= macs) - 1
        return place if place >= 0 else None

    def within_error(self, error: float) -> int:
        """The place of the cheapest design within a relative error."""
        return next(n for n, found in enumerate(self.errors.tolist()) if found <= error)

    def design(self, place: int) -> DesignFacts | None:
        """A design in words and numbers; None for the layer as it is."""
        design = self.designs[place]
        if design is None:
            return None
        one, at = design
        parameters, macs = map(int, one.path.costs[at])
        ratio = CostShares(*map(Fraction, (parameters, macs), own_cost(self.layer)))
        point = PointFacts(one.path[at], float(self.errors[place]), parameters, macs, ratio)
        return DesignFacts(one.path.entry.name, one.guarantee, point)


def own_cost(layer: Layer) -> tuple[int, int]:
    """Parameters and MACs of a layer as it is, without bias."""
    entry = FAMILIES[UNCHANGED[layer.groups > 1]]
    return Path(entry, layer, {}, {}).cost({})


def _fitting(layer: Layer) -> Iterator[Options]:
    for name, entry in FAMILIES.items():
        found = None if name in UNCHANGED else options(entry, layer)
        if found is not None:
            yield found
