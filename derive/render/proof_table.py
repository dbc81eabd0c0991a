"""Theorems and proofs for the terminal: sentences with their evidence, counterexamples as grids."""

from collections.abc import Collection, Iterable
from typing import Any

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derive.proof.evidence import Counterexample
from derive.proof.result import as_text
from derive.proof.run import Outcome, Shown, TheoremRun
from derive.proof.status import Status
from derive.render.plain import plain
from derive.render.proof import badge, check_badge
from derive.render.statement import hypotheses, statement, use
from derive.render.status import heading_words, LOOKS


def proofs_table(proofs: list[Shown[RenderableType]]) -> RenderableType:
    """The answer to ``derive prove``: every theorem as ``proof_table`` has it, then the tally."""
    return Group(*(proof.shown for proof in proofs), _tally(proofs))


def proof_table(verdict: TheoremRun) -> RenderableType:
    """A theorem with its steps."""
    return Group(_head(verdict), _steps(verdict), Text())


def theorem_table(verdict: TheoremRun) -> RenderableType:
    """The answer to ``derive theorem``: statement, hypotheses, proof, counterexamples, use."""
    theorem = verdict.theorem
    paragraphs = [Padding(Text(plain(p)), (0, 0, 1, 0)) for p in statement(theorem)]
    asked = Table(box=None, show_header=False, padding=(0, 1))
    for hypothesis, words in zip(theorem.hypotheses, hypotheses(theorem), strict=True):
        asked.add_row(Text(hypothesis.label, "bold"), plain(words))
    objects = [x for outcome in verdict.sharpness for x in _objects(outcome)]
    families = ", ".join(theorem.families)
    return Group(
        _head(verdict),
        Text(),
        Text(plain(theorem.summary), "italic"),
        Text(),
        *paragraphs,
        Text("Hypotheses", "bold"),
        asked,
        Text(),
        Text("Proof", "bold"),
        _steps(verdict),
        *objects,
        Text(),
        Text.assemble(("Use  ", "bold"), plain(use(theorem))),
        *_named("Uses", ", ".join(verdict.uses)),
        *_named("Families", families),
        *_named("Source", "; ".join(theorem.sources)),
    )


def _named(label: str, words: str) -> Iterable[Text]:
    return [Text.assemble((f"{label}  ", "bold"), words)] if words else []


def _head(verdict: TheoremRun) -> Text:
    theorem = verdict.theorem
    name = f"{theorem.number} {theorem.name}"
    return Text.assemble(
        (name, "bold"), "  ", _status(verdict.status, verdict.designs()), f"  {theorem.title}"
    )


def _steps(verdict: TheoremRun) -> Table:
    """Numbered sentences under the headings of their parts, each with what stands behind it."""
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right")
    table.add_column(ratio=1)
    table.add_column(min_width=16)
    part = ""
    for number, step in enumerate(verdict.steps, start=1):
        if step.part != part:
            part = step.part
            table.add_row(
                "", Text(part, "bold"), _status(verdict.parts[part], verdict.designs(part))
            )
        table.add_row(str(number), *_sentence(step))
    for outcome in verdict.checks:
        table.add_row("=", *_check(outcome))
    for outcome in verdict.sharpness:
        table.add_row("≠", *_sentence(outcome))
    return table


def _check(outcome: Outcome) -> tuple[Text, Text]:
    """A cross-check, or the reason why it did not run."""
    text, said = _sentence(outcome)
    return text, Text(check_badge(outcome), "dim") if outcome.result.skipped else said


def _sentence(outcome: Outcome) -> tuple[Text, Text]:
    """The sentence, what ran dimmed below it, and the badge."""
    drops = f"Without “{outcome.drops}”: " if outcome.drops else ""
    text = Text(drops + plain(outcome.sentence))
    text.append(f"\n{outcome.result.words} · {1000 * outcome.seconds:.0f} ms", "dim")
    return text, Text(badge(outcome), LOOKS[outcome.status].style)


def _status(status: Status, designs: Collection[str] = ()) -> Text:
    words = heading_words(status, designs) if designs else status.slug
    return Text(words, LOOKS[status].style)


def _objects(outcome: Outcome) -> Iterable[RenderableType]:
    """The tensors of a counterexample, drawn as grids."""
    evidence = outcome.evidence
    if not isinstance(evidence, Counterexample) or not evidence.objects:
        return
    yield Text(f"\nWithout “{outcome.drops}”: {outcome.result.words}", "dim")
    for name, tensor in evidence.objects.items():
        yield Columns([grid(label, rows) for label, rows in planes(name, tensor)], padding=(0, 3))


def planes(name: str, tensor: Any) -> list[tuple[str, list[list[str]]]]:
    """A small tensor as labelled matrices: one for each value of its indices but the last two.

    >>> planes("K", [[[1, 0]], [[0, 1]]])
    [('K[0]', [['1', '0']]), ('K[1]', [['0', '1']])]
    """
    if not tensor or not isinstance(tensor[0], list | tuple):
        return [(name, [[as_text(x) for x in tensor]])]
    if not isinstance(tensor[0][0], list | tuple):
        return [(name, [[as_text(x) for x in row] for row in tensor])]
    return [
        plane
        for number, part in enumerate(tensor)
        for plane in planes(f"{name}[{number}]".replace("][", ","), part)
    ]


def grid(label: str, rows: list[list[str]]) -> Group:
    """A labelled matrix, its columns lined up."""
    width = max(len(entry) for row in rows for entry in row)
    lines = ("  ".join(entry.rjust(width) for entry in row) for row in rows)
    return Group(*([Text(label, "bold")] if label else []), *(Text(line) for line in lines))


def _tally(proofs: list[Shown[RenderableType]]) -> Text:
    """How many theorems have which status, the surest first."""
    counts = {
        status: sum(p.status == status for p in proofs) for status in sorted(Status, reverse=True)
    }
    words = [f"{count} {status.slug}" for status, count in counts.items() if count]
    idle = sum(proof.not_run for proof in proofs)
    checks = "1 cross-check" if idle == 1 else f"{idle} cross-checks"
    return Text.assemble((", ".join(words), "bold"), f"; {checks} not run" if idle else "")
