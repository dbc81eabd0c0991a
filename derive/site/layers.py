"""A directed graph without circles laid out in layers, after Sugiyama, with few crossings.

A node stands in the first layer to the right of all it uses. A line that passes a layer takes a
slim place there, so that it runs between the boxes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from statistics import mean

SWEEPS = 16
Place = tuple[str, ...]  # (node,), or (from, to, layer) where a line passes a layer
Uses = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Layout:
    """Places in layers from left to right, the lines between neighbouring layers, and heights.

    >>> layout({"a": [], "b": ["a"], "c": ["a", "b"]}, tall=40, slim=6, gap=10).layers
    ((('a',),), (('b',), ('a', 'c', '1')), (('c',),))
    """

    layers: tuple[tuple[Place, ...], ...]
    lines: frozenset[tuple[Place, Place]]
    middles: Mapping[Place, float] = field(default_factory=dict)

    @cached_property
    def layer_of(self) -> dict[Place, int]:
        """Where every place stands."""
        return {place: n for n, layer in enumerate(self.layers) for place in layer}

    @cached_property
    def neighbours(self) -> dict[Place, list[Place]]:
        """The places that lines lead to and from."""
        found: dict[Place, list[Place]] = {place: [] for place in self.layer_of}
        for one, other in sorted(self.lines):
            found[one].append(other)
            found[other].append(one)
        return found

    def route(self, used: str, node: str) -> list[Place]:
        """The places along the line from one node to another."""
        passed = [place for place in self.layer_of if place[:2] == (used, node)]
        return [(used,), *passed, (node,)]

    def crossings(self) -> int:
        """How many pairs of lines cross."""
        rows = {place: row for layer in self.layers for row, place in enumerate(layer)}
        found = 0
        for layer in self.layers:
            leaving = [(rows[a], rows[b]) for a, b in self.lines if a in layer]
            found += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(leaving, 2))
        return found


def layout(uses: Uses, tall: float, slim: float, gap: float) -> Layout:
    """The nodes laid out; boxes are ``tall``, passing lines ``slim``, with a ``gap`` between."""
    drawing = _ordered(_layered(uses))
    height = {place: tall if len(place) == 1 else slim for place in drawing.layer_of}
    middles: dict[Place, float] = dict.fromkeys(drawing.layer_of, 0.0)
    for sweep in range(SWEEPS):
        for layer in drawing.layers if sweep % 2 == 0 else reversed(drawing.layers):
            wanted = [_mean([middles[x] for x in drawing.neighbours[place]]) for place in layer]
            heights = [height[place] for place in layer]
            middles |= zip(layer, stacked(wanted, heights, gap), strict=True)
    top = min((middles[place] - height[place] / 2 for place in middles), default=0.0)
    return Layout(drawing.layers, drawing.lines, {p: y - top for p, y in middles.items()})


def _layered(uses: Uses) -> Layout:
    """Each node in its layer, long lines broken where they pass one."""
    depth: dict[str, int] = {}

    def deep(node: str) -> int:
        if node not in depth:
            depth[node] = max((1 + deep(used) for used in uses[node]), default=0)
        return depth[node]

    layers: list[list[Place]] = [[] for _ in range(1 + max(map(deep, uses), default=-1))]
    for node in uses:
        layers[depth[node]].append((node,))
    lines: set[tuple[Place, Place]] = set()
    for node in uses:
        for used in uses[node]:
            passed: list[Place] = []
            for number in range(depth[used] + 1, depth[node]):
                passed.append((used, node, str(number)))
                layers[number].append(passed[-1])
            lines |= set(pairwise([(used,), *passed, (node,)]))
    return Layout(tuple(map(tuple, layers)), frozenset(lines))


def _ordered(drawing: Layout) -> Layout:
    """The least crossings met while each layer in turn is sorted after its neighbour's order."""
    best, layers = drawing, list(drawing.layers)
    for sweep in range(SWEEPS):
        steps = list(pairwise(range(len(layers))))
        for one, other in steps if sweep % 2 == 0 else [(b, a) for a, b in reversed(steps)]:
            layers[other] = _following(drawing, layers[other], layers[one])
        best = min(best, Layout(tuple(layers), drawing.lines), key=Layout.crossings)
    return best


def _following(
    drawing: Layout, layer: Sequence[Place], fixed: Sequence[Place]
) -> tuple[Place, ...]:
    """The layer sorted by the mean row of each place's neighbours in a fixed one."""
    rows = {place: row for row, place in enumerate(fixed)}
    near = {p: [rows[x] for x in drawing.neighbours[p] if x in rows] for p in layer}
    return tuple(sorted(layer, key=lambda place: _mean(near[place] or [layer.index(place)])))


def _mean(numbers: Sequence[float]) -> float:
    return mean(numbers) if numbers else 0.0


def stacked(wanted: Sequence[float], heights: Sequence[float], gap: float) -> list[float]:
    """Middles in the given order that keep their distance, as near as can be to those wanted.

    With the distances taken out this is isotonic regression: groups out of order are merged.

    >>> stacked([0, 0, 50], [10, 10, 10], 2)
    [-6.0, 6.0, 50.0]
    """
    offsets = [sum(heights[:n]) + n * gap + height / 2 for n, height in enumerate(heights)]
    groups: list[list[float]] = []
    for middle, offset in zip(wanted, offsets, strict=True):
        groups.append([middle - offset])
        while len(groups) > 1 and mean(groups[-2]) > mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    bases = [mean(group) for group in groups for _ in group]
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]
