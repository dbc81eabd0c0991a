"""The templates of the generated pages and the few filters they use."""

from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from derive.site.leads import lead
from derive.write.plain import plain
from derive.write.table import edge_words, memory, times


def render(template: str, **context: Any) -> str:
    """A template filled in; a name that is missing is an error."""
    return _environment().get_template(template).render(context)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("derive.site"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - the output is Markdown, from our own facts
    )
    filters: dict[str, Callable[..., str]] = {
        "thousands": lambda number: f"{number:,}",
        "figures": lambda number: f"{number:.3g}",
        "sentence": lambda text: f"{text[:1].upper()}{text[1:]}",
        "text": lambda text: plain(text).replace('"', "'"),
        "times": times,
        "memory": memory,
        "edge": edge_words,
        "lead": lead,
        "conditions": lambda relations: ", ".join(rf"\({relation}\)" for relation in relations),
    }
    environment.filters |= filters
    return environment
