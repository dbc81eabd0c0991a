"""derive define: the same for a line of your own."""

import sys
from typing import Any

import click
from click.core import ParameterSource

from derive.cli.command import Once
from derive.cli.layer import layer_options, read
from derive.cli.words import forms
from derive.render.streams import put, put_json


@click.command(
    cls=Once,
    examples=(
        'derive define "A[j,i,u] B[o,j,v]"',
        'derive define "A[j,i,u] B[o,j,v]" --image 56x56 --in 64 --out 64 --middle 32',
        'derive define "A[j,i,u] B[o,j,v]" --middle out --bias last --stages',
        'derive define "jiu,ojv->oiuv" --json',
        'derive define "nn.Sequential(nn.Conv2d(3, 8, (3, 1)), nn.Conv2d(8, 8, (1, 3)))"',
        'derive define "SeparableConv2D(100, 5)" --in 10',
    ),
)
@click.argument("line")
@click.option("--stages", is_flag=True, help="Print the filters of every stage too.")
@layer_options
@forms("json", "csv", "latex", "markdown")
@click.pass_context
def define(ctx: click.Context, /, line: str, stages: bool, form: str, **words: Any) -> None:
    """Your own line: what `derive family` says, a proof of its pipeline, numbers for a layer.

    LINE is a contraction such as "A[j,i,u] B[o,j,v]" or an einsum such as "jiu,ojv->oiuv".
    Without options the numbers are those of the first of a few layers that the line fits.

    LINE may also be layers of PyTorch or Keras, which are read and not run. The answer then begins
    with the family that they are, its width and its numbers, or says why they are no family.
    """
    from derive.cli.written import code_facts
    from derive.facts.own_line import own_line_facts
    from derive.parse.framework import is_code

    given = [name for name in words if ctx.get_parameter_source(name) != ParameterSource.DEFAULT]
    if is_code(line):
        facts = code_facts(line, words, given)
    else:
        facts = own_line_facts(line, *read(words)) if given else own_line_facts(line)
    if form == "json":
        put_json(facts)
    elif form:
        from derive.render.define_table import shown_bias
        from derive.render.family_text import derived_text

        title, bias = str(facts.derived.line.line), shown_bias(facts)
        put(derived_text(title, facts.derived, form, bias=bias))
    else:
        from derive.render.console import console
        from derive.render.define_table import define_table

        console().print(define_table(facts, stages))
    sys.exit(int(not facts.convolution.proved))
