"""Facts: typed, frozen records between what is derived and what is shown.

They hold integers, fractions, SymPy expressions with their guards and enums; every printer reads
them, and their JSON is their mechanical image (``derive.render.values``). Nothing is typed in: each
record is evaluated from the objects that it describes.
"""

from derive.facts.comparison import compare as compare
from derive.facts.comparison import ComparisonFacts as ComparisonFacts
from derive.facts.comparison import row_facts as row_facts
from derive.facts.comparison import RowFacts as RowFacts
from derive.facts.layer import layer_facts as layer_facts
from derive.facts.layer import LayerFacts as LayerFacts
