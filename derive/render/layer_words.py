"""A layer in words."""

from collections.abc import Sequence

from derive.facts.layer import LayerFacts
from derive.notation.fields import BIASED


def layer_words(layer: LayerFacts) -> str:
    """A layer in one line.

    >>> from derive.facts.layer import layer_facts
    >>> from derive.parse.layer import read_layer
    >>> layer_words(layer_facts(read_layer()))
    '128×128 image, 3 → 8 channels, kernel 3×3, padding 1, no bias'
    """
    sides = "×".join(map(str, layer.image))
    words = [
        f"{sides} image, {layer.channels_in} → {layer.channels_out} channels",
        f"kernel {'×'.join(map(str, layer.kernel))}",
        *_unusual("stride", layer.stride, 1),
        *_unusual("dilation", layer.dilation, 1),
        f"padding {_sides([_margin(*ends) for ends in layer.padding])}",
        *_unusual("groups", [layer.groups], 1),
        BIASED[layer.biased],
        *(["transposed"] if layer.transposed else []),
        *_unusual("output padding", layer.output_padding, 0),
    ]
    return ", ".join(words)


def _unusual(name: str, values: Sequence[int], usual: int) -> list[str]:
    return [f"{name} {_sides(values)}"] if set(values) != {usual} else []


def _sides(values: Sequence[object]) -> str:
    """One value for all axes if they agree, else one for each."""
    return str(values[0]) if len(set(values)) == 1 else "×".join(map(str, values))


def _margin(before: int, after: int) -> str:
    return str(before) if before == after else f"{before}:{after}"
