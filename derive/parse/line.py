"""A line of the reader's own: factors such as ``A[j,i,u] B[o,j,v]``, or an einsum.

Nothing is evaluated, and every mistake gets one line that names the letter and its position.
"""

from collections.abc import Iterable, Iterator, Sequence

from sympy import Expr, IndexedBase, Symbol

from derive.notation.errors import InputError, require
from derive.notation.family import Branches, Family, Letters, Line
from derive.notation.letters import a, b, DIRECTIONS, g, i, l, letter, o, SIZE, size
from derive.notation.validation import RESERVED
from derive.parse.grammar import Branch, EXAMPLE, Factor, LETTER, parsed, ParsedLine, Token

KERNEL = "K"
TAPS = {tap.name for tap in DIRECTIONS}
GROUPED = "a, b, c and g are the letters of grouped convolutions"


def read_line(text: str) -> Line:
    """The family that a line stands for; InputError naming letter and position if it is none.

    >>> read_line("K[o,i,u,v] = Σ_j A[j,i,u] · B[o,j,v]")
    A[j, i, u] B[o, j, v]
    >>> read_line("jiu,ojv->oiuv")
    A[j, i, u] B[o, j, v]
    >>> read_line("A[e,i,u,v] B[o,e] where e = 4").sizes[letter("e")]
    4
    """
    require(text, str, f"a line must be text such as {EXAMPLE!r}")
    written = parsed(text)
    branches = tuple((branch.times, _family(branch, written)) for branch in written.branches)
    for complaint in _side_complaints(written, [family for _, family in branches]):
        raise InputError(complaint)
    alone = len(branches) == 1 and branches[0][0] == 1
    return branches[0][1] if alone else Branches(branches)


def own_letters(line: Line) -> dict[Symbol, Expr]:
    """The letters of a line that the alphabet lacks, with what they run over.

    >>> own_letters(read_line("A[e,i,u] B[o,e]"))
    {e: N_e}
    """
    return {
        x: family.sizes[x] for _, family in line.branches for x in family.letters if x not in SIZE
    }


def _family(branch: Branch, written: ParsedLine) -> Family:
    """The family of one branch, once every rule that names a position has been kept."""
    named = branch.output or written.left
    inputs, outputs = _roles(branch.factors, None if named is None else {x.text for x in named})
    kernel = {x.name for x in (*inputs, *outputs)} | TAPS
    for complaint in _factor_complaints(branch.factors, kernel):
        raise InputError(complaint)
    present = {token.text for factor in branch.factors for token in factor.letters}
    own = {name: written.sizes.get(name, size(f"N_{name}")) for name in present - LETTER.keys()}
    return Family(
        *(
            IndexedBase(factor.name)[tuple(map(_letter, factor.letters))]
            for factor in branch.factors
        ),
        inputs=inputs,
        outputs=outputs,
        sizes={letter(name): extent for name, extent in sorted(own.items())},
    )


def _letter(token: Token) -> Symbol:
    return LETTER.get(token.text) or letter(token.text)


def _roles(factors: Sequence[Factor], kernel: set[str] | None) -> tuple[Letters, Letters]:
    """The letters of input and output channels.

    They are i and o, or g, a and g, b of grouped convolutions; without o the channels stay apart
    if i stands in every factor, and a line of taps and bonds alone is a filter of one channel.
    """
    present = set().union(*(factor.known for factor in factors))
    if grouped := present & {x.name for x in (a, b, g)}:
        _only_grouped(factors, present, grouped)
        return (g, a), (g, b)
    if not present & {i.name, o.name}:
        return (), ()
    if i.name not in present:
        raise InputError("no factor holds i, the input channel")
    if o.name in present:
        return (i,), (o,)
    if lacking := [factor for factor in factors if i.name not in factor.known]:
        raise InputError(
            "no factor holds o, the output channel; without it every factor has to hold i, which"
            f" {lacking[0].name} at position {lacking[0].place} does not"
        )
    copied = l.name in present and (kernel is None or l.name in kernel)
    return (i,), (i, l) if copied else (i,)


