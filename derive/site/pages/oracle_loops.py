"""The page of the oracle: what it does, one layer by its loops, and its source."""

from dataclasses import dataclass
from inspect import getsource
from pathlib import Path

from derive import oracle

PACKAGE = Path(oracle.__file__).parents[1]


@dataclass(frozen=True)
class OraclePage:
    """What the template shows: an example with its run, the products of the first output by hand,
    and the source of every file by its path."""

    example: str
    run: oracle.Run
    products: tuple[tuple[int, int], ...]
    sources: dict[str, str]


def example() -> tuple[list[int], list[int], oracle.Run]:
    """One channel of four pixels, three taps, a zero of padding on either side."""
    kernel, image = [1, 2, 3], [1, 0, 2, 5]
    axis = oracle.Axis(size=4, kernel=3, before=1, after=1)
    run = oracle.filtered(kernel, image, axis)
    return kernel, image, run


def context() -> OraclePage:
    """What the template shows."""
    kernel, image, run = example()
    _, _, *body, _ = getsource(example).splitlines()
    return OraclePage(
        example="\n".join(["from derive import oracle", "", *map(str.strip, body)]),
        run=run,
        products=tuple(zip(kernel, [0, *image], strict=False)),
        sources={
            f"{PACKAGE.name}/{path.relative_to(PACKAGE)}": path.read_text("utf-8")
            for path in sorted(Path(oracle.__file__).parent.glob("*.py"))
        },
    )
