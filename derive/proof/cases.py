"""Grids of cases over which a sentence is checked, and their description in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

Case = Mapping[str, Any]


class Cases(Protocol):
    """What a grid is: cases to run through, and the words for them."""

    @property
    def words(self) -> str:
        """The grid as a reader would state it."""

    def __iter__(self) -> Iterator[Case]: ...


@dataclass(frozen=True, init=False)
class Grid:
    """Every combination of the given values, where a condition holds if there is one.

    >>> box = Grid(H=range(1, 4), s=(1, 2))
    >>> box.words, len(list(box))
    ('H = 1..3, s = 1..2', 6)
    """

    ranges: Mapping[str, Sequence[Any]]
    condition: Callable[..., bool] | None
    condition_words: str

    def __init__(
        self,
        condition: Callable[..., bool] | None = None,
        condition_words: str = "",
        **ranges: Sequence[Any],
    ) -> None:
        object.__setattr__(self, "ranges", ranges)
        object.__setattr__(self, "condition", condition)
        object.__setattr__(self, "condition_words", condition_words)

    @property
    def words(self) -> str:
        """The ranges, then the condition."""
        parts = [f"{name} = {_span(values)}" for name, values in self.ranges.items()]
        return ", ".join([*parts, *filter(None, [self.condition_words])])

    def __iter__(self) -> Iterator[Case]:
        for values in product(*self.ranges.values()):
            case = dict(zip(self.ranges, values, strict=True))
            if self.condition is None or self.condition(**case):
                yield case


@dataclass(frozen=True)
class CaseList:
    """Cases written out or made by a function, with words of their own."""

    words: str
    make: Callable[[], Iterator[Case]] | Sequence[Case]

    def __iter__(self) -> Iterator[Case]:
        return iter(self.make() if callable(self.make) else self.make)


def _span(values: Sequence[Any]) -> str:
    """A run of integers by its ends, anything else by its members."""
    numbers = list(values)
    integers = all(isinstance(x, int) and not isinstance(x, bool) for x in numbers)
    if integers and len(numbers) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}..{numbers[-1]}"
    return ", ".join(map(str, numbers))
