"""A module of PyTorch as the book's layers: the user's own code is run, on the device without data.

``torch.export`` writes down which operations run, functional ones too, with the sizes of all
tensors; no weights are made, and none are read. An operation that is neither a layer, nor one whose
size is known, nor one that only moves numbers, is unknown: never a zero.
"""

import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from math import prod
from pathlib import Path
from typing import Any

from derive.models.liveness import most_held, Ran
from derive.models.model import Kind, Model, ModelLayer, Passed, Step, Unknown
from derive.models.onnx_file import read_sizes, Sizes
from derive.models.reach import joined, Reach, Reaches
from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.notation.words import short

INSTALL = 'a module of PyTorch needs the package torch: in a clone, pip install -e ".[torch]"'
FORM = "write package.module:callable, such as torchvision.models:resnet50"
SIZE = "a module does not say how large its input is: give it with --size 1x3x224x224"
STEPS = {
    Step.NORMALIZATION: "batch_norm instance_norm layer_norm group_norm rms_norm"
    " local_response_norm native_batch_norm native_layer_norm native_group_norm",
    Step.ACTIVATION: "relu relu_ relu6 leaky_relu leaky_relu_ prelu elu elu_ selu selu_ celu celu_"
    " sigmoid sigmoid_ hardsigmoid hardsigmoid_ hardswish hardswish_ silu silu_ mish mish_ gelu"
    " tanh tanh_ softplus hardtanh hardtanh_ clamp clamp_ softmax log_softmax exp log sqrt rsqrt"
    " erf threshold",
    Step.AVERAGE: "avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d"
    " adaptive_avg_pool3d mean sum",
    Step.MAXIMUM: "max_pool1d max_pool2d max_pool3d adaptive_max_pool1d adaptive_max_pool2d"
    " adaptive_max_pool3d amax max amin min",
    Step.SUM: "add add_ sub sub_ mul mul_ div div_ rsub neg abs pow reciprocal maximum minimum",
}
STEP = {name: step for step, names in STEPS.items() for name in names.split()}
MOVING = """
    view reshape flatten unflatten permute transpose t numpy_T cat concat stack slice select getitem
    clone contiguous detach pad constant_pad_nd dropout dropout_ feature_dropout alpha_dropout
    squeeze unsqueeze expand expand_as repeat chunk split split_with_sizes unbind index index_select
    gather pixel_shuffle pixel_unshuffle channel_shuffle to _to_copy type_as alias lift_fresh_copy
    zeros ones full zeros_like ones_like full_like empty arange upsample_nearest2d roll flip movedim
    unfold tile masked_fill where eq ne gt ge lt le logical_not bitwise_not embedding
    sym_size identity copy_ _assert_tensor_metadata
"""
MOVES = frozenset(MOVING.split())
ALIKE = frozenset({"dropout", "dropout_", "clone", "contiguous", "detach", "to", "alias"})
OVER = ALIKE - {"clone", "to"} | {
    *("view", "reshape", "flatten", "unflatten", "squeeze", "unsqueeze", "identity"),
    *("feature_dropout", "alpha_dropout"),
}
LAYERS = {
    **{f"conv{n}d": False for n in (1, 2, 3)},
    **{f"conv_transpose{n}d": True for n in (1, 2, 3)},
    "convolution": None,
}
MATRICES = ("linear", "matmul", "mm", "addmm")
DYNAMIC = "its kernel is worked out while the model runs"


class NotCountedError(Exception):
    """An operation is no layer of the book; the text says why."""


