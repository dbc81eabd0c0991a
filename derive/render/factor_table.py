"""The answer to ``derive factor`` in a terminal: verdict, proof, least widths, nearest kernels."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import isfinite, prod

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.text import Text

from derive.algebra.exactness import tuple_of
from derive.algebra.matrix import Number
from derive.decide.verdict import Word
from derive.facts.certificate import CertificateFacts, ProofFacts, Residue
from derive.facts.cost import WidthCost
from derive.facts.factors import TensorFacts
from derive.facts.image import long_numbers
from derive.facts.opening import opening_facts, OpeningFacts
from derive.facts.represented import RepresentedFacts
from derive.facts.sizes import size_list
from derive.facts.verdict import (
    CutFacts,
    NearestFacts,
    NoNearestFacts,
    SHOWN,
    Size,
    VerdictFacts,
    WidthFacts,
)
from derive.notation.letters import u, v
from derive.render.amount import number
from derive.render.curve import curve_shown, curve_words, pareto_shown, scientific
from derive.render.proof_table import grid
from derive.render.sheet import Column, Sheet
from derive.render.streams import one_line
from derive.render.table import times

LONGEST = 12  # characters of an entry that is still shown as it is
VECTOR = 32  # numbers of a vector that is still written out
LARGEST = 7  # side of a grid that is still drawn
PLAIN = 3  # sizes that need no table of their own
MOST = 18  # grids drawn of one tensor
CHEAPEST = 5  # families shown of all that represent a kernel
COSTS = (
    Column("family"),
    Column("smallest"),
    *(Column(x, number=True) for x in ("parameters", "MACs", "of standard")),
)
EVERY = "Families that represent this kernel exactly, fewest parameters first"
HEADING = "Smallest sizes that represent this kernel exactly"
OUTSIDE = "it has an entry where the family has zeros"
STYLES = {
    Word.EXACT: "bold green",
    Word.NOT_EXACT: "bold red",
    Word.UNDECIDED: "bold yellow",
}
PLANE = ({(v,), (u,)}, ())  # the sides of the matrix that is the kernel itself, and what is kept


def factor_table(facts: VerdictFacts) -> RenderableType:
    """The kernel, the verdict in words, what proves it, and what else there is to know."""
    first = opening_facts(facts)
    return Group(opening(first), *_within(first, facts.nearest), proved(facts), rest(facts))


def opening(facts: OpeningFacts) -> RenderableType:
    """The kernel and the family, and what floats come to: what is said first."""
    return Group(
        _head(facts),
        *_choice(facts),
        *_layout(facts),
        *_drawn("K", facts.kernel),
        Text(),
        *_practical(facts),
    )


def proved(facts: VerdictFacts) -> RenderableType:
    """The exact verdict, what proves it, and the smallest sizes."""
    return Group(
        *_verdict(facts),
        *_proof(facts.proof),
        Text(),
        *_widths(facts),
    )


def rest(facts: VerdictFacts) -> RenderableType:
    """What else there is to know: other families, and the nearest kernels."""
    return Group(
        *_families(facts),
        *_nearest(facts),
        *_curve(facts),
        *_at_these_sizes(facts),
        *_hint(facts),
        *_pareto(facts),
    )


def _head(facts: OpeningFacts) -> Text:
    outputs, inputs, *taps = facts.kernel.extents
    sides = " × ".join(map(str, taps))
    sizes = size_list(facts.setting)
    setting = f", {sizes}" if sizes else ""
    shape = f"{sides} taps, {inputs} → {outputs} channels"
    family = f"as {facts.family}{setting}: {facts.einsum}"
    precision = f", {facts.floating} taken exactly" if facts.floating else ""
    return Text.assemble((one_line(facts.name), "bold"), f"  {shape}{precision}\n{family}")


def _layout(facts: OpeningFacts) -> Iterator[Text]:
    """How an array with axes of channels was read, and what would read it otherwise."""
    stored = facts.stored
    if stored is None or facts.kernel.extents[:2] == (1, 1):
        return
    extents = " × ".join(map(str, stored.extents))
    groups = f", {stored.groups} groups with zeros between them" if stored.groups > 1 else ""
    yield Text(f"Read with layout {stored.layout}: {extents} is {stored.axes}{groups}.", "dim")
    for other in stored.otherwise:
        outputs, inputs, *taps = other.extents
        sides = " × ".join(map(str, taps))
        words = f"{sides} taps, {inputs} → {outputs} channels"
        yield Text(f"With {other.options}: {other.axes}, {words}.", "dim")


def _choice(facts: OpeningFacts) -> Iterator[Text]:
    """What the sizes of the family cost and leave, in one sentence, where there is a choice."""
    practical, found = facts.practical, facts.curve
    open_to_choice = found is not None and found.curve_sizes > 1
    if facts.verdict is Word.EXACT or (practical and practical.within):
        return
    if found is not None and open_to_choice:
        yield Text(curve_words(found), "bold")


def _practical(facts: OpeningFacts) -> Iterator[RenderableType]:
    """What floats are to their own precision."""
    word, found = facts.verdict, facts.practical
    if found is None or word is not Word.NOT_EXACT:
        return
    kind, error = shape_words(facts.cuts), scientific(found.relative_error)
    near = (
        f" it is {kind} to a relative error of {error}."
        if found.within
        else f" it is not {kind}: the nearest one has a relative error of {error}."
    )
    yield Text.assemble(("As floats", STYLES[Word.EXACT if found.within else word]), near)


def _within(
    facts: OpeningFacts, near: NearestFacts | NoNearestFacts | None
) -> Iterator[RenderableType]:
    """The factors of floats that are of the form up to their rounding."""
    found = facts.practical
    if facts.verdict is Word.NOT_EXACT and found is not None and found.within:
        yield from _near_factors(near)


def _near_factors(near: NearestFacts | NoNearestFacts | None) -> Iterator[RenderableType]:
    """The nearest factors, if they are known."""
    if isinstance(near, NearestFacts):
        for one in near.factors or ():
            entries = tuple(map(Fraction, one.entries))
            yield from _drawn(one.name, TensorFacts(one.letters, one.extents, entries))


def _verdict(facts: VerdictFacts) -> Iterator[Text]:
    """The exact verdict, and the ranks that it rests on."""
    word, ranks = facts.proof.claim.verdict, "; ".join(map(matrix_words, facts.cuts))
    if not (found := facts.practical) or word is not Word.NOT_EXACT:
        yield Text.assemble((word.capitalize(), STYLES[word]), f"  {ranks}" if ranks else "")
        return
    verdict = " it is not" if found.within else " it is not either"
    taken = ": with every float taken as the fraction that it is, "
    yield Text.assemble(("Exactly", STYLES[word]), f"{verdict}{taken}{ranks or OUTSIDE}.")


def shape_words(cuts: tuple[CutFacts, ...]) -> str:
    """What a kernel of the form is, in words.

    >>> one, two = (CutFacts((v,), (u,), (), rank=2, bound=bound) for bound in (1, 2))
    >>> shape_words((one,)), shape_words((two,))
    ('a column times a row', 'a sum of 2 columns times rows')
    """
    if [({cut.rows, cut.columns}, cut.kept) for cut in cuts] == [PLANE]:
        bound = cuts[0].bound
        return "a column times a row" if bound == 1 else f"a sum of {bound} columns times rows"
    return "of this form"


def matrix_words(cut: CutFacts) -> str:
    """The rank of one matrix, and the rank allowed.

    >>> from derive.notation.letters import i, o
    >>> matrix_words(CutFacts((o, v), (i, u), (), rank=2, bound=1))
    'the (o, v) × (i, u) matrix has rank 2, of which 1 is allowed'
    """
    rows, columns = map(tuple_of, (cut.rows, cut.columns))
    each = f" of some slice {', '.join(map(str, cut.kept))}" if cut.kept else ""
    allowed = f"{cut.bound} is allowed"
    return f"the {rows} × {columns} matrix{each} has rank {cut.rank}, of which {allowed}"


def _index(letters: str) -> str:
    return letters if len(letters) == 1 else f"({', '.join(letters)})"


def _proof(proof: ProofFacts) -> Iterator[RenderableType]:
    """Factors, or the minor, or the reason why there is neither."""
    if proof.claim.factors is not None:
        yield Text("These factors contract to the kernel, entry by entry:")
        for factor in proof.claim.factors:
            yield from _drawn(factor.name, factor.tensor)
    elif proof.claim.certificate:
        yield Text(minor_words(proof.claim.certificate))
    else:
        yield Text(proof.claim.reason or "")
    if proof.claim.verdict is not Word.UNDECIDED:
        yield Text(
            "Checked by derive/certificate.py, which shares no code with the decision.", "dim"
        )


def minor_words(certificate: CertificateFacts) -> str:
    """A minor that proves that a kernel is not of a form."""
    rows = _entries(certificate.row_letters, certificate.rows)
    columns = _entries(certificate.column_letters, certificate.columns)
    kept = ", ".join(f"{x} = {n}" for x, n in certificate.kept.items())
    value = _value(certificate.minor)
    where = f" at {kept}" if kept else ""
    size, bound = len(certificate.rows), certificate.bound
    if size == 1 and not bound:
        return f"The entry{where} {rows}, {columns} is {value}, where the family has zeros."
    return (
        f"The {size} × {size} minor of rows {rows} and columns {columns}{where} is {value}, not 0:"
        f" larger than the {bound} that the family allows."
    )


def _value(minor: Fraction | Residue) -> str:
    if isinstance(minor, Residue):
        return f"{minor.residue} modulo the prime {minor.prime}"
    whole = text_of(minor)
    return f"about {_rounded(minor, 3)}" if len(whole) > LONGEST else whole


def text_of(number: Number) -> str:
    """An exact number of any length in full."""
    with long_numbers():
        return str(number)


def _rounded(entry: Number, digits: int) -> str:
    """A fraction of any length as a decimal, also where no float is so large or so small.

    >>> _rounded(Fraction(1, 3000000000000), 3), _rounded(-(10**400), 3)
    ('3.33e-13', '-1.00e+400')
    """
    exact = Decimal(entry.numerator) / Decimal(entry.denominator)
    near = float(exact)
    return f"{near if isfinite(near) and bool(near) == bool(exact) else exact:.{digits}g}"


def _entries(letters: str, places: tuple[tuple[int, ...], ...]) -> str:
    """Rows or columns by their letters, the first few if there are many."""
    shown = [f"({', '.join(map(str, at))})" if len(at) > 1 else str(*at) for at in places[:6]]
    more = [f"… {len(places) - 6} more"] if len(places) > 6 else []
    return f"{_index(letters)} = {', '.join([*shown, *more])}"


def _widths(facts: VerdictFacts) -> Iterator[RenderableType]:
    """The smallest width for each order, and what it costs."""
    yield Sheet(COSTS, [_width(facts, row) for row in facts.widths], HEADING)
    if (found := facts.practical) and found.width:
        least = {n for row in facts.widths for n in (row.minimal or {}).values()}
        if found.width < min(least, default=0):
            yield Text(f" To the precision of {facts.floating} rank {found.width} is enough.")


def _width(facts: VerdictFacts, row: WidthFacts) -> tuple[Text | str, ...]:
    if row.minimal is None or row.cost is None:
        return row.family, _none(facts), "", "", ""
    smallest = size_list(row.minimal) or "as it is"
    return row.family, smallest, *_cost_cells(row.cost)


def _none(facts: VerdictFacts) -> str:
    """Why there is no smallest size to name."""
    if not facts.bounds:
        return "none"
    ranges = (f"{x} from {low} to {high}" for x, (low, high) in facts.bounds.items())
    return f"between: {', '.join(ranges)}"


def _families(facts: VerdictFacts) -> Iterator[RenderableType]:
    """The cheapest families of the book that represent the kernel, and how many more do."""
    if facts.families is None:
        return
    found = facts.families.represented_by
    yield Text()
    yield Sheet(COSTS, [_represented(one) for one in found[:CHEAPEST]], EVERY)
    if (more := len(found) - CHEAPEST) > 0:
        yield Text(f" and {more} more: --json has all of them with their factors", "dim")


def _represented(one: RepresentedFacts) -> tuple[Text | str, ...]:
    """A family at its setting, in the reader's terms."""
    sizes = size_list(one.setting) or "as it is"
    setting = sizes if one.smallest else f"{sizes}, or less"
    return one.family, setting, *_cost_cells(one.cost)


