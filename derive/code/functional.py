"""Frameworks whose layers are functions of their weights: JAX and NumPy write the same but for
their words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from derive.code.plan import Convolution, Pipeline, Plan
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
    variables,
    Weights,
)


@dataclass(frozen=True)
class Dialect:
    """The words of a framework: its name, its module of arrays, and what stands in its places.

    ``convolution`` is a call for a stage, from the names of the image and of the weight;
    ``single`` the lines that make ``expected`` from ``x`` and ``kernel``.
    """

    framework: str
    module: str
    start: Callable[[Plan], Sequence[str]]
    convolution: Callable[[Convolution, str, str], str]
    single: Callable[[Convolution], Sequence[str]]
    random: Callable[[str], str]
    added: Callable[[str, str], str]
    tolerance: str


def functional(plan: Plan, dialect: Dialect, weights: Weights | None) -> str:
    """The layer as a function of its weights, and the check that it equals the convolution."""
    lines = [head(plan, dialect.framework), "", *dialect.start(plan), "", ""]
    names = ["layer"] if plan.alone else [f"branch_{n + 1}" for n in range(len(plan.branches))]
    for name, branch in zip(names, plan.branches, strict=True):
        lines += [*_function(name, branch, dialect), "", ""]
    if not plan.alone:
        lines += [*SUM, "", ""]
    lines += [*_weights(plan, names, dialect, weights), "", *_check(plan, dialect)]
    return "\n".join(lines) + "\n"


SUM = (
    "def layer(x, branches):",
    '    """Branches on the same image, their results added."""',
    "    return sum(branch(x, *weights) for branch, weights in branches)",
)


def layout(stage: Convolution) -> tuple[str, ...]:
    """The letters of a weight: what is made, what is summed, the taps."""
    return (*stage.grouped, *stage.made, *stage.summed, *stage.taps)


def weight_shape(stage: Convolution) -> tuple[int, ...]:
    """The shape of a weight: channels made, channels read by one of them, taps."""
    return (stage.channels_out, stage.extent(stage.summed), *stage.kernel)


def _arguments(branch: Pipeline) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The weights and biases of a branch, each with its shape."""
    for stage, name in zip(branch.stages, variables(branch), strict=True):
        yield name, weight_shape(stage)
        if stage.bias:
            yield f"{name}_bias", (stage.channels_out, *(1 for _ in stage.windows))


def _function(name: str, branch: Pipeline, dialect: Dialect) -> Iterator[str]:
    yield f"def {name}(x, {listed(one for one, _ in _arguments(branch))}):"
    for stage, weight in zip(branch.stages, variables(branch), strict=True):
        yield f"    {about(stage)}"
        call = dialect.convolution(stage, "x", weight)
        yield f"    x = {call}{f' + {weight}_bias' if stage.bias else ''}"
    yield "    return x"


def _weights(
    plan: Plan, names: Sequence[str], dialect: Dialect, path: Weights | None
) -> Iterator[str]:
    """Lines that make the weights: at random, or from the arrays of a file."""
    if path is not None:
        yield from loaded(path)
    made = [list(_made(branch, dialect, path)) for branch in plan.branches]
    if plan.alone:
        yield "weights = ["
        yield from indented(made[0][0])
        yield "]"
        return
    yield "branches = ["
    for name, branch, copies in zip(names, plan.branches, made, strict=True):
        if path is None and branch.times > 1:
            yield from indented(["*(", f"    ({name}, [", *indented(indented(copies[0])), "    ])"])
            yield f"        for _ in range({branch.times})"
            yield "    ),"
            continue
        for copy in copies:
            yield from indented([f"({name}, [", *indented(copy), "]),"])
    yield "]"


def _made(branch: Pipeline, dialect: Dialect, path: Weights | None) -> Iterator[list[str]]:
    """For each copy of a branch the expressions of its weights and biases."""
    for names in branch.names:
        lines = []
        factors = iter(zip(branch.stages, names, strict=True))
        for argument, shape in _arguments(branch):
            if path is None:
                lines.append(f"{dialect.random(f'({listed(shape)})')},")
            elif argument.endswith("_bias"):
                lines.append(f"{dialect.module}.zeros(({listed(shape)})),")
            else:
                stage, name = next(factors)
                laid = transposed(stage.letters, layout(stage))
                made = f"{stage.array(name)}{laid}.reshape({listed(shape)})"
                lines.append(f"{dialect.module}.asarray({made}, float),")
        yield lines


def _check(plan: Plan, dialect: Dialect) -> Iterator[str]:
    single, module = plan.single, dialect.module
    held_by = "weights" if plan.alone else "branches"
    star = "*" if plan.alone else ""
    yield check_words(plan)
    yield f"x = {dialect.random(f'({listed((2, single.channels_in, *plan.image))})')}"
    yield from _kernel(plan, dialect)
    yield from dialect.single(single)
    yield f"found = layer(x, {star}{held_by})" + plan.apart(f"layer(0 * x, {star}{held_by})")
    yield f"difference = {module}.abs(found - expected).max() / {module}.abs(expected).max()"
    yield f"assert {module}.allclose(found, expected, {dialect.tolerance})"
    every = "weights" if plan.alone else "(w for _, weights in branches for w in weights)"
    yield f"assert sum(w.size for w in {every}) == {plan.parameters}"
    version = "jax.__version__" if dialect.framework == "JAX" else "np.__version__"
    yield f'print(f"{dialect.framework} {{{version}}}: difference {{difference:.0e}}")'


def _kernel(plan: Plan, dialect: Dialect) -> Iterator[str]:
    """Lines that contract the kernel of the single convolution."""
    single = plan.single
    order = layout(single)
    if not plan.whole:
        yield f"kernel = {dialect.module}.zeros(({listed(single.sizes(order))}))"
    number = 0
    for branch in plan.branches:
        source, lines = "weights", list(_factors(branch))
        contracted = _contracted(plan, branch, dialect)
        where = place(single, order, branch)
        lines.append(f"kernel = {contracted}" if plan.whole else dialect.added(where, contracted))
        if plan.alone:
            yield f"{_unpacked(branch)} = {source}"
            yield from lines
        else:
            end = number + branch.times
            yield f"for _, ({_unpacked(branch)}) in branches[{number}:{end}]:"
            yield from indented(lines)
            number = end
    if again := reshaped(single.sizes(order), weight_shape(single)):
        yield f"kernel = kernel{again}"


def _unpacked(branch: Pipeline) -> str:
    names = [name if not name.endswith("_bias") else "_" for name, _ in _arguments(branch)]
    return f"{listed(names)}{',' if len(names) == 1 else ''}"


def _factors(branch: Pipeline) -> Iterator[str]:
    for stage, name in zip(branch.stages, variables(branch), strict=True):
        if laid := reshaped(weight_shape(stage), stage.sizes(layout(stage))):
            yield f"{name} = {name}{laid}"


def _contracted(plan: Plan, branch: Pipeline, dialect: Dialect) -> str:
    order = held(branch, layout(plan.single))
    orders = [layout(stage) for stage in branch.stages]
    return contraction(f"{dialect.module}.einsum", orders, order, variables(branch))
