"""Exact ranks: of the Jacobian of a family at a random point, and of matrices cut from a kernel."""

from itertools import product
from math import prod
from random import Random

from flint import fmpz_mat, nmod_mat

from derive.notation.letters import DIRECTIONS
from tests.oracle import branches_of, factors_of, sizes_of, word

PRIME = 2**31 - 1


def kernel_word(line):
    """Outputs, inputs, taps; a shared letter once."""
    return "".join(dict.fromkeys(word((*line.outputs, *line.inputs, *line.taps))))


def extents(line, values):
    """What every letter runs over, taps included."""
    sizes = {}
    for _, family in line.branches:
        sizes |= sizes_of(family, values)
    return sizes | {tap.name: values[DIRECTIONS[tap].kernel] for tap in line.taps}


def ambient(line, values):
    """Entries of the kernel that the family may fill."""
    sizes = extents(line, values)
    return prod(sizes[letter] for letter in kernel_word(line))


def jacobian_rank(line, values, seed=1):
    """The rank, modulo a prime and at a random point, of the derivative of all kernel entries by
    all weights: a lower bound for the dimension, and it with overwhelming probability."""
    random, sizes = Random(seed), extents(line, values)
    free = kernel_word(line)
    rows = {at: n for n, at in enumerate(product(*(range(sizes[x]) for x in free)))}
    centre = {tap.name: (sizes[tap.name] - 1) // 2 for tap in line.taps}
    columns, entries = {}, {}
    for branch, family in enumerate(branches_of(line, values)):
        factors = [
            (letters, {at: random.randrange(1, PRIME) for at in tensor})
            for letters, tensor in factors_of(family, sizes, random)
        ]
        names = "".join(dict.fromkeys("".join(letters for letters, _ in factors)))
        for at in product(*(range(sizes[x]) for x in names)):
            value = centre | dict(zip(names, at, strict=True))
            row = rows[tuple(value[x] for x in free)]
            places = [tuple(value[x] for x in letters) for letters, _ in factors]
            for n, place in enumerate(places):
                column = columns.setdefault((branch, n, place), len(columns))
                others = (factors[k][1][q] for k, q in enumerate(places) if k != n)
                entries[row, column] = entries.get((row, column), 0) + prod(others)
    matrix = nmod_mat(len(rows), len(columns), PRIME)
    for (row, column), entry in entries.items():
        matrix[row, column] = entry % PRIME
    return matrix.rank()


def cut_rank(kernel, free, sizes, rows, columns, kept):
    """Exact ranks of the rows × columns matrix of a kernel, one for every value of kept."""
    rest = dict.fromkeys(free, 0)

    def entry(*numbers):
        value = rest | dict(zip(kept + rows + columns, numbers, strict=True))
        return kernel[tuple(value[x] for x in free)]

    def over(letters):
        return product(*(range(sizes[x]) for x in letters))

    def matrix(*at):
        return [[entry(*at, *row, *column) for column in over(columns)] for row in over(rows)]

    return [fmpz_mat(matrix(*at)).rank() for at in over(kept)]
