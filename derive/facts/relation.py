"""How two designs relate: each sought in the other, in symbols or on a layer, and what it costs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from sympy import And, Expr, false, Ge, Indexed, Symbol, true
from sympy.logic.boolalg import Boolean

from derive.catalogue import Entry, FAMILIES, own_line
from derive.comparison import attempts, Choices, Row
from derive.facts.comparison import row_facts, RowFacts
from derive.facts.layer import layer_facts, LayerFacts
from derive.facts.record import As, printed
from derive.notation.errors import InputError
from derive.notation.family import Letters, Line
from derive.notation.layer import Layer
from derive.notation.letters import C_c, G, m
from derive.parse.line import read_line
from derive.proof.status import Status
from derive.relations.inclusion import Inclusion
from derive.relations.relation import Answer, Measured, relate
from derive.relations.weights import Weights
from derive.relations.witness import Witness

RELATION = "derive/relate/1"  # the schema
ORDER = "order"  # the theorem
UNKNOWN = "no criterion decides here, and no weights of this form are known"
RANKS = "ranks of generic kernels, computed modulo a prime"
LARGE = "the smallest sizes are min cuts, not worked out for a kernel as large as this"
CUTS = "min cuts: enough is proved, needed is checked on grids"
DECIDED_BY = ("two-factor", "trees-and-cp")  # what the ranks of a forest rest on


@dataclass(frozen=True)
class ConditionFacts:
    """A condition on sizes: always true, never, or a relation between them."""

    condition: Annotated[Boolean, printed(sympy=As.PLAIN, latex=As.LATEX)]


@dataclass(frozen=True)
class WeightFacts:
    """A factor of the containing design, and what it is in terms of the contained one."""

    factor: Annotated[Indexed, printed(factor=As.PLAIN, factor_latex=As.LATEX)]
    weight: Annotated[Expr, printed(weight=As.PLAIN, weight_latex=As.LATEX)]


@dataclass(frozen=True)
class BondFacts:
    """A bond of the containing design, the letters that it runs over, and how many values they
    have together."""

    bond: Symbol
    runs_over: Letters
    size: Annotated[Expr, printed(size=As.PLAIN, size_latex=As.LATEX)]


@dataclass(frozen=True)
class WeightsFacts:
    """Weights of the containing design with which it is the contained one, for all sizes."""

    bonds: tuple[BondFacts, ...]
    factors: tuple[WeightFacts, ...]
    kernel: Annotated[Expr, printed(kernel=As.PLAIN, kernel_latex=As.LATEX)]


@dataclass(frozen=True)
class WitnessEntry:
    """An entry of a kernel that is not 0."""

    at: tuple[int, ...]
    value: int


@dataclass(frozen=True)
class WitnessFacts:
    """A kernel of the contained design that the containing one does not represent.

    ``letters`` are the places of the kernel, ``sizes`` what they run over, ``entries`` what is not
    0. The minor of ``rows`` and ``columns``, at the ``kept`` places, is not 0 and has more rows
    than the rank ``bound`` that the containing design allows.
    """

    letters: Letters
    sizes: tuple[int, ...]
    entries: tuple[WitnessEntry, ...]
    kept: Mapping[Symbol, int]
    row_letters: Letters
    rows: tuple[tuple[int, ...], ...]
    column_letters: Letters
    columns: tuple[tuple[int, ...], ...]
    minor: int
    bound: int


@dataclass(frozen=True)
class Between:
    """What is known of a bond whose smallest size is not: at least, and at most if any is known."""

    least: int
    most: int | None


@dataclass(frozen=True)
class InclusionFacts:
    """Whether every kernel of one design is one of another.

    ``verdict`` is at these sizes, and in symbols for all sizes; None is undecided. ``needs`` has
    the smallest bonds of the containing design, None where no size is enough or it is not known:
    ``between`` then has what is. ``condition`` is on the bonds at the sizes of a layer, in symbols
    on all sizes; None where what is ``enough`` and what is ``necessary`` differ. ``cost`` is the
    containing design with these bonds on the layer.
    """

    verdict: bool | None
    needs: Mapping[str, int | None]
    between: Mapping[str, Between]
    condition: ConditionFacts | None
    enough: ConditionFacts
    necessary: ConditionFacts
    evidence: str
    status: Status
    weights: WeightsFacts | None
    witness: WitnessFacts | None
    cost: RowFacts | None


@dataclass(frozen=True)
class DesignFacts:
    """One of the two designs: its id (None for a line of your own), its line, and its row."""

    id: str | None
    title: str
    line: Annotated[Line, printed(line=As.PLAIN, latex=As.LATEX)]
    setting: Mapping[Symbol, int]
    row: RowFacts | None

    @property
    def name(self) -> str:
        """The id, or the line itself."""
        return self.id or str(self.line)


@dataclass(frozen=True)
class RelationFacts:
    """How two designs relate, in the schema derive/relate/1; without a layer ``sizes`` is None."""

    schema: str
    one: str
    other: str
    designs: tuple[DesignFacts, DesignFacts]
    sizes: Mapping[str, int] | None
    layer: LayerFacts | None
    equal_sizes: tuple[tuple[Expr, Expr], ...]
    relation: Answer
    one_in_other: InclusionFacts
    other_in_one: InclusionFacts
    standard: RowFacts | None
    theorems: tuple[str, ...]


def design_of(text: str) -> Entry:
    """The design that a text names or writes out: a family, the path of a leaf file, or a line.

    Raises InputError for a name that nothing has, and for a line that is none.

    >>> design_of("bottleneck").name, design_of("A[j,i,u] B[o,j,v]").name
    ('tucker-2', 'own')
    """
    written = any(sign in text for sign in ("[", "->", "→"))
    return own_line(read_line(text)) if written else FAMILIES[text]


def relation_facts(
    one: Entry, other: Entry, layer: Layer | None = None, choices: Choices | None = None
) -> RelationFacts:
    """How two designs relate, in symbols, or on a layer at the usual or the chosen bonds.

    Raises InputError if they share no axes, or if one of them does not fit the layer.

    >>> from derive.parse.layer import read_layer
    >>> facts = relation_facts(FAMILIES["dws"], FAMILIES["asymmetric"], read_layer())
    >>> facts.relation.value, facts.one_in_other.needs, facts.other_in_one.needs
    ('neither', {'m': 9}, {'M': 8})
    """
    if layer is None:
        return _symbolic(one, other)
    rows = [_row(entry, layer, choices or Choices()) for entry in (one, other)]
    (standard,) = attempts(FAMILIES["standard"], layer, Choices())
    assert isinstance(standard, Row)
    found = relate(rows[0].line, rows[1].line, rows[0].values, rows[1].values)
    sides = [_design(row.entry, row.line, row, standard) for row in rows]
    return RelationFacts(
        schema=RELATION,
        one=sides[0].name,
        other=sides[1].name,
        designs=(sides[0], sides[1]),
        sizes={str(x): n for row in rows for x, n in row.values.items()},
        layer=layer_facts(layer),
        equal_sizes=(),
        relation=found.answer,
        one_in_other=_inclusion(found.forward, rows[1], standard),
        other_in_one=_inclusion(found.backward, rows[0], standard),
        standard=row_facts(standard, standard),
        theorems=_theorems(found.forward, found.backward),
    )


def _symbolic(one: Entry, other: Entry) -> RelationFacts:
    lines = on_common_axes(one, other)
    found = relate(*lines)
    sides = [_design(entry, line) for entry, line in zip((one, other), lines, strict=True)]
    return RelationFacts(
        schema=RELATION,
        one=sides[0].name,
        other=sides[1].name,
        designs=(sides[0], sides[1]),
        sizes=None,
        layer=None,
        equal_sizes=found.equal,
        relation=found.answer,
        one_in_other=_inclusion(found.forward),
        other_in_one=_inclusion(found.backward),
        standard=None,
        theorems=_theorems(found.forward, found.backward),
    )


def on_common_axes(one: Entry, other: Entry) -> tuple[Line, Line]:
    """The lines of two designs on the axes of the one with more axes, or of the other; as they are
    if neither has a form on the axes of the other."""
    first, second = one.family, other.family
    for axes in sorted({first.axes, second.axes}, key=len, reverse=True):
        there, here = first.on(axes), second.on(axes)
        if there is not None and here is not None:
            return there, here
    return first, second


def _row(entry: Entry, layer: Layer, choices: Choices) -> Row:
    """A design on a layer at its first setting; InputError if it does not fit."""
    found = next(attempts(entry, layer, choices))
    if isinstance(found, str):
        raise InputError(f"{entry.title} does not fit this layer: it {found}")
    return found


def _design(
    entry: Entry, line: Line, row: Row | None = None, standard: Row | None = None
) -> DesignFacts:
    known = FAMILIES.get(entry.name) == entry if entry.name in FAMILIES else False
    facts = row_facts(row, standard) if row and standard else None
    return DesignFacts(
        entry.name if known else None, entry.title, line, row.chosen if row else {}, facts
    )


def _inclusion(
    found: Inclusion, large: Row | None = None, standard: Row | None = None
) -> InclusionFacts:
    needs, between = _needs(found, large)
    evidence, status = _evidence(found)
    if isinstance(found, Measured) and found.needs and not found.worked_out:
        evidence = f"{evidence}; {LARGE}"
    measured = found if isinstance(found, Measured) else None
    weights = found.weights if found.verdict is not False or not measured else None
    witness = measured.witness if measured else None
    return InclusionFacts(
        verdict=found.verdict,
        needs=needs,
        between=between,
        condition=_condition(found),
        enough=ConditionFacts(_on_bonds(measured, "most") if measured else found.enough),
        necessary=ConditionFacts(_on_bonds(measured, "least") if measured else found.necessary),
        evidence=evidence,
        status=status,
        weights=_weights(weights) if weights else None,
        witness=_witness(witness) if witness else None,
        cost=_cost(large, standard, needs) if large and standard else None,
    )


def _condition(found: Inclusion) -> ConditionFacts | None:
    """When it holds: on a layer in terms of the bonds, in symbols in terms of all sizes."""
    if not isinstance(found, Measured):
        return ConditionFacts(found.enough) if found.enough == found.necessary else None
    enough = _on_bonds(found, "most")
    return ConditionFacts(enough) if enough == _on_bonds(found, "least") else None


def _on_bonds(found: Measured, limit: str) -> Boolean:
    """What the bonds have to be on a layer, by one of the limits of their needs."""
    if not found.needs:
        return true if found.verdict else false
    limits = [(need.bond, getattr(need, limit)) for need in found.needs]
    if any(number is None for _, number in limits):
        return false
    return And(*(Ge(bond, number) for bond, number in limits if number != 1))


def _needs(found: Inclusion, large: Row | None) -> tuple[dict[str, int | None], dict[str, Between]]:
    """The smallest bonds in the reader's terms, and what is known of those that are not."""
    if large is None or not isinstance(found, Measured):
        return {}, {}
    needs: dict[str, int | None] = {}
    between: dict[str, Between] = {}
    for need in found.needs:
        name, times = str(need.bond).replace("'", ""), 1
        if name == str(C_c):
            name, times = str(m), large.values[G]
        exact = need.least is not None and need.least == need.most
        needs[name] = times * need.least if exact and need.least else None
        if need.least is not None and not exact:
            most = None if need.most is None else times * need.most
            between[name] = Between(times * need.least, most)
    return needs, between


