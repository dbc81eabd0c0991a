"""How much a nearest kernel may cost or be off: --cost 0.5, --cost 40000macs, --error 0.1."""

import re
from dataclasses import dataclass
from fractions import Fraction

from derive.notation.errors import InputError
from derive.notation.words import short

NUMBER = re.compile(r"\d{1,15}(\.\d{0,15})?|\.\d{1,15}", re.ASCII)
COUNT = re.compile(r"(\d[\d,_]{0,20}) ?(macs?|param(eter)?s?)", re.ASCII | re.IGNORECASE)
SHARE = "share"
WORDS = {SHARE: "of the standard MACs", "macs": "MACs", "parameters": "parameters"}
COST = "a share of the standard MACs such as 0.5, or a count such as 40000macs or 40000parameters"


@dataclass(frozen=True)
class Cost:
    """The most that factors may cost: a share of the standard MACs, MACs or parameters."""

    amount: Fraction
    unit: str = SHARE

    @property
    def words(self) -> str:
        """The bound in words.

        >>> Cost(Fraction(1, 2)).words, Cost(Fraction(40000), "macs").words
        ('0.5 of the standard MACs', '40,000 MACs')
        """
        amount = f"{float(self.amount):g}" if self.unit == SHARE else f"{int(self.amount):,}"
        return f"{amount} {WORDS[self.unit]}"


@dataclass(frozen=True)
class Budget:
    """The largest relative error, or the largest cost, that a size is chosen by: one of them."""

    error: Fraction | None = None
    cost: Cost | None = None


def read_budget(error: str, cost: str) -> Budget:
    """What an error, or a cost, allows; both are left open by an empty text.

    Raises InputError, in one line, if both are given, or either is none.

    >>> read_budget("0.1", "")
    Budget(error=Fraction(1, 10), cost=None)
    """
    if error and cost:
        raise InputError("--error and --cost both choose the size: leave out one of them")
    return Budget(read_error(error) if error else None, read_cost(cost) if cost else None)


def read_error(text: str) -> Fraction:
    """A relative error: 0.1, or 10%.

    Raises InputError, in one line, for anything that is no number from 0 up to 1.

    >>> read_error("0.1"), read_error("10 %")
    (Fraction(1, 10), Fraction(1, 10))
    """
    word = text.strip()
    share = word.removesuffix("%").strip()
    if not NUMBER.fullmatch(share):
        raise InputError(f"error {short(text)!r} is no number: write 0.1 or 10%")
    found = Fraction(share) / (100 if word.endswith("%") else 1)
    if found >= 1:
        raise InputError(f"error {short(text)} must be below 1, the error of a kernel of zeros")
    return found


def read_cost(text: str) -> Cost:
    """The most that a design may cost.

    Raises InputError, in one line, for anything else.

    >>> read_cost("0.5").words, read_cost("40,000 parameters").words
    ('0.5 of the standard MACs', '40,000 parameters')
    """
    word = text.strip()
    if found := COUNT.fullmatch(word):
        amount = Fraction(re.sub("[,_]", "", found[1]))
        unit = "macs" if found[2].lower().startswith("mac") else "parameters"
    elif NUMBER.fullmatch(word):
        amount, unit = Fraction(word), SHARE
    else:
        raise InputError(f"cost {short(text)!r} is not {COST}")
    if not amount:
        raise InputError("cost 0 leaves nothing to compute with: write 0.5 or 40000macs")
    return Cost(amount, unit)
