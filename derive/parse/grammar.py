"""The grammar of a reader's own line: words, signs and places, nothing evaluated.

Every complaint names what stands where, counted from 1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sympy import Expr, Integer

from derive.notation.errors import InputError
from derive.notation.letters import letter, SIZE, T
from derive.notation.validation import PIXELS
from derive.notation.words import natural

LONGEST = 240  # characters of a line
MOST_FACTORS = 8  # of a branch
MOST_BRANCHES = 6
LARGEST = 10**6  # a size or a number of branches
EXAMPLE, EINSUM = "A[j,i,u] B[o,j,v]", "jiu,ojv->oiuv"
FORMS = f"write factors such as {EXAMPLE}, or an einsum such as {EINSUM}"
NAMES = "ABCDEFGH"  # of the factors of an einsum
TOKEN = re.compile(r"\s*(?:(->|→)|(\\?[A-Za-z][A-Za-z0-9_]*)|([0-9]+)|(\S))")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,11}(_[A-Za-z0-9]{1,8})?")
KINDS = ("arrow", "word", "number", "sign")
TIMES = ("×", "*", "·", "⋅")
SIGMA = ("Σ", "∑", "sum", "\\sum")
SIGNS = (*TIMES, *SIGMA, *"[](){},=+;_")
CLOSING = {"{": "}", "(": ")", "[": "]"}
LETTER = {x.name: x for x in SIZE}
SIZES = {extent.name: extent for extent in (*SIZE.values(), T)}


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign, and where it stands, counted from 1."""

    kind: str
    text: str
    place: int

    @property
    def here(self) -> str:
        """What stands where, for a complaint."""
        if self.kind == "end":
            return "the end of the line"
        shown = self.text if len(self.text) <= 16 else f"{self.text[:15]}…"
        return f"{shown!r} at position {self.place}"


@dataclass(frozen=True)
class Factor:
    """A factor as written: its name, its letters, and where they stand."""

    name: str
    place: int
    letters: tuple[Token, ...]

    @property
    def known(self) -> set[str]:
        """The names of its letters."""
        return {token.text for token in self.letters}


@dataclass(frozen=True)
class Branch:
    """Factors in the order of the layers, how often they are taken, and an einsum's output."""

    times: Expr
    factors: tuple[Factor, ...]
    output: tuple[Token, ...] | None = None


@dataclass(frozen=True)
class ParsedLine:
    """A line as written: its branches, its left side, the letters under sums, sizes it gives."""

    branches: tuple[Branch, ...]
    left: tuple[Token, ...] | None = None
    summed: tuple[Token, ...] = ()
    sizes: dict[str, Expr] = field(default_factory=dict)


def parsed(text: str) -> ParsedLine:
    """The line taken apart; InputError for what does not look like one.

    >>> [factor.name for factor in parsed("A[j,i,u] · B[o,j,v]").branches[0].factors]
    ['A', 'B']
    """
    if len(text) > LONGEST:
        raise InputError(f"the line has {len(text)} characters, at most {LONGEST} are read")
    tokens = list(map(_token, TOKEN.finditer(text)))
    if not tokens:
        raise InputError(f"the line is empty: {FORMS}")
    for token in tokens:
        if token.kind == "sign" and token.text not in SIGNS:
            raise InputError(f"{token.here} belongs to no line: {FORMS}")
    return _Parser(tokens).line()


def _token(match: re.Match[str]) -> Token:
    group = match.lastindex or 1
    return Token(KINDS[group - 1], match[group], match.start(group) + 1)


