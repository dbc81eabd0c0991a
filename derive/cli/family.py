"""derive family: one family of the book, or of a file of your own."""

import click

from derive.cli.command import Once
from derive.cli.words import forms, Name
from derive.notation.bias import Bias
from derive.render.streams import put, put_json


@click.command(
    cls=Once,
    examples=(
        "derive family asymmetric",
        'derive family "depthwise separable" --json',
        "derive family bottleneck --latex",
        "derive family SeparableConv2D --bias last",
        "derive family ./mine.py",
    ),
)
@click.argument("name", type=Name("family"))
@click.option(
    "--bias",
    type=click.Choice([one.value for one in Bias]),
    default=Bias.ALL.value,
    show_default=True,
    help="Which stages have a bias in the formulas with one; --json has all formulas.",
)
@forms("json", "csv", "latex", "markdown")
def family(name: str, bias: str, form: str) -> None:
    """Definition, stages, every formula with its guard, and the kernels a family is exact for.

    NAME is an id, a title or another name of the literature, in any case; `derive list families`
    shows them. The path of a file such as ./mine.py, of the form of those in derive/families, is
    a name too: the file is Python and is run.
    """
    from derive.catalogue import FAMILIES
    from derive.facts.family import family_facts

    facts = family_facts(FAMILIES[name])
    if form == "json":
        put_json(facts)
    elif form:
        from derive.render.family_text import family_text

        put(family_text(facts, form, Bias(bias)))
    else:
        from derive.render.console import console
        from derive.render.table import family_table

        words, derived = facts.words, facts.derived
        console().print(family_table(words.title, words.summary, derived, Bias(bias)))
