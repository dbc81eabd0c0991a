"""What is asked about a kernel: the family that it may be of, its sizes, and its layer."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Symbol

from derive.algebra.kernel import Kernel
from derive.catalogue import Entry, FAMILIES
from derive.comparison import Choices, Row
from derive.decide.difference import exactly
from derive.decide.form import form
from derive.decide.magnitude import Magnitude
from derive.notation.errors import InputError
from derive.notation.family import Line
from derive.notation.layer import Layer
from derive.notation.letters import C_a, C_b, C_c, G, g, m
from derive.notation.weights import Reading

SMALL = 4096  # entries of a kernel about which all is worked out
SINGLE = ("float16", "bfloat16", "float32")


@dataclass(frozen=True)
class Question:
    """A kernel, the family it may be of, the family's sizes, and the layer it stands in.

    ``floating`` is the format of the entries, such as float32, None if they are exact; ``reading``
    says how the array was stored, None for a kernel that was never an array of weights; ``sizes``
    are those that an error or a cost has chosen; ``near`` asks for the nearest factors.
    """

    name: str
    kernel: Kernel
    entry: Entry
    layer: Layer
    choices: Choices
    floating: str | None = None
    reading: Reading | None = None
    sizes: tuple[tuple[Symbol, int], ...] = ()
    near: bool = False

    @cached_property
    def line(self) -> Line:
        """The family on the axes of the kernel; InputError if it has no form there."""
        line = self.entry.family.on(self.layer.taps)
        if line is None:
            axes = len(self.layer.taps)
            word = "axis" if axes == 1 else "axes"
            fitting = ", ".join(self._fitting)
            raise InputError(
                f"{self.entry.name} has no form on a kernel of {axes} {word}; these have: {fitting}"
            )
        return line

    @property
    def _fitting(self) -> Iterator[str]:
        """The families that have a form on the axes and the channels of the kernel."""
        for name, entry in FAMILIES.items():
            if entry.family.on(self.layer.taps) is not None:
                question = replace(self, entry=entry)
                with suppress(InputError):
                    form(entry.family, self.kernel, question.values)
                    yield name

    @cached_property
    def setting(self) -> dict[Symbol, int]:
        """The sizes of the family's bonds: those chosen, or the usual ones.

        Raises InputError if the family has no form on the axes of the kernel, and for a width that
        the groups do not divide.
        """
        setting = {**next(self.choices.settings(self.line, self.layer)), **dict(self.sizes)}
        if C_c in setting and setting[m] % self.layer.groups:
            groups = self.layer.groups
            raise InputError(f"width {setting[m]} is no multiple of the {groups} groups")
        return setting

    @cached_property
    def values(self) -> dict[Symbol, int]:
        """All sizes that a form may ask for."""
        blocks = {symbol: self.layer.values[symbol] for symbol in (G, C_a, C_b)}
        return {**(blocks if g in self.entry.family.inputs else {}), **self.setting}

    @property
    def row(self) -> Row:
        """The family at these sizes on the layer of the kernel."""
        return Row(self.entry, self.line, self.layer, tuple(self.setting.items()))

    @property
    def precision(self) -> str:
        """The format in which nearest factors are stored: float32 for weights of it or less."""
        return "float32" if self.floating in SINGLE else "float64"

    @cached_property
    def norm(self) -> Magnitude:
        """The root of the sum of the squares of all entries."""
        return exactly(self.kernel).norm
