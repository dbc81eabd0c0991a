"""Theorems and their proofs, as Python code and a notebook see them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from rich.console import Group, RenderableType
from rich.text import Text

from derive.api.family import Family
from derive.api.notebook import brief, dollars, table
from derive.notation.errors import InputError
from derive.proof.library import THEOREMS
from derive.proof.run import Outcome, Session, TheoremRun
from derive.proof.status import together
from derive.proof.theorem import Theorem as Stated
from derive.render.console import as_text
from derive.render.plain import plain
from derive.render.proof import badge, check_badge, one_theorem, step_facts, theorem_facts
from derive.render.proof_table import theorem_table
from derive.render.statement import hypotheses, statement, use
from derive.render.values import json_values

SCREEN = 1600  # characters of a statement that a notebook shows


@dataclass(frozen=True)
class Sentence:
    """A sentence of a proof after its evidence has run.

    ``status`` is ``"proved"``, ``"computed"``, ``"checked"`` and so on, ``badge`` the words that a
    page shows for it, ``ran`` what was run.
    """

    sentence: str
    status: str
    badge: str
    ran: str
    part: str = ""

    @classmethod
    def of(cls, outcome: Outcome, words: str) -> "Sentence":
        """The sentence of an outcome, with its badge."""
        return cls(
            plain(outcome.sentence), outcome.status.slug, words, outcome.result.words, outcome.part
        )


@dataclass(frozen=True, repr=False)
class Proof:
    """A proof that has run: every sentence with its evidence, as sure as the weakest of them.

    ``steps`` are the sentences that count, ``checks`` cross-checks that can only refute, and
    ``counterexamples`` what fails without a hypothesis. ``print`` shows all of it.

    >>> import derive
    >>> proof = derive.prove("order-gap")
    >>> proof.status, proof.steps[-1].status
    ('proved', 'proved')
    """

    name: str
    title: str
    status: str
    steps: tuple[Sentence, ...]
    checks: tuple[Sentence, ...]
    counterexamples: tuple[Sentence, ...]
    _verdict: TheoremRun | None
    _outcomes: tuple[Outcome, ...]

    def __hash__(self) -> int:
        return hash((self.name, self.status, self.steps))

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return f"Proof of {self.title}: {self.status}, {len(self.steps)} sentences"

    def __str__(self) -> str:
        return as_text(self._printed())

    def _printed(self) -> RenderableType:
        if self._verdict:
            return theorem_table(self._verdict)
        lines = (f"{n}. {one.sentence}  {one.badge}" for n, one in enumerate(self.steps, 1))
        return Group(Text(f"{self.title}: {self.status}"), *map(Text, lines))

    def json(self) -> str:
        """Every sentence as ``derive theorem --json`` prints it."""
        if self._verdict:
            facts: object = one_theorem(theorem_facts(self._verdict))
        else:
            facts = {"steps": [step_facts(one) for one in self._outcomes]}
        return json.dumps(json_values(facts), indent=2, ensure_ascii=False)

    def _repr_markdown_(self) -> str:
        sentences = [
            (str(n), dollars(one.sentence), badge(one)) for n, one in enumerate(self._outcomes, 1)
        ]
        rows = brief(sentences, 3, "print(proof)")
        return f"**{self.title}**: {self.status}\n\n" + table(("", "sentence", "evidence"), rows)


@dataclass(frozen=True, repr=False)
class Theorem:
    """A theorem of the book: what it states, under which hypotheses, and its proof.

    >>> import derive
    >>> theorem = derive.theorems["rank-one"]
    >>> theorem.number, theorem.prove().status
    ('T2', 'proved')
    """

    name: str

    @property
    def _stated(self) -> Stated:
        return THEOREMS[self.name]

    @property
    def number(self) -> str:
        """The number in the book, such as T2."""
        return self._stated.number

    @property
    def title(self) -> str:
        """The name in words."""
        return self._stated.title

    @property
    def summary(self) -> str:
        """What it says, in one sentence."""
        return plain(self._stated.summary)

    @property
    def statement(self) -> str:
        """The statement as Markdown with formulas between dollars."""
        return "\n\n".join(map(dollars, statement(self._stated)))

    @property
    def hypotheses(self) -> dict[str, str]:
        """Each hypothesis by its label, in Markdown."""
        words = hypotheses(self._stated)
        pairs = zip(self._stated.hypotheses, words, strict=True)
        return {one.label: dollars(said) for one, said in pairs}

    @property
    def use(self) -> str:
        """What it is good for."""
        return dollars(use(self._stated))

    def prove(self, *, thorough: bool = False, second: bool = True) -> Proof:
        """Run the proof; the arguments are those of ``derive.prove``."""
        return prove(self.name, thorough=thorough, second=second)

    def __repr__(self) -> str:
        return f"Theorem {self.number} {self.name}: {self.title}"

    def _repr_markdown_(self) -> str:
        said = list(_fitting(self.statement.split("\n\n")))
        needs = [f"- **{label}**: {words}" for label, words in self.hypotheses.items()]
        head = f"**{self.number} {self.title}**: {dollars(self._stated.summary)}"
        return "\n\n".join([head, *said, "\n".join(["Hypotheses:", "", *needs])])


class Theorems(Mapping[str, Theorem]):
    """The theorems of the book by id; a number such as T2 and a title are understood too.

    Raises InputError, which names the nearest, for a name that there is not.

    >>> import derive
    >>> derive.theorems["T2"]
    Theorem T2 rank-one: Rank one
    """

    def __getitem__(self, name: str) -> Theorem:
        return Theorem(THEOREMS[name].name)

    def __iter__(self) -> Iterator[str]:
        return iter(THEOREMS)

    def __len__(self) -> int:
        return len(THEOREMS)

    def __repr__(self) -> str:
        return f"theorems: {', '.join(self)}"


def prove(what: str | Theorem | Family, *, thorough: bool = False, second: bool = True) -> Proof:
    """Run a proof: of a theorem of the book, or that the pipeline of a family is a convolution.

    Args:
        what: a theorem or its id, number or title; or a family, also one of your own, for which the
            stages one after the other are proved to be the one convolution with its kernel.
        thorough: whether cross-checks run on large grids, which takes minutes.
        second: whether z3 is asked too, if it is installed.

    Raises InputError for a name that there is not.

    >>> import derive
    >>> prove("rank-one").status
    'proved'
    >>> [step.status for step in prove(derive.define("A[r,i,u,v] B[o,r]"))]
    ['proved', 'proved', 'proved']
    """
    if isinstance(what, Family):
        return _pipeline(what)
    if not isinstance(what, str | Theorem):
        raise InputError(
            f"prove takes the name of a theorem such as 'rank-one', or a family, not {what!r}"
        )
    name = what.name if isinstance(what, Theorem) else what
    verdict = Session(thorough, second).verdict(name)
    theorem = verdict.theorem
    return Proof(
        theorem.name,
        f"{theorem.number} {theorem.title}",
        verdict.status.slug,
        _sentences(verdict.steps),
        tuple(Sentence.of(one, check_badge(one)) for one in verdict.checks),
        _sentences(verdict.sharpness),
        verdict,
        verdict.steps,
    )


def _pipeline(family: Family) -> Proof:
    """The pipeline theorem for one family."""
    outcomes = import_module("derive.theorems.pipeline").prove(family.entry)
    status = together(outcome.status for outcome in outcomes).slug
    title = f"the pipeline of {family.line}"
    return Proof(family.name, title, status, _sentences(outcomes), (), (), None, outcomes)


def _sentences(outcomes: Iterable[Outcome]) -> tuple[Sentence, ...]:
    return tuple(Sentence.of(one, badge(one)) for one in outcomes)


def _fitting(paragraphs: Iterable[str]) -> Iterator[str]:
    """The first paragraphs of a statement, as many as fit on a screen."""
    room = SCREEN
    for paragraph in paragraphs:
        room -= len(paragraph)
        if room < 0:
            yield "… `.statement` has the rest."
            return
        yield paragraph
