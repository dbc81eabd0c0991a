"""Separable: a book of convolution factorizations that derives and checks itself.

>>> import derive
>>> derive.families["asymmetric"].parameters
C_in*k_h*m + C_out*k_w*m
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "families":
        return import_module("derive.families")
    if name == "Family":
        return import_module("derive.catalogue").own
    if name == "prove":
        return import_module("derive.theorems.pipeline").prove
    raise AttributeError(f"module 'derive' has no attribute {name!r}")
