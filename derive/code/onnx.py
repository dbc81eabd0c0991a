"""ONNX: a file of Conv or ConvTranspose nodes, made with onnx.helper and run by ONNX Runtime."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.code.operations import Operation, operations
from derive.code.plan import Pipeline, Plan
from derive.code.text import (
    about,
    check_words,
    contraction,
    head,
    held,
    indented,
    listed,
    loaded,
    place,
    reshaped,
    transposed,
    Weights,
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


def onnx(plan: Plan, weights: Weights | None = None) -> str:
    """Python that writes the layer to layer.onnx, and the check that it equals the convolution.

    ``weights`` is the path of a .npz file with an array for each factor, or the arrays.
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
        lines += loaded(weights)
    lines += [*_weights(plan, weights), *_nodes(plan), ""]
    lines.append('onnx.save(model(nodes, weights, sides), "layer.onnx")')
    return "\n".join([*lines, "", *_check(plan)]) + "\n"


def sides(plan: Plan) -> list[list[str | int]]:
    """The shapes of x and y."""
    ends = ((plan.single.channels_in, plan.image), (plan.single.channels_out, plan.output))
    return [["batch", channels, *image] for channels, image in ends]


def _weights(plan: Plan, path: Weights | None) -> Iterator[str]:
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


def _printed(node: Operation) -> str:
    options = "".join(f", {name}={value}" for name, value in node.attributes.items())
    inputs, outputs = _names(node.inputs), _names(node.outputs)
    return f'helper.make_node("{node.kind}", {inputs}, {outputs}{options}),'


def nodes(plan: Plan) -> Iterator[Operation]:
    """The nodes of a layer from x to y, those of a branch in a row."""
    results = [f"y{n}" for n in range(1, sum(branch.times for branch in plan.branches) + 1)]
    ends = iter(["y"] if plan.alone else results)
    for branch in plan.branches:
        for names in branch.names:
            yield from _chain(branch, names, next(ends))
    if not plan.alone:
        yield Operation("Sum", tuple(results), ("y",))


def _chain(branch: Pipeline, names: Sequence[str], end: str) -> Iterator[Operation]:
    """The nodes of one copy of a branch, from x to its end."""
    read = "x"
    for n, (stage, name) in enumerate(zip(branch.stages, names, strict=True)):
        last = n + 1 == len(branch.stages)
        inputs = [name, f"{name}_bias"] if stage.bias else [name]
        write = end if last else f"{end}_{n + 1}"
        first, *others = operations(stage, read, inputs, write)
        yield replace(first, about=(about(stage),))
        yield from others
        read = write


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
    yield from indented(map(_printed, operations(single, "x", ["kernel"], "y")))
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
