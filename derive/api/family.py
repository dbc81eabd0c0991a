"""A family of convolutions, as Python code and a notebook see it; and the families of the book."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sympy import Expr, Indexed, Symbol

from derive.api.formula import Formula
from derive.api.notebook import brief, table
from derive.catalogue import Entry, FAMILIES, own, own_line
from derive.facts.family import derived_facts
from derive.notation.errors import InputError, require
from derive.notation.family import Letters, Line
from derive.parse.line import read_line
from derive.render.console import as_text
from derive.render.derivation import derivation
from derive.render.family import represented
from derive.render.latex import definition_latex, latex

if TYPE_CHECKING:
    from derive.api.comparison import Design
    from derive.notation.layer import Layer

SHOWN = {
    "parameters": "parameters",
    "macs": "MACs",
    "macs_in_bounds": "in-bounds MACs",
    "flops": "FLOPs",
    "activations": "activations",
    "bytes": "bytes moved",
}  # the counts that a notebook shows, and their titles


@dataclass(frozen=True, init=False, repr=False)
class Family:
    """A family of convolutions: one line of factors, and everything derived from it.

    The families of the book are ``derive.families["asymmetric"]`` and so on; ``derive.define``
    reads a line from text. A line of your own can also be made of indexed tensors of SymPy, in the
    order of the layers: ``Family(A[j, i, u], B[o, j, v])`` has the kernel
    K[o,i,u,v] = Σ_j A[j,i,u] B[o,j,v].

    Counts are formulas in closed form: ``parameters``, ``macs``, ``flops`` and all ``formulas``.
    Call one with sizes by name for a number; ``on`` counts the family on a layer. Families are
    added with ``+`` (parallel branches) and taken several times with ``*``.

    Args:
        *factors: indexed tensors in the order of the layers.
        inputs: letters of the input channels; i unless given.
        outputs: letters of the output channels; o unless given.
        taps: letters of the taps of the kernel; read off the factors unless given.
        axes: letters of the taps of the axes of the image; read off the factors unless given.
        sizes: what letters of your own run over, as ``{letter("e"): 4}``.

    Raises InputError, which names the letter and the factor, if the line is not a convolution.

    >>> from derive.notation.letters import i, j, o, u, v
    >>> from sympy import IndexedBase
    >>> A, B = IndexedBase("A"), IndexedBase("B")
    >>> Family(A[j, i, u], B[o, j, v]).parameters(C_in=3, C_out=8, n=3, m=3)
    99
    """

    entry: Entry

    def __init__(
        self,
        *factors: Indexed,
        inputs: Letters | None = None,
        outputs: Letters | None = None,
        taps: Letters | None = None,
        axes: Letters | None = None,
        sizes: Mapping[Symbol, int | Expr] | None = None,
    ) -> None:
        made = own(*factors, inputs=inputs, outputs=outputs, taps=taps, axes=axes, sizes=sizes)
        object.__setattr__(self, "entry", made)

    @classmethod
    def of(cls, entry: Entry) -> "Family":
        """The family of an entry of the catalogue."""
        family = object.__new__(cls)
        object.__setattr__(family, "entry", entry)
        return family

    def __repr__(self) -> str:
        return f"Family {self.name}: {self.line}"

    def __add__(self, other: "Family") -> "Family":
        return Family.of(self.entry + other.entry) if isinstance(other, Family) else NotImplemented

    def __radd__(self, nothing: int) -> "Family":
        return self if nothing == 0 else NotImplemented

    def __mul__(self, times: int | Expr) -> "Family":
        return Family.of(times * self.entry)

    __rmul__ = __mul__

    @property
    def name(self) -> str:
        """The id, such as ``depthwise-separable``; ``own`` for a line of your own."""
        return self.entry.name

    @property
    def title(self) -> str:
        """The name in words."""
        return self.entry.title

    @property
    def summary(self) -> str:
        """What it is, in one sentence."""
        return self.entry.summary

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names of the family in the literature."""
        return self.entry.aliases

    @property
    def sources(self) -> tuple[str, ...]:
        """The works that it comes from."""
        return self.entry.sources

    @property
    def line(self) -> Line:
        """The contraction, as the functions of the engine take it."""
        return self.entry.family

    @cached_property
    def formulas(self) -> Mapping[str, Formula]:
        """Every count in closed form by name, each with its guard.

        >>> import derive
        >>> derive.families["standard"].formulas["parameters_with_bias"]
        C_in*C_out*k_h*k_w + C_out
        """
        return {name: Formula.of(one, name) for name, one in self.entry.formulas.items()}

    @property
    def parameters(self) -> Formula:
        """Number of weights, without biases."""
        return self._count("parameters")

    @property
    def macs(self) -> Formula:
        """Multiply–accumulates, products with padding zeros included."""
        return self._count("macs")

    @property
    def macs_in_bounds(self) -> Formula:
        """Multiply–accumulates on pixels of the image."""
        return self._count("macs_in_bounds")

    @property
    def flops(self) -> Formula:
        """Multiplications plus additions, without bias."""
        return self._count("flops")

    @property
    def activations(self) -> Formula:
        """Numbers written by all stages."""
        return self._count("activations")

    @property
    def bytes(self) -> Formula:
        """Bytes moved: each stage reads its input and weights once and writes its output once."""
        return self._count("bytes")

    def _count(self, name: str) -> Formula:
        return Formula.of(getattr(self.entry.count, name), name)

    @property
    def exact_when(self) -> str:
        """The condition under which a kernel is of this form, in words.

        >>> import derive
        >>> derive.families["asymmetric"].exact_when
        'the (o, v) × (i, u) matrix of the kernel has rank at most m'
        """
        return self.entry.exact_when

    @property
    def derivation(self) -> str:
        """The derivation step by step: line, layers, proof, and every count as a sum.

        >>> import derive
        >>> print(derive.families["pointwise"].derivation.splitlines()[4])
          K_o,i = P_o,i
        """
        return as_text(derivation(self.entry))

    def on(self, layer: "Layer", *, bias: str | None = None, **sizes: int | str) -> "Design":
        """The family on a layer: its counts in numbers.

        ``sizes`` are those that the family chooses for itself, by name: ``m`` middle channels, a
        depth multiplier ``M``, ranks ``P``, ``Q``, ``R``, terms ``T``. The width may be ``"in"`` or
        ``"out"``, the channels of that side. Those left out are the usual ones: C_in, or the
        largest that represents a further kernel. ``bias`` is ``"all"``, ``"last"`` or ``"none"``;
        as the layer says unless given.

        Raises InputError, one line, for a size that the family does not have, which lists those
        that it has, and if the family has no form on the layer.

        >>> import derive
        >>> layer = derive.layer(image=(128, 128), channels=(3, 8), kernel=3)
        >>> derive.families["asymmetric"].on(layer, m="out").macs
        4325376
        """
        from derive.api.comparison import placed

        return placed(self.entry, layer, sizes, bias)

    def code(
        self,
        framework: str = "pytorch",
        layer: "Layer | None" = None,
        *,
        bias: str | None = None,
        weights: str | None = None,
        **sizes: int | str,
    ) -> str:
        """One complete file that makes the family on a layer in a framework, and checks it.

        The file ends by contracting random weights to one kernel and comparing the two on an image.

        Args:
            framework: ``pytorch``, ``keras``, ``jax``, ``numpy`` or ``onnx``.
            layer: as ``derive.layer`` makes it; that of the opening question unless given.
            bias: ``all`` stages have one, the ``last`` alone, or ``none``; as the layer says unless
                given.
            weights: path of a .npz file with an array for each factor, which the code loads.
            sizes: those of the family by name, as in ``on``.

        Raises InputError, one line, for another framework, a size that the family does not have, a
        layer that it does not fit, a stage that the framework does not have as a convolution, and a
        file whose arrays do not fit.

        >>> import derive
        >>> text = derive.families["asymmetric"].code("pytorch", derive.layer(stride=2), m=8)
        >>> print(text.splitlines()[11].strip())
        nn.Conv2d(3, 8, (3, 1), stride=(2, 1), padding=(1, 0), bias=False),
        """
        from derive.api.comparison import placed_row
        from derive.code.facts import code_facts
        from derive.code.printers import PRINTERS

        if framework not in PRINTERS:
            known = ", ".join(PRINTERS)
            raise InputError(f"framework must be one of {known}, not {framework!r}")
        row = placed_row(self.entry, layer, sizes, bias)
        return code_facts(row, framework, weights).code

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {definition_latex(self.line)}$"

    def _repr_markdown_(self) -> str:
        rows = [
            (title, f"${latex(one.general.expr)}$", f"${latex(one.square.expr)}$")
            for name, title in SHOWN.items()
            for one in [derived_facts(self.entry).formulas[name]]
        ]
        head = ("count", "in general", "n × n, n odd, stride 1, same padding")
        return "\n\n".join(
            [
                f"**{self.title}**: {self.summary}",
                f"$${definition_latex(self.line)}$$",
                table(head, brief(rows, len(head), "family.formulas")),
                represented(self.exact_when),
            ]
        )


