"""derive prove: runs proofs."""

import sys

import click

from derive.cli.broken import report_broken
from derive.cli.command import Once
from derive.cli.proofs import failed, keep_results, run_proofs
from derive.cli.words import forms, Name
from derive.render.streams import put, put_json


@click.command(
    cls=Once,
    examples=(
        "derive prove",
        "derive prove rank-one T3",
        "derive prove order-gap --json",
        "derive prove ./mine.py",
    ),
)
@click.argument("ids", nargs=-1, type=Name("theorem"), metavar="[ID]...")
@click.option("--thorough", is_flag=True, help="Run the large grids: some minutes for all.")
@click.option("--no-z3", is_flag=True, help="Leave out the second prover.")
@forms("json", "csv", "latex", "markdown")
def prove(ids: tuple[str, ...], thorough: bool, no_z3: bool, form: str) -> None:
    """Run proofs: each sentence with its evidence and status, all theorems or those named.

    An ID is an id, a number or a title: rank-one, T2, "Rank one"; `derive list theorems` shows
    them. The path of a file such as ./mine.py, of the form of those in derive/theorems, is one
    too: the file is Python and is run. The exit code is 1 if a step fails.
    """
    keep_results()
    from derive.catalogue import theorem_id
    from derive.proof.library import THEOREMS

    names = list(dict.fromkeys(map(theorem_id, ids))) or list(THEOREMS)
    code = 0 if ids else report_broken(THEOREMS.broken)
    if form == "json":
        from derive.render.proof import proofs_facts, theorem_facts

        facts = run_proofs(names, thorough, not no_z3, theorem_facts)
        put_json(proofs_facts([proof.shown for proof in facts], thorough))
        code = failed(facts) or code
    elif form:
        from derive.render.proof_text import proof_row, proofs_text

        rows = run_proofs(names, thorough, not no_z3, proof_row)
        put(proofs_text([proof.shown for proof in rows], form))
        code = failed(rows) or code
    else:
        from derive.render.console import console
        from derive.render.proof_table import proof_table, proofs_table

        tables = run_proofs(names, thorough, not no_z3, proof_table)
        console().print(proofs_table(tables))
        code = failed(tables) or code
    sys.exit(code)
