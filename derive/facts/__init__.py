"""Facts: typed, frozen records between what is derived and what is shown.

They hold integers, fractions, SymPy expressions with their guards and enums; every printer reads
them, and their JSON is their mechanical image (``derive.render.values``). Nothing is typed in: each
record is evaluated from the objects that it describes.
"""

from importlib import import_module
from typing import Any, TYPE_CHECKING

if TYPE_CHECKING:
    from derive.facts.comparison import compare as compare
    from derive.facts.comparison import ComparisonFacts as ComparisonFacts
    from derive.facts.comparison import row_facts as row_facts
    from derive.facts.comparison import RowFacts as RowFacts
    from derive.facts.layer import layer_facts as layer_facts
    from derive.facts.layer import LayerFacts as LayerFacts

HOMES = {
    **dict.fromkeys(("compare", "ComparisonFacts", "row_facts", "RowFacts"), "comparison"),
    **dict.fromkeys(("layer_facts", "LayerFacts"), "layer"),
}


def __getattr__(name: str) -> Any:
    """A record of a comparison or of a layer, whose module is imported when it is asked for."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