def read_torch(source: str, sizes: Sequence[str] = ()) -> Model:
    """The layers of a module, and what in it is no layer. The code of the module is run.

    Args:
        source: "package.module:callable", of which the callable makes a module, or is one.
        sizes: of the inputs, in their order or by name, such as "1x3x224x224".

    Raises InputError, in one line, if PyTorch is not installed, for a source that is no module, and
    for a module that ``torch.export`` cannot write down.
    """
    torch = _torch()
    if not sizes:
        raise InputError(SIZE)
    with warnings.catch_warnings(), redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        made = _module(torch, source)
        given = _inputs(torch, made, sizes)
        program = _exported(torch, source, made, given)
    graph = _Graph(torch, program)
    found = list(graph.found())
    return Model(
        source,
        tuple(graph.linked([one for one in found if isinstance(one, ModelLayer)])),
        tuple(one for one in found if isinstance(one, Unknown)),
        tuple(one for one in found if isinstance(one, Passed)),
        tuple((name, tuple(one.shape)) for name, one in given.items()),
        graph.most_held(),
    )


def _exported(torch: Any, source: str, made: Any, given: Mapping[str, Any]) -> Any:
    try:
        return torch.export.export(made, (), dict(given))
    except Exception as error:  # of the user's code, or of the exporter, which has many
        raise InputError(
            f"{short(source)}: torch.export cannot write it down: {_line(error)}"
        ) from None


def _torch() -> Any:
    try:
        import torch
        import torch.export
    except ImportError:
        raise InputError(INSTALL) from None
    return torch


