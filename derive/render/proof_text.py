"""Theorems that have run as a table to take away."""

from collections.abc import Sequence

from derive.proof.run import TheoremRun
from derive.render.tabular import Cell, Tabular, written

COLUMNS = ("number", "id", "title", "status", "steps", "cross-checks", "counterexamples", "not run")


def proof_row(verdict: TheoremRun) -> tuple[Cell, ...]:
    """A theorem with its status, and how many steps, cross-checks and counterexamples ran."""
    theorem, idle = verdict.theorem, len(verdict.not_run)
    return (
        *(theorem.number, theorem.name, theorem.title, verdict.status.slug),
        *(len(verdict.steps), len(verdict.checks) - idle, len(verdict.sharpness), idle),
    )


def proofs_text(rows: Sequence[tuple[Cell, ...]], form: str) -> str:
    """A row for each theorem that has run, as csv, latex or markdown."""
    return written(Tabular(COLUMNS, rows), form)