def _cost_cells(cost: WidthCost) -> tuple[Text | str, ...]:
    ratio = cost.ratio.macs
    style = "green" if cost.saves.macs else "red" if ratio != 1 else ""
    return number(cost.parameters), number(cost.macs), Text(times(ratio), style)


def _nearest(facts: VerdictFacts) -> Iterator[RenderableType]:
    """Errors of the best approximations of every rank, if they are few, in floating point."""
    if not facts.approximations or not _few(facts):
        return
    names = ("rank", "next σ / σ₁", "relative error", "moves the output by at most")
    rows = [
        (
            str(row.width),
            f"{row.ratio:.2g}",
            f"{row.relative_error:.2g}",
            _moved(row.output_error),
        )
        for row in facts.approximations
    ]
    yield Text()
    yield Sheet([Column(name, number=True) for name in names], rows, "Nearest kernels, in floats")


def _few(facts: VerdictFacts) -> bool:
    """Whether the best approximations of all ranks have a row each."""
    return (facts.rank or 0) <= SHOWN


def _curve(facts: VerdictFacts) -> Iterator[RenderableType]:
    """Error and cost around the sizes that matter, and the plot."""
    if facts.curve is None or facts.curve.curve_sizes <= PLAIN:
        return
    if facts.practical or facts.proof.claim.verdict is not Word.EXACT:
        yield Text()
        yield from curve_shown(facts.curve)


