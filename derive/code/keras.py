"""Keras 3: convolution layers with the channels last; the padding of TensorFlow has its word."""

from collections.abc import Iterable, Iterator, Sequence

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
    transposed,
    tuple_text,
    variables,
    Weights,
)
from derive.notation.errors import InputError

NO_GROUPS = "stage {factor} is a transposed convolution in groups, which Keras does not have"
NO_DILATION = "stage {factor} is transposed with a stride and a dilation, which Keras does not have"


def keras(plan: Plan, weights: Weights | None = None) -> str:
    """The layer in Keras 3, and the check that it equals the single convolution.

    ``weights`` is the path of a .npz file with an array for each factor, or the arrays. Raises
    InputError, one line, for a transposed convolution that Keras does not have.
    """
    for stage in (*plan.stages, plan.single):
        _possible(stage)
    imports = ["import keras", "from keras import layers, ops"]
    if weights is not None:
        imports.insert(1, "import numpy as np")
    inputs = listed((*plan.image, plan.single.channels_in))
    lines = [head(plan, "Keras"), "", *imports, ""]
    if plan.alone:
        made = list(_modules(plan.branches[0]))
        lines += ["layer = keras.Sequential([", f"    keras.Input(({inputs})),", *indented(made)]
        lines += ["])"]
    else:
        lines += [f"image = keras.Input(({inputs}))", "branches = [", *_branches(plan), "]"]
        lines += ["results = [branch(image) for branch in branches]"]
        lines += ["layer = keras.Model(image, layers.add(results))"]
    lines += ["", *_loaded(plan, weights)]
    return "\n".join([*lines, *_check(plan)]) + "\n"


def _possible(stage: Convolution) -> None:
    """InputError for a transposed convolution that Keras does not have."""
    factor = f"{stage.name}[{','.join(stage.letters)}]"
    if stage.transposed and stage.groups > 1:
        raise InputError(NO_GROUPS.format(factor=factor))
    if stage.transposed and _strided_and_dilated(stage):
        raise InputError(NO_DILATION.format(factor=factor))


def _strided_and_dilated(stage: Convolution) -> bool:
    """Whether some axis has a stride and some a dilation, which a layer of Keras refuses."""
    return any(w.stride > 1 for w in stage.windows) and any(w.dilation > 1 for w in stage.windows)


def _branches(plan: Plan) -> Iterator[str]:
    for branch in plan.branches:
        lines = ["keras.Sequential([", *indented(_modules(branch)), "])"]
        if branch.times > 1:
            lines = ["*(", *indented([*lines, f"for _ in range({branch.times})"]), ")"]
        yield from indented([*lines[:-1], f"{lines[-1]},"])


def _modules(branch: Pipeline) -> Iterator[str]:
    for stage in branch.stages:
        yield about(stage)
        yield from (f"layers.{module}," for module in _steps(stage)[0])


def _steps(stage: Convolution) -> tuple[list[str], int]:
    """The layers of a stage, and which of them is its convolution."""
    dimensions = len(stage.windows)
    if stage.transposed:
        margins = [(-w.before, w.before + w.output - _written(w)) for w in stage.windows]
        call = _call(stage, f"Conv{dimensions}DTranspose", [w.stride for w in stage.windows])
        return [call, *_framed(margins)], 0
    same = all(w.upper for w in stage.windows) and any(w.before or w.after for w in stage.windows)
    frame = [] if same else _framed([(w.before, w.after) for w in stage.windows])
    strides = [w.stride for w in stage.windows]
    thinned = []
    if _strided_and_dilated(stage):
        thinned = [f"MaxPooling{dimensions}D(1, strides={tuple_text(strides)})"]
        strides = [1 for _ in strides]
        same = False
        frame = _framed([(w.before, w.after) for w in stage.windows])
    call = _call(stage, _kind(stage), strides, same)
    return [*frame, call, *thinned], len(frame)


def _kind(stage: Convolution) -> str:
    return f"{'Depthwise' if _own(stage) else ''}Conv{len(stage.windows)}D"


