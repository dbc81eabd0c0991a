"""The nearest kernel of a family, in floating point, as factors in float64 or float32.

One bond: the truncated decomposition is the nearest kernel there is (Eckart-Young), for every slice
separately if letters are kept. Several bonds: one factor after another is stripped and truncated;
the squared errors add up and none is above that of the best, so t truncations come within √t. What
they give is then improved step by step: a core with leaves by HOOI, outer products by alternating
least squares. A sum of several outer products need not have a nearest one: it is only found.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from math import prod, sqrt
from typing import Any, TYPE_CHECKING

from sympy import Symbol

from derive.algebra.factorize import homes
from derive.algebra.kernel import Kernel
from derive.algebra.network import leaf, Network, Node
from derive.decide.alternating import higher_order_iteration, outer_products
from derive.decide.cuts import Cuts
from derive.decide.difference import Difference, difference
from derive.decide.floats import Tensor
from derive.decide.form import Form
from derive.decide.magnitude import Magnitude
from derive.decide.spectrum import CutSpectrum, outside, spectra
from derive.decide.terms import Star
from derive.notation.errors import InputError
from derive.notation.family import Family, Letters

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sizes = Mapping[Symbol, int]
Tensors = Mapping[int, Tensor]
OPEN = (
    "there may be no nearest one: two outer products or more can come ever nearer to a kernel that"
    " is no sum of that many"
)


class Method(StrEnum):
    """How factors are found."""

    TRUNCATION = "truncated singular value decomposition"
    STRIPPED = "one truncated singular value decomposition after another"
    ITERATION = "higher-order orthogonal iteration"
    ALTERNATING = "alternating least squares"


@dataclass(frozen=True)
class Approximation:
    """Factors near a kernel, one tensor for each factor of the line, in its order.

    No kernel of the family is nearer than ``least``; ``truncations`` says how many were made one
    after the other, at one of which the factors are the best there are, up to their rounding. None
    is known for factors that are only found.
    """

    form: Form
    tensors: tuple[Tensor, ...]
    least: Magnitude
    truncations: int | None
    method: Method = Method.TRUNCATION

    @cached_property
    def factors(self) -> tuple[Kernel, ...]:
        """The factors with their numbers exactly as they are."""
        return tuple(tensor.kernel for tensor in self.tensors)

    @cached_property
    def difference(self) -> Difference:
        """The kernel less the contraction of the factors as they are, rounded."""
        return difference(self.form, self.tensors)

    @property
    def optimal(self) -> bool:
        """Whether the factors are best, and not only within a factor of the best."""
        return self.truncations is not None and self.truncations <= 1

    @property
    def within(self) -> float | None:
        """The error is at most this many times that of the best; None if that is not known."""
        return None if self.truncations is None else sqrt(max(1, self.truncations))

    @cached_property
    def arrays(self) -> "dict[str, tuple[Letters, NDArray[Any]]]":
        """The letters and the array of every factor, by its name, in the order of the layers.

        InputError if an entry is beyond the range of floating-point numbers.

        >>> from derive.decide.form import form
        >>> from derive.families import asymmetric
        >>> from derive.notation.letters import m
        >>> asked = form(asymmetric.family, Kernel.of([[[[3, 0], [0, 1]]]]), {m: 1})
        >>> [(name, *pair) for name, pair in nearest(Cuts(asked)).arrays.items()][0][:2]
        ('A', (j, i, u))
        """
        names = factor_names(self.form)
        return {
            name: (tensor.letters, _plain(name, tensor))
            for name, tensor in zip(names, self.tensors, strict=True)
        }

    @property
    def finite(self) -> bool:
        """Whether every entry of the factors is a finite float64."""
        import numpy as np

        return all(np.isfinite(_ldexp(tensor)).all() for tensor in self.tensors)

    def stored(self, precision: str) -> "Approximation":
        """Factors with their numbers rounded to a precision such as ``"float32"``."""
        if precision == "float64":
            return self
        return replace(self, tensors=tuple(one.stored(precision) for one in self.tensors))


@dataclass(frozen=True)
class NoBest:
    """Why no nearest kernel is offered, and what none of the family can be nearer than."""

    reason: str
    least: Magnitude


def nearest(
    cuts: Cuts, found: tuple[CutSpectrum, ...] | None = None, search: bool = True
) -> Approximation | NoBest:
    """Factors of the form at its sizes whose contraction is near the kernel; ``found`` are the
    singular values of its matrices, if known. A sum of several outer products is searched for,
    unless ``search`` is false.

    >>> from derive.decide.form import form
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> asked = form(asymmetric.family, Kernel.of([[[[3, 0], [0, 1]]]]), {m: 1})
    >>> found = nearest(Cuts(asked))
    >>> float(found.difference.norm), found.optimal
    (1.0, True)
    """
    known = spectra(cuts) if found is None else found
    least = max([outside(cuts.form), *(each.error(each.bound) for each in known)])
    if cuts.forest:
        forest = cuts.forest
        tensors, truncations, method = in_forest(
            forest.family, forest.network, forest.sizes, cuts.tensor
        )
        return Approximation(cuts.form, tensors, least, truncations, method)
    if cuts.star and not search:
        return NoBest(OPEN, least)
    if cuts.star:
        tensors = _of_star(cuts.star, cuts.tensor)
        return Approximation(cuts.form, tensors, least, None, Method.ALTERNATING)
    if len(cuts.form.terms) > 1:
        return NoBest("no way is known to find the nearest sum of unlike branches", least)
    return NoBest("no way is known to find the nearest contraction of this shape", least)


def factor_names(form: Form) -> Iterator[str]:
    """The names of the factors of a form, with a number where a name is used again."""
    return numbered(str(factor.base) for term in form.terms for factor in term.factors)


def numbered(names: Iterable[str]) -> Iterator[str]:
    """Names, with a number where one is used again.

    >>> list(numbered("ABA"))
    ['A', 'B', 'A_2']
    """
    seen: list[str] = []
    for name in names:
        seen.append(name)
        times = seen.count(name)
        yield name if times == 1 else f"{name}_{times}"


def _plain(name: str, tensor: Tensor) -> "NDArray[Any]":
    import numpy as np

    array = _ldexp(tensor)
    if not np.isfinite(array).all():
        raise InputError(f"{name} has entries beyond {array.dtype.name}: divide the kernel first")
    return array


def _ldexp(tensor: Tensor) -> "NDArray[Any]":
    """The entries of a tensor as floats, infinite where they are beyond them."""
    import numpy as np

    with np.errstate(over="ignore"):
        array: NDArray[Any] = np.ldexp(tensor.array, tensor.exponent)
    return array


def in_forest(
    family: Family, net: Network, sizes: Sizes, tensor: Tensor
) -> tuple[tuple[Tensor, ...], int, Method]:
    """Tensors for the factors of a family whose network is a forest, how many truncations they
    took, and by which method; ``tensor`` has an axis for each letter of the kernel.

    >>> from derive.algebra.network import network
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import C_in, C_out, i, j, k_h, k_w, m, o, u, v
    >>> sizes = {C_in: 1, C_out: 1, k_h: 2, k_w: 2, m: 1}
    >>> letters = {x: sizes[asymmetric.family.sizes[x]] for x in (i, o, u, v, j)}
    >>> tensor = Tensor.of(Kernel.of([[[[3, 0], [0, 1]]]]))
    >>> found, *_ = in_forest(asymmetric.family, network(asymmetric.family, sizes), letters, tensor)
    >>> [one.array.shape for one in found]
    [(1, 1, 2), (1, 1, 2)]
    """
    nodes = {number: node - set(net.kept) for number, node in enumerate(net.nodes)}
    slices, truncations = {}, 0
    for at, part in tensor.slices(net.kept):
        small = _lean(part, sizes)
        found, lost = _truncated_tensors(small, nodes, sizes)
        slices[at] = _balanced(_improved(small, nodes, sizes, found, lost), small.exponent)
        truncations = max(truncations, lost)
    tensors = _placed(family, net, sizes, slices)
    return tensors, truncations, _method(nodes, truncations)


def _method(nodes: Mapping[int, Node], truncations: int) -> Method:
    if truncations <= 1:
        return Method.TRUNCATION
    if not any(one & other for n, one in nodes.items() for k, other in nodes.items() if n < k):
        return Method.ALTERNATING
    return Method.STRIPPED if _core(nodes) is None else Method.ITERATION


def _improved(
    part: Tensor, nodes: Mapping[int, Node], sizes: Sizes, found: Tensors, truncations: int
) -> Tensors:
    """Tensors no further from a tensor than those found, which took several truncations."""
    if truncations <= 1:
        return found
    match _method(nodes, truncations):
        case Method.ALTERNATING:
            places = {n: [part.letters.index(x) for x in one.letters] for n, one in found.items()}
            start = [one.array.reshape(-1, 1) for one in found.values()]
            vectors, _ = outer_products(_by_sides(part.array, places.values()), start)
            return {
                number: replace(one, array=vector.reshape(one.array.shape))
                for (number, one), vector in zip(found.items(), vectors, strict=True)
            }
        case Method.ITERATION:
            return _iterated(part, nodes, sizes, found)
    return found


def _iterated(part: Tensor, nodes: Mapping[int, Node], sizes: Sizes, found: Tensors) -> Tensors:
    """The leaves of a core and the core, by higher-order orthogonal iteration."""
    import numpy as np

    core = _core(nodes)
    assert core is not None
    leaves = {n: tuple(x for x in part.letters if x in node) for n, node in nodes.items()}
    inner = leaves.pop(core)
    places = [[part.letters.index(x) for x in letters] for letters in (*leaves.values(), inner)]
    array = _by_sides(part.array, places)
    bonds = {n: tuple(sorted(nodes[n] & nodes[core], key=str)) for n in leaves}
    start = [np.linalg.qr(found[n].matrix(letters))[0] for n, letters in leaves.items()]
    sides, middle = higher_order_iteration(array, start)
    result = {}
    for n, matrix in zip(leaves, sides, strict=True):
        wide = prod(sizes[x] for x in bonds[n])
        padded = np.pad(matrix, [(0, 0), (0, wide - matrix.shape[1])])
        result[n] = _tensor(leaves[n], bonds[n], sizes, padded)
    joined = tuple(x for bond in bonds.values() for x in bond)
    widths = [prod(sizes[x] for x in bond) for bond in bonds.values()]
    full = [*widths, middle.shape[-1]]
    pads = [(0, wide - own) for wide, own in zip(full, middle.shape, strict=True)]
    every = (*joined, *inner)
    shaped = np.pad(middle, pads).reshape([sizes[x] for x in every])
    return {**result, core: Tensor(every, shaped)}


def _core(nodes: Mapping[int, Node]) -> int | None:
    """The one node that shares letters with all others, which share none with each other."""
    for number, node in nodes.items():
        others = [other for key, other in nodes.items() if key != number]
        apart = sum(map(len, others)) == len(frozenset().union(*others))
        if len(others) > 1 and apart and all(node & other for other in others):
            return number
    return None


def _of_star(star: Star, tensor: Tensor) -> tuple[Tensor, ...]:
    """Tensors for the factors of a sum of outer products, by alternating least squares."""
    sizes, terms = star.sizes, prod(star.sizes[x] for x in star.bond)
    slices = {}
    for at, part in tensor.slices(star.network.kept):
        small = _lean(part, sizes)
        places = [[small.letters.index(x) for x in side] for side in star.sides]
        vectors, _ = outer_products(_by_sides(small.array, places), terms=terms)
        found = {
            number: _tensor(side, star.bond, sizes, matrix)
            for number, (side, matrix) in enumerate(zip(star.sides, vectors, strict=True))
        }
        slices[at] = _balanced(found, small.exponent)
    return _placed(star.family, star.network, sizes, slices)


def _by_sides(array: Any, places: Iterable[list[int]]) -> Any:
    """An array with one axis for each group of its axes."""
    groups = list(places)
    order = [place for group in groups for place in group]
    return array.transpose(order).reshape([prod(array.shape[n] for n in x) for x in groups])


def _lean(part: Tensor, sizes: Sizes) -> Tensor:
    """A tensor without the letters that have a single value."""
    letters = tuple(x for x in part.letters if sizes[x] > 1)
    return replace(part, letters=letters, array=part.array.reshape([sizes[x] for x in letters]))


def _balanced(found: Tensors, exponent: int) -> dict[int, Tensor]:
    """Tensors with equal norms and the same product, times 2^exponent."""
    import numpy as np

    norms = {number: float(np.linalg.norm(one.array)) for number, one in found.items()}
    power, more = divmod(exponent, len(found))
    if not all(norms.values()):
        return {n: Tensor(one.letters, one.array * 0) for n, one in found.items()}
    logs = np.log2(list(norms.values()))
    common = (float(logs.sum()) + more) / len(found)
    scales = {n: 2.0 ** (common - log) for n, log in zip(found, logs.tolist(), strict=True)}
    return {n: Tensor(one.letters, one.array * scales[n], power) for n, one in found.items()}


def _placed(
    family: Family, net: Network, sizes: Sizes, slices: Mapping[tuple[int, ...], Tensors]
) -> tuple[Tensor, ...]:
    """The tensors of a network, for each value of its kept letters, as those of the factors as
    written: a factor that the network has done without is all ones, and of a letter that it has
    summed away only the value 0 is used.
    """
    import numpy as np

    nodes, gone = homes(family, net), set(family.summed).difference(*net.nodes)
    found = []
    for place, factor in enumerate(family.factors):
        letters = tuple(factor.indices)
        array, exponent = np.zeros([sizes[x] for x in letters]), 0
        if place not in nodes:
            array[tuple(0 if x in gone else slice(None) for x in letters)] = 1.0
        else:
            for at, parts in slices.items():
                part, held = parts[nodes[place]], dict(zip(net.kept, at, strict=True))
                own = {x for x in letters if x in part.letters}
                where = tuple(slice(None) if x in own else held.get(x, 0) for x in letters)
                order = [part.letters.index(x) for x in letters if x in own]
                array[where], exponent = part.array.transpose(order), part.exponent
        found.append(Tensor(letters, array, exponent))
    return tuple(found)


def _truncated_tensors(
    tensor: Tensor, nodes: Mapping[int, Node], sizes: Sizes
) -> tuple[dict[int, Tensor], int]:
    """The tensors of a forest: a leaf, truncated to its bond, then those of what is left."""
    if len(nodes) == 1:
        return dict.fromkeys(nodes, tensor), 0
    end, bond = leaf(nodes)
    others = {number: node for number, node in nodes.items() if number != end}
    rows = tuple(x for x in tensor.letters if x in nodes[end])
    columns = tuple(x for x in tensor.letters if x not in rows)
    matrix = tensor.matrix(rows)
    left, values, right = _truncated(matrix, prod(sizes[x] for x in bond))
    rest = _tensor(columns, bond, sizes, right * values)
    found, truncations = _truncated_tensors(rest, others, sizes)
    holder = next(number for number, node in others.items() if node >= set(bond))
    own = _tensor(rows, bond, sizes, left)
    root = [sqrt(value) or 1.0 for value in values.tolist()]  # 0 where nothing is left
    balanced = {
        end: _times(own, bond, root),
        holder: _times(found[holder], bond, [1 / x for x in root]),
    }
    lost = min(matrix.shape) > len(root)
    return {**found, **balanced}, truncations + lost


def _truncated(matrix: Any, size: int) -> tuple[Any, Any, Any]:
    """Left vectors, values and right vectors, as columns: the largest, and zeros up to the size."""
    import numpy as np

    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    wide = [(0, 0), (0, max(0, size - len(values)))]
    left, right = (np.pad(vectors[:, :size], wide) for vectors in (left, right.T))
    return left, np.pad(values[:size], wide[1]), right


def _tensor(letters: Letters, bond: Letters, sizes: Sizes, matrix: Any) -> Tensor:
    """Rows over the letters, columns over the bond."""
    every = (*letters, *bond)
    return Tensor(every, matrix.reshape([sizes[x] for x in every]))


def _times(tensor: Tensor, bond: Letters, numbers: list[float]) -> Tensor:
    """Every slice of the bond times a number."""
    import numpy as np

    shape = [n if x in bond else 1 for x, n in zip(tensor.letters, tensor.array.shape, strict=True)]
    return Tensor(tensor.letters, tensor.array * np.reshape(numbers, shape))
