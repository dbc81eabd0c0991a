"""Every ordered pair of families in words, worked out once: what the pages print of T21."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from sympy import false, Min, true

from derive.catalogue import Entry, FAMILIES
from derive.facts.image import image, Json
from derive.facts.relation import InclusionFacts, relation_facts, RelationFacts
from derive.facts.restored import restored
from derive.notation.errors import InputError
from derive.notation.family import Line
from derive.parse.layer import read_layer
from derive.relations.inclusion import in_symbols
from derive.relations.thresholds import Thresholds, thresholds
from derive.render.latex import latex
from derive.render.relation import sentences, weight_lines, witness_lines
from derive.site.cache import BuildCache, CACHE, Filling, Wanted
from derive.site.sources import digest, reached

PRIME = "'"  # of a bond that is called like one of the other design
NO_CRITERION = (
    "Between the two conditions it is not decided: ranks can refute that a kernel is such a sum of"
    " outer products and do not confirm it."
)


@dataclass(frozen=True)
class PairFacts:
    """Whether one family represents every kernel of another, in words.

    ``answer`` is "always", "width" where the containing one needs only be wide enough, "special"
    where it depends on sizes of the layer and the contained one, or "apart" for families without
    common axes. ``when`` is the condition as LaTeX, ``here`` the sentence on the opening layer,
    ``why`` the reason where something is not decided, ``label`` the widths on the diagram.
    """

    contained: str
    containing: str
    answer: str
    sentence: str
    when: str
    why: str
    weights: tuple[str, ...]
    here: str
    witness: tuple[str, ...]
    label: str

    @property
    def brief(self) -> str:
        """The condition in a few words."""
        if self.answer == "always":
            return "for all sizes"
        return rf"if \({self.when}\)" if self.when else "not comparable"


def ordering(pool: Executor, late: set[str] | None = None) -> Filling:
    """Every ordered pair of families, being worked out side by side."""
    return BuildCache(CACHE / "order").begun(map(_wanted, FAMILIES), pool, late)


def ordered(pairs: Filling) -> list[PairFacts]:
    """Every ordered pair of families, both directions of a pair next to each other."""
    return [pair for value in pairs.result().values() for pair in restored(_Pairs, value).pairs]


@dataclass(frozen=True)
class FamilyOrder:
    """The pairs in which a family is contained, and those in which it contains another."""

    represented: tuple[PairFacts, ...]
    represents: tuple[PairFacts, ...]


@dataclass(frozen=True)
class _Pairs:
    """The pairs of a family with the families after it, as the cache stores them."""

    pairs: tuple[PairFacts, ...]


def _wanted(name: str) -> Wanted:
    files = reached("site/order.py")
    return Wanted(name, digest(files), partial(_made, name))


def about_family(pairs: Iterable[PairFacts], name: str) -> FamilyOrder:
    """What represents a family, and what it represents."""
    own = [one for one in pairs if name in (one.contained, one.containing)]
    return FamilyOrder(
        tuple(one for one in own if one.contained == name),
        tuple(one for one in own if one.containing == name),
    )


def _made(name: str) -> Json:
    return image(_Pairs(tuple(pairs_from(name))))


def pairs_from(name: str) -> Iterator[PairFacts]:
    """The pairs of a family with those after it in the book, each in both directions.

    >>> pair, back = pairs_from("network-decoupling")
    >>> pair.contained, pair.containing, pair.answer, back.answer
    ('network-decoupling', 'acnet-block', 'always', 'width')
    """
    names = list(FAMILIES)
    for other in names[names.index(name) + 1 :]:
        yield from pair_facts(FAMILIES[name], FAMILIES[other])


def pair_facts(one: Entry, other: Entry) -> tuple[PairFacts, PairFacts]:
    """The facts of a pair of families in each direction, in symbols and on the opening layer."""
    try:
        facts = relation_facts(one, other)
    except InputError as error:
        words = f"{error}."
        return _apart(one, other, words), _apart(other, one, words)
    try:
        here = relation_facts(one, other, read_layer())
    except InputError as error:
        words = f"On the opening layer they are not compared: {error}."
        return _pair(facts, None, 0, words), _pair(facts, None, 1, words)
    there, back = sentences(here)
    return _pair(facts, here, 0, there), _pair(facts, here, 1, back)


def _apart(small: Entry, large: Entry, words: str) -> PairFacts:
    """A pair without a common form."""
    return PairFacts(small.name, large.name, "apart", words, "", words, (), "", (), "")


def _pair(
    facts: RelationFacts, here: RelationFacts | None, direction: int, words: str
) -> PairFacts:
    small, large = facts.designs if direction == 0 else reversed(facts.designs)
    found, at = _one(facts, direction), here and _one(here, direction)
    weights = weight_lines(found.weights) if found.weights else ()
    witness = witness_lines(at.witness) if at and at.witness else ()
    limits = thresholds(in_symbols(small.line, large.line))
    answer = "always" if found.verdict else "special" if limits.fixed else "width"
    return PairFacts(
        contained=small.name,
        containing=large.name,
        answer=answer,
        sentence=sentences(facts)[direction],
        when=_when(found),
        why=NO_CRITERION if found.condition is None else "",
        weights=tuple(" ".join(line) for line in weights),
        here=words,
        witness=tuple(" ".join(line).strip() for line in witness),
        label=_label(limits, large.line) if answer == "width" else "",
    )


def _one(facts: RelationFacts, direction: int) -> InclusionFacts:
    return facts.one_in_other if direction == 0 else facts.other_in_one


def _when(found: InclusionFacts) -> str:
    """The condition, what is enough where that is not what is necessary."""
    condition = found.enough.condition
    return "" if condition in (true, false) else latex(condition)


def _label(limits: Thresholds, large: Line) -> str:
    """The widths that are one size each and do not already let it represent every kernel; nothing
    where there are none."""
    standard = FAMILIES["standard"].family.on(large.axes)
    assert standard is not None
    full = {bond.bond.name: bond.most for bond in thresholds(in_symbols(standard, large)).bonds}
    words = []
    for bond in limits.bonds:
        every = Min.make_args(full[bond.bond.name.rstrip(PRIME)])
        sizes = Min.make_args(bond.most) if bond.most is not None else ()
        short = sorted(x.name for x in sizes if x.is_Symbol and x not in every)
        if not short:
            return ""
        name = bond.bond.name.rstrip(PRIME)
        words.append(f"same {name}" if name in short else f"{name} ≥ {short[0]}")
    return ", ".join(words)
