"""The page of one theorem: its statement, its proof as it ran, and what each hypothesis is for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path
from textwrap import shorten

from derive.catalogue import FAMILIES
from derive.facts.theorem import (
    CounterexampleFacts,
    EquivalenceFacts,
    ExpressionFacts,
    HalfFacts,
    HypothesisFacts,
    NamedFormula,
    StepFacts,
    TheoremFacts,
)
from derive.proof.library import THEOREMS
from derive.proof.status import Status
from derive.render.plain import plain
from derive.render.proof import TOPICS
from derive.render.statement import linked
from derive.site.bibliography import links
from derive.site.citation import Citation, citation
from derive.site.copying import copy_buttons
from derive.site.grids import grid, written
from derive.site.proved import overall_badge, step_badge, tally, Theorems, used_by
from derive.site.theorem_examples import theorem_example
from derive.site.theorem_plots import theorem_plots

FOLDER = Path(__file__).parents[2] / "theorems"
ALIKE = 4  # sentences in a row with the same ending are printed as one with that many cases
LONGEST = 1500  # characters of TeX that a page still sets
FORMULAS = 60  # expressions that a page shows
UNFOLDED = 20  # sentences of a proof of several parts that are shown at once
BRIEF = 140  # characters of what ran that fit next to a badge
PROSE = (Status.CITED, Status.ARGUED)  # where what ran is a sentence of the author


@dataclass(frozen=True)
class ShownFormula:
    """A named formula of the statement, with the sentences that establish it."""

    anchor: str
    latex: str
    established: str
    buttons: str


@dataclass(frozen=True)
class ShownHalf:
    """One of the things that an equivalence says, with the sentences that establish it."""

    words: str
    established: str


@dataclass(frozen=True)
class ShownEquivalence:
    """Words that say several things."""

    anchor: str
    words: str
    halves: tuple[ShownHalf, ...]


@dataclass(frozen=True)
class ShownHypothesis:
    """A hypothesis, and whether something is shown that does without it."""

    label: str
    words: str
    anchor: str
    dropped: bool


@dataclass(frozen=True)
class ShownExpression:
    """An expression with the buttons that copy it."""

    label: str
    latex: str
    buttons: str


@dataclass(frozen=True)
class Rest:
    """The theorem that a sentence names, with its part: where it is, and how sure."""

    link: str
    title: str
    status: str


@dataclass(frozen=True)
class ShownStep:
    """A sentence with its evidence as the page shows it.

    ``case`` is what is its own in a run of sentences that end alike, ``brief`` fits next to the
    badge, ``omitted`` says that expressions are too long for a page.
    """

    part: str
    sentence: str
    mark: str
    brief: str
    ran: str
    long: bool
    expressions: tuple[ShownExpression, ...]
    omitted: bool
    rests_on: Rest | None
    number: int = 0
    case: str = ""


@dataclass(frozen=True)
class Group:
    """Consecutive sentences of a part; ``shared`` is how all of them end if they are alike."""

    first: int
    steps: tuple[ShownStep, ...]
    shared: str = ""


@dataclass(frozen=True)
class ShownPart:
    """A part of the proof with its status and its sentences in groups."""

    title: str
    anchor: str
    badge: str
    groups: tuple[Group, ...]

    @property
    def sentences(self) -> int:
        """How many sentences it has."""
        return sum(len(group.steps) for group in self.groups)


@dataclass(frozen=True)
class Drawn:
    """A counterexample with its objects as grids and its values as text."""

    sentence: str
    grids: tuple[str, ...]
    computed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Without:
    """A hypothesis, and everything that is shown to fail without it."""

    label: str
    anchor: str
    shown: tuple[Drawn, ...]


@dataclass(frozen=True)
class TheoremPage:
    """What the template shows of a theorem."""

    theorem: TheoremFacts
    statement: tuple[str, ...]
    use: str
    topic: str
    status: str
    tally: str
    formulas: tuple[ShownFormula, ...]
    equivalences: tuple[ShownEquivalence, ...]
    hypotheses: tuple[ShownHypothesis, ...]
    parts: tuple[ShownPart, ...]
    folded: bool
    plots: tuple[str, ...]
    example: tuple[str, ...]
    checks: tuple[ShownStep, ...]
    without: tuple[Without, ...]
    uses: tuple[TheoremFacts, ...]
    used_by: list[TheoremFacts]
    families: tuple[tuple[str, str], ...]
    every_family: bool
    sources: tuple[tuple[str, str], ...]
    cite: Citation
    file: str
    leaf: str


def context(facts: TheoremFacts, theorems: Theorems) -> TheoremPage:
    """What the template shows."""
    file, places, words = f"{facts.id.replace('-', '_')}.py", _places(facts), THEOREMS[facts.id]
    return TheoremPage(
        theorem=facts,
        statement=tuple(linked(words, text, places) for text in words.statement),
        use=linked(words, words.use, places),
        topic=TOPICS[facts.topic],
        status=overall_badge(facts),
        tally=tally(facts),
        formulas=tuple(_formula(one, facts) for one in facts.formulas if one.latex),
        equivalences=tuple(map(_equivalence, facts.equivalences)),
        hypotheses=tuple(_hypothesis(facts, one) for one in facts.hypotheses),
        parts=tuple(_parts(facts, _numbered(facts, theorems))),
        folded=len(facts.steps) > UNFOLDED and len(facts.parts) > 1,
        plots=theorem_plots(facts.id),
        example=theorem_example(facts.id),
        checks=tuple(_step(step, facts, theorems) for step in facts.checks),
        without=tuple(_without(facts)),
        uses=tuple(theorems[name] for name in facts.uses),
        used_by=used_by(theorems, facts.id),
        families=tuple((name, FAMILIES[name].title) for name in facts.families),
        every_family=set(facts.families) == set(FAMILIES),
        sources=tuple((source, links(source)) for source in facts.sources),
        cite=_citation(facts),
        file=f"derive/theorems/{file}",
        leaf=(FOLDER / file).read_text("utf-8"),
    )


def anchor(words: str) -> str:
    """Words as the name of a place on a page.

    >>> anchor("Outer products, and minors")
    'outer-products-and-minors'
    """
    return "-".join(re.findall(r"[a-z0-9]+", words.lower()))


def _places(facts: TheoremFacts) -> dict[str, str]:
    """For each formula and equivalence of a statement, which sentences establish it."""
    found = {one.name: _by(one) for one in facts.formulas if one.latex}
    for one in facts.equivalences:
        halves = (f"{half.words}: {_by(half).lower()}" for half in one.halves)
        found[one.name] = "; ".join(halves).capitalize()
    return found


def _by(one: NamedFormula | HalfFacts) -> str:
    """Which sentences and checks establish something, in words.

    >>> _by(HalfFacts("", (3, 4), ())), _by(HalfFacts("", (), (2,)))
    ('Established by sentences 3, 4', 'Checked by cross-check 2')
    """
    numbers = one.steps or one.checks
    many = "s" if len(numbers) > 1 else ""
    what = f"Established by sentence{many}" if one.steps else f"Checked by cross-check{many}"
    return f"{what} {', '.join(map(str, numbers))}"


def _equivalence(one: EquivalenceFacts) -> ShownEquivalence:
    halves = tuple(ShownHalf(half.words, _linked(half)) for half in one.halves)
    return ShownEquivalence(one.name.replace("_", "-"), one.words, halves)


def _linked(one: NamedFormula | HalfFacts) -> str:
    """The sentences and checks that establish something, as links."""
    steps = [f"[{number}](#step-{number})" for number in one.steps]
    checks = [f"[{number}](#check-{number})" for number in one.checks]
    ways = {"Established by sentence": steps, "Checked by cross-check": checks}
    said = (f"{words} {', '.join(links)}" for words, links in ways.items() if links)
    return "; ".join(said).replace("; C", "; c")


def _formula(formula: NamedFormula, facts: TheoremFacts) -> ShownFormula:
    shown = ExpressionFacts(formula.name, formula.latex, formula.sympy)
    return ShownFormula(
        anchor=formula.name.replace("_", "-"),
        latex=formula.latex,
        established=_linked(formula),
        buttons=_copy(shown, facts),
    )


def _hypothesis(facts: TheoremFacts, one: HypothesisFacts) -> ShownHypothesis:
    dropped = any(example.drops == one.label for example in facts.counterexamples)
    return ShownHypothesis(one.label, one.words, anchor(one.label), dropped)


def _numbered(facts: TheoremFacts, theorems: Theorems) -> Iterator[ShownStep]:
    """The sentences of the proof in order, as many expressions shown as a page can bear."""
    room = FORMULAS
    for number, step in enumerate(facts.steps, start=1):
        one = replace(_step(step, facts, theorems), number=number)
        if len(one.expressions) > room:
            one = replace(one, expressions=(), omitted=True)
        room -= len(one.expressions)
        yield one


def _step(step: StepFacts, facts: TheoremFacts, theorems: Theorems) -> ShownStep:
    """A sentence with its evidence as the page shows it."""
    prose = step.status in PROSE
    merged = list(_merged(step.expressions))
    short = [one for one in merged if len(one.latex) <= LONGEST]
    return ShownStep(
        part=step.part,
        sentence=paragraph(step.sentence),
        mark=step_badge(step),
        brief=step.ran if prose else _verbatim(shorten(step.ran, BRIEF, placeholder=" …")),
        ran=_verbatim(step.ran),
        long=not prose and len(step.ran) > BRIEF,
        expressions=tuple(ShownExpression(x.label, x.latex, _copy(x, facts)) for x in short),
        omitted=len(short) < len(merged),
        rests_on=_rests_on(step, theorems),
    )


def paragraph(sentence: str) -> str:
    r"""A sentence that Markdown does not take for a list, and none of whose < it takes for a tag.

    >>> paragraph(r"1. If \(x<y\)"), paragraph("It holds.")
    ('1\\. If \\(x< y\\)', 'It holds.')
    """
    return re.sub(r"<(?=[A-Za-z])", "< ", re.sub(r"^(\d+)\. ", r"\1\\. ", sentence))


def _copy(expression: ExpressionFacts, facts: TheoremFacts) -> str:
    """The buttons that copy an expression."""
    code = {"sympy": expression.sympy, "name": "expression"} if expression.sympy else {}
    return copy_buttons(plain(expression.label), tex=expression.latex, of=facts.id, **code)


def _merged(expressions: Iterable[ExpressionFacts]) -> Iterator[ExpressionFacts]:
    """Expressions that print the same are shown once."""
    labels: dict[tuple[str, str], list[str]] = {}
    for one in expressions:
        labels.setdefault((one.latex, one.sympy), []).append(one.label)
    for (tex, code), names in labels.items():
        yield ExpressionFacts(", ".join(names), tex, code)


def _rests_on(step: StepFacts, theorems: Theorems) -> Rest | None:
    """The theorem that a sentence names, with its part."""
    if not step.uses:
        return None
    used, part = theorems[step.uses], step.uses_part
    if not part:
        return Rest(f"{used.id}.md", used.title, overall_badge(used))
    (named,) = (one for one in used.parts if one.title == part)
    link = f"{used.id}.md#{part_anchor(part)}"
    return Rest(link, f"{used.title}, part “{part}”", overall_badge(named))


def part_anchor(title: str) -> str:
    """The name of a part's place on its page."""
    return f"part-{anchor(title)}"


