"""The list of families and of their letters."""

from typing import Any

from derive.catalogue import FAMILIES
from derive.notation.letters import MEANING, SIZE
from derive.write.family import family_document
from derive.write.latex import latex


def context() -> dict[str, Any]:
    """What the template shows."""
    return {
        "entries": list(FAMILIES.values()),
        "documents": {name: family_document(entry) for name, entry in FAMILIES.items()},
        "letters": [(str(x), latex(SIZE[x]), MEANING[x]) for x in SIZE],
    }
