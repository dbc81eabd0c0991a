"""The conventions: every formula on the page is asked of the axis, or checked against it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import ceiling, Expr, floor, Function, Max, Min, Mod, Symbol

from derive.algebra.counting import Count
from derive.catalogue import FAMILIES
from derive.comparison import rows
from derive.facts import layer_facts
from derive.facts.family import Equation
from derive.notation.axis import (
    all_but_missed,
    Axis,
    in_bounds,
    missed_by_taps,
    missed_by_windows,
    Transposed,
)
from derive.notation.convolution import stages
from derive.notation.errors import CheckError
from derive.notation.family import Family
from derive.notation.letters import HEIGHT, padding, size
from derive.parse.layer import read_layer
from derive.render.latex import equation_latex, guard_latex, latex
from derive.render.table import layer_words
from derive.site.reported import faults, Reported, reported, shares

ROOM = Symbol("L", integer=True)  # how far the first window can move
BOUND = Symbol("P", integer=True, positive=True)  # pixels before it are missed
PHI = Function("phi")  # how many window-tap pairs are
SHOWN = ("standard", "depthwise-separable", "asymmetric")
RIGHT_ON_TRANSPOSED = (
    "PyTorch 2.13 FlopCounterMode",
    "fvcore 0.1.5",
    "ptflops 0.7.5",
    "ultralytics-thop 2.2.3",
    "DeepSpeed 0.19.8",
    "XLA (JAX 0.10.2 cost_analysis)",
)
COUNTS = {
    "parameters": "parameters",
    "parameters_with_bias": "parameters with bias",
    "macs": "MACs, dense",
    "macs_in_bounds": "MACs, in-bounds",
    "flops": "FLOPs without bias",
    "flops_with_bias": "FLOPs with bias",
    "flops_in_bounds": "FLOPs in-bounds, without bias",
    "activations": "activations written",
}


class Named(Axis):
    """An axis whose number of windows and slack go by their names N and r: short formulas."""

    output = size("N")
    slack = padding("r")


@dataclass(frozen=True)
class ConventionsPage:
    """What the template shows: definitions as LaTeX, the counts of the opening layer, and what
    tools report for it."""

    layer: str
    convolution: str
    room: str
    output: str
    transposed: str
    transposed_field: str
    forms: Mapping[str, tuple[str, list[str]]]
    missed: str
    elementary: list[tuple[str, list[str]]]
    names: list[str]
    counts: list[tuple[str, list[int]]]
    doubled: bool
    dilated: list[tuple[int, str]]
    reported: list[Reported]
    headlines: list[int]
    shares: list[tuple[str, list[str]]]
    faults: list[dict[str, str]]
    right: tuple[str, ...]


def context() -> ConventionsPage:
    """The page of what is counted, and how."""
    d = HEIGHT
    geometry = (d.input, d.kernel, d.stride, d.dilation, d.before, d.after)
    axis, named = Axis(*geometry), Named(*geometry)
    layer = read_layer()
    seed = [row for row in rows(layer)[0] if row.entry.name in SHOWN]
    standard = FAMILIES["standard"].family
    assert isinstance(standard, Family)
    (first,) = stages(standard)
    by_tool = reported(seed[0])
    return ConventionsPage(
        layer=layer_words(layer_facts(layer)),
        convolution=equation_latex(Equation(first.target, first.value)),
        room=latex(axis.room),
        output=latex(_in_terms_of_room(axis)),
        transposed=latex(Transposed(*geometry, extra=padding("pi")).output),
        transposed_field=latex(Count(standard, transposed=True).receptive_field(d).expr),
        forms={
            name: (latex(formula.expr), guard_latex(formula.guard))
            for name, formula in in_bounds(named).items()
        },
        missed=latex(all_but_missed(named, lambda _, bound: PHI(bound))),
        elementary=[_elementary(named, rule) for rule in (missed_by_taps, missed_by_windows)],
        names=[row.entry.name for row in seed],
        counts=[(title, [row.number(name) for row in seed]) for name, title in COUNTS.items()],
        doubled=all(row.number("flops_with_bias") == 2 * row.number("macs") for row in seed),
        dilated=_dilated(),
        reported=by_tool,
        headlines=[len({getattr(one, kind) for one in by_tool}) for kind in ("plain", "biased")],
        shares=shares(layer),
        faults=faults(),
        right=RIGHT_ON_TRANSPOSED,
    )


def _in_terms_of_room(axis: Axis) -> Expr:
    """The output size with L for the room; CheckError if the axis computes another, or slack."""
    output = Max(0, floor(ROOM / axis.stride) + 1)
    if output.xreplace({ROOM: axis.room}) != axis.output or axis.slack != Mod(
        axis.room, axis.stride
    ):
        raise CheckError("the conventions page no longer describes the axis")
    return output


def _elementary(axis: Axis, rule: Callable[[Axis, Expr], Expr]) -> tuple[str, list[str]]:
    """A closed form of phi at a bound P > 0, its roundings named q_1, q_2, ... inside out."""
    rounded = (ceiling, Max, Min)
    form = rule(axis, BOUND)
    names: list[str] = []
    while inner := [x for x in form.atoms(*rounded) if x.atoms(*rounded) == {x}]:
        least = min(inner, key=str)
        name = Symbol(f"q_{len(names) + 1}", integer=True)
        names.append(f"{latex(name)} = {latex(least)}")
        form = form.xreplace({least: name})
    return latex(form), names


def _dilated() -> list[tuple[int, str]]:
    """Share of the dense MACs of a 3 × 3 on 33 × 33 that multiply padding, by dilation."""
    found = []
    for dilation in (1, 6, 12, 18, 24, 36):
        layer = read_layer(image="33x33", channels_in=1, channels_out=1, dilation=str(dilation))
        standard = next(row for row in rows(layer)[0] if row.entry.name == "standard")
        dense, inside = standard.number("macs"), standard.number("macs_in_bounds")
        found.append((dilation, f"{100 * (1 - inside / dense):.1f} %"))
    return found