def _moved(error: Size | None) -> str:
    """How much the output changes at most, for an image of norm 1."""
    if error is None:
        return "not known"
    size = error if isinstance(error, str) else f"{error:.3g}"
    return f"{size} × the image" if error else "nothing"


def _at_these_sizes(facts: VerdictFacts) -> Iterator[RenderableType]:
    """What the nearest factors come to, at the sizes that were asked for or chosen."""
    found = facts.nearest
    if found is None:
        return
    if isinstance(found, NoNearestFacts):
        yield Text(f"\nNo nearest kernel: {found.reason}; none is nearer than", end=" ")
        yield Text(f"{found.at_least:.2g} of the kernel's norm.")
        return
    sizes = size_list(found.setting)
    at = f" at {sizes}" if sizes else ""
    words = (
        f"Factors{at} in {found.precision}, by {found.method}, have a relative error of"
        f" {scientific(found.relative_error)}, {_best(found)}"
    )
    shown = {row.width for row in facts.approximations} if facts.rank else set()
    if not (_few(facts) and {cut.bound for cut in facts.cuts} <= shown):
        words += f"; they move the output by at most {_moved(found.output_error)}"
    yield Text(f"\n{words}.")
    if facts.practical is None or not facts.practical.within:
        yield from _near_factors(found)


