"""The options of a layer, for the commands that put numbers on one."""

from collections.abc import Mapping
from typing import Any, TYPE_CHECKING

import click

from derive.cli.words import Command, POSITIVE, Positive
from derive.notation.errors import InputError
from derive.notation.words import natural, short

if TYPE_CHECKING:
    from derive.notation.layer import Layer
    from derive.rows import Choices

SIZE: dict[str, Any] = {"show_default": True}
CHOSEN: dict[str, Any] = {"multiple": True}
CHANNELS: dict[str, Any] = {"type": POSITIVE, **SIZE}
OPTIONS = (
    click.option("--image", default="128x128", **SIZE, help="Height x width, in pixels."),
    click.option("--in", "channels_in", default=3, **CHANNELS, help="Input channels."),
    click.option("--out", "channels_out", default=8, **CHANNELS, help="Output channels."),
    click.option("--kernel", default="3", **SIZE, help="3 or 3x5."),
    click.option("--stride", default="1", **SIZE, help="2 or 2x1."),
    click.option("--dilation", default="1", **SIZE, help="2 or 2x1."),
    click.option("--padding", default="same", **SIZE, help="same, valid, 1, 1x2 or 0:1x2:3."),
    click.option("--groups", type=POSITIVE, default=1, **SIZE, help="Must divide both channels."),
    click.option("--bias", is_flag=True, help="Every stage has a bias."),
    click.option(
        "--middle",
        type=POSITIVE,
        **CHOSEN,
        help="Width m; repeat for several.  [C_in, or full rank if that is less]",
    ),
    click.option(
        "--multiplier", type=POSITIVE, **CHOSEN, help="Depth multiplier M; may repeat.  [1]"
    ),
    click.option(
        "--rank",
        **CHOSEN,
        help="Ranks P, Q, R and terms T: 3, or P=4,Q=2; may repeat.  [C_in, or full rank if less]",
    ),
    click.option("--axes", type=Positive(1, 3), help="Spatial axes, if the image has one side."),
    click.option("--transposed", is_flag=True, help="Transposed convolutions."),
    click.option("--output-padding", default="0", **SIZE, help="Of a transposed layer."),
    click.option("--bytes-per-number", type=POSITIVE, default=4, **SIZE, help="4 is float32."),
)


def layer_options(command: Command) -> Command:
    """The options of a layer and of the widths and ranks on it, which ``read`` reads."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def read(words: Mapping[str, Any]) -> "tuple[Layer, Choices]":
    """The layer that the values of its options describe, and the widths and ranks chosen.

    Raises InputError, in one line, if they describe none.

    >>> read({"image": "8x8", "middle": (), "multiplier": (), "rank": ("3",)})[1].ranks
    (3,)
    """
    from derive.read.layer import read_layer
    from derive.rows import Choices

    given = dict(words)
    widths, copies, ranks = (given.pop(name) for name in ("middle", "multiplier", "rank"))
    return read_layer(**given), Choices(widths, copies, tuple(map(read_rank, ranks)))


def read_rank(text: str) -> int | Mapping[str, int]:
    """One rank for every bond, or a rank for each: 3 or P=4,Q=2.

    Raises InputError, in one line, for any other text.

    >>> read_rank("P=4,Q=2")
    {'P': 4, 'Q': 2}
    """
    pairs = [part.partition("=") for part in text.split(",")]
    numbers = [natural(value if sign else name, 10**9) for name, sign, value in pairs]
    if not all(numbers):
        raise InputError(
            f"rank must be a positive integer, or such as P=4,Q=2, not {short(text)!r}"
        )
    if len(pairs) == 1 and not pairs[0][1]:
        return numbers[0] or 0
    known = {"P", "Q", "R", "T"}
    if unknown := [name for name, sign, _ in pairs if not sign or name not in known]:
        raise InputError(f"rank {short(text)!r}: {short(unknown[0])!r} is none of P, Q, R, T")
    if len({name for name, _, _ in pairs}) < len(pairs):
        raise InputError(f"rank {short(text)!r} gives a letter twice")
    return {name: number or 0 for (name, _, _), number in zip(pairs, numbers, strict=True)}
