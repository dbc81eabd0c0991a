"""The templates of the generated pages and the few filters they use."""

from collections.abc import Callable
from dataclasses import is_dataclass
from fractions import Fraction
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from derive.render.amount import memory
from derive.render.latex import guard_latex, printed_latex
from derive.render.layer_words import layer_words
from derive.render.plain import plain
from derive.render.table import edge_words, times
from derive.site.leads import lead

SHORT = 100  # denominators below it


def render(template: str, page: object = None, **more: object) -> str:
    """A template filled in with the fields of a page, and more; a missing name is an error."""
    shown = vars(page) if is_dataclass(page) else page or {}
    return _environment().get_template(template).render(shown, **more)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("derive.site"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - the output is Markdown, from our own facts
    )
    filters: dict[str, Callable[..., str | list[str]]] = {
        "thousands": lambda number: f"{number:,}",
        "figures": lambda number: f"{number:.3g}",
        "sentence": lambda text: f"{text[:1].upper()}{text[1:]}",
        "text": lambda text: plain(text).replace('"', "'"),
        "share": _share,
        "times": times,
        "memory": memory,
        "edge": edge_words,
        "lead": lead,
        "brief": lambda title: title.replace(" convolution", ""),
        "latex": printed_latex,
        "guard": guard_latex,
        "layer_words": layer_words,
        "conditions": lambda relations: ", ".join(rf"\({relation}\)" for relation in relations),
    }
    environment.filters |= filters
    return environment


def _share(ratio: Fraction) -> str:
    """A ratio as a fraction where that is short, otherwise in three figures.

    >>> _share(Fraction(11, 24)), _share(Fraction(1001, 2000))
    ('11/24', '0.5')
    """
    return str(ratio) if ratio.denominator < SHORT else f"{float(ratio):.3g}"
