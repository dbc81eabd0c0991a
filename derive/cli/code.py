"""derive code: a family or a line on a layer, as one file to copy and run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TYPE_CHECKING

import click
from click.core import ParameterSource

from derive.cli.command import Once
from derive.cli.layer import layer_options, read
from derive.cli.words import forms, Name, Place
from derive.notation.errors import InputError
from derive.render.streams import put, put_json, say

if TYPE_CHECKING:
    from sympy import Symbol

    from derive.catalogue import Entry
    from derive.comparison import Row

FRAMEWORKS = ("pytorch", "keras", "jax", "numpy", "onnx")
SIGNS = ("[", "->", "→")  # of a line; no name has them


@click.command(
    cls=Once,
    examples=(
        "derive code asymmetric --in 64 --out 64 --image 56x56 --middle 32",
        "derive code SeparableConv2D --framework keras --in 10 --out 100 --kernel 5 --bias last",
        'derive code "A[j,i,u] B[o,j,v]" --framework jax --stride 2 --padding same-upper',
        "derive code cp --framework onnx --rank 4",
        'derive code "SeparableConv2D(100, 5)" --in 10 --framework pytorch',
        "derive code SeparableConv2D --in 10 --bias last --framework onnx --save model.onnx",
    ),
)
@click.argument("name", type=Name("family"))
@click.option(
    "--framework",
    type=click.Choice(FRAMEWORKS),
    default="pytorch",
    show_default=True,
    help="What the code is for; onnx is Python that writes a file, or with --save the file itself.",
)
@click.option(
    "--weights",
    metavar="FILE",
    help="A .npz with an array for each factor, which the code loads; sizes not given are its.",
)
@click.option(
    "--save",
    type=Place(path_type=Path, dir_okay=False),
    help="Write the code to a file; to one that ends in .onnx the model, checked by onnx.",
)
@click.option("--force", is_flag=True, help="Overwrite the file of --save.")
@layer_options
@forms("json")
@click.pass_context
def code(
    ctx: click.Context,
    /,
    name: str,
    framework: str,
    weights: str | None,
    save: Path | None,
    force: bool,
    form: str,
    **words: Any,
) -> None:
    """One complete file to copy and run: the layer, and a check that it is the full convolution.

    NAME is a family as in `derive family`, or a line of your own or layers of PyTorch or Keras as
    in `derive define`. The check makes weights at random, contracts them to one kernel, and
    compares the two on an image.
    """
    from derive.code.facts import code_facts

    given = {x for x in words if ctx.get_parameter_source(x) != ParameterSource.DEFAULT}
    if str(words["out"]).lower().endswith((".onnx", ".py")):
        raise click.UsageError(f"--out is for output channels: write --save {words['out']}")
    if (model := save and save.suffix.lower() == ".onnx") and framework != "onnx":
        raise click.UsageError(f"--save {save} is an ONNX model: it needs --framework onnx")
    row = _row(name, words, given, weights)
    facts = code_facts(row, framework, weights)
    if save:
        _write(save, row if model else facts.code, weights, force)
    if form == "json":
        put_json(facts)
    elif not save:
        put(facts.code.rstrip("\n"))


def _row(name: str, words: dict[str, Any], given: set[str], weights: str | None) -> "Row":
    """The family, the line or the layers of a framework on one layer at one setting.

    Raises InputError, in one line, if it does not fit, and UsageError for several settings.
    """
    from derive.catalogue import FAMILIES, own_line
    from derive.cli.written import recognized_row
    from derive.comparison import attempts, Row
    from derive.parse.framework import is_code
    from derive.parse.line import read_line

    if is_code(name):
        return recognized_row(name, words, given).row
    own = any(sign in name for sign in SIGNS)
    entry = own_line(read_line(name)) if own else FAMILIES[name]
    if weights is not None:
        words |= {x: text for x, text in _stored(entry, weights).items() if x not in given}
    found = list(attempts(entry, *read(words)))
    fitting = [row for row in found if isinstance(row, Row)]
    if not fitting:
        raise InputError(f"{entry.name} does not fit this layer: {found[0]}")
    if len(found) > 1:
        raise click.UsageError("the code is of one layer: give one width, multiplier or rank")
    return fitting[0]


def _write(out: Path, made: "Row | str", weights: str | None, force: bool) -> None:
    """Write the code, or the model of a layer."""
    from derive.render.files import write_file

    if isinstance(made, str):
        data, what = made.encode(), "code"
    else:
        from derive.code.facts import planned
        from derive.code.onnx_file import onnx_model

        data, what = onnx_model(planned(made, weights), weights), "model"
    write_file(out, data, overwrite=force)
    say(f"{what} written to {out}")


def _stored(entry: "Entry", path: str) -> dict[str, Any]:
    """The words of a layer that the factors of a file are made for."""
    from derive.code.weights import shapes, sizes
    from derive.comparison import choosable

    line = entry.family
    known = sizes(line, shapes(path), path)
    words: dict[str, Any] = {
        name: str(line.channels[channels].xreplace(known)) for name, channels in _channels().items()
    }
    words["kernel"] = "x".join(str(known.get(d.kernel, 1)) for d in entry.directions)
    words["axes"] = str(len(entry.directions))
    words |= _groups(known)
    for name, field in (("widths", "middle"), ("multipliers", "multiplier")):
        if symbols := choosable(line).get(name):
            words[field] = (str(_times_groups(known, symbols[-1])),)
    if ranks := choosable(line).get("ranks"):
        words["rank"] = (",".join(f"{symbol}={known[symbol]}" for symbol in ranks),)
    return {name: text for name, text in words.items() if text not in ("", ())}


def _channels() -> "dict[str, Symbol]":
    from derive.notation.letters import C_in, C_out

    return {"in": C_in, "out": C_out}


def _groups(known: "Mapping[Symbol, int]") -> dict[str, str]:
    from derive.notation.letters import G

    return {"groups": str(known[G])} if G in known else {}


def _times_groups(known: "Mapping[Symbol, int]", symbol: "Symbol") -> int:
    """A width in all groups together."""
    from derive.notation.letters import C_c, G

    return known[symbol] * (known[G] if symbol == C_c else 1)
