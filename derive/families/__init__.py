"""The families of the book, one file each: this folder is the list.

The package also reads like a mapping from a family's id to its entry.

>>> from derive import families
>>> families["asymmetric"].parameters
C_in*k_h*m + C_out*k_w*m
"""

import sys
from types import ModuleType

from derive.catalogue import Catalogue


class _Folder(ModuleType, Catalogue):
    """This module, readable like the mapping it stands for, and hashable like any module."""

    __hash__ = ModuleType.__hash__


sys.modules[__name__].__class__ = _Folder
