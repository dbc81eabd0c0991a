"""What tools that count a network report for one convolution: conventions, and who follows them.

Every number is a linear form in four counts of the convolutions that a family consists of: dense
MACs, MACs in bounds, biases added, and numbers written.
"""

from dataclasses import asdict, dataclass

# What counts are called in a formula, in the order of its terms; biases of linear layers, where
# they are added, are added like all others.
LETTERS = {
    "macs": "M",
    "by_outputs": "M",
    "in_bounds": "Mᵢ",
    "outputs": "o",
    "bias": "b",
    "normalized": "n",
    "activated": "r",
    "averaged": "a",
    "averages": "a′",
    "maximized": "x",
    "normalizing": "w",
}


def in_letters(times: object) -> str:
    """A linear form in counts, whose multiples are the fields of a record under the names of
    LETTERS.

    >>> in_letters(Convention("as it happens", (), macs=2, bias=1, outputs=-1))
    '2M − o + b'
    """
    found = ((getattr(times, name, 0), letter) for name, letter in LETTERS.items())
    terms = [
        f"{'−' if n < 0 else '+'} {abs(n) if abs(n) > 1 else ''}{letter}"
        for n, letter in found
        if n
    ]
    return " ".join(terms).removeprefix("+ ")


@dataclass(frozen=True)
class Convention:
    """A way to count, as multiples of the four counts, and the releases measured to follow it.

    >>> Convention("each MAC is two", ("fvcore",), macs=2).number(macs=10, bias=1, outputs=1)
    20
    """

    words: str
    tools: tuple[str, ...]
    macs: int = 0
    in_bounds: int = 0
    bias: int = 0
    outputs: int = 0

    @property
    def formula(self) -> str:
        """The rule in letters."""
        return in_letters(self)

    def number(self, macs: int, in_bounds: int = 0, bias: int = 0, outputs: int = 0) -> int:
        """What the tools report; ``bias`` is 0 on a layer without bias."""
        counts = (macs, in_bounds, bias, outputs)
        times = (self.macs, self.in_bounds, self.bias, self.outputs)
        return sum(map(int.__mul__, times, counts))


CONVENTIONS = (
    Convention(
        "multiply–accumulates, biases left out",
        (
            "fvcore 0.1.5 (“flops”)",
            "thop 0.1.1",
            "ultralytics-thop 2.2.3",
            "torchprofile 0.1.0",
            "onnx_opcounter 0.0.4",
        ),
        macs=1,
    ),
    Convention(
        "multiply–accumulates, and one more for every bias added",
        ("ptflops 0.7.5", "torchinfo 1.8", "pthflops 0.4.2", "onnx-tool 1.0.1"),
        macs=1,
        bias=1,
    ),
    Convention(
        "twice the MACs, biases left out; exact for a chain of stages that all have a bias",
        ("PyTorch 2.13 FlopCounterMode", "PyTorch 2.13 profiler"),
        macs=2,
    ),
    Convention(
        "twice the MACs and every bias: one addition too many per output",
        ("calflops 0.3.2", "DeepSpeed 0.19.8", "TensorFlow 2.21 profiler"),
        macs=2,
        bias=1,
    ),
    Convention(
        "multiplications and additions as they happen: the exact dense count",
        ("torchscan 0.2.0",),
        macs=2,
        bias=1,
        outputs=-1,
    ),
    Convention(
        "padding zeros not multiplied, but one addition too many per output",
        ("XLA, JAX 0.10.2 cost_analysis",),
        in_bounds=2,
        bias=1,
    ),
)


@dataclass(frozen=True)
class Tally:
    """What the tools count in a network, for one run of it.

    ``by_outputs`` are MACs where a transposed convolution takes its taps once for each output pixel
    instead of each input pixel; ``bias`` are biases added in convolutions, ``linear_bias`` those in
    linear layers. The rest are numbers that operations between the layers read, and write, and the
    parameters of normalizations.
    """

    macs: int = 0
    in_bounds: int = 0
    by_outputs: int = 0
    bias: int = 0
    linear_bias: int = 0
    outputs: int = 0
    normalized: int = 0
    normalizing: int = 0
    activated: int = 0
    averaged: int = 0
    averages: int = 0
    maximized: int = 0


@dataclass(frozen=True)
class Tool:
    """What a tool reports for a whole network; ``times`` is how often it takes each count.

    >>> Tool("twice", "as an example", Tally(macs=2)).number(Tally(macs=7, bias=2))
    14
    """

    name: str
    words: str
    times: Tally

    @property
    def formula(self) -> str:
        """The rule in letters."""
        return in_letters(self.times)

    def number(self, tally: Tally) -> int:
        """What the tool reports for a network."""
        counts = asdict(tally)
        return sum(times * counts[name] for name, times in asdict(self.times).items())


PER_OUTPUT = "a transposed convolution takes its taps once for each output pixel"
# Rules that give what was measured on ResNet-50, to the last digit (tests/published).
TOOLS = (
    Tool("torchvision, _ops", "called GFLOPS; convolutions and linear layers alone", Tally(macs=1)),
    Tool(
        "PyTorch 2.13 FlopCounterMode",
        "convolutions and matrix products, each MAC as two; no bias and nothing between the layers",
        Tally(macs=2),
    ),
    Tool(
        "fvcore 0.1.5",
        "called flops; two for each number that is normalized, one for each that an average"
        " pooling reads",
        Tally(macs=1, normalized=2, averaged=1),
    ),
    Tool(
        "thop 0.1.1",
        f"four for each number that is normalized, one for each that an average pooling reads and"
        f" writes; {PER_OUTPUT}",
        Tally(by_outputs=1, normalized=4, averaged=1, averages=1),
    ),
    Tool(
        "ptflops 0.7.5",
        "with hooks: biases, two for each number that is normalized, and two for each that an"
        " activation or a pooling reads, which it meets as a layer and again as a function",
        Tally(macs=1, bias=1, linear_bias=1, normalized=2, activated=2, averaged=2, maximized=2),
    ),
    Tool(
        "ptflops 0.7.5, aten",
        "biases, and nothing between the layers",
        Tally(macs=1, bias=1, linear_bias=1),
    ),
    Tool(
        "torchinfo 1.8",
        f"called mult-adds; biases, and every parameter of a normalization once; {PER_OUTPUT}",
        Tally(by_outputs=1, bias=1, linear_bias=1, normalizing=1),
    ),
    Tool(
        "calflops 0.3.2, MACs",
        "convolutions and linear layers alone",
        Tally(macs=1),
    ),
    Tool(
        "calflops 0.3.2, FLOPs",
        "each MAC as two, the biases of convolutions again, two for each number that is normalized"
        " and one for each that an activation or a pooling reads",
        Tally(macs=2, bias=1, normalized=2, activated=1, averaged=1, maximized=1),
    ),
)
