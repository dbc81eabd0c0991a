"""A reader of the LaTeX of formulas: recursive descent from relations down to atoms."""

import re
from itertools import accumulate

from tests.readback.meaning import name, number, RUNS, UnreadableError

# The book's own names, as they stand in TeX.
BOOK = {
    r"C_{\mathrm{in}}": "C_in",
    r"C_{\mathrm{out}}": "C_out",
    **{f"{side}'": f"{side}_out" for side in "FHW"},
    **{f"p_{x}^-": f"p_{x}" for x in "thw"},
    **{f"p_{x}^+": f"p_{x}_after" for x in "thw"},
    **{"p^-": "before", "p^+": "beyond"},
}
SIGNS = {
    **{"=": "=", r"\ne": "≠", r"\neq": "≠", "<": "<", r"\lt": "<", ">": ">", r"\gt": ">"},
    **{r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥"},
}
SPACE = r"\,"
SILENT = {r"\left", r"\right", r"\Bigl", r"\Bigr", r"\bigl", r"\bigr", SPACE, r"\;", r"\ ", r"\!"}
ROUNDED = {r"\lfloor": (r"\rfloor", "floor"), r"\lceil": (r"\rceil", "ceiling")}
EXTREME = {r"\min": "minimum", r"\max": "maximum", r"\gcd": "gcd"}
NAMED = {r"\cos": "cos", r"\sin": "sin", r"\log": "log"}
GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho varrho "
    "sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Sigma Phi Psi Omega"
)
LETTERS = {rf"\{word}": word for word in GREEK.split()}
ENDS = {
    ")",
    "]",
    "}",
    ",",
    ":",
    r"\}",
    r"\rfloor",
    r"\rceil",
    r"\right|",
    "&",
    r"\\",
    r"\end",
    "+",
    "-",
}
TOKEN = r"\\(?:left|right)\||\\[A-Za-z]+|\\.|\d+|\S"


def read(text, tensors=(), runs=None, own=None):
    """The tree of a formula, in which ``tensors`` are the names that take indices.

    ``own`` are the symbols of a theorem: the name of each by how it is written.
    """
    reader = _Reader(text, tensors, {**RUNS, **(runs or {})}, {**BOOK, **(own or {})})
    tree = reader.relation()
    if reader.tokens:
        raise UnreadableError(f"unread in {text!r}: {reader.tokens[:8]}")
    return tree


