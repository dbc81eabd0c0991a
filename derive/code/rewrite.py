"""A model of ONNX with the layers of a plan replaced by the stages of their designs.

A layer is one operation, or a product with a matrix. In its place stand the operations that
``derive code`` prints for the design; the last writes the tensor that the layer wrote, with its
bias. Everything else stays as it is: names, order, versions, metadata and all other weights.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TYPE_CHECKING

from derive.code.operations import Operation, operations
from derive.code.plan import Convolution, plan
from derive.comparison import Row
from derive.facts.designs import Options, Weights
from derive.facts.rewriting import LeftFacts, ReplacedFacts
from derive.facts.suggestion import as_convolution, Candidate
from derive.models.model import Kind, ModelLayer
from derive.models.onnx import attributes
from derive.models.onnx_file import OnnxFile, open_inputs, read_by
from derive.notation.bias import Bias

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import GraphProto, ModelProto, NodeProto

OLDEST = 13  # the version of the operations from which Pad and Constant are as they are printed
DYNAMIC = "its padding is worked out from a size of the image that is open"
FRAMED = "its stages need a Pad, which operations before version 13 have in another form"
INSIDE = "it is an operation within another one"
LARGE = "its numbers do not fit {kind}"
Name = Callable[[str], None]


class _LeftError(Exception):
    """A layer has to stay; the text says why."""


def rewritten(
    file: OnnxFile,
    chosen: Sequence[tuple[Candidate, int]],
    started: Name = lambda name: None,
) -> "tuple[ModelProto, tuple[ReplacedFacts, ...], tuple[LeftFacts, ...]]":
    """The model of a file with some layers replaced by their designs: which are, and which of them
    have to stay.

    Args:
        file: the model.
        chosen: layers of it, each with the place of a design on its front.
        started: is called with the name of each layer.

    Raises InputError, one line, for weights in a file next to the model that cannot be read.
    """
    surgery = _Surgery(file)
    replaced: list[ReplacedFacts] = []
    left: list[LeftFacts] = []
    for candidate, place in chosen:
        name = candidate.layer.name
        started(name)
        try:
            replaced.append(surgery.replace(candidate, place))
        except _LeftError as error:
            left.append(LeftFacts(name, str(error)))
    return surgery.finished(), tuple(replaced), tuple(left)


@dataclass(frozen=True)
class _Stage:
    """Operations with the weights that they read, by name."""

    operations: tuple[Operation, ...]
    weights: "Mapping[str, NDArray[Any]]"


class _Surgery:
    """A copy of a model, in which operations are exchanged."""

    def __init__(self, file: OnnxFile) -> None:
        self.file = file
        self.model = file.whole()
        self.added: dict[tuple[tuple[int, ...], str, bytes], str] = {}
        self.instead: dict[str, list[NodeProto]] = {}  # by the tensor that an operation writes
        self.open = {
            one.name
            for one in open_inputs(file.graph)
            if any(d.dim_value <= 0 for d in one.type.tensor_type.shape.dim[2:])
        }

    @property
    def graph(self) -> "GraphProto":
        """The operations of the copy."""
        return self.model.graph

    @cached_property
    def version(self) -> int:
        """The version of the operations of ONNX itself."""
        return max(
            (one.version for one in self.model.opset_import if one.domain in ("", "ai.onnx")),
            default=1,
        )

    @cached_property
    def writers(self) -> "dict[str, NodeProto]":
        """The operation that writes each tensor."""
        return {name: node for node in self.graph.node for name in node.output}

    @cached_property
    def names(self) -> set[str]:
        """All names of tensors and operations that are taken."""
        graph = self.graph
        held = {one.name for one in (*graph.initializer, *graph.input, *graph.output)}
        return held | {
            name for node in graph.node for name in (node.name, *node.input, *node.output)
        }

    def replace(self, candidate: Candidate, place: int) -> ReplacedFacts:
        """Puts the stages of a design where a layer is; _LeftError if it has to stay."""
        layer, front = candidate.layer, candidate.front
        design = front.designs[place] if front else None
        assert design is not None
        node = self._node_of(layer)
        make = self._matrices if layer.kind is Kind.LINEAR else self._convolutions
        stage, error = make(layer, node, *design)
        self._insert(node, stage)
        return ReplacedFacts(layer.name, design[0].path.entry.name, error)

    def _node_of(self, layer: ModelLayer) -> "NodeProto":
        """The operation of a layer; behind a product with a matrix its bias may stand apart."""
        node = self.writers.get(layer.output)
        if node is not None and layer.kind is Kind.LINEAR and node.op_type == "Add":
            before = (self.writers.get(name) for name in node.input)
            node = next((one for one in before if one and one.op_type == "MatMul"), None)
        if node is None:
            raise _LeftError(INSIDE)
        return node

    def _convolutions(
        self, layer: ModelLayer, node: "NodeProto", options: Options, place: int
    ) -> tuple[_Stage, float]:
        """The stages of a design as convolutions."""
        assert layer.weights is not None
        bias = list(node.input[2:3]) if len(node.input) > 2 and node.input[2] else []
        path, base = options.path, node.name or node.output[0]
        biased = replace(path.layer, bias=Bias.LAST if bias else Bias.NONE)
        made = plan(Row(path.entry, path.line, biased, tuple(path[place].items())))
        arrays, error = self._stored(layer, options, place)
        ends = (
            []
            if made.alone
            else [
                self._free(f"{base}/branch_{n}")
                for n in range(1, 1 + sum(branch.times for branch in made.branches))
            ]
        )
        found: list[Operation] = []
        weights: dict[str, NDArray[Any]] = {}
        results = iter(ends or [node.output[0]])
        for branch in made.branches:
            for copy, names in enumerate(branch.names):
                read, end = node.input[0], next(results)
                for n, (stage, name) in enumerate(zip(branch.stages, names, strict=True)):
                    final = n + 1 == len(branch.stages)
                    write = end if final else self._free(f"{base}/{name}_output")
                    held = self._free(f"{base}/{name}")
                    weights[held] = _laid(arrays[stage.name], stage, copy)
                    inputs = [held, *(bias if stage.bias else [])]
                    found += self._fitting(node, operations(stage, read, inputs, write))
                    read = write
        if ends:
            found.append(Operation("Sum", tuple(ends), (node.output[0],)))
        return _Stage(tuple(found), weights), error

    def _matrices(
        self, layer: ModelLayer, node: "NodeProto", options: Options, place: int
    ) -> tuple[_Stage, float]:
        """A design of a linear layer as products with one matrix after another."""
        arrays, error = self._stored(layer, options, place)
        base, read = node.name or node.output[0], node.input[0]
        matrices = [_matrix(one) for one in arrays.values()]
        found: list[Operation] = []
        weights: dict[str, NDArray[Any]] = {}
        given = attributes(node)
        for n, (name, matrix) in enumerate(zip(arrays, matrices, strict=True)):
            final = n + 1 == len(matrices)
            write = node.output[0] if final else self._free(f"{base}/{name}_output")
            held = self._free(f"{base}/{name}")
            weights[held] = matrix.T
            more: dict[str, Any] = {}
            inputs = [read, held]
            if node.op_type == "Gemm":
                more = {"transA": 1} if given.get("transA") and not n else {}
                if final and len(node.input) > 2:
                    inputs.append(node.input[2])
                    more |= {"beta": given["beta"]} if "beta" in given else {}
            found.append(Operation(node.op_type, tuple(inputs), (write,), more))
            read = write
        return _Stage(tuple(found), weights), error

    def _stored(
        self, layer: ModelLayer, options: Options, place: int
    ) -> "tuple[dict[str, NDArray[Any]], float]":
        """The factors by name in the format of the weights, and how far they are off."""
        import numpy as np

        assert layer.weights is not None
        kind = layer.weights.dtype
        kernel = np.asarray(layer.weights, dtype=np.float64)
        shape = as_convolution(layer)
        if layer.kind is Kind.LINEAR:
            kernel = kernel[..., None]
        weights = Weights(kernel, shape.groups)
        tensors = [one.stored(kind) for one in weights.factors(options, place)]
        if not all(np.isfinite(one.array).all() for one in tensors):
            raise _LeftError(LARGE.format(kind=kind))
        names = (str(factor.base) for factor in options.term.factors)
        arrays = {name: one.array for name, one in zip(names, tensors, strict=True)}
        return arrays, weights.apart(options, tensors)

    def _fitting(self, node: "NodeProto", found: Iterator[Operation]) -> Iterator[Operation]:
        """Operations as this model can have them; _LeftError if it cannot."""
        given = attributes(node)
        word = (given.get("auto_pad") or b"NOTSET").decode()
        for one in found:
            if one.kind in ("Pad", "Constant") and self.version < OLDEST:
                raise _LeftError(FRAMED)
            if self.open and word.startswith("SAME") and set(given.get("strides", [1])) != {1}:
                raise _LeftError(DYNAMIC)
            yield one

    def _insert(self, node: "NodeProto", stage: _Stage) -> None:
        """Notes the operations of a stage for one, and adds their weights, equal ones once."""
        from onnx import helper

        base = node.name or node.output[0]
        same = {name: self._kept(name, array) for name, array in stage.weights.items()}
        made = []
        for n, one in enumerate(stage.operations):
            final = n + 1 == len(stage.operations)
            name = node.name if final else self._free(f"{base}/{one.kind}_{n + 1}")
            made.append(
                helper.make_node(
                    one.kind,
                    [same.get(name, name) for name in one.inputs],
                    one.outputs,
                    name=name,
                    domain=node.domain,
                    **dict[str, Any](one.attributes),
                )
            )
        self.instead[node.output[0]] = made

    def _kept(self, name: str, array: "NDArray[Any]") -> str:
        """Adds weights to the model under a name; the name of those that it has, if it has them."""
        from onnx import helper, numpy_helper

        key = (array.shape, str(array.dtype), array.tobytes())
        if key in self.added:
            return self.added[key]
        self.added[key] = name
        held = numpy_helper.from_array(array.copy(order="C"), name)
        self.graph.initializer.append(held)
        if self.model.ir_version < 4:  # where weights have to be inputs too
            self.graph.input.append(
                helper.make_tensor_value_info(name, held.data_type, list(held.dims))
            )
        return name

    def _free(self, name: str) -> str:
        """A name that nothing else has, such as the given one."""
        found, number = name, 2
        while found in self.names:
            found, number = f"{name}_{number}", number + 1
        self.names.add(found)
        return found

    def finished(self) -> "ModelProto":
        """The model with the new operations, and without weights that nothing reads any more."""
        kept = [
            one
            for node in self.graph.node
            for one in (self.instead.get(node.output[0], [node]) if node.output else [node])
        ]
        before = read_by(self.graph.node) | {one.name for one in self.graph.output}
        after = read_by(kept) | {one.name for one in self.graph.output}
        gone = before - after
        while dead := [node for node in kept if node.output and set(node.output) <= gone]:
            kept = [node for node in kept if node not in dead]
            after = read_by(kept) | {one.name for one in self.graph.output}
            gone = before - after
        del self.graph.node[:]
        self.graph.node.extend(kept)
        for held in (self.graph.initializer, self.graph.input, self.graph.value_info):
            rest = [one for one in held if one.name not in gone]
            if len(rest) < len(held):
                del held[:]
                held.extend(rest)
        return self.model


def _laid(array: "NDArray[Any]", stage: Convolution, copy: int) -> "NDArray[Any]":
    """A factor as ONNX stores the weights of its stage; of several copies one."""
    own = array[..., copy] if array.ndim > len(stage.letters) else array
    order = [stage.letters.index(x) for x in stage.layout]
    return own.transpose(order).reshape(stage.shape)


def _matrix(array: "NDArray[Any]") -> "NDArray[Any]":
    """A factor of a 1 × 1 convolution as a matrix, outputs by inputs."""
    return array.reshape(array.shape[:2])