def _only_grouped(factors: Sequence[Factor], present: set[str], grouped: set[str]) -> None:
    if present & {i.name, o.name}:
        token = next(x for factor in factors for x in factor.letters if x.text in grouped)
        raise InputError(f"letter {token.here}: {GROUPED}, which have neither i nor o")
    for x in (g, a, b):
        if x.name not in present:
            raise InputError(f"no factor holds {x}: {GROUPED}, whose kernel is g,b,a and taps")


def _factor_complaints(factors: Sequence[Factor], kernel: set[str]) -> Iterator[str]:
    """What is wrong with the factors, naming positions."""
    yield from _name_complaints(factors)
    for factor in factors:
        yield from _repeated(factor.letters, factor.name)
    homes: dict[str, list[tuple[Factor, Token]]] = {}
    for factor in factors:
        for token in factor.letters:
            homes.setdefault(token.text, []).append((factor, token))
    for name, found in homes.items():
        if name in TAPS and len(found) > 1:
            where = " and ".join(f"{home.name} (position {x.place})" for home, x in found)
            yield f"tap {name} stands in {where}: a tap sits in exactly one factor"
        if name not in kernel and len(found) == 1:
            (home, token) = found[0]
            yield (
                f"letter {token.here} is summed inside {home.name} alone: drop it, or let another"
                " factor share it"
            )


def _name_complaints(factors: Sequence[Factor]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for name, place in ((factor.name, factor.place) for factor in factors):
        first = name.partition("_")[0]
        if first == KERNEL:
            yield f"the factor at position {place} is called {KERNEL}, like the kernel: rename it"
        if first in RESERVED:
            yield f"the factor at position {place} is called {first}, like an image: rename it"
        if name in seen:
            yield (
                f"two factors are called {name}, at positions {seen[name]} and {place}: each has"
                " weights, so a name, of its own"
            )
        seen[name] = place


def _repeated(tokens: Iterable[Token], where: str) -> Iterator[str]:
    """A letter that stands twice in one place."""
    seen: dict[str, int] = {}
    for name, place in ((token.text, token.place) for token in tokens):
        if name in seen:
            yield f"letter {name} stands twice in {where}, at positions {seen[name]} and {place}"
        seen[name] = place


def _side_complaints(written: ParsedLine, families: Sequence[Family]) -> Iterator[str]:
    """Where outputs, the left side, the letters under sums or the sizes do not fit the factors."""
    for branch, family in zip(written.branches, families, strict=True):
        if branch.output is not None:
            yield from _kernel_complaints(branch.output, family.kernel, "the output")
    if written.left is not None:
        together = dict.fromkeys(x for family in families for x in family.kernel)
        yield from _kernel_complaints(written.left, tuple(together), "the left side")
    yield from _sum_complaints(written, {x.name for f in families for x in f.summed})
    present = {x.name for family in families for x in family.letters}
    for name in written.sizes.keys() - present:
        yield f"letter {name} is given a size, but stands in no factor"


def _kernel_complaints(named: Sequence[Token], kernel: Letters, side: str) -> Iterator[str]:
    yield from _repeated(named, side)
    names = [x.name for x in kernel]
    given = f"the factors give the kernel {','.join(names)}"
    for token in named:
        if token.text not in names:
            yield f"letter {token.here} does not belong in {side}: {given}"
    for name in names:
        if name not in {token.text for token in named}:
            yield f"letter {name} is missing from {side}: {given}"


def _sum_complaints(written: ParsedLine, summed: set[str]) -> Iterator[str]:
    for token in written.summed:
        if token.text not in summed:
            yield f"letter {token.here} stands under the sum, but is not summed"
    if written.summed:
        for name in sorted(summed - {token.text for token in written.summed}):
            yield f"letter {name} is summed, but does not stand under the sum"
