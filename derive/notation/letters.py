"""The alphabet: one-letter indices and what each runs over.

Letters are plain integer symbols, never bounded ``Idx`` objects, with which
``Sum(...).subs(m, 2).doit()`` is silently wrong.
"""

from dataclasses import dataclass, fields, replace

from sympy import Expr, IndexedBase, Integer, Symbol


def letter(name: str) -> Symbol:
    """An index letter: an integer symbol that a sum may run over.

    >>> letter("z").is_integer
    True
    """
    return Symbol(name, integer=True)


def size(name: str) -> Symbol:
    """A size: a positive integer symbol.

    >>> size("Z").is_positive
    True
    """
    return Symbol(name, integer=True, positive=True)


def sized(**extents: int) -> dict[Symbol, Integer]:
    """Numbers for sizes, each by its name.

    >>> sized(C_in=3, m=2)
    {C_in: 3, m: 2}
    """
    return {size(name): Integer(extent) for name, extent in extents.items()}


def padding(name: str) -> Symbol:
    """A padding: a non-negative integer symbol."""
    return Symbol(name, integer=True, nonnegative=True)


i, o = letter("i"), letter("o")  # input channel, output channel
t, u, v = letter("t"), letter("u"), letter("v")  # taps: depth (or time), vertical, horizontal
j = letter("j")  # middle channel of an asymmetric pair
l = letter("l")  # copies per channel, the depth multiplier
q, r, p = letter("q"), letter("r"), letter("p")  # bonds: input side, middle, output side
g = letter("g")  # group
a, b, c = letter("a"), letter("b"), letter("c")  # input, output, middle channel within a group

C_in, C_out = size("C_in"), size("C_out")
k_t, k_h, k_w = size("k_t"), size("k_h"), size("k_w")
m, M = size("m"), size("M")
Q, R, P = size("Q"), size("R"), size("P")
G = size("G")
C_a, C_b, C_c = size("C_a"), size("C_b"), size("C_c")
T = size("T")  # parallel terms, each with weights of its own
tau = padding("tau")  # which of them; unlike letter("tau"), which is the reader's to use
nu = size("nu")  # bytes per number
n = size("n")  # square kernels: k_h = k_w = n

SIZE = {
    **{i: C_in, o: C_out, t: k_t, u: k_h, v: k_w},
    **{j: m, l: M, q: Q, r: R, p: P},
    **{g: G, a: C_a, b: C_b, c: C_c},
}


def over(letter: Symbol, extent: Expr | None = None) -> tuple[Symbol, Expr, Expr]:
    """The limits of a sum over a letter: from 0 to one less than what it runs over.

    >>> from sympy import Sum
    >>> Sum(X[i], over(i)), Sum(X[u], over(u, n))
    (Sum(X[i], (i, 0, C_in - 1)), Sum(X[u], (u, 0, n - 1)))
    """
    return letter, Integer(0), (SIZE[letter] if extent is None else extent) - 1


MEANING = {
    i: "input channel",
    o: "output channel",
    t: "tap in depth (or time)",
    u: "vertical tap",
    v: "horizontal tap",
    j: "middle channel",
    l: "copy of a channel (depth multiplier)",
    q: "bond next to the input",
    r: "bond in the middle",
    p: "bond next to the output",
    g: "group",
    a: "input channel of a group",
    b: "output channel of a group",
    c: "middle channel of a group",
}

X, Y = IndexedBase("X"), IndexedBase("Y")  # the image and the result


@dataclass(frozen=True)
class Direction:
    """One spatial direction: its tap letter, its pixel letter and the symbols of its geometry.

    ``pairs`` counts the (window, tap) pairs that fall inside the image, ``reached`` the outputs
    that see at least one of them; ``centre`` counts the windows whose centre tap is inside.
    """

    tap: Symbol
    pixel: Symbol
    position: Symbol
    input: Symbol
    output: Symbol
    kernel: Symbol
    stride: Symbol
    dilation: Symbol
    before: Symbol
    after: Symbol
    pairs: Symbol
    reached: Symbol
    centre: Symbol
    written: Symbol

    @property
    def middle(self) -> Expr:
        """The tap of the middle, (k - 1)/2, for a factor that holds no tap of this direction."""
        return (self.kernel - 1) / 2

    def symbols(self) -> tuple[Symbol, ...]:
        """Every symbol of the direction, in the order of the fields."""
        return tuple(getattr(self, field.name) for field in fields(self))


def direction(tap: Symbol, pixel: str, position: str, extent: str, index: str) -> Direction:
    """The symbols of one direction, all named after its extent and its index."""
    return Direction(
        tap=tap,
        pixel=letter(pixel),
        position=letter(position),
        input=size(extent),
        output=padding(f"{extent}_out"),
        kernel=SIZE[tap],
        stride=size(f"s_{index}"),
        dilation=size(f"d_{index}"),
        before=padding(f"p_{index}"),
        after=padding(f"p_{index}_after"),
        pairs=padding(f"T_{index}"),
        reached=padding(f"U_{index}"),
        centre=padding(f"E_{index}"),
        written=padding(f"B_{index}"),
    )


DEPTH = direction(t, "z", "z_0", "F", "t")
HEIGHT = direction(u, "y", "y_0", "H", "h")
WIDTH = direction(v, "x", "x_0", "W", "w")
DIRECTIONS = {d.tap: d for d in (DEPTH, HEIGHT, WIDTH)}
ALONE = replace(  # one axis with nothing said of the others: no index
    HEIGHT,
    output=padding("N"),
    kernel=size("k"),
    stride=size("s"),
    dilation=size("d"),
    before=padding("before"),
    after=padding("beyond"),
)
y, x = HEIGHT.pixel, WIDTH.pixel
H, W, H_out, W_out = HEIGHT.input, WIDTH.input, HEIGHT.output, WIDTH.output

COUNTED = {
    C_in: "input channels",
    C_out: "output channels",
    m: "width: middle channels",
    M: "depth multiplier: copies per channel",
    Q: "rank next to the input",
    R: "rank in the middle",
    P: "rank next to the output",
    G: "groups",
    C_a: "input channels of a group",
    C_b: "output channels of a group",
    C_c: "middle channels of a group",
    T: "parallel terms",
    n: "side of a square kernel",
    nu: "bytes per number",
}

ALONG = {
    "input": "input {0}",
    "output": "output {0}",
    "kernel": "kernel {0}",
    "stride": "stride along the {0}",
    "dilation": "dilation along the {0}",
    "before": "padding before, along the {0}",
    "after": "padding after, along the {0}",
    "pairs": "(window, tap) pairs on the image, along the {0};"
    " transposed: (pixel, tap) pairs on the output",
    "reached": "outputs that see the image, along the {0}",
    "centre": "windows whose middle tap is on the image, along the {0};"
    " transposed: pixels whose middle tap is on the output",
    "written": "pixels written before cropping, along the {0}",
}


def meaning(symbol: Symbol) -> str:
    """What a symbol of a formula stands for.

    >>> meaning(W_out)
    'output width'
    """
    for one, name in ((DEPTH, "depth"), (HEIGHT, "height"), (WIDTH, "width")):
        for field, words in ALONG.items():
            if getattr(one, field) == symbol:
                return words.format(name)
    return COUNTED.get(symbol, str(symbol.name))
