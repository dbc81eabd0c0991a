"""Networks in text: the image, then a line for each layer, branches in parentheses.

    image 3x224x224
    each: bn relu                     what follows every convolution
    stem: 7x7/2 64                    kernel / stride, output channels
    max 3x3/2
    block: 3 * ( ( 1x1 64 > dw 3x3 > 1x1 256 plain bn + 1x1 256 plain bn ) > relu )
    global
    head: linear 1000

``>`` or a new line: one after the other. In parentheses ``|`` puts branches side by side, ``+``
adds them, ``&`` multiplies them, and after ``;`` a branch ends in an output of its own, while the
first goes on; ``.`` is a branch that does nothing. Commas are blanks, ``#``
begins a remark. Nothing here knows a size: that is ``derive.models.network``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.errors import InputError
from derive.parse.field import shown

TOKEN = re.compile(r"\d+\s*\*|[>|+&;()]|[^\s>|+&;()*]+|\*")
APART = ";"
JOINS = {"|": "side by side", "+": "added", "&": "multiplied", APART: "apart"}
DEEPEST, MOST = 20, 20_000  # parentheses within each other, layers in all
LONGEST = 10**6  # characters of a text
USUAL = "each:"  # begins the line that says what follows every convolution


@dataclass(frozen=True)
class Piece:
    """The words of one layer, or of one operation between layers, and the line it stands on."""

    words: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Joined:
    """Branches that read the same tensor and are joined by a sign."""

    sign: str
    branches: "tuple[Chain, ...]"
    line: int


@dataclass(frozen=True)
class Named:
    """A part of a chain that has a name; ``times`` is how often it stands there in a row."""

    name: str
    part: "Chain"
    times: int = 1


Link = Piece | Joined | Named
Chain = tuple[Link, ...]


@dataclass(frozen=True)
class NetworkText:
    """The image, what follows every convolution, and the layers."""

    image: str
    each: tuple[str, ...]
    layers: Chain


def read_network(text: str) -> NetworkText:
    """A network from text; InputError, in one line that names the line of the text, if it is none.

    >>> found = read_network("image 3x32x32\\nstem: 3x3 8\\n( . + 3x3 8 )")
    >>> found.image, found.layers[0]
    ('3x32x32', Named(name='stem', part=(Piece(words=('3x3', '8'), line=2),), times=1))
    """
    if len(text) > LONGEST:
        raise InputError(f"a list of layers has at most {LONGEST:,} characters, not {len(text):,}")
    lines = [_bare(line) for line in text.splitlines()]
    image, each = "", tuple[str, ...]()
    rest = list[tuple[int, str]]()
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words:
            continue
        if not image:
            image = _image(words, number)
        elif words[0].lower() == USUAL:
            each = tuple(words[1:])
        else:
            rest.append((number, line))
    if not image:
        raise InputError(f"a list of layers begins with its image: {EXAMPLE}")
    layers = _Reader(list(_tokens(rest))).whole()
    if not layers:
        raise InputError("a list of layers needs a layer below its image, such as 3x3/2 64")
    return NetworkText(image, each, layers)


EXAMPLE = "write such as 'image 3x224x224', channels first"


def _bare(line: str) -> str:
    """A line without its remark, with blanks where there are commas."""
    return line.partition("#")[0].replace(",", " ").replace("\ufeff", "")


def _image(words: list[str], line: int) -> str:
    if words[0].lower().rstrip(":") != "image" or len(words) != 2:
        raise InputError(f"line {line}: {shown(' '.join(words))!r} is no image: {EXAMPLE}")
    return words[1]


def _tokens(lines: list[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    """The signs and words, each with its line; a new line outside of parentheses is a sign too."""
    depth = 0
    for number, line in lines:
        for sign in TOKEN.findall(line):
            depth += (sign == "(") - (sign == ")")
            yield sign, number
        if depth <= 0:
            yield "\n", number


@dataclass
class _Reader:
    """The tokens from the one at ``at``."""

    tokens: list[tuple[str, int]]
    at: int = 0
    pieces: int = 0

    def whole(self) -> Chain:
        """Everything that is there; InputError for a parenthesis that closes nothing."""
        chain = self.chain(0)
        if self.at < len(self.tokens):
            raise self.wrong(f"{self.here!r} closes or joins nothing")
        return chain

    @property
    def here(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def line(self) -> int:
        return self.tokens[min(self.at, len(self.tokens) - 1)][1]

    def wrong(self, what: str) -> InputError:
        return InputError(f"line {self.line}: {what}")

    def chain(self, depth: int) -> Chain:
        """What stands between two joints, or to the end."""
        found: list[Link] = []
        while self.here and self.here not in (*JOINS, ")"):
            if self.here in (">", "\n"):
                self.at += 1
            else:
                found.append(self.link(depth))
        return tuple(found)

    def link(self, depth: int) -> Link:
        """A layer, or what is in parentheses, with its name and how often it stands there."""
        name, times = "", 1
        if self.here.endswith(":"):
            name, self.at = self.here[:-1], self.at + 1
        if self.here.endswith("*"):
            times = self.times()
        before = self.pieces
        part = self.inside(depth) if self.here == "(" else (self.piece(),)
        self.pieces = before + times * max(self.pieces - before, 1)
        if self.pieces > MOST:
            raise self.wrong(f"more than {MOST:,} layers")
        return part[0] if not name and times == 1 and len(part) == 1 else Named(name, part, times)

    def times(self) -> int:
        digits = self.here.rstrip("*").strip()
        self.at += 1
        if self.here != "(" or not 0 < len(digits) < 5 or int(digits) < 1:
            raise self.wrong("write how often in front of parentheses, such as 5 * ( 3x3 64 )")
        return int(digits)

    def inside(self, depth: int) -> Chain:
        """What is in parentheses: branches with one sign between them, or a chain alone."""
        if depth >= DEEPEST:
            raise self.wrong(f"more than {DEEPEST} parentheses within each other")
        line, signs, branches = self.line, set[str](), list[Chain]()
        while not branches or self.here in JOINS:
            if branches:
                signs.add(self.here)
            self.at += 1
            branches.append(self.chain(depth + 1))
        if self.here != ")":
            raise InputError(f"line {line}: this parenthesis is not closed")
        if len(signs) > 1:
            raise self.wrong("put branches that are joined by different signs in parentheses")
        self.at += 1
        return (Joined(signs.pop(), tuple(branches), line),) if signs else branches[0]

    def piece(self) -> Piece:
        """Words up to the next sign."""
        line, words = self.line, list[str]()
        while self.here and self.here not in (">", "\n", "(", ")", *JOINS):
            if self.here.endswith("*"):
                raise self.wrong("write how often in front of parentheses, such as 5 * ( 3x3 64 )")
            words.append(self.here)
            self.at += 1
        if not words:
            raise self.wrong("a layer is missing")
        return Piece(tuple(words), line)
