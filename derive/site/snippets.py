"""The code that the pages show, and what came of it when it was last run.

``benchmarks/snippets.py`` runs every snippet and writes ``snippets.json``; a test runs them again.
A snippet that has changed since has another digest, and the page says that it was not run.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from derive.code.plan import plan
from derive.code.printers import digest, PRINTERS, TITLES
from derive.comparison import Row

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
DATA = Path(__file__).with_name("snippets.json")


@dataclass(frozen=True)
class Snippet:
    """Code in a framework, by the framework's id."""

    framework: str
    text: str

    @property
    def title(self) -> str:
        """The name of the framework."""
        return TITLES[self.framework]

    @property
    def digest(self) -> str:
        """What its run is known by."""
        return digest(self.text)

    @property
    def ran(self) -> str:
        """The line that it printed when it was run, such as ``NumPy 2.1: difference 2e-16``."""
        return runs().get(self.digest, "")

    @property
    def status(self) -> str:
        """What the page says of the run.

        >>> Snippet("numpy", "print(1)").status
        'Not run.'
        """
        version, _, difference = self.ran.partition(": difference ")
        if not difference:
            return "Not run."
        digit, _, power = difference.partition("e")
        most = f"{digit}·10{str(int(power)).translate(RAISED)}"
        return f"Ran with {version}: the results differ by at most {most} of the largest."


def snippets(row: Row) -> list[Snippet]:
    """The code of a family on a layer in every framework."""
    made = plan(row)
    return [Snippet(framework, printer(made, None)) for framework, printer in PRINTERS.items()]


@cache
def runs() -> dict[str, str]:
    """What every snippet that was run printed, by its digest."""
    found: dict[str, str] = json.loads(DATA.read_text("utf-8"))
    return found
