"""A theorem that has run, as plain data: for JSON, for the terminal and for its page."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sympy import Basic, Expr, Symbol

from derive.notation.letters import MEANING, meaning
from derive.proof.evidence import Counterexample, Evidence, Identity, Status, Uses
from derive.proof.library import THEOREMS
from derive.proof.run import Outcome, Verdict
from derive.proof.theorem import Theorem
from derive.write.code import sympy_code
from derive.write.latex import latex

WORDS = {
    Status.PROVED: "proved for all sizes",
    Status.CONFIRMED: "confirmed by z3",
    Status.CHECKED: "checked on a grid",
    Status.CITED: "cited",
    Status.ARGUED: "argued in prose",
    Status.NOT_CONFIRMED: "not confirmed",
    Status.FAILED: "fails",
    Status.COUNTEREXAMPLE: "counterexample",
}
NOT_RUN = "not run"
TOPICS = {
    "equality": "When are they the same function?",
    "counting": "What does it cost?",
    "borders": "Where does equality break?",
    "stacking": "What do stacked and parallel layers make?",
    "freedom": "How much can it express, and how closely?",
}


def prove_document(verdicts: list[Verdict], thorough: bool) -> dict[str, Any]:
    """The answer to ``derive prove --json``, in the schema derive/prove/1."""
    return {
        "schema": "derive/prove/1",
        "thorough": thorough,
        "theorems": [theorem_document(verdict) for verdict in verdicts],
    }


def theorem_document(verdict: Verdict) -> dict[str, Any]:
    """A theorem with its statement, every step as it ran, and its status."""
    theorem = verdict.theorem
    steps = [step_document(outcome) for outcome in verdict.steps]
    return {
        "id": theorem.name,
        "number": theorem.number,
        "title": theorem.title,
        "topic": theorem.topic,
        "status": verdict.status.slug,
        "summary": theorem.summary,
        "statement": list(theorem.statement),
        "hypotheses": [{"label": h.label, "words": h.words} for h in theorem.hypotheses],
        "use": theorem.use,
        "sources": list(theorem.sources),
        "families": list(theorem.families),
        "uses": list(verdict.uses),
        "parts": [{"title": t, "status": s.slug} for t, s in verdict.parts.items() if t],
        "symbols": list(_symbols(theorem, steps)),
        "steps": steps,
        "checks": [check_document(outcome) for outcome in verdict.checks],
        "not_run": len(verdict.not_run),
        "counterexamples": [_counterexample(outcome) for outcome in verdict.sharpness],
    }


def badge(outcome: Outcome) -> str:
    """The words a reader sees beside a sentence.

    >>> from derive.proof.evidence import Exact, Finding
    >>> badge(Outcome("", Exact({}), Finding(Status.PROVED, ""), 0.0))
    'computed exactly'
    """
    return badge_words(outcome.evidence, outcome.status)


def check_badge(outcome: Outcome) -> str:
    """The words beside a cross-check, which counts for nothing where it did not run.

    >>> from derive.proof.evidence import Confirmed, Finding
    >>> finding = Finding(Status.NOT_CONFIRMED, "z3 is not installed", skipped=True)
    >>> check_badge(Outcome("", Confirmed(lambda z3: []), finding, 0.0))
    'not run'
    """
    return NOT_RUN if outcome.finding.skipped else badge(outcome)


def badge_words(evidence: Evidence, status: Status) -> str:
    """The same from the evidence and its status."""
    if isinstance(evidence, Uses):
        return f"by {THEOREMS[evidence.theorem].number}"
    if evidence.kind == "exact computation" and status == Status.PROVED:
        return "computed exactly"
    return WORDS[status]


def step_document(outcome: Outcome) -> dict[str, Any]:
    """A sentence as it ran: its evidence, badge, time, and the expressions compared."""
    return {
        "part": outcome.part,
        "sentence": outcome.sentence,
        "evidence": outcome.evidence.kind,
        "status": outcome.status.slug,
        "badge": badge(outcome),
        "ran": outcome.finding.words,
        "seconds": round(outcome.seconds, 4),
        "uses": outcome.evidence.theorem if isinstance(outcome.evidence, Uses) else None,
        "expressions": [
            {"label": label, "latex": latex(expr), "sympy": sympy_code(expr)}
            for label, expr in _shown(outcome)
        ],
    }


def check_document(outcome: Outcome) -> dict[str, Any]:
    """A cross-check as it ran, or that it did not."""
    return {**step_document(outcome), "badge": check_badge(outcome)}


def _symbols(theorem: Theorem, steps: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """The book's symbols that a theorem's file imports and its page shows, with their meaning."""
    tex = [expression["latex"] for step in steps for expression in step["expressions"]]
    words = [*theorem.statement, *(one.words for one in theorem.hypotheses)]
    shown = " ".join([*tex, *re.findall(r"\\[(\[](.+?)\\[)\]]", " ".join(words), re.DOTALL)])
    own = {one for one in vars(theorem.module).values() if isinstance(one, Symbol)}
    for symbol in sorted(own, key=str):
        printed, meant = latex(symbol), MEANING.get(symbol) or meaning(symbol)
        if meant != symbol.name and _occurs(printed, shown):
            yield {"name": symbol.name, "latex": printed, "meaning": meant}


def _occurs(symbol: str, tex: str) -> bool:
    """Whether a symbol stands in TeX, and not only as part of another one.

    >>> _occurs("W", "W' + 1"), _occurs("W", r"W\\, m")
    (False, True)
    """
    return bool(re.search(rf"(?<![A-Za-z\\_]){re.escape(symbol)}(?![A-Za-z_'])", tex))


def _shown(outcome: Outcome) -> Iterator[tuple[str, Basic]]:
    """The expressions that were compared, and what both sides of an identity reduce to."""
    yield from outcome.finding.shown
    evidence = outcome.evidence
    if isinstance(evidence, Identity) and (reduced := evidence.reduced) is not None:
        yield "both reduce to", reduced


def _counterexample(outcome: Outcome) -> dict[str, Any]:
    evidence = outcome.evidence
    shown = evidence if isinstance(evidence, Counterexample) else Counterexample({}, {})
    return {
        "drops": outcome.drops,
        **step_document(outcome),
        "objects": {name: _plain_entries(tensor) for name, tensor in shown.objects.items()},
        "values": {name: _plain_entries(value) for name, value in shown.values.items()},
    }


def _plain_entries(tensor: Any) -> Any:
    """Nested lists whose entries are integers, booleans or strings."""
    if isinstance(tensor, list | tuple):
        return [_plain_entries(part) for part in tensor]
    if isinstance(tensor, bool | int | str):
        return tensor
    return str(tensor) if isinstance(tensor, Fraction | Expr | Basic | float) else repr(tensor)