def _pareto(facts: VerdictFacts) -> Iterator[RenderableType]:
    """All families next to each other, if they are asked for."""
    if facts.pareto:
        yield Text()
        yield from pareto_shown(facts.pareto)


def _best(found: NearestFacts) -> str:
    """How near the factors are to the best there are."""
    if found.optimal:
        return "the smallest there is up to rounding"
    if found.within is None:
        return "found, not proved best: there may be no best"
    return f"at most {found.within:.3g} times the smallest (√t after t truncations)"


def _hint(facts: VerdictFacts) -> Iterator[RenderableType]:
    """Simple fractions behind the floats."""
    if facts.hint is None:
        return
    found = facts.hint
    ranks = ", ".join(map(str, found.ranks))
    scale = "" if found.scale == 1 else f", times {found.scale}"
    yield Text(
        f"\nWithin {found.ulps:.2g} ulp of a kernel of rank {ranks} with entries"
        f" n/{found.denominator}{scale}:"
    )
    yield from _drawn("K′", found.kernel)


def _drawn(name: str, tensor: TensorFacts) -> Iterator[RenderableType]:
    """A tensor as grids, or a long vector as a line, if it is small enough to be looked at."""
    extents, letters = tensor.extents, tensor.letters
    title = f"{name}[{', '.join(letters)}]"
    vector = LARGEST < max(extents, default=1) == prod(extents) <= VECTOR
    if not vector and (max(extents[-2:], default=0) > LARGEST or prod(extents[:-2]) > MOST):
        shape = " × ".join(map(str, extents))
        yield Text(f"{title}: {shape} numbers, not shown (--json or --out has them)", "dim")
        return
    entries = list(map(text_of, tensor.entries))
    rounded = any(len(entry) > LONGEST for entry in entries)
    entries = [_rounded(entry, 6) for entry in tensor.entries] if rounded else entries
    yield Text.assemble((title, "bold"), "  rounded here" if rounded else "")
    if vector:
        yield Text(f"  {' '.join(entries)}")
        return
    yield Columns([grid(*plane) for plane in _planes(letters, extents, entries)], padding=(0, 3))


def _planes(
    letters: str, extents: Sequence[int], entries: Sequence[str]
) -> Iterator[tuple[str, list[list[str]]]]:
    """One matrix for every value of the letters but the last two, labelled by these values."""
    *fixed, height, width = [1, *extents] if len(extents) < 2 else extents
    size = height * width
    for n, at in enumerate(product(*map(range, fixed))):
        values = (f"{x} = {k}" for x, k in zip(letters, at, strict=False))
        rows = [entries[n * size + y * width :][:width] for y in range(height)]
        yield ", ".join(values) if prod(fixed) > 1 else "", [list(row) for row in rows]