class Families(Mapping[str, Family]):
    """The families of the book by id; a title or a name from the literature is understood too.

    Raises InputError, which names the nearest, for a name that there is not.

    >>> import derive
    >>> derive.families["depthwise-separable"]
    Family depthwise-separable: D[i, l, u, v] P[o, i, l]
    """

    def __getitem__(self, name: str) -> Family:
        return Family.of(FAMILIES[name])

    def __iter__(self) -> Iterator[str]:
        return iter(FAMILIES)

    def __len__(self) -> int:
        return len(FAMILIES)

    def __repr__(self) -> str:
        return f"families: {', '.join(self)}"


def family_of(given: object) -> Family:
    """The family that is given, or named by its id, its title or another name.

    Raises InputError for anything else, and for a name that no family has.

    >>> family_of("asymmetric").name
    'asymmetric'
    """
    if isinstance(given, Family):
        return given
    require(given, str, "a family is such as derive.families['asymmetric'] or its name")
    return Family.of(FAMILIES[str(given)])


def define(line: str) -> Family:
    """A family of your own, from a line of text.

    The line is a contraction such as ``A[j,i,u] B[o,j,v]`` or an einsum such as
    ``jiu,ojv->oiuv``; it is read and never evaluated. Input channel, output channel and taps are
    i, o and t, u, v; the letters that are none of these are summed. Raises InputError, which says
    where the line is wrong, if it is not a convolution.

    >>> define("A[j,i,u] B[o,j,v]").parameters(C_in=3, C_out=8, n=3, m=3)
    99
    """
    return Family.of(own_line(read_line(line)))
