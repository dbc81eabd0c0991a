"""derive relate: how two designs relate."""

from typing import Any

import click
from click.core import ParameterSource

from derive.cli.command import Once
from derive.cli.layer import layer_options, read
from derive.cli.words import forms, Name
from derive.render.streams import put_json


@click.command(
    cls=Once,
    examples=(
        "derive relate depthwise-separable asymmetric",
        "derive relate depthwise-separable asymmetric --image 128x128 --in 3 --out 8",
        'derive relate "A[r,i,u] B[r,v] F[o,r]" cp-joint --in 64 --out 64 --rank 32',
        "derive relate tucker-2 tensor-train --json",
    ),
)
@click.argument("one", type=Name("family"))
@click.argument("other", type=Name("family"))
@layer_options
@forms("json")
@click.pass_context
def relate(ctx: click.Context, /, one: str, other: str, form: str, **words: Any) -> None:
    """Whether each of two designs represents every kernel of the other, and at which sizes.

    ONE and OTHER are families by id, title or another name, or lines such as "A[j,i,u] B[o,j,v]";
    the path of a file such as ./mine.py is a name too: the file is Python and is run. Without
    options of a layer the answer is in symbols. With them it is for that layer, at the usual or
    the chosen sizes of both designs: the smallest sizes that would do, and weights or a kernel
    that proves it.
    """
    from derive.facts.relation import design_of, relation_facts

    given = [name for name in words if ctx.get_parameter_source(name) != ParameterSource.DEFAULT]
    designs = design_of(one), design_of(other)
    facts = relation_facts(*designs, *(read(words) if given else ()))
    if form == "json":
        put_json(facts)
    else:
        from derive.render.console import console
        from derive.render.relation import relation_table

        console().print(relation_table(facts))
