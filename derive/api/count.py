"""What a network or a model costs, as Python code and a notebook see it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import fspath, PathLike
from pathlib import Path
from typing import Any

from derive.api.layer import Sizes, sizes_words
from derive.api.notebook import table
from derive.facts.count import count_facts, suggested
from derive.facts.model import CountedLayer, ModelFacts
from derive.facts.plan import PlanFacts, SuggestionFacts
from derive.facts.rewriting import RewritingFacts
from derive.facts.suggestion import Candidate
from derive.notation.errors import InputError, require
from derive.parse.budget import Budget, read_budget
from derive.render.amount import number
from derive.render.console import as_text
from derive.render.model import model_table
from derive.render.model_text import model_text, sides, words
from derive.render.smaller import write_smaller
from derive.render.suggestion import suggestion_table
from derive.render.values import json_values

HEAD = ("layer", "is", "output", "parameters", "MACs", "in-bounds MACs", "FLOPs")


@dataclass(frozen=True)
class Asked:
    """What a plan was asked for, and the layers with their designs."""

    source: str
    sizes: tuple[str, ...]
    budget: Budget
    found: tuple[Candidate, ...]


@dataclass(frozen=True, repr=False)
class Counted(Sequence[CountedLayer]):
    """A model in numbers: a table, and a sequence of its layers.

    ``print`` shows it as the command line does; ``csv``, ``latex``, ``markdown`` and ``json`` give
    it as text. A layer has its counts as attributes, such as ``macs``.

    >>> import derive
    >>> found = derive.count("mobilenet-v1")
    >>> found["conv0"].macs, found.macs
    (10838016, 568740352)
    """

    _facts: ModelFacts
    _asked: "Asked | None" = None

    @property
    def name(self) -> str:
        """The network, with its form, or the name of the file."""
        return self._facts.model

    @property
    def parameters(self) -> int:
        """Weights and biases of the layers; those of normalizations are not among them."""
        return self._facts.totals.parameters

    @property
    def macs(self) -> int:
        """Multiply–accumulates of all layers, products with padding zeros included."""
        return self._facts.totals.macs

    @property
    def macs_in_bounds(self) -> int:
        """Multiply–accumulates of all layers on pixels of the image."""
        return self._facts.totals.macs_in_bounds

    @property
    def flops(self) -> int:
        """Multiplications plus additions of all layers."""
        return self._facts.totals.flops

    @property
    def activations(self) -> int:
        """Numbers that all layers write."""
        return self._facts.totals.activations

    @property
    def bytes(self) -> int:
        """Bytes moved: each layer reads its input and weights once and writes its output once."""
        return self._facts.totals.bytes

    @property
    def reported(self) -> Mapping[str, int]:
        """What tools that count report for the whole, by the name of the tool.

        >>> import derive
        >>> derive.count("resnet-50").reported["fvcore 0.1.5"]
        4111512576
        """
        return {name: one.number for name, one in self._facts.totals.conventions.items()}

    @property
    def not_counted(self) -> tuple[str, ...]:
        """The operations whose share is not known, by name."""
        return tuple(one.name for one in self._facts.unknown)

    @property
    def suggestions(self) -> tuple[SuggestionFacts, ...]:
        """For each layer the factorizations with the smallest error at a cost, if asked for.

        >>> import derive
        >>> derive.count("vgg-16").suggestions
        ()
        """
        found = self._facts.suggestions
        return found.layers if found else ()

    @property
    def plan(self) -> PlanFacts | None:
        """The layers that the budget replaces, and what that saves; None without a budget."""
        return self._facts.suggestions.plan if self._facts.suggestions else None

    def rewrite(self, path: "str | PathLike[str]") -> RewritingFacts:
        """Writes the model with the layers of the plan replaced, and compares it with the old one.

        Both run on the same random input in ONNX Runtime; times are medians in seconds.

        Args:
            path: of the new file of ONNX, which must not exist.

        Raises InputError, one line, without a plan, for a model that is not a file of ONNX, and if
        the file exists or cannot be written; CheckError if the new model fails the checker of ONNX.
        """
        if self._asked is None or self.plan is None:
            raise InputError("there is no plan to rewrite by: derive.count(file, cost=0.7) has one")
        asked = self._asked
        return write_smaller(asked.source, Path(path), asked.found, asked.budget, asked.sizes)

    def __len__(self) -> int:
        return len(self._facts.layers)

    def __getitem__(self, key: Any) -> Any:
        """A layer by its number or its name; KeyError if there is none of that name."""
        if not isinstance(key, str):
            return self._facts.layers[key]
        return {one.name: one for one in self._facts.layers}[key]

    def __iter__(self) -> Iterator[CountedLayer]:
        return iter(self._facts.layers)

    def __hash__(self) -> int:
        return hash((self.name, len(self), self.parameters, self.macs))

    def __repr__(self) -> str:
        counts = f"{number(self.parameters)} parameters, {number(self.macs)} MACs"
        return f"Counted {self.name}: {len(self)} layers, {counts}"

    def __str__(self) -> str:
        shown = suggestion_table if self._facts.suggestions else model_table
        return as_text(shown(self._facts))

    def json(self) -> str:
        """The text that ``derive count --json`` prints, in the schema derive/count/1."""
        return json.dumps(json_values(self._facts), indent=2, ensure_ascii=False)

    def csv(self) -> str:
        """A line per layer with every count, the names of the columns first."""
        return model_text(self._facts, "csv")

    def latex(self) -> str:
        """A table for an article; it needs the package booktabs."""
        return model_text(self._facts, "latex")

    def markdown(self) -> str:
        """A table in Markdown."""
        return model_text(self._facts, "markdown")

    def _repr_markdown_(self) -> str:
        total = self._facts.totals
        rows = [
            (one.name, words(one), sides(one.output), *_counts(one)) for one in self._facts.layers
        ]
        return table(HEAD, [*rows, ("sum", "", "", *_counts(total))], "lllrrrr")


def _counts(one: Any) -> tuple[str, ...]:
    return tuple(map(number, (one.parameters, one.macs, one.macs_in_bounds, one.flops)))


def count(
    model: str | PathLike[str],
    *,
    size: Sizes | Mapping[str, Sizes] = (),
    variant: str = "",
    suggest: bool = False,
    cost: float | str | None = None,
    error: float | None = None,
) -> Counted:
    """What a network or a model costs, layer by layer and in all.

    Args:
        model: the name of a published network, or the path of a file of ONNX or of a list of layers
            (.csv or .txt). Nothing of a file of ONNX is run.
        size: sizes of the input, such as ``(1, 3, 224, 224)``, or by the name of an input; of a
            network, also the sides of another image.
        variant: another form of a published network, such as ``"0.75"`` for MobileNet v1.
        suggest: whether the layers of a file of ONNX are factored too, without a plan.
        cost: share of the MACs of the model, or a count in text such as ``"40000macs"``: the plan
            has the smallest error of the worst layer within it.
        error: relative error: the plan replaces every layer by its cheapest design within it.

    Raises InputError, one line, for anything that is no model, and for an input whose sizes are
    open and not given.

    >>> count("mobilenet-v1", size=128, variant="0.75").macs
    106770432
    """
    require(model, (str, PathLike), "a model is the name of a network or the path of a file")
    if isinstance(size, Mapping):
        given = [f"{name}={sizes_words('size', one)}" for name, one in size.items()]
    else:
        given = [text] if (text := sizes_words("size", size)) else []
    source = fspath(model)
    if not suggest and cost is None and error is None:
        return Counted(count_facts(source, given, variant))
    budget = read_budget(*("" if x is None else str(x) for x in (error, cost)))
    facts, found = suggested(source, given, variant, budget)
    return Counted(facts, Asked(source, tuple(given), budget, found))
