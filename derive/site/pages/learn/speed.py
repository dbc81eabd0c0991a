"""The lesson on speed: work and bytes of every stage, the roofline model, and Winograd's trick.

Source: Williams, Waterman, Patterson (2009), Roofline, Communications of the ACM 52(4),
doi 10.1145/1498765.1498785 (the model);
Lavin, Gray (2016), Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308 (F(2, 3));
Ma, Zhang, Zheng, Sun (2018), ShuffleNet V2, arXiv 1807.11164 (measure where it will run).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isclose
from typing import TypedDict

from derive.algebra.sizes import square
from derive.algebra.winograd import A, B, G, two_outputs
from derive.catalogue import FAMILIES
from derive.comparison import Row, rows
from derive.facts import layer_facts
from derive.notation.errors import CheckError
from derive.notation.layer import Layer
from derive.notation.letters import C_in, C_out, k_h, k_w, M, m, n
from derive.parse.layer import read_layer
from derive.render.table import layer_words
from derive.site.balance_plot import balance_plot, crossings, Curve, time, Work
from derive.site.pages.learn.course import facts_html
from derive.site.pages.learn.exercise import Exercise

# NVIDIA, GPU Performance Background User's Guide: operations and bytes per second.
MACHINES = (("V100, 32 bit", 15.7e12, 900e9), ("A100, TF32", 156e12, 2039e9))
LAYERS = (("56x56", 64, 64), ("14x14", 256, 256), ("128x128", 3, 8))
# Microseconds of a 3 × 3, a depthwise 3 × 3 and a 1 × 1 layer in pytorch/pytorch, issue 18631.
MEASURED = {"32 bit": (500, 272, 387), "16 bit": (817, 201, 290)}
# Standard and depthwise 3 × 3 layers by their channels in opencv/opencv, issue 14190.
OPENCV = {16: ("2.625", "3.745"), 64: ("21.720", "13.004")}
STAGES = {
    "standard": ("standard",),
    "depthwise-separable": ("depthwise", "1 × 1"),
    "asymmetric": ("n × 1", "1 × n"),
}
BALANCES = [round(2 ** (step / 2), 2) for step in range(0, 17)]  # operations per byte

# Data and taps that Winograd's F(2, 3) starts from.
DATA, TAPS = (1, 3, 2, 4), (1, 2, -1)


class StageWork(TypedDict):
    """Operations of a stage, and the bytes that it moves."""

    name: str
    flops: int
    bytes: int


class FamilyWork(TypedDict):
    """The stages of a family."""

    title: str
    stages: list[StageWork]


class LayerWork(TypedDict):
    """A layer in words, and the work of the families on it."""

    words: str
    families: list[FamilyWork]


def context() -> dict[str, object]:
    """The facts of the two figures and the numbers of the text."""
    layers = [described(read_layer(*layer)) for layer in LAYERS]
    balances = {name: round(work / moved, 1) for name, work, moved in MACHINES}
    machines = [{"name": name, "balance": balance} for name, balance in balances.items()]
    middle = layers[0]
    return {
        "facts": facts_html({"layers": layers, "machines": machines, "balances": BALANCES}),
        "winograd": facts_html({"d": DATA, "g": TAPS, "B": B, "A": A, "twice": _twice()}),
        "outputs": [str(value) for value in two_outputs(DATA, TAPS)],
        "layer": middle["words"],
        "machines": [
            {"name": name, "balance": balance, **compared(middle, balance)}
            for name, balance in balances.items()
        ],
        "families": middle["families"],
        "bound": f"{float(bound()):.4g}",
        "products": multiplications(),
        "tiny": tiny(),
        "reports": [report(name, *times) for name, times in MEASURED.items()],
        "opencv": OPENCV,
        "balance": balance(middle, balances),
        "by_hand": by_hand(middle, balances),
        "exercises": (no_longer_faster(middle),),
    }


def no_longer_faster(layer: LayerWork) -> Exercise:
    """The balance at which the asymmetric pair takes as long as the standard layer, in the model.

    The standard layer then still waits for its arithmetic and both stages of the pair for memory.
    Raises CheckError if the model does not say so.
    """
    whole, _, pair = (family["stages"] for family in layer["families"])
    flops, moved = sum(one["flops"] for one in whole), sum(one["bytes"] for one in pair)
    balance = Fraction(flops, moved)
    if crossings(_work(whole), _work(pair)) != [balance]:
        raise CheckError(f"the two change places elsewhere than at {balance}")
    at, below, above = (
        [seconds(stages, float(balance) * share) for stages in (pair, whole)]
        for share in (1, 0.99, 1.01)
    )
    if not (isclose(*at) and below[0] < below[1] and above[0] > above[1]):
        raise CheckError(f"the pair does not stop being faster at {balance}")
    return Exercise(
        f"{layer['words']}: at which balance does the asymmetric pair stop being faster than the"
        " standard layer, in the model?",
        f"At {float(balance):.3g} operations per byte. There both stages of the pair wait for"
        f" memory, {moved:,} bytes in all, and the standard layer for its {flops:,} operations;"
        f" the balance is their ratio.",
    )


@dataclass(frozen=True)
class Balance:
    """The plot of time against balance; by design, from which balance it is no longer faster, and
    at which machines it is."""

    plot: str
    designs: tuple[tuple[str, list[str], list[tuple[str, float, bool]]], ...]


def balance(layer: LayerWork, machines: Mapping[str, float]) -> Balance:
    """Time of the two cheap designs against the standard layer's, by the balance of a machine."""
    whole, *cheap = layer["families"]
    standard = _work(whole["stages"])
    curves = [Curve(family["title"], _work(family["stages"])) for family in cheap]
    title = f"Time over that of the standard layer, by operations per byte: {layer['words']}"
    return Balance(
        balance_plot(standard, curves, machines, title),
        tuple(
            (
                curve.name,
                [f"{float(found):.1f}" for found in crossings(standard, curve.stages)],
                [
                    (name, at, time(curve.stages, Fraction(at)) < time(standard, Fraction(at)))
                    for name, at in machines.items()
                ],
            )
            for curve in curves
        ),
    )


