"""derive list: what there is, a line each."""

import sys

import click

from derive.cli.broken import report_broken
from derive.cli.command import Once
from derive.cli.words import forms
from derive.render.streams import put, put_json

KINDS = ("families", "theorems", "networks", "kernels")


@click.command(
    "list",
    cls=Once,
    examples=("derive list", "derive list theorems", "derive list families --markdown"),
)
@click.argument("kind", type=click.Choice(KINDS), required=False)
@forms("json", "csv", "latex", "markdown")
def list_(kind: str | None, form: str) -> None:
    """Ids and titles of the families, theorems, networks and kernels, a line each."""
    from derive.facts.listing import broken, list_facts
    from derive.render.listing import list_lines, list_table
    from derive.render.tabular import written

    kinds = (kind,) if kind else KINDS
    facts = list_facts(kinds)
    if form == "json":
        put_json(facts)
    else:
        put(written(list_table(facts), form) if form else "\n".join(list_lines(facts)))
    sys.exit(report_broken(broken(kinds)))
