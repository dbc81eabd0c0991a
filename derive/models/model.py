"""A model: its layers, each a layer of the book, the operations between them, and what is unknown.

Counts are not here: they follow from the layers. What a model does that is no convolution and no
linear layer is named, either as a step whose size is known or as something unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from derive.notation.layer import Layer

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray


class Kind(StrEnum):
    """What a layer of a model is."""

    CONV = "conv"
    TRANSPOSED = "conv-transpose"
    LINEAR = "linear"


class Step(StrEnum):
    """What an operation without a kernel does; tools differ in which of them they count."""

    NORMALIZATION = "normalization"
    ACTIVATION = "activation"
    AVERAGE = "average pooling"
    MAXIMUM = "maximum pooling"
    SUM = "sum or product of tensors"


@dataclass(frozen=True)
class ModelLayer:
    """A convolution, a transposed convolution or a linear layer, as a layer of the book.

    A linear layer is a layer of one axis and one tap, whose pixels are the positions that it is
    applied to. ``batch`` is how many samples it is applied to; the layer is that of one of them.

    Args:
        name: the name of the operation in the model, unique among its layers.
        input: the name of the tensor that is read.
        output: the name of the tensor that is written.
        weights: the kernel as an array K[output channel, input channel of its group, taps], with
            transposed layers laid out in the same way; None if the model does not hold it.
        offset: one number for every output channel; None without a bias, or if it is not held.
        next: the name of the only layer that reads the output, by way of the operations in
            ``between`` alone; empty if the output is read elsewhere too, or by no layer.
        between: the operations on the way to the next layer, in order, such as ``"Relu"``.
        receptive_field: pixels of the input of the model, for each axis, that one output depends
            on, borders aside; empty where it is not known.
    """

    name: str
    kind: Kind
    layer: Layer
    batch: int = 1
    input: str = ""
    output: str = ""
    weights: "NDArray[Any] | None" = field(default=None, repr=False, compare=False)
    offset: "NDArray[Any] | None" = field(default=None, repr=False, compare=False)
    next: str = ""
    between: tuple[str, ...] = ()
    receptive_field: tuple[int, ...] = ()

    @property
    def positions(self) -> int:
        """Places at which a kernel or a matrix is applied to one sample.

        >>> from derive.notation.axis import Axis
        >>> ModelLayer("head", Kind.LINEAR, Layer(512, 10, (Axis(49, 1),))).positions
        49
        """
        found = 1
        for axis in self.layer.axes:
            found *= int(axis.input if self.kind is Kind.TRANSPOSED else axis.output)
        return found


@dataclass(frozen=True)
class Passed:
    """An operation that is no layer but whose size is known: numbers read and written by one
    sample, and parameters."""

    name: str
    step: Step
    read: int
    written: int
    parameters: int = 0


@dataclass(frozen=True)
class Unknown:
    """Something of a model that is not counted: what, the kind of operation, and the reason.

    ``weights`` are the numbers that the model holds for it, None if that is not known either.
    """

    name: str
    operation: str
    reason: str
    weights: int | None = None


@dataclass(frozen=True)
class Model:
    """A model as its layers in the order in which they run; ``inputs`` are its input tensors.

    ``held`` are the numbers of all tensors between operations that are held at once, where they are
    the most; None if that is not known.

    >>> from derive.notation.axis import Axis
    >>> layer = ModelLayer("stem", Kind.CONV, Layer(3, 8, (Axis(128, 3, before=1, after=1),) * 2))
    >>> Model("small", (layer,)).layer("stem").kind
    <Kind.CONV: 'conv'>
    """

    name: str
    layers: tuple[ModelLayer, ...]
    unknown: tuple[Unknown, ...] = ()
    passed: tuple[Passed, ...] = ()
    inputs: tuple[tuple[str, tuple[int, ...]], ...] = ()
    held: int | None = None

    def layer(self, name: str) -> ModelLayer:
        """The layer of a name; KeyError if there is none."""
        return {one.name: one for one in self.layers}[name]

    def runs(self) -> Iterator[tuple[ModelLayer, ...]]:
        """The layers in the longest runs of which each is read by the next alone, with nothing but
        linear operations between them.

        >>> from dataclasses import replace
        >>> from derive.notation.axis import Axis
        >>> conv = Layer(8, 8, (Axis(16, 1),))
        >>> one, two = (ModelLayer(name, Kind.CONV, conv) for name in ("one", "two"))
        >>> model = Model("pair", (replace(one, next="two"), two))
        >>> [[one.name for one in run] for run in model.runs()]
        [['one', 'two']]
        """
        follows = {
            one.next: one for one in self.layers if one.next and not set(one.between) - LINEAR
        }
        by_name = {each.name: each for each in self.layers}
        for one in self.layers:
            if one.name in follows:
                continue
            run = [one]
            while (last := run[-1]).next and not set(last.between) - LINEAR:
                run.append(by_name[last.next])
            yield tuple(run)


LINEAR = frozenset(
    {"BatchNormalization", "Identity", "Dropout", "batch_norm", "dropout", "clone", "contiguous"}
)  # of a model that has been trained
