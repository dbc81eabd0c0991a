"""The families of the book, one file each: this folder is the list.

The package also reads like a mapping from a family's id, title or other name to the family.

>>> from derive import families
>>> families["asymmetric"].parameters
C_in*k_h*m + C_out*k_w*m
"""

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.api.family import Families, Family


class _Folder(ModuleType, Mapping[str, "Family"]):
    """The package, readable like the mapping it stands for, and hashable like any module."""

    __hash__ = ModuleType.__hash__

    def __getitem__(self, name: str) -> "Family":
        return _families()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_families())

    def __len__(self) -> int:
        return len(_families())

    def __repr__(self) -> str:
        return repr(_families())


def _families() -> "Families":
    """The mapping, imported when it is first asked for: the files of the folder do without."""
    from derive.api.family import Families

    return Families()


sys.modules[__name__].__class__ = _Folder
