"""Models of ONNX as the book's layers: Conv, ConvTranspose, Gemm and MatMul, and what is not one.

Whatever an operation does with its input is written in its attributes; sizes come from the
inference of shapes that the package onnx brings. An operation that is neither a layer, nor one
whose size is known, nor one that only moves numbers, is unknown: never a zero.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any, TYPE_CHECKING

from derive.models.liveness import most_held, Ran
from derive.models.model import Kind, Model, ModelLayer, Passed, Step, Unknown
from derive.models.onnx_file import OnnxFile, open_onnx, read_by, Sizes, UnreadableError
from derive.models.reach import joined, Reach, Reaches
from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.parse.layer import read_padding

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import NodeProto

STEPS = {
    Step.NORMALIZATION: "BatchNormalization InstanceNormalization LayerNormalization"
    " GroupNormalization LpNormalization LRN",
    Step.ACTIVATION: "Relu LeakyRelu PRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Mish"
    " Gelu Tanh Softplus Softsign Clip Softmax LogSoftmax Erf Exp Log Sqrt ThresholdedRelu",
    Step.AVERAGE: "AveragePool LpPool GlobalAveragePool GlobalLpPool ReduceMean ReduceSum",
    Step.MAXIMUM: "MaxPool GlobalMaxPool ReduceMax ReduceMin",
    Step.SUM: "Add Sub Mul Div Sum Mean Max Min Pow Neg Abs Reciprocal"
    " QuantizeLinear DequantizeLinear DynamicQuantizeLinear",
}
STEP = {name: step for step, names in STEPS.items() for name in names.split()}
# Operations that move numbers, compare them, or look at sizes alone.
MOVING = """
    Constant ConstantOfShape Identity Dropout Cast CastLike Shape Size Reshape Flatten Squeeze
    Unsqueeze Transpose Concat Split Slice Gather GatherElements GatherND Scatter ScatterElements
    ScatterND Expand Tile Pad DepthToSpace SpaceToDepth Range EyeLike Where Equal Greater Less
    GreaterOrEqual LessOrEqual Not And Or Xor ArgMax ArgMin TopK NonZero Compress Floor Ceil Round
    Sign Mod Trilu OneHot Unique ReverseSequence
