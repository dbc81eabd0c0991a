"""A theorem that has run, as plain data: for JSON, for the terminal and for its page."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from operator import eq, is_
from typing import Any

from sympy import Basic, Expr, Symbol

from derive.catalogue import FAMILIES
from derive.notation.letters import MEANING, meaning
from derive.proof.claim import Claim, Established, Half, Said, Table
from derive.proof.equality import Identity
from derive.proof.evidence import Counterexample, Uses
from derive.proof.library import THEOREMS
from derive.proof.run import Outcome, Verdict
from derive.write.latex import latex
from derive.write.statement import (
    claim_code,
    claim_latex,
    hypotheses,
    plain_code,
    statement,
    table_markdown,
    use,
)
from derive.write.status import NOT_RUN, sentence_words

TOPICS = {
    "equality": "When are they the same function?",
    "counting": "What does it cost?",
    "borders": "Where does equality break?",
    "stacking": "What do stacked and parallel layers make?",
    "freedom": "How much can it express, and how closely?",
}


def prove_document(theorems: list[dict[str, Any]], thorough: bool) -> dict[str, Any]:
    """The answer to ``derive prove --json``, in the schema derive/prove/1."""
    return {"schema": "derive/prove/1", "thorough": thorough, "theorems": theorems}


def theorem_document(verdict: Verdict) -> dict[str, Any]:
    """A theorem with its statement, every step as it ran, and its status."""
    theorem = verdict.theorem
    paragraphs, asked = statement(theorem), hypotheses(theorem)
    steps = [step_document(outcome) for outcome in verdict.steps]
    return {
        "id": theorem.name,
        "number": theorem.number,
        "title": theorem.title,
        "topic": theorem.topic,
        "status": verdict.status.slug,
        "designs": list(verdict.designs()),
        "summary": theorem.summary,
        "statement": paragraphs,
        "hypotheses": [
            {"label": one.label, "words": words}
            for one, words in zip(theorem.hypotheses, asked, strict=True)
        ],
        "use": use(theorem),
        "formulas": [_formula(verdict, name) for name in theorem.formulas],
        "equivalences": [_said(verdict, name, one) for name, one in theorem.said.items()],
        "sources": list(theorem.sources),
        "families": list(theorem.families),
        "uses": list(verdict.uses),
        "parts": [
            {"title": title, "status": status.slug, "designs": list(verdict.designs(title))}
            for title, status in verdict.parts.items()
            if title
        ],
        "symbols": list(_symbols(verdict, [*paragraphs, *asked], steps)),
        "steps": steps,
        "checks": [check_document(outcome) for outcome in verdict.checks],
        "not_run": len(verdict.not_run),
        "counterexamples": [_counterexample(outcome) for outcome in verdict.sharpness],
    }


def _formula(verdict: Verdict, name: str) -> dict[str, Any]:
    """A named formula of the statement, and the numbers of the sentences that establish it."""
    one = verdict.theorem.formulas[name]
    return {
        "name": name,
        "latex": claim_latex(one) if isinstance(one, Claim) else "",
        "sympy": claim_code(one) if isinstance(one, Claim) else "",
        "markdown": table_markdown(one) if isinstance(one, Table) else "",
        "steps": _establishing(verdict.steps, one),
        "checks": _establishing(verdict.checks, one),
    }


def _said(verdict: Verdict, name: str, one: Said) -> dict[str, Any]:
    """Words that say several things, and the numbers of the sentences that establish each."""
    return {
        "name": name,
        "words": one.words,
        "halves": [
            {
                "words": half.name,
                "steps": _establishing(verdict.steps, half),
                "checks": _establishing(verdict.checks, half),
            }
            for half in one.halves
        ],
    }


def _establishing(outcomes: Iterable[Outcome], one: Established) -> list[int]:
    """The numbers, from 1, of the sentences that establish a formula or half an equivalence."""
    same = eq if isinstance(one, Half) else is_
    numbered = enumerate(outcomes, 1)
    return [n for n, outcome in numbered if any(same(one, x) for x in outcome.establishes)]


def badge(outcome: Outcome) -> str:
    """The words a reader sees beside a sentence.

    >>> from derive.proof.equality import Exact
    >>> from derive.proof.finding import Finding
    >>> from derive.proof.status import Status
    >>> badge(Outcome("", Exact({}), Finding(Status.COMPUTED, ""), 0.0))
    'computed exactly'
    """
    if isinstance(outcome.evidence, Uses):
        return f"by {THEOREMS[outcome.evidence.theorem].number}"
    return sentence_words(outcome.status, outcome.finding.designs)


def check_badge(outcome: Outcome) -> str:
    """The words beside a cross-check, which counts for nothing where it did not run.

    >>> from derive.proof.evidence import Confirmed
    >>> from derive.proof.finding import Finding
    >>> from derive.proof.status import Status
    >>> finding = Finding(Status.NOT_CONFIRMED, "z3 is not installed", skipped=True)
    >>> check_badge(Outcome("", Confirmed(lambda z3: []), finding, 0.0))
    'not run'
    """
    return NOT_RUN if outcome.finding.skipped else badge(outcome)


def step_document(outcome: Outcome) -> dict[str, Any]:
    """A sentence as it ran: its evidence, badge, time, and the expressions compared."""
    return {
        "part": outcome.part,
        "sentence": outcome.sentence,
        "evidence": outcome.evidence.kind,
        "status": outcome.status.slug,
        "badge": badge(outcome),
        "ran": outcome.finding.words,
        "designs": list(outcome.finding.designs),
        "seconds": round(outcome.seconds, 4),
        "uses": outcome.evidence.theorem if isinstance(outcome.evidence, Uses) else None,
        "uses_part": outcome.evidence.part if isinstance(outcome.evidence, Uses) else "",
        "expressions": [
            {"label": label, "latex": latex(expr), "sympy": plain_code(expr)}
            for label, expr in _shown(outcome)
        ],
    }


def check_document(outcome: Outcome) -> dict[str, Any]:
    """A cross-check as it ran, or that it did not."""
    skipped = outcome.finding.skipped
    return {**step_document(outcome), "badge": check_badge(outcome), "skipped": skipped}


def _symbols(
    verdict: Verdict, words: Iterable[str], steps: list[dict[str, Any]]
) -> Iterator[dict[str, str]]:
    """The book's symbols that a theorem's page shows, with their meaning: sizes in its formulas and
    in what its proof compares, letters of its families."""
    theorem = verdict.theorem
    tex = [expression["latex"] for step in steps for expression in step["expressions"]]
    shown = " ".join([*tex, *re.findall(r"\\[(\[](.+?)\\[)\]]", " ".join(words), re.DOTALL)])
    formulas = (one.symbols for one in theorem.formulas.values())
    compared = (
        expr.atoms(Symbol) for outcome in verdict.steps for _, expr in outcome.finding.shown
    )
    sizes = set().union(*formulas, *compared) - MEANING.keys()
    lines = (line for name in theorem.families for _, line in FAMILIES[name].family.branches)
    letters = MEANING.keys() & set().union(*(line.letters for line in lines))
    for symbol in sorted(sizes | letters, key=str):
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
