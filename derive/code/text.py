"""What all printers write alike: the head of a file, the words about a stage, tuples, sizes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from string import ascii_letters
from typing import Any

from derive.code.plan import Convolution, Pipeline, Plan

Weights = str | Mapping[str, Sequence[Any]]  # the path of a .npz file, or the factors themselves
PLAIN = str.maketrans({'"': "'", "\\": "/"})  # what may stand in a docstring
CHECK = "# The check: one convolution with the contracted kernel does the same{apart}."


def head(plan: Plan, framework: str) -> str:
    """The docstring of a file: what it is, from what to what, and what it costs."""
    setting = "".join(f", {name} = {number}" for name, number in plan.setting.items())
    single = plan.single
    kind = "Transposed: " if single.transposed else ""
    title = f"{plan.title} in {framework}: {plan.line}{setting}."
    return "\n".join(
        [
            f'"""{title.translate(PLAIN)}',
            "",
            f"{kind}{shape(single.channels_in, plan.image)} → "
            f"{shape(single.channels_out, plan.output)},"
            f" kernel {' × '.join(map(str, single.kernel))};",
            f"{counted(plan.parameters, 'parameter')}, {plan.macs:,} MACs;"
            f" the single convolution has {single.weights:,} weights, {single.macs:,} MACs.",
            '"""',
        ]
    )


def loaded(weights: Weights) -> list[str]:
    """The lines that make ``factors``: from a file, or with the numbers written out.

    >>> loaded("factors.npz")
    ["factors = np.load('factors.npz')"]
    >>> loaded({"A": [[[1, Fraction(-1, 3)], [0.5, 2]]]})
    ['factors = {', '    "A": np.array([[', '        [1, -1 / 3],', '        [0.5, 2],', \
'    ]], float),', '}']
    """
    if isinstance(weights, str):
        return [f"factors = np.load({weights!r})"]
    lines = []
    for name, array in weights.items():
        first, *others = _nested(array)
        *middle, last = [f'"{name}": np.array({first}', *others]
        lines += [*middle, f"{last}, float),"]
    return ["factors = {", *indented(lines), "}"]


def _nested(array: Sequence[Any]) -> list[str]:
    """Nested lists as text, those of numbers on a line each."""
    if not isinstance(array[0], Sequence):
        return [f"[{listed(map(_entry, array))}]"]
    parts = [_nested(part) for part in array]
    if len(parts) == 1:
        first, *others = parts[0]
        *before, last = [f"[{first}", *others]
        return [*before, f"{last}]"]
    return ["[", *indented(line for part in parts for line in [*part[:-1], f"{part[-1]},"]), "]"]


def _entry(number: float | Fraction) -> str:
    """A number as Python reads it."""
    exact = isinstance(number, Fraction)
    return f"{number}".replace("/", " / ") if exact else repr(number)


def about(stage: Convolution) -> str:
    """A stage in a comment: its factor, its filters as taps by channels, the shapes before and
    after, what it costs."""
    before, after = (
        shape(channels, [getattr(window, side) for window in stage.windows])
        for channels, side in ((stage.channels_in, "input"), (stage.channels_out, "output"))
    )
    filters = " × ".join(map(str, (*stage.kernel, stage.extent(stage.summed))))
    biases = f" + {counted(stage.biases, 'bias', 'biases')}" if stage.bias else ""
    return (
        f"# {stage.name}[{','.join(stage.letters)}]: {counted(stage.channels_out, 'filter')} of"
        f" {filters}, {before} → {after},"
        f" {counted(stage.weights, 'weight')}{biases}, {stage.macs:,} MACs"
    )


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "bias", "biases"), counted(1000, "weight")
    ('1 bias', '1,000 weights')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def shape(channels: int, sides: Iterable[int]) -> str:
    """Channels and sides.

    >>> shape(3, (128, 128))
    '3 × 128 × 128'
    """
    return " × ".join(map(str, (channels, *sides)))


def tuple_text(numbers: Sequence[object]) -> str:
    """Numbers as Python's tuple, or the one that all are.

    >>> tuple_text((3, 3)), tuple_text((3, 1))
    ('3', '(3, 1)')
    """
    same = len(set(numbers)) == 1
    return str(numbers[0]) if same else f"({', '.join(map(str, numbers))})"


