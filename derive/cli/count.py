"""derive count: what a network or a model costs, layer by layer."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from derive.cli.command import Once
from derive.cli.sympy_settings import set_sympy
from derive.cli.words import forms, Name, Place
from derive.render.progress import working
from derive.render.streams import put, put_json

if TYPE_CHECKING:
    from derive.facts.model import ModelFacts


@click.command(
    cls=Once,
    examples=(
        "derive count mobilenet-v1",
        "derive count mobilenet-v1 --variant 0.75 --size 128",
        "derive count resnet-50 --csv",
        "derive count vgg-16 --variant depthwise-separable --json",
        "derive count model.onnx --cost 0.7 --rewrite small.onnx",
    ),
)
@click.argument("model", type=Name("network"), required=False)
@click.option(
    "--torch",
    "module",
    metavar="MODULE:CALLABLE",
    help="Count a module of PyTorch that this callable makes, such as torchvision.models:resnet50."
    " Its code is run, without weights; needs --size.",
)
@click.option(
    "--size",
    "sizes",
    multiple=True,
    help="Sizes of an open input, such as 1x3x224x224 or NAME=1x3x224x224, may repeat; of a"
    " network, another image such as 192.",
)
@click.option("--variant", default="", help="Another form of a published network, such as 0.75.")
@click.option(
    "--suggest",
    is_flag=True,
    help="For each layer of a file of ONNX the factorizations with the smallest error at a cost.",
)
@click.option("--cost", default="", help="Plan within a cost: 0.7 of the MACs, or 40000macs.")
@click.option("--error", default="", help="Plan within a relative error of each layer: 0.1 or 10%.")
@click.option(
    "--rewrite",
    type=Place(path_type=Path, dir_okay=False),
    help="Write the model of the plan, FILE.onnx, which must not exist, and compare the two.",
)
@forms("json", "csv", "latex", "markdown")
def count(
    model: str | None,
    module: str | None,
    sizes: tuple[str, ...],
    variant: str,
    suggest: bool,
    cost: str,
    error: str,
    rewrite: Path | None,
    form: str,
) -> None:
    """Parameters, MACs, FLOPs and memory of a network, and what counting tools report for it.

    MODEL is a published network (derive list networks), a file of ONNX, of which nothing is run, or
    a list of layers in a file .csv or .txt, or "-" for standard input: the image, then a line for
    each layer, such as "image 3x224x224", "3x3/2 32", "dw 3x3", "1x1 64", "linear 10". What is no
    layer is named, and is not counted as zero.

    With --suggest, --cost or --error its layers are factored too: a plan within an error replaces
    every layer by its cheapest design within it, one within a cost does so at the smallest error
    that is cheap enough. The error is that of the kernels. What a model loses in accuracy is not
    known without data.
    """
    if module is not None and model is not None:
        raise click.UsageError("--torch names a module: leave out MODEL")
    if not (suggest or cost or error or rewrite):
        set_sympy("SYMPY_GROUND_TYPES", "python")  # FLINT loads longer than counts take
    if module is not None:
        if suggest or cost or error or rewrite or variant:
            raise click.UsageError("--torch makes no weights: it goes with --size and a form only")
        _module(module, sizes, form)
        return
    if model is None:
        raise click.UsageError("Missing argument 'MODEL': a network, a file, or --torch")
    if suggest or cost or error or rewrite:
        _suggest(model, sizes, variant, cost, error, rewrite, form)
        return
    from derive.facts.count import count_facts

    with working(f"counting {model}"):
        facts = count_facts(model, sizes, variant)
    _show(facts, form)


def _module(source: str, sizes: tuple[str, ...], form: str) -> None:
    """Print the counts of a module of PyTorch."""
    from derive.facts.model import model_facts
    from derive.models.pytorch import read_torch

    with working(f"running {source}"):
        facts = model_facts(read_torch(source, sizes))
    _show(facts, form)


def _show(facts: "ModelFacts", form: str) -> None:
    if form == "json":
        put_json(facts)
    elif form:
        from derive.render.model_text import model_text

        put(model_text(facts, form))
    else:
        from derive.render.console import console
        from derive.render.model import model_table

        console().print(model_table(facts))


def _suggest(
    model: str,
    sizes: tuple[str, ...],
    variant: str,
    cost: str,
    error: str,
    rewrite: Path | None,
    form: str,
) -> None:
    """Print the designs of every layer and the plan of a budget, and write its model."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads wait for each other on matrices
    from derive.facts.count import suggested
    from derive.parse.budget import read_budget
    from derive.render.progress import progress_of

    budget = read_budget(error, cost)
    if rewrite:
        from derive.render.smaller import writable, write_smaller

        if not (cost or error):
            raise click.UsageError("--rewrite needs a plan: --cost 0.7, or --error 0.1")
        writable(model, rewrite)
    with progress_of(0) as started:
        facts, found = suggested(model, sizes, variant, budget, started)
        if rewrite:
            done = write_smaller(model, rewrite, found, budget, sizes, started)
            facts = replace(facts, rewriting=done)
    if form == "json":
        put_json(facts)
    elif form:
        from derive.render.suggestion import suggestion_text

        put(suggestion_text(facts, form))
    else:
        from derive.render.console import console
        from derive.render.suggestion import suggestion_table

        console().print(suggestion_table(facts))