"""
MOVES = frozenset(MOVING.split())
RESIZING = ("Resize", "Upsample")  # to the nearest pixel numbers move, else they are weighed
OVER = frozenset({"Identity", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze"})
ALIKE = frozenset({"Identity", "Dropout", "Cast", "CastLike"})  # what they write is as it was read
WHOLE = ("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
PLACES = {  # of the kernel and of the bias among the inputs; -1 for none
    **dict.fromkeys(("Conv", "ConvTranspose", "Gemm"), (1, 2)),
    **dict.fromkeys(("MatMul", "MatMulInteger", "ConvInteger"), (1, -1)),
    "QLinearConv": (3, 8),
    "QLinearMatMul": (3, -1),
}
LAYERS = tuple(PLACES)
CONVOLUTIONS = ("Conv", "ConvTranspose", "ConvInteger", "QLinearConv")
BODIES = {
    "If": "one of its branches runs, and each is counted once",
    "Loop": "its body is counted once, and how often it runs is not known",
    "Scan": "its body is counted once, and runs for every slice of its input",
}
DYNAMIC = "its kernel is worked out while the model runs"
MALFORMS = (LookupError, ValueError, TypeError)  # InputError is a ValueError
MALFORMED = "its inputs or attributes are not those of the operation"
SHAPELESS = "the sizes of its input are not known"
SAME = {"SAME_UPPER": "same-upper", "SAME_LOWER": "same-lower", "VALID": "valid"}


Found = ModelLayer | Passed | Unknown
Axes = tuple[Axis | Transposed, ...]


class NotCountedError(Exception):
    """An operation is no layer of the book; the text says why."""


def read_onnx(path: str | Path, sizes: Sequence[str] = (), *, weights: bool = True) -> Model:
    """The layers of a file of ONNX, and what in it is no layer.

    Args:
        path: the file.
        sizes: of inputs whose sizes are open, such as "1x3x224x224" or "image=1x3x224x224".
        weights: whether the numbers of the kernels are read too.

    Raises InputError, in one line, if the package onnx is not installed, for a file that is no
    model, and for an input whose sizes are open and not given.
    """
    return model_of(open_onnx(path, sizes), weights=weights)


def model_of(file: OnnxFile, *, weights: bool = True) -> Model:
    """The layers of a model that has been opened; InputError if its weights cannot be read."""
    graph = _Graph(file, weights)
    found = list(_found(graph))
    return Model(
        file.path.name,
        tuple(one for one in found if isinstance(one, ModelLayer)),
        tuple(one for one in found if isinstance(one, Unknown)),
        tuple(one for one in found if isinstance(one, Passed)),
        tuple(file.inputs.items()),
        _held(graph),
    )


def _held(graph: "_Graph") -> int | None:
    """Numbers of all tensors that are held at once; None where operations stand within others, or
    sizes are not known."""
    file, still = graph.file, {*graph.file.constants, *graph.measured}
    if any(node.op_type in BODIES for node in file.graph.node):
        return None
    order = [
        Ran(
            tuple(name for name in node.input if name and name not in still),
            tuple(name for name in node.output if name),
            STEP.get(node.op_type) in (Step.NORMALIZATION, Step.ACTIVATION) or node.op_type in OVER,
        )
        for node in file.graph.node
        if not set(node.output) & still
    ]
    between = {name for one in order for name in one.writes}
    if not between <= file.shapes.keys():
        return None
    sizes = {name: prod(file.shapes[name]) for name in (*between, *file.inputs)}
    return most_held(order, sizes, file.inputs, (one.name for one in file.graph.output))


def _found(graph: "_Graph", within: str = "") -> "Iterator[Found]":
    """What the operations of a graph are, and those within them; ``within`` is where it stands."""
    layers: list[ModelLayer] = []
    own: list[ModelLayer] = []
    others: list[Found] = []
    for number, node in enumerate(graph.file.graph.node):
        name = within + graph.name_of(number, node)
        inside = [
            one
            for attribute, body in graph.file.bodies(number)
            for one in _found(graph.body(body), f"{name}/{attribute}/")
        ]
        one = _inside(name, node, inside) if node.op_type in BODIES else graph.tried(name, node)
        if isinstance(one, ModelLayer):
            layers.append(one)
            own.append(one)
        elif one is not None:
            others.append(one)
        layers += [each for each in inside if isinstance(each, ModelLayer)]
        others += [each for each in inside if not isinstance(each, ModelLayer)]
        if not isinstance(one, ModelLayer):  # whose own reach is noted with it
            graph.reach(node)
    linked = {one.name: one for one in graph.linked(own)}
    yield from (linked.get(one.name, one) for one in layers)
    yield from others


def _inside(name: str, node: "NodeProto", inside: "Sequence[Found]") -> Unknown | None:
    """What is said of an operation with operations within it: nothing if none of these counts."""
    return Unknown(name, node.op_type, BODIES[node.op_type], 0) if inside else None


@dataclass
class _Graph:
    """The operations of a file, and how far each tensor reaches into the image."""

    file: OnnxFile
    weights: bool
    reaches: dict[str, Reaches] = field(default_factory=dict)
    biased: dict[str, str] = field(default_factory=dict)  # outputs before a bias, and after it
    measured: set[str] = field(default_factory=set)  # sizes, and what is worked out from them
    sources: dict[str, str] = field(default_factory=dict)  # what these are worked out from
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        given = self.file.inputs if self.file.inner is None else {}
        for name, sizes in given.items():
            if len(sizes) > 2:
                self.reaches[name] = (Reach(),) * (len(sizes) - 2)

    @cached_property
    def readers(self) -> "dict[str, list[NodeProto]]":
        """The operations that read each tensor."""
        found: dict[str, list[NodeProto]] = {}
        for node in self.file.graph.node:
            for name in read_by([node]):
                found.setdefault(name, []).append(node)
        return found

    @cached_property
    def image(self) -> Sizes:
        """The sides of the first input that has any."""
        return next((sizes[2:] for sizes in self.file.inputs.values() if len(sizes) > 2), ())

    def name_of(self, number: int, node: "NodeProto") -> str:
        """A name that no other operation has."""
        name = node.name or f"{node.op_type}_{number}"
        name = name if name not in self.names else f"{name}_{number}"
        self.names.add(name)
        return name

    def body(self, file: OnnxFile) -> "_Graph":
        """The graph of the body of an operation, which sees all that stands around it."""
        return _Graph(file, self.weights, dict(self.reaches), measured=set(self.measured))

    def tried(self, name: str, node: "NodeProto") -> "Found | None":
        """What an operation is; UnreadableError for numbers that cannot be read."""
        try:
            return self.read(name, node)
        except UnreadableError:
            raise
        except (NotCountedError, InputError) as error:
            return Unknown(name, node.op_type, str(error), self.held(node))
        except MALFORMS:
            return Unknown(name, node.op_type, MALFORMED, self.held(node))

    def read(self, name: str, node: "NodeProto") -> "ModelLayer | Passed | Unknown | None":
        """What an operation is; NotCountedError or InputError if it is nothing of ours."""
        if self._measures(node):
            self.measured |= set(node.output)
            self.sources |= dict.fromkeys(node.output, node.input[0] if node.input else "")
            return None
        if node.op_type in LAYERS and node.domain in ("", "ai.onnx"):
            return READERS[node.op_type](self, name, node)
        if set(node.output) & set(self.biased.values()):
            return None
        if node.op_type in STEP:
            return self._passed(name, node, STEP[node.op_type])
        if node.op_type in MOVES or (node.op_type in RESIZING and _nearest(node)):
            return None
        raise NotCountedError("the operation is not known")

    def _measures(self, node: "NodeProto") -> bool:
        """Whether an operation looks at sizes and constants alone."""
        inner = any(one.HasField("g") or one.graphs for one in node.attribute)
        return node.op_type in ("Shape", "Size") or (
            not inner
            and all(
                name in self.measured or name in self.file.constants for name in node.input if name
            )
        )

    def _passed(self, name: str, node: "NodeProto", step: Step) -> Passed:
        read = [one for one in node.input if one and one not in self.file.constants]
        if not (node.output and read and self._known(read[0]) and self._known(node.output[0])):
            raise NotCountedError(SHAPELESS)
        batch = self._batch(node.output[0])
        sizes = [prod(self.file.shapes[one]) // batch for one in (read[0], node.output[0])]
        held = node.input[1:3] if step is Step.NORMALIZATION else ()
        parameters = sum(prod(self.file.shapes[one]) for one in held if one in self.file.constants)
        return Passed(name, step, sizes[0], sizes[1], parameters)

    def _known(self, name: str) -> bool:
        return name in self.file.shapes

    def _batch(self, name: str) -> int:
        sizes = self.file.shapes[name]
        return max(1, sizes[0]) if len(sizes) > 1 else 1

    def held(self, node: "NodeProto") -> int | None:
        """The numbers that the file holds for an operation."""
        if any(one.HasField("g") or one.graphs for one in node.attribute):
            return None
        known = (self.file.constants.get(name) for name in node.input)
        return sum(int(prod(one.dims)) for one in known if one is not None)

    def sizes(self, name: str) -> Sizes:
        """The sizes of what an operation reads; NotCountedError if they are not known, or zero."""
        sizes = self.file.shapes.get(name)
        if sizes is None or not all(sizes):
            raise NotCountedError(SHAPELESS)
        return sizes

    def kernel(self, name: str) -> Sizes:
        """The sizes of a kernel; NotCountedError unless the file holds it, or what it is worked out
        from."""
        if name in self.file.constants:
            return tuple(self.file.constants[name].dims)
        if name not in self.measured:
            raise NotCountedError(DYNAMIC)
        return self.sizes(name)

    def array(self, name: str) -> "NDArray[Any] | None":
        """The numbers of a constant, if they are wanted; None for none."""
        known = self.weights and name in self.file.constants
        return self.file.array(name) if known else None

    def bytes_of(self, name: str) -> int:
        """The bytes of a number of a constant, or of what a tensor is worked out from."""
        from onnx.helper import tensor_dtype_to_np_dtype

        while name not in self.file.constants and name in self.sources:
            name = self.sources[name]
        try:
            kind = tensor_dtype_to_np_dtype(self.file.constants[name].data_type)
        except KeyError:
            raise NotCountedError("its numbers are of an unknown kind") from None
        return max(1, int(kind.itemsize))

    def bias_after(self, output: str, channels: int) -> str:
        """The constant that the only reader of a tensor adds to it, one number for every channel
        of its last axis; empty if it does not."""
        readers = self.readers.get(output, [])
        if len(readers) != 1 or readers[0].op_type != "Add":
            return ""
        added = [name for name in readers[0].input if name in self.file.constants]
        for name in added:
            sizes = tuple(self.file.constants[name].dims)
            if sizes and sizes[-1] == channels == prod(sizes):
                self.biased[output] = readers[0].output[0]
                return str(name)
        return ""

    def reach(self, node: "NodeProto", slides: Axes = ()) -> Reaches | None:
        """Notes how far the tensors that an operation writes reach; ``slides`` are its axes, where
        they are known."""
        read = [name for name in node.input if name and name not in self.file.constants]
        found = self._reached(node, [self.reaches.get(name) for name in read], slides)
        if found is not None:
            self.reaches |= dict.fromkeys(node.output, found)
        return found

    def _reached(
        self, node: "NodeProto", read: "list[Reaches | None]", slides: Axes
    ) -> Reaches | None:
        if node.op_type in WHOLE:
            return tuple(Reach(0, 0, side - 1) for side in self.image) or None  # type: ignore[arg-type]
        if node.op_type in CONVOLUTIONS or node.op_type.endswith("Pool"):
            axes = slides or self._axes_of(node)
            if not axes or not read or read[0] is None or len(read[0]) != len(axes):
                return None
            return tuple(one.through(axis) for one, axis in zip(read[0], axes, strict=True))
        if node.op_type == "Concat" or node.op_type in STEP or node.op_type in ALIKE:
            return joined(read)
        if node.op_type in ("Flatten", "Reshape", "Squeeze", *LAYERS):
            stands = read and read[0] is not None and all(one.stride == 0 for one in read[0])
            return read[0] if stands else None
        return None

    def field(self, node: "NodeProto", slides: Axes = ()) -> Sizes:
        """Pixels of the image that one output of a layer depends on, which is noted; none if not
        known."""
        found = self.reach(node, slides)
        return tuple(one.size for one in found) if found else ()

    def _axes_of(self, node: "NodeProto") -> Axes:
        """The axes of a convolution or of a pooling; none if they are not known."""
        try:
            given = attributes(node)
            taps = given.get("kernel_shape") or self.kernel(kernel_and_bias(node)[0])[2:]
            return axes(node, self.sizes(node.input[0])[2:], tuple(taps))
        except (NotCountedError, *MALFORMS):
            return ()

    def linked(self, layers: Sequence[ModelLayer]) -> Iterator[ModelLayer]:
        """The layers, each with the one that alone reads it and the operations in between."""
        by_input: dict[str, list[str]] = {}
        for one in layers:
            by_input.setdefault(one.input, []).append(one.name)
        outputs = {one.name for one in self.file.graph.output}
        for one in layers:
            tensor = one.output
            between: list[str] = []
            while tensor not in outputs and len(self.readers.get(tensor, [])) == 1:
                if by_input.get(tensor):
                    yield replace(one, next=by_input[tensor][0], between=tuple(between))
                    break
                (node,) = self.readers[tensor]
                others = (name for name in node.input if name not in self.file.constants)
                if node.op_type not in (*STEP, *ALIKE) or any(x for x in others if x != tensor):
                    yield one
                    break
                between.append(node.op_type)
                tensor = node.output[0]
            else:
                yield one


def _nearest(node: "NodeProto") -> bool:
    """Whether a change of size takes every pixel from the nearest one."""
    return bool(attributes(node).get("mode", b"nearest") == b"nearest")


def attributes(node: "NodeProto") -> dict[str, Any]:
    """The attributes of an operation as Python values."""
    from onnx.helper import get_attribute_value

    return {one.name: get_attribute_value(one) for one in node.attribute}


def kernel_and_bias(node: "NodeProto") -> tuple[str, str]:
    """The tensors that are the kernel of a layer and its bias, empty without one."""
    kernel, bias = PLACES[node.op_type]
    return node.input[kernel], node.input[bias] if 0 < bias < len(node.input) else ""


def axes(node: "NodeProto", sides: Sizes, taps: Sizes) -> Axes:
    """The axes along which an operation slides; NotCountedError if they are not one to three, or
    described in a way that is not known. InputError for numbers that make no axis."""
    given, count = attributes(node), len(sides)
    if not 1 <= count <= 3 or len(taps) != count:
        raise NotCountedError(f"it has {count} axes, not one to three")
    strides, dilations = (
        tuple(given.get(name) or (1,) * count) for name in ("strides", "dilations")
    )
    transposed = node.op_type == "ConvTranspose"
    extras = tuple(given.get("output_padding") or (0,) * count)
    rows = list(zip(sides, taps, strides, dilations, strict=True))
    pads = _pads(node, rows, extras)
    if transposed:
        return tuple(
            Transposed(*row, *pad, extra)
            for row, pad, extra in zip(rows, pads, extras, strict=True)
        )
    if given.get("ceil_mode"):
        raise NotCountedError("its last window hangs over the edge")
    return tuple(Axis(*row, *pad) for row, pad in zip(rows, pads, strict=True))


def _pads(
    node: "NodeProto", rows: Sequence[tuple[int, int, int, int]], extras: Sizes
) -> Sequence[tuple[int, int]]:
    """Padding before and after on every axis."""
    given = attributes(node)
    count, word = len(rows), (given.get("auto_pad") or b"NOTSET").decode()
    if node.op_type == "ConvTranspose" and (word.startswith("SAME") or "output_shape" in given):
        wanted = tuple(given.get("output_shape") or ())[-count:]
        wanted = wanted or tuple(side * stride for side, _, stride, _ in rows)
        return [
            _cropped(row, extra, size, word)
            for row, extra, size in zip(rows, extras, wanted, strict=True)
        ]
    if word in SAME:
        return read_padding(SAME[word], rows)
    if word != "NOTSET":
        raise NotCountedError(f"its padding is {word}")
    pads = tuple(given.get("pads") or (0,) * (2 * count))
    if len(pads) != 2 * count:
        raise NotCountedError(f"it has {len(pads)} paddings on {count} axes")
    return list(zip(pads[:count], pads[count:], strict=True))


def _cropped(row: tuple[int, int, int, int], extra: int, wanted: int, word: str) -> tuple[int, int]:
    """What a transposed convolution crops on both sides to have an output of a size."""
    size, kernel, stride, dilation = row
    total = stride * (size - 1) + extra + dilation * (kernel - 1) + 1 - wanted
    if total < 0:
        raise NotCountedError("its output is larger than what it writes to")
    ends = (total // 2, total - total // 2)
    return ends if word == "SAME_UPPER" else ends[::-1]


def _conv(graph: _Graph, name: str, node: "NodeProto") -> ModelLayer:
    batch, channels, *sides = graph.sizes(node.input[0])
    held, bias = kernel_and_bias(node)
    kernel = graph.kernel(held)
    groups = attributes(node).get("group", 1)
    transposed = node.op_type == "ConvTranspose"
    out = kernel[1] * groups if transposed else kernel[0]
    if kernel[0 if transposed else 1] * (1 if transposed else groups) != channels:
        raise NotCountedError(f"its kernel does not fit its {channels} input channels")
    slides = axes(node, tuple(sides), kernel[2:])
    return _checked(
        graph,
        ModelLayer(
            name=name,
            kind=Kind.TRANSPOSED if transposed else Kind.CONV,
            layer=Layer(
                channels,
                out,
                slides,
                groups,
                Bias.ALL if bias else Bias.NONE,
                graph.bytes_of(held),
            ),
            batch=batch,
            input=node.input[0],
            output=node.output[0],
            weights=_laid_out(graph.array(held), groups, transposed),
            offset=graph.array(bias),
            receptive_field=graph.field(node, slides),
        ),
    )


def _checked(graph: _Graph, found: ModelLayer) -> ModelLayer:
    """A layer whose output has the size that the inference of shapes found, if it found any."""
    sizes = graph.file.shapes.get(found.output)
    sides = tuple(int(axis.output) for axis in found.layer.axes)
    if sizes is not None and sizes[2:] != sides:
        raise NotCountedError(f"its output is said to have sizes {sizes}")
    return found


def _laid_out(
    kernel: "NDArray[Any] | None", groups: int, transposed: bool
) -> "NDArray[Any] | None":
    """A kernel as K[output channel, input channel of its group, taps]."""
    if kernel is None or not transposed:
        return kernel
    inputs, outputs, *taps = kernel.shape
    grouped = kernel.reshape(groups, inputs // groups, outputs, *taps)
    return grouped.swapaxes(1, 2).reshape(groups * outputs, inputs // groups, *taps)


def _gemm(graph: _Graph, name: str, node: "NodeProto") -> ModelLayer:
    given = attributes(node)
    positions, channels = graph.sizes(node.input[0])
    if given.get("transA"):
        positions, channels = channels, positions
    kernel, turned = graph.kernel(node.input[1]), not given.get("transB")
    bias = node.input[2] if len(node.input) > 2 and given.get("beta", 1.0) else ""
    weights, offset = graph.array(node.input[1]), graph.array(bias)
    if weights is not None:
        weights = (weights.T if turned else weights) * weights.dtype.type(given.get("alpha", 1.0))
    if offset is not None:
        offset = (offset * offset.dtype.type(given.get("beta", 1.0))).reshape(-1)
    return _linear(
        graph,
        name,
        node,
        (positions, channels),
        kernel if turned else kernel[::-1],
        bias,
        weights,
        offset,
    )


def _matmul(graph: _Graph, name: str, node: "NodeProto") -> ModelLayer:
    one, (other, _) = node.input[0], kernel_and_bias(node)
    if one in graph.file.constants and other not in graph.file.constants:
        raise NotCountedError("its matrix stands before what it is applied to")
    sizes, kernel = graph.sizes(one), graph.kernel(other)
    if len(kernel) != 2:
        raise NotCountedError(f"its kernel has {len(kernel)} axes, not 2")
    bias = graph.bias_after(node.output[0], kernel[1])
    weights = graph.array(other)
    turned = None if weights is None else weights.T
    return _linear(graph, name, node, sizes, kernel, bias, turned, graph.array(bias))


def _linear(
    graph: _Graph,
    name: str,
    node: "NodeProto",
    sizes: Sizes,
    kernel: Sizes,
    bias: str,
    weights: "NDArray[Any] | None",
    offset: "NDArray[Any] | None",
) -> ModelLayer:
    """A matrix of sizes inputs × outputs, applied at every place of a tensor."""
    if sizes[-1] != kernel[0]:
        raise NotCountedError(f"its matrix has {kernel[0]} rows for {sizes[-1]} inputs")
    batch, positions = (sizes[0], prod(sizes[1:-1])) if len(sizes) > 1 else (1, 1)
    output = node.output[0]
    return ModelLayer(
        name=name,
        kind=Kind.LINEAR,
        layer=Layer(
            kernel[0],
            kernel[1],
            (Axis(positions, 1),),
            1,
            Bias.ALL if bias else Bias.NONE,
            graph.bytes_of(kernel_and_bias(node)[0]),
        ),
        batch=batch,
        input=node.input[0],
        output=graph.biased.get(output, output),
        weights=None if weights is None else weights[:, :, None],
        offset=None if offset is None else offset.reshape(-1),
        receptive_field=graph.field(node),
    )


READERS: Mapping[str, Callable[[_Graph, str, "NodeProto"], ModelLayer]] = {
    "Conv": _conv,
    "ConvTranspose": _conv,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "ConvInteger": _conv,
    "QLinearConv": _conv,
    "MatMulInteger": _matmul,
    "QLinearMatMul": _matmul,
}