def indented(lines: Iterable[str]) -> list[str]:
    """Lines one level further in."""
    return [f"    {line}" for line in lines]


def by_branch(
    plan: Plan, layer: str, branches: str, lines: Callable[[Pipeline, str], list[str]]
) -> Iterator[str]:
    """The lines of every branch, in a loop where it is taken several times; each is given what the
    branch is called there: the whole layer, or one of its branches."""
    number = 0
    for branch in plan.branches:
        if branch.times > 1:
            yield f"for branch in {branches}[{number}:{number + branch.times}]:"
            yield from indented(lines(branch, "branch"))
        else:
            yield from lines(branch, layer if plan.alone else f"{branches}[{number}]")
        number += branch.times


def listed(numbers: Iterable[object]) -> str:
    """Numbers with commas between them."""
    return ", ".join(map(str, numbers))


def einsum(orders: Sequence[Sequence[str]], kernel: Sequence[str]) -> str:
    """The contraction of factors that are laid out in these orders to a kernel laid out in this.

    Letters of more than one character get another of one.

    >>> einsum([("j", "i", "u"), ("o", "j", "v")], ("o", "i", "u", "v"))
    'jiu,ojv->oiuv'
    """
    names = list(dict.fromkeys(x for order in (*orders, kernel) for x in order))
    free = (x for x in ascii_letters if x not in names)
    short = {x: x if len(x) == 1 else next(free) for x in names}
    left, right = (
        ",".join("".join(short[x] for x in order) for order in side) for side in (orders, [kernel])
    )
    return f"{left}->{right}"


def contraction(
    call: str, orders: Sequence[Sequence[str]], kernel: Sequence[str], names: Sequence[str]
) -> str:
    """The call that contracts named factors to a kernel, or the one factor that it is.

    >>> contraction("np.einsum", ["iu", "oi"], "oiu", ["A", "B"])
    'np.einsum("iu,oi->oiu", A, B)'
    >>> contraction("np.einsum", ["oiu"], "oiu", ["W"])
    'W'
    """
    if [list(order) for order in orders] == [list(kernel)]:
        return names[0]
    return f'{call}("{einsum(orders, kernel)}", {listed(names)})'


def held(branch: Pipeline, order: Sequence[str]) -> list[str]:
    """The letters of the single kernel that a branch holds."""
    present = {x for stage in branch.stages for x in stage.letters}
    return [x for x in order if x in present]


def variables(branch: Pipeline) -> list[str]:
    """A variable for the weight of each stage: its factor's name, where that is free.

    >>> from derive.catalogue import FAMILIES
    >>> from derive.code.plan import plan
    >>> from derive.comparison import attempts, Choices
    >>> from derive.parse.layer import read_layer
    >>> row = next(attempts(FAMILIES["asymmetric"], read_layer(), Choices()))
    >>> variables(plan(row).branches[0])
    ['A', 'B']
    """
    names = [stage.name for stage in branch.stages]
    if all(len(name) == 1 and name.isupper() for name in names):
        return names
    return [f"weight_{n}" for n in range(1, len(names) + 1)]


def place(single: Convolution, order: Sequence[str], branch: Pipeline) -> str:
    """Where in the single kernel that of a branch lies: "" for all of it, else an index.

    A branch that holds no tap of an axis is the middle tap along it.
    """
    taps = dict(zip(single.taps, branch.middle, strict=True))
    if not any(taps.values()):
        return ""
    return f"[{listed(single.extents[x] // 2 if taps.get(x) else ':' for x in order)}]"


def check_words(plan: Plan) -> str:
    """The comment above the check."""
    return CHECK.format(apart=", biases apart" if plan.bias else "")


def reshaped(before: Sequence[int], after: Sequence[int]) -> str:
    """A call of reshape, where the shapes differ.

    >>> reshaped((3, 1), (3,)), reshaped((3,), (3,))
    ('.reshape(3)', '')
    """
    return "" if tuple(before) == tuple(after) else f".reshape({listed(after)})"


def transposed(letters: Sequence[str], layout: Sequence[str]) -> str:
    """A call of transpose that takes an array from one order of letters to another.

    >>> transposed("ail", "lia"), transposed("ab", "ab")
    ('.transpose(2, 1, 0)', '')
    """
    order = [letters.index(x) for x in layout]
    return f".transpose({listed(order)})" if order != sorted(order) else ""
