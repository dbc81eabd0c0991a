"""ONNX: a file of Conv or ConvTranspose nodes, made with onnx.helper and run by ONNX Runtime."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from derive.code.plan import Convolution, Pipeline, Plan
from derive.code.text import (
    about,
    check_words,
    contraction,
    head,
    held,
    indented,
    listed,
    place,
    reshaped,
    transposed,
)

START = '''import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper, TensorProto

rng = np.random.default_rng(0)


def model(nodes, weights, sides):
    """A model from x to y with these nodes and weights."""
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in zip("xy", sides))
    stored = [numpy_helper.from_array(w, name) for name, w in weights.items()]
    graph = helper.make_graph(nodes, "layer", [x], [y], stored)
    made = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 19)])
    onnx.checker.check_model(made)
    return made


def run(made, x):
    """What a model makes of an image: the model is a file, or its bytes."""
    session = onnxruntime.InferenceSession(made, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def random(*shape):
    return rng.standard_normal(shape, dtype="float32")
'''


@dataclass(frozen=True)
class Node:
    """A node of a model: its operator, what it reads and writes, and its attributes.

    ``about`` are comments to go above it.
    """

    kind: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, list[int] | int] = field(default_factory=dict)
    about: tuple[str, ...] = ()


def onnx(plan: Plan, weights: str | None = None) -> str:
    """Python that writes the layer to layer.onnx, and the check that it equals the convolution.

    ``weights`` is the path of a .npz file with an array for each factor.
    """
    lines = [
        head(plan, "ONNX"),
        "",
        *START.splitlines(),
        "",
        "",
        f"sides = {listed(sides(plan))}".replace("'", '"'),
    ]
    if weights is not None:
        lines.append(f"factors = np.load({weights!r})")
    lines += [*_weights(plan, weights), *_nodes(plan), ""]
    lines.append('onnx.save(model(nodes, weights, sides), "layer.onnx")')
    return "\n".join([*lines, "", *_check(plan)]) + "\n"


def sides(plan: Plan) -> list[list[str | int]]:
    """The shapes of x and y."""
    ends = ((plan.single.channels_in, plan.image), (plan.single.channels_out, plan.output))
    return [["batch", channels, *image] for channels, image in ends]


def _weights(plan: Plan, path: str | None) -> Iterator[str]:
    """Lines that make the weights by name: at random, or from the arrays of a file."""
    yield "weights = {"
    for branch in plan.branches:
        for names in branch.names:
            for stage, name in zip(branch.stages, names, strict=True):
                made = f"random({listed(stage.shape)})"
                if path is not None:
                    laid = transposed(stage.letters, stage.layout)
                    array = f"{stage.array(name)}{laid}.reshape({listed(stage.shape)})"
                    made = f'{array}.astype("float32")'
                yield f'    "{name}": {made},'
                if stage.bias:
                    kind = "random" if path is None else "np.zeros"
                    end = "" if path is None else ', "float32"'
                    yield f'    "{name}_bias": {kind}({stage.channels_out}{end}),'
    yield "}"


def _nodes(plan: Plan) -> Iterator[str]:
    """Lines that list the nodes, each after the words about its stage."""
    yield "nodes = ["
    for node in nodes(plan):
        yield from indented([*node.about, _printed(node)])
    yield "]"


def _printed(node: Node) -> str:
    options = "".join(f", {name}={value}" for name, value in node.attributes.items())
    inputs, outputs = _names(node.inputs), _names([node.output])
    return f'helper.make_node("{node.kind}", {inputs}, {outputs}{options}),'


def nodes(plan: Plan) -> Iterator[Node]:
    """The nodes of a layer from x to y, those of a branch in a row."""
    results = [f"y{n}" for n in range(1, sum(branch.times for branch in plan.branches) + 1)]
    ends = iter(["y"] if plan.alone else results)
    for branch in plan.branches:
        for names in branch.names:
            yield from _chain(branch, names, next(ends))
    if not plan.alone:
        yield Node("Sum", tuple(results), "y")


def _chain(branch: Pipeline, names: Sequence[str], end: str) -> Iterator[Node]:
    """The nodes of one copy of a branch, from x to its end."""
    read = "x"
    for n, (stage, name) in enumerate(zip(branch.stages, names, strict=True)):
        last = n + 1 == len(branch.stages)
        inputs = [name, f"{name}_bias"] if stage.bias else [name]
        write = end if last else f"{end}_{n + 1}"
        first, *others = _node(stage, read, inputs, write)
        yield replace(first, about=(about(stage),))
        yield from others
        read = write


def _node(stage: Convolution, read: str, weights: Sequence[str], write: str) -> Iterator[Node]:
    """The node of a stage, and the padding or cropping that it cannot say."""
    margins = [_rest(stage, side) for side in range(2)]
    rest = [0, 0, *margins[0], 0, 0, *margins[1]]
    framed = f"{write}_framed"
    inner, outer = (read, write)
    if any(rest) and stage.transposed:
        outer = framed
    if any(rest) and not stage.transposed:
        yield from _framed(rest, read, framed, f"{framed}_by")
        inner = framed
    kind = "ConvTranspose" if stage.transposed else "Conv"
    yield Node(kind, (inner, *weights), outer, _attributes(stage))
    if any(rest) and stage.transposed:
        yield from _framed(rest, framed, write, f"{framed}_by")


def _framed(rest: list[int], read: str, write: str, margins: str) -> Iterator[Node]:
    """Nodes that pad or crop."""
    yield Node("Constant", (), margins, {"value_ints": rest})
    yield Node("Pad", (read, margins), write)


def _attributes(stage: Convolution) -> dict[str, list[int] | int]:
    """The attributes of a node that are not the usual ones."""
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
    """What a node cannot say: cropping of a convolution, padding of a transposed one."""
    ends = [(w.before, w.after)[side] for w in stage.windows]
    if not stage.transposed:
        return [min(0, end) for end in ends]
    extras = [_extra(w.stride, w.after) if side else 0 for w in stage.windows]
    return [max(0, -end - extra) for end, extra in zip(ends, extras, strict=True)]


def _names(names: Sequence[str]) -> str:
    return f"[{listed(_quoted(name) for name in names)}]"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _check(plan: Plan) -> Iterator[str]:
    single = plan.single
    yield check_words(plan)
    yield f"x = random({listed((2, single.channels_in, *plan.image))})"
    yield from _kernel(plan)
    yield "single = ["
    yield from indented(map(_printed, _node(single, "x", ["kernel"], "y")))
    yield "]"
    yield 'expected = run(model(single, {"kernel": kernel}, sides).SerializeToString(), x)'
    yield 'found = run("layer.onnx", x)' + plan.apart('run("layer.onnx", 0 * x)')
    yield "difference = abs(found - expected).max() / abs(expected).max()"
    yield "assert np.allclose(found, expected, rtol=1e-4, atol=1e-4 * abs(expected).max())"
    yield f"assert sum(w.size for w in weights.values()) == {plan.parameters}"
    yield 'print(f"ONNX Runtime {onnxruntime.__version__}: difference {difference:.0e}")'


def _kernel(plan: Plan) -> Iterator[str]:
    """Lines that contract the kernel of the single convolution."""
    single = plan.single
    sizes = single.sizes(single.layout)
    if not plan.whole:
        yield f'kernel = np.zeros(({listed(sizes)}), "float32")'
    for branch in plan.branches:
        orders = [stage.layout for stage in branch.stages]
        order = held(branch, single.layout)
        for names in branch.names:
            factors = [
                f'weights["{name}"]{reshaped(stage.shape, stage.sizes(stage.layout))}'
                for stage, name in zip(branch.stages, names, strict=True)
            ]
            contracted = contraction("np.einsum", orders, order, factors)
            where = place(single, single.layout, branch)
            sign = "=" if plan.whole else "+="
            yield f"kernel{where} {sign} {contracted}"
    if again := reshaped(sizes, single.shape):
        yield f"kernel = kernel{again}"
