"""derive family: one family of the book, or of a file of your own."""

import click

from derive.cli.command import Once
from derive.cli.words import forms, Name
from derive.render.streams import put, put_json


@click.command(
    cls=Once,
    examples=(
        "derive family asymmetric",
        'derive family "depthwise separable" --json',
        "derive family bottleneck --latex",
        "derive family ./mine.py",
    ),
)
@click.argument("name", type=Name("family"))
@forms("json", "csv", "latex", "markdown")
def family(name: str, form: str) -> None:
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

        put(family_text(facts, form))
    else:
        from derive.render.console import console
        from derive.render.table import family_table

        console().print(family_table(facts.words.title, facts.words.summary, facts.derived))
