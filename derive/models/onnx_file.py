"""A file of ONNX opened: its graph with the sizes of all tensors that follow from its inputs.

Nothing of a file is run. Weights in files next to it are read only from the folder of the model.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any, TYPE_CHECKING

from derive.models.onnx_lean import lean, MalformedError, Place
from derive.notation.errors import InputError
from derive.notation.words import short

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto

INSTALL = 'a file of ONNX needs the package onnx: in a clone, pip install -e ".[onnx]"'
LARGEST = 2**31 - 1  # bytes that a protobuf can have
SMALL = 4096  # numbers of a constant from which sizes may follow
NUMBERS = (  # fields of a tensor, one of which holds its numbers
    *("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data"),
    "string_data",
)
MOST = 2**40  # pixels of one side of a tensor
Sizes = tuple[int, ...]


class UnreadableError(InputError):
    """Numbers of a model lie in a file that cannot be read, or are damaged."""


@dataclass(frozen=True)
class OnnxFile:
    """A model of ONNX: ``model`` as it is in the file with its functions written out, ``shapes`` by
    the name of a tensor.

    ``places`` are those of its large weights in the file, whose numbers the model does not hold.
    ``inferred`` is its graph with the sizes that were found. Of the body of an operation, such as a
    loop, ``inner`` is the graph, and ``outer`` are the constants around it.
    """

    path: Path
    model: "ModelProto"
    shapes: Mapping[str, Sizes]
    inferred: "GraphProto"
    places: Mapping[str, Place] = field(default_factory=dict)
    inner: "GraphProto | None" = None
    outer: Mapping[str, "TensorProto"] = field(default_factory=dict)

    @property
    def graph(self) -> "GraphProto":
        """The operations, in the order in which they run."""
        return self.model.graph if self.inner is None else self.inner

    @cached_property
    def inputs(self) -> dict[str, Sizes]:
        """The tensors that the model is given, with their sizes."""
        given = open_inputs(self.graph)
        return {one.name: self.shapes[one.name] for one in given if one.name in self.shapes}

    def bodies(self, number: int) -> "Iterator[tuple[str, OnnxFile]]":
        """The graphs within an operation, by the names of their attributes."""
        pairs = zip(
            graphs_in(self.graph.node[number]), graphs_in(self.inferred.node[number]), strict=True
        )
        for (name, inner), (_, inferred) in pairs:
            shapes = {**self.shapes, **_known_sizes(inferred)}
            shapes |= {one.name: tuple(one.dims) for one in inner.initializer}
            yield (
                name,
                replace(self, shapes=shapes, inferred=inferred, inner=inner, outer=self.constants),
            )

    @cached_property
    def constants(self) -> dict[str, "TensorProto"]:
        """The tensors that the file holds, by name."""
        found = {**self.outer, **{one.name: one for one in self.graph.initializer}}
        for node in self.graph.node:
            given = {one.name: one for one in node.attribute}
            if node.op_type == "Constant" and "value" in given and node.output:
                found[node.output[0]] = given["value"].t
            elif node.op_type == "Identity" and node.input and node.input[0] in found:
                found[node.output[0]] = found[node.input[0]]
        return found

    def array(self, name: str) -> "NDArray[Any]":
        """The numbers of a constant; UnreadableError if they lie in a file that cannot be read."""
        from onnx.numpy_helper import to_array

        try:
            return to_array(self.tensor(name), base_dir=str(self.path.parent))
        except Exception as error:  # of a damaged tensor, or of a file next to the model
            reason = " ".join(str(error).split()) or type(error).__name__
            raise UnreadableError(
                f"{self.path.name}: the numbers of {short(name)} cannot be read: {short(reason)}"
            ) from None

    def tensor(self, name: str) -> "TensorProto":
        """A constant with its numbers, unless they lie in another file."""
        found = self.constants[name]  # of that name, or what it is a copy of
        if found.name not in self.places or any(getattr(found, one) for one in NUMBERS):
            return found
        whole: TensorProto = type(found)()
        whole.ParseFromString(self.places[found.name].read())
        return whole

    def whole(self) -> "ModelProto":
        """A copy of the model with all its weights.

        Raises InputError, in one line, if some lie in another file that cannot be read.
        """
        from onnx.external_data_helper import load_external_data_for_model

        model: ModelProto = type(self.model)()
        model.CopyFrom(self.model)
        try:
            for one in model.graph.initializer:
                if one.name in self.places:
                    one.ParseFromString(self.places[one.name].read())
            load_external_data_for_model(model, str(self.path.parent))
        except Exception as error:  # of a file next to the model; the library has several
            reason = " ".join(str(error).split()) or type(error).__name__
            raise InputError(f"{self.path.name}: its weights cannot be read: {reason}") from None
        return model


def open_onnx(path: str | Path, sizes: Sequence[str] = ()) -> OnnxFile:
    """A file of ONNX with the sizes of its tensors; ``sizes`` are those of inputs, such as
    "1x3x224x224" for the only one or "image=1x3x224x224".

    Raises InputError, in one line, if the package onnx is not installed, for a file that is no
    model, and for an input whose sizes are open and not given.
    """
    onnx = _onnx()
    path = Path(path)
    model, places = _loaded(onnx, path)
    given = _given(path, model.graph, sizes)
    lean = onnx.ModelProto()
    lean.CopyFrom(_without_weights(onnx, model, places))
    for one in open_inputs(lean.graph):
        _set(path, one, given.get(one.name))
    inferred = _inferred(onnx, path, lean)
    held = {one.name: tuple(one.dims) for one in model.graph.initializer}
    return OnnxFile(path, model, _known_sizes(inferred) | held, inferred, places)


def _onnx() -> Any:
    try:
        import onnx
        import onnx.inliner
        import onnx.shape_inference
    except ImportError:
        raise InputError(INSTALL) from None
    return onnx


def _loaded(onnx: Any, path: Path) -> "tuple[ModelProto, dict[str, Place]]":
    """The file as a message of protobuf, and where its large weights are, which are left out."""
    name = short(path.name)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise InputError(f"{name} is a folder: give the file of a model, such as model.onnx")
        if not path.is_file():
            raise InputError(f"{name} is a pipe or a device: give the file of a model")
        if size > LARGEST:
            raise InputError(
                f"{name} has {size:,} bytes, and no file of ONNX can have more than {LARGEST:,}:"
                " save its weights as external data"
            )
        data, places = lean(path)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}") from None
    except MalformedError:
        raise InputError(f"{name} is not a model of ONNX, or is cut off: {size:,} bytes") from None
    model: ModelProto = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except Exception:  # DecodeError of protobuf, whose module is private
        raise InputError(f"{name} is not a model of ONNX, or is cut off: {size:,} bytes") from None
    if not model.HasField("graph") or not model.graph.node:
        raise InputError(f"{name} is not a model of ONNX: it has no operations")
    if not all(isinstance(text, str) for text in _texts(model.graph)):
        raise InputError(f"{name} is not a model of ONNX: a name in it is no text in UTF-8")
    return _written_out(onnx, name, model) if model.functions else model, places


def _written_out(onnx: Any, name: str, model: "ModelProto") -> "ModelProto":
    """The model with the operations of a function wherever it is called."""
    try:
        found: ModelProto = onnx.inliner.inline_local_functions(model)
    except Exception as error:  # the library has several, all with a text
        raise InputError(
            f"{name}: its functions cannot be written out: {short(_first(error))}"
        ) from None
    return found


def _texts(graph: "GraphProto") -> Iterator[object]:
    """Every name of a graph, of which protobuf gives the bytes where they are no text."""
    for node in graph.node:
        yield from (node.name, node.op_type, node.domain, *node.input, *node.output)
        for one in node.attribute:
            yield one.name
            yield from _texts(one.g)
            yield from (text for inner in one.graphs for text in _texts(inner))
    for held in graph.initializer:
        yield held.name
    for one in (*graph.input, *graph.output, *graph.value_info):
        yield one.name
        yield from (dim.dim_param for dim in one.type.tensor_type.shape.dim)


def open_inputs(graph: "GraphProto") -> "list[ValueInfoProto]":
    """The inputs that a user gives: those that the file holds no numbers for."""
    held = {one.name for one in graph.initializer} | {
        one.values.name for one in graph.sparse_initializer
    }
    return [one for one in graph.input if one.name not in held]


def _given(path: Path, graph: "GraphProto", sizes: Sequence[str]) -> dict[str, Sizes]:
    """Sizes by the name of an input; InputError for words that name none, or have another form."""
    names = [one.name for one in open_inputs(graph)]
    found: dict[str, Sizes] = {}
    for text in sizes:
        name, equals, words = text.rpartition("=")
        if not equals and len(names) != 1:
            raise InputError(
                f"{short(path.name)} has {len(names)} inputs: write NAME=SIZES for one of"
                f" {_listed(names)}"
            )
        name = name if equals else names[0]
        if name not in names:
            raise InputError(f"{short(path.name)} has no input {short(name)}: {_listed(names)}")
        if name in found:
            raise InputError(f"the sizes of input {short(name)} are given twice")
        found[name] = read_sizes(words)
    return found


def read_sizes(words: str) -> Sizes:
    """Sizes of a tensor from words; InputError for anything else.

    >>> read_sizes("1x3x224x224")
    (1, 3, 224, 224)
    """
    parts = re.split("[x×X]", words.strip())
    if not all(part.isdecimal() and part.isascii() and 0 < int(part[:16]) < MOST for part in parts):
        raise InputError(f"sizes {short(words)!r}: write such as 1x3x224x224, all at least 1")
    return tuple(map(int, parts))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(short, names[:4]))
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown


def _without_weights(onnx: Any, model: "ModelProto", places: Mapping[str, Place]) -> "ModelProto":
    """The model for the inference of shapes: large constants become inputs of their sizes."""
    lean: ModelProto = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    lean.functions.extend(model.functions)
    imported = {one.domain for one in model.opset_import}
    for domain in sorted({one.domain for one in model.graph.node} - imported):
        lean.opset_import.add(domain=domain, version=1)  # of operations that nobody knows
    graph = model.graph
    lean.graph.name = graph.name or "model"
    lean.graph.node.extend(graph.node)
    lean.graph.output.extend(graph.output)
    lean.graph.value_info.extend(graph.value_info)
    named = {one.name for one in graph.initializer}
    lean.graph.input.extend(one for one in graph.input if one.name not in named)
    for one in graph.initializer:
        small = prod(one.dims) <= SMALL and one.name not in places
        if small and one.data_location != onnx.TensorProto.EXTERNAL:
            lean.graph.initializer.append(one)
        else:
            shape = onnx.helper.make_tensor_value_info(one.name, one.data_type, list(one.dims))
            lean.graph.input.append(shape)
    return lean


def _set(path: Path, one: "ValueInfoProto", given: Sizes | None) -> None:
    """Give an input its sizes; an open batch alone is 1. InputError for sizes that are missing."""
    kind = one.type.tensor_type
    if not one.type.HasField("tensor_type"):
        return
    dims = kind.shape.dim
    words = "x".join(str(d.dim_value) if d.dim_value > 0 else (d.dim_param or "?") for d in dims)
    if given is None:
        if not kind.HasField("shape"):
            raise InputError(_open(path, one.name, "no sizes", "1x3x224x224"))
        if any(d.dim_value <= 0 for d in dims[1:]):
            likely = (1, 3, *(224,) * len(dims))
            sizes = (
                d.dim_value if d.dim_value > 0 else n for d, n in zip(dims, likely, strict=False)
            )
            example = "x".join(map(str, sizes))
            raise InputError(_open(path, one.name, f"open sizes {words}", example))
        given = tuple(d.dim_value if d.dim_value > 0 else 1 for d in dims)
    elif kind.HasField("shape") and len(given) != len(dims):
        raise InputError(f"input {short(one.name)} has {len(dims)} sizes, {words}: give as many")
    del kind.shape.dim[:]
    for size in given:
        kind.shape.dim.add().dim_value = size


def _open(path: Path, name: str, what: str, example: str) -> str:
    return (
        f"{short(path.name)}: input {short(name)} has {short(what)}:"
        f" give them with --size {short(name)}={example}"
    )


def _inferred(onnx: Any, path: Path, lean: "ModelProto") -> "GraphProto":
    """The graph with the sizes of all tensors whose sizes follow."""
    try:
        found: ModelProto = onnx.shape_inference.infer_shapes(lean, data_prop=True)
    except Exception as error:  # the library has several, all with a text
        raise InputError(
            f"{short(path.name)}: its sizes do not fit together: {short(_first(error))}"
        ) from None
    return found.graph


def _known_sizes(graph: "GraphProto") -> dict[str, Sizes]:
    """The sizes of every tensor of a graph whose sizes are all known."""
    return {
        one.name: tuple(d.dim_value for d in one.type.tensor_type.shape.dim)
        for one in (*graph.input, *graph.value_info, *graph.output)
        if one.type.tensor_type.HasField("shape")
        and all(d.HasField("dim_value") for d in one.type.tensor_type.shape.dim)
    }


def graphs_in(node: "NodeProto") -> "Iterator[tuple[str, GraphProto]]":
    """The graphs within an operation, by the names of their attributes."""
    for one in node.attribute:
        yield from ((one.name, graph) for graph in one.graphs)
        if one.HasField("g"):
            yield one.name, one.g


def read_by(nodes: "Iterable[NodeProto]") -> set[str]:
    """The tensors that operations read, and those that operations within them do."""
    found: set[str] = set()
    for node in nodes:
        found |= set(node.input)
        for _, graph in graphs_in(node):
            found |= read_by(graph.node) | {one.name for one in graph.output}
    return found


def _first(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
