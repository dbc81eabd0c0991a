"""Membership: which designs an exact kernel belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sympy import Integer, sympify

from derive.algebra.factorize import realizes
from derive.algebra.kernel import Kernel
from derive.notation.letters import SIZE
from derive.proof.designs import Kernels
from derive.proof.equality import Exact
from derive.proof.result import Context, Result


@dataclass(frozen=True)
class Members:
    """Which of some designs represent a kernel: the ranks of its cuts decide.

    ``inside`` and ``outside`` name those that do, and do not, with bonds whose sizes may be given
    by those of the kernel, or by ``at``; ``order`` is that of the pairs among them.

    >>> from derive.families import cp, flattened
    >>> from derive.notation.letters import C_in
    >>> designs = Kernels("flattened", "F", flattened), Kernels("CP", "C", cp, R=C_in)
    >>> Members(Kernel.ones("uv", u=2, v=2), outside=designs).run(None).ran
    'flattened: no, CP: no'
    """

    kernel: Kernel
    inside: Iterable[Kernels] = ()
    outside: Iterable[Kernels] = ()
    order: int = 0
    at: Mapping[Any, Any] = field(default_factory=dict)
    kind: ClassVar[str] = "exact computation"

    def run(self, context: Context | None) -> Result:
        """Compare with what is claimed, design by design."""
        claims = {**dict.fromkeys(self.inside, True), **dict.fromkeys(self.outside, False)}
        found = {str(design): (self._has(design), said) for design, said in claims.items()}
        return Exact(found).run(context)

    def _has(self, design: Kernels) -> bool:
        own = {SIZE[x]: Integer(extent) for x, extent in self.kernel.sizes.items()}
        given = {**own, **{bond: sympify(extent) for bond, extent in self.at.items()}}
        sizes = {bond: extent.xreplace(given) for bond, extent in design.bonds.items()}
        return realizes(design.line(self.order), self.kernel, sizes)
