"""derive theorem: one theorem, run as it is printed."""

import sys

import click

from derive.cli.command import Once
from derive.cli.proofs import failed, keep_results, run_proofs
from derive.cli.words import forms, Name
from derive.render.streams import put_json


@click.command(
    cls=Once,
    examples=(
        "derive theorem rank-one",
        "derive theorem A1 --json",
        "derive theorem ./mine.py",
    ),
)
@click.argument("name", type=Name("theorem"), metavar="ID")
@click.option("--thorough", is_flag=True, help="Run the large grids.")
@click.option("--no-z3", is_flag=True, help="Leave out the second prover.")
@forms("json")
def theorem(name: str, thorough: bool, no_z3: bool, form: str) -> None:
    """Statement, hypotheses, proof and counterexamples of one theorem, run as it is printed.

    An ID is an id, a number or a title, or the path of a file such as ./mine.py, of the form of
    those in derive/theorems: the file is Python and is run.
    """
    keep_results()
    if form == "json":
        from derive.render.proof import one_theorem, theorem_facts

        facts = run_proofs([name], thorough, not no_z3, theorem_facts)
        put_json(one_theorem(facts[0].shown))
        code = failed(facts)
    else:
        from derive.render.console import console
        from derive.render.proof_table import theorem_table

        tables = run_proofs([name], thorough, not no_z3, theorem_table)
        console().print(tables[0].shown)
        code = failed(tables)
    sys.exit(code)
