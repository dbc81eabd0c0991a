"""Theorems that have run as a table to take away."""

from derive.proof.run import Verdict
from derive.write.tabular import Tabular

COLUMNS = ("number", "id", "title", "status", "steps", "cross-checks", "counterexamples", "not run")


def proofs_tabular(verdicts: list[Verdict]) -> Tabular:
    """A row for each theorem: its status, and how many steps, checks and counterexamples ran."""
    return Tabular(
        COLUMNS,
        [
            (
                *(one.theorem.number, one.theorem.name, one.theorem.title, one.status.slug),
                *(len(one.steps), len(one.checks) - len(one.not_run)),
                *(len(one.sharpness), len(one.not_run)),
            )
            for one in verdicts
        ],
    )
