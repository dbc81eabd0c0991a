"""The catalogue: every family of the folder, with its words and everything derived from it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from sympy import Expr, Indexed

from derive.algebra.counting import Count
from derive.algebra.dimension import degrees_of_freedom
from derive.algebra.exactness import Exactness
from derive.notation.errors import require
from derive.notation.family import Branches, Family, Line
from derive.notation.formula import Formula
from derive.notation.leaf import described, Leaf, LeafFolder, Library, need_title
from derive.notation.letters import Direction, DIRECTIONS

BOOK = Path(__file__).parent


@dataclass(frozen=True)
class Entry:
    """A family of the book: its words, and what is derived from its one line."""

    name: str
    title: str
    summary: str
    prose: tuple[str, ...]
    aliases: tuple[str, ...]
    sources: tuple[str, ...]
    family: Line

    def __add__(self, other: "Entry") -> "Entry":
        return own_line(self.family + other.family) if isinstance(other, Entry) else NotImplemented

    def __radd__(self, nothing: int) -> "Entry":
        return self if nothing == 0 else NotImplemented

    def __rmul__(self, times: int | Expr) -> "Entry":
        return own_line(times * self.family)

    __mul__ = __rmul__

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The spatial directions the line is written for."""
        return tuple(DIRECTIONS[tap] for tap in self.family.axes)

    @cached_property
    def count(self) -> Count:
        """The counts of the family."""
        return Count(self.family, self.directions)

    @property
    def parameters(self) -> Expr:
        """Number of weights, without biases."""
        return self.count.parameters.expr

    @property
    def macs(self) -> Expr:
        """Multiply-accumulates, padding included."""
        return self.count.macs.expr

    @property
    def exact_when(self) -> str:
        """The kernels it represents exactly, in words."""
        return Exactness(self.family).words

    @cached_property
    def formulas(self) -> dict[str, Formula]:
        """Every formula of the family by name, each with its guard."""
        counts = {name: getattr(self.count, name) for name in COUNTS}
        fields = {
            f"receptive_field_{d.kernel.name[-1]}": self.count.receptive_field(d)
            for d in self.directions
        }
        freedom, exact = degrees_of_freedom(self.family)
        return counts | fields | {f"degrees_of_freedom{'' if exact else '_at_most'}": freedom}


COUNTS = (
    "parameters",
    "parameters_with_bias",
    "parameters_with_last_bias",
    "multiplications",
    "additions",
    "additions_with_bias",
    "additions_with_last_bias",
    "macs",
    "macs_in_bounds",
    "flops",
    "flops_with_bias",
    "flops_with_last_bias",
    "flops_in_bounds",
    "activations",
    "bytes",
    "bytes_with_bias",
    "bytes_with_last_bias",
    "intensity",
    "intensity_with_bias",
    "intensity_with_last_bias",
)


class Catalogue(Library[Entry]):
    """Family ids to entries, read from the folder: those of all files that can be read.

    A title or an alias is looked up like an id, and so is the path of a file such as ./mine.py,
    whose Python is run. Raises UnknownNameError for a name that no family has, and LeafError for a
    file that cannot be read.

    >>> "depthwise-separable" in FAMILIES, len(FAMILIES) > 15
    (True, True)
    >>> FAMILIES["bottleneck"].name
    'tucker-2'
    """

    def read(self, leaf: Leaf) -> Entry:
        """The family of a file; LeafError if its docstring or its line is missing."""
        module = leaf.module()
        need_title(leaf, module)
        if not isinstance(line := getattr(module, "family", None), Line):
            found = f"not {line!r}" if hasattr(module, "family") else "and there is none"
            raise leaf.wrong(f"family must be a Family, {found}", leaf.line_of("family"))
        return entry(leaf.name, module)

    def place(self, name: str) -> tuple[bool, int, bool, str]:
        """Single pipelines before sums, fewer factors first, the baseline first of all."""
        branches = self[name].family.branches
        factors = sum(len(family.factors) for _, family in branches)
        return len(branches) > 1 or branches[0][0] != 1, factors, name != "standard", name


FAMILIES = Catalogue(LeafFolder("family", BOOK / "families", "derive.families"))
THEOREMS = LeafFolder("theorem", BOOK / "theorems", "derive.theorems")


def family_id(text: str) -> str:
    """The id of the family that a text names: an id, a title, an alias, or the path of a file.

    The id of a file that is not in the book is its whole path. Raises UnknownNameError for a name
    that no family has, or several have, and InputError if there is no file at the path.

    >>> family_id("Bottleneck"), family_id("1x1 conv"), family_id("(2+1)D")
    ('tucker-2', 'pointwise', 'r2plus1d')
    """
    return FAMILIES.folder.id(text)


def theorem_id(text: str) -> str:
    """The id of the theorem that a text names: an id, a number, a title, or the path of a file.

    The id of a file that is not in the book is its whole path. Raises UnknownNameError for a name
    that no theorem has, and InputError if there is no file at the path.

    >>> theorem_id("T2"), theorem_id("Rank One")
    ('rank-one', 'rank-one')
    """
    return THEOREMS.id(text)


def entry(name: str, module: ModuleType) -> Entry:
    """The entry that a leaf declares: its docstring and its one expression."""
    return Entry(name, *described(module.__doc__), module.family)


def own(*factors: Indexed, **letters: object) -> Entry:
    """An entry for the reader's own line: the arguments are those of Family.

    >>> from derive.notation.letters import i, o, u, v
    >>> from sympy import IndexedBase
    >>> own(IndexedBase("W")[o, i, u, v]).parameters
    C_in*C_out*k_h*k_w
    """
    return own_line(Family(*factors, **letters))  # type: ignore[arg-type]


def own_line(line: Line) -> Entry:
    """An entry for a line, which may be a sum of branches; InputError for anything else."""
    require(
        line, (Family, Branches), "a line must be a Family, a sum of some, or read by read_line"
    )
    return Entry("own", "Your own line", repr(line), (), (), (), line)
