"""Every step of every theorem holds, or is named; every theorem has what its page needs."""

import ast
import os
import re
from io import StringIO
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from derive.catalogue import FAMILIES
from derive.catalogue import THEOREMS as FILES
from derive.families import asymmetric, blueprint_separable
from derive.proof.designs import Kernels
from derive.proof.evidence import Confirmed, Counterexample
from derive.proof.library import THEOREMS
from derive.proof.status import Status, together
from derive.proof.theorem import theorem as stated
from derive.render.plain import plain
from derive.render.proof import theorem_facts, TOPICS
from derive.render.proof_table import theorem_table
from derive.render.status import badge_class, LOOKS
from tests.proofs import steps, verdicts
from tests.tools import need

SLUGS = tuple(THEOREMS)
GOLDEN = Path(__file__).parents[1] / "golden" / "theorems.txt"


@pytest.mark.parametrize("name", SLUGS)
def test_every_step_holds(name):
    outcomes = verdicts()[name].outcomes
    failed = {o.sentence: o.result.ran for o in outcomes if o.status == Status.FAILED}
    assert failed == {}
    skipped = {o.result.ran for o in outcomes if o.status == Status.NOT_CONFIRMED}
    need(not skipped, "; ".join(skipped))


def test_no_theorem_is_lost_or_renamed():
    """Numbers and ids are addresses; a new theorem enters the golden file with its status."""
    heads = (line.partition(":")[0] for line in GOLDEN.read_text("utf-8").splitlines())
    listed = [tuple(head.split()) for head in heads if not head.startswith(" ")]
    assert len(listed) > 27
    assert {*listed} <= {(one.number, name) for name, one in THEOREMS.items()}
    assert all(THEOREMS[one.number].name == name for name, one in THEOREMS.items())


def test_statuses_are_those_of_the_golden_file():
    need(Status.NOT_CONFIRMED not in {o.status for _, o in steps()}, "z3 is not installed")
    lines = []
    for name, verdict in verdicts().items():
        counts = f"{len(verdict.steps)} + {len(verdict.checks)} + {len(verdict.sharpness)} steps"
        lines.append(f"{verdict.theorem.number} {name}: {verdict.status.slug}, {counts}")
        lines += [f"    {part}: {status.slug}" for part, status in verdict.parts.items() if part]
        lines += [f"    uses {', '.join(verdict.uses)}"] if verdict.uses else []
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == GOLDEN.read_text("utf-8").splitlines(), "UPDATE_GOLDEN=1 writes it anew"


def test_no_status_is_higher_than_its_weakest_step():
    for theorem in map(theorem_facts, verdicts().values()):
        assert theorem.status <= together(step.status for step in theorem.steps)
        for part in theorem.parts:
            inside = (step.status for step in theorem.steps if step.part == part.title)
            assert part.status == together(inside)


@pytest.mark.parametrize("name", SLUGS)
def test_a_theorem_has_what_its_page_needs(name):
    theorem, verdict = THEOREMS[name], verdicts()[name]
    assert theorem.topic in TOPICS
    assert theorem.summary.endswith(".")
    assert not re.search(r"\\[(\[]", theorem.title + theorem.summary)
    assert theorem.statement
    assert theorem.use.endswith(".")
    dated = r"\b(1[89]|20)\d\d\b|question \d+"
    assert all(re.search(dated, source) for source in theorem.sources)
    labels = [hypothesis.label for hypothesis in theorem.hypotheses]
    assert labels
    assert all(hypothesis.words for hypothesis in theorem.hypotheses)
    assert len(set(labels)) == len(labels)
    dropped = [outcome.drops for outcome in verdict.sharpness]
    assert set(dropped) <= set(labels)
    assert all(isinstance(o.evidence, Counterexample) for o in verdict.sharpness)


@pytest.mark.parametrize("name", SLUGS)
def test_every_sentence_can_be_read_in_a_terminal(name):
    theorem = THEOREMS[name]
    sentences = [o.sentence for o in verdicts()[name].outcomes]
    words = [*theorem.statement, *(h.words for h in theorem.hypotheses), theorem.use, *sentences]
    for text in map(plain, words):
        assert "\\" not in text
        assert not re.search(r"[{}^]\s*$", text)
    assert all(sentence.rstrip().endswith((".", ":", ",", ";")) for sentence in sentences)


