"""The loops themselves: convolution, contraction, pipeline; every operation is counted.

Letters name the indices: sizes maps each letter to its size, axes maps each tap letter to its Axis,
in the order of the image's spatial axes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product

from derive.oracle.axis import Axis
from derive.oracle.tensors import Index, Number, Tensor

Factor = tuple[str, Tensor]  # ("jiu", A) is A[j,i,u]
Sizes = Mapping[str, int]
Axes = Mapping[str, Axis]
Product = tuple[Index, Number, Number | None]  # place, weight, pixel: None is padding


@dataclass(frozen=True)
class Run:
    """An output keyed (channels..., pixels...), and the operations spent on it.

    multiplications and additions take padding zeros like any number, the two in_bounds counts
    skip them; written counts the outputs, those of earlier stages included.

    >>> Run({(0,): 1}, multiplications=2).then(Run({(0,): 5}, multiplications=3)).operations
    5
    """

    output: dict[Index, Number]
    multiplications: int = 0
    additions: int = 0
    in_bounds: int = 0
    additions_in_bounds: int = 0
    written: int = 0

    @property
    def values(self) -> tuple[Number, ...]:
        """The numbers of the output, in order."""
        return tuple(self.output.values())

    @property
    def operations(self) -> int:
        """Multiplications and additions, those with padding zeros included."""
        return self.multiplications + self.additions

    def then(self, later: "Run") -> "Run":
        """The later output, at the cost of both."""
        counts = [count.name for count in fields(Run)[1:]]
        return Run(later.output, *(getattr(self, n) + getattr(later, n) for n in counts))


def convolve(
    kernel: Tensor,
    image: Tensor,
    inputs: str,
    outputs: str,
    taps: str,
    sizes: Sizes,
    axes: Axes,
    bias: Tensor | None = None,
) -> Run:
    """Y[o,y] = sum_{i,u} K[o,i,u] X[i, s y + d u - p-] + bias[o]: the definition.

    Shapes: K[outputs, inputs, taps], X[inputs, pixels], bias[outputs] -> Y[outputs, pixels]; a
    letter in both inputs and outputs is two independent indices of K.
    Raises ValueError if taps are not the axes in order or X does not fill its axes, KeyError if
    K or bias lacks an entry.

    >>> K, X = {(0, 0, 0): 1, (0, 0, 1): -1}, {(0, 0): 5, (0, 1): 3, (0, 2): 2}
    >>> convolve(K, X, "i", "o", "u", {"i": 1, "o": 1}, {"u": Axis(size=3, kernel=2)}).output
    {(0, 0): 2, (0, 1): 1}
    """
    if taps != "".join(axes):
        raise ValueError(f"taps {taps!r} are not the axes {''.join(axes)!r}")
    _check(image, inputs, sizes, axes)
    pixels = [axis.outputs for axis in axes.values()]
    all_taps = list(_grid(axis.kernel for axis in axes.values()))
    windows = [(y, [(u, _place(axes, y, u)) for u in all_taps]) for y in _grid(pixels)]

    def products() -> Iterator[Product]:
        for o in _box(outputs, sizes):
            for y, window in windows:
                for i in _box(inputs, sizes):
                    for u, a in window:
                        yield o + y, kernel[o + i + u], image.get(i + a)

    return _add_up(products(), _box(outputs, sizes), pixels, bias)


def contract(
    factors: Sequence[Factor], inputs: str, outputs: str, taps: str, sizes: Sizes
) -> dict[Index, Number]:
    """K[o,i,u] = the product of the factors, summed over every letter not in o, i or u.

    Shapes: each tensor by its letters -> K[outputs, inputs, taps]. A letter in both inputs and
    outputs gives a Kronecker delta, a tap in no factor the delta of its centre (k-1)//2.
    Raises KeyError if a letter has no size or a tensor lacks an entry.

    >>> contract([("u", {(0,): 1, (1,): 2}), ("v", {(0,): 3})], "", "", "uv", {"u": 2, "v": 1})
    {(0, 0): 3, (1, 0): 6}
    """
    free = outputs + inputs + taps
    used = "".join(letters for letters, _ in factors)
    summed = _unique(letter for letter in used if letter not in free)
    centre = {tap: (sizes[tap] - 1) // 2 for tap in taps if tap not in used}
    kernel: dict[Index, Number] = dict.fromkeys(_box(free, sizes), 0)
    for index in kernel:
        value = dict(zip(free, index, strict=True)) | centre
        if index != _pick(value, free):  # off a diagonal or off a centre
            continue
        for bound in _box(summed, sizes):
            value |= zip(summed, bound, strict=True)
            term: Number = 1
            for letters, tensor in factors:
                term *= tensor[_pick(value, letters)]
            kernel[index] += term
    return kernel


def pipeline(
    factors: Sequence[Factor],
    image: Tensor,
    inputs: str,
    outputs: str,
    sizes: Sizes,
    axes: Axes,
    biases: Sequence[Tensor | None] | None = None,
) -> Run:
    """Factor after factor F maps Z to Z'[c',y] = sum_{c,u} F Z[c, s y + d u - p-] + bias[c'].

    Shapes: X[inputs, pixels] -> Y[outputs, pixels]; between stages Z[c, pixels], c the letters met
    so far, in order, that a later factor or the output needs. A factor holding a tap works along
    its axis; a tap in no factor is read at its centre (k-1)//2 by the first stage.
    Raises ValueError without factors, if two hold the same tap, if X does not fill its axes or
    biases are not one per factor, KeyError if a factor or a bias lacks an entry.

    >>> F, X = [("ju", {(0, 0): 1, (0, 1): 1}), ("oj", {(0, 0): 3})], {(0,): 1, (1,): 2}
    >>> pipeline(F, X, "", "o", {"j": 1, "o": 1}, {"u": Axis(size=2, kernel=2)}).output
    {(0, 0): 9}
    """
    _check(image, inputs, sizes, axes)
    biases = [None] * len(factors) if biases is None else biases
    run, ends = Run(dict(image)), {tap: axis.outputs for tap, axis in axes.items()}
    stages = _stages(factors, inputs, outputs, sizes, axes, ends)
    for stage, bias in zip(stages, biases, strict=True):
        products = stage.gather(run.output)
        run = run.then(_add_up(products, _box(stage.after, sizes), stage.pixels, bias))
    return run


def scatter(
    factors: Sequence[Factor],
    image: Tensor,
    inputs: str,
    outputs: str,
    sizes: Sizes,
    axes: Axes,
    output_padding: Sizes,
    biases: Sequence[Tensor | None] | None = None,
) -> Run:
    """Transposed: each pixel a and tap u of Z[c] adds F Z[c,a] to Z'[c', s a + d u - p-].

    Shapes, stages and errors as in pipeline; H pixels with output padding q become
    (H-1)s - p- - p+ + d(k-1) + q + 1, and what lands outside them is computed and thrown away. A
    bias is added to every output; where nothing landed it is the output.

    >>> F, X, axis = [("u", {(0,): 1, (1,): 2})], {(0,): 1, (1,): 10}, Axis(size=2, kernel=2)
    >>> scatter(F, X, "", "", {}, {"u": axis}, {"u": 0}).output
    {(0,): 1, (1,): 12, (2,): 20}
    """
    _check(image, inputs, sizes, axes)
    run, ends = Run(dict(image)), {}
    for tap, axis in axes.items():
        last = axis.at(axis.size - 1, axis.kernel - 1)
        ends[tap] = max(0, last - axis.after + output_padding[tap] + 1)
    biases = [None] * len(factors) if biases is None else biases
    stages = _stages(factors, inputs, outputs, sizes, axes, ends)
    for stage, bias in zip(stages, biases, strict=True):
        products = stage.scatter(run.output)
        run = run.then(_add_up(products, _box(stage.after, sizes), stage.pixels, bias))
    return run


def add(*runs: Run) -> Run:
    """Y = Y_1 + ... + Y_b: parallel branches, added one by one at every output.

    Raises ValueError without branches, or if the keys of two outputs differ.

    >>> add(Run({(0,): 1}), Run({(0,): 2}), Run({(0,): 3})).additions
    2
    """
    if len({frozenset(run.output) for run in runs}) != 1:
        raise ValueError("branches need outputs of equal keys")
    total = Run({})
    for run in runs:
        total = total.then(run)
    output = {index: sum(run.output[index] for run in runs) for index in runs[0].output}
    sums = len(output) * (len(runs) - 1)
    return total.then(Run(output, additions=sums, additions_in_bounds=sums, written=sums))


@dataclass(frozen=True)
class _Stage:
    """One factor at work: it maps Z[before, pixels] to Z'[after, pixels]."""

    factor: Factor
    before: str
    after: str
    sizes: Sizes
    axes: Axes
    pixels: list[int]  # of Z'

    def entries(self) -> Iterator[tuple[Number, Index, Index, Index]]:
        """Each entry of the factor with the channels before and after it and the tap."""
        letters, tensor = self.factor
        names = _unique(self.before + self.after + letters)
        value = {tap: (axis.kernel - 1) // 2 for tap, axis in self.axes.items()}
        for index in _box(names, self.sizes):
            value |= zip(names, index, strict=True)
            c, o, u = (_pick(value, word) for word in (self.before, self.after, self.axes))
            yield tensor[_pick(value, letters)], c, o, u

    def gather(self, image: Tensor) -> Iterator[Product]:
        windows = self.moved(self.pixels)
        for weight, c, o, u in self.entries():
            for y, a in windows[u]:
                yield o + y, weight, image.get(c + a)

    def scatter(self, image: Tensor) -> Iterator[Product]:
        targets = self.moved(axis.size for axis in self.axes.values())
        for weight, c, o, u in self.entries():
            for a, y in targets[u]:
                yield o + y, weight, image[c + a]

    def moved(self, extents: Iterable[int]) -> dict[Index, list[tuple[Index, Index]]]:
        """For each tap u: every place y of some extents, with s y + d u - p-."""
        places = list(_grid(extents))
        taps = _grid(axis.kernel for axis in self.axes.values())
        return {u: [(y, _place(self.axes, y, u)) for y in places] for u in taps}


def _stages(
    factors: Sequence[Factor], inputs: str, outputs: str, sizes: Sizes, axes: Axes, ends: Sizes
) -> Iterator[_Stage]:
    words = [letters for letters, _ in factors]
    used = "".join(words)
    if not words or any(used.count(tap) > 1 for tap in axes):
        raise ValueError(f"each tap needs one factor: {words}")
    sizes = {**sizes, **{tap: axis.kernel for tap, axis in axes.items()}}
    before, size = inputs, {tap: axis.size for tap, axis in axes.items()}
    for n, (word, tensor) in enumerate(factors, start=1):
        needed = outputs + "".join(words[n:])
        after = _unique(c for c in before + word if c in needed) if words[n:] else outputs
        # an axis at rest is an axis with one tap, read at that tap
        here = {tap: Axis(size[tap], kernel=1) for tap in axes}
        for tap, axis in axes.items():
            if tap in word or (n == 1 and tap not in used):
                here[tap], size[tap] = axis, ends[tap]
        yield _Stage((word, tensor), before, after, sizes, here, list(size.values()))
        before = after


def _add_up(
    products: Iterable[Product], channels: Iterable[Index], pixels: list[int], bias: Tensor | None
) -> Run:
    outputs = {c + y: c for c in channels for y in _grid(pixels)}
    dense: dict[Index, Number] = {}
    inner: dict[Index, Number] = {}
    multiplications = additions = in_bounds = additions_in_bounds = 0
    for place, weight, pixel in products:
        multiplications += 1
        additions += _put(dense, place, weight * (pixel or 0))
        if pixel is not None and place in outputs:
            in_bounds += 1
            additions_in_bounds += _put(inner, place, weight * pixel)
    if bias is not None:
        for place, c in outputs.items():
            additions += _put(dense, place, bias[c])
            additions_in_bounds += _put(inner, place, bias[c])
    output = {place: dense.get(place, 0) for place in outputs}
    return Run(output, multiplications, additions, in_bounds, additions_in_bounds, len(output))


def _put(sums: dict[Index, Number], place: Index, number: Number) -> int:
    """The additions that adding a number to a sum takes: none if it is the first, else one."""
    begun = place in sums
    sums[place] = sums[place] + number if begun else number
    return int(begun)


def _check(image: Tensor, inputs: str, sizes: Sizes, axes: Axes) -> None:
    pixels = [axis.size for axis in axes.values()]
    if set(image) != {i + a for i, a in product(_box(inputs, sizes), _grid(pixels))}:
        raise ValueError(f"the image is not {inputs!r} by {pixels} pixels")


def _place(axes: Axes, y: Index, u: Index) -> Index:
    return tuple(map(Axis.at, axes.values(), y, u))


def _grid(extents: Iterable[int]) -> Iterator[Index]:
    return product(*map(range, extents))


def _box(letters: str, sizes: Sizes) -> Iterator[Index]:
    return _grid(sizes[letter] for letter in letters)


def _pick(value: Sizes, letters: Iterable[str]) -> Index:
    return tuple(value[letter] for letter in letters)


def _unique(letters: Iterable[str]) -> str:
    return "".join(dict.fromkeys(letters))
