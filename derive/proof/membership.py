"""Membership: which designs an exact kernel belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Integer, sympify

from derive.algebra.factorize import realizes
from derive.algebra.kernel import Kernel
from derive.algebra.normal_form import Ranges
from derive.notation.family import Line
from derive.notation.letters import SIZE
from derive.proof.equality import Exact
from derive.proof.result import Context, Result


@dataclass(frozen=True)
class Members:
    """Which of some designs a kernel belongs to: the ranks of its cuts decide.

    ``designs`` are lines by name, each with the sizes of its bonds, which may be given by those of
    the kernel; ``inside`` and ``outside`` name those that it belongs to, and does not.

    >>> from derive.families import cp, flattened
    >>> from derive.notation.letters import C_in, R
    >>> designs = {"flattened": (flattened.family, {}), "CP": (cp.family, {R: C_in})}
    >>> Members(Kernel.ones("uv", u=2, v=2), designs, outside=designs).run(None).ran
    'flattened: no, CP: no'
    """

    kernel: Kernel
    designs: Mapping[Any, tuple[Line, Ranges]]
    inside: Iterable[Any] = ()
    outside: Iterable[Any] = ()
    kind: ClassVar[str] = "exact computation"

    def run(self, context: Context | None) -> Result:
        """Compare with what is claimed, design by design."""
        claims = {**dict.fromkeys(self.inside, True), **dict.fromkeys(self.outside, False)}
        found = {str(name): (self._has(name), said) for name, said in claims.items()}
        return Exact(found).run(context)

    def _has(self, name: Any) -> bool:
        line, bonds = self.designs[name]
        own = {SIZE[x]: Integer(extent) for x, extent in self.kernel.sizes.items()}
        sizes = {bond: sympify(extent).xreplace(own) for bond, extent in bonds.items()}
        return realizes(line, self.kernel, sizes)
