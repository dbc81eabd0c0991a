"""PyTorch: plain convolution modules in an nn.Sequential, one Sequential for each branch."""

from collections.abc import Iterator, Sequence

from derive.code.plan import Convolution, Pipeline, Plan, Window
from derive.code.text import (
    about,
    by_branch,
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
    tuple_text,
    variables,
    Weights,
)

SUM = '''class Sum(nn.Module):
    """Branches on the same image, their results added."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return sum(branch(x) for branch in self.branches)
'''


def pytorch(plan: Plan, weights: Weights | None = None) -> str:
    """The layer in PyTorch, and the check that it equals the single convolution.

    ``weights`` is the path of a .npz file with an array for each factor, or the arrays.
    """
    imports = ["import torch", "from torch import nn"]
    if weights is not None:
        imports.insert(0, "import numpy as np")
    layer = _sequential(plan.branches[0]) if plan.alone else _sum(plan.branches)
    lines = [head(plan, "PyTorch"), "", *imports, ""]
    lines += [] if plan.alone else ["", *SUM.splitlines(), "", ""]
    lines += [f"layer = {layer[0]}", *layer[1:], ""]
    lines += _loaded(plan, weights) if weights is not None else []
    return "\n".join([*lines, *_check(plan)]) + "\n"


def _sequential(branch: Pipeline) -> list[str]:
    """The modules of a branch, each convolution under a comment."""
    return ["nn.Sequential(", *indented(_modules(branch)), ")"]


def _modules(branch: Pipeline) -> Iterator[str]:
    for stage in branch.stages:
        yield about(stage)
        yield from (f"{module}," for module in _steps(stage))


def _sum(branches: Sequence[Pipeline]) -> list[str]:
    """The branches, several copies of one in a loop."""
    lines = ["Sum("]
    for branch in branches:
        modules = _sequential(branch)
        if branch.times > 1:
            modules = ["*(", *indented([*modules, f"for _ in range({branch.times})"]), ")"]
        lines += indented([*modules[:-1], f"{modules[-1]},"])
    return [*lines, ")"]


def _steps(stage: Convolution) -> list[str]:
    """The modules of a stage: its convolution, and the padding or cropping that it cannot say."""
    dimensions = len(stage.windows)
    arguments = [str(stage.channels_in), str(stage.channels_out), tuple_text(stage.kernel)]
    arguments += _options(stage, _geometry(stage))
    if not stage.bias:
        arguments.append("bias=False")
    kind = "ConvTranspose" if stage.transposed else "Conv"
    steps = [f"nn.{kind}{dimensions}d({', '.join(arguments)})"]
    margins = _margins(stage)
    if any(margins):
        pad = f"nn.ZeroPad{dimensions}d(({listed(margins)}))"
        steps.insert(1 if stage.transposed else 0, pad)
    return steps


def _place(stage: Convolution) -> int:
    """Where in the modules of a stage its convolution stands."""
    return int(not stage.transposed and any(_margins(stage)))


def _options(stage: Convolution, geometry: dict[str, list[int]]) -> list[str]:
    """The arguments of a convolution that are not the usual ones."""
    given = {
        "stride": [window.stride for window in stage.windows],
        **geometry,
        "groups": [stage.groups],
        "dilation": [window.dilation for window in stage.windows],
    }
    usual = {"stride": 1, "groups": 1, "dilation": 1}
    return [
        f"{name}={tuple_text(numbers)}"
        for name, numbers in given.items()
        if set(numbers) != {usual.get(name, 0)}
    ]


def _geometry(stage: Convolution) -> dict[str, list[int]]:
    """The padding of a convolution, where it is the same before and after."""
    if stage.transposed:
        pairs = [_cropped(window) for window in stage.windows]
        names = ("padding", "output_padding")
        return {name: [pair[n] for pair in pairs] for n, name in enumerate(names)}
    return {"padding": [0 if _explicit(stage) else window.before for window in stage.windows]}


def _explicit(stage: Convolution) -> bool:
    """Whether a convolution cannot say its own padding."""
    return any(window.before != window.after or window.before < 0 for window in stage.windows)


def _cropped(window: Window) -> tuple[int, int]:
    """The padding and the output padding of a transposed convolution, which crop most of it."""
    before, after = max(0, window.before), window.after
    missing = before - after
    if 0 < missing < max(window.stride, window.dilation):
        return before, missing
    return max(0, min(before, after)), 0


