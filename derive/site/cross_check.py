"""The cross-check run while the site is built: literal loops against the closed forms.

A small layer with everything unequal is computed by ``derive.oracle`` from the definition; if one
number differs, the build stops.
"""

from dataclasses import dataclass
from itertools import product

from sympy import Expr, Symbol

from derive import oracle
from derive.comparison import Row
from derive.notation.axis import Axis
from derive.notation.errors import CheckError
from derive.notation.family import Family
from derive.notation.layer import Layer


@dataclass(frozen=True)
class CheckedQuantity:
    """One quantity, from its formula and counted by loops."""

    name: str
    formula: int
    counted: int


def small_layer(row: Row) -> Layer:
    """A layer of a few pixels with stride, dilation, unequal padding and unequal sides."""
    plane = (
        Axis(5, 3, stride=2, before=1, after=0),
        Axis(6, 3, dilation=2, before=2, after=1),
    )
    depth = (Axis(3, 3, before=1, after=1),) * (len(row.layer.axes) - 2)
    layer = row.layer
    return Layer(layer.channels_in, layer.channels_out, (*depth, *plane), layer.groups)


def both_ways(row: Row) -> list[CheckedQuantity]:
    """Counts and output of a row on the small layer both ways; CheckError if unequal."""
    small = Row(row.entry, row.line, small_layer(row), row.setting)
    run, same = _run(small)
    counted = {
        "multiplications": run.multiplications,
        "additions": run.additions,
        "macs_in_bounds": run.in_bounds,
        "activations": run.written,
    }
    found = [CheckedQuantity(name, small.number(name), n) for name, n in counted.items()]
    wrong = [comparison for comparison in found if comparison.formula != comparison.counted]
    if wrong or not same:
        raise CheckError(f"{row.entry.name}: formulas and loops disagree: {wrong or 'output'}")
    return found


def _run(row: Row) -> tuple[oracle.Run, bool]:
    """The pipelines run by loops, and whether they equal the convolution with their kernel."""
    image = _tensor(row, row.line.inputs, [int(axis.input) for axis in row.layer.axes], seed=1)
    runs, kernels = [], []
    for times, family in row.line.branches:
        for copy in range(int(times.xreplace(row.values))):
            run, kernel = _branch(row, family, image, seed=2 + copy)
            runs.append(run)
            kernels.append(kernel)
    total = oracle.add(*runs) if len(runs) > 1 else runs[0]
    whole = {index: sum(kernel[index] for kernel in kernels) for index in kernels[0]}
    inputs, outputs = (oracle.word(x) for x in (row.line.inputs, row.line.outputs))
    direct = oracle.convolve(
        whole, image, inputs, outputs, oracle.word(row.layer.taps), _sizes(row), _axes(row)
    )
    return total, direct.output == total.output


def _branch(
    row: Row, family: Family, image: dict[oracle.Index, int], seed: int
) -> tuple[oracle.Run, dict[oracle.Index, oracle.Number]]:
    factors = [
        (oracle.word(factor.indices), _tensor(row, factor.indices, [], seed + 7 * number))
        for number, factor in enumerate(family.factors)
    ]
    inputs, outputs = oracle.word(family.inputs), oracle.word(family.outputs)
    run = oracle.pipeline(factors, image, inputs, outputs, _sizes(row), _axes(row))
    taps = oracle.word(row.layer.taps)
    return run, oracle.contract(factors, inputs, outputs, taps, _sizes(row))


def _tensor(
    row: Row, letters: tuple[Symbol, ...], sides: list[int], seed: int
) -> dict[oracle.Index, int]:
    """Small integers that look like nothing in particular, some negative."""
    sizes = _sizes(row)
    extents = [sizes[x.name] for x in letters] + sides
    indices = product(*map(range, extents))
    return {index: (seed * (n + 3) ** 2 + n) % 11 - 5 for n, index in enumerate(indices)}


def _sizes(row: Row) -> dict[str, int]:
    letters: dict[str, Expr] = {}
    for _, family in row.line.branches:
        letters |= {x.name: family.sizes[x] for x in family.letters}
    letters |= {d.tap.name: d.kernel for d in row.layer.directions}
    return {name: int(extent.xreplace(row.values)) for name, extent in letters.items()}


def _axes(row: Row) -> dict[str, oracle.Axis]:
    return {
        direction.tap.name: oracle.Axis(
            *(
                int(n)
                for n in (
                    axis.size,
                    axis.kernel,
                    axis.stride,
                    axis.dilation,
                    axis.before,
                    axis.after,
                )
            )
        )
        for direction, axis in zip(row.layer.directions, row.layer.axes, strict=True)
    }
