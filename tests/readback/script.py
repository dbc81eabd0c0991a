"""A reader of formulas in JavaScript: the few operators that compute with BigInt, by precedence."""

import re

from tests.readback.meaning import name, number, UnreadableError

TOKEN = re.compile(r"=>|===|!==|<=|>=|\*\*|\d+n|[A-Za-z_]\w*|\S")
SIGNS = {"===": "=", "!==": "≠", "<=": "≤", "<": "<", ">=": "≥", ">": ">"}
CALLS = {"max": "maximum", "min": "minimum", "mod": "modulo", "exact": "over", "gcd": "gcd"}
CALLS["pointsBelow"] = "pointsbelow"
ROUNDED = {"floorDiv": "floor", "ceilDiv": "ceiling"}


def read(text, holder=""):
    """The tree of an expression, whose free names are fields of the holder."""
    reader = _Reader(text, holder)
    found = reader.relation()
    if reader.tokens:
        raise UnreadableError(f"unread: {reader.tokens}")
    return found


def read_function(text):
    """The tree of a function ``s => expression``."""
    holder, _, body = text.partition(" => ")
    return read(body, holder)


class _Reader:
    def __init__(self, text, holder):
        self.tokens, self.holder, self.bound = TOKEN.findall(text), holder, []

    def skips(self, *wanted):
        return bool(self.tokens) and self.tokens[0] in wanted and self.tokens.pop(0)

    def take(self, wanted):
        if not self.skips(wanted):
            raise UnreadableError(f"{wanted} expected at {self.tokens[:8]}")

    def relation(self):
        left = self.sum()
        sign = self.skips(*SIGNS)
        return ("relation", left, SIGNS[sign], self.sum()) if sign else left

    def sum(self):
        found = self.product()
        while sign := self.skips("+", "-"):
            term = self.product()
            found = ("add", found, ("negative", term) if sign == "-" else term)
        return found

    def product(self):
        found = self.signed()
        while self.skips("*"):
            found = ("times", found, self.signed())
        return found

    def signed(self):
        """A minus binds before a product; before a power JavaScript refuses it."""
        if not self.skips("-"):
            return self.power()
        inside = self.signed()
        if inside[0] == "power":
            raise UnreadableError("a minus before a power is no JavaScript")
        return ("negative", inside)

    def power(self):
        base = self.atom()
        return ("power", base, self.signed()) if self.skips("**") else base

    def atom(self):
        if self.skips("("):
            found = self.relation()
            self.take(")")
            return ("times", found)
        token = self.tokens.pop(0)
        if token[:-1].isdigit() and token.endswith("n"):
            return number(token[:-1])
        if self.skips("("):
            return self.call(token)
        if token == self.holder:
            self.take(".")
            return name(self.tokens.pop(0))
        if self.holder and token not in self.bound:
            raise UnreadableError(f"{token} has no value")
        return name(token)

    def call(self, function):
        if function == "sum":
            return self.summed()
        found = [self.relation()]
        while self.skips(","):
            found.append(self.relation())
        self.take(")")
        if function in ROUNDED:
            return (ROUNDED[function], ("over", *found))
        return (CALLS[function], *found)

    def summed(self):
        first = self.relation()
        self.take(",")
        last = self.relation()
        self.take(",")
        letter = self.tokens.pop(0)
        self.take("=>")
        self.bound.append(letter)
        body = self.relation()
        self.bound.pop()
        self.take(")")
        return ("sum", [(name(letter)[1], first, last)], body)
