"""A stage as operations of ONNX: which carries the window, and what a Pad around it has to say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from derive.code.plan import Convolution

Numbers = Mapping[str, list[int] | int]


@dataclass(frozen=True)
class Operation:
    """An operation: its kind, the tensors that it reads and writes, and its attributes.

    ``about`` are comments that go above it where it is printed.
    """

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Numbers = field(default_factory=dict)
    about: tuple[str, ...] = ()


def operations(
    stage: Convolution, read: str, weights: Sequence[str], write: str
) -> Iterator[Operation]:
    """The convolution of a stage, and the padding or cropping that it cannot say."""
    margins = [_rest(stage, side) for side in range(2)]
    rest = [0, 0, *margins[0], 0, 0, *margins[1]]
    framed = f"{write}_framed"
    by = Operation("Constant", (), (f"{framed}_by",), {"value_ints": rest})
    inner, outer = read, write
    if any(rest) and stage.transposed:
        outer = framed
    if any(rest) and not stage.transposed:
        yield by
        yield Operation("Pad", (read, f"{framed}_by"), (framed,))
        inner = framed
    kind = "ConvTranspose" if stage.transposed else "Conv"
    yield Operation(kind, (inner, *weights), (outer,), _attributes(stage))
    if any(rest) and stage.transposed:
        yield by
        yield Operation("Pad", (framed, f"{framed}_by"), (write,))


def _attributes(stage: Convolution) -> Numbers:
    """The attributes of a convolution that are not the usual ones."""
    windows = stage.windows
    pads = [max(0, w.before) for w in windows] + [max(0, w.after) for w in windows]
    extra = [_extra(w.stride, w.after) if stage.transposed else 0 for w in windows]
    found: dict[str, list[int] | int] = {}
    for name, numbers, usual in (
        ("strides", [w.stride for w in windows], 1),
        ("pads", pads, 0),
        ("dilations", [w.dilation for w in windows], 1),
        ("output_padding", extra, 0),
    ):
        if set(numbers) != {usual}:
            found[name] = numbers
    if stage.groups > 1:
        found["group"] = stage.groups
    return found


def _extra(stride: int, after: int) -> int:
    """The output padding: pixels beyond the last that is written to, fewer than the stride."""
    return -after if -stride < after < 0 else 0


def _rest(stage: Convolution, side: int) -> list[int]:
    """What a convolution cannot say: cropping of one, padding of a transposed one."""
    ends = [(w.before, w.after)[side] for w in stage.windows]
    if not stage.transposed:
        return [min(0, end) for end in ends]
    extras = [_extra(w.stride, w.after) if side else 0 for w in stage.windows]
    return [max(0, -end - extra) for end, extra in zip(ends, extras, strict=True)]
