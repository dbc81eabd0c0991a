"""A kernel as a product of smaller factors: the verdict, the factors, and what proves it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, TYPE_CHECKING

from sympy import Symbol

from derive.algebra.kernel import Kernel
from derive.algebra.matrix import Number
from derive.api.comparison import rank_sizes, width
from derive.api.family import Family, family_of
from derive.api.layer import Sizes, sizes_words
from derive.api.notebook import table
from derive.code.facts import code_facts
from derive.code.printers import PRINTERS
from derive.comparison import Choices
from derive.decide.nearest import factor_names, numbered
from derive.decide.spectrum import Known as Spectra
from derive.decide.verdict import Verdict, Word
from derive.facts.choice import chosen_size
from derive.facts.factors import FactorFacts
from derive.facts.question import Question
from derive.facts.represented import represented, RepresentedFacts
from derive.facts.sizes import chosen, together
from derive.facts.verdict import decided, NearestFacts, verdict_facts, VerdictFacts
from derive.notation.errors import InputError
from derive.notation.letters import C_c
from derive.notation.words import short
from derive.parse.budget import read_budget
from derive.parse.kernel import read_kernel
from derive.parse.layer import read_layer_of
from derive.parse.layout import Known
from derive.render.console import as_text
from derive.render.curve import scientific
from derive.render.factor_table import factor_table, matrix_words, minor_words
from derive.render.factors import near_arrays, near_of, write_factors
from derive.render.table import labelled
from derive.render.values import json_values

if TYPE_CHECKING:
    from numpy import ndarray
    from numpy.typing import NDArray

Weights = str | PathLike[str] | Sequence[Any] | Any


@dataclass(frozen=True, repr=False)
class Representation:
    """A family that represents a kernel exactly: at which setting, at what cost, by which factors.

    ``smallest`` is whether no smaller setting does; if False, that is not known. ``parameters`` and
    ``macs`` are those of the layer, ``ratio`` the parameters over those of the standard layer.
    ``verdict`` is ``"exact"``: the factors have passed the separate checker.

    >>> import derive
    >>> derive.factor("sobel").represented_by[0]
    asymmetric m=1: 6 parameters, 2/3 of the standard layer
    """

    family: str
    setting: Mapping[str, int]
    smallest: bool
    parameters: int
    macs: int
    ratio: Fraction
    verdict: str
    _factors: tuple[FactorFacts, ...] | None

    def __hash__(self) -> int:
        return hash((self.family, *self.setting.items()))

    @cached_property
    def factors(self) -> "dict[str, NDArray[Any]] | None":
        """Arrays of float64 by the names of the factors; their axes are the letters of the line.

        None for a large kernel and a family that represents every kernel at this setting:
        ``derive.factor`` with that family works them out.

        >>> import derive
        >>> cheapest = derive.factor("sobel").represented_by[0]
        >>> {name: array.ravel().tolist() for name, array in cheapest.factors.items()}
        {'A': [1.0, 2.0, 1.0], 'B': [-1.0, 0.0, 1.0]}
        """
        if self._factors is None:
            return None
        names = numbered(one.name for one in self._factors)
        tensors = (one.tensor for one in self._factors)
        return {
            name: _floats(one.entries, one.extents)
            for name, one in zip(names, tensors, strict=True)
        }

    def __repr__(self) -> str:
        label = _labelled(self.family, self.setting)
        share = f"{self.ratio} of the standard layer"
        return f"{label}: {self.parameters} parameters, {share}"


@dataclass(frozen=True, repr=False)
class Factorization:
    """Whether a kernel is a product of the factors of a family, and the factors.

    The verdict is exact: ``verdict`` is ``"exact"``, ``"not exact"`` or ``"undecided"``, and what
    proves it has passed the separate checker. ``factors`` are arrays: those of the kernel itself if
    the verdict is exact, else those of the nearest kernel that the method of the family finds.
    ``print`` shows all there is to say, as the command line does.

    >>> import derive
    >>> found = derive.factor("sobel", "asymmetric")
    >>> found
    Factorization of sobel as asymmetric m=1: exact
    >>> {name: array.ravel().tolist() for name, array in found.factors.items()}
    {'A': [1.0, 2.0, 1.0], 'B': [-1.0, 0.0, 1.0]}
    """

    name: str
    family: Family
    setting: Mapping[str, int]
    verdict: str
    _question: Question
    _verdict: Verdict
    _facts: VerdictFacts

    def __hash__(self) -> int:
        return hash((self.name, self.family, self.verdict, *self.setting.items()))

    @property
    def exact(self) -> bool | None:
        """Whether the kernel is of this form; None where it is not known."""
        return {Word.EXACT: True, Word.NOT_EXACT: False}.get(self._verdict.word)

    @cached_property
    def factors(self) -> "dict[str, NDArray[Any]] | None":
        """Arrays by the names of the factors, in the order of the layers.

        Their axes are the letters of the line. Those of the kernel itself are float64; those of the
        nearest one, of equal norms, are float32 if the weights are. None if the kernel is not of
        this form and no method is known for the nearest one.

        >>> import derive
        >>> near = derive.factor("laplacian-4", "asymmetric", middle=1)
        >>> near.exact, [array.shape for array in near.factors.values()]
        (False, [(1, 1, 3), (1, 1, 3)])
        """
        near = self._nearest
        if near is not None and near.factors is not None:
            return near_arrays(near.factors, near.precision)
        if self._verdict.factors is None:
            return None
        names = factor_names(self._verdict.form)
        return {name: _array(one) for name, one in zip(names, self._verdict.factors, strict=True)}

    @property
    def relative_error(self) -> float | None:
        """How far the factors are from the kernel, as a share of its norm; 0 if it is exact.

        Frobenius norm. None if there are no factors.

        >>> import derive
        >>> round(derive.factor("laplacian-4", "asymmetric", middle=1).relative_error, 4)
        0.1005
        """
        found = self._nearest
        if found is not None:
            return found.relative_error
        return 0.0 if self.exact else None

    @property
    def optimal(self) -> bool | None:
        """Whether no kernel of the family is nearer, up to rounding; None without factors."""
        found = self._nearest
        return True if self.exact else found.optimal if found is not None else None

    @property
    def minimal(self) -> dict[str, int] | None:
        """The smallest sizes at which the family represents the kernel, None where not known.

        >>> import derive
        >>> derive.factor("laplacian-4", "asymmetric").minimal
        {'m': 2}
        """
        found = self._facts.minimal
        groups = self._question.layer.groups
        return None if found is None else _named(chosen(together(found, groups)))

    @property
    def why(self) -> str:
        """What proves the verdict, in words; the reason if it is undecided.

        >>> import derive
        >>> print(derive.factor("laplacian-4", "asymmetric", middle=1).why)  # doctest: +ELLIPSIS
        The 2 × 2 minor of rows v = 0, 1 and columns u = 0, 1 is -1, not 0: larger than ...
        """
        if self.exact:
            return "The factors contract to the kernel, entry by entry."
        if self._facts.proof.claim.certificate:
            return minor_words(self._facts.proof.claim.certificate)
        return str(self._facts.proof.claim.reason)

    def code(
        self, framework: str = "pytorch", weights: "str | PathLike[str]" = "factors.npz"
    ) -> str:
        """One complete file that makes the layer in a framework, loads the factors and checks it.

        The layer has the sizes of this factorization, and the stride, the dilation and the image
        that ``derive.factor`` was given. ``save`` writes the file that the code loads. At its end
        the file contracts the factors to one kernel, and compares the two on an image.

        Args:
            framework: ``pytorch``, ``keras``, ``jax``, ``numpy`` or ``onnx``.
            weights: path of the .npz file that the code loads.

        Raises InputError, one line, for another framework, if there are no factors, if the path
        does not end in .npz, and for a stage that the framework does not have as a convolution.

        >>> import derive
        >>> text = derive.factor("sobel", "asymmetric", image=9).code("numpy", "sobel.npz")
        >>> "factors = np.load('sobel.npz')" in text
        True
        """
        if framework not in PRINTERS:
            raise InputError(f"framework must be one of {', '.join(PRINTERS)}, not {framework!r}")
        path = Path(weights)
        if path.suffix.lower() != ".npz":
            raise InputError(f"the code loads factors in .npz, not {short(path.name)!r}")
        shapes = {name: array.shape for name, array in self._known_factors().items()}
        return code_facts(self._question.row, framework, weights=str(path), stored=shapes).code

    def save(self, path: "str | PathLike[str]", *, force: bool = False) -> None:
        """Write the factors to a .npz, a .json or a .safetensors file, as ``--out`` does.

        In .npz each factor is an array under its name; in .safetensors it is the weight of a
        convolution of PyTorch, A.weight for A.

        Raises InputError, one line, if there are no factors, if the file exists, unless ``force``
        is set, and if it cannot be written.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> import derive
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder) / "sobel.json"
        ...     derive.factor("sobel", "asymmetric").save(path)
        ...     path.exists()
        True
        """
        self._known_factors()
        near = near_of(self._facts)
        write_factors(Path(path), self._facts.proof, near, self._question.layer.transposed, force)

    def _known_factors(self) -> "dict[str, NDArray[Any]]":
        if self.factors is None:
            raise InputError(
                f"no factors of {self.name} are known; nearest=True finds those of a kernel near it"
            )
        return self.factors

    def json(self) -> str:
        """The text that ``derive factor --json`` prints, in the schema derive/factor/1."""
        return json.dumps(json_values(self._whole), indent=2, ensure_ascii=False)

    @cached_property
    def represented_by(self) -> tuple[Representation, ...]:
        """All families of the book that represent the kernel exactly, fewest parameters first.

        Each is at the smallest setting that is known. Worked out when first asked for. Raises
        CheckError if the separate checker finds that a proof does not hold.

        >>> import derive
        >>> for one in derive.factor("laplacian-4").represented_by[:3]:
        ...     print(one.family, one.parameters, one.ratio)
        standard 9 1
        depthwise 9 1
        blueprint-separable 10 10/9
        """
        families = self._whole.families
        return tuple(map(_representation, families.represented_by)) if families else ()

    @cached_property
    def _whole(self) -> VerdictFacts:
        """All that is said, with every family of the book."""
        return replace(self._facts, families=represented(self._question, self._facts.proof))

    @property
    def _nearest(self) -> NearestFacts | None:
        return near_of(self._facts)

    @property
    def _label(self) -> str:
        return _labelled(self.family.name, self.setting)

    def __repr__(self) -> str:
        error = self.relative_error
        near = f", relative error {scientific(error)}" if error else ""
        return f"Factorization of {self.name} as {self._label}: {self.verdict}{near}"

    def __str__(self) -> str:
        return as_text(factor_table(self._whole))

    def _repr_markdown_(self) -> str:
        ranks = "; ".join(map(matrix_words, self._facts.cuts))
        words = [f"**{self.name}** as {self._label}: **{self.verdict}**", ranks, self.why]
        if self.factors is None:
            return "\n\n".join(filter(None, words))
        shapes = [
            (f"${name}$", " × ".join(map(str, array.shape)), str(array.size))
            for name, array in self.factors.items()
        ]
        error = self.relative_error
        if error:
            words.append(f"The factors below have a relative error of {scientific(error)}.")
        return "\n\n".join(filter(None, [*words, table(("factor", "shape", "weights"), shapes)]))


def factor(
    kernel: Weights,
    family: Family | str = "asymmetric",
    *,
    middle: int | str | None = None,
    multiplier: int | None = None,
    rank: int | Mapping[str, int] | None = None,
    error: float | None = None,
    cost: float | str | None = None,
    nearest: bool | None = None,
    groups: int | None = None,
    layout: str | None = None,
    transposed: bool = False,
    key: str | None = None,
    image: Sizes | None = None,
    stride: Sizes = 1,
    dilation: Sizes = 1,
) -> Factorization:
    """Whether a kernel is of the form of a family: an exact verdict, and factors.

    Args:
        kernel: an array of NumPy, a tensor of PyTorch, nested lists, a file of weights, the name of
            a classical kernel such as ``"sobel"``, or a matrix in text such as ``"1 2; 2 4"``. A
            matrix is a kernel of one channel; four axes are (C_out, C_in/groups, k_h, k_w) unless
            ``layout`` says otherwise.
        family: a family, or its name.
        middle: width m, or ``"in"`` or ``"out"`` for the channels of that side; C_in, or full rank
            if that is less, unless given.
        multiplier: depth multiplier M.
        rank: rank of the other bonds, or a mapping such as ``{"P": 4, "Q": 2}``.
        error: relative error, of which the smallest size within it is chosen.
        cost: share of the standard MACs, or a count in text such as ``"40000macs"`` or
            ``"40000parameters"``, of which the largest size within it is chosen.
        nearest: whether the factors are those of the nearest kernel of floating-point numbers, of
            equal norms. Unless given, they are for a kernel that is not of the form.
        groups: groups of the layer, as frameworks store grouped weights.
        layout: ``"pytorch"``, ``"keras"``, ``"keras-depthwise"`` or ``"dense"``; recognized unless
            given.
        transposed: whether these are weights of a transposed convolution.
        key: which array of a file that holds several.
        image: sides of the image, for costs and for the error of the output.
        stride: of the layer.
        dilation: of the layer.

    Raises InputError, one line, if there is no such kernel or it does not fit the family.

    >>> factor([[1, 2, 1], [2, 4, 2], [1, 2, 1]], "asymmetric", middle=1).verdict
    'exact'
    >>> factor("laplacian-4", "asymmetric", error=0.2).setting
    {'m': 1}
    """
    chosen = family_of(family)
    budget = read_budget(*("" if x is None else str(x) for x in (error, cost)))
    if isinstance(rank, Mapping):
        rank_sizes(rank)
    known = Known(layout, groups, bool(transposed), chosen.line, multiplier or 1)
    given = read_kernel(kernel, known, key)
    layer = read_layer_of(
        given.kernel.extents,
        image=None if image is None else sizes_words("image", image),
        stride=sizes_words("stride", stride),
        dilation=sizes_words("dilation", dilation),
        groups=given.reading.groups,
        transposed=bool(transposed),
    )
    choices = Choices(
        () if middle is None else (width(middle, layer),),
        () if multiplier is None else (multiplier,),
        () if rank is None else (rank,),
    )
    question = Question(
        given.name, given.kernel, chosen.entry, layer, choices, given.floating, given.reading
    )
    spectra: Spectra = {}
    question = chosen_size(question, budget, spectra)
    verdict = decided(question)
    if nearest or (nearest is None and verdict.word is not Word.EXACT):
        question = replace(question, near=True)
    facts = verdict_facts(question, verdict, spectra)
    setting = _named(facts.setting) or {}
    word = verdict.word.value
    return Factorization(given.name, chosen, setting, word, question, verdict, facts)


def _representation(found: RepresentedFacts) -> Representation:
    cost, claim = found.cost, found.claim
    return Representation(
        found.family,
        _named(found.setting) or {},
        found.smallest,
        cost.parameters,
        cost.macs,
        cost.ratio.parameters,
        claim.verdict.value,
        claim.factors,
    )


def _labelled(name: str, setting: Mapping[str, int]) -> str:
    """A name with the sizes that a reader chooses."""
    return labelled(name, {x: size for x, size in setting.items() if x != C_c.name})


def _named(sizes: Mapping[Symbol, int] | None) -> dict[str, int] | None:
    return None if sizes is None else {symbol.name: size for symbol, size in sizes.items()}


def _array(one: Kernel) -> "ndarray[Any, Any]":
    """The entries as float64; InputError if one is beyond float64."""
    return _floats(one.flat, one.extents)


def _floats(entries: Sequence[Number], extents: tuple[int, ...]) -> "ndarray[Any, Any]":
    import numpy as np

    try:
        flat = [entry.numerator / entry.denominator for entry in entries]
    except OverflowError:
        raise InputError("the factors have entries beyond float64: .json() has them") from None
    return np.array(flat, dtype=np.float64).reshape(extents)
