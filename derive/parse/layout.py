"""Which layout an array of weights is in, and the kernel K[o, i, taps] that it stands for.

A layout that is named is obeyed. Else the array is read as PyTorch stores it, unless only another
layout fits, the zeros between the groups are written out, or a depthwise line is given an array
that only Keras would store. A matrix is one filter, or, if it is large, the weight of a linear
layer, which is a 1 × 1 convolution. What else it could be is reported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

from sympy import Expr

from derive.algebra.kernel import Kernel
from derive.algebra.matrix import Number
from derive.notation.errors import InputError
from derive.notation.family import Line
from derive.notation.letters import a, b, C_in, C_out, g, i, o
from derive.notation.weights import block_channels, Reading, Stored
from derive.parse.entries import Entries, LARGEST, sides

WINDOW = 63  # taps a side beyond which a matrix is the weight of a linear layer


@dataclass(frozen=True)
class Known:
    """What is known of an array: its layout and its groups if they are given, whether its layer is
    transposed, the line it is read for, and the outputs that a depthwise line makes of an input."""

    layout: str | None = None
    groups: int | None = None
    transposed: bool = False
    line: Line | None = None
    multiplier: int = 1

    @property
    def copies(self) -> Expr | None:
        """Output channels of every input channel, for a line that keeps the channels apart."""
        if self.line is None or not set(self.line.inputs) <= set(self.line.outputs):
            return None
        return self.line.channels[C_out] / self.line.channels[C_in]


def laid_out(name: str, entries: Entries, known: Known | None = None) -> tuple[Kernel, Reading]:
    """Entries as a kernel K[o, i, taps] in full, and how they were read.

    InputError, with the shape and what would fit, if no reading fits or the kernel is too large.

    >>> kernel, reading = laid_out("k", Entries((4, 1, 1, 2), range(1, 9)), Known(groups=2))
    >>> kernel.nested
    [[[[1, 2]], [[0, 0]]], [[[3, 4]], [[0, 0]]], [[[0, 0]], [[5, 6]]], [[[0, 0]], [[7, 8]]]]
    >>> reading.stored.words
    '(C_out, C_in/2, k_h, k_w)'
    """
    known = known or Known()
    linear = _looks_linear(entries, known)
    if linear:
        entries = replace(entries, shape=(*entries.shape, 1, 1))
    flat = entries.shape
    entries, known = _with_channels(entries, known)
    stored = _chosen(name, entries, known)
    if prod(stored.extents) > LARGEST:
        raise InputError(
            f"{name} of {sides(stored.shape)} has {prod(stored.extents):,} entries when written out"
            f" in full ({sides(stored.extents)}): at most {LARGEST:,} are read"
        )
    candidates = [_one_filter(flat)] if linear else _others(stored, known)
    others = tuple(pair for pair in candidates if not _complaint(pair[1], known))
    reading = Reading(stored, known.groups or stored.groups, others)
    return _kernel(entries, stored), reading


def _looks_linear(entries: Entries, known: Known) -> bool:
    """Whether a matrix is the weight of a linear layer, (C_out, C_in): wider than a window is."""
    return len(entries.shape) == 2 and known.layout is None and min(entries.shape) > WINDOW


def _one_filter(shape: tuple[int, ...]) -> tuple[str, Stored]:
    """The option that reads a matrix as one filter, and what it makes of it."""
    return "--layout dense", Stored("dense", (1, 1, *shape[:2]))


def _with_channels(entries: Entries, known: Known) -> tuple[Entries, Known]:
    """The entries with axes of channels: a matrix has one channel, whatever the layout."""
    if len(entries.shape) > 2:
        return entries, known
    last = (known.layout or "").startswith("keras")
    shape = (*entries.shape, 1, 1) if last else (1, 1, *entries.shape)
    return replace(entries, shape=shape), replace(known, layout=known.layout or "dense")


def _chosen(name: str, entries: Entries, known: Known) -> Stored:
    """The first reading that fits."""
    written_out = Stored("dense", entries.shape, transposed=known.transposed)
    if known.layout is None and not _complaint(written_out, known):
        groups = known.groups or (1 if known.copies is None else written_out.channels[0])
        blocks = _only_blocks(entries.numbers, written_out.extents, groups)
        if entries.in_full or blocks:
            return written_out
    readings = list(_readings(entries.shape, known))
    for stored in readings:
        if not _complaint(stored, known):
            return stored
    first = readings[0]
    layout = "" if first.layout == "dense" else f" in the layout {first.words} of {first.layout}"
    raise InputError(f"{name} is {sides(entries.shape)}{layout}: {_complaint(first, known)}")


def _readings(shape: tuple[int, ...], known: Known) -> Iterator[Stored]:
    """What an array of a shape can be, the likeliest first."""
    for layout in (known.layout,) if known.layout else _likely(shape, known):
        plain = Stored(layout, shape, transposed=known.transposed)
        if layout == "dense":
            yield plain
        elif layout == "keras-depthwise":
            yield replace(plain, groups=known.groups or shape[-2])
        elif known.groups:
            yield replace(plain, groups=known.groups)
        else:
            apart = [] if known.copies is None else [_apart(plain, known)]
            yield from sorted([plain, *apart], key=lambda one: one.groups == 1 and _lone(plain))


def _likely(shape: tuple[int, ...], known: Known) -> Iterator[str]:
    """The layouts that are tried in turn: those of Keras only for shapes that look like it."""
    depthwise = _looks_depthwise(shape)
    if known.copies is not None and depthwise:
        yield "keras-depthwise"
    yield "pytorch"
    if _looks_like_keras(shape):
        yield "keras"
    if depthwise:
        yield "keras-depthwise"
    yield "dense"


def _looks_like_keras(shape: tuple[int, ...]) -> bool:
    """Whether a window would stand first, and last what is too wide for one."""
    windows = shape[: len(shape) - 2]
    return min(windows) > 1 and max(shape[2:]) > max(shape[:2])


def _looks_depthwise(shape: tuple[int, ...]) -> bool:
    """Whether a window would stand first, then more channels than it is wide, each copied less
    often."""
    *windows, channels, copies = shape
    return min(windows) > 1 and channels > max(*windows, copies)


def _lone(plain: Stored) -> bool:
    """Whether one group would store a single channel of the side that frameworks divide."""
    return plain.channels[plain.transposed] == 1


def _apart(plain: Stored, known: Known) -> Stored:
    """The array with as many groups as there are input channels."""
    inputs, outputs = plain.channels
    if plain.transposed:
        return replace(plain, groups=inputs)
    copies = known.copies
    each = int(copies) if copies is not None and copies.is_Integer else known.multiplier
    return replace(plain, groups=max(1, outputs // each))


def _complaint(stored: Stored, known: Known) -> str:
    """Why a reading does not fit the array, the groups or the line; empty if it does."""
    inputs, outputs = stored.channels
    if stored.complaint:
        return f"{stored.complaint}{_fitting(stored)}"
    for side, channels in (("input", inputs), ("output", outputs)):
        if channels % (known.groups or 1):
            return f"groups {known.groups} must divide the {channels} {side} channels"
    if stored.transposed and stored.layout == "keras-depthwise":
        return "Keras has no transposed depthwise layer: take pytorch, keras or dense"
    if known.copies is None:
        return ""
    if outputs % inputs == 0 and (not known.copies.is_Integer or outputs == known.copies * inputs):
        return ""
    each = "as many output as input channels" if known.copies == 1 else f"{known.copies} outputs"
    words = each if known.copies == 1 else f"{each} of every input channel"
    return f"{known.line} makes {words}, not {outputs} of {inputs}; {_depthwise(stored, known)}"


def _depthwise(stored: Stored, known: Known) -> str:
    """The shapes in PyTorch that would fit a line that keeps the channels apart."""
    taps = ", ".join(str(stored.sizes[tap]) for tap in stored.taps)
    made = "C" if known.copies == 1 else f"C·{known.copies}"
    if stored.transposed:
        return f"PyTorch stores (C, {known.copies}, {taps})"
    return f"PyTorch stores ({made}, 1, {taps})"


def _fitting(stored: Stored) -> str:
    """The groups that would fit."""
    extent = next(n for x, n in zip(stored.axes, stored.shape, strict=True) if g in x)
    if stored.layout == "keras-depthwise":
        return ""
    fitting = [n for n in range(1, extent + 1) if extent % n == 0]
    shown = ", ".join(map(str, fitting[:12]))
    return f"; {shown}{', …' if len(fitting) > 12 else ''} would fit"


def _others(stored: Stored, known: Known) -> Iterator[tuple[str, Stored]]:
    """Other readings that one could have meant, with the options that ask for them."""
    plain = replace(stored, groups=1)
    if known.layout is None:
        if stored.layout != "pytorch":
            yield "--layout pytorch", replace(plain, layout="pytorch", groups=known.groups or 1)
        elif (known.groups or 1) > 1:
            yield "--layout dense", replace(plain, layout="dense")
        if stored.layout == "pytorch" and not _lone(plain):
            if _looks_like_keras(stored.shape):
                yield "--layout keras", replace(plain, layout="keras", groups=known.groups or 1)
            if _looks_depthwise(stored.shape):
                depthwise = replace(plain, layout="keras-depthwise", groups=stored.shape[-2])
                yield "--layout keras-depthwise", depthwise
    if known.groups is None and stored.layout in ("pytorch", "keras"):
        if stored.groups > 1:
            yield "--groups 1", plain
        elif _lone(plain) and max(plain.channels) > 1:
            groups = max(plain.channels)
            yield f"--groups {groups}", replace(plain, groups=groups)


def _kernel(entries: Entries, stored: Stored) -> Kernel:
    """The kernel in full: the blocks of the groups, with zeros between them."""
    letters = tuple(x for axis in stored.axes for x in axis)
    array = Kernel(letters, tuple(stored.sizes[x] for x in letters), entries.numbers)
    blocks = array.view((g, b, a, *stored.taps)).flat
    numbers = list(_with_zeros(blocks, stored)) if stored.groups > 1 else blocks
    return Kernel((o, i, *stored.taps), stored.extents, numbers)


def _with_zeros(blocks: Sequence[Number], stored: Stored) -> Iterator[Number]:
    inputs, outputs, taps = block_channels(stored.extents, stored.groups)
    row = inputs * taps
    for output in range(stored.channels[1]):
        before = output // outputs * row
        yield from (0 for _ in range(before))
        yield from blocks[output * row : (output + 1) * row]
        yield from (0 for _ in range((stored.groups - 1) * row - before))


def _only_blocks(numbers: Sequence[Number], extents: tuple[int, ...], groups: int) -> bool:
    """Whether K[o, i, taps] is 0 between the groups and not everywhere."""
    if groups == 1:
        return False
    inputs, outputs, taps = block_channels(extents, groups)
    block, row = inputs * taps, groups * inputs * taps
    inside = (place // row // outputs == place % row // block for place in range(len(numbers)))
    kept = [own for entry, own in zip(numbers, inside, strict=True) if entry]
    return bool(kept) and all(kept)