def _own(stage: Convolution) -> bool:
    """Whether it is a depthwise layer of Keras: of one or two axes, with one stride for both."""
    strides = {window.stride for window in stage.windows}
    dimensions = len(stage.windows)
    return stage.depthwise and not stage.transposed and dimensions < 3 and len(strides) == 1


def _call(stage: Convolution, kind: str, strides: Sequence[int], same: bool = False) -> str:
    """The layer of a convolution, with the arguments that are not the usual ones."""
    depthwise = kind.startswith("Depthwise")
    arguments = [] if depthwise else [str(stage.channels_out)]
    arguments.append(tuple_text(stage.kernel))
    options = {
        "strides": (strides, 1),
        "dilation_rate": ([w.dilation for w in stage.windows], 1),
        "groups": ([1 if depthwise else stage.groups], 1),
        "depth_multiplier": ([stage.extent(stage.made) if depthwise else 1], 1),
    }
    for name, (numbers, usual) in options.items():
        if set(numbers) != {usual}:
            arguments.append(f"{name}={tuple_text(numbers)}")
    arguments += ['padding="same"'] if same else []
    arguments += [] if stage.bias else ["use_bias=False"]
    return f"{kind}({listed(arguments)})"


def _written(window: Window) -> int:
    """Pixels that a transposed layer of Keras writes: at least a stride for the last pixel."""
    return (window.input - 1) * window.stride + max(window.span, window.stride)


def _framed(margins: Sequence[tuple[int, int]]) -> list[str]:
    """Layers that add zeros around an image, and that crop it where a margin is negative."""
    dimensions = len(margins)
    added = [(max(0, before), max(0, after)) for before, after in margins]
    cropped = [(max(0, -before), max(0, -after)) for before, after in margins]
    found = ((f"ZeroPadding{dimensions}D", added), (f"Cropping{dimensions}D", cropped))
    return [
        f"{name}({listed(pairs) if dimensions == 1 else tuple(pairs)})"
        for name, pairs in found
        if any(map(any, pairs))
    ]


def _layout(stage: Convolution) -> tuple[str, ...]:
    """The letters of a weight: taps, then what is summed, then what is made; each channel of a
    depthwise layer before its copies, and what is made first if it is transposed."""
    if _own(stage):
        return (*stage.taps, *stage.grouped, *stage.summed, *stage.made)
    if stage.transposed:
        return (*stage.taps, *stage.made, *stage.summed)
    return (*stage.taps, *stage.summed, *stage.grouped, *stage.made)


def _shape(stage: Convolution) -> tuple[int, ...]:
    """The shape of a weight."""
    if _own(stage):
        return (*stage.kernel, stage.groups, stage.extent(stage.made))
    if stage.transposed:
        return (*stage.kernel, stage.extent(stage.made), stage.extent(stage.summed))
    return (*stage.kernel, stage.extent(stage.summed), stage.channels_out)


def _places(branch: Pipeline) -> list[int]:
    """Where among the layers of a branch each convolution stands."""
    steps = [_steps(stage) for stage in branch.stages]
    return [sum(len(some) for some, _ in steps[:n]) + own for n, (_, own) in enumerate(steps)]


def _loaded(plan: Plan, path: Weights | None) -> Iterator[str]:
    """Lines that put the arrays of a file into the layer."""
    if path is None:
        return
    yield from loaded(path)
    number = 0
    for branch in plan.branches:
        for names in branch.names:
            root = "layer" if plan.alone else f"branches[{number}]"
            for stage, name, n in zip(branch.stages, names, _places(branch), strict=True):
                laid = transposed(stage.letters, _layout(stage))
                array = f"{stage.array(name)}{laid}.reshape({listed(_shape(stage))})"
                yield f"{root}.layers[{n}].kernel.assign({array})"
            number += 1
    yield ""