def _parts(facts: TheoremFacts, steps: Iterable[ShownStep]) -> Iterator[ShownPart]:
    """The parts of the proof in order."""
    badges = {part.title: overall_badge(part) for part in facts.parts}
    for title, members in groupby(steps, key=lambda step: step.part):
        groups = tuple(_groups(list(members)))
        yield ShownPart(title, part_anchor(title), badges.get(title, ""), groups)


def _groups(steps: list[ShownStep]) -> Iterator[Group]:
    """Runs of sentences of the form "case: the same", and what is between them."""
    between: list[ShownStep] = []
    for shared, members in groupby(steps, key=lambda step: step.sentence.partition(": ")[2]):
        run = tuple(members)
        if not shared or len(run) < ALIKE:
            between += run
            continue
        if between:
            yield Group(between[0].number, tuple(between))
            between = []
        cases = (replace(step, case=step.sentence.partition(": ")[0]) for step in run)
        yield Group(run[0].number, tuple(cases), shared)
    if between:
        yield Group(between[0].number, tuple(between))


def _without(facts: TheoremFacts) -> Iterator[Without]:
    """The hypotheses in turn, each with everything shown that does without it."""
    for hypothesis in facts.hypotheses:
        label = hypothesis.label
        dropped = [one for one in facts.counterexamples if one.drops == label]
        if dropped:
            yield Without(label, anchor(label), tuple(map(_drawn, dropped)))


def _drawn(one: CounterexampleFacts) -> Drawn:
    return Drawn(
        sentence=paragraph(one.step.sentence),
        grids=tuple(grid(name, tensor) for name, tensor in one.objects.items()),
        computed=tuple((escape(name, quote=False), written(x)) for name, x in one.values.items()),
    )


def _citation(facts: TheoremFacts) -> Citation:
    title = f"Theorem {facts.number}: {facts.title}"
    return citation(facts.id, title, f"theorems/{facts.id}/")


def _verbatim(text: str) -> str:
    """Text that Markdown and HTML leave as it is.

    >>> _verbatim("a*b < c")
    'a&#42;b &#60; c'
    """
    return re.sub(r"[\\`*_{}\[\]()<>&#!|$~^]", lambda match: f"&#{ord(match[0])};", text)