def _cost(large: Row, standard: Row, needs: Mapping[str, int | None]) -> RowFacts | None:
    """The containing design with the bonds that it needs, on the layer."""
    setting = dict(large.setting)
    for symbol in setting:
        wanted = needs.get(str(m)) if symbol == C_c else needs.get(str(symbol))
        if wanted is None:
            if str(symbol) in needs or symbol == C_c:
                return None
            continue
        setting[symbol] = wanted // large.values[G] if symbol == C_c else wanted
    row = Row(large.entry, large.line, large.layer, tuple(setting.items()))
    return row_facts(row, standard) if needs else None


def _evidence(found: Inclusion) -> tuple[str, Status]:
    """What the answer rests on, and how sure it is."""
    verdict = found.verdict
    if verdict is None:
        return UNKNOWN, Status.NOT_CONFIRMED
    if verdict and found.weights:
        return "weights, by the normal form of nested sums", Status.PROVED
    if verdict and found.necessary == true:
        return "min cuts, which bound every rank", Status.PROVED
    if not isinstance(found, Measured):
        return CUTS, Status.CHECKED
    if not verdict and found.witness:
        return "a kernel in integers with its minor", Status.COMPUTED
    return RANKS if found.worked_out else CUTS, Status.CHECKED


def _weights(found: Weights) -> WeightsFacts:
    return WeightsFacts(
        bonds=tuple(BondFacts(bond, found.runs[bond], size) for bond, size in found.needs.items()),
        factors=tuple(
            WeightFacts(factor.base[factor.letters], weight) for factor, weight in found.factors
        ),
        kernel=found.represented,
    )


def _witness(found: Witness) -> WitnessFacts:
    return WitnessFacts(
        letters=found.places,
        sizes=tuple(found.extents.values()),
        entries=tuple(WitnessEntry(at, value) for at, value in found.entries.items()),
        kept=found.kept,
        row_letters=found.layout.rows,
        rows=found.rows,
        column_letters=found.layout.columns,
        columns=found.columns,
        minor=found.minor,
        bound=found.bound,
    )


def _theorems(*both: Inclusion) -> tuple[str, ...]:
    """The theorems that the answers rest on."""
    return tuple(dict.fromkeys((ORDER, *(x for one in both for x in _decided_by(one)))))


def _decided_by(found: Inclusion) -> Iterator[str]:
    if found.criterion.sufficient and found.criterion.ranks:
        yield DECIDED_BY[len(found.large.terms[0].factors) > 2]
