"""derive factor: is this kernel of that form?"""

from dataclasses import replace
from pathlib import Path
from typing import Any, TYPE_CHECKING

import click

from derive.cli.code import FRAMEWORKS
from derive.cli.command import Signed
from derive.cli.words import forms, Name, Place
from derive.notation.words import short
from derive.render.streams import put, put_json, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from derive.decide.spectrum import Known
    from derive.facts.question import Question


@click.command(
    cls=Signed,
    examples=(
        "derive factor sobel",
        "derive factor laplacian-4 --as asymmetric --middle 2",
        'derive factor "1/3 2/3; 1/6 1/3" --json',
        "derive factor weights.npy --as depthwise-separable --multiplier 2",
        "derive factor weights.npy --error 0.1 --out factors.safetensors",
        "derive factor weights.npy --as tucker-2 --cost 0.5",
        "derive factor weights.npy --error 0.1 --out factors.npz --code pytorch",
    ),
)
@click.argument("kernel", type=Name("kernel"))
@click.option(
    "--as",
    "family",
    type=Name("family"),
    default="asymmetric",
    show_default=True,
    metavar="FAMILY",
    help="Its form: a name that `derive family` takes.",
)
@click.option("--middle", default="", help="Width m, a number, in or out.  [C_in]")
@click.option("--multiplier", default="", help="Depth multiplier M.  [1]")
@click.option("--rank", default="", help="Ranks P, Q, R and terms T: 3, or P=4,Q=2.  [C_in]")
@click.option("--error", default="", help="The smallest size within a relative error: 0.1 or 10%.")
@click.option(
    "--cost",
    default="",
    help="The largest size within a cost: 0.5 of the standard MACs, 40000macs, 40000parameters.",
)
@click.option("--nearest", is_flag=True, help="Find the nearest factors, also of a large kernel.")
@click.option("--pareto", is_flag=True, help="Put all families next to each other.")
@click.option("--groups", help="Groups of the layer and of grouped families.  [1]")
@click.option(
    "--layout",
    type=click.Choice(("pytorch", "keras", "keras-depthwise", "dense")),
    help="pytorch: (C_out, C_in/groups, k_h, k_w). keras: (k_h, k_w, C_in/groups, C_out)."
    " keras-depthwise: (k_h, k_w, C, M). dense: (C_out, C_in, k_h, k_w) whatever the groups."
    "  [recognized, PyTorch's first]",
)
@click.option("--keras", is_flag=True, help="The same as --layout keras.")
@click.option("--transposed", is_flag=True, help="Weights of a transposed convolution.")
@click.option("--key", help="Which array of a .npz or .safetensors file.")
@click.option("--image", help="Image for the costs, height x width.  [128x128]")
@click.option("--stride", default="1", show_default=True, help="For costs and output error.")
@click.option("--dilation", default="1", show_default=True, help="For costs and output error.")
@click.option(
    "--out",
    type=Place(path_type=Path, dir_okay=False),
    help="Write the factors: .npz, .json, or .safetensors with the weights of convolutions.",
)
@click.option(
    "--notebook",
    type=Place(path_type=Path, dir_okay=False),
    help="Write a notebook that asks the same in Python.",
)
@click.option(
    "--code",
    "framework",
    type=click.Choice(FRAMEWORKS),
    help="Print the layer as one file to run, as `derive code` does, which loads --out FILE.npz.",
)
@click.option("--force", is_flag=True, help="Overwrite the files of --out and --notebook.")
@forms("json", "csv")
def factor(
    kernel: str,
    family: str,
    middle: str,
    multiplier: str,
    rank: str,
    error: str,
    cost: str,
    nearest: bool,
    pareto: bool,
    groups: str | None,
    layout: str | None,
    keras: bool,
    key: str | None,
    transposed: bool,
    out: Path | None,
    notebook: Path | None,
    framework: str | None,
    force: bool,
    form: str,
    **words: Any,
) -> None:
    """Is this kernel of that form? An exact verdict with factors, or a minor that refutes it.

    Next to it stand the nearest kernels of that form: their error and cost at every width, and with
    --nearest, --error or --cost their factors. --csv prints the whole curve. After the verdict come
    all families of the book that represent the kernel exactly, cheapest first.

    KERNEL is a file (.npy, .npz, .csv, .json, .safetensors), a name such as sobel, a matrix such
    as "1 2 1; 2 4 2; 1 2 1", or - for standard input. Grouped and depthwise weights are read as
    frameworks store them and written out in full, with zeros between the groups.
    """
    from derive.catalogue import FAMILIES
    from derive.comparison import Choices
    from derive.facts.choice import chosen_size
    from derive.facts.question import Question
    from derive.facts.verdict import verdict_facts
    from derive.parse.budget import read_budget
    from derive.parse.choices import read_numbers, read_ranks
    from derive.parse.field import read_number
    from derive.parse.kernel import read_kernel
    from derive.parse.layer import read_layer_of
    from derive.parse.layout import Known
    from derive.render.progress import working

    budget = read_budget(error, cost)
    if framework:
        _loadable(out, "--pareto" if pareto else f"--{form}" if form else "")
    if keras and layout not in (None, "keras"):
        raise click.UsageError(f"--keras is --layout keras: leave it out, or --layout {layout}")
    entry = FAMILIES[family]
    layout = "keras" if keras else layout
    copies, ranks = read_numbers("multiplier", multiplier, most=1), read_ranks(rank, most=1)
    divided = None if groups is None else read_number("groups", groups)
    known = Known(layout, divided, transposed, entry.family, *copies)
    with working(f"reading {short(kernel)}"):
        given = read_kernel(kernel, known, key)
    reading = given.reading
    channels = {"out": given.kernel.extents[0], "in": given.kernel.extents[1]}
    sides = {side: str(number) for side, number in channels.items()}
    choices = Choices(read_numbers("middle", middle, most=1, words=sides), copies, ranks)
    layer = read_layer_of(
        given.kernel.extents, groups=reading.groups, transposed=transposed, **words
    )
    question = Question(given.name, given.kernel, entry, layer, choices, given.floating, reading)
    spectra: dict[Any, Any] = {}
    with working("choosing the size"):
        question = chosen_size(replace(question, near=nearest), budget, spectra)
    shown = form == "" and not framework
    opened = _opened(question, spectra) if shown else False
    with working("deciding"):
        facts = verdict_facts(question, known=spectra)
    if form != "csv" and not framework:
        from derive.facts.represented import represented

        if opened:
            from derive.render.factor_table import proved

            _show(proved(facts))

        with working("trying every family"):
            facts = replace(facts, families=represented(question, facts.proof))
    if pareto:
        from derive.facts.pareto import pareto as all_families

        with working("comparing the families"):
            facts = replace(facts, pareto=all_families(question, spectra))
    code = ""
    if out:
        from derive.render.factors import factor_shapes, near_of, write_factors

        near = near_of(facts) if question.near else None
        if framework:
            from derive.code.facts import code_facts

            shapes = factor_shapes(out, facts.proof, near)
            code = code_facts(question.row, framework, weights=str(out), stored=shapes).code
        write_factors(out, facts.proof, near, transposed, force)
        say(f"factors written to {out}")
    if notebook:
        from derive.render.factor_notebook import factor_notebook
        from derive.render.files import write_file

        options = {"groups": divided, "layout": layout, "transposed": transposed, "key": key}
        einsum = facts.proof.claim.einsum
        text = factor_notebook(facts, einsum, kernel.strip(), {**options, **words})
        write_file(notebook, text.encode(), overwrite=force)
        say(f"notebook written to {notebook}")
    if code:
        put(code.rstrip("\n"))
    elif form == "json":
        put_json(facts)
    elif form == "csv":
        from derive.render.curve import curve_text

        put(curve_text(facts))
    else:
        from derive.render.factor_table import factor_table, rest

        _show(rest(facts) if opened else factor_table(facts))


def _opened(question: "Question", known: "Known") -> bool:
    """Print what is known of a large kernel of floats before its exact verdict, if it is enough."""
    from derive.facts.opening import foreseen
    from derive.render.progress import working

    with working("finding the nearest kernels"):
        first = foreseen(question, known)
    if first is None:
        return False
    from derive.render.factor_table import opening

    _show(opening(first))
    return True


def _show(shown: "RenderableType") -> None:
    from derive.render.console import console

    console().print(shown)


def _loadable(out: Path | None, other: str) -> None:
    """Refuse code without a file that it can load, and next to ``other`` output, in one line."""
    if out is None or out.suffix.lower() != ".npz":
        raise click.UsageError("--code needs --out FILE.npz, which the code loads")
    if other:
        raise click.UsageError(f"--code prints a file to run: leave out {other}")
