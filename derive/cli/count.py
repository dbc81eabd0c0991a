"""derive count: what a network or a model costs, layer by layer."""

import click

from derive.cli.command import Once
from derive.cli.words import forms, Name
from derive.render.progress import working
from derive.render.streams import put, put_json


@click.command(
    cls=Once,
    examples=(
        "derive count mobilenet-v1",
        "derive count mobilenet-v1 --variant 0.75 --size 128",
        "derive count resnet-50 --csv",
        "derive count vgg-16 --variant depthwise-separable --json",
    ),
)
@click.argument("model", type=Name("network"))
@click.option(
    "--size",
    "sizes",
    multiple=True,
    help="Sizes of an open input, such as 1x3x224x224 or NAME=1x3x224x224, may repeat; of a"
    " network, another image such as 192.",
)
@click.option("--variant", default="", help="Another form of a published network, such as 0.75.")
@forms("json", "csv", "latex", "markdown")
def count(model: str, sizes: tuple[str, ...], variant: str, form: str) -> None:
    """Parameters, MACs, FLOPs and memory of a network, and what counting tools report for it.

    MODEL is a published network (derive list networks), a file of ONNX, of which nothing is run, or
    a list of layers in a file .csv or .txt, or "-" for standard input: the image, then a line for
    each layer, such as "image 3x224x224", "3x3/2 32", "dw 3x3", "1x1 64", "linear 10". What is no
    layer is named, and is not counted as zero.
    """
    from derive.facts.count import count_facts

    with working(f"counting {model}"):
        facts = count_facts(model, sizes, variant)
    if form == "json":
        put_json(facts)
    elif form:
        from derive.render.model import model_text

        put(model_text(facts, form))
    else:
        from derive.render.console import console
        from derive.render.model import model_table

        console().print(model_table(facts))
