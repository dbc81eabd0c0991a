"""Networks written as text, as the book's layers: what the words of each layer mean.

    3x3/2 64            a convolution: kernel / stride, output channels
    dw 3x3              depthwise; multiplier=2 for two outputs of each input
    transposed 3x3/2 64 transposed; output-padding=1
    linear 1000         a linear layer, of everything or, after global, of the channels
    max 2x2/2  average 3x3  global    pooling; global is the average of the whole image
    bn  relu  silu  sigmoid ...       normalization and activations

A convolution may be followed by ``bias``, ``no-bias``, ``valid``, ``same``, ``same-upper``,
``same-lower``, ``padding=1x0``, ``dilation=2``, ``groups=4`` and by operations such as ``bn relu``;
``plain`` leaves out what the line ``each:`` says of every convolution.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import prod

from derive.models.liveness import most_held, Ran
from derive.models.model import Kind, Model, ModelLayer, Passed, Step
from derive.models.reach import joined, Reach, Reaches
from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.notation.names import suggestion
from derive.parse.field import shown
from derive.parse.layer import read_padding, read_sizes
from derive.parse.network import (
    APART,
    Chain,
    Joined,
    JOINS,
    Link,
    NetworkText,
    Piece,
    read_network,
)

ACTIVATIONS = (
    "relu",
    "relu6",
    "elu",
    "selu",
    "silu",
    "gelu",
    "tanh",
    "sigmoid",
    "softmax",
    "prelu",
)
STEPS = {"bn": "BatchNormalization"} | {name: name.capitalize() for name in ACTIVATIONS}
PADDINGS = ("same", "same-upper", "same-lower", "valid")
SETTINGS = ("padding", "dilation", "groups", "multiplier", "output-padding")
KINDS = ("dw", "transposed", "linear", "max", "average", "global")
POOLS = {"max": Step.MAXIMUM, "average": Step.AVERAGE, "global": Step.AVERAGE}
KERNEL = re.compile(r"(\d+(?:[x×]\d+)*)(?:/(\d+(?:[x×]\d+)*))?", re.IGNORECASE)
SIDES = re.compile(r"\d{1,9}(?:[x×]\d{1,9}){0,4}", re.IGNORECASE)
WORDS = (*KINDS, *STEPS, *PADDINGS, "bias", "no-bias", "plain")


@dataclass(frozen=True)
class Tensor:
    """What lies between two layers: channels, sides, and how far it reaches into the image.

    ``last`` is the number of the layer that made it, if nobody else reads it, and ``between`` the
    operations since; ``place`` is where it is held, a name that no other tensor has.
    """

    channels: int
    sides: tuple[int, ...]
    reaches: Reaches | None
    name: str = "image"
    last: int | None = None
    between: tuple[str, ...] = ()
    place: str = "image"

    @property
    def size(self) -> int:
        """Numbers of one sample."""
        return self.channels * prod(self.sides)

    def read_twice(self) -> "Tensor":
        """The tensor, which more than one layer reads."""
        return replace(self, last=None, between=())


@dataclass(frozen=True)
class Words:
    """The words of one layer, sorted: its kind, kernel, stride, channels, settings, operations."""

    kind: str = ""
    kernel: str = ""
    stride: str = "1"
    channels: int = 0
    padding: str = "same"
    bias: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()


@cache
def network_model(name: str, text: str, size: str = "") -> Model:
    """The layers of a network in text, on its image or on one of another size.

    Raises InputError, in one line that names the line of the text, if it is none.

    >>> model = network_model("small", "image 3x32x32\\nstem: 3x3/2 8 > relu\\ndw 3x3 > 1x1 16")
    >>> [(one.name, one.layer.groups, one.next) for one in model.layers]
    [('stem', 1, '2'), ('2', 8, '3'), ('3', 1, '')]
    """
    found = read_network(text)
    batch, channels, *sides = image_sizes(found.image, size)
    start = Tensor(channels, tuple(sides), (Reach(),) * len(sides))
    built = _Network(found, batch, tuple(sides))
    end = built.run(found.layers, start, "")
    image = (batch, channels, *sides)
    inputs, most = (("image", image),), built.most_held(start, end)
    return Model(name, tuple(built.layers), (), tuple(built.passed), inputs, most)


def image_sizes(written: str, given: str) -> tuple[int, ...]:
    """Batch, channels and sides: as written, or with other sides, also channels, also a batch.

    Raises InputError, in one line, for a size that does not fit.

    >>> image_sizes("3x224x224", "192"), image_sizes("3x224x224", "8x3x160x192")
    ((1, 3, 192, 192), (8, 3, 160, 192))
    """
    sizes = _sizes(written)
    if not 2 <= len(sizes) <= 4:
        raise InputError(
            f"image {shown(written)}: write channels and one to three sides: 3x224x224"
        )
    if not given:
        return (1, *sizes)
    more = _sizes(given)
    missing = len(sizes) + 1 - len(more)
    if len(more) == 1:
        more, missing = more * (len(sizes) - 1), 2
    if not 0 <= missing <= 2:
        raise InputError(
            f"size {shown(given)} does not fit the image {written}: write such as"
            f" {'x'.join(map(str, (1, *sizes)))} or {'x'.join(map(str, sizes[1:]))}"
        )
    return ((1, sizes[0])[:missing]) + more


def _sizes(text: str) -> tuple[int, ...]:
    if not SIDES.fullmatch(text) or 0 in (found := tuple(map(int, re.split("[x×X]", text)))):
        raise InputError(f"{shown(text)!r} is no size: write such as 3x224x224, all at least 1")
    return found


@dataclass
class _Network:
    """The layers so far."""

    text: NetworkText
    batch: int
    image: tuple[int, ...]
    layers: list[ModelLayer] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    order: list[Ran] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)  # outputs of their own, by place
    sizes: dict[str, int] = field(default_factory=dict)

    def most_held(self, start: Tensor, end: Tensor) -> int | None:
        """Numbers held at once, of all samples."""
        sizes = {start.place: start.size, **self.sizes}
        found = most_held(self.order, sizes, [start.place], [*self.ends, end.place])
        return None if found is None else self.batch * found

    def made(self, found: Tensor, *read: Tensor, over: bool = False) -> Tensor:
        """What an operation makes of tensors, in a place of its own."""
        place = str(len(self.order))
        self.order.append(Ran(tuple(one.place for one in read), (place,), over))
        self.sizes[place] = found.size
        return replace(found, place=place)

    def run(self, chain: Chain, tensor: Tensor, name: str) -> Tensor:
        """What a chain makes of a tensor; its layers are named after where they stand."""
        several, number = sum(map(_counts, chain)) > 1, 0
        for link in chain:
            number += _counts(link)
            here = f"{name}.{number}" if name and several else name or str(number)
            tensor = self.link(link, tensor, here)
        return tensor

    def link(self, link: Link, tensor: Tensor, name: str) -> Tensor:
        """What one link of a chain makes of a tensor."""
        if isinstance(link, Piece):
            try:
                return self.piece(link, tensor, name)
            except InputError as error:
                raise InputError(f"line {link.line}: {error}") from None
        if isinstance(link, Joined):
            return self.joined(link, tensor, name)
        base = link.name if link.name else name
        outer = name.rpartition(".")[0] if link.name else ""
        base = f"{outer}.{base}" if outer else base
        for turn in range(link.times):
            tensor = self.run(link.part, tensor, f"{base}.{turn + 1}" if link.times > 1 else base)
        return tensor

    def joined(self, link: Joined, tensor: Tensor, name: str) -> Tensor:
        """Branches joined: side by side, added or multiplied; or the first, if they end apart."""
        read = tensor.read_twice()
        ends = [
            self.run(branch, read, f"{name}{letter}")
            for branch, letter in zip(link.branches, _letters(len(link.branches)), strict=True)
        ]
        if link.sign == APART:
            self.ends += [end.place for end in ends[1:]]
            return ends[0]
        first = max(ends, key=lambda end: prod(end.sides))
        if link.sign == "&":
            fits = all(e.sides in (first.sides, (1,) * len(e.sides)) for e in ends)
        else:
            fits = all(end.sides == first.sides for end in ends)
        if not fits or (link.sign != "|" and len({end.channels for end in ends}) > 1):
            shapes = " and ".join(
                dict.fromkeys("x".join(map(str, (end.channels, *end.sides))) for end in ends)
            )
            raise InputError(f"line {link.line}: {shapes} cannot be {JOINS[link.sign]}")
        channels = sum(end.channels for end in ends) if link.sign == "|" else first.channels
        reaches = joined([end.reaches for end in ends])
        found = Tensor(channels, first.sides, reaches, name)
        if link.sign != "|":
            for number in range(1, len(ends)):
                label = f"{name} {JOINS[link.sign]} {number}"
                self.passed.append(Passed(label, Step.SUM, 2 * found.size, found.size))
        return self.made(found, *ends)

    def piece(self, piece: Piece, tensor: Tensor, name: str) -> Tensor:
        """A layer, a pooling or an operation, with the operations that its words add."""
        if piece.words == (".",):
            return tensor
        if piece.words[0].lower() in STEPS:
            return self.steps(tuple(word.lower() for word in piece.words), tensor, name)
        words = _sorted(piece.words, self.text.each)
        if words.kind in POOLS:
            found = self.pool(words, tensor, name)
        elif words.kind == "linear":
            found = self.linear(words, tensor, name)
        else:
            found = self.convolution(words, tensor, name)
        return self.steps(words.steps, found, name)

    def steps(self, names: Sequence[str], tensor: Tensor, name: str) -> Tensor:
        """Normalizations and activations after one another."""
        for word in names:
            if word not in STEPS:
                raise InputError(_unknown(word))
            step = Step.NORMALIZATION if word == "bn" else Step.ACTIVATION
            held = 2 * tensor.channels if word == "bn" else 0
            self.passed.append(Passed(f"{name} {word}", step, tensor.size, tensor.size, held))
            after = replace(tensor, between=(*tensor.between, STEPS[word]))
            tensor = self.made(after, tensor, over=True)
        return tensor

    def pool(self, words: Words, tensor: Tensor, name: str) -> Tensor:
        """The maximum or the average of windows, or the average of everything."""
        if words.kind == "global":
            whole = tuple(Reach(0, 0, side - 1) for side in self.image)  # type: ignore[arg-type]
            found = Tensor(tensor.channels, (1,) * len(tensor.sides), whole, name)
        else:
            axes = _axes(words, tensor)
            sides = tuple(int(axis.output) for axis in axes)
            if not all(sides):
                raise InputError(f"no window of {words.kernel} fits into {_shown(tensor.sides)}")
            found = Tensor(tensor.channels, sides, _through(tensor, axes), name)
        self.passed.append(Passed(name, POOLS[words.kind], tensor.size, found.size))
        return self.made(found, tensor)

    def linear(self, words: Words, tensor: Tensor, name: str) -> Tensor:
        """A matrix that is applied to all numbers of a tensor."""
        reaches = tuple(Reach(0, 0, side - 1) for side in self.image)  # type: ignore[arg-type]
        layer = Layer(
            tensor.size, words.channels, (Axis(1, 1),), 1, Bias.ALL if words.bias else Bias.NONE
        )
        return self.add(Kind.LINEAR, layer, tensor, name, reaches, (1,) * len(tensor.sides))

    def convolution(self, words: Words, tensor: Tensor, name: str) -> Tensor:
        """A convolution, depthwise or transposed or neither."""
        axes = _axes(words, tensor)
        groups = _number(words.settings.get("groups", "1"))
        channels = words.channels
        if words.kind == "dw":
            groups = tensor.channels
            channels = groups * _number(words.settings.get("multiplier", "1"))
        kind = Kind.TRANSPOSED if words.kind == "transposed" else Kind.CONV
        layer = Layer(
            tensor.channels, channels, axes, groups, Bias.ALL if words.bias else Bias.NONE
        )
        sides = tuple(int(axis.output) for axis in axes)
        return self.add(kind, layer, tensor, name, _through(tensor, axes), sides)

    def add(
        self,
        kind: Kind,
        layer: Layer,
        tensor: Tensor,
        name: str,
        reaches: Reaches | None,
        sides: tuple[int, ...],
    ) -> Tensor:
        """Notes a layer, and what it makes of a tensor."""
        name = f"{name}-{len(self.layers) + 1}" if name in self.names else name
        self.names.add(name)
        if tensor.last is not None:
            last = self.layers[tensor.last]
            self.layers[tensor.last] = replace(last, next=name, between=tensor.between)
        fields = tuple(one.size for one in reaches) if reaches else ()
        self.layers.append(
            ModelLayer(name, kind, layer, self.batch, tensor.name, name, receptive_field=fields)
        )
        found = Tensor(layer.channels_out, sides, reaches, name, len(self.layers) - 1)
        return self.made(found, tensor)


def _counts(link: Link) -> bool:
    """Whether a link has layers in it."""
    if isinstance(link, Piece):
        return link.words != (".",) and link.words[0].lower() not in (*STEPS, *POOLS)
    return True


def _letters(count: int) -> Iterator[str]:
    return (chr(ord("a") + n) if n < 26 else f"{n}" for n in range(count))


def _shown(sides: tuple[int, ...]) -> str:
    return "x".join(map(str, sides))


def _through(tensor: Tensor, axes: Sequence[Axis | Transposed]) -> Reaches | None:
    if tensor.reaches is None:
        return None
    return tuple(one.through(axis) for one, axis in zip(tensor.reaches, axes, strict=True))


def _axes(words: Words, tensor: Tensor) -> tuple[Axis | Transposed, ...]:
    """The axes of a layer on what it reads."""
    count = len(tensor.sides)
    kernel, stride, dilation, extra = (
        read_sizes(name, text, count)
        for name, text in (
            ("kernel", words.kernel),
            ("stride", words.stride),
            ("dilation", words.settings.get("dilation", "1")),
            ("output_padding", words.settings.get("output-padding", "0")),
        )
    )
    rows = tuple(zip(tensor.sides, kernel, stride, dilation, strict=True))
    pads = read_padding(words.padding, rows)
    if words.kind == "transposed":
        return tuple(
            Transposed(*row, *pad, more) for row, pad, more in zip(rows, pads, extra, strict=True)
        )
    return tuple(Axis(*row, *pad) for row, pad in zip(rows, pads, strict=True))


def _sorted(words: Sequence[str], each: Sequence[str]) -> Words:
    """The words of a layer, with those of every convolution where it is one."""
    rest = [word.lower() for word in words]
    kind = rest.pop(0) if rest[0] in KINDS else ""
    kernel = stride = ""
    if kind not in ("linear", "global"):
        kernel, stride = _kernel(rest.pop(0) if rest else "", kind)
    channels = 0
    if kind in ("", "linear", "transposed"):
        channels = _number(rest.pop(0) if rest else "", "the number of output channels is missing")
    usual = [] if kind in (*POOLS, "linear") or "plain" in rest else list(each)
    pad = [one for one in each if one in PADDINGS]
    usual = usual or (pad if kind in ("max", "average", "") else [])
    return _options(
        Words(kind, kernel, stride or "1", channels, bias=kind == "linear"), usual, rest
    )


def _options(found: Words, usual: Sequence[str], rest: Sequence[str]) -> Words:
    """The words after kernel and channels; those of the line itself come after the usual ones."""
    steps: dict[str, None] = {}
    for word in (*usual, *rest):
        name, equals, value = word.partition("=")
        if word in PADDINGS:
            found = replace(found, padding=word)
        elif word in ("bias", "no-bias"):
            found = replace(found, bias=word == "bias")
        elif word in STEPS:
            steps[word] = None
        elif equals and name == "padding":
            found = replace(found, padding=value)
        elif equals and name in SETTINGS:
            found = replace(found, settings=found.settings | {name: value})
        elif word != "plain":
            raise InputError(_unknown(word))
    return replace(found, steps=tuple(steps))


def _kernel(word: str, kind: str) -> tuple[str, str]:
    found = KERNEL.fullmatch(word)
    if not found:
        if kind:
            raise InputError(f"{kind} needs a kernel such as 3x3/2, not {shown(word)!r}")
        raise InputError(_unknown(word))
    return found[1], found[2] or ""


def _number(word: str, missing: str = "a number is missing") -> int:
    if not word:
        raise InputError(missing)
    if not word.isdecimal() or not 0 < len(word) < 10 or int(word) < 1:
        raise InputError(f"{shown(word)!r} is no number of channels or groups of at least 1")
    return int(word)


def _unknown(word: str) -> str:
    near = suggestion(word, WORDS, otherwise="a layer is such as 3x3/2 64, dw 3x3 or linear 10")
    return f"{shown(word)!r} is not known; {near}"
