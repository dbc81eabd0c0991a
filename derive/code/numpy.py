"""NumPy: a stage is one product of matrices for each tap; the check slides all windows at once."""

from collections.abc import Iterable

from derive.code.functional import Dialect, functional, weight_shape
from derive.code.plan import Convolution, Plan
from derive.code.text import listed, Weights

GATHER = '''def convolve(x, weight, stride, dilation, padding, groups=1):
    """Every tap reads the padded image where its windows stand, and mixes the channels there."""
    x = np.pad(x, [(0, 0), (0, 0), *padding])
    steps = [(n - d * (k - 1) - 1) // s + 1
             for n, k, s, d in zip(x.shape[2:], weight.shape[2:], stride, dilation)]
    w = weight.reshape(groups, -1, *weight.shape[1:])
    y = 0
    for tap in np.ndindex(*weight.shape[2:]):
        read = [slice(d * t, d * t + s * (n - 1) + 1, s)
                for t, n, s, d in zip(tap, steps, stride, dilation)]
        pixels = x[(..., *read)].reshape(len(x), groups, w.shape[2], -1)
        y = y + w[(..., *tap)] @ pixels
    return y.reshape(len(x), -1, *steps)'''
SCATTER = '''def convolve(x, weight, stride, dilation, groups=1):
    """Every tap mixes the channels of all pixels, and adds them to where it writes."""
    full = [s * (n - 1) + d * (k - 1) + 1
            for n, k, s, d in zip(x.shape[2:], weight.shape[2:], stride, dilation)]
    y = np.zeros((len(x), len(weight), *full))
    w = weight.reshape(groups, -1, *weight.shape[1:])
    pixels = x.reshape(len(x), groups, w.shape[2], -1)
    for tap in np.ndindex(*weight.shape[2:]):
        write = [slice(d * t, d * t + s * (n - 1) + 1, s)
                 for t, n, s, d in zip(tap, x.shape[2:], stride, dilation)]
        y[(..., *write)] += (w[(..., *tap)] @ pixels).reshape(len(x), -1, *x.shape[2:])
    return y'''
AXES = "zyx", "tuv"


def numpy(plan: Plan, weights: Weights | None = None) -> str:
    """The layer in NumPy, and the check that it equals the single convolution.

    ``weights`` is the path of a .npz file with an array for each factor, or the arrays.
    """
    return functional(plan, NUMPY, weights)


def _start(plan: Plan) -> list[str]:
    body = SCATTER if plan.single.transposed else GATHER
    return ["import numpy as np", "", "rng = np.random.default_rng(0)", "", "", *body.splitlines()]


def _convolution(stage: Convolution, image: str, weight: str) -> str:
    """The call of a stage; what is cropped is a slice."""
    windows = stage.windows
    options = [f"stride={_tuple(w.stride for w in windows)}"]
    options += [f"dilation={_tuple(w.dilation for w in windows)}"]
    groups = [f"groups={stage.groups}"] if stage.groups > 1 else []
    if stage.transposed:
        made = f"convolve({listed([image, weight, *options, *groups])})"
        return _framed(made, [(-w.before, -w.after) for w in windows])
    margins = [(max(0, w.before), max(0, w.after)) for w in windows]
    image = _framed(image, [(min(0, w.before), min(0, w.after)) for w in windows])
    options.append(f"padding=[{listed(margins)}]")
    return f"convolve({listed([image, weight, *options, *groups])})"


def _single(stage: Convolution) -> list[str]:
    """Lines for the single convolution: all windows at once, contracted in one einsum."""
    windows = stage.windows
    axes = range(2, 2 + len(windows))
    strides = listed(":" if w.stride == 1 else f"::{w.stride}" for w in windows)
    steps = listed(":" if w.dilation == 1 else f"::{w.dilation}" for w in windows)
    lines = []
    margins = [(w.before, w.after) for w in windows]
    image = "x"
    if stage.transposed:
        spread = [(w.input - 1) * w.stride + 1 for w in windows]
        margins = [(w.span - 1 - w.before, w.span - 1 - w.after) for w in windows]
        lines.append(f"image = np.zeros({_tuple((2, stage.channels_in, *spread))})")
        lines.append(f"image[:, :, {strides}] = x")
        image, strides = "image", listed(":" for _ in windows)
    lines.append(f"image = {_framed(image, margins)}")
    spans = _tuple(w.span for w in windows)
    slide = f"np.lib.stride_tricks.sliding_window_view(image, {spans}, {_tuple(axes)})"
    lines.append(f"windows = {slide}[:, :, {strides}, {steps}]")
    pixels, taps = (letters[-len(windows) :] for letters in AXES)
    turned = "".join([":, :", *(", ::-1" for _ in windows)])
    weight = f"kernel[{turned}]" if stage.transposed else "kernel"
    if stage.groups == 1:
        subscripts = f"bi{pixels}{taps},oi{taps}->bo{pixels}"
        lines.append(f'expected = np.einsum("{subscripts}", windows, {weight}, optimize=True)')
        return lines
    per = stage.extent(stage.summed)
    sizes = (stage.groups, stage.extent(stage.made), *weight_shape(stage)[1:])
    lines.append(f"windows = windows.reshape(2, {stage.groups}, {per}, *windows.shape[2:])")
    lines.append(f"kernel = {weight}.reshape({listed(sizes)})")
    subscripts = f"bgi{pixels}{taps},goi{taps}->bgo{pixels}"
    sides = listed((2, stage.channels_out, *(w.output for w in windows)))
    lines.append(f'expected = np.einsum("{subscripts}", windows, kernel, optimize=True)')
    lines.append(f"expected = expected.reshape({sides})")
    return lines


def _framed(image: str, margins: list[tuple[int, int]]) -> str:
    """An image with zeros around it, or less of it where a margin is negative."""
    if any(number < 0 for pair in margins for number in pair):
        cut = listed(_cut(before, after) for before, after in margins)
        image = f"{image}[:, :, {cut}]"
    added = [(max(0, before), max(0, after)) for before, after in margins]
    if any(number for pair in added for number in pair):
        return f"np.pad({image}, [(0, 0), (0, 0), {listed(added)}])"
    return image


def _cut(before: int, after: int) -> str:
    return f"{-before if before < 0 else ''}:{after if after < 0 else ''}"


def _tuple(numbers: Iterable[int]) -> str:
    return str(tuple(numbers))


NUMPY = Dialect(
    framework="NumPy",
    module="np",
    start=_start,
    convolution=_convolution,
    single=_single,
    random=lambda shape: f"rng.standard_normal({shape})",
    added=lambda where, value: f"kernel{where} += {value}",
    tolerance="atol=1e-9 * np.abs(expected).max()",
)