def _check(plan: Plan) -> Iterator[str]:
    single = plan.single
    yield check_words(plan)
    yield f"x = keras.random.normal(({listed((2, *plan.image, single.channels_in))}))"
    yield from _kernel(plan)
    yield from _expected(single)
    yield f"found = layer(x){plan.apart('layer(0 * x)')}"
    yield "difference = float(ops.max(ops.abs(found - expected)) / ops.max(ops.abs(expected)))"
    yield "assert ops.all(ops.abs(found - expected) <= 1e-4 * ops.max(ops.abs(expected)))"
    yield f"assert layer.count_params() == {plan.parameters}"
    yield 'version = f"{keras.__version__} on {keras.backend.backend()}"'
    yield 'print(f"Keras {version}: difference {difference:.0e}")'


def _expected(single: Convolution) -> Iterator[str]:
    windows = single.windows
    margins = [(w.before, w.after) for w in windows]
    options = [f"strides={_tuple(w.stride for w in windows)}"]
    options += [f"dilation_rate={_tuple(w.dilation for w in windows)}"]
    options += ['data_format="channels_last"']
    if not single.transposed:
        image = _padded("x", margins)
        yield f"expected = ops.conv({listed([image, 'kernel', *options])})"
        return
    yield f"expected = ops.conv_transpose({listed(['x', 'kernel', *options])})"
    margins = [(-w.before, w.before + w.output - _written(w)) for w in windows]
    if any(map(any, margins)):
        yield f"expected = {_padded('expected', margins)}"


def _padded(image: str, margins: Sequence[tuple[int, int]]) -> str:
    """An image with zeros around it, or less of it where a margin is negative."""
    if any(number < 0 for pair in margins for number in pair):
        cut = listed(
            f"{-before if before < 0 else ''}:{after if after < 0 else ''}"
            for before, after in margins
        )
        image = f"{image}[:, {cut}]"
    added = [(max(0, before), max(0, after)) for before, after in margins]
    return f"ops.pad({image}, [(0, 0), {listed(added)}, (0, 0)])" if any(map(any, added)) else image


def _kernel(plan: Plan) -> Iterator[str]:
    """Lines that contract the kernel of the single convolution."""
    single = plan.single
    order = (*single.taps, *single.summed, *single.grouped, *single.made)
    if single.transposed:
        order = (*single.taps, *single.made, *single.summed)
    sizes = single.sizes(order)
    if not plan.whole:
        yield f"kernel = ops.zeros(({listed(sizes)}))"
    yield from by_branch(
        plan,
        "layer",
        "branches",
        lambda branch, root: [*_factors(branch, root), *_contracted(plan, branch, order)],
    )
    shape = (*single.kernel, single.extent(single.summed), single.channels_out)
    if single.transposed:
        shape = (*single.kernel, single.extent(single.made), single.extent(single.summed))
    if sizes != shape:
        yield f"kernel = ops.reshape(kernel, ({listed(shape)}))"


def _contracted(plan: Plan, branch: Pipeline, order: Sequence[str]) -> Iterator[str]:
    orders = [_layout(stage) for stage in branch.stages]
    contracted = contraction("ops.einsum", orders, held(branch, order), variables(branch))
    if where := _frame_of(plan.single, order, branch):
        yield f"part = {contracted}"
        contracted = where
    yield f"kernel = {contracted}" if plan.whole else f"kernel = kernel + {contracted}"


def _frame_of(single: Convolution, order: Sequence[str], branch: Pipeline) -> str:
    """The kernel of a branch amid zeros, where it is the middle tap along some axes."""
    taps = dict(zip(single.taps, branch.middle, strict=True))
    if not any(taps.values()):
        return ""
    new = listed("None" if taps.get(x) else ":" for x in order)
    around = [(single.extents[x] // 2,) * 2 if taps.get(x) else (0, 0) for x in order]
    return f"ops.pad(part[{new}], {around})"


def _factors(branch: Pipeline, root: str) -> Iterator[str]:
    for stage, name, n in zip(branch.stages, variables(branch), _places(branch), strict=True):
        weight = f"{root}.layers[{n}].kernel"
        sizes = stage.sizes(_layout(stage))
        laid = sizes != _shape(stage)
        yield f"{name} = {f'ops.reshape({weight}, {_tuple(sizes)})' if laid else weight}"


def _tuple(numbers: Iterable[int]) -> str:
    return str(tuple(numbers))
