"""A family of convolutions: an ordered contraction of indexed factors whose value is the kernel.

The order of the factors is the order of the layers. Letters that are neither input channel, output
channel nor tap are summed: ``Family(A[j, i, u], B[o, j, v])`` stands for the kernel
K[o,i,u,v] = Σ_j A[j,i,u] B[o,j,v].
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from types import NoneType
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol

from derive.notation.errors import InputError, require
from derive.notation.formula import exact
from derive.notation.letters import C_in, C_out, DIRECTIONS, i, o, SIZE, t, u, v
from derive.notation.validation import complaints

Letters = tuple[Symbol, ...]


def _added(one: "Line", other: "Line") -> Any:
    """Parallel branches on the same image, their results added."""
    if not isinstance(other, Family | Branches):
        return NotImplemented
    return Branches((*one.branches, *other.branches))


def _multiplied(line: "Line", times: int | Expr) -> Any:
    """A line several times side by side, each time with weights of its own."""
    if not isinstance(times, int | Expr):
        return NotImplemented
    return Branches(tuple((_many(times) * count, family) for count, family in line.branches))


@dataclass(frozen=True, init=False, repr=False)
class Family:
    """The kernels that are contractions of the given factors, and the pipeline that runs them.

    ``inputs`` and ``outputs`` are the letters of the input and output channels: i and o, or none
    if no factor holds either, as in the filter a[u] b[v] of one channel. ``taps`` are those of the
    kernel (read off the factors), ``sizes`` what further letters run over. Factors that share no
    letter are an outer product. Raises InputError naming the letter and the factor if the line is
    not a convolution.

    >>> from derive.notation.letters import j
    >>> from sympy import IndexedBase
    >>> A, B = IndexedBase("A"), IndexedBase("B")
    >>> Family(A[j, i, u], B[o, j, v]).einsum
    'jiu,ojv->oiuv'
    """

    factors: tuple[Indexed, ...]
    inputs: Letters
    outputs: Letters
    taps: Letters
    axes: Letters
    sizes: Mapping[Symbol, Expr]

    def __init__(
        self,
        *factors: Indexed,
        inputs: Letters | None = None,
        outputs: Letters | None = None,
        taps: Letters | None = None,
        axes: Letters | None = None,
        sizes: Mapping[Symbol, int | Expr] | None = None,
    ) -> None:
        present = {letter for factor in factors for letter in getattr(factor, "indices", ())}
        named = {"inputs": inputs, "outputs": outputs, "taps": taps, "axes": axes}
        for role, letters in named.items():
            if not isinstance(letters, tuple | NoneType):
                raise InputError(f"{role} must be a tuple of letters, not {letters!r}")
        require(sizes, (Mapping, NoneType), "sizes must map letters to sizes, as {letter('e'): 4}")
        taps = tuple(x for x in DIRECTIONS if x in present) if taps is None else taps
        usual = ((i,), (o,)) if {i, o} & present else ((), ())
        values = {
            "factors": factors,
            "inputs": usual[0] if inputs is None else inputs,
            "outputs": usual[1] if outputs is None else outputs,
            "taps": taps,
            "axes": _native(taps) if axes is None else axes,
            "sizes": {**SIZE, **{x: _size(x, extent) for x, extent in (sizes or {}).items()}},
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)
        for complaint in complaints(self):
            raise InputError(complaint)

    def __hash__(self) -> int:
        return hash((self.factors, self.inputs, self.outputs, self.taps, self.axes))

    def __repr__(self) -> str:
        return " ".join(map(str, self.factors))

    __add__ = _added
    __mul__ = __rmul__ = _multiplied

    @property
    def branches(self) -> "tuple[Branch, ...]":
        """The family as a sum of one pipeline, taken once."""
        return ((Integer(1), self),)

    @cached_property
    def letters(self) -> Letters:
        """All letters in order of appearance: inputs first, then factor by factor."""
        listed = (*self.inputs, *(x for factor in self.factors for x in factor.indices))
        return tuple(dict.fromkeys(listed))

    @property
    def kernel(self) -> Letters:
        """The letters of the full kernel: outputs, inputs, taps (a group stands in both)."""
        return tuple(dict.fromkeys((*self.outputs, *self.inputs, *self.taps)))

    @property
    def summed(self) -> Letters:
        """The bonds: letters that are not in the kernel."""
        return tuple(letter for letter in self.letters if letter not in self.kernel)

    @property
    def shared(self) -> Letters:
        """Channel letters that stand in input and output, which makes the kernel block diagonal."""
        return tuple(letter for letter in self.inputs if letter in self.outputs)

    @property
    def einsum(self) -> str:
        """The contraction in einsum notation, factors in the order of the layers."""
        names = (_joined(factor.indices) for factor in self.factors)
        return f"{','.join(names)}->{_joined(self.kernel)}"

    def extent(self, letters: Iterable[Symbol]) -> Expr:
        """How many values the letters take together: the product of their sizes."""
        return prod((self.sizes[letter] for letter in letters), start=Integer(1))

    @property
    def bases(self) -> tuple[IndexedBase, ...]:
        """The names of the factors, in order.

        >>> from derive.notation.letters import j
        >>> from sympy import IndexedBase
        >>> A, B = IndexedBase("A"), IndexedBase("B")
        >>> Family(A[j, i, u], B[o, j, v]).bases
        (A, B)
        """
        return tuple(factor.base for factor in self.factors)

    @property
    def channels(self) -> dict[Symbol, Expr]:
        """What C_in and C_out are in terms of the sizes of the letters."""
        return {C_in: self.extent(self.inputs), C_out: self.extent(self.outputs)}

    @cached_property
    def states(self) -> tuple[Letters, ...]:
        """Letters carried before each stage and after the last: (earlier or input) and (later or
        output)."""
        known, later = set(self.inputs), [set(factor.indices) for factor in self.factors]
        states = [self.inputs]
        for number, factor in enumerate(self.factors):
            known |= set(factor.indices)
            needed = set(self.outputs).union(*later[number + 1 :])
            carried = (x for x in self.letters if x in known & needed and x not in self.taps)
            states.append(tuple(carried))
        return (*states[:-1], self.outputs)

    @property
    def waste(self) -> tuple[tuple[Indexed, Letters], ...]:
        """Stages that repeat themselves: the factor and the letters it carries along untouched.

        >>> from derive.notation.letters import j
        >>> from sympy import IndexedBase
        >>> A, B = IndexedBase("A"), IndexedBase("B")
        >>> Family(B[o, j, v], A[j, i, u]).waste
        ((B[o, j, v], (i,)), (A[j, i, u], (o,)))
        """
        pairs = zip(self.factors, self.states, strict=False)
        idle = (
            (factor, tuple(x for x in state if x not in factor.indices)) for factor, state in pairs
        )
        return tuple((factor, letters) for factor, letters in idle if letters)

    def without(self, letters: Iterable[Symbol]) -> "Family":
        """The line with some letters left out, as if each ran over a single value.

        A factor that has no other letters is a number, which another factor can hold: it goes too.

        >>> from derive.notation.letters import l
        >>> from sympy import IndexedBase
        >>> D, P = IndexedBase("D"), IndexedBase("P")
        >>> Family(D[i, l, u, v], P[o, i, l]).without([l]).einsum
        'iuv,oi->oiuv'
        """
        gone = set(letters)
        left = ((f.base, tuple(x for x in f.indices if x not in gone)) for f in self.factors)
        factors = (base[indices] for base, indices in left if indices)
        inputs, outputs = (
            tuple(x for x in group if x not in gone) for group in (self.inputs, self.outputs)
        )
        return Family(*factors, inputs=inputs, outputs=outputs, axes=self.axes, sizes=self.sizes)

    def split(self, bond: Symbol, parts: Mapping[Symbol, int | Expr]) -> "Family":
        """The line with several letters in the place of one that is summed, of the given sizes.

        >>> from derive.notation.letters import C_in, j, k_h, q, r
        >>> from sympy import IndexedBase
        >>> A, B = IndexedBase("A"), IndexedBase("B")
        >>> Family(A[j, i, u], B[o, j, v]).split(j, {q: C_in, r: k_h}).einsum
        'qriu,oqrv->oiuv'
        """
        places = ([parts if x == bond else (x,) for x in f.indices] for f in self.factors)
        factors = (
            base[tuple(x for place in indices for x in place)]
            for base, indices in zip(self.bases, places, strict=True)
        )
        sizes = {**self.sizes, **parts}
        return Family(
            *factors, inputs=self.inputs, outputs=self.outputs, axes=self.axes, sizes=sizes
        )

    def on(self, axes: Letters) -> "Family | None":
        """The design on an image whose axes have these tap letters, or None if it has none there.

        A new tap joins the factor that holds all the others; if every tap has its own factor it
        gets one of its own; a tap without an axis leaves, and a factor left without a reason too.
        """
        native = self.axes
        if axes == native:
            return self
        family: Family | None = _rebuilt(self, {}, tuple(DIRECTIONS))
        for tap in (x for x in axes if x not in native):
            family = family and _with_tap(family, tap, native)
        for tap in (x for x in native if x not in axes):
            family = family and _without_tap(family, tap)
        return family and _rebuilt(family, {}, axes)


Branch = tuple[Expr, Family]


@dataclass(frozen=True)
class Branches:
    """Parallel pipelines on the same image, their results added: (how many, family) each.

    >>> from sympy import IndexedBase
    >>> D, P = IndexedBase("D"), IndexedBase("P")
    >>> len((2 * Family(D[i, u, v], P[o, i])).branches)
    1
    """

    branches: tuple[Branch, ...]

    __add__ = _added
    __mul__ = __rmul__ = _multiplied

    def __post_init__(self) -> None:
        if not self.branches:
            raise InputError("a sum needs at least one branch")
        first = self.branches[0][1]
        for times, family in self.branches:
            _many(times)
            if (family.inputs, family.outputs) != (first.inputs, first.outputs):
                raise InputError(f"branches {first} and {family} differ in input or output letters")
            if family.axes != first.axes or family.channels != first.channels:
                raise InputError(f"branches {first} and {family} differ in axes or channels")

    def __repr__(self) -> str:
        return " + ".join(
            str(family) if count == 1 else f"{count} × ({family})"
            for count, family in self.branches
        )

    @property
    def inputs(self) -> Letters:
        """Letters of the input channels."""
        return self.branches[0][1].inputs

    @property
    def outputs(self) -> Letters:
        """Letters of the output channels."""
        return self.branches[0][1].outputs

    @property
    def channels(self) -> dict[Symbol, Expr]:
        """What C_in and C_out are in terms of the sizes of the letters."""
        return self.branches[0][1].channels

    @property
    def taps(self) -> Letters:
        """Taps of all branches together, in the order of the axes."""
        present = {tap for _, family in self.branches for tap in family.taps}
        return tuple(tap for tap in DIRECTIONS if tap in present)

    @property
    def axes(self) -> Letters:
        """The taps of the axes it is written for."""
        return self.branches[0][1].axes

    def on(self, axes: Letters) -> "Branches | None":
        """The sum on an image whose axes have these tap letters, or None if a branch has none."""
        if axes == self.axes:
            return self
        terms = [(count, family.on(axes)) for count, family in self.branches]
        found = tuple((count, family) for count, family in terms if family is not None)
        return Branches(found) if len(found) == len(terms) else None


Line = Family | Branches


def _native(taps: Letters) -> Letters:
    return (t, u, v) if t in taps else (u, v)


def _with_tap(family: Family, tap: Symbol, native: Letters) -> Family | None:
    if not family.taps:
        return family
    places = [n for n, f in enumerate(family.factors) if set(native) <= set(f.indices)]
    if places:
        indices = _inserted(family.factors[places[0]].indices, tap)
        return _rebuilt(family, {places[0]: [family.factors[places[0]].base[indices]]})
    homes = [n for n, f in enumerate(family.factors) if set(native) & set(f.indices)]
    rests = {tuple(x for x in family.factors[n].indices if x not in native) for n in homes}
    if len(homes) != len(native) or len(rests) != 1:
        return None
    first = family.factors[homes[0]]
    own = first.base.func(f"{first.base}_{tap}")[(*rests.pop(), tap)]
    return _rebuilt(family, {homes[0]: [own, first]})


def _without_tap(family: Family, tap: Symbol) -> Family | None:
    homes = [n for n, f in enumerate(family.factors) if tap in f.indices]
    if not homes:
        return family
    home = family.factors[homes[0]]
    indices = tuple(x for x in home.indices if x != tap)
    others = [set(f.indices) for f in family.factors if f is not home]
    if set(indices) & set(family.taps):
        return _rebuilt(family, {homes[0]: [home.base[indices]]})
    if any(set(indices) <= other for other in others):
        return _rebuilt(family, {homes[0]: []})
    return None


def _rebuilt(
    family: Family, changes: Mapping[int, list[Indexed]], axes: Letters | None = None
) -> Family:
    factors = [changes.get(n, [factor]) for n, factor in enumerate(family.factors)]
    return Family(
        *(factor for group in factors for factor in group),
        inputs=family.inputs,
        outputs=family.outputs,
        axes=axes or family.axes,
        sizes=family.sizes,
    )


def _size(letter: Symbol, extent: object) -> Expr:
    """What a letter runs over; InputError unless it is a positive integer or stands for one."""
    require(letter, Symbol, "sizes belong to letters such as letter('e')")
    value = exact(extent)
    if value is None or not (value.is_integer and value.is_positive):
        raise InputError(f"letter {letter} must run over a positive integer, not {extent!r}")
    return value


def _many(times: int | Expr) -> Expr:
    """How many branches; InputError unless it is a positive integer or stands for one."""
    value = exact(times)
    if value is None or not (value.is_integer and value.is_positive):
        raise InputError(f"a family is taken a positive integer number of times, not {times}")
    return value


def _inserted(indices: Letters, tap: Symbol) -> Letters:
    """The indices with the tap before the first tap there is."""
    place = next(n for n, letter in enumerate(indices) if letter in DIRECTIONS)
    return (*indices[:place], tap, *indices[place:])


def _joined(letters: Iterable[Symbol]) -> str:
    return "".join(letter.name for letter in letters)
