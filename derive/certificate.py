"""Check the proof in a verdict of `derive factor --json`: python certificate.py verdict.json

Exact: the factors are multiplied out and must give the kernel, entry by entry. Not exact: a minor
that is not 0 must be larger than the rank that the einsum allows, or an entry that is not 0 must
stand where the einsum leaves zeros. The einsum must be that of the family, its sizes those of the
setting, and ranks are worked out again where they are small. What was checked is printed, and what
was not. This file shares nothing with the program that decided. Exit code: 0 if the proof holds, 1
if it does not, 2 if there is nothing that can be checked.
"""

import json
import sys
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from itertools import compress, islice, product
from math import inf, lcm, prod
from operator import mul
from random import Random
from typing import Any

Sizes = dict[str, int]
Tensor = tuple[str, list[int]]  # letters, and the entries with the last letter fastest
GIVEN = ("schema", "kernel", "einsum", "outputs", "inputs", "sizes")  # what a proof is about
SCHEMA = "derive/factor/1"
FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError)
# Limits, against documents made to take hours: raise them to check a larger one.
LARGE = "too large to check within the limits that stand in the checker"
BYTES, ENTRIES, LISTS = 24_000_000, 1_000_000, 50_000  # in a file
STEPS, ROOM = 12_000_000, 60_000_000  # of about 0.1 microseconds, and bytes of whole numbers
RANK_STEPS = 3_000_000  # of them, for ranks; a rank that takes more is listed as not checked
SPREAD = 200_000  # of them worked out by plain loops, to compare, when there are more than PLAIN
PLAIN = 2_000_000  # products up to which plain loops are all there is
FORMS = {  # outputs, inputs, factors; * stands for all taps, ? for each tap in its own factor
    "standard": "o i oi*",
    "pointwise": "o i oi",
    "grouped": "gb ga gba*",
    "depthwise": "il i il*",
    "depthwise-separable": "o i il*,oil",
    "blueprint-separable": "o i oi,o*",
    "asymmetric": "o i jiu,ojv",
    "asymmetric-horizontal-first": "o i jiv,oju",
    "grouped-asymmetric": "gb ga gcau,gbcv",
    "depthwise-asymmetric": "i i i?",
    "depthwise-asymmetric-separable": "o i i?,oi",
    "flattened": "o i oi,o?",
    "tucker-2": "o i qi,pq*,op",
    "cp": "o i ri,r?,or",
    "cp-joint": "o i ri,r*,or",
    "tensor-train": "o i qi,rqu,prv,op",
    "r2plus1d": "o i jiuv,ojt",
    "acnet-block": "o i oiuv + oiu + oiv",
    "network-decoupling": "o i i*k,oik",
}
BONDS = {"m": "j", "M": "l", "R": "r", "P": "p", "Q": "q", "T": "k", "C_c": "c"}  # of a setting


class TooLargeError(ArithmeticError):
    """Raised when a check would take more steps or memory than the limits allow."""


def complaint(document: Any, steps: float = STEPS) -> str:
    """What is wrong with a document; an empty string if its proof holds, or if it has none."""
    try:
        examine(document, steps)
    except FAULTS as error:
        return words_of(error)
    return ""


def examine(document: Any, steps: float = STEPS) -> "Reach":
    """The form with what was checked in a document: one of FAULTS if anything there is wrong."""
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        form = prove(document, steps)
        check_families(document, form)
        return form
    finally:
        sys.set_int_max_str_digits(digits)


def prove(document: Any, steps: float) -> "Reach":
    """The form with what was checked of one verdict: one of FAULTS if anything there is wrong."""
    need(document["schema"] == SCHEMA, f"it is no document of {SCHEMA}")
    check = {"exact": multiply, "not exact": refute, "undecided": lambda *_: None}
    form = Reach(document, steps)
    check[document["verdict"]](document, form)
    names = check_family(document, form)
    check_cuts(document, form)
    if names is not None and len(form.terms) == 1:
        check_sizes(document, form, names)
    return form