def _margins(stage: Convolution) -> list[int]:
    """Zeros before and after, the last axis first, as PyTorch's padding wants; negative crops."""
    margins: list[int] = []
    for window in reversed(stage.windows):
        if stage.transposed:
            padding, extra = _cropped(window)
            margins += [padding - window.before, padding - extra - window.after]
        elif _explicit(stage):
            margins += [window.before, window.after]
    return margins


def _loaded(plan: Plan, weights: Weights) -> Iterator[str]:
    """Lines that put the arrays of a file into the layer."""
    yield from loaded(weights)
    yield "with torch.no_grad():"
    for stage, name, where in _named(plan):
        array = stage.array(name)
        array += transposed(stage.letters, stage.layout)
        target = f"{where}.weight"
        yield f"    {target}.copy_(torch.tensor({array}).reshape({target}.shape))"
        if stage.bias:
            yield f"    {where}.bias.zero_()"
    yield ""


def _named(plan: Plan) -> Iterator[tuple[Convolution, str, str]]:
    """Every convolution with the name of its factor and where in the layer it is."""
    number = 0
    for branch in plan.branches:
        for names in branch.names:
            root = "layer" if plan.alone else f"layer.branches[{number}]"
            for stage, name, n in zip(branch.stages, names, _places(branch), strict=True):
                yield stage, name, f"{root}[{n}]"
            number += 1


def _places(branch: Pipeline) -> list[int]:
    """Where in its Sequential each convolution of a branch stands."""
    sizes = [len(_steps(stage)) for stage in branch.stages]
    return [sum(sizes[:n]) + _place(stage) for n, stage in enumerate(branch.stages)]


def _check(plan: Plan) -> Iterator[str]:
    """Lines that compare the layer with the single convolution, and count its parameters."""
    single = plan.single
    sides = listed((2, single.channels_in, *plan.image))
    yield check_words(plan)
    yield "with torch.no_grad():"
    yield f"    x = torch.randn({sides})"
    yield from indented(_kernel(plan))
    call = f"nn.functional.conv{'_transpose' if single.transposed else ''}{len(plan.image)}d"
    margins = _margins(single)
    pad = f"nn.functional.pad({{}}, ({listed(margins)}))" if any(margins) else "{}"
    image = "x" if single.transposed else pad.format("x")
    options = _options(single, _geometry(single))
    made = f"{call}({', '.join([image, 'kernel', *options])})"
    yield f"    expected = {pad.format(made) if single.transposed else made}"
    yield f"    found = layer(x){plan.apart('layer(torch.zeros_like(x))')}"
    yield "difference = (found - expected).abs().max() / expected.abs().max()"
    yield "assert torch.allclose(found, expected, rtol=1e-4, atol=1e-4 * expected.abs().max())"
    yield f"assert sum(p.numel() for p in layer.parameters()) == {plan.parameters}"
    yield 'print(f"PyTorch {torch.__version__}: difference {difference:.0e}")'


def _kernel(plan: Plan) -> Iterator[str]:
    """Lines that contract the kernel of the single convolution."""
    single = plan.single
    sizes = single.sizes(single.layout)
    if not plan.whole:
        yield f"kernel = torch.zeros({listed(sizes)})"
    yield from by_branch(
        plan,
        "layer",
        "layer.branches",
        lambda branch, root: [*_factors(branch, root), _contracted(plan, branch)],
    )
    if again := reshaped(sizes, single.shape):
        yield f"kernel = kernel{again}"


def _factors(branch: Pipeline, root: str) -> Iterator[str]:
    """Lines that name the weights of a branch, each laid out by its letters."""
    for stage, name, n in zip(branch.stages, variables(branch), _places(branch), strict=True):
        laid = reshaped(stage.shape, stage.sizes(stage.layout))
        yield f"{name} = {root}[{n}].weight{laid}"


def _contracted(plan: Plan, branch: Pipeline) -> str:
    order = plan.single.layout
    orders = [stage.layout for stage in branch.stages]
    names = variables(branch)
    contracted = contraction("torch.einsum", orders, held(branch, order), names)
    where = place(plan.single, order, branch)
    return f"kernel = {contracted}" if plan.whole else f"kernel{where} += {contracted}"