class _Reader:
    def __init__(self, text, tensors, runs, written):
        whole = map(re.escape, sorted(written, key=len, reverse=True))
        self.tokens = re.findall("|".join([*whole, TOKEN]), text)
        self.tensors, self.runs, self.written = set(tensors), runs, written

    def sees(self, *wanted):
        """Whether one of these tokens is next, marks that mean nothing left out."""
        while self.tokens and self.tokens[0] in SILENT:
            self.tokens.pop(0)
        return bool(self.tokens) and self.tokens[0] in wanted

    def skips(self, *wanted):
        return self.sees(*wanted) and bool(self.tokens.pop(0))

    def take(self, wanted=None):
        self.sees()
        if not self.tokens or (wanted and self.tokens[0] != wanted):
            raise UnreadableError(f"{wanted} expected at {self.tokens[:8]}")
        return self.tokens.pop(0)

    def relation(self):
        """Sums with relation signs between them; "n odd" is a relation in words."""
        parts = [self.sum()]
        while self.sees(*SIGNS):
            parts += [SIGNS[self.take()], self.sum()]
        if self.skips(r"\text"):
            words = self.raw()
            if words != "odd":
                raise UnreadableError(f"no relation: {words}")
            return ("relation", ("modulo", parts[0], number(2)), "=", number(1))
        return ("relation", *parts) if len(parts) > 1 else parts[0]

    def sum(self):
        terms = [self.signed()]
        while self.sees("+", "-"):
            terms.append(self.signed())
        return ("add", *terms) if len(terms) > 1 else terms[0]

    def signed(self):
        if self.skips("-"):
            return ("negative", self.term())
        self.skips("+")
        return self.term()

    def term(self):
        """A product, and what it is taken modulo."""
        found = self.product()
        while self.skips(r"\bmod"):
            found = ("modulo", found, self.product())
        return found

    def product(self):
        factors = [self.factor()]
        while self.begins_factor():
            if self.skips("/"):
                factors[-1] = ("over", factors[-1], self.factor())
                continue
            self.skips(r"\cdot", r"\times")
            factors.append(self.factor())
        return ("times", *factors) if len(factors) > 1 else factors[0]

    def begins_factor(self):
        self.sees()
        return bool(self.tokens) and not self.sees(*ENDS, *SIGNS, r"\text", r"\bmod")

    def factor(self):
        found = self.atom()
        while self.skips("^"):
            found = ("power", found, self.group())
        return found

    def group(self):
        """What stands in braces, or one token."""
        if not self.skips("{"):
            return self.word(self.take())
        inside = self.relation()
        self.take("}")
        return inside

    def raw(self):
        """The characters in braces, or of one token."""
        if not self.skips("{"):
            return self.take()
        depth, text = 1, ""
        while True:
            token = self.tokens.pop(0)
            depth += (token == "{") - (token == "}")
            if not depth:
                return text
            text += "" if token in ("{", "}", r"\mathrm") else LETTERS.get(token, token)

    def closed(self, end):
        inside = self.relation()
        self.take(end)
        return inside

    def listed(self, end):
        found = [self.relation()]
        while self.skips(","):
            found.append(self.relation())
        self.take(end)
        return found

    def atom(self):
        token = self.take()
        if token == r"\frac":
            return self.fraction()
        if token == r"\sqrt":
            return self.root()
        if token == "(":
            return self.closed(")")
        if token == "{":
            return self.closed("}")
        if token == r"\left|":
            return ("size", self.closed(r"\right|"))
        if token == "[":
            return self.bracket()
        if token in ROUNDED:
            end, kind = ROUNDED[token]
            return (kind, self.closed(end))
        if token in EXTREME:
            exponent = self.group() if self.skips("^") else None
            self.take("(")
            found = (EXTREME[token], *self.listed(")"))
            return ("power", found, exponent) if exponent else found
        if token == r"\sum":
            return self.summed()
        if token == r"\#":
            return self.counted()
        if token == r"\bar":
            return ("middle", self.raw())
        return self.word(token)

    def fraction(self):
        if self.tokens[:5] == ["{", "d", "}", "{", "d"]:  # d/ds before what is differentiated
            self.raw()
            letter = self.raw().removeprefix("d")
            return ("call", f"d/d{letter}", [self.factor()])
        above = self.group()
        return ("over", above, self.group())

    def root(self):
        if not self.skips("["):
            return ("root", self.group())
        degree = self.closed("]")
        return ("power", self.group(), ("over", number(1), degree))

    def bracket(self):
        """A matrix, or a bracket that is 1 where a relation holds and 0 where it does not."""
        if not self.skips(r"\begin"):
            return ("holds", self.closed("]"))
        self.raw()
        rows = [[self.relation()]]
        while not self.skips(r"\end"):
            if self.skips(r"\\"):
                rows.append([])
            else:
                self.skips("&")
            rows[-1].append(self.relation())
        self.raw()
        self.take("]")
        return ("matrix", *map(tuple, rows))

    def summed(self):
        """A sum over letters: with their own range, from 0, or from one end to the other."""
        self.take("_")
        self.take("{")
        ranges = []
        for parts in map(_sides, self.listed("}")):
            letter = parts[2 if len(parts) == 5 else 0][1]
            if len(parts) == 1 and letter in self.runs:
                ranges.append((letter, number(0), _below(("name", self.runs[letter]))))
            elif len(parts) == 3 and parts[1] == "<":
                ranges.append((letter, number(0), _below(parts[2])))
            elif len(parts) == 5 and parts[1::2] == ("≤", "≤"):
                ranges.append((letter, parts[0], parts[4]))
            else:
                raise UnreadableError(f"no range of a sum: {parts}")
        signed = self.skips("-")
        body = self.term()
        return ("sum", _outer_first(ranges), ("negative", body) if signed else body)

    def counted(self):
        r"""The number of points of a set: \#\{(y, u) : conditions\}."""
        self.take(r"\{")
        letters = self.listed(")") if self.skips("(") else [self.word(self.take())]
        self.take(":")
        return ("count", [letter[1] for letter in letters], self.listed(r"\}"))

    def word(self, token):
        """A number, a name with its marks, a tensor with its indices, or a function."""
        if token in self.written:
            return name(self.written[token])
        if token.isdigit():
            return number(token)
        if token in NAMED:
            return self.applied(NAMED[token])
        if not (token.isalpha() or token in LETTERS):
            raise UnreadableError(f"cannot read {token!r} before {self.tokens[:8]}")
        base = LETTERS.get(token, token)
        if self.tokens[:2] == ["{", "("] or self.tokens[:3] == ["{", r"\left", "("]:
            return self.applied(base)
        base += self.primes() + self.numbered()
        if self.tokens[:1] == ["_"]:
            if base in self.tensors:
                self.take("_")
                return ("tensor", base, self.indices())
            self.take("_")
            base += self.raw()
        return name(base + self.primes())

    def primes(self):
        found = ""
        while self.tokens and self.tokens[0] == "'":
            found += self.take()
        return found

    def numbered(self):
        """The number of a tensor that has one above it: Z^{(1)}."""
        if self.tokens[:3] != ["^", "{", "("]:
            return ""
        self.take("^")
        return self.raw().strip("()")

    def applied(self, base):
        self.take("{")
        self.take("(")
        arguments = self.listed(")")
        self.take("}")
        return ("call", base, arguments)

    def indices(self):
        """Indices, apart by commas, or by thin spaces where all of them are names."""
        inside = self.inside()
        apart = "," if "," in inside else SPACE
        found = []
        for tokens in _parted(inside, apart):
            reader = _Reader("", self.tensors, self.runs, self.written)
            reader.tokens = tokens
            found.append(reader.sum())
            if reader.tokens:
                raise UnreadableError(f"unread in an index: {reader.tokens}")
        return found

    def inside(self):
        """The tokens in the braces that come next."""
        depths = accumulate((token == "{") - (token == "}") for token in self.tokens)
        end = next(place for place, depth in enumerate(depths) if not depth)
        inside, self.tokens = self.tokens[1:end], self.tokens[end + 1 :]
        return inside


def _parted(tokens, apart):
    """Tokens between separators that are in no braces."""
    parts, depth = [[]], 0
    for token in tokens:
        depth += (token == "{") - (token == "}")
        if token == apart and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _outer_first(ranges):
    """Letters in an order in which each runs as far as the letters before it say."""
    ordered, left = [], list(ranges)
    while left:
        letters = {letter for letter, *_ in left}
        free = [one for one in left if not letters & _names(one[1:])]
        if not free:
            raise UnreadableError(f"ranges that depend on each other: {left}")
        ordered += free
        left = [one for one in left if one not in free]
    return ordered


def _names(tree):
    if not isinstance(tree, tuple | list):
        return set()
    own = {tree[1]} if tree[:1] == ("name",) else set()
    return own.union(*map(_names, tree))


def _sides(tree):
    return tree[1:] if tree[0] == "relation" else (tree,)


def _below(tree):
    return ("add", tree, number(-1))
