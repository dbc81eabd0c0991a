"""The nearest kernel of a family, in floating point: factors by singular value decompositions.

One bond: the truncated decomposition is the nearest kernel there is (Eckart-Young), for every slice
of its own if letters are kept. Several bonds: a factor is stripped and truncated after the other;
the squared errors add up and none is above that of the best, so t truncations come within √t.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod, sqrt
from typing import Any

from sympy import Symbol

from derive.algebra.factorize import Forest, spread
from derive.algebra.kernel import Kernel
from derive.algebra.network import leaf, Node
from derive.decide.cuts import Cuts
from derive.decide.difference import Difference, difference
from derive.decide.floats import Tensor
from derive.decide.form import Form
from derive.decide.magnitude import Magnitude
from derive.decide.spectrum import CutSpectrum, outside, reached, spectra
from derive.notation.family import Letters

Sizes = Mapping[Symbol, int]
Tensors = Mapping[int, Tensor]
OPEN = (
    "there may be no nearest one: two outer products or more can come ever nearer to a kernel that"
    " is no sum of so many"
)


@dataclass(frozen=True)
class Approximation:
    """Factors near a kernel, their numbers float64 and given exactly.

    No kernel of the family is nearer than ``least``; ``truncations`` says how many were made one
    after the other, at one of which the factors are the best there are, up to their rounding.
    """

    form: Form
    factors: tuple[Kernel, ...]
    least: Magnitude
    truncations: int

    @cached_property
    def difference(self) -> Difference:
        """The kernel less the contraction of the factors as they are, rounded."""
        return difference(self.form, self.factors)

    @property
    def optimal(self) -> bool:
        """Whether the factors are best, and not only within a factor of the best."""
        return self.truncations <= 1

    @property
    def within(self) -> float:
        """An upper bound on the error, as a multiple of the smallest possible error."""
        return sqrt(max(1, self.truncations))


@dataclass(frozen=True)
class NoBest:
    """Why no nearest kernel is offered, and what none of the family can be nearer than."""

    reason: str
    least: Magnitude


def approximate(cuts: Cuts, found: tuple[CutSpectrum, ...] | None = None) -> Approximation | NoBest:
    """Factors of the form at its sizes whose contraction is near the kernel; ``found`` are the
    singular values of its matrices, if known.

    >>> from derive.decide.form import form
    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> asked = form(asymmetric.family, Kernel.of([[[[3, 0], [0, 1]]]]), {m: 1})
    >>> found = approximate(Cuts(asked))
    >>> float(found.difference.norm), found.optimal
    (1.0, True)
    """
    known = spectra(cuts) if found is None else found
    least = max([outside(cuts.form), *(each.error(each.bound) for each in known)])
    if cuts.forest is None:
        return NoBest(_why(cuts), least)
    forest, tensor = cuts.forest, Tensor.of(reached(cuts.form))
    slices = {at: _stripped(forest, part) for at, part in tensor.slices(forest.network.kept)}
    tensors = {at: parts for at, (parts, _) in slices.items()}
    factors = spread(forest.family, forest.network, forest.sizes, tensors, 1)
    return Approximation(cuts.form, factors, least, max(n for _, n in slices.values()))


def _why(cuts: Cuts) -> str:
    if cuts.star:
        return OPEN
    if len(cuts.form.terms) > 1:
        return "no way is known to find the nearest sum of unlike branches"
    return "no way is known to find the nearest contraction of this shape"


def _stripped(forest: Forest, part: Tensor) -> tuple[dict[int, Kernel], int]:
    """A tensor for every node of the network, and how many truncations it took."""
    net, sizes = forest.network, forest.sizes
    letters = tuple(x for x in part.letters if sizes[x] > 1)
    nodes = {number: node - set(net.kept) for number, node in enumerate(net.nodes)}
    small = Tensor(letters, part.array.reshape([sizes[x] for x in letters]))
    found, truncations = _truncated_tensors(small, nodes, sizes)
    power, more = divmod(part.exponent, len(nodes))
    return {
        number: Tensor(x.letters, x.array, power if number else power + more).kernel
        for number, x in found.items()
    }, truncations


def _truncated_tensors(
    tensor: Tensor, nodes: Mapping[int, Node], sizes: Sizes
) -> tuple[Tensors, int]:
    """The tensors of a forest: a leaf, truncated to its bond, then those of what is left."""
    if len(nodes) == 1:
        return dict.fromkeys(nodes, tensor), 0
    end, bond = leaf(nodes)
    others = {number: node for number, node in nodes.items() if number != end}
    rows = tuple(x for x in tensor.letters if x in nodes[end])
    columns = tuple(x for x in tensor.letters if x not in rows)
    left, values, right = _truncated(tensor.matrix(rows), prod(sizes[x] for x in bond))
    rest = _tensor(columns, bond, sizes, right * values)
    found, truncations = _truncated_tensors(rest, others, sizes)
    holder = next(number for number, node in others.items() if node >= set(bond))
    own = _tensor(rows, bond, sizes, left)
    root = [sqrt(value) or 1.0 for value in values.tolist()]  # 0 where nothing is left
    balanced = {
        end: _times(own, bond, root),
        holder: _times(found[holder], bond, [1 / x for x in root]),
    }
    lost = min(tensor.matrix(rows).shape) > len(root)
    return {**found, **balanced}, truncations + lost


def _truncated(matrix: Any, size: int) -> tuple[Any, Any, Any]:
    """Left vectors, values and right vectors, as columns: the ``size`` largest, with zeros if
    there are fewer."""
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
