"""The words of a theorem file under one name: ``from derive.proof.language import *``.

Claims, steps and kinds of evidence; the letters, lines and sums they speak of; and the few words of
SymPy and of the standard library that mathematics is written with here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from itertools import combinations, product
from random import Random
from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    cancel,
    exp,
    Expr,
    Function,
    I,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    log,
    Matrix,
    Max,
    Mod,
    Mul,
    pi,
    Pow,
    Rational,
    sqrt,
    Sum,
    Symbol,
    symbols,
    Tuple,
)

from derive.algebra.contraction import contraction, whole
from derive.algebra.counting import Count, StageCount
from derive.algebra.exactness import Exactness, Values
from derive.algebra.interlayer import altered, read_places
from derive.algebra.network import Bond, Cut, cut_of, indices, Network, network
from derive.algebra.outer_products import outer_sum, roots_in, terms_needed
from derive.algebra.pipeline import two_sides
from derive.algebra.sizes import nonempty
from derive.algebra.windows import number_of_windows, places, taken_out
from derive.notation.as_written import product_as_written, square_root
from derive.notation.axis import Axis
from derive.notation.convolution import compose, direct, PLANE, stages, Within
from derive.notation.extremes import ceiling, floor, maximum, minimum, positive_part
from derive.notation.family import Family, Letters, Line
from derive.notation.formula import Gcd
from derive.notation.letters import (
    a,
    ALONE,
    b,
    C_a,
    C_b,
    C_c,
    C_in,
    C_out,
    Direction,
    G,
    g,
    H,
    H_out,
    HEIGHT,
    i,
    j,
    k_h,
    k_w,
    l,
    letter,
    M,
    m,
    n,
    nu,
    o,
    over,
    P,
    p,
    padding,
    Q,
    q,
    R,
    r,
    SIZE,
    size,
    sized,
    T,
    t,
    u,
    v,
    W,
    W_out,
    WIDTH,
    X,
    x,
    Y,
    y,
)
from derive.proof.cases import Case, CaseList, Cases, Grid
from derive.proof.claim import (
    Cell,
    Claim,
    Displayed,
    iff,
    members,
    Quantity,
    replaced,
    Said,
    sequence,
    Table,
    value,
)
from derive.proof.designs import Kernels, LiesWithin
from derive.proof.divided import at_every_bond, Divided, in_two, slices_apart
from derive.proof.equality import Equal, Includes
from derive.proof.established import (
    Decides,
    Domain,
    Equation,
    Holds,
    SameCondition,
    Signs,
    Together,
)
from derive.proof.evidence import (
    Agree,
    Argued,
    Bounded,
    Cited,
    CLAIM,
    Confirmed,
    Counterexample,
    Equivalent,
    Every,
    Picture,
    Positive,
    Query,
    Telescoping,
    Uses,
)
from derive.proof.outer_product import entries_from_minors, modes_of_rank_one
from derive.proof.result import Evidence
from derive.proof.theorem import (
    continued,
    Dropped,
    Establishes,
    Part,
    Proof,
    Sentence,
    Step,
    step,
    Without,
)
