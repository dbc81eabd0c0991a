"""What tools that count a network report for one convolution: conventions, and who follows them.

Every number is a linear form in four counts of the convolutions that a family consists of: dense
MACs, MACs in bounds, biases added, and numbers written.
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Convention:
    """A way to count, as multiples of the four counts, and the releases measured to follow it.

    >>> Convention("2M", "each MAC is two", ("fvcore",), macs=2).number(macs=10, bias=1, outputs=1)
    20
    """

    formula: str
    words: str
    tools: tuple[str, ...]
    macs: int = 0
    in_bounds: int = 0
    bias: int = 0
    outputs: int = 0

    def number(self, macs: int, in_bounds: int = 0, bias: int = 0, outputs: int = 0) -> int:
        """What the tools report; ``bias`` is 0 on a layer without bias."""
        counts = (macs, in_bounds, bias, outputs)
        times = (self.macs, self.in_bounds, self.bias, self.outputs)
        return sum(map(int.__mul__, times, counts))


CONVENTIONS = (
    Convention(
        "M",
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
        "M + b",
        "multiply–accumulates, and one more for every bias added",
        ("ptflops 0.7.5", "torchinfo 1.8", "pthflops 0.4.2", "onnx-tool 1.0.1"),
        macs=1,
        bias=1,
    ),
    Convention(
        "2M",
        "twice the MACs, biases left out; exact for a chain of stages that all have a bias",
        ("PyTorch 2.13 FlopCounterMode", "PyTorch 2.13 profiler"),
        macs=2,
    ),
    Convention(
        "2M + b",
        "twice the MACs and every bias: one addition too many per output",
        ("calflops 0.3.2", "DeepSpeed 0.19.8", "TensorFlow 2.21 profiler"),
        macs=2,
        bias=1,
    ),
    Convention(
        "2M − o + b",
        "multiplications and additions as they happen: the exact dense count",
        ("torchscan 0.2.0",),
        macs=2,
        bias=1,
        outputs=-1,
    ),
    Convention(
        "2Mᵢ + b",
        "padding zeros not multiplied, but one addition too many per output",
        ("XLA, JAX 0.10.2 cost_analysis",),
        in_bounds=2,
        bias=1,
    ),
)


def conventions() -> list[dict[str, Any]]:
    """The conventions as plain data, for a page to evaluate on any row."""
    return [asdict(convention) for convention in CONVENTIONS]