def _work(stages: Sequence[StageWork]) -> Work:
    return [(stage["flops"], stage["bytes"]) for stage in stages]


@dataclass(frozen=True)
class Waiting:
    """A stage on a machine: its name, operations and bytes, and how many bytes the machine moves
    while it computes them."""

    stage: str
    flops: int
    moved: int
    computing: Fraction

    @property
    def time(self) -> Fraction:
        """The larger of the two."""
        return max(Fraction(self.moved), self.computing)


@dataclass(frozen=True)
class Roofline:
    """The stages of two designs on a machine, and their times in bytes at full speed."""

    machine: str
    balance: float
    designs: tuple[tuple[str, tuple[Waiting, ...], Fraction], ...]


def by_hand(layer: LayerWork, machines: Mapping[str, float]) -> tuple[Roofline, ...]:
    """The standard and the depthwise separable layer on every machine, stage by stage.

    Raises CheckError if the stages do not add up to the time of the model.
    """
    found = []
    for machine, at in machines.items():
        designs = []
        for family in layer["families"][:2]:
            stages = tuple(
                Waiting(one["name"], one["flops"], one["bytes"], one["flops"] / Fraction(str(at)))
                for one in family["stages"]
            )
            total = sum((stage.time for stage in stages), Fraction(0))
            if not isclose(total, seconds(family["stages"], at)):
                raise CheckError(f"{family['title']} by hand takes another time than in the model")
            designs.append((family["title"], stages, total))
        found.append(Roofline(machine, at, tuple(designs)))
    return tuple(found)


