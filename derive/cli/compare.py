"""derive compare: every family on one layer."""

import sys
from typing import Any

import click

from derive.cli.broken import report_broken
from derive.cli.command import Once
from derive.cli.layer import layer_options, read
from derive.cli.words import forms
from derive.render.streams import put, put_json


@click.command(
    cls=Once,
    examples=(
        "derive compare",
        "derive compare --image 56x56 --in 64 --out 64 --middle 32 --middle 64",
        "derive compare --middle 8 --latex",
        "derive compare --middle in --middle out --bias last --stages",
        "derive compare --image 16x112x112 --kernel 3x7x7 --json",
    ),
)
@click.option("--stages", is_flag=True, help="Print the filters of every stage too.")
@layer_options
@forms("json", "csv", "latex", "markdown")
def compare(stages: bool, form: str, **words: Any) -> None:
    """Every family on one layer: parameters, MACs, FLOPs, memory, and what each is exact for.

    Without options it answers the opening question: a 128x128 image, 3 to 8 channels, 3x3.
    """
    from derive.catalogue import FAMILIES
    from derive.facts import compare as compared

    code = report_broken(FAMILIES.broken)
    facts = compared(*read(words))
    if form == "json":
        put_json(facts)
    elif form:
        from derive.render.comparison import comparison_text

        put(comparison_text(facts, form))
    else:
        from derive.render.console import console
        from derive.render.table import compare_table

        console().print(compare_table(facts, stages))
    sys.exit(code)
