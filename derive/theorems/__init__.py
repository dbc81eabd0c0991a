"""The theorems of the book, one file each: this folder is the list.

A file is a statement (its docstring) and a proof (pairs of a sentence and its evidence). The
package also reads like a mapping from a theorem's id, number or title to the theorem.

>>> from derive import theorems
>>> theorems["T2"].name
'rank-one'
"""

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.api.proof import Theorem, Theorems


class _Folder(ModuleType, Mapping[str, "Theorem"]):
    """A module that is readable like the mapping it stands for, and hashable like any module."""

    __hash__ = ModuleType.__hash__

    def __getitem__(self, name: str) -> "Theorem":
        return _theorems()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_theorems())

    def __len__(self) -> int:
        return len(_theorems())

    def __repr__(self) -> str:
        return repr(_theorems())


def _theorems() -> "Theorems":
    """The mapping, imported when it is first asked for: the files of the folder do without."""
    from derive.api.proof import Theorems

    return Theorems()


sys.modules[__name__].__class__ = _Folder