class _Parser:
    """Reads tokens from left to right; every method takes what it names."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.number = 0
        texts = {token.text for token in tokens}
        arrow = any(token.kind == "arrow" for token in tokens)
        self.einsum = "[" not in texts and (arrow or "," in texts)
        self.summed: list[Token] = []

    def ahead(self, steps: int = 0) -> Token:
        """The next token, or one of those after it."""
        number = self.number + steps
        return self.tokens[number] if number < len(self.tokens) else Token("end", "", 0)

    def take(self, *texts: str) -> Token | None:
        """The next token if it is one of these."""
        return self.step() if self.ahead().text in texts else None

    def step(self) -> Token:
        """The next token, whatever it is."""
        self.number += 1
        return self.tokens[self.number - 1]

    def line(self) -> ParsedLine:
        """The whole line."""
        left = None if self.einsum else self.left_side()
        branches = [self.branch()]
        while plus := self.take("+"):
            branches.append(self.branch())
            if len(branches) > MOST_BRANCHES:
                raise InputError(f"{plus.here}: at most {MOST_BRANCHES} branches are read")
        sizes = self.sizes() if self.take("where", ";") else {}
        if self.ahead().kind != "end":
            raise InputError(f"{self.ahead().here} is not expected there: {FORMS}")
        return ParsedLine(tuple(branches), left, tuple(self.summed), sizes)

    def left_side(self) -> tuple[Token, ...] | None:
        """``K[o,i,u,v] =`` or ``K =``, if the line begins so."""
        name = self.ahead()
        ends = (token.text for token in self.tokens if token.text in ("where", ";", "="))
        if name.kind != "word" or next(ends, "") != "=":
            return None
        self.step()
        letters = self.letters(name) if self.ahead().text == "[" else None
        if not self.take("="):
            raise InputError(f"expected = after the left side, found {self.ahead().here}")
        return letters

    def branch(self) -> Branch:
        """``2 × (A[...] B[...])``: how often, and the factors."""
        self.sum()
        times = self.times()
        opened = self.take("(")
        self.sum()
        branch = self.operands(times) if self.einsum else Branch(times, self.factors())
        if opened and not self.take(")"):
            raise InputError(f"the bracket opened at position {opened.place} is not closed")
        return branch

    def times(self) -> Expr:
        """``2 ×`` or ``T ×``: how often a branch is taken."""
        token = self.ahead()
        if token.kind == "number":
            self.step()
            self.take(*TIMES)
            return _number(token, "the number of branches must be")
        if token.kind != "word" or self.ahead(1).text not in TIMES:
            return Integer(1)
        if token.text not in SIZES:
            raise InputError(f"{token.here} counts no branches: {', '.join(SIZES)} do")
        self.number += 2
        return SIZES[token.text]

    def sum(self) -> None:
        """A sum sign with the letters it names."""
        sign = self.ahead()
        if sign.kind == "word" and sign.text.startswith(("sum_", "\\sum_")):
            letters = self.step().text.partition("_")[2]
            self.summed += _spread(sign, letters, len(sign.text) - len(letters))
            if not letters:
                self.summed_letters()
        elif self.take(*SIGMA) and self.take("_"):
            self.summed_letters()

    def summed_letters(self) -> None:
        """What stands under a sum sign: ``j``, ``jl`` or ``{j, l}``."""
        opened = self.take(*CLOSING)
        while self.ahead().kind == "word":
            word = self.step()
            self.summed += _spread(word, word.text)
            if not opened:
                return
            self.take(",")
        if not opened or not self.take(CLOSING[opened.text]):
            raise InputError(f"the letters of a sum look like Σ_j or Σ_{{j,l}}, not {self.here}")

    @property
    def here(self) -> str:
        """What stands next, for a complaint."""
        return self.ahead().here

    def factors(self) -> tuple[Factor, ...]:
        """``A[j,i,u] · B[o,j,v]``, with or without the dots."""
        factors = [self.factor()]
        while self.take(*TIMES) or (self.ahead().kind == "word" and self.ahead().text != "where"):
            _not_too_many(len(factors), self.ahead())
            factors.append(self.factor())
        return tuple(factors)

    def factor(self) -> Factor:
        """``A[j,i,u]``."""
        name = self.ahead()
        if name.kind != "word":
            raise InputError(f"expected a factor such as A[j,i,u], found {self.here}")
        self.step()
        if self.ahead().text != "[":
            raise InputError(f"{name.here} has no letters: a factor looks like A[j,i,u]")
        if not NAME.fullmatch(name.text):
            raise InputError(f"{name.here} is no name of a factor: take such as A, B or A_1")
        return Factor(name.text, name.place, self.letters(name))

    def letters(self, name: Token) -> tuple[Token, ...]:
        """``[j,i,u]``, the letters of a factor."""
        opened = self.step()
        letters: list[Token] = []
        while self.ahead().kind == "word":
            letters.append(checked(self.step()))
            if self.take("]"):
                return tuple(letters)
            if not self.take(","):
                break
        if self.ahead().kind == "end":
            raise InputError(f"the bracket opened at position {opened.place} is not closed")
        wanted = "a letter" if not letters or self.tokens[self.number - 1].text == "," else ", or ]"
        raise InputError(f"expected {wanted} in the factor {name.text}, found {self.here}")

    def operands(self, times: Expr) -> Branch:
        """``jiu,ojv->oiuv``: the factors of an einsum are called A, B, C ..."""
        factors: list[Factor] = []
        while not factors or self.take(","):
            _not_too_many(len(factors), self.ahead())
            place = self.ahead().place
            factors.append(Factor(NAMES[len(factors)], place, self.operand()))
        output = self.operand() if self.take("->", "→") else None
        return Branch(times, tuple(factors), output)

    def operand(self) -> tuple[Token, ...]:
        """``jiu``, the letters of one factor or of the output."""
        word = self.ahead()
        if word.kind != "word":
            raise InputError(f"expected letters such as jiu, found {self.here}")
        return tuple(map(checked, _spread(self.step(), word.text)))

    def sizes(self) -> dict[str, Expr]:
        """``where e = 4, f = M``: what letters of the reader's own run over."""
        found: dict[str, Expr] = {}
        while not found or self.take(","):
            name, value = self.ahead(), self.ahead(2)
            if name.kind != "word" or self.ahead(1).text != "=" or value.kind == "end":
                raise InputError(f"expected a size such as e = 4, found {self.here}")
            self.number += 3
            found[_own(checked(name), found)] = _size(name, value)
        return found


