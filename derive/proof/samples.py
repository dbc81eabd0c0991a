"""Small designs for grids: every kernel over a finite field, and seeded kernels of integers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from random import Random

from sympy import Symbol

from derive.algebra.contraction import whole
from derive.algebra.factorize import contracted, factorize
from derive.algebra.finite import contractions, every_kernel, letter_sizes
from derive.algebra.kernel import Kernel
from derive.notation.errors import CheckError
from derive.notation.family import Family, Letters, Line
from derive.proof.cases import Case

Sizes = Mapping[Symbol, int]
Sized = tuple[Family, Sizes]


def all_kernels(designs: Iterable[Sized], prime: int = 2) -> Iterator[Case]:
    """Each design with every kernel over the field of p elements."""
    for family, sizes in designs:
        for kernel in every_kernel(family, sizes, prime):
            yield {"family": family, "sizes": sizes, "kernel": kernel, "prime": prime}


def reached(family: Family, sizes: Sizes, kernel: Kernel, prime: int = 2) -> bool:
    """Whether some weights contract to the kernel over the field of p elements: all are tried."""
    return tuple(kernel.entries.values()) in contractions(family, tuple(sizes.items()), prime)


def seeded(lines: Iterable[Line], count: int, largest: int = 3) -> Iterator[Case]:
    """Each line with random sizes and kernels of integers: half of them contracted from weights,
    the others free."""
    random = Random(5)  # noqa: S311
    for family in map(whole, lines):
        for number in range(count):
            sizes = _random_sizes(family, random, largest)
            extents = letter_sizes(family, sizes)
            if number % 2:
                kernel = _random(family.kernel, extents, random)
            else:
                weights = [_random(tuple(f.indices), extents, random) for f in family.factors]
                kernel = contracted(weights, family.kernel)
            yield {"family": family, "sizes": sizes, "kernel": kernel}


def rebuilt(
    family: Family,
    sizes: Sizes,
    kernel: Kernel,
    contract: Callable[[tuple[Kernel, ...], Letters], Kernel] = contracted,
) -> bool:
    """Whether factors are found; CheckError if they do not contract to the kernel.

    >>> from derive.families import asymmetric
    >>> from derive.notation.letters import m
    >>> rebuilt(asymmetric.family, {m: 1}, Kernel.of([[[[1, 2], [3, 6]]]]))
    True
    """
    factors = factorize(family, kernel, sizes)
    if factors is not None and contract(factors, kernel.letters).entries != kernel.entries:
        raise CheckError(f"factors that do not contract to {kernel.nested}")
    return factors is not None


def _random_sizes(family: Family, random: Random, largest: int) -> dict[Symbol, int]:
    letters = (*family.kernel, *family.summed)
    symbols = sorted({s for x in letters for s in family.sizes[x].free_symbols}, key=str)
    return {symbol: random.randint(1, largest) for symbol in symbols}


def _random(letters: Letters, extents: Sizes, random: Random) -> Kernel:
    box = product(*(range(extents[x]) for x in letters))
    entries = {at: random.randint(-2, 2) for at in box}
    return Kernel(letters, tuple(extents[x] for x in letters), entries)
