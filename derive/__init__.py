"""Separable: a book of convolution factorizations that derives and checks itself.

>>> import derive
>>> derive.families["asymmetric"].parameters(C_in=3, C_out=8, n=3, m=3)
99
"""

from importlib import import_module
from typing import Any, TYPE_CHECKING

if TYPE_CHECKING:
    from derive.api.comparison import compare
    from derive.api.count import count
    from derive.api.factorization import factor
    from derive.api.family import define, Families, Family
    from derive.api.layer import layer
    from derive.api.proof import prove, Theorems
    from derive.api.relation import relate
    from derive.notation.errors import InputError

    families: Families
    theorems: Theorems

__version__ = "0.1.0"
__all__ = [
    "Family",
    "InputError",
    "__version__",
    "compare",
    "count",
    "define",
    "factor",
    "families",
    "layer",
    "prove",
    "relate",
    "theorems",
]
HOMES = {
    "Family": "derive.api.family",
    "InputError": "derive.notation.errors",
    "compare": "derive.api.comparison",
    "count": "derive.api.count",
    "define": "derive.api.family",
    "factor": "derive.api.factorization",
    "layer": "derive.api.layer",
    "prove": "derive.api.proof",
    "relate": "derive.api.relation",
}  # where a name is, which is imported when it is first asked for
FOLDERS = ("families", "theorems")  # packages that read like mappings


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return getattr(import_module(HOMES[name]), name)
    if name in FOLDERS:
        return import_module(f"derive.{name}")
    raise AttributeError(f"module 'derive' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