def _line(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    words = f"{type(error).__name__}: {lines[0].strip()}" if lines else type(error).__name__
    return short(words, 200)


def _module(torch: Any, source: str) -> Any:
    """The module that a source names or makes, on the device without data, for inference."""
    path, colon, name = source.partition(":")
    if not colon or not path or not name:
        raise InputError(f"{short(source)!r} names no module: {FORM}")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        found: Any = import_module(path)
        for part in name.split("."):
            found = getattr(found, part)
        with torch.device("meta"):
            made = found if isinstance(found, torch.nn.Module) else found()
    except Exception as error:  # of the user's code
        raise InputError(f"{short(source)} cannot be made: {_line(error)}") from None
    if not isinstance(made, torch.nn.Module):
        kind = type(made).__name__
        raise InputError(f"{short(source)} makes no module of PyTorch but {short(kind)}: {FORM}")
    return made.to("meta").eval()


def _inputs(torch: Any, made: Any, sizes: Sequence[str]) -> dict[str, Any]:
    """A tensor without data for each input, by its name."""
    from inspect import Parameter, signature

    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    names = [name for name, one in signature(made.forward).parameters.items() if one.kind in kinds]
    found: dict[str, Any] = {}
    for text in sizes:
        name, equals, words = text.rpartition("=")
        free = [one for one in names if one not in found]
        if not equals and not free:
            raise InputError(f"the module has {len(names)} inputs, and --size is given more often")
        name = name if equals else free[0]
        if name not in names or name in found:
            known = ", ".join(map(short, names))
            raise InputError(f"--size {short(text)} is of no open input: the module has {known}")
        found[name] = torch.empty(read_sizes(words), device="meta")
    return found


Found = ModelLayer | Passed | Unknown


@dataclass
class _Graph:
    """The operations of an exported program, and how far each tensor reaches into the image."""

    torch: Any
    program: Any
    reaches: dict[str, Reaches] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    @cached_property
    def nodes(self) -> list[Any]:
        """The operations in the order in which they run."""
        return [one for one in self.program.graph.nodes if one.op == "call_function"]

    @cached_property
    def held(self) -> dict[str, str]:
        """The name of a parameter or a buffer by the tensor that stands for it."""
        signature = self.program.graph_signature
        return {**signature.inputs_to_parameters, **signature.inputs_to_buffers}

    @cached_property
    def fixed(self) -> set[str]:
        """Tensors that are parameters, or worked out from parameters alone."""
        found = set(self.held)
        for node in self.nodes:
            read = {one.name for one in node.all_input_nodes}
            if read <= found:
                found.add(node.name)
        return found

    def found(self) -> Iterator[Found]:
        """What each operation is."""
        for one in self.program.graph.nodes:
            if one.op == "placeholder" and one.name not in self.held:
                sizes = _sizes(one)
                if sizes and len(sizes) > 2:
                    self.reaches[one.name] = (Reach(),) * (len(sizes) - 2)
        for node in self.nodes:
            if node.name in self.fixed:
                continue
            name, kind = self._name(node), _kind(node)
            try:
                one = self._read(name, node, kind)
            except (NotCountedError, InputError) as error:
                one = Unknown(name, kind, str(error), self._weights(node))
            if one is not None:
                yield one
            self._reach(node, kind, one)

    def most_held(self) -> int | None:
        """Numbers of all tensors that are held at once; None where sizes are not known."""
        order, sizes = list[Ran](), dict[str, int]()
        given = (one for one in self.program.graph.nodes if one.op == "placeholder")
        images = [one for one in given if one.name not in self.held]
        for node in (*images, *(one for one in self.nodes if one.name not in self.fixed)):
            written = _written(node)
            if any(_sizes(one) is None for one in written):
                return None
            sizes |= {one.name: prod(_sizes(one) or ()) for one in written}
            if node.op == "call_function" and written:
                read = (one.name for one in node.all_input_nodes if one.name not in self.fixed)
                names = tuple(one.name for one in written)
                order.append(Ran(tuple(read), names, _over(_kind(node))))
        kept = (
            x.name
            for one in self.program.graph.nodes
            if one.op == "output"
            for x in one.all_input_nodes
        )
        return most_held(order, sizes, [one.name for one in images], kept)

    def _read(self, name: str, node: Any, kind: str) -> Found | None:
        given = _given(node)
        if kind in LAYERS:
            return self._convolution(name, node, given, LAYERS[kind])
        if kind in MATRICES:
            return self._matrix(name, node, given)
        if kind in STEP:
            return self._passed(name, node, STEP[kind])
        if kind in MOVES:
            return None
        raise NotCountedError("the operation is not known")

    def _convolution(
        self, name: str, node: Any, given: Mapping[str, Any], transposed: bool | None
    ) -> ModelLayer:
        read, kernel = given["input"], given["weight"]
        sizes, taps = _known(read), _known(kernel)[2:]
        if kernel.name not in self.fixed:
            raise NotCountedError(DYNAMIC)
        scattered = given["transposed"] if transposed is None else transposed
        count = len(taps)
        if len(sizes) == count + 1:  # of a single image without a batch
            sizes = (1, *sizes)
        strides, dilations = (_each(given[key], count) for key in ("stride", "dilation"))
        pads = _pads(given["padding"], taps, dilations)
        rows = list(zip(sizes[2:], taps, strides, dilations, strict=True))
        slides: tuple[Axis | Transposed, ...]
        if scattered:
            extras = _each(given["output_padding"], count)
            slides = tuple(
                Transposed(*row, *pad, extra)
                for row, pad, extra in zip(rows, pads, extras, strict=True)
            )
        else:
            slides = tuple(Axis(*row, *pad) for row, pad in zip(rows, pads, strict=True))
        groups, bias = given["groups"], given.get("bias")
        out = _known(kernel)[1] * groups if scattered else _known(kernel)[0]
        kept = Bias.NONE if bias is None else Bias.ALL
        return ModelLayer(
            name=name,
            kind=Kind.TRANSPOSED if scattered else Kind.CONV,
            layer=Layer(sizes[1], out, slides, groups, kept, _bytes(kernel)),
            batch=sizes[0],
            input=read.name,
            output=node.name,
            receptive_field=tuple(one.size for one in self._through(read, slides) or ()),
        )

    def _matrix(self, name: str, node: Any, given: Mapping[str, Any]) -> ModelLayer:
        """A product with a matrix that is a parameter."""
        kind = _kind(node)
        read, kernel = {
            "linear": ("input", "weight"),
            "matmul": ("self", "other"),
            "mm": ("self", "mat2"),
            "addmm": ("mat1", "mat2"),
        }[kind]
        one, matrix = given[read], given[kernel]
        sizes, sides = _known(one), _known(matrix)
        if matrix.name not in self.fixed:
            raise NotCountedError(DYNAMIC)
        if len(sides) != 2 or one.name in self.fixed:
            raise NotCountedError(f"its kernel has {len(sides)} axes, not 2")
        inputs, outputs = sides[::-1] if kind == "linear" else sides
        bias = given.get("bias") if kind == "linear" else given["self"] if kind == "addmm" else None
        batch, positions = (sizes[0], prod(sizes[1:-1])) if len(sizes) > 1 else (1, 1)
        reach = self.reaches.get(one.name)
        return ModelLayer(
            name=name,
            kind=Kind.LINEAR,
            layer=Layer(
                inputs,
                outputs,
                (Axis(positions, 1),),
                1,
                Bias.NONE if bias is None else Bias.ALL,
                _bytes(matrix),
            ),
            batch=batch,
            input=one.name,
            output=node.name,
            receptive_field=tuple(each.size for each in reach or ()),
        )

    def _passed(self, name: str, node: Any, step: Step) -> Passed:
        read = [one for one in node.all_input_nodes if one.name not in self.fixed]
        before, after = _known(read[0]), _known(node)
        batch = max(1, after[0]) if len(after) > 1 else 1
        own = [
            one
            for one in node.all_input_nodes
            if one.name in self.program.graph_signature.inputs_to_parameters
        ]
        normal = step is Step.NORMALIZATION
        parameters = sum(prod(_known(one)) for one in own) if normal else 0
        return Passed(name, step, prod(before) // batch, prod(after) // batch, parameters)

    def _weights(self, node: Any) -> int:
        """The numbers that the module holds for an operation."""
        sizes = (_sizes(one) for one in node.all_input_nodes if one.name in self.held)
        return sum(prod(one) for one in sizes if one is not None)

    def _name(self, node: Any) -> str:
        """The name of the module whose weights an operation reads, or its own; no other has it."""
        weights = (self.held.get(one.name, "") for one in node.all_input_nodes)
        owner = next((one.rpartition(".")[0] for one in weights if "." in one), "")
        name = owner or node.name
        name = name if name not in self.names else f"{name} ({node.name})"
        self.names.add(name)
        return name

    def _reach(self, node: Any, kind: str, found: Found | None) -> None:
        """Notes how far the tensor that an operation writes reaches."""
        read = [one for one in node.all_input_nodes if one.name not in self.fixed]
        reach: Reaches | None = None
        if isinstance(found, ModelLayer) and found.kind is not Kind.LINEAR:
            reach = self._through(read[0], found.layer.axes)
        elif kind.startswith(("max_pool", "avg_pool")):
            reach = self._pooled(node, read[0])
        elif _alike(kind) or kind in ("cat", "concat"):
            reach = joined([self.reaches.get(one.name) for one in read])
        if reach is not None:
            self.reaches[node.name] = reach

    def _through(self, read: Any, slides: Sequence[Axis | Transposed]) -> Reaches | None:
        before = self.reaches.get(read.name)
        if before is None or len(before) != len(slides):
            return None
        return tuple(one.through(axis) for one, axis in zip(before, slides, strict=True))

    def _pooled(self, node: Any, read: Any) -> Reaches | None:
        given, sides = _given(node), (_sizes(read) or ())[2:]
        count = len(sides)
        taps = _each(given["kernel_size"], count)
        strides = _each(given["stride"] or taps, count)
        pads, dilations = (_each(given.get(key) or n, count) for key, n in PADDED)
        try:
            slides = [
                Axis(side, k, s, d, p, p)
                for side, k, s, d, p in zip(sides, taps, strides, dilations, pads, strict=True)
            ]
        except InputError:
            return None
        return self._through(read, slides)

    def linked(self, layers: Sequence[ModelLayer]) -> Iterator[ModelLayer]:
        """The layers, each with the one that alone reads it and the operations in between."""
        by_output = {node.name: node for node in self.nodes}
        by_input: dict[str, list[str]] = {}
        for one in layers:
            by_input.setdefault(one.input, []).append(one.name)
        for one in layers:
            tensor, between = by_output[one.output], []
            following = ""
            while len(tensor.users) == 1 and not following:
                (user,) = tensor.users
                read = [x for x in getattr(user, "all_input_nodes", ()) if x.name not in self.fixed]
                if by_input.get(tensor.name):
                    following = by_input[tensor.name][0]
                elif user.op != "call_function" or len(read) != 1 or not _passes(_kind(user)):
                    break
                else:
                    between.append(_kind(user))
                    tensor = user
            yield replace(one, next=following, between=tuple(between)) if following else one


PADDED = (("padding", 0), ("dilation", 1))


def _written(node: Any) -> list[Any]:
    """The tensors that an operation writes: itself, or the parts that are taken of it; none for a
    part, and for what is no tensor."""
    if _kind(node) == "getitem" or node.meta.get("val") is None:
        return []
    if isinstance(node.meta["val"], tuple | list):
        return [one for one in node.users if _kind(one) == "getitem"]
    return [node] if hasattr(node.meta["val"], "shape") else []


def _over(kind: str) -> bool:
    """Whether an operation may write over what it reads."""
    step = STEP.get(kind)
    return step in (Step.NORMALIZATION, Step.ACTIVATION) or kind in OVER or kind.endswith("_")


def _alike(kind: str) -> bool:
    """Whether a number that an operation writes depends on those in the same place alone."""
    return kind in ALIKE or STEP.get(kind, Step.AVERAGE) not in (Step.AVERAGE, Step.MAXIMUM)


def _passes(kind: str) -> bool:
    return kind in STEP or kind in ALIKE


def _kind(node: Any) -> str:
    """The name of an operation without the namespace and the form of its arguments."""
    schema = getattr(node.target, "_schema", None)
    name = schema.name if schema is not None else getattr(node.target, "__name__", str(node.target))
    return str(name).rpartition("::")[2]


def _given(node: Any) -> dict[str, Any]:
    """The arguments of an operation by name, those that are left out with their defaults."""
    schema = getattr(node.target, "_schema", None)
    if schema is None:
        return dict(node.kwargs)
    found = {one.name: one.default_value for one in schema.arguments if one.has_default_value()}
    found |= {one.name: value for one, value in zip(schema.arguments, node.args, strict=False)}
    return found | dict(node.kwargs)


def _sizes(node: Any) -> Sizes | None:
    """The sizes of a tensor; None for what is none, or has open sizes."""
    shape = getattr(node.meta.get("val"), "shape", None)
    if shape is None or not all(isinstance(n, int) for n in shape):
        return None
    return tuple(shape)


def _known(node: Any) -> Sizes:
    sizes = _sizes(node)
    if sizes is None or not all(sizes):
        raise NotCountedError("the sizes of its input are not known")
    return sizes


def _bytes(node: Any) -> int:
    return max(1, int(node.meta["val"].element_size()))


def _each(value: Any, count: int) -> Sizes:
    """A number for every axis, of which one may stand for all."""
    numbers = tuple(value) if isinstance(value, list | tuple) else (value,)
    return numbers * count if len(numbers) == 1 else numbers


def _pads(padding: Any, taps: Sizes, dilations: Sizes) -> list[tuple[int, int]]:
    """Padding before and after on every axis: numbers, or the words same and valid."""
    if padding == "same":
        totals = [d * (k - 1) for k, d in zip(taps, dilations, strict=True)]
        return [(total // 2, total - total // 2) for total in totals]
    numbers = (0,) * len(taps) if padding == "valid" else _each(padding, len(taps))
    return [(n, n) for n in numbers]