@pytest.mark.parametrize("name", SLUGS)
def test_a_terminal_shows_no_tex(name):
    """Neither in sentences nor in what ran: names of objects, values and verdicts."""
    printed = Console(width=100, file=StringIO())
    printed.print(theorem_table(verdicts()[name]))
    assert [line for line in printed.file.getvalue().splitlines() if "\\" in line] == []


@pytest.mark.parametrize("name", SLUGS)
def test_sentences_of_one_theorem_differ(name):
    sentences = [o.sentence for o in verdicts()[name].outcomes]
    assert len(set(sentences)) == len(sentences)


def test_links_of_statements_lead_somewhere():
    for name, theorem in THEOREMS.items():
        text = "\n".join([*theorem.statement, *(h.words for h in theorem.hypotheses), theorem.use])
        for target in re.findall(r"\]\(([^)]+)\)", text):
            page = target.partition("#")[0]
            stem = Path(page).stem
            known = FAMILIES if page.startswith("../families/") else THEOREMS
            assert stem in known, f"{name} links {target}"


def test_uses_run_one_way():
    """Every theorem can be put after those it uses."""
    done = set()
    waiting = {name: set(verdict.uses) for name, verdict in verdicts().items()}
    while ready := [name for name, uses in waiting.items() if uses <= done]:
        done |= set(ready)
        waiting = {name: uses for name, uses in waiting.items() if name not in ready}
    assert not waiting


def test_every_family_is_mentioned_by_a_theorem_of_its_own():
    mentioned = {f for name in THEOREMS if name != "pipeline" for f in THEOREMS[name].families}
    assert mentioned <= set(FAMILIES)
    assert set(THEOREMS["pipeline"].families) == set(FAMILIES)


def test_the_second_prover_has_a_say():
    asked = {name for name, outcome in steps() if isinstance(outcome.evidence, Confirmed)}
    assert {"rank-one", "break-even", "in-bounds-taps", "visibility"} <= asked


def test_every_theorem_has_cross_checks_and_they_have_a_theorem():
    """A file without its theorem would never run."""
    checked = {path.name for path in (FILES.path.parent / "crosschecks").glob("[!_]*.py")}
    assert checked == {path.name for path in FILES.path.glob("[!_]*.py")}
    assert all(verdict.checks for verdict in verdicts().values())


def test_the_folder_is_the_list():
    assert len(list(FILES.path.glob("[!_]*.py"))) == len(THEOREMS)


@pytest.mark.parametrize("status", Status)
def test_how_to_read_a_proof_has_the_words_of_every_status(status):
    legend = (FILES.path.parents[1] / "docs" / "theorems" / "how-to-read.md").read_text("utf-8")
    said = f'<span class="{badge_class(status.slug)}">{LOOKS[status].words}</span>'
    assert said in legend or status == Status.FAILED  # which stops the build


def named_in(theorem):
    """The families whose modules the file of a theorem uses, an import alone not counted."""
    tree = ast.parse(Path(theorem.module.__file__).read_text("utf-8"))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    values = vars(theorem.module)
    modules = [values[name] for name in used if isinstance(values.get(name), ModuleType)]
    designs = (values[name] for name in used if isinstance(values.get(name), Kernels))
    modules += chain.from_iterable(one.leaves for one in designs)
    names = (one.__name__.rpartition("derive.families.")[2] for one in modules)
    return {name.replace("_", "-") for name in names} & set(FAMILIES)


@pytest.mark.parametrize("name", THEOREMS)
def test_a_theorem_is_about_the_families_that_its_file_uses(name):
    """An import that nothing uses would add a family to its page."""
    about = THEOREMS[name].families
    assert len(set(about)) == len(about)
    if set(about) != set(FAMILIES):
        assert set(about) == named_in(THEOREMS[name])


def test_a_theorem_is_about_the_families_that_it_imports_or_those_that_it_names():
    module = ModuleType("leaf", THEOREMS["gaussian-radial"].module.__doc__)
    vars(module).update(number="T17", topic="kernels", os=os)
    assert stated("leaf", module).families == ()
    vars(module).update(blueprint=blueprint_separable, asymmetric=asymmetric)
    assert stated("leaf", module).families == ("asymmetric", "blueprint-separable")
    module.families = ("standard",)
    assert stated("leaf", module).families == ("standard",)
