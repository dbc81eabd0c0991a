"""A theorem that has run, as facts: for JSON and for its page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from operator import eq, is_

from sympy import Basic, Symbol

from derive.catalogue import FAMILIES
from derive.facts.image import Json
from derive.facts.theorem import (
    CheckFacts,
    CounterexampleFacts,
    EquivalenceFacts,
    ExpressionFacts,
    HalfFacts,
    HypothesisFacts,
    NamedFormula,
    OneTheorem,
    PartFacts,
    ProofsFacts,
    StepFacts,
    SymbolFacts,
    TheoremFacts,
)
from derive.notation.letters import MEANING, meaning
from derive.proof.claim import Claim, Displayed, Established, Half, Said, Table
from derive.proof.equality import Identity
from derive.proof.evidence import Counterexample, Uses
from derive.proof.library import THEOREMS
from derive.proof.run import Outcome, TheoremRun
from derive.render.latex import latex
from derive.render.statement import (
    claim_code,
    claim_latex,
    hypotheses,
    plain_code,
    statement,
    table_markdown,
    use,
)
from derive.render.status import NOT_RUN, sentence_words

TOPICS = {
    "equality": "When are they the same function?",
    "counting": "What does it cost?",
    "borders": "Where does equality break?",
    "stacking": "What do stacked and parallel layers make?",
    "freedom": "How much can it express, and how closely?",
}


def proofs_facts(theorems: Iterable[TheoremFacts], thorough: bool) -> ProofsFacts:
    """The answer to ``derive prove``."""
    return ProofsFacts("derive/prove/1", thorough, tuple(theorems))


def one_theorem(facts: TheoremFacts) -> OneTheorem:
    """The answer to ``derive theorem``."""
    return OneTheorem("derive/theorem/1", facts)


def theorem_facts(verdict: TheoremRun) -> TheoremFacts:
    """A theorem with its statement, every step as it ran, and its status."""
    theorem = verdict.theorem
    steps = tuple(map(step_facts, verdict.steps))
    paragraphs, asked = statement(theorem), hypotheses(theorem)
    return TheoremFacts(
        id=theorem.name,
        number=theorem.number,
        title=theorem.title,
        topic=theorem.topic,
        status=verdict.status,
        designs=tuple(verdict.designs()),
        summary=theorem.summary,
        statement=tuple(paragraphs),
        hypotheses=tuple(
            HypothesisFacts(one.label, words)
            for one, words in zip(theorem.hypotheses, asked, strict=True)
        ),
        use=use(theorem),
        formulas=tuple(_formula(verdict, *named) for named in theorem.formulas.items()),
        equivalences=tuple(_said(verdict, name, one) for name, one in theorem.said.items()),
        sources=theorem.sources,
        families=theorem.families,
        uses=verdict.uses,
        parts=tuple(
            PartFacts(title, status, tuple(verdict.designs(title)))
            for title, status in verdict.parts.items()
            if title
        ),
        symbols=tuple(_symbols(verdict, [*paragraphs, *asked], steps)),
        steps=steps,
        checks=tuple(map(check_facts, verdict.checks)),
        not_run=len(verdict.not_run),
        counterexamples=tuple(map(_counterexample, verdict.sharpness)),
    )


def _formula(verdict: TheoremRun, name: str, one: Displayed) -> NamedFormula:
    """A named formula of the statement, and the numbers of the sentences that establish it."""
    return NamedFormula(
        name=name,
        latex=claim_latex(one) if isinstance(one, Claim) else "",
        sympy=claim_code(one) if isinstance(one, Claim) else "",
        markdown=table_markdown(one) if isinstance(one, Table) else "",
        steps=tuple(_establishing(verdict.steps, one)),
        checks=tuple(_establishing(verdict.checks, one)),
    )


def _said(verdict: TheoremRun, name: str, one: Said) -> EquivalenceFacts:
    """Words that say several things, and the numbers of the sentences that establish each."""
    halves = (
        HalfFacts(
            words=half.name,
            steps=tuple(_establishing(verdict.steps, half)),
            checks=tuple(_establishing(verdict.checks, half)),
        )
        for half in one.halves
    )
    return EquivalenceFacts(name, one.words, tuple(halves))


def _establishing(outcomes: Iterable[Outcome], one: Established) -> Iterator[int]:
    """The numbers, from 1, of the sentences that establish a formula or half an equivalence."""
    same = eq if isinstance(one, Half) else is_
    numbered = enumerate(outcomes, 1)
    return (n for n, outcome in numbered if any(same(one, x) for x in outcome.establishes))


def badge(outcome: Outcome) -> str:
    """The words a reader sees next to a sentence.

    >>> from derive.proof.equality import Exact
    >>> from derive.proof.result import Result
    >>> from derive.proof.status import Status
    >>> badge(Outcome("", Exact({}), Result(Status.COMPUTED, ""), 0.0))
    'computed exactly'
    """
    if isinstance(outcome.evidence, Uses):
        return f"by {THEOREMS[outcome.evidence.theorem].number}"
    return sentence_words(outcome.status, outcome.result.designs)


def check_badge(outcome: Outcome) -> str:
    """The words next to a cross-check, which counts for nothing where it did not run.

    >>> from derive.proof.evidence import Confirmed
    >>> from derive.proof.result import Result
    >>> from derive.proof.status import Status
    >>> result = Result(Status.NOT_CONFIRMED, "z3 is not installed", skipped=True)
    >>> check_badge(Outcome("", Confirmed(lambda z3: []), result, 0.0))
    'not run'
    """
    return NOT_RUN if outcome.result.skipped else badge(outcome)


def step_facts(outcome: Outcome) -> StepFacts:
    """A sentence as it ran: its evidence, badge, time, and the expressions compared."""
    used = outcome.evidence if isinstance(outcome.evidence, Uses) else None
    return StepFacts(
        part=outcome.part,
        sentence=outcome.sentence,
        evidence=outcome.evidence.kind,
        status=outcome.status,
        badge=badge(outcome),
        ran=outcome.result.words,
        designs=tuple(outcome.result.designs),
        seconds=round(outcome.seconds, 4),
        uses=used.theorem if used else None,
        uses_part=used.part if used else "",
        expressions=tuple(
            ExpressionFacts(label, latex(expr), plain_code(expr)) for label, expr in _shown(outcome)
        ),
    )


def check_facts(outcome: Outcome) -> CheckFacts:
    """A cross-check as it ran, or that it did not."""
    step = replace(step_facts(outcome), badge=check_badge(outcome))
    return CheckFacts(**vars(step), skipped=outcome.result.skipped)


def _symbols(
    verdict: TheoremRun, words: Iterable[str], steps: tuple[StepFacts, ...]
) -> Iterator[SymbolFacts]:
    """The book's symbols that a theorem's page shows, with their meaning: sizes in its formulas and
    in what its proof compares, letters of its families."""
    theorem = verdict.theorem
    tex = [expression.latex for step in steps for expression in step.expressions]
    shown = " ".join([*tex, *re.findall(r"\\[(\[](.+?)\\[)\]]", " ".join(words), re.DOTALL)])
    formulas = (one.symbols for one in theorem.formulas.values())
    compared = (expr.atoms(Symbol) for outcome in verdict.steps for _, expr in outcome.result.shown)
    sizes = set().union(*formulas, *compared) - MEANING.keys()
    lines = (line for name in theorem.families for _, line in FAMILIES[name].family.branches)
    letters = MEANING.keys() & set().union(*(line.letters for line in lines))
    for symbol in sorted(sizes | letters, key=lambda one: one.name):
        meant = MEANING.get(symbol) or meaning(symbol)
        if meant != symbol.name and _occurs(printed := latex(symbol), shown):
            yield SymbolFacts(symbol.name, printed, meant)


def _occurs(symbol: str, tex: str) -> bool:
    """Whether a symbol stands in TeX, and not only as part of another one.

    >>> _occurs("W", "W' + 1"), _occurs("W", r"W\\, m")
    (False, True)
    """
    return bool(re.search(rf"(?<![A-Za-z\\_]){re.escape(symbol)}(?![A-Za-z_'])", tex))


def _shown(outcome: Outcome) -> Iterator[tuple[str, Basic]]:
    """The expressions that were compared, and what both sides of an identity reduce to."""
    yield from outcome.result.shown
    evidence = outcome.evidence
    if isinstance(evidence, Identity) and (reduced := evidence.reduced) is not None:
        yield "both reduce to", reduced


def _counterexample(outcome: Outcome) -> CounterexampleFacts:
    evidence = outcome.evidence
    shown = evidence if isinstance(evidence, Counterexample) else Counterexample({}, {})
    return CounterexampleFacts(
        drops=outcome.drops,
        step=step_facts(outcome),
        objects={name: _entries(tensor) for name, tensor in shown.objects.items()},
        values={name: _entries(value) for name, value in shown.values.items()},
    )


def _entries(tensor: object) -> Json:
    """Nested lists whose entries are integers, booleans or strings."""
    if isinstance(tensor, list | tuple):
        return [_entries(part) for part in tensor]
    if isinstance(tensor, bool | int | str):
        return tensor
    return str(tensor) if isinstance(tensor, Fraction | Basic | float) else repr(tensor)