def report(name: str, whole: int, depthwise: int, pointwise: int) -> dict[str, str | int]:
    """Times of three layers, and how a depthwise separable pair of them compares.

    >>> report("16 bit", 817, 201, 290)["times"], report("32 bit", 500, 272, 387)["than"]
    ('1.66', 'slower')
    """
    both = depthwise + pointwise
    slow, fast = max(whole, both), min(whole, both)
    return {
        "name": name,
        "whole": whole,
        "depthwise": depthwise,
        "pointwise": pointwise,
        "both": both,
        "times": f"{slow / fast:.2f}",
        "than": "faster" if both < whole else "slower",
    }


def described(layer: Layer) -> LayerWork:
    """A layer: what each stage of the three families computes and moves."""
    found = {row.entry.name: row for row in rows(layer)[0]}
    image = layer_words(layer_facts(layer)).split(",")[0]
    return {
        "words": f"{image}, {layer.channels_in} → {layer.channels_out}",
        "families": [
            {"title": name.replace("-", " "), "stages": stages_of(found[name], names)}
            for name, names in STAGES.items()
        ],
    }


def stages_of(row: Row, names: Sequence[str]) -> list[StageWork]:
    """Operations and bytes of every stage, each number moved once.

    Raises CheckError for a stage that runs several times.
    """
    found: list[StageWork] = []
    for name, (times, stage) in zip(names, row.stages, strict=True):
        if times != 1:
            raise CheckError(f"stage {name} runs {times} times, and is drawn once")
        work = stage.multiplications + stage.additions
        moved = stage.reads + stage.weights + stage.outputs
        found.append(
            {
                "name": name,
                "flops": int(work.xreplace(row.values)),
                "bytes": int(moved.xreplace(row.values)) * row.layer.bytes_per_number,
            }
        )
    return found


def seconds(stages: Sequence[StageWork], balance: float) -> float:
    """Time in the model, in bytes moved at full speed: each stage waits for the slower of the two.

    >>> seconds([{"name": "a", "flops": 100, "bytes": 50}], 1)
    100.0
    """
    return float(sum(max(stage["flops"] / balance, stage["bytes"]) for stage in stages))


def compared(layer: LayerWork, balance: float) -> dict[str, str]:
    """The depthwise separable layer against the standard one: less work, less time."""
    whole, cheap = (family["stages"] for family in layer["families"][:2])
    work = [sum(stage["flops"] for stage in stages) for stages in (whole, cheap)]
    time = [seconds(stages, balance) for stages in (whole, cheap)]
    return {"work": f"{work[0] / work[1]:.1f}", "time": f"{time[0] / time[1]:.2f}"}


def bound() -> Fraction:
    """What the intensity of a 3 × 3 depthwise layer on an image that keeps its size stays below."""
    return Fraction(3 * 3, read_layer().bytes_per_number)


def _twice() -> list[list[int]]:
    """2 G, in whole numbers."""
    return [[int(2 * x) for x in row] for row in G]


def multiplications() -> dict[str, str]:
    """Multiplications per output and pair of channels, direct and by Winograd's algorithms."""
    equal = {C_in: m, C_out: m, n: 3}
    per_pair = {
        name: int((square(FAMILIES[name].parameters) / m**2).xreplace(equal).xreplace({m: 1}))
        for name in ("standard", "asymmetric")
    }
    tile, outputs = len(B), len(A)
    once = Fraction(tile, outputs)
    return {
        "whole": str(per_pair["standard"]),
        "pair": str(per_pair["asymmetric"]),
        "whole_fast": str(once**2),
        "pair_fast": str(2 * once),
        "tile": str(tile**2),
        "direct": str(outputs**2 * per_pair["standard"]),
        "gain": f"{float(per_pair['standard'] / once**2):.2f}",
    }


def tiny() -> dict[str, int]:
    """MACs per pixel of the two layers of TensorFlow issue 42172: 3 → 16, and depthwise on 3."""
    sizes = {C_in: 3, C_out: 16, M: 1, k_h: 3, k_w: 3}
    whole, cheap = (
        int(FAMILIES[name].parameters.xreplace(sizes)) for name in ("standard", "depthwise")
    )
    return {"whole": whole, "cheap": cheap, "times": whole // cheap}
