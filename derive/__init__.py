"""Separable: a book of convolution factorizations that derives and proves itself.

>>> import derive
>>> derive.families["asymmetric"].parameters
C_in*k_h*m + C_out*k_w*m
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
_LAZY = {"Family": ("derive.catalogue", "own"), "letters": ("derive.notation.letters", "")}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        module, attribute = _LAZY[name]
        found = import_module(module)
        return getattr(found, attribute) if attribute else found
    if name == "families":
        return import_module("derive.families")
    raise AttributeError(f"module 'derive' has no attribute {name!r}")