class Reach:
    """Where in a kernel K[o, i, taps] the entries stand that an einsum, or a sum of some, reaches.

    Several output letters run through the output channels together, the last one fastest; so do
    input letters. A letter in both makes blocks. A tap that an einsum leaves out is in the middle.
    """

    def __init__(self, document: Any, steps: float) -> None:
        self.left, self.limited, self.rank_steps = steps, steps < inf, RANK_STEPS
        self.checked: list[str] = []
        self.unchecked: list[str] = []
        kernel, sides = document["kernel"], {"o": document["outputs"], "i": document["inputs"]}
        letters, einsum, self.size = kernel["letters"], document["einsum"], document["sizes"]
        long = len(letters + sides["o"] + sides["i"] + einsum)
        need(long < 2000, "the einsum is too long to check")
        self.terms: list[Any] = [term.split("->") for term in einsum.split(" + ")]
        self.taps, self.extent = letters[2:], dict(zip(letters, kernel["extents"], strict=True))
        self.kernel = kernel
        need(len(kernel["entries"]) == prod(kernel["extents"]), "a tensor has not as many entries")
        if self.limited:
            need(bool(self.numbers), "the kernel has no entries")
        need(all(type(n) is int and n > 0 for n in self.size.values()), "a size is not positive")
        self.apart = strides(letters, self.extent)
        self.step = {x: self.apart[x] for x in self.taps}
        for side, names in sides.items():
            need(self.extent[side] == prod(self.size[x] for x in names), f"other channels {side}")
            for x, near in strides(names, self.size).items():
                self.step[x] = self.step.get(x, 0) + near * self.apart[side]
        for factors, output in self.terms:
            words = [letters, output, *(w + self.taps for w in sides.values())]
            self.check_letters(output, factors, [*words, *factors.split(",")])
            need({*sides["o"], *sides["i"]} <= {*output}, "letters of another kernel")
        self.whole = {x for _, output in self.terms for x in output}

    @cached_property
    def exact(self) -> tuple[list[int], int]:
        """All entries of the kernel as integers, and their common denominator."""
        return self.integers(self.kernel, self.extent)

    @property
    def numbers(self) -> list[int]:
        """The entries of the kernel as integers."""
        return self.exact[0]

    @property
    def below(self) -> int:
        """The common denominator of the entries."""
        return self.exact[1]

    def square(self, places: list[list[int]]) -> tuple[list[list[int]], int]:
        """Some entries of the kernel as integers, and their common denominator: all are read where
        a document may be of anyone, only these where it may not."""
        if self.limited:
            return [[self.numbers[n] for n in row] for row in places], self.below
        wide, texts = len(places[0]), self.kernel["entries"]
        part = {
            "letters": "rc",
            "extents": [len(places), wide],
            "entries": [texts[n] for row in places for n in row],
        }
        flat, below = self.integers(part, {"r": len(places), "c": wide})
        return [flat[n : n + wide] for n in range(0, len(flat), wide)], below

    def check_letters(self, output: str, factors: str, words: list[str]) -> None:
        """Raise ValueError unless an einsum can be of this kernel."""
        need(all(len(set(word)) == len(word) for word in words), "a letter twice in one place")
        need(set(output) <= self.step.keys(), "letters of another kernel")
        need(set(output) <= set(factors), "a letter of the kernel is in no factor")
        for x in self.taps:
            fits = self.size[x] == self.extent[x] if x in output else self.extent[x] % 2 == 1
            need(fits, "another number of taps, or none in the middle")

    def spend(self, steps: float, room: int = 0) -> None:
        """Raise TooLargeError if this takes more steps or bytes of numbers than are left."""
        self.left -= steps
        if self.limited and (self.left < 0 or room > ROOM):
            raise TooLargeError(LARGE)

    def integers(self, part: Any, size: Sizes) -> tuple[list[int], int]:
        """The entries of a tensor as integers over a common denominator."""
        need(part["extents"] == [size[x] for x in part["letters"]], "a tensor has other sizes")
        texts, below = part["entries"], 1
        need(len(texts) == prod(part["extents"]), "a tensor has not as many entries")
        lengths = [*map(len, texts)]
        self.spend(5 * len(texts) + sum(lengths) * max(lengths) // 8000, max(lengths))
        pairs = [(int(a), int(b or 1)) for a, _, b in (text.partition("/") for text in texts)]
        for b in {b for _, b in pairs}:
            self.spend(below.bit_length() * b.bit_length() // 30_000, b.bit_length())
            below = lcm(below, b)
        self.spend(0, len(pairs) * below.bit_length() // 8)
        return [a * (below // b) for a, b in pairs], below

    def places(self, output: str) -> list[int]:
        """Where the entries stand, in order."""
        self.spend(2 * len(self.numbers))
        return places(output, self.step, self.size, self.middle(output))

    def middle(self, output: Iterable[str]) -> int:
        """Where the entry stands with all letters at 0 and the taps left out in the middle."""
        return sum(self.extent[x] // 2 * self.apart[x] for x in self.taps if x not in output)

    def rank(self, rows: str, columns: str) -> Any:
        """The largest rank of the matrices with these rows and columns, one for all values of the
        other letters; None if that takes too many steps."""
        kept = sorted(self.whole - set(rows + columns))
        high, wide, many = (prod(self.size[x] for x in word) for word in (rows, columns, kept))
        least = min(high, wide)
        if many * high * wide * (2 + 15 * least) > self.rank_steps:
            return None
        bits = max(map(int.bit_length, self.numbers))
        steps = many * high * wide * (2 + 15 * least * (1 + least * bits // 300))
        if steps > self.rank_steps:
            return None
        self.rank_steps -= steps
        down, across = (places(x, self.step, self.size) for x in (rows, columns))
        starts = places(kept, self.step, self.size, self.middle(self.whole))
        matrices = ([[self.numbers[n + y + x] for x in across] for y in down] for n in starts)
        return max(len(pivots(matrix)) for matrix in matrices)


def multiply(document: Any, form: Reach) -> None:
    """Raise one of FAULTS unless the factors contract to the kernel."""
    given, total, common = iter(document["factors"]), [0] * len(form.numbers), 1
    for factors, output in form.terms:
        words = factors.split(",")
        tensors = list(islice(given, len(words)))
        need(len(tensors) == len(words), "there are too few factors")
        fine = [factor["letters"] for factor in tensors] == words
        need(fine, "a factor has other letters than in the einsum")
        numbers, belows = zip(*(form.integers(x, form.size) for x in tensors), strict=True)
        before, common = common, lcm(common, prod(belows))
        bits = common.bit_length() + form.below.bit_length()
        form.spend(len(total) * (4 + bits**2 // 50_000), len(total) * bits // 8)
        more, times = common // before, common // prod(belows)
        total = [x * more for x in total]
        product_ = contract(list(zip(words, numbers, strict=True)), output, form)
        for place, number in zip(form.places(output), product_, strict=True):
            total[place] += number * times
    need(not list(given), "there are too many factors")
    pairs = zip(form.numbers, total, strict=True)
    need(all(x * common == y * form.below for x, y in pairs), "the factors give another kernel")
    form.checked += ["verdict", "factors"]


def refute(document: Any, form: Reach) -> None:
    """Raise one of FAULTS unless the einsum forbids a minor, or an entry, that the kernel has.

    Letters that stand neither for rows nor for columns are kept at their values, or at 0.
    """
    proof, step, extent, start = document["certificate"], form.apart, form.extent, 0
    if proof["bound"] != 0:
        step, extent = form.step, {x: form.size[x] for x in form.whole}
        start = form.middle(form.whole)
    rows, columns, kept = proof["row_letters"], proof["column_letters"], "".join(proof["kept"])
    letters, size = rows + columns + kept, len(proof["rows"])
    need(len(set(letters)) == len(letters), "a letter stands twice in the matrix")
    need(size == len(proof["columns"]) > proof["bound"], "the minor is no larger than the bound")

    def place(names: str, values: Iterable[int]) -> int:
        pairs = list(zip(names, values, strict=True))
        need(all(type(n) is int and 0 <= n < extent[x] for x, n in pairs), "an index out of range")
        return sum(step[x] * n for x, n in pairs)

    start += place(kept, proof["kept"].values())
    down = [place(rows, at) for at in proof["rows"]]
    across = [place(columns, at) for at in proof["columns"]]
    if proof["bound"] == 0:
        reached = {n for _, output in form.terms for n in form.places(output)}
        need(size == 1 and start + down[0] + across[0] not in reached, "the einsum has this entry")
    else:
        allowed = allowed_rank(rows, columns, form)
        need(proof["bound"] == allowed, f"the einsum allows a rank of {allowed}")
    form.spend(size**2)
    check_minor(proof["minor"], *form.square([[start + y + x for x in across] for y in down]), form)
    form.checked += ["verdict", "certificate"]


def check_minor(minor: Any, square: list[list[int]], common: int, form: Reach) -> None:
    """Raise one of FAULTS unless that, a number or a residue and its prime, is the minor of a
    square of integers over a common denominator."""
    size, bits = len(square), max(common, *(abs(x) for row in square for x in row)).bit_length()
    if isinstance(minor, str):
        form.spend(size**3 * (15 + size * bits // 20), size * bits // 8)
        (above,), below = form.integers({"letters": "", "extents": [], "entries": [minor]}, {})
        found, value = pivots(square), Fraction(above, below)
        right = prod(found, start=Fraction(1, common**size))
    else:
        value, prime = minor["residue"], minor["prime"]
        need(0 < prime < 2**64, "the prime is too long")
        form.spend(size**3 + size**2 * bits // 30)
        found = residue_pivots([[x % prime for x in row] for row in square], prime)
        right = prod(found, start=pow(common, -size, prime)) % prime
    need(len(found) == size and right == value != 0, "the minor has another value")


def check_family(document: Any, form: Reach) -> dict[str, str] | None:
    """The names of the sizes of the bonds, by letter; None if the family is not in FORMS.

    ValueError unless the einsum is that of the family, up to the names of letters, and the setting
    has its sizes.
    """
    family, taps = document.get("family"), form.taps
    if not isinstance(family, str) or family not in FORMS:
        return None
    outputs, inputs, factors = FORMS[family].split(" ", 2)
    need(set(factors) & set("tuv") in (set(), set(taps)), f"{family} has no form on these taps")
    terms = " + ".join(written(term, outputs + inputs, taps) for term in factors.split(" + "))
    right = f"{outputs} {inputs} {terms}"
    found = f"{document['outputs']} {document['inputs']} {document['einsum']}"
    same = [right.index(x) for x in right] == [found.index(x) for x in found]
    letters = dict(zip(right, found, strict=False))
    same = same and all(x == y for x, y in letters.items() if x in taps or not x.isalpha())
    need(same, f"the einsum of {family} is another, such as {terms}")
    form.checked += ["family"]
    names = {letters[x]: name for name, x in BONDS.items() if x in letters}
    if "setting" in document:
        sizes = {name: form.size[x] for x, name in names.items()}
        if family == "grouped-asymmetric":
            sizes["m"] = form.size[letters["g"]] * sizes["C_c"]
        need(document["setting"] == sizes, "the setting has other sizes than the einsum")
        form.checked += ["setting"]
    return names


def written(term: str, channels: str, taps: str) -> str:
    """The einsum of a term of FORMS on the given taps."""
    words = [w.replace("?", x) for w in term.split(",") for x in (taps if "?" in w else "?")]
    line = ",".join(words).replace("*", taps)
    return f"{line}->{''.join(x for x in dict.fromkeys(channels + taps) if x in line)}"


def check_families(document: Any, form: Reach) -> None:
    """Raise one of FAULTS unless the families that are said to represent the kernel do, with that
    many parameters, the fewest first, and each proof that others do not holds.

    Families without factors or a minor, and all from the first that is too large to check, are
    listed as not checked; so is whether a setting is the smallest.
    """
    given = {key: document[key] for key in ("schema", "kernel")}
    for key, word in (("represented_by", "exact"), ("not_represented_by", "not exact")):
        if not (entries := document.get(key)):
            continue
        numbers = [entry["parameters"] for entry in entries if word == "exact"]
        need(numbers == sorted(numbers), "a family has fewer parameters than the one before")
        proofs = [entry for entry in entries if "factors" in entry or "certificate" in entry]
        proved = 0
        for entry in proofs:
            need(entry["verdict"] == word, f"a family in {key} has another verdict")
            try:
                other = prove({**given, **entry}, form.left)
            except TooLargeError:
                break
            form.left = other.left
            need(word != "exact" or entry["parameters"] == weights(other), "other parameters")
            proved += 1
        form.checked += [key] if proved else []
        if missing := len(entries) - proved:
            form.unchecked += [f"({missing} of {len(entries)} families in {key})"]
    if "represented_by" in form.checked:
        form.unchecked += ["(that no smaller setting represents the kernel)"]


def weights(form: Reach) -> int:
    """How many numbers the factors of an einsum have together."""
    words = (word for factors, _ in form.terms for word in factors.split(","))
    return sum(prod(form.size[x] for x in word) for word in words)


def check_cuts(document: Any, form: Reach) -> None:
    """Raise one of FAULTS unless the matrices have these ranks, and the einsum allows these."""
    cuts, word = document.get("cuts"), document["verdict"]
    if not cuts or not all({*c["rows"], *c["columns"], *c["kept"]} <= form.whole for c in cuts):
        return
    missing = [check_cut(cut, word, form) for cut in cuts].count(False)
    refuted = word == "not exact" and document["certificate"]["bound"] > 0
    need(not refuted or any(c["rank"] > c["bound"] for c in cuts), "no rank is too large")
    largest = max(cut["rank"] for cut in cuts)
    need(document.get("rank", largest) == largest, "the rank is not the largest of the matrices")
    if missing:
        form.unchecked += [f"({missing} of {len(cuts)} matrices are too large)"]
    else:
        form.checked += ["rank", "cuts"]
        form.unchecked += ["(that no other matrix decides)"]


def check_cut(cut: Any, word: str, form: Reach) -> bool:
    """Whether the rank of a matrix was worked out: one of FAULTS if it, or its bound, is wrong."""
    letters = cut["rows"] + cut["columns"] + cut["kept"]
    need(len(set(letters)) == len(letters), "a letter stands twice in a matrix")
    left = form.whole - set(letters)
    need(all(form.size[x] == 1 for x in left), "a letter stands nowhere in a matrix")
    allowed, found = (
        allowed_rank(cut["rows"], cut["columns"], form),
        form.rank(cut["rows"], cut["columns"]),
    )
    need(cut["bound"] == allowed, f"the einsum allows a matrix a rank of {allowed}")
    need(found in (None, cut["rank"]), f"a matrix has a rank of {found}")
    need(word == "not exact" or cut["rank"] <= allowed, f"a rank is too large for {word}")
    return found is not None


def check_sizes(document: Any, form: Reach, names: dict[str, str]) -> None:
    """Raise one of FAULTS unless the least size of a bond between two factors is the largest rank,
    and so is the lower bound for a sum of outer products."""
    ((factors, output),) = form.terms
    words = [set(word) for word in factors.split(",")]
    shared = set.intersection(*words)
    bonds = sorted(shared - set(output))
    sides = ["".join(x for x in output if x in word - shared) for word in words]
    if document.get("bounds") is not None:
        need(len(words) > 2 and len(bonds) == len(shared) == 1, "this family has no bounds")
        check_bounds(document["bounds"], names[bonds[0]], sides, form)
    if "minimal" in document and len(words) <= 2:
        rank, reached = form.rank(*sides) if len(words) == 2 else 1, set(form.places(output))
        outside = any(x and n not in reached for n, x in enumerate(form.numbers))
        if rank is not None:
            least = {names[x]: rank or 1 for x in bonds}
            right = None if outside or rank > 1 > len(bonds) else least
            need(document["minimal"] == right, "the least sizes are others")
            form.checked += ["minimal"]


def check_bounds(bounds: Any, name: str, sides: list[str], form: Reach) -> None:
    """Raise one of FAULTS unless the lower bound is the largest rank of any two sides."""
    ((own, (least, most)),) = bounds.items()
    need(own == name and least <= most, "the bounds are not of this family")
    halves = [{*compress(sides[1:], chosen)} for chosen in product((0, 1), repeat=len(sides) - 1)]
    parted = [("".join(x for x in sides if x not in half), "".join(half)) for half in halves]
    ranks = [form.rank(*pair) for pair in parted]
    if None not in ranks:
        need(least == max(ranks), "the lower bound is not the largest rank")
        form.unchecked += ["(the lower bound is checked, the upper one is not)"]


def allowed_rank(rows: str, columns: str, form: Reach) -> int:
    """The largest rank that the einsum allows a matrix: how many values the letters take that are
    summed between the factors with row letters and those with column letters, the others put where
    it costs least. Raises TooLargeError for more factors than can be parted in all ways."""
    total = 0
    for factors, output in form.terms:
        words, least = [set(word) for word in factors.split(",")], inf
        upper, lower = ([bool(word & set(side)) for word in words] for side in (rows, columns))
        need(not any(map(mul, upper, lower)), "a factor has letters of rows and of columns")
        free = len(words) - sum(upper) - sum(lower)
        if form.limited and free > 16:
            raise TooLargeError("the einsum has too many factors to check")
        form.spend(10 * len(words) << free)
        for right in product(
            *([x] if x or y else [0, 1] for x, y in zip(lower, upper, strict=True))
        ):
            left = [not side for side in right]
            both = set().union(*compress(words, left)) & set().union(*compress(words, right))
            least = min(least, prod(form.size[x] for x in both - set(output)))
        total += int(least)
    return total


def residue_pivots(rows: list[list[int]], prime: int) -> list[int]:
    """Pivots of a matrix of residues modulo a prime, like those of a matrix of integers.

    A row is one integer with its entries in slots, which are so wide that all multiples of other
    rows add up in them without a carry (Kronecker substitution): only a row that others are reduced
    by is itself reduced modulo the prime.
    """
    width = (2 * prime.bit_length() + len(rows).bit_length()) // 8 + 1
    mask, found = (1 << 8 * width) - 1, []
    packed, columns = [_packed(row, width) for row in rows], len(rows[0]) if rows else 0
    for column in range(columns):
        heads = [(row & mask) % prime for row in packed]
        place = next((n for n, head in enumerate(heads) if head), None)
        packed = [row >> 8 * width for row in packed]
        if place is None:
            continue
        first, top = heads.pop(place), packed.pop(place)
        found.append(first * (-1) ** place % prime)
        data = top.to_bytes(width * (columns - column), "little")
        slots = (data[n : n + width] for n in range(0, width * (columns - column - 1), width))
        top = _packed([int.from_bytes(slot, "little") % prime for slot in slots], width)
        inverse = prime - pow(first, -1, prime)
        packed = [
            row + head * inverse % prime * top if head else row
            for head, row in zip(heads, packed, strict=True)
        ]
    return found


def _packed(row: list[int], width: int) -> int:
    """Numbers in slots of ``width`` bytes, the first one lowest."""
    return int.from_bytes(b"".join(x.to_bytes(width, "little") for x in row), "little")


def pivots(rows: list[list[Any]]) -> list[Any]:
    """Pivots of a matrix of integers by elimination: as many as its rank. Those of a square matrix
    of full rank have its determinant as their product."""
    found: list[Any] = []
    while rows and rows[0]:
        place = next((n for n, row in enumerate(rows) if row[0]), None)
        if place is None:
            rows = [row[1:] for row in rows]
            continue
        (first, *top), rest = rows[place], rows[:place] + rows[place + 1 :]
        found.append(first * (-1) ** place)
        inverse = Fraction(1, first)
        for n, (head, *row) in enumerate(rest):
            times = head * inverse
            rest[n] = [x - times * y for x, y in zip(row, top, strict=True)] if head else row
        rows = rest
    return found


def contract(factors: list[Tensor], output: str, form: Reach) -> list[int]:
    """The product of the factors in the order of the output, other letters summed: by plain
    loops, or, if that takes too many products, packed and compared with a spread of them."""
    size, letters = form.size, set().union(*(word for word, _ in factors))
    each, count = prod(size[x] for x in letters - set(output)), prod(size[x] for x in output)
    if count * each * len(factors) <= PLAIN:
        form.spend(count * each * len(factors))
        return plain(factors, output, size, range(count))
    tensor: Tensor = "", [1]
    for n, factor in enumerate(factors):
        needed = set(output).union(*(word for word, _ in factors[n + 1 :]))
        tensor = joined(tensor, factor, needed, form)
    word, packed = tensor
    numbers = [packed[place] for place in places(output, strides(word, size), size)]
    if some := min(count, 500, SPREAD // each):
        form.spend(some * each * len(factors))
        chosen = Random(0).sample(range(count), some)  # noqa: S311 - no secret
        fine = [numbers[n] for n in chosen] == plain(factors, output, size, chosen)
        need(fine, "packed products and plain loops disagree")
    else:
        form.unchecked += ["(packed products were not compared with plain loops)"]
    return numbers


def plain(factors: list[Tensor], output: str, size: Sizes, chosen: Iterable[int]) -> list[int]:
    """Some entries of the product: for all values of the summed letters, one number of each factor,
    multiplied, and added up."""
    summed = sorted(set().union(*(word for word, _ in factors)) - set(output))
    columns = []
    for word, numbers in factors:
        step = strides(word, size)
        starts, sums = places(output, step, size), places(summed, step, size)
        columns.append([numbers[starts[n] + far] for n in chosen for far in sums])
    products, each = map(prod, zip(*columns, strict=True)), prod(size[x] for x in summed)
    return [sum(islice(products, each)) for _ in chosen]


def joined(one: Tensor, two: Tensor, needed: set[str], form: Reach) -> Tensor:
    """Two factors as one, summed over the letters that are not needed.

    A row of the result is one long integer, with room for the largest sum in each of its places, so
    that adding up multiples of whole rows takes a few multiplications.
    """
    (left, a), (right, b), size = one, two, form.size
    both = [x for x in left if x in needed and x in right]
    down, across = ([x for x in w if x in needed and x not in both] for w in (left, right))
    summed = [x for x in dict.fromkeys(left + right) if x not in needed]
    step, near = strides(left, size), strides(right, size)
    row, column = places(down, step, size), places(across, near, size)
    sums, terms = places(summed, step, size), places(summed, near, size)
    largest = max(map(abs, a)) or 1, max(map(abs, b))
    width = (prod(largest) * len(sums)).bit_length() // 8 + 1
    many = prod(size[x] for x in [*both, *down])
    digits = (largest[0].bit_length() // 30 + 1) * (len(column) * width // 4 + 20)
    room = max(many, len(terms)) * len(column) * width
    form.spend(many * (len(sums) * digits // 50 + 5 * len(column)), room)
    half = 1 << 8 * width - 1
    zero = half * int.from_bytes((bytes(width - 1) + b"\1") * len(column))
    found: list[int] = []
    for x, y in zip(places(both, step, size), places(both, near, size), strict=True):
        lines = (b"".join((b[y + s + n] + half).to_bytes(width) for n in column) for s in terms)
        packs = [int.from_bytes(line) - zero for line in lines]
        for n in row:
            total = sum(map(mul, [a[x + n + s] for s in sums], packs))
            line = (total + zero).to_bytes(width * len(column))
            parts = (line[k : k + width] for k in range(0, len(line), width))
            found += [int.from_bytes(part) - half for part in parts]
    return "".join(both + down + across), found


def strides(letters: str, size: Sizes) -> Sizes:
    """How far apart neighbours along each letter stand in a list."""
    return {x: prod(size[y] for y in letters[n + 1 :]) for n, x in enumerate(letters)}


def places(letters: Iterable[str], step: Sizes, size: Sizes, start: int = 0) -> list[int]:
    """Where the entries stand for all values of some letters, the last one fastest."""
    found = [start]
    for x in letters:
        steps = [step.get(x, 0) * n for n in range(size[x])]
        found = [place + far for place in found for far in steps]
    return found


def need(fine: bool, words: str) -> None:
    """Raise ValueError with the words unless all is fine."""
    if not fine:
        raise ValueError(words)


def words_of(error: Exception) -> str:
    """What an error says, in a line that is not too long."""
    own = type(error) in (ValueError, TooLargeError) and bool(error.args) and error.args[0]
    return (f"{error}" if own else f"{error!r}")[:200]


def read(path: str) -> Any:
    """The document in a file; ValueError if there is none, or a key twice in it.

    Raises TooLargeError for a file that is too long.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(BYTES + 1)
        fits = len(data) <= BYTES and data.count(b",") <= ENTRIES
        if not fits or data.count(b"[") + data.count(b"{") > LISTS:
            raise TooLargeError(f"{path} is {LARGE}")
        document = json.loads(data, object_pairs_hook=once)
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        words = f"{path} is no JSON, which derive factor --json prints: {error}"
        raise ValueError(words) from None
    fine = isinstance(document, dict) and document.get("schema") == SCHEMA
    need(fine, f"{path} is no document of {SCHEMA}, which derive factor --json prints")
    return document


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; ValueError if a key stands twice in it."""
    need(len(dict(pairs)) == len(pairs), "a key stands twice in it")
    return dict(pairs)


def main(arguments: list[str]) -> int:
    """Print what of the document in a file holds; the exit code, as at the top."""
    many = len(arguments)
    try:
        need(many == 1, f"name one file, written by derive factor --json, not {many}")
        document = read(arguments[0])
    except (ValueError, TooLargeError) as error:
        print(f"check: {error}", file=sys.stderr)
        return 2
    return judge(document)


def judge(document: dict[str, Any]) -> int:
    """Print what of a document holds; the exit code."""
    try:
        form = examine(document)
    except FAULTS as error:
        print(words_of(error))
        return 2 if isinstance(error, TooLargeError) else 1
    decided = document["verdict"] != "undecided"
    none = "the document decides nothing: there is no proof to check"
    print("the proof holds" if decided else none)
    claims = {f"{key[:40]!a}"[1:-1]: key in form.checked for key in document if key not in GIVEN}
    print("checked:", ", ".join(key for key, fine in claims.items() if fine) or "nothing")
    others = [*(key for key, fine in claims.items() if not fine), *form.unchecked]
    print("not checked:", ", ".join(others[:50]) or "nothing")
    return 0 if decided else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
