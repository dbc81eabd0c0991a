"""How two designs relate, as Python code and a notebook see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TYPE_CHECKING

from sympy.logic.boolalg import Boolean

from derive.api.comparison import Numbers, Ranks, several, Widths, widths
from derive.api.family import Family
from derive.api.notebook import table
from derive.catalogue import Entry
from derive.comparison import Choices
from derive.facts.relation import (
    design_of,
    InclusionFacts,
    relation_facts,
    RelationFacts,
    WitnessFacts,
)
from derive.notation.errors import require
from derive.notation.layer import Layer
from derive.render.console import as_text
from derive.render.latex import latex
from derive.render.relation import relation_table, sentences
from derive.render.values import json_values

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, repr=False)
class Inclusion:
    """Whether one design represents every kernel of another.

    ``verdict`` is True, False or None (not decided): at the sizes of the layer, or without one for
    all sizes. ``needs`` are the smallest sizes, by name, with which it would on the layer: None
    where no size is enough, or where the smallest is not known. ``condition`` is a condition of
    SymPy on the sizes, None where what is enough and what is necessary are not known to agree.

    >>> import derive
    >>> found = derive.relate("depthwise-separable", "asymmetric", derive.layer())
    >>> found.one_in_other
    Inclusion: not at these sizes; needs m=9
    """

    verdict: bool | None
    needs: Mapping[str, int | None]
    condition: Boolean | None
    sentence: str
    evidence: str
    _facts: InclusionFacts

    @property
    def witness(self) -> "NDArray[Any] | None":
        """A kernel that proves it is not so, as an array of integers with the axes of the kernel;
        None where there is none.

        >>> import derive
        >>> found = derive.relate("depthwise-separable", "asymmetric", derive.layer())
        >>> found.one_in_other.witness.shape
        (8, 3, 3, 3)
        """
        found = self._facts.witness
        return None if found is None else _array(found)

    @property
    def weights(self) -> Mapping[str, str]:
        """Weights of the containing design in terms of the contained one, as SymPy prints them;
        empty where none are known.

        >>> import derive
        >>> derive.relate("cp", "asymmetric").one_in_other.weights
        {'A[j, i, u]': 'A[j, u]*S[j, i]', 'B[o, j, v]': 'B[j, v]*F[o, j]'}
        """
        found = self._facts.weights
        return {str(one.factor): str(one.weight) for one in found.factors} if found else {}

    def __repr__(self) -> str:
        words = {True: "yes", False: "not at these sizes", None: "not decided"}[self.verdict]
        needs = ", ".join(f"{name}={size}" for name, size in self.needs.items() if size)
        return f"Inclusion: {words}{f'; needs {needs}' if needs else ''}"


@dataclass(frozen=True, repr=False)
class Relation:
    """How two designs relate: each sought in the other.

    ``answer`` is ``"equal"``, ``"contained"`` (the first in the second), ``"contains"``,
    ``"neither"`` or ``"undecided"``. ``print`` shows all there is to say, as the command line does.

    >>> import derive
    >>> derive.relate("flattened", "blueprint-separable")
    Relation flattened, blueprint-separable: contained
    """

    one: str
    other: str
    answer: str
    one_in_other: Inclusion
    other_in_one: Inclusion
    theorems: tuple[str, ...]
    _facts: RelationFacts

    def json(self) -> str:
        """What ``derive relate --json`` prints.

        >>> import derive
        >>> derive.relate("cp", "asymmetric").json()[:29]
        '{"schema": "derive/relate/1",'
        """
        return json.dumps(json_values(self._facts), ensure_ascii=False)

    def __str__(self) -> str:
        return as_text(relation_table(self._facts))

    def __repr__(self) -> str:
        return f"Relation {self.one}, {self.other}: {self.answer}"

    def _repr_markdown_(self) -> str:
        rows = [
            (f"{small} in {large}", _formula(found.condition), found.evidence)
            for small, large, found in (
                (self.one, self.other, self.one_in_other),
                (self.other, self.one, self.other_in_one),
            )
        ]
        said = [self.one_in_other.sentence, self.other_in_one.sentence]
        return "\n\n".join([*said, table(("design", "if and only if", "rests on"), rows)])


def relate(
    one: str | Family,
    other: str | Family,
    layer: Layer | None = None,
    *,
    middle: Widths = (),
    multiplier: Numbers = (),
    rank: Ranks = (),
) -> Relation:
    """Whether each of two designs represents every kernel of the other, and at which sizes.

    Args:
        one: a family, its name, or a line such as ``"A[j,i,u] B[o,j,v]"``.
        other: a family, its name, or a line.
        layer: as ``derive.layer`` makes it; without one the conditions are in symbols.
        middle: the width m of both designs; ``"in"`` and ``"out"`` are the channels of that side;
            C_in, or full rank if that is less, unless given.
        multiplier: the depth multiplier M of both designs; 1 unless given.
        rank: ranks of the other bonds and parallel terms; a mapping such as ``{"P": 4, "Q": 2}``
            chooses each.

    Raises InputError, one line, for a name that nothing has, for designs whose kernels have
    different axes, and for a design that does not fit the layer.

    >>> import derive
    >>> relate("depthwise-separable", "asymmetric", derive.layer()).other_in_one.needs
    {'M': 8}
    >>> relate("depthwise-separable", "asymmetric").one_in_other.condition
    Min(C_in*k_h, C_out*k_w, C_in*M*k_w) <= m
    """
    require(layer, (Layer, type(None)), "a layer is such as derive.layer(image=(56, 56))")
    choices = Choices(widths(middle, layer), several(multiplier), several(rank))
    facts = relation_facts(_entry(one), _entry(other), layer, choices)
    there, back = sentences(facts)
    return Relation(
        facts.one,
        facts.other,
        facts.relation.value,
        _found(facts.one_in_other, there),
        _found(facts.other_in_one, back),
        facts.theorems,
        facts,
    )


def _entry(given: object) -> Entry:
    if isinstance(given, Family):
        return given.entry
    require(given, str, "a design is a family, its name, or a line such as 'A[j,i,u] B[o,j,v]'")
    return design_of(str(given))


def _found(facts: InclusionFacts, sentence: str) -> Inclusion:
    condition = facts.condition.condition if facts.condition else None
    return Inclusion(facts.verdict, facts.needs, condition, sentence, facts.evidence, facts)


def _formula(condition: Boolean | None) -> str:
    return "not known" if condition is None else f"${latex(condition)}$"


def _array(found: WitnessFacts) -> "NDArray[Any]":
    import numpy as np

    kernel = np.zeros(found.sizes, dtype=np.int64)
    for entry in found.entries:
        kernel[entry.at] = entry.value
    return kernel