def _own(name: Token, found: dict[str, Expr]) -> str:
    """The letter if the reader may give it a size."""
    if name.text in LETTER:
        extent = SIZE[LETTER[name.text]]
        raise InputError(f"letter {name.here} runs over {extent}: take a letter of your own")
    if name.text in found:
        raise InputError(f"letter {name.here} has been given a size already")
    return name.text


def _size(name: Token, value: Token) -> Expr:
    if value.kind == "number":
        return _number(value, f"the size of {name.text} must be")
    if value.text not in SIZES:
        known = ", ".join(SIZES)
        raise InputError(f"{value.here} is no size: write a positive integer or one of {known}")
    return SIZES[value.text]


def _number(token: Token, what: str) -> Expr:
    """A positive integer that is not too large."""
    number = natural(token.text, LARGEST)
    if not number:
        raise InputError(f"{what} from 1 to {LARGEST}, not {token.here}")
    return Integer(number)


def _spread(word: Token, letters: str, offset: int = 0) -> list[Token]:
    """The letters of a word, each with its place."""
    return [Token("word", x, word.place + offset + number) for number, x in enumerate(letters)]


def checked(token: Token) -> Token:
    """A letter that an index can be: one of a to z, and none of those of the pixels.

    Raises InputError, in one line with the position, for anything else.
    """
    if len(token.text) > 1:
        raise InputError(f"{token.here} is not one letter: write commas between letters")
    if not "a" <= token.text <= "z":
        raise InputError(f"letter {token.here} is none of a to z")
    if letter(token.text) in PIXELS:
        raise InputError(f"letter {token.here} is a pixel of the image: take another")
    return token


def _not_too_many(factors: int, token: Token) -> None:
    if factors == MOST_FACTORS:
        raise InputError(f"the factor at position {token.place} is one too many after {factors}")
