"""What is said of a kernel first: how it was read, and of floats how near they come to the form.

Of a large kernel of floats that is plainly not of the form, singular values alone say all of it,
long before the exact verdict is worked out.
"""

from dataclasses import dataclass

from derive.decide.cuts import Cuts
from derive.decide.form import form
from derive.decide.spectrum import Known, spectra
from derive.decide.verdict import LARGEST_WEIGHTS, Word
from derive.facts.certificate import einsum, named
from derive.facts.curve import curve, CurveFacts
from derive.facts.factors import TensorFacts
from derive.facts.question import Question, SMALL
from derive.facts.verdict import (
    CutFacts,
    practical_facts,
    PracticalFacts,
    Sizes,
    stored_facts,
    StoredFacts,
    VerdictFacts,
)

PLAIN = 1e-6  # a relative error far above what rounding does to singular values in float64


@dataclass(frozen=True)
class OpeningFacts:
    """A kernel as it was read, the family at its sizes, the verdict, and what floats come to."""

    name: str
    family: str
    setting: Sizes
    floating: str | None
    einsum: str
    kernel: TensorFacts
    stored: StoredFacts | None
    verdict: Word
    cuts: tuple[CutFacts, ...]
    practical: PracticalFacts | None
    curve: CurveFacts | None


def opening_facts(facts: VerdictFacts) -> OpeningFacts:
    """What is said first of a kernel of which all is known."""
    return OpeningFacts(
        name=facts.name,
        family=facts.family,
        setting=facts.setting,
        floating=facts.floating,
        einsum=facts.proof.claim.einsum,
        kernel=facts.proof.kernel,
        stored=facts.stored,
        verdict=facts.proof.claim.verdict,
        cuts=facts.cuts,
        practical=facts.practical,
        curve=facts.curve,
    )


def foreseen(question: Question, known: Known) -> OpeningFacts | None:
    """What is said first, before the exact verdict; ``known`` as for ``spectra``.

    Only of a large kernel of floats with one deciding matrix whose distance from the form is far
    above all rounding: the exact verdict cannot but be that it is not of the form. None otherwise.
    """
    if question.floating is None or len(question.kernel.flat) <= SMALL:
        return None
    cuts = Cuts(form(question.entry.family, question.kernel, question.values))
    if cuts.form.weights > LARGEST_WEIGHTS or len(cuts.bounds) != 1:
        return None
    found = spectra(cuts, known)
    practical = practical_facts(question, found)
    if practical is None or practical.within or practical.relative_error < PLAIN:
        return None
    path = curve(question, known)
    return OpeningFacts(
        name=question.name,
        family=question.entry.name,
        setting=question.setting,
        floating=question.floating,
        einsum=einsum(cuts.form),
        kernel=named(cuts.form),
        stored=stored_facts(question.reading),
        verdict=Word.NOT_EXACT,
        cuts=tuple(
            CutFacts(one.cut.rows, one.cut.columns, one.cut.kept, one.rank, one.bound)
            for one in found
        ),
        practical=practical,
        curve=path.facts if path else None,
    )
