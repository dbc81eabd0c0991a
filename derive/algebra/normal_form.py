"""The normal form of nested finite sums with symbolic sizes.

Flatten, distribute over addition, shift every range to start at 0, drop brackets that say nothing,
and name the summed letters canonically: sums that differ by such steps have one normal form.
Tensors are opaque symbols; brackets [0 <= index < extent] carry the zero padding.

Equal normal forms prove equality, for all sizes. Unequal ones refute it where every index is a
single letter and nothing carries a bracket: of the monomials in which the forms differ take one
with the most letters, give its letters different values close to the ends of their ranges, in
sizes that are large, far apart and no root of its coefficient; no other monomial makes the same
product of entries, so some entries tell the sums apart. Beyond that (a range cut in two, a
bracket that arithmetic implies, sizes that happen to agree) unequal forms leave the question open.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from sympy import (
    Add,
    Basic,
    cancel,
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    Mul,
    Pow,
    Sum,
    Symbol,
)

from derive.algebra.components import components
from derive.notation.convolution import Within
from derive.notation.errors import InputError

Ranges = Mapping[Symbol, Expr]
Names = dict[Symbol, Expr]  # of letters that are summed around an expression
Supports = Mapping[IndexedBase, tuple[Expr | None, ...]]
Component = tuple[tuple[Expr, ...], tuple[Expr, ...]]  # extents of the summed letters, atoms
Key = tuple[Component, ...]

NAMES = tuple(Dummy(f"_{number}", integer=True) for number in range(64))  # of summed letters


@dataclass(frozen=True)
class Term:
    """A coefficient times a product of atoms (tensors and brackets), summed over ranges from 0."""

    coefficient: Expr
    ranges: tuple[tuple[Symbol, Expr], ...] = ()
    atoms: tuple[Expr, ...] = ()

    def times(self, other: "Term") -> "Term":
        """The product of two terms; their summed letters are distinct."""
        return Term(
            self.coefficient * other.coefficient,
            self.ranges + other.ranges,
            self.atoms + other.atoms,
        )


def normal_form(
    expr: Expr, free: Ranges | None = None, supports: Supports | None = None
) -> dict[Key, Expr]:
    """Canonical monomials with their coefficients; sums with equal normal forms are equal.

    Sums that differ by flattening, distribution, shifts, renaming, the order of letters and
    factors, and brackets without effect have equal normal forms.

    ``free`` says how far letters run that are not summed, ``supports`` along which indices (with
    what extent) a tensor is zero outside. Empty ranges sum to 0. Raises InputError for a range or
    a coefficient that depends on a summed letter, and for what is no sum of products.

    >>> from sympy import symbols
    >>> A, i, j, n = IndexedBase("A"), *symbols("i j", integer=True), Symbol("n", positive=True)
    >>> normal_form(Sum(A[i], (i, 1, n))) == normal_form(Sum(A[j + 1], (j, 0, n - 1)))
    True
    >>> normal_form(Sum(A[i], (i, 1, n))) == normal_form(Sum(A[i], (i, 0, n - 1)))
    False
    """
    return dict(_normal_form(expr, _pairs(free), _pairs(supports)))


def _pairs(mapping: Mapping[Any, Any] | None) -> frozenset[tuple[Any, Any]]:
    return frozenset((mapping or {}).items())


@lru_cache(maxsize=1024)
def _normal_form(
    expr: Expr,
    free: frozenset[tuple[Symbol, Expr]],
    supports: frozenset[tuple[IndexedBase, tuple[Expr | None, ...]]],
) -> Mapping[Key, Expr]:
    """The normal form of one expression, worked out once: theorems share their sums."""
    found: dict[Key, Expr] = {}
    for term in filter(None, map(_without_single, _terms(expr, {}))):
        key, count = _canonical(_relevant(term, dict(free), dict(supports)))
        found[key] = cancel(found.get(key, Integer(0)) + term.coefficient * count)
    return {key: coefficient for key, coefficient in found.items() if coefficient != 0}


def _terms(expr: Expr, names: Names) -> list[Term]:
    """The expression as a sum of terms, its letters renamed: products distributed, sums shifted to
    start at 0."""
    if isinstance(expr, Add):
        return [term for part in expr.args for term in _terms(part, names)]
    if isinstance(expr, Mul):
        return _product([_terms(part, names) for part in expr.args])
    if isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp > 0 and expr.has(Indexed, Within):
        return _product([_terms(expr.base, names) for _ in range(int(expr.exp))])
    if isinstance(expr, Sum):
        return _summed(expr, names)
    if isinstance(expr, Indexed | Within):
        atom = _renamed(expr, names)
        return [Term(atom) if atom.is_Number else Term(Integer(1), (), (atom,))]
    if expr.has(Indexed, Within, Sum):
        raise InputError(f"{expr} is no sum of products")
    return [Term(expr.xreplace(names))]


def _product(factors: list[list[Term]]) -> list[Term]:
    """Every choice of a term from each factor; no two share a letter, each sum has made its own."""
    products = []
    for choice in product(*factors):
        total = Term(Integer(1))
        for term in choice:
            total = total.times(term)
        products.append(total)
    return products


def _summed(total: Sum, names: Names) -> list[Term]:
    """The terms of a sum, each of its letters shifted to run from 0; a later letter of SymPy's
    limits is outside an earlier one, which may start at it."""
    inner, ranges = dict(names), []
    for letter, first, last in reversed(total.limits):
        extent = (last - first + 1).expand()
        if extent.free_symbols & (inner.keys() | {one for one, *_ in total.limits}):
            raise InputError(f"a range of {total.limits} depends on another summed letter")
        start, dummy = first.xreplace(inner), Dummy(integer=True)
        inner[letter] = start + dummy
        ranges.append((dummy, extent))
    terms = _terms(total.function, inner)
    letters = {dummy for dummy, _ in ranges}
    if any(term.coefficient.free_symbols & letters for term in terms):
        raise InputError(f"a coefficient depends on a letter of {total.limits}")
    return [Term(term.coefficient, (*ranges, *term.ranges), term.atoms) for term in terms]


def _renamed(atom: Expr, names: Names) -> Expr:
    """The atom with other names for its letters, its indices multiplied out."""
    renamed = atom.xreplace(names)
    return renamed.func(*map(_multiplied_out, renamed.args))


def _multiplied_out(index: Expr) -> Expr:
    """An index expanded, which one with products of letters and numbers already is."""
    parts = (part for term in Add.make_args(index) for part in Mul.make_args(term))
    return index if all(part.is_Atom for part in parts) else index.expand()


def _without_single(term: Term) -> Term | None:
    """The term without ranges of a single value, and with the brackets that this decides among its
    numbers; None if a range is empty."""
    if any((extent <= 0) == True for _, extent in term.ranges):  # noqa: E712
        return None
    single = {letter: Integer(0) for letter, extent in term.ranges if extent == 1}
    if not single:
        return term
    atoms = [_renamed(atom, single) for atom in term.atoms]
    ranges = tuple((letter, extent) for letter, extent in term.ranges if letter not in single)
    decided = Mul(term.coefficient, *(atom for atom in atoms if atom.is_Number))
    return Term(decided, ranges, tuple(atom for atom in atoms if not atom.is_Number))


def _relevant(term: Term, free: Ranges, supports: Supports) -> Term:
    """The term without brackets that its ranges or its tensors imply, and without repeated ones."""
    known = {(letter, extent) for letter, extent in (*term.ranges, *free.items())}
    for atom in term.atoms:
        if isinstance(atom, Indexed) and atom.base in supports:
            known |= set(zip(atom.indices, supports[atom.base], strict=True))
    tensors = [atom for atom in term.atoms if isinstance(atom, Indexed)]
    brackets = {atom for atom in term.atoms if isinstance(atom, Within) and atom.args not in known}
    return Term(term.coefficient, term.ranges, (*tensors, *brackets))


def _canonical(term: Term) -> tuple[Key, Expr]:
    """The name of a term that does not depend on the names of its letters, and its multiplicity:
    a letter that no atom holds is summed to its extent."""
    extents = dict(term.ranges)
    used = {letter for atom in term.atoms for letter in atom.free_symbols & extents.keys()}
    count = Mul(*(extent for letter, extent in term.ranges if letter not in used))
    parts = components((atom, atom.free_symbols & extents.keys()) for atom in term.atoms)
    names = (_named(atoms, {x: extents[x] for x in letters}) for atoms, letters in parts)
    return tuple(sorted(names, key=_component_name)), count


def _named(atoms: list[Expr], extents: dict[Basic, Expr]) -> Component:
    """The least of the namings that cannot be distinguished; in practice there is only one."""
    colours = {x: _as_text(extent, {}) for x, extent in extents.items()}
    return min(_namings(atoms, extents, colours), key=_component_name)


def _component_name(component: Component) -> list[str]:
    """What components are sorted by."""
    return [_as_text(part, {}) for group in component for part in group]


def _namings(
    atoms: list[Expr], extents: dict[Basic, Expr], colours: dict[Basic, str]
) -> Iterator[Component]:
    colours = _refined(atoms, colours)
    groups: dict[str, list[Basic]] = {}
    for letter, colour in colours.items():
        groups.setdefault(colour, []).append(letter)
    alike = next((g for _, g in sorted(groups.items()) if len(g) > 1), None)
    if alike:
        for letter in _distinct(atoms, alike):
            yield from _namings(atoms, extents, {**colours, letter: colours[letter] + "*"})
        return
    order = sorted(colours, key=colours.__getitem__)
    names = dict(zip(order, NAMES, strict=False))
    named = sorted((atom.xreplace(names) for atom in atoms), key=lambda x: _as_text(x, {}))
    yield tuple(extents[letter] for letter in order), tuple(named)


def _distinct(atoms: list[Expr], alike: list[Basic]) -> list[Basic]:
    """The letters to try: of two that can be swapped without a change, one is enough."""
    whole = Counter(atoms)
    tried: list[Basic] = []
    for letter in alike:
        swaps = ({letter: other, other: letter} for other in tried)
        if not any(Counter(atom.xreplace(swap) for atom in atoms) == whole for swap in swaps):
            tried.append(letter)
    return tried


def _refined(atoms: list[Expr], colours: dict[Basic, str]) -> dict[Basic, str]:
    """Letters distinguished by where they stand, until no round distinguishes more."""
    while len(set(colours.values())) < len(colours):
        finer = {letter: _places(atoms, colours, letter) for letter in colours}
        ranks = {view: f"{rank:03}" for rank, view in enumerate(sorted(set(finer.values())))}
        if len(ranks) == len(set(colours.values())):
            return {letter: ranks[view] for letter, view in finer.items()}
        colours = {letter: ranks[view] for letter, view in finer.items()}
    return colours


def _places(atoms: list[Expr], colours: dict[Basic, str], letter: Basic) -> str:
    """How the atoms look from one letter: itself marked, the others by colour."""
    names = {**colours, letter: "here"}
    views = sorted(_as_text(atom, names) for atom in atoms if letter in atom.free_symbols)
    return f"{colours[letter]}|{'|'.join(views)}"


def _as_text(expr: Basic, names: Mapping[Basic, str]) -> str:
    """An expression as text with other names for some letters, sums and products sorted: what
    SymPy's printer does, several times as fast."""
    if expr in names:
        return names[expr]
    if not expr.args:
        return str(expr.p if expr.is_Integer else getattr(expr, "name", expr))
    parts = [_as_text(part, names) for part in expr.args]
    ordered = sorted(parts) if isinstance(expr, Add | Mul) else parts
    return f"{type(expr).__name__}({', '.join(ordered)})"
