"""A model in numbers in words, and as CSV, LaTeX or Markdown to take away."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from derive.facts.model import CountedLayer, ModelFacts
from derive.facts.recognized import RecognizedFacts
from derive.models.model import Unknown
from derive.render.amount import memory, number
from derive.render.tabular import Cell, Tabular, written

HEAD = (
    *("name", "kind", "family", "batch", "input", "output", "kernel", "stride", "dilation"),
    *("padding", "groups", "bias", "parameters", "macs", "macs_in_bounds", "flops"),
    *("activations", "bytes", "receptive_field", "not_counted"),
)
NOT_COUNTED = "not counted"
SHOWN = ("parameters", "macs", "macs_in_bounds", "flops", "bytes")
TITLES = ("layer", "kind", "output", "parameters", "MACs", "in-bounds", "FLOPs", "bytes")


def title(facts: ModelFacts) -> str:
    """What is counted, and on which input.

    >>> from derive.facts.count import count_facts
    >>> title(count_facts("vgg-16"))
    'VGG-16, standard; image 1×3×224×224; 16 layers'
    """
    network = facts.network
    name = f"{network.title}, {network.variant}" if network else facts.model
    inputs = (f"{name} {sides(sizes)}" for name, sizes in facts.inputs.items())
    count = facts.totals.layers
    return f"{name}; {', '.join(inputs)}; {count} {'layer' if count == 1 else 'layers'}"


def sides(sizes: Iterable[int]) -> str:
    """Sizes with a sign between them.

    >>> sides((3, 224, 224))
    '3×224×224'
    """
    return "×".join(map(str, sizes))


def words(layer: CountedLayer) -> str:
    """What a layer is: its sort, its kernel, and what is unusual about it.

    >>> from derive.facts.count import count_facts
    >>> words(count_facts("vgg-16").layers[0])
    'standard 3×3'
    """
    if layer.sort == "linear":
        return "linear"
    stride = "" if set(layer.stride) == {1} else f"/{_short(layer.stride)}"
    dilation = "" if set(layer.dilation) == {1} else f" dilation {_short(layer.dilation)}"
    groups = f" {layer.groups} groups" if layer.family == "grouped" else ""
    return f"{layer.sort} {sides(layer.kernel)}{stride}{dilation}{groups}"


def _short(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else sides(numbers)


def percent(share: Fraction) -> str:
    """A share in percent with two digits after the point.

    >>> percent(Fraction(1, 3))
    '33.33'
    """
    return f"{float(100 * share):.2f}"


def remarks(facts: ModelFacts) -> Iterator[str]:
    """What the sums of a model leave out, in sentences."""
    total = facts.totals
    if total.macs:
        part = percent(1 - Fraction(total.macs_in_bounds, total.macs))
        yield f"{part} % of the MACs multiply padding, or are cropped"
        yield f"a step of training takes {total.backward_macs:,} more MACs for the gradients"
    if total.other_parameters:
        every = total.parameters + total.other_parameters
        yield (
            f"parameters: {total.parameters:,} of the layers and {total.other_parameters:,} of"
            f" normalizations, {every:,} in all"
        )
    yield from map(family_words, facts.recognized)
    yield f"the largest layer reads and writes {memory(total.largest)}"
    if total.held is not None:
        yield (
            f"at most {memory(total.held)} of tensors are held at once, if normalizations and"
            " activations write over what they read"
        )


def family_words(found: RecognizedFacts) -> str:
    """Layers in a row that are the stages of a family.

    >>> family_words(RecognizedFacts(("dw", "pw"), "cp", "CP convolution", {}))
    'dw and pw: CP convolution, as no activation stands between them'
    """
    *first, last = found.layers
    setting = "".join(f", {x} = {n}" for x, n in found.setting.items())
    names = f"{', '.join(first)} and {last}"
    return f"{names}: {found.title}{setting}, as no activation stands between them"


def between(facts: ModelFacts) -> Iterator[str]:
    """The operations between the layers, a line for each kind.

    >>> from derive.facts.count import count_facts
    >>> next(between(count_facts("vgg-16")))[:30]
    '15 × activation: 13,555,712 nu'
    """
    for one in facts.between:
        yield (
            f"{one.operations} × {one.step}: {number(one.written)} numbers written, in no count"
            " above but those of the tools"
        )


def model_text(facts: ModelFacts, form: str) -> str:
    """The layers as csv, with every count, or as latex or markdown with the sums; what is not
    counted has a row too, without numbers.

    >>> from derive.facts.count import count_facts
    >>> model_text(count_facts("vgg-16"), "csv")[:9]
    'name,kind'
    """
    if form == "csv":
        rows = [*map(_all, facts.layers), *map(_unknown, facts.unknown)]
        return written(Tabular(HEAD, rows), form)
    rows = [
        [one.name, words(one), sides(one.output), *(getattr(one, name) for name in SHOWN)]
        for one in facts.layers
    ]
    rows += [[one.name, f"{NOT_COUNTED}: {_why(one)}", *[""] * 6] for one in facts.unknown]
    total: list[Cell] = ["sum", "", "", *(getattr(facts.totals, name) for name in SHOWN)]
    return written(Tabular(TITLES, [*rows, total], title(facts)), form)


def _unknown(one: Unknown) -> list[Cell]:
    """A row of csv without counts: what it is stands where the kind of a layer does."""
    return [one.name, NOT_COUNTED, *[""] * (len(HEAD) - 3), _why(one)]


def _why(one: Unknown) -> str:
    return f"{one.operation}, {one.reason}"


def _all(one: CountedLayer) -> list[Cell]:
    padding = "x".join(f"{before}:{after}" for before, after in one.padding)
    return [
        *(one.name, one.kind.value, one.family, one.batch),
        *("x".join(map(str, getattr(one, name))) for name in HEAD[4:9]),
        *(padding, one.groups, "yes" if one.bias else "no"),
        *(one.parameters, one.macs, one.macs_in_bounds, one.flops, one.activations, one.bytes),
        *("x".join(map(str, one.receptive_field or ())), "; ".join(one.not_counted)),
    ]
